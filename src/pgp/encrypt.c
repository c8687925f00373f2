#include "pgp/encrypt.h"

#include "base/mem.h"
#include "base/text.h"
#include "packet/body.h"
#include "packet/packet.h"
#include "packet/pkesk.h"
#include "packet/skesk.h"
#include "pgp/armored.h"
#include "pgp/messagekey.h"
#include "stream/cfb.h"
#include "stream/input.h"
#include "stream/join.h"
#include "stream/zip.h"

/* Chunks of 256 KiB: large enough that their tags and nonces cost nothing, small
 * enough for readers that hold whole chunks in memory. */
enum { CHUNK_OCTET = 12, COMPRESSION_LEVEL = 6 };

/* Choices. */

const struct encrypt_profile encrypt_profiles[] = {
    {"default", NULL, "SEIPD version 2 (AEAD) if every recipient announces it, else version 1",
     ENCRYPT_BY_RECIPIENTS},
    {"rfc9580", "performance, security", "SEIPD version 2 (AEAD), whatever they announce",
     ENCRYPT_SEIPD2},
    {"rfc4880", "compatibility", "SEIPD version 1, whatever they announce", ENCRYPT_SEIPD1},
    {NULL, NULL, NULL, ENCRYPT_BY_RECIPIENTS},
};

const struct encrypt_profile *encrypt_profile_find(const char *name)
{
    for (const struct encrypt_profile *p = encrypt_profiles; p->name != NULL; p++) {
        if (strcmp(p->name, name) == 0 || text_list_has(p->aliases, name))
            return p;
    }
    return NULL;
}

static bool wants_v2(const struct encrypt_params *p)
{
    if (p->format != ENCRYPT_BY_RECIPIENTS)
        return p->format == ENCRYPT_SEIPD2;
    /* Whoever gets only a passphrase has announced nothing. */
    if (p->n_recipients == 0)
        return false;
    for (size_t i = 0; i < p->n_recipients; i++) {
        if ((bound_features(p->recipients[i].cert) & FEATURE_SEIPD2) == 0)
            return false;
    }
    return true;
}

static uint32_t wanted_flags(const struct encrypt_params *p)
{
    return p->key_flags != 0 ? p->key_flags : FLAG_ENCRYPT;
}

/* The key that a recipient is encrypted to; or NULL. */
static const struct bound *key_of(const struct encrypt_params *p, const struct recipient *r)
{
    return bound_find_key(r->cert, wanted_flags(p), PK_ENCRYPTS);
}

/* X25519 and X448 carry no other cipher for version 1 [RFC9580 5.1.6, 5.1.7]. */
static bool takes_only_aes(const struct bound *k)
{
    return k != NULL && (k->component->key.algo == PK_X25519 || k->component->key.algo == PK_X448);
}

static bool is_aes(uint8_t cipher)
{
    return cipher >= CIPHER_AES128 && cipher <= CIPHER_AES256;
}

/* Does this recipient ask for the cipher? */
static bool accepts_v1(const struct encrypt_params *p, const struct recipient *r, uint8_t cipher)
{
    struct slice list;
    return (is_aes(cipher) || !takes_only_aes(key_of(p, r))) &&
           bound_preference(r->cert, SUB_PREFERRED_CIPHERS, &list) && list.len > 0 &&
           memchr(list.data, cipher, list.len) != NULL;
}

/* AES-128 with OCB is always understood [RFC9580 5.2.3.15]. */
static bool accepts_v2(const struct bound_cert *c, uint8_t cipher, uint8_t aead)
{
    struct slice list;
    if (cipher == CIPHER_AES128 && aead == AEAD_OCB)
        return true;
    if (!bound_preference(c, SUB_PREFERRED_AEAD, &list))
        return false;
    for (size_t i = 0; i + 1 < list.len; i += 2) {
        if (list.data[i] == cipher && list.data[i + 1] == aead)
            return true;
    }
    return false;
}

static bool all_accept(const struct encrypt_params *p, const struct encrypt_choice *c)
{
    for (size_t i = 0; i < p->n_recipients; i++) {
        const struct recipient *r = &p->recipients[i];
        bool fits = c->seipd_version == 2 ? accepts_v2(r->cert, c->cipher, c->aead)
                                          : accepts_v1(p, r, c->cipher);
        if (!fits)
            return false;
    }
    return true;
}

/* What all recipients ask for, the best of it first: AES, and the others only where they do
 * not want that.  If there is no such cipher, AES-128, which stands tacitly at the end of
 * every list [RFC9580 12.2].  Blowfish is never chosen: its blocks of 64 bits repeat. */
