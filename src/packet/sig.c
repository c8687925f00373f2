#include "packet/sig.h"

#include "crypto/algo.h"
#include "crypto/ct.h"

static const struct {
    uint8_t type;
    const char *name;
} type_names[] = {
    {SIG_BINARY, "binary document"},
    {SIG_TEXT, "text document"},
    {SIG_STANDALONE, "standalone"},
    {SIG_CERT_GENERIC, "generic certification"},
    {SIG_CERT_PERSONA, "persona certification"},
    {SIG_CERT_CASUAL, "casual certification"},
    {SIG_CERT_POSITIVE, "positive certification"},
    {SIG_SUBKEY_BINDING, "subkey binding"},
    {SIG_PRIMARY_BINDING, "primary key binding"},
    {SIG_DIRECT_KEY, "direct key"},
    {SIG_KEY_REVOCATION, "key revocation"},
    {SIG_SUBKEY_REVOCATION, "subkey revocation"},
    {SIG_CERT_REVOCATION, "certification revocation"},
    {SIG_TIMESTAMP, "timestamp"},
    {SIG_THIRD_PARTY, "third-party confirmation"},
};

const char *sig_type_name(uint8_t type)
{
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++) {
        if (type_names[i].type == type)
            return type_names[i].name;
    }
    return "unknown type of";
}

bool sig_is_certification(uint8_t type)
{
    return type >= SIG_CERT_GENERIC && type <= SIG_CERT_POSITIVE;
}

bool sig_is_revocation(uint8_t type)
{
    return type == SIG_KEY_REVOCATION || type == SIG_SUBKEY_REVOCATION ||
           type == SIG_CERT_REVOCATION;
}

const char *sig_revocation_reason_name(uint8_t reason)
{
    switch (reason) {
    case REVOKED_NO_REASON:
        return "no reason given";
    case REVOKED_SUPERSEDED:
        return "superseded";
    case REVOKED_COMPROMISED:
        return "compromised";
    case REVOKED_RETIRED:
        return "retired";
    case REVOKED_USER_ID:
        return "user ID no longer valid";
    default:
        return NULL;
    }
}

int64_t sig_expires_at(const struct sig *s)
{
    return s->expires_after == 0 ? 0 : (int64_t)s->created_at + s->expires_after;
}

/* Subpackets. */

static uint32_t u32_of(struct slice body, struct sig *s)
{
    struct reader r = reader_init(body, "subpacket");
    uint32_t value = reader_u32(&r);
    if (reader_failed(&r) || reader_left(&r) > 0)
        s->flaw = "a time subpacket of the wrong length";
    return value;
}

/* Flags: the first octet lowest; octets beyond the fourth are not known. */
static uint32_t flags_of(struct slice body)
{
    uint32_t flags = 0;
    for (size_t i = 0; i < body.len && i < 4; i++)
        flags |= (uint32_t)body.data[i] << (8 * i);
    return flags;
}

static bool bool_of(struct slice body, struct sig *s)
{
    if (body.len != 1)
        s->flaw = "a yes-or-no subpacket of the wrong length";
    return body.len > 0 && body.data[0] != 0;
}

static const char *take_issuer_fpr(struct sig *s, struct slice body)
{
    struct fingerprint fpr;
    bool known = subpacket_read_fingerprint(body, &fpr);
    /* [RFC9580 5.2.3.35]: v3 signatures have no subpackets. */
    if (body.len > 0 && body.data[0] != s->version)
        return "the issuer's fingerprint has another version than the signature";
    if (known)
        s->issuer = key_handle_of(&fpr);
    return NULL;
}

static const char *take_issuer_id(struct sig *s, struct slice body)
{
    if (body.len != KEY_ID_LEN)
        return "an issuer key ID of the wrong length";
    if (s->issuer.fpr.version == 0)
        memcpy(s->issuer.id.bytes, body.data, KEY_ID_LEN);
    return NULL;
}

/* What is wrong with it; NULL if nothing is. */
static const char *take_issuer(struct sig *s, const struct subpacket *p)
{
    switch (p->type) {
    case SUB_ISSUER_FPR:
        return take_issuer_fpr(s, p->body);
    case SUB_ISSUER:
        return take_issuer_id(s, p->body);
    default:
        return NULL;
    }
}

