/* fuzz_message - messages: pgp/message, session, signatures, stream/chunks, cfb, zip.
 *
 * The first byte says what the others are: a message as it stands, or packets that are
 * put into an intact container of this kind first, since no mutation gets past the check
 * of an encrypted one.
 */
#include "fuzz.h"

#include "packet/body.h"
#include "packet/container.h"
#include "packet/pkesk.h"
#include "pgp/messagekey.h"
#include "stream/cfb.h"
#include "stream/chunks.h"
#include "stream/input.h"
#include "stream/zip.h"

enum form { AS_IT_STANDS, COMPRESSED, SEIPD1, SEIPD2, OCB, FORMS };

enum { CHUNK_OCTET = 2 }; /* 256 bytes, so that there are several */

static struct source *memory(struct slice bytes)
{
    struct source *s = NULL;
    OK(input_from_memory(bytes, &s));
    return s;
}

static void read_all(struct source *s, struct buf *out)
{
    struct slice view;
    do {
        OK(source_fill(s, 1, &view));
        buf_bytes(out, view);
        source_consume(s, view.len);
    } while (view.len > 0);
    source_close(s);
}

static struct secret *session_key(void)
{
    uint8_t bytes[CIPHER_KEY_MAX];
    memset(bytes, 7, sizeof bytes);
    return unit_secret(SLICE_OF(bytes));
}

/* For the X25519 subkey of [RFC9580 A.4]. */
static void write_pkesk(struct buf *out, const struct world *w, uint8_t version)
{
    const struct pubkey *k = &fuzz_feed()->ring.certs[0]->components.items[1].key;
    CLEANUP(buf_clear) struct buf fields = BUF_EMPTY(SIZE_MAX), body = BUF_EMPTY(SIZE_MAX);
    AUTO(secret_free) struct secret *key = session_key();
    const struct pk_session session = {.with_cipher = version == 3,
                                       .cipher = CIPHER_AES256,
                                       .key = key,
                                       .fingerprint = fingerprint_view(&k->fpr)};
    struct pkesk p = {.version = version, .algo = k->algo};
    p.recipient = version == 3 ? (struct key_handle){.id = k->id} : key_handle_of(&k->fpr);
    OK(pk_wrap(k->algo, k->material, w, &session, &fields));
    p.fields = buf_view(&fields);
    pkesk_write(&p, &body);
    packet_write(out, PACKET_PKESK, buf_view(&body));
}

static struct source *seal_cfb(struct source *plain, const struct world *w)
{
    AUTO(secret_free) struct secret *key = session_key();
    struct cipher *c = NULL;
    struct source *sealed = NULL;
    OK(cipher_new(CIPHER_AES256, secret_view(key), &c));
    OK(cfb_seal_new(plain, c, w, fuzz_feed()->pool, &sealed));
    return sealed;
}

static struct source *seal_chunks(struct source *plain, const struct encdata *d)
{
    AUTO(secret_free) struct secret *key = session_key();
    struct chunks_params p;
    struct source *sealed = NULL;
    OK(message_key(d, key, fuzz_feed()->pool, &p));
    OK(chunks_seal(plain, &p, &sealed));
    return sealed;
}

static void encrypted(struct slice packets, enum encdata_kind kind, struct buf *out)
{
    const struct world w = unit_world(TEST_NOW, 1);
    const struct encdata d = {
        .kind = kind, .cipher = CIPHER_AES256, .aead = AEAD_OCB, .chunk_octet = CHUNK_OCTET};
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(SIZE_MAX);
    write_pkesk(out, &w, kind == ENCDATA_AEAD ? 6 : 3);
    encdata_write(&d, &body);
    if (kind == ENCDATA_OCB) /* which nobody writes: the nonce instead of a salt */
        body.len -= ENCDATA_SALT - algo_aead(d.aead)->nonce_len;
    read_all(kind == ENCDATA_MDC ? seal_cfb(memory(packets), &w) : seal_chunks(memory(packets), &d),
             &body);
    packet_write(out, kind == ENCDATA_OCB ? PACKET_OCB_ENCRYPTED : PACKET_SEIPD, buf_view(&body));
}

static void compressed(struct slice packets, struct buf *out)
{
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(SIZE_MAX);
    struct source *s = NULL;
    buf_u8(&body, COMPRESSION_ZIP);
    OK(zip_compress(memory(packets), COMPRESSION_ZIP, 1, &s));
    read_all(s, &body);
    packet_write(out, PACKET_COMPRESSED, buf_view(&body));
}

static void make(enum form form, struct slice bytes, struct buf *out)
{
    switch (form) {
    case COMPRESSED:
        compressed(bytes, out);
        break;
    case SEIPD1:
        encrypted(bytes, ENCDATA_MDC, out);
        break;
    case SEIPD2:
        encrypted(bytes, ENCDATA_AEAD, out);
        break;
    case OCB:
        encrypted(bytes, ENCDATA_OCB, out);
        break;
    default:
        buf_bytes(out, bytes);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(feed_result_clear) struct feed_result whole = {0}, pieces = {0};
    CLEANUP(buf_clear) struct buf message = BUF_EMPTY(SIZE_MAX);
    if (size == 0)
        return 0;
    make(data[0] % FORMS, slice_of(data + 1, size - 1), &message);
    feed_message(fuzz_feed(), buf_view(&message), &whole);
    feed_message(fuzz_feed_pieces(), buf_view(&message), &pieces);
    assert_true(whole.whole == pieces.whole && whole.n_good == pieces.n_good);
    if (whole.whole)
        SAME(buf_view(&whole.text), buf_view(&pieces.text));
    return 0;
}