static struct encrypt_choice choose(const struct encrypt_params *p)
{
    static const uint8_t ciphers[] = {CIPHER_AES256,     CIPHER_AES192,      CIPHER_AES128,
                                      CIPHER_TWOFISH,    CIPHER_CAMELLIA256, CIPHER_CAMELLIA192,
                                      CIPHER_CAMELLIA128};
    struct encrypt_choice c = {.seipd_version = wants_v2(p) ? 2 : 1};
    c.aead = c.seipd_version == 2 ? AEAD_OCB : AEAD_NONE;
    for (size_t i = 0; i < sizeof ciphers; i++) {
        c.cipher = ciphers[i];
        if (all_accept(p, &c))
            return c;
    }
    c.cipher = CIPHER_AES128;
    return c;
}

/* Session keys. */

static err *cannot_encrypt(const struct bound_cert *c, err *why)
{
    AUTO(free) char *who = NULL;
    char fpr[FPR_TEXT_SIZE];
    err *e = text_escape(bound_user_id(c), &who);
    if (e != NULL) {
        err_free(why);
        return e;
    }
    fingerprint_text(cert_fingerprint(c->cert), fpr);
    return err_as(err_wrap(why, "%s (%s)", who[0] != '\0' ? who : "certificate", fpr),
                  ERR_CANNOT_ENCRYPT);
}

static err *write_pkesk(const struct encrypt_params *p, const struct recipient *r,
                        const struct encrypt_choice *c, struct secret *key, struct buf *out)
{
    CLEANUP(buf_clear) struct buf fields = BUF_EMPTY(PK_FIELDS_MAX);
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(PK_FIELDS_MAX + 64);
    const struct bound *k = key_of(p, r);
    if (k == NULL)
        return cannot_encrypt(r->cert,
                              bound_why_no_key(r->cert, wanted_flags(p), PK_ENCRYPTS, "encrypt"));
    const struct pubkey *pub = &k->component->key;
    const struct pk_session session = {
        .with_cipher = c->seipd_version == 1,
        .cipher = c->cipher,
        .key = key,
        .fingerprint = pubkey_kdf_fingerprint(pub),
    };
    err *e = pk_wrap(pub->algo, pub->material, p->world, &session, &fields);
    if (e != NULL)
        return cannot_encrypt(r->cert, e);
    struct pkesk packet = {
        .version = c->seipd_version == 2 ? 6 : 3, .algo = pub->algo, .fields = buf_view(&fields)};
    if (!r->hidden)
        packet.recipient = (struct key_handle){.fpr = pub->fpr, .id = pub->id};
    pkesk_write(&packet, &body);
    TRY(buf_end(&body));
    packet_write(out, PACKET_PKESK, buf_view(&body));
    return NULL;
}

static err *write_skesk(const struct encrypt_params *p, const struct secret *passphrase,
                        const struct encrypt_choice *c, const struct secret *key, struct buf *out)
{
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(256);
    TRY(skesk_write(&body, c->seipd_version == 2 ? 6 : 4, c->cipher, c->aead, passphrase, key,
                    p->world));
    packet_write(out, PACKET_SKESK, buf_view(&body));
    return NULL;
}

static err *session_packets(const struct encrypt_params *p, const struct encrypt_choice *c,
                            struct secret *key, uint64_t *len, struct source **out)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(SIZE_MAX);
    for (size_t i = 0; i < p->n_recipients; i++)
        TRY(write_pkesk(p, &p->recipients[i], c, key, &packets));
    for (size_t i = 0; i < p->n_passphrases; i++)
        TRY(write_skesk(p, p->passphrases[i], c, key, &packets));
    TRY(buf_end(&packets));
    *len = packets.len;
    return input_from_copy(buf_view(&packets), out);
}

/* The content: signed or not, compressed or not. */

static err *signed_content(struct source *plain, const struct encrypt_params *p,
                           struct source **out)
{
    AUTO(source_close) struct source *owner = plain;
    AUTO(free) struct fingerprint *intended = NULL;
    struct sign_params s = *p->sign;
    s.pool = p->pool;
    TRY(MEM_ARRAY(intended, p->n_recipients));
    for (size_t i = 0; i < p->n_recipients; i++) {
        /* Naming hidden recipients here would tell the other ones. */
        if (!p->recipients[i].hidden)
            intended[s.n_intended++] = *cert_fingerprint(p->recipients[i].cert->cert);
    }
    s.intended = intended;
    s.text = p->text;
    /* Whoever opens the message by passphrase is meant, too, but has no name. */
    if (p->n_passphrases > 0)
        s.n_intended = 0;
    return sign_inline(TAKE(owner), &s, out);
}

