#include "pgp/renew.h"

#include "pgp/edit.h"
#include "pgp/keygen.h"
#include "pgp/unlock.h"

enum {
    DAY = 86400,
    PERIOD_MIN = DAY, /* what was to end at once is taken for a mistake */
    SUBPACKETS_MAX = 1 << 16,
    BODY_MAX = 1 << 17,
};

struct renewal {
    const struct renew_params *params;
    struct policy policy;    /* under which the key is read; see below */
    struct bound_cert *seen; /* the key under that policy */
    int64_t now;
    struct signer primary;
    struct secret *passphrase; /* of the primary key; NULL: none */
    struct buf packets;        /* what comes to the key */
};

static void renewal_clear(struct renewal *r)
{
    bound_cert_free(r->seen);
    signer_clear(&r->primary);
    secret_free(r->passphrase);
    buf_clear(&r->packets);
}

/* What holds only because SHA-1 once was good enough is what there is to renew: the owner,
 * who has the key in hand, has made it.  MD5 is never believed. */
static err *read_key(struct renewal *r, const struct cert *c)
{
    r->policy = *r->params->keys.policy;
    r->policy.sha1_certs_until = INT64_MAX;
    r->now = world_now(r->params->keys.world);
    r->packets = BUF_EMPTY(CERT_MAX);
    return bind_cert(c, &r->policy, r->now, &r->seen);
}

/* True, and the error is gone. */
static bool is_refused(err *e)
{
    bool refused = e != NULL;
    err_free(e);
    return refused;
}

/* What is not may be newer than we are, and must not be taken for too weak. */
static bool is_known(const struct pubkey *key)
{
    return pk_find(key->algo) != NULL && pk_bits(key->algo, key->material) != 0;
}

/* The primary key. */

static err *bad_primary(err *e)
{
    return err_hint(err_wrap(err_as(e, ERR_BAD_PRIMARY), "the primary key"),
                    "make a new key, and revoke this one if it is not yet");
}

static err *check_primary(const struct renewal *r)
{
    const struct bound *x = &r->seen->items[0];
    const struct pubkey *key = &x->component->key;
    if (x->revocation != NULL)
        return bad_primary(err_new(ERR_BAD_PRIMARY, "it is revoked"));
    if (key->version != 4 && key->version != 6)
        return bad_primary(
            err_new(ERR_BAD_PRIMARY, "version %u is not written any more", key->version));
    if (key->created_at > r->now)
        return bad_primary(err_new(ERR_BAD_PRIMARY, "it was created in the future"));
    err *e = policy_check_key(r->params->keys.policy, key);
    if (e != NULL)
        return is_known(key) ? bad_primary(e) : err_as(e, ERR_UNSUPPORTED);
    if (!pk_can_sign(key->algo))
        return bad_primary(
            err_new(ERR_BAD_PRIMARY, "%s signatures are not made any more", pk_name(key->algo)));
    return NULL;
}

static err *unlock_primary(struct renewal *r)
{
    const struct signer_params *k = &r->params->keys;
    const struct cert *c = r->seen->cert;
    r->primary = (struct signer){.cert = c, .key = cert_primary(c)};
    err *e = unlock_key_with(c, &c->components.items[0], k->finder, k->limits, &r->primary.secret,
                             &r->passphrase);
    return err_kind_of(e) == ERR_NOT_FOUND ? bad_primary(e) : e;
}

/* What is due. */

static bool is_weak(const struct renewal *r, const struct sig *s)
{
    return !policy_accepts_hash(r->params->keys.policy, s->hash_algo, POLICY_CERTS, r->now);
}

static bool is_half_over(const struct renewal *r, int64_t from, int64_t until)
{
    return until != 0 && until - r->now <= (until - from) / 2;
}

static int64_t key_ends_at(const struct sig *s, const struct pubkey *key)
{
    return s->key_expires_after == 0 ? 0 : (int64_t)key->created_at + s->key_expires_after;
}

static bool key_ends_soon(const struct renewal *r, const struct sig *s, const struct pubkey *key)
{
    return is_half_over(r, s->created_at, key_ends_at(s, key));
}

static bool is_due(const struct renewal *r, const struct sig *s)
{
    return is_weak(r, s) || is_half_over(r, s->created_at, sig_expires_at(s));
}

/* Does this signature speak for the whole certificate [RFC9580 5.2.3.10]?  In v4 any with
 * such information does. */
