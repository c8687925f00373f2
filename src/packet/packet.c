#include "packet/packet.h"

#include "packet/body.h"

enum { FIRST_PARTIAL_OCTET = 224 };

static const char *const names[] = {
    [PACKET_RESERVED] = "Reserved",
    [PACKET_PKESK] = "Public-Key Encrypted Session Key",
    [PACKET_SIGNATURE] = "Signature",
    [PACKET_SKESK] = "Symmetric-Key Encrypted Session Key",
    [PACKET_ONE_PASS] = "One-Pass Signature",
    [PACKET_SECRET_KEY] = "Secret Key",
    [PACKET_PUBLIC_KEY] = "Public Key",
    [PACKET_SECRET_SUBKEY] = "Secret Subkey",
    [PACKET_COMPRESSED] = "Compressed Data",
    [PACKET_SED] = "Symmetrically Encrypted Data",
    [PACKET_MARKER] = "Marker",
    [PACKET_LITERAL] = "Literal Data",
    [PACKET_TRUST] = "Trust",
    [PACKET_USER_ID] = "User ID",
    [PACKET_PUBLIC_SUBKEY] = "Public Subkey",
    [PACKET_USER_ATTRIBUTE] = "User Attribute",
    [PACKET_SEIPD] = "Symmetrically Encrypted and Integrity Protected Data",
    [PACKET_MDC] = "Modification Detection Code",
    [PACKET_OCB_ENCRYPTED] = "OCB Encrypted Data",
    [PACKET_PADDING] = "Padding",
};

const char *packet_name(uint8_t type)
{
    bool known = type < sizeof names / sizeof *names && names[type] != NULL;
    bool private = type >= 60 && type <= 63; /* [RFC9580 5] */
    return known ? names[type] : private ? "Private or Experimental" : "Unknown";
}

bool packet_is_critical(uint8_t type)
{
    return type < 40;
}

bool packet_is_ignored(uint8_t type)
{
    return type == PACKET_PADDING || type == PACKET_TRUST || !packet_is_critical(type);
}

bool packet_is_primary_key(uint8_t type)
{
    return type == PACKET_PUBLIC_KEY || type == PACKET_SECRET_KEY;
}

bool packet_is_subkey(uint8_t type)
{
    return type == PACKET_PUBLIC_SUBKEY || type == PACKET_SECRET_SUBKEY;
}

bool packet_is_secret(uint8_t type)
{
    return type == PACKET_SECRET_KEY || type == PACKET_SECRET_SUBKEY;
}

bool packet_is_data(uint8_t type)
{
    return type == PACKET_COMPRESSED || type == PACKET_SED || type == PACKET_LITERAL ||
           type == PACKET_SEIPD || type == PACKET_OCB_ENCRYPTED;
}

uint32_t packet_read_length(struct reader *r)
{
    uint32_t first = reader_u8(r);
    if (first < 192)
        return first;
    if (first == 255)
        return reader_u32(r);
    return ((first - 192) << 8) + reader_u8(r) + 192;
}

/* The legacy format's length, by the two lowest bits of the first octet
 * [RFC9580 4.2.2]. */
static void read_legacy_length(struct reader *r, uint8_t kind, struct packet_header *h)
{
    switch (kind) {
    case 0:
        h->len = reader_u8(r);
        break;
    case 1:
        h->len = reader_u16(r);
        break;
    case 2:
        h->len = reader_u32(r);
        break;
    default:
        h->length = PACKET_INDETERMINATE;
        break;
    }
}

err *packet_parse_header(struct reader *r, struct packet_header *h)
{
    size_t start = reader_offset(r);
    uint8_t first = reader_u8(r);
    *h = (struct packet_header){.length = PACKET_FIXED};
    if ((first & 0x80) == 0)
        return err_new(ERR_MALFORMED, "no OpenPGP packet starts with byte 0x%02X", first);
    h->legacy = (first & 0x40) == 0;
    h->type = h->legacy ? first >> 2 & 15 : first & 63;
    uint8_t octet = reader_peek(r);
    if (h->legacy) {
        read_legacy_length(r, first & 3, h);
    } else if (octet >= FIRST_PARTIAL_OCTET && octet < 255) {
        h->length = PACKET_PARTIAL;
        h->len = (uint32_t)1 << (reader_u8(r) & 0x1F);
    } else {
        h->len = packet_read_length(r);
    }
    TRY(reader_check(r));
    h->header_len = (uint8_t)(reader_offset(r) - start);
    if (h->type == PACKET_RESERVED)
        return err_new(ERR_MALFORMED, "packet type 0");
    return NULL;
}

err *packet_read_header(struct source *s, struct packet_header *out, bool *end)
{
    struct slice view;
    TRY(source_fill(s, PACKET_HEADER_MAX, &view));
    *end = view.len == 0;
    if (*end)
        return NULL;
    struct reader r = reader_init(slice_of(view.data, view.len), "packet header");
    TRY(err_wrap(packet_parse_header(&r, out), "at byte %llu", (unsigned long long)s->offset));
    out->offset = s->offset;
    source_consume(s, out->header_len);
    return NULL;
}

err *packet_read_body(struct source *s, const struct packet_header *h, struct buf *out)
{
    AUTO(source_close) struct source *body = NULL;
    struct slice view;
    if (h->length != PACKET_FIXED && !packet_is_data(h->type))
        return err_new(ERR_MALFORMED, "%s packet without a definite length", packet_name(h->type));
    if (h->len > out->max && h->length == PACKET_FIXED)
        return err_new(ERR_LIMIT, "%s packet of %u bytes; at most %zu allowed",
                       packet_name(h->type), h->len, out->max);
    TRY(body_read_new(s, h, &body));
    do {
        TRY(source_fill(body, 1, &view));
        buf_bytes(out, view);
        source_consume(body, view.len);
        TRY(buf_end(out));
    } while (view.len > 0);
    return NULL;
}

err *packet_next(struct reader *r, struct packet *out)
{
    struct packet_header h;
    struct reader header = *r;
    TRY(packet_parse_header(&header, &h));
    size_t left = (size_t)(header.end - header.p);
    if (h.length == PACKET_PARTIAL)
        return err_new(ERR_MALFORMED, "%s packet in parts", packet_name(h.type));
    size_t len = h.length == PACKET_INDETERMINATE ? left : h.len;
    if (len > left)
        return err_new(ERR_MALFORMED, "%s packet of %zu bytes, but only %zu remain",
                       packet_name(h.type), len, left);
    out->type = h.type;
    out->whole = reader_bytes(r, h.header_len + len);
    out->body = slice_from(out->whole, h.header_len);
    return NULL;
}

void packet_write_length(struct buf *b, size_t len)
{
    if (len < 192) {
        buf_u8(b, (uint8_t)len);
    } else if (len < 8384) {
        buf_u16(b, (uint16_t)(len - 192 + (192 << 8)));
    } else if (len <= UINT32_MAX) {
        buf_u8(b, 255);
        buf_u32(b, (uint32_t)len);
    } else {
        b->error = ERR_LIMIT;
    }
}

void packet_write_header(struct buf *b, uint8_t type, size_t len)
{
    buf_u8(b, 0xC0 | type);
    packet_write_length(b, len);
}

void packet_write(struct buf *b, uint8_t type, struct slice body)
{
    packet_write_header(b, type, body.len);
    buf_bytes(b, body);
}
