#include "packet/words.h"

#include "base/text.h"
#include "base/when.h"
#include "crypto/algo.h"
#include "crypto/s2k.h"
#include "packet/attribute.h"
#include "packet/packet.h"
#include "packet/pubkey.h"
#include "packet/seckey.h"
#include "packet/sig.h"

enum { HEX_SHOWN = 24 }; /* bytes of what has no other form */

/* Small values. */

static void as_hex(struct buf *b, struct slice s)
{
    text_hex_to(b, slice_of(s.data, s.len < HEX_SHOWN ? s.len : HEX_SHOWN));
    if (s.len > HEX_SHOWN)
        buf_printf(b, "... (%zu bytes)", s.len);
}

static uint64_t number_of(struct slice s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s.len && i < 8; i++)
        n = n << 8 | s.data[i];
    return n;
}

static void as_number(struct buf *b, struct slice s)
{
    buf_printf(b, "%llu", (unsigned long long)number_of(s));
}

static void as_time(struct buf *b, struct slice s)
{
    char text[WHEN_TEXT_SIZE];
    when_text((int64_t)number_of(s), text);
    buf_text(b, text);
}

static void as_yes_no(struct buf *b, struct slice s)
{
    buf_text(b, number_of(s) != 0 ? "yes" : "no");
}

static void as_text(struct buf *b, struct slice s)
{
    text_escape_to(b, s);
}

/* Not even the beginning of what is secret, or of no use. */
static void as_hidden(struct buf *b, struct slice s)
{
    buf_printf(b, "%zu bytes", s.len);
}

/* Most registries leave these numbers to whoever wants them [RFC9580 14]. */
static const char *or_private(const char *name, uint64_t id)
{
    bool unknown = strncmp(name, "unknown", strlen("unknown")) == 0;
    return unknown && id >= 100 && id <= 110 ? "private or experimental" : name;
}

static void named(struct buf *b, const char *name, struct slice s)
{
    uint64_t id = number_of(s);
    buf_printf(b, "%s (%llu)", or_private(name, id), (unsigned long long)id);
}

/* An element of a list; a number has to do where there is no name. */
static void listed(struct buf *b, const char *name, uint8_t id, bool first)
{
    buf_printf(b, "%s%s", first ? "" : ", ", or_private(name, id));
    if (strcmp(name, "unknown") == 0)
        buf_printf(b, " (%u)", id);
}

static void as_pk(struct buf *b, struct slice s)
{
    named(b, pk_name((uint8_t)number_of(s)), s);
}

static void as_hash(struct buf *b, struct slice s)
{
    named(b, algo_hash_name((uint8_t)number_of(s)), s);
}

static void as_cipher(struct buf *b, struct slice s)
{
    named(b, algo_cipher_name((uint8_t)number_of(s)), s);
}

static void as_aead(struct buf *b, struct slice s)
{
    named(b, algo_aead_name((uint8_t)number_of(s)), s);
}

static void as_sig_type(struct buf *b, struct slice s)
{
    buf_printf(b, "%s (0x%02X)", sig_type_name((uint8_t)number_of(s)), (unsigned)number_of(s));
}

static void as_usage(struct buf *b, struct slice s)
{
    uint8_t usage = (uint8_t)number_of(s);
    const char *name = usage == SECKEY_PLAIN     ? "not protected"
                       : usage == SECKEY_AEAD    ? "AEAD"
                       : usage == SECKEY_CFB     ? "CFB with SHA-1"
                       : usage == SECKEY_CFB_SUM ? "CFB with a checksum"
                                                 : "CFB, key by MD5";
    named(b, name, s);
}

static void as_s2k(struct buf *b, struct slice s)
{
    struct s2k k;
    struct reader r = reader_init(s, "S2K");
    err *e = s2k_parse(&r, &k);
    if (e != NULL)
        as_hex(b, s);
    else if (k.type == S2K_ARGON2)
        buf_printf(b, "Argon2id, %u passes, %u lanes, 2^%u KiB", k.passes, k.lanes, k.memory);
    else if (k.type == S2K_ITERATED)
        buf_printf(b, "iterated and salted, %s, %u bytes", algo_hash_name(k.hash), s2k_count(&k));
    else if (k.type == S2K_GNU)
        buf_printf(b, "GnuPG: the secret is %s",
                   k.gnu_mode == S2K_GNU_CARD ? "on a card" : "not here");
    else
        buf_printf(b, "%s, %s", k.type == S2K_SALTED ? "salted" : "simple", algo_hash_name(k.hash));
    err_free(e);
}

/* [RFC9580 5.12] */
static void as_attribute_type(struct buf *b, struct slice s)
{
    named(b, number_of(s) == ATTRIBUTE_IMAGE ? "image" : "unknown", s);
}