static bool speaks_for_key(const struct renewal *r, const struct sig *s)
{
    if (cert_primary(r->seen->cert)->version == 6)
        return s == r->seen->direct;
    return s->has_key_flags || s->has_features || s == r->seen->user_sig;
}

static uint32_t announced(const struct renewal *r, const struct sig *s)
{
    if (s != NULL && s->has_features)
        return s->features;
    return cert_primary(r->seen->cert)->version == 6 ? FEATURE_SEIPD1 | FEATURE_SEIPD2 : 0;
}

static bool lacks_features(const struct renewal *r, const struct sig *s)
{
    return !r->params->no_added_capabilities && speaks_for_key(r, s) &&
           (announced(r, s) & FEATURE_SEIPD2) == 0;
}

/* Signing again. */

/* Is this written anew, and not taken over? */
static bool is_written_anew(uint8_t type, bool with_preferences)
{
    switch (type) {
    case SUB_CREATED:
    case SUB_ISSUER:
    case SUB_ISSUER_FPR:
    case SUB_KEY_EXPIRES:
    case SUB_EMBEDDED:
        return true;
    case SUB_FEATURES:
    case SUB_PREFERRED_CIPHERS:
    case SUB_PREFERRED_AEAD:
    case SUB_PREFERRED_HASHES:
    case SUB_PREFERRED_COMPRESSION:
        return with_preferences;
    default:
        return false;
    }
}

static void copy_subpackets(const struct sig *s, bool with_preferences, struct buf *b)
{
    struct reader r = reader_init(s->hashed, "hashed subpackets");
    while (reader_left(&r) > 0 && !reader_failed(&r)) {
        struct subpacket p = subpacket_next(&r);
        if (!reader_failed(&r) && !is_written_anew(p.type, with_preferences))
            subpacket_write(b, p.type, p.critical, p.body);
    }
}

/* For as long again as it was to last; at most up to the end of OpenPGP's time. */
static void write_key_end(const struct renewal *r, int64_t from, int64_t until,
                          const struct pubkey *key, struct buf *b)
{
    int64_t period = until - from > PERIOD_MIN ? until - from : PERIOD_MIN;
    int64_t after = r->now + period - (int64_t)key->created_at;
    subpacket_write_u32(b, SUB_KEY_EXPIRES, true,
                        after > UINT32_MAX ? UINT32_MAX : (uint32_t)after);
}

static void write_end(const struct renewal *r, const struct sig *s, const struct pubkey *key,
                      bool extend, struct buf *b)
{
    if (extend && s->key_expires_after != 0)
        write_key_end(r, s->created_at, key_ends_at(s, key), key, b);
    else if (s->has_key_expiry)
        subpacket_write_u32(b, SUB_KEY_EXPIRES, true, s->key_expires_after);
}

static err *sign(struct renewal *r, enum sig_type type, const struct component *on,
                 const struct buf *subpackets)
{
    TRY(buf_end(subpackets));
    const struct issue i = {.signer = &r->primary,
                            .type = type,
                            .target = cert_target(r->seen->cert, on),
                            .subpackets = buf_view(subpackets),
                            .world = r->params->keys.world,
                            .at = (uint32_t)r->now};
    return issue_packet(&i, &r->packets);
}

/* Primary key and user IDs. */

static err *renew_self_signature(struct renewal *r, const struct component *on, const struct sig *s)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(SUBPACKETS_MAX);
    bool add = lacks_features(r, s);
    const struct pubkey *key = cert_primary(r->seen->cert);
    if (!add && !is_due(r, s) && !key_ends_soon(r, s, key))
        return NULL;
    if (on->kind != COMPONENT_PRIMARY)
        packet_write(&r->packets, on->packet.type, on->packet.body);
    copy_subpackets(s, add, &subpackets);
    write_end(r, s, key, key_ends_soon(r, s, key), &subpackets);
    if (add)
        keygen_write_preferences((uint8_t)(announced(r, s) | FEATURE_SEIPD1 | FEATURE_SEIPD2),
                                 &subpackets);
    return sign(r, (enum sig_type)s->type, on, &subpackets);
}