/* What counts only where it is hashed [RFC9580 13.13]. */
static void take_hashed(struct sig *s, const struct subpacket *p)
{
    switch (p->type) {
    case SUB_CREATED:
        s->created_at = u32_of(p->body, s);
        s->has_created = true;
        break;
    case SUB_EXPIRES:
        s->expires_after = u32_of(p->body, s);
        break;
    case SUB_KEY_EXPIRES:
        s->key_expires_after = u32_of(p->body, s);
        s->has_key_expiry = true;
        break;
    case SUB_EXPORTABLE:
        s->local = !bool_of(p->body, s);
        break;
    case SUB_REVOCABLE:
        s->irrevocable = !bool_of(p->body, s);
        break;
    case SUB_PRIMARY_USER_ID:
        s->primary_uid = bool_of(p->body, s);
        break;
    case SUB_KEY_FLAGS:
        s->key_flags = flags_of(p->body);
        s->has_key_flags = true;
        break;
    case SUB_FEATURES:
        s->features = flags_of(p->body);
        s->has_features = true;
        break;
    default:
        break;
    }
}

/* Of notations none is known, so a critical one is not either [RFC9580 5.2.3.24]. */
static void refuse_unknown_critical(struct sig *s, const struct subpacket *p)
{
    if (!p->critical)
        return;
    if (p->type == SUB_NOTATION)
        s->flaw = "a critical notation that is not understood";
    else if (!subpacket_is_known(p->type))
        s->flaw = "a critical subpacket that is not understood";
}

static void take_hashed_subpacket(struct sig *s, const struct subpacket *p)
{
    const char *flaw = take_issuer(s, p);
    if (flaw != NULL)
        s->flaw = flaw;
    take_hashed(s, p);
    refuse_unknown_critical(s, p);
}

static err *take_area(struct sig *s, struct slice area, bool hashed)
{
    struct reader r = reader_init(area, "signature subpackets");
    while (reader_left(&r) > 0) {
        struct subpacket p = subpacket_next(&r);
        TRY(reader_check(&r));
        if (hashed)
            take_hashed_subpacket(s, &p);
        else if (!s->issuer_is_hashed)
            take_issuer(s, &p); /* a wrong one there takes nothing away */
    }
    return reader_end(&r);
}

bool sig_next(const struct sig *s, uint8_t type, size_t *cursor, struct subpacket *out)
{
    return subpacket_find(s->hashed, type, cursor, out);
}

bool sig_find(const struct sig *s, uint8_t type, struct subpacket *out)
{
    size_t cursor = 0;
    bool found = false;
    while (sig_next(s, type, &cursor, out))
        found = true;
    return found;
}

bool sig_next_embedded(const struct sig *s, size_t *cursor, struct subpacket *out)
{
    size_t in_unhashed = *cursor > s->hashed.len ? *cursor - s->hashed.len : 0;
    if (*cursor < s->hashed.len && subpacket_find(s->hashed, SUB_EMBEDDED, cursor, out))
        return true;
    bool found = subpacket_find(s->unhashed, SUB_EMBEDDED, &in_unhashed, out);
    *cursor = s->hashed.len + in_unhashed;
    return found;
}

static bool handle_from(const struct subpacket *p, struct key_handle *out)
{
    struct fingerprint fpr;
    if (p->type == SUB_ISSUER_FPR && subpacket_read_fingerprint(p->body, &fpr)) {
        *out = key_handle_of(&fpr);
        return true;
    }
    if (p->type != SUB_ISSUER || p->body.len != KEY_ID_LEN)
        return false;
    *out = (struct key_handle){0};
    memcpy(out->id.bytes, p->body.data, KEY_ID_LEN);
    return true;
}

bool sig_next_issuer(const struct sig *s, size_t *cursor, struct key_handle *out)
{
    struct slice area = s->issuer_is_hashed ? s->hashed : s->unhashed;
    if (s->version < 4) { /* without subpackets */
        *out = s->issuer;
        return (*cursor)++ == 0;
    }
    struct reader r = reader_init(slice_from(area, *cursor), "signature subpackets");
    while (reader_left(&r) > 0) {
        struct subpacket p = subpacket_next(&r);
        if (handle_from(&p, out)) {
            *cursor += reader_offset(&r);
            return true;
        }
    }
    return false;
}