static void as_image_format(struct buf *b, struct slice s)
{
    named(b, number_of(s) == ATTRIBUTE_JPEG ? "JPEG" : "unknown", s);
}

static void as_little_endian(struct buf *b, struct slice s)
{
    buf_printf(b, "%u", s.len == 2 ? s.data[0] | s.data[1] << 8 : 0);
}

static void as_length(struct buf *b, struct slice s)
{
    struct reader r = reader_init(s, "length");
    buf_printf(b, "%u", packet_read_length(&r));
}

static const struct {
    const char *label;
    void (*show)(struct buf *b, struct slice s);
} formats[] = {
    {"version", as_number},
    {"created", as_time},
    {"valid days", as_number},
    {"public-key algorithm", as_pk},
    {"hash algorithm", as_hash},
    {"cipher", as_cipher},
    {"AEAD mode", as_aead},
    {"signature type", as_sig_type},
    {"S2K usage", as_usage},
    {"S2K", as_s2k},
    {"S2K length", as_number},
    {"protection length", as_number},
    {"parameters length", as_number},
    {"key material length", as_number},
    {"hashed length", as_number},
    {"hashed subpackets length", as_number},
    {"unhashed subpackets length", as_number},
    {"salt length", as_number},
    {"recipient length", as_number},
    {"recipient key version", as_number},
    {"last", as_yes_no},
    {"user ID", as_text},
    {"attribute length", as_length},
    {"attribute type", as_attribute_type},
    {"image header length", as_little_endian},
    {"image header version", as_number},
    {"image format", as_image_format},
    {"image", as_hidden},
    {"secret key material", as_hidden},
};

void words_field(struct buf *b, const char *label, struct slice s)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(formats[i].label, label) == 0) {
            formats[i].show(b, s);
            return;
        }
    }
    as_hex(b, s);
}

/* Signature subpackets. */

struct flag_name {
    uint8_t octet, bit;
    const char *name;
};

/* [RFC9580 5.2.3.29] */
static const struct flag_name key_flags[] = {
    {0, FLAG_CERTIFY, "certify"},
    {0, FLAG_SIGN, "sign"},
    {0, FLAG_ENCRYPT_COMMS, "encrypt communications"},
    {0, FLAG_ENCRYPT_STORAGE, "encrypt storage"},
    {0, FLAG_SPLIT, "split"},
    {0, FLAG_AUTHENTICATE, "authenticate"},
    {0, FLAG_SHARED, "shared"},
    {1, 0x04, "additional decryption subkey"},
    {1, 0x08, "timestamping"},
    {0, 0, NULL},
};

/* [RFC9580 5.2.3.32], and what LibrePGP has there */
static const struct flag_name features[] = {
    {0, FEATURE_SEIPD1, "SEIPD v1"},
    {0, 0x02, "OCB (LibrePGP)"},
    {0, 0x04, "v5 keys (LibrePGP)"},
    {0, FEATURE_SEIPD2, "SEIPD v2"},
    {0, 0, NULL},
};

/* [RFC9580 5.2.3.25] */
static const struct flag_name keyserver_prefs[] = {{0, 0x80, "no-modify"}, {0, 0, NULL}};

/* The names of the bits that are set, and all of them in digits if some have none. */
static void as_bits(struct buf *b, struct slice s, const struct flag_name *names)
{
    unsigned left = 0;
    bool first = true;
    for (size_t i = 0; i < s.len; i++)
        left += (unsigned)__builtin_popcount(s.data[i]);
    for (const struct flag_name *f = names; f->name != NULL; f++) {
        if (f->octet >= s.len || (s.data[f->octet] & f->bit) == 0)
            continue;
        buf_printf(b, "%s%s", first ? "" : ", ", f->name);
        first = false;
        left--;
    }
    if (left > 0) {
        buf_text(b, first ? "unknown: " : ", and unknown: ");
        as_hex(b, s);
    } else if (first) {
        buf_text(b, "none");
    }
}

static void as_flags(struct buf *b, struct slice s)
{
    as_bits(b, s, key_flags);
}

static void as_features(struct buf *b, struct slice s)
{
    as_bits(b, s, features);
}

static void as_keyserver_prefs(struct buf *b, struct slice s)
{
    as_bits(b, s, keyserver_prefs);
}

/* [RFC9580 5.2.3.21] */
static void as_trust(struct buf *b, struct slice s)
{
    struct reader r = reader_init(s, "trust");
    unsigned depth = reader_u8(&r), amount = reader_u8(&r);
    buf_printf(b, "depth %u, amount %u", depth, amount);
}