/* Where nothing that holds speaks for the key. */
static err *sign_direct(struct renewal *r)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(SUBPACKETS_MAX);
    const struct bound *x = &r->seen->items[0];
    const struct pubkey *key = &x->component->key;
    uint32_t features = bound_features(r->seen) | FEATURE_SEIPD1;
    if (!r->params->no_added_capabilities)
        features |= FEATURE_SEIPD2;
    subpacket_write_u8(&subpackets, SUB_KEY_FLAGS, true, (uint8_t)x->key_flags);
    if (x->expires_at != 0)
        write_key_end(r, key->created_at, x->expires_at, key, &subpackets);
    keygen_write_preferences((uint8_t)features, &subpackets);
    return sign(r, SIG_DIRECT_KEY, x->component, &subpackets);
}

static err *renew_primary(struct renewal *r)
{
    const struct bound_cert *b = r->seen;
    bool v6 = cert_primary(b->cert)->version == 6;
    if (b->direct != NULL)
        return renew_self_signature(r, b->items[0].component, b->direct);
    return v6 || b->user_sig == NULL ? sign_direct(r) : NULL;
}

static err *renew_users(struct renewal *r)
{
    for (size_t i = 0; i < r->seen->n; i++) {
        const struct bound *x = &r->seen->items[i];
        enum component_kind kind = x->component->kind;
        bool is_user = kind == COMPONENT_USER_ID || kind == COMPONENT_USER_ATTRIBUTE;
        if (is_user && x->problem == NULL)
            TRY(renew_self_signature(r, x->component, x->binding));
    }
    return NULL;
}

/* Subkeys. */

/* Bound to the key and not revoked, though it may be expired. */
static bool belongs(const struct bound *x)
{
    bool is_key = x->component->kind == COMPONENT_SUBKEY;
    return is_key && x->binding != NULL && x->revocation == NULL;
}

static bool is_strong(const struct renewal *r, const struct pubkey *key)
{
    return !is_refused(policy_check_key(r->params->keys.policy, key));
}

static bool is_expired(const struct renewal *r, const struct bound *x)
{
    return x->expires_at != 0 && x->expires_at <= r->now;
}

/* Is there a newer one that does all that it does?  That is or becomes valid, and this one
 * ends as it was to end. */
static bool is_superseded(const struct renewal *r, const struct bound *x)
{
    for (size_t i = 0; i < r->seen->n; i++) {
        const struct bound *y = &r->seen->items[i];
        if (y == x || !belongs(y) || !is_strong(r, &y->component->key))
            continue;
        uint32_t made = x->component->key.created_at, later = y->component->key.created_at;
        bool newer = later > made || (later == made && y > x);
        if (newer && (x->key_flags & ~y->key_flags) == 0)
            return true;
    }
    return false;
}

/* Not what anybody should use: too short, or neither signed with nor encrypted to any
 * more. */
static bool is_deprecated(const struct renewal *r, const struct pubkey *key)
{
    bool used = pk_can_sign(key->algo) || pk_can_encrypt(key->algo);
    return is_known(key) && (!used || !is_strong(r, key));
}

static bool confirmation_is_weak(const struct renewal *r, const struct sig *binding)
{
    struct subpacket embedded;
    size_t cursor = 0;
    while (sig_next_embedded(binding, &cursor, &embedded)) {
        struct sig back;
        if (!is_refused(sig_parse(embedded.body, &back)) && !is_weak(r, &back))
            return false;
    }
    return true;
}

static bool signs(const struct bound *x)
{
    return x->binding->has_key_flags && (x->binding->key_flags & FLAG_SIGN) != 0;
}

/* The subkey's own word that it belongs to the primary key [RFC9580 5.2.1.8]. */
static err *confirm(struct renewal *r, const struct bound *x, struct buf *subpackets)
{
    const struct signer_params *k = &r->params->keys;
    CLEANUP(signer_clear) struct signer subkey = {.key = &x->component->key};
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(BODY_MAX);
    const struct issue back = {.signer = &subkey,
                               .type = SIG_PRIMARY_BINDING,
                               .target = cert_target(r->seen->cert, x->component),
                               .world = k->world,
                               .at = (uint32_t)r->now};
    TRY(unlock_key(r->seen->cert, x->component, k->finder, k->limits, &subkey.secret));
    TRY(issue_body(&back, &body));
    subpacket_write(subpackets, SUB_EMBEDDED, true, buf_view(&body));
    return NULL;
}

static void copy_confirmations(const struct sig *binding, struct buf *subpackets)
{
    struct subpacket embedded;
    size_t cursor = 0;
    while (sig_next_embedded(binding, &cursor, &embedded))
        subpacket_write(subpackets, SUB_EMBEDDED, embedded.critical, embedded.body);
}