/* Parsing. */

static void read_fields(struct reader *r, struct sig *s)
{
    const struct pk_algo *algo = pk_find(s->pk_algo);
    const uint8_t *start = r->p;
    reader_mark(r, "signature");
    if (algo != NULL && algo->skip_signature != NULL) {
        algo->skip_signature(r);
    } else {
        reader_rest(r);
        s->flaw = "its public-key algorithm cannot sign, or is not supported";
    }
    s->fields = slice_of(start, (size_t)(r->p - start));
}

/* [RFC9580 5.2.2] */
static err *parse_v3(struct reader *r, struct sig *s)
{
    reader_mark(r, "hashed length");
    uint8_t len = reader_u8(r);
    reader_mark(r, "signature type");
    s->type = reader_u8(r);
    reader_mark(r, "created");
    s->created_at = reader_u32(r);
    s->has_created = true;
    reader_mark(r, "issuer key ID");
    struct slice id = reader_bytes(r, KEY_ID_LEN);
    reader_mark(r, "public-key algorithm");
    s->pk_algo = reader_u8(r);
    reader_mark(r, "hash algorithm");
    s->hash_algo = reader_u8(r);
    TRY(reader_check(r));
    memcpy(s->issuer.id.bytes, id.data, KEY_ID_LEN);
    if (len != 5)
        s->flaw = "a v3 signature that hashes more or less than it must";
    if (s->pk_algo > PK_DSA)
        s->flaw = "a v3 signature with an algorithm that is not for v3";
    return NULL;
}

static err *parse_v4_up(struct reader *r, struct sig *s)
{
    bool v6 = s->version == 6;
    reader_mark(r, "signature type");
    s->type = reader_u8(r);
    reader_mark(r, "public-key algorithm");
    s->pk_algo = reader_u8(r);
    reader_mark(r, "hash algorithm");
    s->hash_algo = reader_u8(r);
    reader_mark(r, "hashed subpackets length");
    size_t hashed_len = v6 ? reader_u32(r) : reader_u16(r);
    reader_mark(r, "hashed subpackets");
    s->hashed = reader_bytes(r, hashed_len);
    s->signed_part = slice_of(r->start, reader_offset(r));
    reader_mark(r, "unhashed subpackets length");
    size_t unhashed_len = v6 ? reader_u32(r) : reader_u16(r);
    reader_mark(r, "unhashed subpackets");
    s->unhashed = reader_bytes(r, unhashed_len);
    TRY(reader_check(r));
    TRY(take_area(s, s->hashed, true));
    s->issuer_is_hashed = !key_handle_is_empty(&s->issuer);
    TRY(take_area(s, s->unhashed, false));
    if (!s->has_created)
        s->flaw = "it does not say when it was made";
    return NULL;
}

static void read_salt(struct reader *r, struct sig *s)
{
    const struct hash_algo *hash = algo_hash(s->hash_algo);
    reader_mark(r, "salt length");
    uint8_t len = reader_u8(r);
    reader_mark(r, "salt");
    s->salt = reader_bytes(r, len);
    /* [RFC9580 5.2.3, Table 23] */
    if (hash == NULL || hash->salt_len == 0 || hash->salt_len != len)
        s->flaw = "the salt has the wrong length for its hash algorithm";
}

err *sig_parse_from(struct reader *r, struct sig *out)
{
    *out = (struct sig){.body = slice_of(r->p, reader_left(r))};
    reader_mark(r, "version");
    out->version = reader_u8(r);
    r->canonical = out->version == 6; /* [RFC9580 3.2] */
    TRY(reader_check(r));
    if (out->version == 3)
        TRY(parse_v3(r, out));
    else if (out->version >= 4 && out->version <= 6)
        TRY(parse_v4_up(r, out));
    else
        return err_new(ERR_UNSUPPORTED, "signature version %u is not supported", out->version);
    reader_mark(r, "digest starts with");
    struct slice left16 = reader_bytes(r, 2);
    if (left16.len == 2)
        memcpy(out->left16, left16.data, 2);
    if (out->version == 6)
        read_salt(r, out);
    read_fields(r, out);
    return reader_end(r);
}

