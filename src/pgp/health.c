#include "pgp/health.h"

#include "crypto/algo.h"
#include "pgp/selfsig.h"

struct look {
    const struct policy *policy; /* what counts for what is signed today */
    int64_t now, within;
    struct health *health;
};

void health_clear(struct health *h)
{
    bound_cert_free(h->seen);
    vec_free(&h->findings);
    *h = (struct health){0};
}

bool health_is_mended_by_signing(enum health_code code)
{
    return code == HEALTH_WEAK_SIGNATURE;
}

static err *find(struct look *l, enum health_code code, const struct bound *on)
{
    const struct health_finding f = {.code = code, .on = on};
    return VEC_PUSH(&l->health->findings, f);
}

/* Time. */

static bool has_ended(const struct look *l, const struct bound *x)
{
    return x->expires_at != 0 && x->expires_at <= l->now;
}

static bool ends_soon(const struct look *l, const struct bound *x)
{
    return x->expires_at != 0 && x->expires_at - l->now <= l->within;
}

static err *look_at_end(struct look *l, const struct bound *x)
{
    if (has_ended(l, x))
        return find(l, HEALTH_EXPIRED, x);
    return ends_soon(l, x) ? find(l, HEALTH_EXPIRES_SOON, x) : NULL;
}

/* Strength. */

static err *look_at_key(struct look *l, const struct bound *x)
{
    bool known = pk_find(x->component->key.algo) != NULL;
    return known && !policy_accepts_key(l->policy, &x->component->key) ? find(l, HEALTH_WEAK_KEY, x)
                                                                       : NULL;
}

static err *look_at_signature(struct look *l, const struct bound *x, const struct sig *s)
{
    bool weak = s != NULL && (!policy_accepts_hash(l->policy, s->hash_algo, POLICY_CERTS, l->now) ||
                              selfsig_is_weakly_confirmed(s, l->policy, l->now));
    const struct health_finding f = {.code = HEALTH_WEAK_SIGNATURE, .on = x, .sig = s};
    return weak ? VEC_PUSH(&l->health->findings, f) : NULL;
}

/* Forms whose passphrase is tried out faster, or that let the secret be changed unnoticed
 * [RFC9580 3.7.2.1].  Versions that are not written any more stay as they are. */
static err *look_at_secret(struct look *l, const struct bound *x)
{
    const struct seckey *k = &x->component->secret;
    bool protected = x->component->has_secret && k->state == SECKEY_PROTECTED;
    bool written = k->public.version == 4 || k->public.version == 6;
    if (!protected || !written)
        return NULL;
    bool malleable = k->usage != SECKEY_AEAD && k->usage != SECKEY_CFB;
    bool fast = k->s2k.type != S2K_ITERATED && k->s2k.type != S2K_ARGON2;
    bool weak_hash = k->s2k.type == S2K_ITERATED && k->s2k.hash == HASH_MD5;
    return malleable || fast || weak_hash ? find(l, HEALTH_OLD_PROTECTION, x) : NULL;
}

/* The parts. */

static bool is_signed(const struct look *l, const struct component *x)
{
    for (size_t i = 0; i < x->sigs.n; i++) {
        const struct cert_sig *s = &x->sigs.items[i];
        if (s->parsed && selfsig_is_by_primary(l->health->seen->cert, &s->sig))
            return true;
    }
    return false;
}

/* What nobody but a stranger has signed is not the owner's business. */
static err *look_at_unbound(struct look *l, const struct bound *x)
{
    return is_signed(l, x->component) ? find(l, HEALTH_INVALID, x) : NULL;
}

static err *look_at_primary(struct look *l, const struct bound *x)
{
    TRY(look_at_end(l, x));
    TRY(look_at_key(l, x));
    TRY(look_at_secret(l, x));
    return look_at_signature(l, x, l->health->seen->direct);
}

static err *look_at_user(struct look *l, const struct bound *x)
{
    if (x->revocation != NULL)
        return NULL;
    return x->binding == NULL ? look_at_unbound(l, x) : look_at_signature(l, x, x->binding);
}

static bool ends_later(const struct bound *x, const struct bound *than)
{
    return than->expires_at != 0 && (x->expires_at == 0 || x->expires_at > than->expires_at);
}

/* Does another one all that this one does, for longer?  Its owner has let it go then, and is
 * not told to bring it back. */
static bool is_replaced(const struct look *l, const struct bound *x)
{
    const struct bound_cert *b = l->health->seen;
    for (size_t i = 0; i < b->n; i++) {
        const struct bound *y = &b->items[i];
        bool other = y != x && y->component->kind == COMPONENT_SUBKEY && y->problem == NULL;
        if (other && ends_later(y, x) && (x->key_flags & ~y->key_flags) == 0 &&
            policy_accepts_key(l->policy, &y->component->key))
            return true;
    }
    return false;
}

static err *look_at_subkey(struct look *l, const struct bound *x)
{
    if (x->revocation != NULL)
        return NULL;
    if (x->binding == NULL)
        return look_at_unbound(l, x);
    if (!is_replaced(l, x)) {
        TRY(look_at_end(l, x));
        TRY(look_at_key(l, x));
    }
    TRY(look_at_secret(l, x));
    return has_ended(l, x) ? NULL : look_at_signature(l, x, x->binding);
}

static err *look_at(struct look *l, const struct bound *x)
{
    switch (x->component->kind) {
    case COMPONENT_PRIMARY:
        return look_at_primary(l, x);
    case COMPONENT_USER_ID:
    case COMPONENT_USER_ATTRIBUTE:
        return look_at_user(l, x);
    case COMPONENT_SUBKEY:
        return look_at_subkey(l, x);
    default:
        return NULL;
    }
}

static bool can_be_encrypted_to(const struct component *key)
{
    return pk_can_encrypt(key->key.algo);
}

/* A key that was made to sign only is as its owner wants it. */
static err *look_for_encryption(struct look *l)
{
    const struct bound_cert *b = l->health->seen;
    bool had = false;
    for (size_t i = 0; i < b->n; i++)
        had = had || (b->items[i].key_flags & FLAG_ENCRYPT) != 0;
    if (!had || bound_problem(b) != NULL)
        return NULL;
    if (bound_find_key_that(b, FLAG_ENCRYPT, PK_ENCRYPTS, can_be_encrypted_to) != NULL)
        return NULL;
    return find(l, HEALTH_NO_ENCRYPTION, &b->items[0]);
}

err *health_look(const struct cert *c, const struct policy *p, int64_t now, int64_t within,
                 struct health *out)
{
    struct look l = {.policy = p, .now = now, .within = within, .health = out};
    *out = (struct health){.policy = *p};
    out->policy.sha1_certs_until = INT64_MAX;
    TRY(bind_cert(c, &out->policy, now, &out->seen));
    if (out->seen->items[0].revocation != NULL)
        return NULL;
    for (size_t i = 0; i < out->seen->n; i++)
        TRY(look_at(&l, &out->seen->items[i]));
    return look_for_encryption(&l);
}
