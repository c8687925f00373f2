#include "keyring/keybox.h"

#include "base/mem.h"
#include "pgp/certfile.h"
#include "stream/input.h"

enum {
    LEN_LEN = 4,
    HEAD_LEN = 8,         /* length, type, version, flags */
    EXTRA_MAX = 16 << 20, /* of a blob, beside its certificate */
    TYPE_OPENPGP = 2,     /* 0: deleted, 1: the file's header */
    TYPE_X509 = 3,
    FLAG_EPHEMERAL = 1 << 1, /* only seen in passing: GnuPG does not list it either */
};

struct keybox {
    struct source *input;
    unsigned number;       /* of the blob that was read last, from 1 */
    struct buf blob;       /* that one */
    struct certfile *file; /* what is left of the packets in it; or NULL */
    size_t n_x509;
};

bool keybox_is(struct slice start)
{
    return start.len >= KEYBOX_START && start.data[4] == 1 &&
           slice_equal(slice_of(start.data + HEAD_LEN, 4), SLICE_TEXT("KBXf"));
}

err *keybox_open(struct source *input, struct keybox **out)
{
    AUTO(source_close) struct source *owned = input;
    AUTO(keybox_close) struct keybox *k = NULL;
    struct slice start;
    TRY(source_fill(input, KEYBOX_START, &start));
    if (!keybox_is(start))
        return err_new(ERR_MALFORMED, "no keybox");
    TRY(MEM_NEW(k));
    k->input = TAKE(owned);
    k->blob = BUF_EMPTY(CERT_MAX + EXTRA_MAX);
    *out = TAKE(k);
    return NULL;
}

void keybox_close(struct keybox *k)
{
    if (k == NULL)
        return;
    certfile_close(k->file);
    source_close(k->input);
    buf_clear(&k->blob);
    free(k);
}

/* Blobs. */

/* The next `len` bytes, kept as far as they fit: memory grows with what is there, not
 * with what a length claims. */
static err *read_bytes(struct keybox *k, size_t len)
{
    struct slice view;
    for (size_t left = len; left > 0; left -= view.len) {
        TRY(source_fill(k->input, 1, &view));
        if (view.len == 0)
            return err_new(ERR_MALFORMED, "blob %u: cut off", k->number);
        if (view.len > left)
            view.len = left;
        buf_bytes(&k->blob, view);
        source_consume(k->input, view.len);
    }
    return k->blob.error == ERR_LIMIT ? NULL : buf_end(&k->blob);
}

/* Without a length that can be, nobody knows where the next one begins. */
static err *read_blob(struct keybox *k, bool *end)
{
    struct slice start;
    buf_clear(&k->blob);
    TRY(source_fill(k->input, LEN_LEN, &start));
    *end = start.len == 0;
    if (*end)
        return NULL;
    k->number++;
    struct reader r = reader_init(start, "keybox");
    uint32_t len = reader_u32(&r);
    if (!reader_failed(&r) && len < HEAD_LEN)
        return err_new(ERR_MALFORMED, "blob %u: an impossible length", k->number);
    return read_bytes(k, reader_failed(&r) ? HEAD_LEN : len);
}

/* Has the blob a certificate, and for what?  Versions differ in how the indices behind
 * these look. */
static uint8_t type_of(struct reader *r)
{
    reader_u32(r); /* its length */
    uint8_t type = reader_u8(r);
    reader_u8(r); /* version */
    uint16_t flags = reader_u16(r);
    return (flags & FLAG_EPHEMERAL) == 0 ? type : 0;
}

/* The packets in the blob of which r has read the head. */
static err *find_packets(const struct keybox *k, struct reader *r, struct slice *out)
{
    struct reader data = reader_init(buf_view(&k->blob), "keybox blob");
    TRY(k->blob.error == ERR_LIMIT ? buf_end(&k->blob) : NULL);
    uint32_t offset = reader_u32(r), len = reader_u32(r);
    TRY(reader_check(r));
    reader_bytes(&data, offset);
    *out = reader_bytes(&data, len);
    TRY(reader_check(&data));
    return len > 0 ? NULL : err_new(ERR_MALFORMED, "no certificate in it");
}

static err *open_packets(struct keybox *k, struct reader *r)
{
    struct slice packets;
    struct source *s = NULL;
    TRY(find_packets(k, r, &packets));
    TRY(input_from_memory(packets, &s));
    return certfile_open(s, &k->file);
}

/* Keeps what is wrong with this blob alone; the others go on. */
static err *keep_bad(const struct keybox *k, err *e, err **bad)
{
    if (err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    *bad = err_wrap(e, "blob %u", k->number);
    return NULL;
}

/* The next blob that has a certificate, opened; or *bad, or *end. */
static err *next_blob(struct keybox *k, bool *end, err **bad)
{
    for (;;) {
        TRY(read_blob(k, end));
        struct reader r = reader_init(buf_view(&k->blob), "keybox blob");
        if (*end)
            return NULL;
        uint8_t type = type_of(&r);
        if (type == TYPE_OPENPGP)
            return keep_bad(k, open_packets(k, &r), bad);
        k->n_x509 += type == TYPE_X509;
    }
}

size_t keybox_n_x509(const struct keybox *k)
{
    return k->n_x509;
}

static err *next_in_blob(struct keybox *k, struct cert **out, err **bad)
{
    err *e = certfile_next(k->file, out, bad);
    if (e == NULL)
        e = TAKE(*bad);
    if (*out == NULL)
        certfile_close(TAKE(k->file));
    return keep_bad(k, e, bad);
}

err *keybox_next(struct keybox *k, struct cert **out, err **bad)
{
    bool end = false;
    *out = NULL;
    *bad = NULL;
    while (*out == NULL && *bad == NULL && !end) {
        if (k->file == NULL)
            TRY(next_blob(k, &end, bad));
        else
            TRY(next_in_blob(k, out, bad));
    }
    return NULL;
}