err *sig_parse(struct slice body, struct sig *out)
{
    struct reader r = reader_init(body, "signature packet");
    return sig_parse_from(&r, out);
}

/* Hashing. */

err *sig_digest_start(uint8_t hash_algo, struct slice salt, struct digest **out)
{
    TRY(digest_new_guarded(hash_algo, out));
    digest_update(*out, salt);
    return NULL;
}

static void update_u8(struct digest *d, uint8_t value)
{
    digest_update(d, slice_of(&value, 1));
}

static void update_u32(struct digest *d, uint32_t value)
{
    const uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                              (uint8_t)value};
    digest_update(d, SLICE_OF(bytes));
}

void sig_digest_key(struct digest *d, uint8_t sig_version, struct slice key_body)
{
    uint8_t head[PUBKEY_HEAD_MAX];
    digest_update(d, slice_of(head, pubkey_hash_head(sig_version, key_body.len, head)));
    digest_update(d, key_body);
}

static void digest_component(struct digest *d, uint8_t sig_version, uint8_t octet, struct slice s)
{
    if (sig_version > 3) {
        update_u8(d, octet);
        update_u32(d, (uint32_t)s.len);
    }
    digest_update(d, s);
}

void sig_digest_user_id(struct digest *d, uint8_t sig_version, struct slice id)
{
    digest_component(d, sig_version, 0xB4, id);
}

void sig_digest_user_attribute(struct digest *d, uint8_t sig_version, struct slice attribute)
{
    digest_component(d, sig_version, 0xD1, attribute);
}

static void digest_end(struct digest *d, uint8_t version, size_t signed_len)
{
    update_u8(d, version);
    update_u8(d, 0xFF);
    if (version == 5) /* its length has eight octets [LibrePGP] */
        update_u32(d, 0);
    update_u32(d, (uint32_t)signed_len);
}

void sig_digest_trailer_of(struct digest *d, uint8_t version, struct slice signed_part)
{
    digest_update(d, signed_part);
    digest_end(d, version, signed_part.len);
}

void sig_digest_trailer(struct digest *d, const struct sig *s, struct slice literal)
{
    if (s->version == 3) {
        update_u8(d, s->type);
        update_u32(d, s->created_at);
        return;
    }
    digest_update(d, s->signed_part);
    if (s->version == 5 && (s->type == SIG_BINARY || s->type == SIG_TEXT))
        digest_update(d, literal);
    digest_end(d, s->version, s->signed_part.len);
}

bool sig_version_fits(uint8_t sig_version, uint8_t key_version)
{
    return sig_version == key_version || (sig_version < 5 && key_version < 5);
}

bool sig_verify_digest(const struct sig *s, const struct pubkey *key, struct slice digest)
{
    return s->pk_algo == key->algo && memcmp(s->left16, digest.data, 2) == 0 &&
           pk_verify(key->algo, key->material, s->hash_algo, digest, s->fields);
}

/* Writing. */

static void write_area(struct buf *b, uint8_t version, struct slice area)
{
    unsigned width = version == 6 ? 4 : 2;
    size_t mark = buf_open(b, width);
    buf_bytes(b, area);
    buf_close(b, mark, width);
}

void sig_write_signed_part(struct buf *b, const struct sig_draft *d)
{
    buf_u8(b, d->version);
    buf_u8(b, d->type);
    buf_u8(b, d->pk_algo);
    buf_u8(b, d->hash_algo);
    write_area(b, d->version, d->hashed);
}

void sig_write_rest(struct buf *b, const struct sig_draft *d, struct slice digest,
                    struct slice fields)
{
    write_area(b, d->version, d->unhashed);
    buf_bytes(b, slice_of(digest.data, 2));
    if (d->version == 6) {
        buf_u8(b, (uint8_t)d->salt.len);
        buf_bytes(b, d->salt);
    }
    buf_bytes(b, fields);
}
