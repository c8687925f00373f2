#include "pgp/renew.h"

#include "pgp/edit.h"
#include "pgp/keygen.h"
#include "pgp/owner.h"
#include "pgp/selfsig.h"
#include "pgp/unlock.h"

enum {
    DAY = 86400,
    PERIOD_MIN = DAY, /* what was to end at once is taken for a mistake */
};

struct renewal {
    const struct renew_params *params;
    struct owner owner;
};

static void renewal_clear(struct renewal *r)
{
    owner_clear(&r->owner);
}

/* What is due. */

static bool is_weak(const struct renewal *r, const struct sig *s)
{
    return !policy_accepts_hash(r->params->keys.policy, s->hash_algo, POLICY_CERTS, r->owner.now);
}

static bool is_half_over(const struct renewal *r, int64_t from, int64_t until)
{
    bool ends = until != 0 && !r->params->only_weak;
    return ends && until - r->owner.now <= (until - from) / 2;
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

static uint32_t announced(const struct renewal *r, const struct sig *s)
{
    if (s != NULL && s->has_features)
        return s->features;
    return cert_primary(r->owner.seen->cert)->version == 6 ? FEATURE_SEIPD1 | FEATURE_SEIPD2 : 0;
}

static bool lacks_features(const struct renewal *r, const struct sig *s)
{
    bool add = !r->params->no_added_capabilities && !r->params->only_weak;
    return add && owner_speaks_for_key(&r->owner, s) && (announced(r, s) & FEATURE_SEIPD2) == 0;
}

/* Signing again. */

/* The subpackets that stay as they are, without the key's expiry. */
static void copy_subpackets(const struct sig *s, bool with_preferences, struct buf *b)
{
    static const uint8_t but_end[] = {SUB_KEY_EXPIRES, 0};
    static const uint8_t but_preferences[] = {SUB_KEY_EXPIRES,
                                              SUB_FEATURES,
                                              SUB_PREFERRED_CIPHERS,
                                              SUB_PREFERRED_AEAD,
                                              SUB_PREFERRED_HASHES,
                                              SUB_PREFERRED_COMPRESSION,
                                              0};
    owner_copy(s, with_preferences ? but_preferences : but_end, b);
}

/* For as long again as it was to last, at most up to the end of OpenPGP's time: in seconds
 * after the key was made. */
static uint32_t later_end(const struct renewal *r, int64_t from, int64_t until,
                          const struct pubkey *key)
{
    int64_t period = until - from > PERIOD_MIN ? until - from : PERIOD_MIN;
    int64_t after = r->owner.now + period - (int64_t)key->created_at;
    return after > UINT32_MAX ? UINT32_MAX : (uint32_t)after;
}

static void write_end(const struct renewal *r, const struct sig *s, const struct pubkey *key,
                      bool extend, struct buf *b)
{
    if (extend && s->key_expires_after != 0)
        subpacket_write_u32(b, SUB_KEY_EXPIRES, true,
                            later_end(r, s->created_at, key_ends_at(s, key), key));
    else if (s->has_key_expiry)
        subpacket_write_u32(b, SUB_KEY_EXPIRES, true, s->key_expires_after);
}

/* Primary key and user IDs. */

static err *renew_self_signature(struct renewal *r, const struct component *on, const struct sig *s)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(OWNER_SUBPACKETS_MAX);
    bool add = lacks_features(r, s);
    const struct pubkey *key = cert_primary(r->owner.seen->cert);
    if (!add && !is_due(r, s) && !key_ends_soon(r, s, key))
        return NULL;
    if (on->kind != COMPONENT_PRIMARY)
        packet_write(&r->owner.packets, on->packet.type, on->packet.body);
    copy_subpackets(s, add, &subpackets);
    write_end(r, s, key, key_ends_soon(r, s, key), &subpackets);
    if (add)
        keygen_write_preferences((uint8_t)(announced(r, s) | FEATURE_SEIPD1 | FEATURE_SEIPD2),
                                 &subpackets);
    return owner_sign(&r->owner, (enum sig_type)s->type, on, &subpackets);
}

/* Where nothing that holds speaks for the key. */
static err *sign_direct(struct renewal *r)
{
    const struct bound *x = &r->owner.seen->items[0];
    const struct pubkey *key = &x->component->key;
    uint32_t features = bound_features(r->owner.seen) | FEATURE_SEIPD1;
    uint32_t end = x->expires_at != 0 ? later_end(r, key->created_at, x->expires_at, key) : 0;
    if (!r->params->no_added_capabilities)
        features |= FEATURE_SEIPD2;
    return owner_sign_direct(&r->owner, (uint8_t)features, end);
}