static err *bind_again(struct renewal *r, const struct bound *x, bool extend)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(SUBPACKETS_MAX);
    const struct component *on = x->component;
    copy_subpackets(x->binding, false, &subpackets);
    write_end(r, x->binding, &on->key, extend, &subpackets);
    if (signs(x) && unlock_is_here(on) && pk_can_sign(on->key.algo))
        TRY(confirm(r, x, &subpackets));
    else
        copy_confirmations(x->binding, &subpackets);
    packet_write(&r->packets, PACKET_PUBLIC_SUBKEY, on->key.body);
    return sign(r, SIG_SUBKEY_BINDING, on, &subpackets);
}

static err *renew_subkey(struct renewal *r, const struct bound *x)
{
    bool superseded = is_superseded(r, x);
    bool extend = !superseded && key_ends_soon(r, x->binding, &x->component->key);
    bool confirms = signs(x) && unlock_is_here(x->component);
    bool due = is_due(r, x->binding) || (confirms && confirmation_is_weak(r, x->binding));
    if (superseded && is_expired(r, x))
        return NULL;
    return due || extend ? bind_again(r, x, extend) : NULL;
}

static err *revoke_subkey(struct renewal *r, const struct component *subkey)
{
    const struct issue i = {.signer = &r->primary,
                            .target = cert_target(r->seen->cert, subkey),
                            .world = r->params->keys.world,
                            .at = (uint32_t)r->now};
    packet_write(&r->packets, PACKET_PUBLIC_SUBKEY, subkey->key.body);
    return issue_revocation(&i, REVOKED_SUPERSEDED, "not strong enough any more", &r->packets);
}

static err *renew_subkeys(struct renewal *r)
{
    for (size_t i = 0; i < r->seen->n; i++) {
        const struct bound *x = &r->seen->items[i];
        if (!belongs(x))
            continue;
        if (is_deprecated(r, &x->component->key)) {
            if (r->params->revoke_deprecated)
                TRY(revoke_subkey(r, x->component));
        } else if (is_strong(r, &x->component->key)) {
            TRY(renew_subkey(r, x));
        }
    }
    return NULL;
}

/* A subkey for encryption. */

static bool is_for_encryption(const struct bound *x)
{
    bool is_primary = x->component->kind == COMPONENT_PRIMARY;
    return (is_primary || belongs(x)) && (x->key_flags & FLAG_ENCRYPT) != 0;
}

/* Whatever belongs to it and was expired has been extended by now. */
static bool lacks_encryption(const struct renewal *r)
{
    bool had = false;
    for (size_t i = 0; i < r->seen->n; i++) {
        const struct bound *x = &r->seen->items[i];
        if (!is_for_encryption(x))
            continue;
        had = true;
        if (pk_can_encrypt(x->component->key.algo) && is_strong(r, &x->component->key))
            return false;
    }
    return had || !(r->params->signing_only || r->params->no_added_capabilities);
}

static err *add_encryption(struct renewal *r)
{
    CLEANUP(newkey_clear) struct newkey k = {0};
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(SUBPACKETS_MAX);
    const struct world *w = r->params->keys.world;
    const struct newkey_kind kind = keygen_subkey_kind(keygen_profile_like(r->primary.key));
    TRY(newkey_make(&kind, (uint32_t)r->now, w, &k));
    TRY(newkey_write(&k, PACKET_SECRET_SUBKEY, r->passphrase, w, &r->packets));
    subpacket_write_u8(&subpackets, SUB_KEY_FLAGS, true, FLAG_ENCRYPT);
    const struct component subkey = {.kind = COMPONENT_SUBKEY, .key = k.public};
    return sign(r, SIG_SUBKEY_BINDING, &subkey, &subpackets);
}

err *renew_key(const struct cert *c, const struct renew_params *p, struct cert **out)
{
    CLEANUP(renewal_clear) struct renewal r = {.params = p};
    TRY(read_key(&r, c));
    TRY(check_primary(&r));
    TRY(unlock_primary(&r));
    TRY(renew_primary(&r));
    TRY(renew_users(&r));
    TRY(renew_subkeys(&r));
    if (lacks_encryption(&r))
        TRY(add_encryption(&r));
    TRY(buf_end(&r.packets));
    return edit_add(c, buf_view(&r.packets), out);
}
