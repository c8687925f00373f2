#include "packet/subpacket.h"

#include "packet/packet.h"

static const char *const names[] = {
    [SUB_CREATED] = "Signature Creation Time",
    [SUB_EXPIRES] = "Signature Expiration Time",
    [SUB_EXPORTABLE] = "Exportable Certification",
    [SUB_TRUST] = "Trust Signature",
    [SUB_REGEX] = "Regular Expression",
    [SUB_REVOCABLE] = "Revocable",
    [SUB_KEY_EXPIRES] = "Key Expiration Time",
    [SUB_PREFERRED_CIPHERS] = "Preferred Symmetric Ciphers",
    [SUB_REVOCATION_KEY] = "Revocation Key",
    [SUB_ISSUER] = "Issuer Key ID",
    [SUB_NOTATION] = "Notation Data",
    [SUB_PREFERRED_HASHES] = "Preferred Hash Algorithms",
    [SUB_PREFERRED_COMPRESSION] = "Preferred Compression Algorithms",
    [SUB_KEYSERVER_PREFS] = "Key Server Preferences",
    [SUB_PREFERRED_KEYSERVER] = "Preferred Key Server",
    [SUB_PRIMARY_USER_ID] = "Primary User ID",
    [SUB_POLICY_URI] = "Policy URI",
    [SUB_KEY_FLAGS] = "Key Flags",
    [SUB_SIGNERS_USER_ID] = "Signer's User ID",
    [SUB_REVOCATION_REASON] = "Reason for Revocation",
    [SUB_FEATURES] = "Features",
    [SUB_TARGET] = "Signature Target",
    [SUB_EMBEDDED] = "Embedded Signature",
    [SUB_ISSUER_FPR] = "Issuer Fingerprint",
    [SUB_INTENDED_RECIPIENT] = "Intended Recipient Fingerprint",
    [SUB_ATTESTED] = "Attested Certifications",
    [SUB_KEY_BLOCK] = "Key Block",
    [SUB_PREFERRED_AEAD] = "Preferred AEAD Ciphersuites",
};

static bool has_name(uint8_t type)
{
    return type < sizeof names / sizeof *names && names[type] != NULL;
}

const char *subpacket_name(uint8_t type)
{
    bool private = type >= 100 && type <= 110; /* [RFC9580 5.2.3.7] */
    return has_name(type) ? names[type] : private ? "Private or Experimental" : "Unknown";
}

bool subpacket_is_known(uint8_t type)
{
    return has_name(type) && type != SUB_ATTESTED && type != SUB_KEY_BLOCK;
}

struct subpacket subpacket_next(struct reader *r)
{
    size_t len = packet_read_length(r);
    if (len == 0)
        reader_fail(r); /* not even a type */
    uint8_t type = reader_u8(r);
    struct slice body = reader_bytes(r, len == 0 ? 0 : len - 1);
    return (struct subpacket){.type = type & 0x7F, .critical = type >> 7 != 0, .body = body};
}

bool subpacket_find(struct slice area, uint8_t type, size_t *cursor, struct subpacket *out)
{
    struct reader r = reader_init(slice_from(area, *cursor), "signature subpackets");
    while (reader_left(&r) > 0) {
        struct subpacket p = subpacket_next(&r);
        if (reader_failed(&r))
            break;
        if (p.type == type) {
            *cursor += reader_offset(&r);
            *out = p;
            return true;
        }
    }
    *cursor = area.len;
    return false;
}

void subpacket_write(struct buf *b, uint8_t type, bool critical, struct slice body)
{
    packet_write_length(b, body.len + 1);
    buf_u8(b, (uint8_t)(type | (critical ? 0x80 : 0)));
    buf_bytes(b, body);
}

void subpacket_write_u8(struct buf *b, uint8_t type, bool critical, uint8_t value)
{
    subpacket_write(b, type, critical, slice_of(&value, 1));
}

void subpacket_write_u32(struct buf *b, uint8_t type, bool critical, uint32_t value)
{
    const uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                              (uint8_t)value};
    subpacket_write(b, type, critical, SLICE_OF(bytes));
}

void subpacket_write_fingerprint(struct buf *b, uint8_t type, bool critical,
                                 const struct fingerprint *f)
{
    uint8_t body[1 + FPR_MAX] = {f->version};
    memcpy(body + 1, f->bytes, f->len);
    subpacket_write(b, type, critical, slice_of(body, 1 + (size_t)f->len));
}

bool subpacket_read_fingerprint(struct slice body, struct fingerprint *out)
{
    *out = (struct fingerprint){0};
    return body.len > 0 && fingerprint_from(body.data[0], slice_from(body, 1), out);
}
