#include "packet/describe.h"

#include <stdio.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "crypto/algo.h"
#include "crypto/s2k.h"
#include "packet/onepass.h"
#include "packet/pkesk.h"
#include "packet/pubkey.h"
#include "packet/seckey.h"
#include "packet/sig.h"
#include "packet/skesk.h"

enum { FIELDS_MAX = 64, HEX_SHOWN = 24 };

struct describer {
    describe_show *show;
    void *context;
    unsigned depth;
    const uint8_t **at; /* up to here every byte has been shown */
};

static struct describer inside(const struct describer *d)
{
    return (struct describer){d->show, d->context, d->depth + 1, d->at};
}

static err *put_up_to(const struct describer *d, const uint8_t *end, const char *label)
{
    const struct describe_field f = {.kind = DESCRIBE_FRAME,
                                     .depth = d->depth,
                                     .label = label,
                                     .value = "",
                                     .bytes = slice_of(*d->at, (size_t)(end - *d->at))};
    if (f.bytes.len == 0)
        return NULL;
    *d->at = end;
    return d->show(d->context, &f);
}

/* What no field has claimed, in front of this one, is a frame. */
static err *put_as(const struct describer *d, enum describe_kind kind, const char *label,
                   const char *value, struct slice bytes)
{
    const struct describe_field f = {kind, d->depth, label, value, bytes};
    if (bytes.len > 0)
        TRY(put_up_to(d, bytes.data, "frame"));
    if (bytes.len > 0 && kind != DESCRIBE_GROUP)
        *d->at = bytes.data + bytes.len;
    return d->show(d->context, &f);
}

static err *put(const struct describer *d, const char *label, const char *value, struct slice bytes)
{
    return put_as(d, DESCRIBE_VALUE, label, value, bytes);
}

/* Values. */

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

/* Not even the beginning of what is secret. */
static void as_hidden(struct buf *b, struct slice s)
{
    buf_printf(b, "%zu bytes", s.len);
}

static void named(struct buf *b, const char *name, struct slice s)
{
    buf_printf(b, "%s (%llu)", name, (unsigned long long)number_of(s));
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
    {"secret key material", as_hidden},
};

static void format(struct buf *b, const char *label, struct slice s)
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

static const struct {
    uint32_t flag;
    const char *name;
} flag_names[] = {
    {FLAG_CERTIFY, "certify"},
    {FLAG_SIGN, "sign"},
    {FLAG_ENCRYPT_COMMS, "encrypt communications"},
    {FLAG_ENCRYPT_STORAGE, "encrypt storage"},
    {FLAG_SPLIT, "split"},
    {FLAG_AUTHENTICATE, "authenticate"},
    {FLAG_SHARED, "shared"},
};

static void as_flags(struct buf *b, struct slice s)
{
    bool first = true;
    for (size_t i = 0; s.len > 0 && i < sizeof flag_names / sizeof *flag_names; i++) {
        if ((s.data[0] & flag_names[i].flag) == 0)
            continue;
        buf_printf(b, "%s%s", first ? "" : ", ", flag_names[i].name);
        first = false;
    }
    if (first)
        buf_text(b, "none");
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
        buf_printf(b, "%s%s", i > 0 ? ", " : "", algo_hash_name(s.data[i]));
}

static void as_cipher_list(struct buf *b, struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        buf_printf(b, "%s%s", i > 0 ? ", " : "", algo_cipher_name(s.data[i]));
}

static void as_compression_list(struct buf *b, struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        buf_printf(b, "%s%s", i > 0 ? ", " : "", algo_compression_name(s.data[i]));
}

static void as_aead_list(struct buf *b, struct slice s)
{
    for (size_t i = 0; i + 1 < s.len; i += 2)
        buf_printf(b, "%s%s-%s", i > 0 ? ", " : "", algo_cipher_name(s.data[i]),
                   algo_aead_name(s.data[i + 1]));
}

static void as_features(struct buf *b, struct slice s)
{
    uint8_t f = s.len > 0 ? s.data[0] : 0;
    buf_printf(b, "%s%s (%02X)", (f & FEATURE_SEIPD1) != 0 ? "SEIPD v1" : "",
               (f & FEATURE_SEIPD2) != 0 ? ", SEIPD v2" : "", f);
}

static void as_notation(struct buf *b, struct slice s)
{
    struct reader r = reader_init(s, "notation");
    uint32_t flags = reader_u32(&r);
    size_t name_len = reader_u16(&r), value_len = reader_u16(&r);
    struct slice name = reader_bytes(&r, name_len), value = reader_bytes(&r, value_len);
    text_escape_to(b, name);
    buf_text(b, "=");
    if (flags >> 31 != 0)
        text_escape_to(b, value);
    else
        as_hex(b, value);
}

static void as_reason(struct buf *b, struct slice s)
{
    buf_printf(b, "%u ", s.len > 0 ? s.data[0] : 0);
    text_escape_to(b, slice_from(s, 1));
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
    {SUB_SIGNERS_USER_ID, as_text},
    {SUB_POLICY_URI, as_text},
    {SUB_PREFERRED_KEYSERVER, as_text},
    {SUB_REGEX, as_text},
};

static void format_subpacket(struct buf *b, const struct subpacket *p)
{
    for (size_t i = 0; i < sizeof subpacket_formats / sizeof *subpacket_formats; i++) {
        if (subpacket_formats[i].type == p->type) {
            subpacket_formats[i].show(b, p->body);
            return;
        }
    }
    as_hex(b, p->body);
}

static err *describe_at(const struct describer *d, uint8_t type, struct slice body);

