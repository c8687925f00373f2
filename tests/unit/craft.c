#include "craft.h"

#include "crypto/algo.h"
#include "crypto/curve.h"

/* Keys */

static const struct {
    uint8_t version, algo;
    unsigned variant;
    uint32_t created_at;
} keys[CRAFT_KEYS] = {
    [ALICE] = {4, PK_EDDSA_LEGACY, 0, CRAFT_START},
    [ALICE_SIGN] = {4, PK_EDDSA_LEGACY, 0, CRAFT_SUBKEYS},
    [ALICE_ENCRYPT] = {4, PK_ECDH, CURVE_25519_LEGACY, CRAFT_SUBKEYS},
    [ALICE_X25519] = {4, PK_X25519, 0, CRAFT_SUBKEYS},
    [BOB] = {4, PK_EDDSA_LEGACY, 0, CRAFT_START},
    [CAROL] = {6, PK_ED25519, 0, CRAFT_START},
    [CAROL_SIGN] = {6, PK_ED25519, 0, CRAFT_SUBKEYS},
    [CAROL_ENCRYPT] = {6, PK_X25519, 0, CRAFT_SUBKEYS},
    [DAVE] = {4, PK_RSA, 2048, CRAFT_START},
};

static void make_key(struct craft_key *k, enum craft_who who)
{
    CLEANUP(buf_clear) struct buf material = BUF_EMPTY(SIZE_MAX);
    struct buf *body = unit_keep();
    OK(pk_generate(keys[who].algo, keys[who].variant, world_system(), &material, &k->secret));
    pubkey_write(body, keys[who].version, keys[who].created_at, keys[who].algo,
                 buf_view(&material));
    struct reader r = reader_init(buf_view(body), "crafted key");
    OK(pubkey_parse(&r, &k->public));
    OK(reader_end(&r));
}

const struct craft_key *craft_key(enum craft_who who)
{
    static struct craft_key made[CRAFT_KEYS];
    if (made[who].secret == NULL)
        make_key(&made[who], who);
    return &made[who];
}

/* Signatures */

struct slice craft_sub(uint8_t type, bool critical, struct slice body)
{
    struct buf *b = unit_keep();
    subpacket_write(b, type, critical, body);
    return buf_view(b);
}

static void write_hashed(const struct craft_key *by, const struct craft_sig *s, struct buf *b)
{
    if (!s->bare) {
        subpacket_write_u32(b, SUB_CREATED, true, s->at);
        subpacket_write_fingerprint(b, SUB_ISSUER_FPR, false, &by->public.fpr);
    }
    if (s->expires != 0)
        subpacket_write_u32(b, SUB_EXPIRES, true, s->expires);
    if (s->key_expires != 0)
        subpacket_write_u32(b, SUB_KEY_EXPIRES, true, s->key_expires);
    if (s->flags != 0)
        subpacket_write_u8(b, SUB_KEY_FLAGS, true, s->flags);
    if (s->primary_uid)
        subpacket_write_u8(b, SUB_PRIMARY_USER_ID, false, 1);
    if (s->local)
        subpacket_write_u8(b, SUB_EXPORTABLE, true, 0);
    if (s->reason.len > 0)
        subpacket_write(b, SUB_REVOCATION_REASON, false, s->reason);
    if (s->embedded.len > 0)
        subpacket_write(b, SUB_EMBEDDED, false, s->embedded);
    buf_bytes(b, s->hashed);
}

