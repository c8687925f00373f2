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
    if (out->format == 0 || strchr("butl1m", out->format) == NULL)
        return err_new(ERR_MALFORMED, "literal data of unknown format %02X", out->format);
    return NULL;
}

void literal_write(const struct literal *l, struct buf *b)
{
    buf_u8(b, l->format);
    buf_u8(b, l->name_len);
    buf_bytes(b, slice_of(l->name, l->name_len));
    buf_u32(b, l->date);
}

err *seipd_read(struct source *body, struct seipd *out)
{
    *out = (struct seipd){0};
    TRY(err_wrap(read_u8(body, &out->version), "encrypted data"));
    if (out->version == 1)
        return NULL;
    if (out->version != 2)
        return err_new(ERR_UNSUPPORTED, "encrypted data version %u is not supported", out->version);
    TRY(err_wrap(read_u8(body, &out->cipher), "encrypted data"));
    TRY(err_wrap(read_u8(body, &out->aead), "encrypted data"));
    TRY(err_wrap(read_u8(body, &out->chunk_octet), "encrypted data"));
    return err_wrap(source_read_exact(body, out->salt, SEIPD_SALT), "encrypted data");
}

void seipd_write(const struct seipd *s, struct buf *b)
{
    buf_u8(b, s->version);
    if (s->version == 1)
        return;
    buf_u8(b, s->cipher);
    buf_u8(b, s->aead);
    buf_u8(b, s->chunk_octet);
    buf_bytes(b, SLICE_OF(s->salt));
}

void seipd_ad(const struct seipd *s, uint8_t ad[static SEIPD_V2_AD])
{
    const uint8_t bytes[SEIPD_V2_AD] = {0xC0 | PACKET_SEIPD, s->version, s->cipher, s->aead,
                                        s->chunk_octet};
    memcpy(ad, bytes, sizeof bytes);
}

err *compressed_read(struct source *body, uint8_t *algorithm)
{
    return err_wrap(read_u8(body, algorithm), "compressed data");
}