/* [RFC9580 5.2.3.23] */
static void as_revocation_key(struct buf *b, struct slice s)
{
    struct reader r = reader_init(s, "revocation key");
    uint8_t class = reader_u8(&r), algo = reader_u8(&r);
    text_hex_to(b, reader_rest(&r));
    buf_printf(b, ", %s%s", pk_name(algo), (class & 0x40) != 0 ? ", sensitive" : "");
}

/* [RFC9580 5.2.3.33] */
static void as_target(struct buf *b, struct slice s)
{
    struct reader r = reader_init(s, "signature target");
    uint8_t algo = reader_u8(&r), hash = reader_u8(&r);
    buf_printf(b, "%s, %s ", pk_name(algo), algo_hash_name(hash));
    as_hex(b, reader_rest(&r));
}

static void as_duration(struct buf *b, struct slice s)
{
    buf_printf(b, "%.1f days (%llu s)", (double)number_of(s) / 86400,
               (unsigned long long)number_of(s));
}

static void as_fingerprint(struct buf *b, struct slice s)
{
    text_hex_to(b, slice_from(s, 1));
}

static void as_hash_list(struct buf *b, struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        listed(b, algo_hash_name(s.data[i]), s.data[i], i == 0);
}

static void as_cipher_list(struct buf *b, struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        listed(b, algo_cipher_name(s.data[i]), s.data[i], i == 0);
}

static void as_compression_list(struct buf *b, struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        listed(b, algo_compression_name(s.data[i]), s.data[i], i == 0);
}

static void as_aead_list(struct buf *b, struct slice s)
{
    for (size_t i = 0; i + 1 < s.len; i += 2)
        buf_printf(b, "%s%s-%s", i > 0 ? ", " : "", algo_cipher_name(s.data[i]),
                   algo_aead_name(s.data[i + 1]));
}

static void as_notation(struct buf *b, struct slice s)
{
    struct reader r = reader_init(s, "notation");
    uint32_t flags = reader_u32(&r);
    size_t name_len = reader_u16(&r), value_len = reader_u16(&r);
    struct slice name = reader_bytes(&r, name_len), value = reader_bytes(&r, value_len);
    text_escape_to(b, name);
    buf_text(b, "=");
    if (flags >> 31 != 0) {
        text_escape_to(b, value);
    } else {
        as_hex(b, value);
        buf_text(b, " (not text)");
    }
}

static void as_reason(struct buf *b, struct slice s)
{
    struct reader r = reader_init(s, "reason");
    uint8_t code = reader_u8(&r);
    struct slice text = reader_rest(&r);
    const char *name = sig_revocation_reason_name(code);
    buf_printf(b, "%s (%u)%s", name != NULL ? name : or_private("unknown", code), code,
               text.len > 0 ? ": " : "");
    text_escape_to(b, text);
}

static const struct {
    uint8_t type;
    void (*show)(struct buf *b, struct slice s);
} subpacket_formats[] = {
    {SUB_CREATED, as_time},
    {SUB_EXPIRES, as_duration},
    {SUB_KEY_EXPIRES, as_duration},
    {SUB_EXPORTABLE, as_yes_no},
    {SUB_REVOCABLE, as_yes_no},
    {SUB_PRIMARY_USER_ID, as_yes_no},
    {SUB_KEY_FLAGS, as_flags},
    {SUB_FEATURES, as_features},
    {SUB_ISSUER_FPR, as_fingerprint},
    {SUB_INTENDED_RECIPIENT, as_fingerprint},
    {SUB_PREFERRED_HASHES, as_hash_list},
    {SUB_PREFERRED_CIPHERS, as_cipher_list},
    {SUB_PREFERRED_COMPRESSION, as_compression_list},
    {SUB_PREFERRED_AEAD, as_aead_list},
    {SUB_NOTATION, as_notation},
    {SUB_REVOCATION_REASON, as_reason},
    {SUB_TRUST, as_trust},
    {SUB_REVOCATION_KEY, as_revocation_key},
    {SUB_KEYSERVER_PREFS, as_keyserver_prefs},
    {SUB_TARGET, as_target},
    {SUB_SIGNERS_USER_ID, as_text},
    {SUB_POLICY_URI, as_text},
    {SUB_PREFERRED_KEYSERVER, as_text},
    {SUB_REGEX, as_text},
};

void words_subpacket(struct buf *b, uint8_t type, struct slice body)
{
    for (size_t i = 0; i < sizeof subpacket_formats / sizeof *subpacket_formats; i++) {
        if (subpacket_formats[i].type == type) {
            subpacket_formats[i].show(b, body);
            return;
        }
    }
    as_hex(b, body);
}
