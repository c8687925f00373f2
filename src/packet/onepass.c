#include "packet/onepass.h"

err *onepass_parse(struct reader *r, struct onepass *out)
{
    *out = (struct onepass){0};
    struct slice issuer;
    reader_mark(r, "version");
    out->version = reader_u8(r);
    TRY(reader_check(r));
    if (out->version != 3 && out->version != 6)
        return err_new(ERR_UNSUPPORTED, "one-pass signature version %u is not supported",
                       out->version);
    reader_mark(r, "signature type");
    out->type = reader_u8(r);
    reader_mark(r, "hash algorithm");
    out->hash_algo = reader_u8(r);
    reader_mark(r, "public-key algorithm");
    out->pk_algo = reader_u8(r);
    if (out->version == 6) {
        reader_mark(r, "salt length");
        uint8_t len = reader_u8(r);
        reader_mark(r, "salt");
        out->salt = reader_bytes(r, len);
        reader_mark(r, "issuer fingerprint");
        issuer = reader_bytes(r, FPR_V6_LEN);
    } else {
        reader_mark(r, "issuer key ID");
        issuer = reader_bytes(r, KEY_ID_LEN);
    }
    reader_mark(r, "last");
    out->last = reader_u8(r) != 0;
    TRY(reader_end(r));
    if (out->version == 6) {
        fingerprint_from(6, issuer, &out->issuer.fpr);
        out->issuer.id = fingerprint_key_id(&out->issuer.fpr);
    } else {
        memcpy(out->issuer.id.bytes, issuer.data, KEY_ID_LEN);
    }
    return NULL;
}

void onepass_write(const struct onepass *p, struct buf *b)
{
    buf_u8(b, p->version);
    buf_u8(b, p->type);
    buf_u8(b, p->hash_algo);
    buf_u8(b, p->pk_algo);
    if (p->version == 6) {
        buf_u8(b, (uint8_t)p->salt.len);
        buf_bytes(b, p->salt);
        buf_bytes(b, fingerprint_view(&p->issuer.fpr));
    } else {
        buf_bytes(b, SLICE_OF(p->issuer.id.bytes));
    }
    buf_u8(b, p->last ? 1 : 0);
}