static err *describe_subpacket(const struct describer *d, const struct subpacket *p)
{
    CLEANUP(buf_clear) struct buf label = BUF_EMPTY(256), value = BUF_EMPTY(SIZE_MAX);
    buf_printf(&label, "%s%s", subpacket_name(p->type), p->critical ? " (critical)" : "");
    if (!subpacket_is_known(p->type))
        buf_printf(&label, " (type %u)", p->type);
    buf_u8(&label, 0);
    if (p->type != SUB_EMBEDDED)
        format_subpacket(&value, p);
    buf_u8(&value, 0);
    TRY(buf_end(&label));
    TRY(buf_end(&value));
    TRY(put_up_to(d, p->body.data, "subpacket length and type"));
    bool nested = p->type == SUB_EMBEDDED && d->depth < 4;
    TRY(put_as(d, nested ? DESCRIBE_GROUP : DESCRIBE_VALUE, (const char *)label.data,
               (const char *)value.data, p->body));
    const struct describer inner = inside(d);
    return nested ? describe_at(&inner, PACKET_SIGNATURE, p->body) : NULL;
}

static err *describe_area(const struct describer *d, struct slice area)
{
    const struct describer inner = inside(d);
    struct reader r = reader_init(area, "subpackets");
    while (reader_left(&r) > 0) {
        struct subpacket p = subpacket_next(&r);
        if (reader_failed(&r)) {
            TRY(put_up_to(&inner, area.data + area.len, "not understood"));
            return put(&inner, "malformed", "the subpackets end here", SLICE_EMPTY);
        }
        TRY(describe_subpacket(&inner, &p));
    }
    return NULL;
}

/* Packets. */

static err *describe_fields(const struct describer *d, const struct reader_trace *trace)
{
    for (size_t i = 0; i < trace->n; i++) {
        const struct reader_field *f = &trace->fields[i];
        CLEANUP(buf_clear) struct buf value = BUF_EMPTY(SIZE_MAX);
        bool area = strcmp(f->label, "hashed subpackets") == 0 ||
                    strcmp(f->label, "unhashed subpackets") == 0;
        if (area)
            buf_printf(&value, "%zu bytes", f->bytes.len);
        else
            format(&value, f->label, f->bytes);
        buf_u8(&value, 0);
        TRY(buf_end(&value));
        TRY(put_as(d, area ? DESCRIBE_GROUP : DESCRIBE_VALUE, f->label, (const char *)value.data,
                   f->bytes));
        if (area)
            TRY(describe_area(d, f->bytes));
    }
    return NULL;
}

static err *describe_key(const struct describer *d, const struct pubkey *k)
{
    char fpr[FPR_TEXT_SIZE], id[KEY_ID_TEXT_SIZE], kind[PK_DESCRIPTION_MAX];
    if (k->fpr.version == 0)
        return NULL;
    fingerprint_text(&k->fpr, fpr);
    key_id_text(&k->id, id);
    pubkey_describe(k, kind);
    TRY(put(d, "kind", kind, SLICE_EMPTY));
    TRY(put(d, "fingerprint", fpr, SLICE_EMPTY));
    return put(d, "key ID", id, SLICE_EMPTY);
}

/* The parser for a type; what it reads is of interest only through the trace. */
static err *parse(uint8_t type, struct reader *r, struct pubkey *key, const char **flaw)
{
    struct seckey secret;
    struct sig sig;
    struct onepass onepass;
    struct pkesk pkesk;
    struct skesk skesk;
    err *e = NULL;
    switch (type) {
    case PACKET_PUBLIC_KEY:
    case PACKET_PUBLIC_SUBKEY:
        TRY(pubkey_parse(r, key));
        return reader_end(r);
    case PACKET_SECRET_KEY:
    case PACKET_SECRET_SUBKEY:
        e = seckey_parse(r, type, &secret);
        *key = secret.public;
        return e;
    case PACKET_SIGNATURE:
        e = sig_parse_from(r, &sig);
        *flaw = sig.flaw;
        return e;
    case PACKET_ONE_PASS:
        return onepass_parse(r, &onepass);
    case PACKET_PKESK:
        return pkesk_parse(r, &pkesk);
    case PACKET_SKESK:
        return skesk_parse(r, &skesk);
    case PACKET_USER_ID:
        reader_mark(r, "user ID");
        break;
    default:
        reader_mark(r, "content");
        break;
    }
    reader_rest(r);
    return NULL;
}

static err *describe_at(const struct describer *d, uint8_t type, struct slice body)
{
    struct reader_field fields[FIELDS_MAX];
    struct reader_trace trace = {.fields = fields, .max = FIELDS_MAX};
    struct reader r = reader_init(body, packet_name(type));
    struct pubkey key = {0};
    const char *flaw = NULL;
    char text[512];
    r.trace = &trace;
    AUTO(err_free) err *problem = parse(type, &r, &key, &flaw);
    if (err_kind_of(problem) == ERR_NO_MEMORY)
        return TAKE(problem);
    TRY(describe_key(d, &key));
    TRY(describe_fields(d, &trace));
    if (body.len > 0)
        TRY(put_up_to(d, body.data + body.len, "not understood"));
    if (flaw != NULL)
        TRY(put(d, "flaw", flaw, SLICE_EMPTY));
    if (problem != NULL)
        TRY(put(d, "problem", err_text(problem, text, sizeof text), SLICE_EMPTY));
    return NULL;
}

err *describe_packet(uint8_t type, struct slice body, describe_show *show, void *context)
{
    const uint8_t *at = body.data;
    const struct describer d = {show, context, 0, &at};
    return describe_at(&d, type, body);
}
