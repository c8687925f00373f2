#include "packet/pkesk.h"

#include "crypto/pk.h"

static err *read_recipient_v6(struct reader *r, struct pkesk *out)
{
    reader_mark(r, "recipient length");
    size_t len = reader_u8(r);
    if (len == 0)
        return NULL; /* hidden [RFC9580 5.1.8] */
    reader_mark(r, "recipient key version");
    uint8_t version = reader_u8(r);
    reader_mark(r, "recipient fingerprint");
    struct slice bytes = reader_bytes(r, len - 1);
    TRY(reader_check(r));
    if (!fingerprint_from(version, bytes, &out->recipient.fpr))
        return err_new(ERR_UNSUPPORTED, "a session key for a key of version %u", version);
    out->recipient.id = fingerprint_key_id(&out->recipient.fpr);
    return NULL;
}

err *pkesk_parse(struct reader *r, struct pkesk *out)
{
    *out = (struct pkesk){0};
    reader_mark(r, "version");
    out->version = reader_u8(r);
    r->canonical = out->version == 6; /* [RFC9580 3.2] */
    TRY(reader_check(r));
    if (out->version == 6) {
        TRY(read_recipient_v6(r, out));
    } else if (out->version == 3 || out->version == 2) {
        reader_mark(r, "recipient key ID");
        struct slice id = reader_bytes(r, KEY_ID_LEN);
        if (id.len == KEY_ID_LEN)
            memcpy(out->recipient.id.bytes, id.data, KEY_ID_LEN);
    } else {
        return err_new(ERR_UNSUPPORTED, "encrypted session key version %u is not supported",
                       out->version);
    }
    reader_mark(r, "public-key algorithm");
    out->algo = reader_u8(r);
    const struct pk_algo *algo = pk_find(out->algo);
    const uint8_t *start = r->p;
    reader_mark(r, "encrypted session key");
    if (algo != NULL && algo->skip_esk != NULL)
        algo->skip_esk(r);
    else
        reader_rest(r);
    out->fields = slice_of(start, (size_t)(r->p - start));
    return reader_end(r);
}

void pkesk_write(const struct pkesk *p, struct buf *b)
{
    buf_u8(b, p->version);
    if (p->version != 6) {
        buf_bytes(b, SLICE_OF(p->recipient.id.bytes));
    } else if (p->recipient.fpr.version == 0) {
        buf_u8(b, 0);
    } else {
        buf_u8(b, (uint8_t)(p->recipient.fpr.len + 1));
        buf_u8(b, p->recipient.fpr.version);
        buf_bytes(b, fingerprint_view(&p->recipient.fpr));
    }
    buf_u8(b, p->algo);
    buf_bytes(b, p->fields);
}