static err *compressed(struct source *packets, uint8_t algorithm, struct source **out)
{
    AUTO(source_close) struct source *owner = packets;
    struct source *part = NULL;
    struct join *j = NULL;
    TRY(join_new(&j));
    AUTO(source_close) struct source *joined = join_source(j);
    TRY(input_from_copy(slice_of(&algorithm, 1), &part));
    TRY(join_add(j, part));
    TRY(zip_compress(TAKE(owner), algorithm, COMPRESSION_LEVEL, &part));
    TRY(join_add(j, part));
    return body_write_new(TAKE(joined), PACKET_COMPRESSED, out);
}

static err *content(struct source *plain, const struct encrypt_params *p, struct source **out)
{
    struct source *packets = NULL;
    if (p->sign != NULL)
        TRY(signed_content(plain, p, &packets));
    else
        TRY(sign_nothing(plain, p->text, &packets));
    if (p->compression != COMPRESSION_NONE)
        return compressed(packets, p->compression, out);
    *out = packets;
    return NULL;
}

/* Sealing.  Each takes packets over, also on failure. */

static err *seal_v2(struct source *packets, const struct encrypt_params *p, const struct encdata *h,
                    const struct secret *key, struct source **out)
{
    AUTO(source_close) struct source *owner = packets;
    struct chunks_params params;
    TRY(message_key(h, key, p->pool, &params));
    return chunks_seal(TAKE(owner), &params, out);
}

static err *seal_v1(struct source *packets, const struct encrypt_params *p,
                    const struct encrypt_choice *c, const struct secret *key, struct source **out)
{
    AUTO(source_close) struct source *owner = packets;
    struct cipher *cipher = NULL;
    TRY(cipher_new(c->cipher, secret_view(key), &cipher));
    return cfb_seal_new(TAKE(owner), cipher, p->world, p->pool, out);
}

/* `before` is the length of the session key packets. */
static err *encrypted_packet(struct source *packets, const struct encrypt_params *p,
                             const struct encrypt_choice *c, const struct secret *key,
                             uint64_t before, struct source **out)
{
    AUTO(source_close) struct source *owner = packets;
    CLEANUP(buf_clear) struct buf header = BUF_EMPTY(64);
    struct encdata h = {.kind = c->seipd_version == 2 ? ENCDATA_AEAD : ENCDATA_MDC,
                        .cipher = c->cipher,
                        .aead = c->aead,
                        .chunk_octet = CHUNK_OCTET};
    struct source *part = NULL;
    struct join *j = NULL;
    TRY(world_random(p->world, h.salt, sizeof h.salt));
    encdata_write(&h, &header);
    TRY(buf_end(&header));
    TRY(join_new(&j));
    AUTO(source_close) struct source *joined = join_source(j);
    TRY(input_from_copy(buf_view(&header), &part));
    TRY(join_add(j, part));
    TRY(h.kind == ENCDATA_AEAD ? seal_v2(TAKE(owner), p, &h, key, &part)
                               : seal_v1(TAKE(owner), p, c, key, &part));
    TRY(join_add(j, part));
    if (p->armor && h.kind == ENCDATA_MDC)
        return body_write_padded(TAKE(joined), PACKET_SEIPD, before, out);
    return body_write_new(TAKE(joined), PACKET_SEIPD, out);
}

err *encrypt_message(struct source *plain, const struct encrypt_params *p,
                     struct encrypt_choice *choice, struct source **out)
{
    AUTO(source_close) struct source *owner = plain;
    AUTO(secret_free) struct secret *key = NULL;
    struct source *part = NULL;
    struct join *j = NULL;
    uint64_t before = 0;
    if (p->n_recipients == 0 && p->n_passphrases == 0)
        return err_new(ERR_USAGE, "neither recipient nor passphrase");
    *choice = choose(p);
    TRY(world_random_secret(p->world, algo_cipher(choice->cipher)->key_len, &key));
    if (p->session_key != NULL)
        TRY(secret_of(secret_view(key), p->session_key));
    TRY(join_new(&j));
    AUTO(source_close) struct source *joined = join_source(j);
    TRY(session_packets(p, choice, key, &before, &part));
    TRY(join_add(j, part));
    TRY(content(TAKE(owner), p, &part));
    TRY(encrypted_packet(part, p, choice, key, before, &part));
    TRY(join_add(j, part));
    if (p->armor)
        return choice->seipd_version == 1 ? armored_message(TAKE(joined), out)
                                          : armored_new(TAKE(joined), ARMOR_MESSAGE, out);
    *out = TAKE(joined);
    return NULL;
}
