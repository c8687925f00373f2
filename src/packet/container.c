#include "packet/container.h"

#include "packet/packet.h"

static err *read_u8(struct source *body, uint8_t *out)
{
    return source_read_exact(body, out, 1);
}

err *literal_read(struct source *body, struct literal *out)
{
    uint8_t date[4];
    *out = (struct literal){0};
    TRY(err_wrap(read_u8(body, &out->format), "literal data"));
    TRY(err_wrap(read_u8(body, &out->name_len), "literal data"));
    TRY(err_wrap(source_read_exact(body, out->name, out->name_len), "literal data"));
    TRY(err_wrap(source_read_exact(body, date, sizeof date), "literal data"));
    struct reader r = reader_init(SLICE_OF(date), "literal data");
    out->date = reader_u32(&r);
    return NULL;
}

void literal_write(const struct literal *l, struct buf *b)
{
    buf_u8(b, l->format);
    buf_u8(b, l->name_len);
    buf_bytes(b, slice_of(l->name, l->name_len));
    buf_u32(b, l->date);
}

static err *read_version(struct source *body, uint8_t *version)
{
    return err_wrap(read_u8(body, version), "encrypted data");
}

static err *wrong_version(uint8_t version)
{
    return err_new(ERR_UNSUPPORTED, "encrypted data version %u is not supported", version);
}

static err *read_chunk_fields(struct source *body, struct encdata *out)
{
    TRY(err_wrap(read_u8(body, &out->cipher), "encrypted data"));
    TRY(err_wrap(read_u8(body, &out->aead), "encrypted data"));
    return err_wrap(read_u8(body, &out->chunk_octet), "encrypted data");
}

static err *read_ocb(struct source *body, struct encdata *out)
{
    uint8_t version;
    TRY(read_version(body, &version));
    if (version != 1)
        return wrong_version(version);
    TRY(read_chunk_fields(body, out));
    const struct aead_algo *mode = algo_aead(out->aead);
    if (mode == NULL)
        return err_new(ERR_UNSUPPORTED, "AEAD mode %u is not supported", out->aead);
    return err_wrap(source_read_exact(body, out->salt, mode->nonce_len), "encrypted data");
}

static err *read_seipd(struct source *body, struct encdata *out)
{
    uint8_t version;
    TRY(read_version(body, &version));
    out->kind = version == 1 ? ENCDATA_MDC : ENCDATA_AEAD;
    if (version == 1)
        return NULL;
    if (version != 2)
        return wrong_version(version);
    TRY(read_chunk_fields(body, out));
    return err_wrap(source_read_exact(body, out->salt, ENCDATA_SALT), "encrypted data");
}

bool encdata_names_cipher(const struct encdata *d)
{
    return d->kind == ENCDATA_OCB || d->kind == ENCDATA_AEAD;
}

err *encdata_read(struct source *body, uint8_t packet_type, struct encdata *out)
{
    *out = (struct encdata){.kind = ENCDATA_NOTHING};
    if (packet_type == PACKET_SED)
        return NULL;
    if (packet_type == PACKET_SEIPD)
        return read_seipd(body, out);
    out->kind = ENCDATA_OCB;
    return read_ocb(body, out);
}

void encdata_write(const struct encdata *d, struct buf *b)
{
    buf_u8(b, d->kind == ENCDATA_AEAD ? 2 : 1);
    if (d->kind == ENCDATA_MDC)
        return;
    buf_u8(b, d->cipher);
    buf_u8(b, d->aead);
    buf_u8(b, d->chunk_octet);
    buf_bytes(b, SLICE_OF(d->salt));
}

void encdata_ad(const struct encdata *d, uint8_t ad[static ENCDATA_AD])
{
    bool ocb = d->kind == ENCDATA_OCB;
    const uint8_t bytes[ENCDATA_AD] = {0xC0 | (ocb ? PACKET_OCB_ENCRYPTED : PACKET_SEIPD),
                                       ocb ? 1 : 2, d->cipher, d->aead, d->chunk_octet};
    memcpy(ad, bytes, sizeof bytes);
}

err *compressed_read(struct source *body, uint8_t *algorithm)
{
    return err_wrap(read_u8(body, algorithm), "compressed data");
}