static err *renew_primary(struct renewal *r)
{
    const struct bound_cert *b = r->owner.seen;
    bool v6 = cert_primary(b->cert)->version == 6;
    if (b->direct != NULL)
        return renew_self_signature(r, b->items[0].component, b->direct);
    bool needed = (v6 || b->user_sig == NULL) && !r->params->only_weak;
    return needed ? sign_direct(r) : NULL;
}

static err *renew_users(struct renewal *r)
{
    for (size_t i = 0; i < r->owner.seen->n; i++) {
        const struct bound *x = &r->owner.seen->items[i];
        enum component_kind kind = x->component->kind;
        bool is_user = kind == COMPONENT_USER_ID || kind == COMPONENT_USER_ATTRIBUTE;
        if (is_user && x->problem == NULL)
            TRY(renew_self_signature(r, x->component, x->binding));
    }
    return NULL;
}

/* Subkeys. */

static bool is_expired(const struct renewal *r, const struct bound *x)
{
    return x->expires_at != 0 && x->expires_at <= r->owner.now;
}

/* Not what anybody should use: too short, or neither signed with nor encrypted to any
 * more. */
static bool is_deprecated(const struct renewal *r, const struct pubkey *key)
{
    bool used = pk_can_sign(key->algo) || pk_can_encrypt(key->algo);
    return owner_knows(key) && (!used || !owner_finds_strong(&r->owner, key));
}

static bool signs(const struct bound *x)
{
    return x->binding->has_key_flags && (x->binding->key_flags & FLAG_SIGN) != 0;
}

static err *bind_again(struct renewal *r, const struct bound *x, bool extend)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(OWNER_SUBPACKETS_MAX);
    copy_subpackets(x->binding, false, &subpackets);
    write_end(r, x->binding, &x->component->key, extend, &subpackets);
    return owner_bind_again(&r->owner, x, &subpackets);
}

static err *renew_subkey(struct renewal *r, const struct bound *x)
{
    bool superseded = owner_has_newer(&r->owner, x);
    bool extend = !superseded && key_ends_soon(r, x->binding, &x->component->key);
    bool confirms = signs(x) && unlock_is_here(x->component);
    bool due = is_due(r, x->binding) ||
               (confirms &&
                selfsig_is_weakly_confirmed(x->binding, r->params->keys.policy, r->owner.now));
    if (superseded && is_expired(r, x))
        return NULL;
    return due || extend ? bind_again(r, x, extend) : NULL;
}

static err *renew_subkeys(struct renewal *r)
{
    for (size_t i = 0; i < r->owner.seen->n; i++) {
        const struct bound *x = &r->owner.seen->items[i];
        if (!owner_owns(x))
            continue;
        if (is_deprecated(r, &x->component->key)) {
            if (r->params->revoke_deprecated)
                TRY(owner_revoke(&r->owner, x->component, REVOKED_SUPERSEDED,
                                 "not strong enough any more"));
        } else if (owner_finds_strong(&r->owner, &x->component->key)) {
            TRY(renew_subkey(r, x));
        }
    }
    return NULL;
}

/* A subkey for encryption. */

static bool is_for_encryption(const struct bound *x)
{
    bool is_primary = x->component->kind == COMPONENT_PRIMARY;
    return (is_primary || owner_owns(x)) && (x->key_flags & FLAG_ENCRYPT) != 0;
}

/* Whatever belongs to it and was expired has been extended by now. */
static bool lacks_encryption(const struct renewal *r)
{
    bool had = false;
    if (r->params->only_weak)
        return false;
    for (size_t i = 0; i < r->owner.seen->n; i++) {
        const struct bound *x = &r->owner.seen->items[i];
        if (!is_for_encryption(x))
            continue;
        had = true;
        if (pk_can_encrypt(x->component->key.algo) &&
            owner_finds_strong(&r->owner, &x->component->key))
            return false;
    }
    return had || !(r->params->signing_only || r->params->no_added_capabilities);
}

static err *add_encryption(struct renewal *r)
{
    const struct newkey_kind kind = keygen_subkey_kind(keygen_profile_like(r->owner.primary.key));
    return owner_add_subkey(&r->owner, &kind, FLAG_ENCRYPT, 0);
}

err *renew_key(const struct cert *c, const struct renew_params *p, struct cert **out)
{
    CLEANUP(renewal_clear) struct renewal r = {.params = p};
    TRY(owner_open(c, &p->keys, world_now(p->keys.world), &r.owner));
    TRY(renew_primary(&r));
    TRY(renew_users(&r));
    TRY(renew_subkeys(&r));
    if (lacks_encryption(&r))
        TRY(add_encryption(&r));
    TRY(buf_end(&r.owner.packets));
    return edit_add(c, buf_view(&r.owner.packets), out);
}