/* Over t, or over a document where there is none. */
static struct slice sign(const struct craft_key *by, const struct target *t, struct slice document,
                         const struct craft_sig *what)
{
    uint8_t digest[DIGEST_MAX];
    uint8_t hash = what->hash != 0 ? what->hash : HASH_SHA512;
    struct buf *hashed = unit_keep(), *body = unit_keep(), *fields = unit_keep();
    struct buf *salt = unit_keep();
    AUTO(digest_free) struct digest *d = NULL;
    uint8_t version = what->version != 0 ? what->version : by->public.version;
    write_hashed(by, what, hashed);
    if (version == 6)
        buf_fill(salt, 0x5A, algo_hash(hash)->salt_len + what->more_salt);
    const struct sig_draft draft = {version,          what->type,     by->public.algo, hash,
                                    buf_view(hashed), what->unhashed, buf_view(salt)};
    sig_write_signed_part(body, &draft);
    OK(sig_digest_start(hash, draft.salt, &d));
    if (t != NULL)
        target_digest(t, draft.version, d);
    digest_update(d, document);
    sig_digest_trailer_of(d, draft.version, buf_view(body));
    struct slice value = digest_final(d, digest);
    OK(pk_sign(by->public.algo, by->public.material, by->secret, world_system(), hash, value,
               fields));
    if (what->forged)
        fields->data[fields->len - 1] ^= 1;
    sig_write_rest(body, &draft, value, buf_view(fields));
    return buf_view(body);
}

struct slice craft_sign(const struct craft_key *by, const struct target *t,
                        const struct craft_sig *what)
{
    return sign(by, t, SLICE_EMPTY, what);
}

struct slice craft_sign_document(const struct craft_key *by, struct slice document,
                                 const struct craft_sig *what)
{
    struct buf *packet = unit_keep();
    packet_write(packet, PACKET_SIGNATURE, sign(by, NULL, document, what));
    return buf_view(packet);
}

/* Certificates */

struct craft craft_start(const struct craft_key *primary)
{
    struct craft c = {
        .primary = primary, .target = {.primary = primary->public.body}, .packets = unit_keep()};
    craft_packet(&c, PACKET_PUBLIC_KEY, primary->public.body);
    return c;
}

void craft_packet(struct craft *c, uint8_t type, struct slice body)
{
    packet_write(c->packets, type, body);
}

void craft_user(struct craft *c, const char *id)
{
    c->target = (struct target){
        .primary = c->primary->public.body, .user = slice_of_string(id), .has_user = true};
    craft_packet(c, PACKET_USER_ID, c->target.user);
}

void craft_subkey(struct craft *c, const struct craft_key *k)
{
    c->target = (struct target){.primary = c->primary->public.body, .subkey = k->public.body};
    craft_packet(c, PACKET_PUBLIC_SUBKEY, k->public.body);
}

void craft_sign_it(struct craft *c, const struct craft_sig *what)
{
    const struct craft_key *by = what->by != NULL ? what->by : c->primary;
    craft_packet(c, PACKET_SIGNATURE, craft_sign(by, &c->target, what));
}

struct slice craft_back(const struct craft *c, const struct craft_key *by,
                        const struct craft_sig *what)
{
    struct craft_sig back = *what;
    back.type = back.type != 0 ? back.type : SIG_PRIMARY_BINDING;
    return craft_sign(by, &c->target, &back);
}

struct cert *craft_cert(const struct craft *c)
{
    struct cert *cert = NULL;
    OK(cert_parse(buf_view(c->packets), &cert));
    return cert;
}

struct craft_view craft_look(const struct craft *c, int64_t at)
{
    struct craft_view v = {.cert = craft_cert(c)};
    OK(bind_cert(v.cert, &policy_default, at, &v.bound));
    return v;
}

void craft_view_clear(struct craft_view *v)
{
    bound_cert_free(v->bound);
    cert_free(v->cert);
}

void craft_problem(const err *e, const char *expected, const char *file, int line)
{
    char text[1024];
    err_text(e, text, sizeof text);
    bool as_expected = expected == NULL
                           ? e == NULL
                           : err_kind_of(e) == ERR_POLICY && strstr(text, expected) != NULL;
    if (as_expected)
        return;
    print_error("problem: %s\nnot: %s\n", e == NULL ? "none" : text,
                expected == NULL ? "none" : expected);
    _fail(file, line);
}
