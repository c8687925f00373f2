#include "pgp/bind.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "pgp/revocation.h"

void bound_cert_free(struct bound_cert *b)
{
    if (b == NULL)
        return;
    for (size_t i = 0; i < b->n; i++) {
        err_free(b->items[i].problem);
        err_free(b->items[i].note);
    }
    free(b->items);
    free(b);
}

/* Keys. */

/* What a key may do if nobody says: what it can [as programs before flags did]. */
static uint32_t default_flags(const struct pubkey *k, bool primary)
{
    uint32_t flags = primary ? FLAG_CERTIFY : 0;
    if (pk_can(k->algo, PK_SIGNS) && primary)
        flags |= FLAG_SIGN;
    if (pk_can(k->algo, PK_ENCRYPTS))
        flags |= FLAG_ENCRYPT;
    return flags;
}

static err *expired(int64_t at)
{
    char date[WHEN_TEXT_SIZE];
    when_date(at, date);
    return err_hint(err_new(ERR_POLICY, "expired on %s", date),
                    "ask the owner for a current copy of the certificate");
}

static err *not_yet(int64_t at)
{
    char date[WHEN_TEXT_SIZE];
    when_date(at, date);
    return err_hint(err_new(ERR_POLICY, "created in the future, on %s", date),
                    "check the date, and this computer's clock");
}

static err *check_lifetime(const struct binder *b, const struct pubkey *k, int64_t expires_at)
{
    if (k->created_at > b->at)
        return not_yet(k->created_at);
    if (expires_at != 0 && expires_at <= b->at)
        return expired(expires_at);
    return NULL;
}

/* Takes why over. */
static err *no_binding(const char *what, err *why)
{
    err *e = why == NULL ? err_new(ERR_POLICY, "%s", what) : err_wrap(why, "%s", what);
    return err_hint(e, "get the certificate again, from its owner");
}

/* Another signature holds, so this is no problem; but whoever made it will wonder. */
static void note_passed_over(struct bound *x, err **why)
{
    if (*why != NULL && x->note == NULL)
        x->note = err_wrap(TAKE(*why), "not accepted, so that an older one holds");
}

/* A binding without key flags leaves it to the direct key signature, which speaks for the
 * entire key [RFC9580 5.2.3.10]; but no subkey signs that has not confirmed it. */
static err *set_subkey_flags(const struct binder *b, const struct sig *direct, struct bound *x)
{
    const struct pubkey *k = &x->component->key;
    bool signs = direct != NULL && (direct->key_flags & FLAG_SIGN) != 0;
    x->key_flags = x->binding->has_key_flags ? x->binding->key_flags : default_flags(k, false);
    if (x->binding->has_key_flags || !signs || !pk_can(k->algo, PK_SIGNS))
        return NULL;
    TRY(selfsig_is_confirmed(b, x->component, x->binding, &signs));
    if (signs)
        x->key_flags |= FLAG_SIGN;
    return NULL;
}

static err *bind_subkey(const struct binder *b, const struct sig *direct, struct bound *x)
{
    AUTO(err_free) err *why = NULL;
    const struct pubkey *k = &x->component->key;
    TRY(selfsig_find(b, x->component, &x->binding, &why));
    TRY(revocation_find(b, x->component, x->binding, &x->revocation, &x->note));
    if (x->binding == NULL) {
        x->problem = no_binding("subkey without a valid binding signature", TAKE(why));
        return NULL;
    }
    note_passed_over(x, &why);
    TRY(set_subkey_flags(b, direct, x));
    if (x->binding->key_expires_after != 0)
        x->expires_at = (int64_t)k->created_at + x->binding->key_expires_after;
    x->problem = x->revocation != NULL ? revocation_problem(b->cert, x->revocation)
                                       : check_lifetime(b, k, x->expires_at);
    if (x->problem == NULL)
        x->problem = policy_check_key(b->policy, k);
    return NULL;
}

static err *bind_user(const struct binder *b, struct bound *x)
{
    AUTO(err_free) err *why = NULL;
    TRY(selfsig_find(b, x->component, &x->binding, &why));
    TRY(revocation_find(b, x->component, x->binding, &x->revocation, &x->note));
    if (x->revocation != NULL)
        x->problem = revocation_problem(b->cert, x->revocation);
    else if (x->binding == NULL)
        x->problem = no_binding("no valid self-signature", TAKE(why));
    else
        note_passed_over(x, &why);
    return NULL;
}

/* Usable before revoked, then marked as primary, then the newest. */
static bool is_better_user(const struct bound *x, const struct bound *than)
{
    if ((x->problem == NULL) != (than->problem == NULL))
        return x->problem == NULL;
    if (x->binding->primary_uid != than->binding->primary_uid)
        return x->binding->primary_uid;
    return x->binding->created_at > than->binding->created_at;
}

/* The user ID whose self-signature speaks for the key.  A revoked one still does
 * where there is no other: its revocation retires the name, not the key
 * [RFC9580 5.2.3.10]. */
static const struct bound *choose_user(const struct bound_cert *c)
{
    const struct bound *best = NULL;
    for (size_t i = 0; i < c->n; i++) {
        const struct bound *x = &c->items[i];
        bool candidate = x->component->kind == COMPONENT_USER_ID && x->binding != NULL;
        if (candidate && (best == NULL || is_better_user(x, best)))
            best = x;
    }
    return best;
}

/* The signatures that speak for the certificate as a whole, the weightier first:
 * in v4 the user ID's, in v6 the direct key signature. */
static void whole_cert_sigs(const struct bound_cert *c, const struct sig *out[2])
{
    bool v6 = cert_primary(c->cert)->version == 6;
    out[0] = v6 ? c->direct : c->user_sig;
    out[1] = v6 ? c->user_sig : c->direct;
}

/* 0: never. */
static uint32_t sooner(uint32_t a, uint32_t b)
{
    return a == 0 || (b != 0 && b < a) ? b : a;
}

/* If the two of a v4 key do not agree on when it expires, it is the sooner: GnuPG and RNP
 * judge so, too.  Of a v6 key only the direct key signature tells [RFC9580 5.2.3.10]. */
static void set_primary_attributes(const struct bound_cert *c, struct bound *x)
{
    const struct pubkey *k = &x->component->key;
    const struct sig *sigs[2];
    uint32_t expires_after = 0;
    bool has_flags = false;
    whole_cert_sigs(c, sigs);
    for (int i = 0; i < 2; i++) {
        if (sigs[i] == NULL)
            continue;
        if (!has_flags && sigs[i]->has_key_flags)
            x->key_flags = sigs[i]->key_flags | FLAG_CERTIFY;
        has_flags |= sigs[i]->has_key_flags;
        if (i == 0 || k->version < 6)
            expires_after = sooner(expires_after, sigs[i]->key_expires_after);
        if (x->binding == NULL)
            x->binding = sigs[i];
    }
    if (!has_flags)
        x->key_flags = default_flags(k, true);
    if (k->version < 4)
        expires_after = (uint32_t)k->valid_days * 86400;
    if (expires_after != 0)
        x->expires_at = (int64_t)k->created_at + expires_after;
}

/* The first user ID, which ought to have a valid self-signature; or NULL.  Key servers
 * strip certificates down to subkeys, and those are good all the same. */
static const struct bound *first_user(const struct bound_cert *c)
{
    for (size_t i = 0; i < c->n; i++) {
        enum component_kind kind = c->items[i].component->kind;
        if (kind == COMPONENT_USER_ID || kind == COMPONENT_USER_ATTRIBUTE)
            return &c->items[i];
    }
    return NULL;
}

/* Takes why over: the reason against the newest direct key signature. */
static err *check_self_signed(const struct bound_cert *c, err *why)
{
    AUTO(err_free) err *reason = why;
    if (c->direct != NULL)
        return NULL;
    /* [RFC9580 5.2.3.10] */
    if (cert_primary(c->cert)->version == 6)
        return no_binding("v6 key without a valid direct key signature", TAKE(reason));
    const struct bound *user = first_user(c);
    if (c->user_sig != NULL || (user == NULL && reason == NULL))
        return NULL;
    if (reason == NULL && user->revocation == NULL)
        return err_copy(user->problem);
    return no_binding("no valid self-signature", TAKE(reason));
}

static err *primary_problem(const struct binder *b, const struct bound *x)
{
    const struct pubkey *k = &x->component->key;
    if (x->revocation != NULL)
        return revocation_problem(b->cert, x->revocation);
    TRY(check_lifetime(b, k, x->expires_at));
    if (!pk_can(k->algo, PK_SIGNS)) /* [RFC9580 10.1.5] */
        return err_new(ERR_POLICY, "the primary key cannot sign");
    return policy_check_key(b->policy, k);
}

static const struct sig *newest_of(const struct sig *a, const struct sig *b)
{
    return a == NULL || (b != NULL && b->created_at > a->created_at) ? b : a;
}

/* The direct key signature that holds; `why` as for selfsig_find. */
static err *find_direct(const struct binder *b, struct bound_cert *c, err **why)
{
    TRY(selfsig_find(b, c->items[0].component, &c->direct, why));
    return revocation_drop(b, &c->direct, why);
}

static err *bind_primary(const struct binder *b, struct bound_cert *c, err **why)
{
    struct bound *x = &c->items[0];
    set_primary_attributes(c, x);
    TRY(revocation_find(b, x->component, newest_of(c->direct, c->user_sig), &x->revocation,
                        &x->note));
    if (c->direct != NULL)
        note_passed_over(x, why);
    x->problem = primary_problem(b, x);
    if (x->problem == NULL)
        x->problem = check_self_signed(c, TAKE(*why));
    return NULL;
}

static err *bind_component(const struct binder *b, const struct sig *direct, struct bound *x)
{
    switch (x->component->kind) {
    case COMPONENT_SUBKEY:
        return bind_subkey(b, direct, x);
    case COMPONENT_USER_ID:
    case COMPONENT_USER_ATTRIBUTE:
        return bind_user(b, x);
    case COMPONENT_PRIMARY:
        return NULL; /* last, since it depends on the user IDs */
    default:
        x->problem = err_new(ERR_POLICY, "not understood");
        return NULL;
    }
}

err *bind_cert(const struct cert *c, const struct policy *p, int64_t at, struct bound_cert **out)
{
    return bind_cert_past(c, p, at, at, out);
}

err *bind_cert_past(const struct cert *c, const struct policy *p, int64_t at, int64_t now,
                    struct bound_cert **out)
{
    CLEANUP(revoker_list_clear) struct revoker_list revokers = {0};
    const struct binder b = {
        .cert = c, .policy = p, .at = at, .now = now > at ? now : at, .revokers = &revokers};
    AUTO(bound_cert_free) struct bound_cert *made = NULL;
    AUTO(err_free) err *why = NULL;
    TRY(revoker_list_of(c, &revokers));
    TRY(MEM_NEW(made));
    made->cert = c;
    made->policy = p;
    made->at = at;
    TRY(MEM_ARRAY(made->items, c->components.n));
    made->n = c->components.n;
    for (size_t i = 0; i < made->n; i++)
        made->items[i].component = &c->components.items[i];
    TRY(find_direct(&b, made, &why));
    for (size_t i = 0; i < made->n; i++)
        TRY(bind_component(&b, made->direct, &made->items[i]));
    made->user = choose_user(made);
    made->user_sig = made->user != NULL ? made->user->binding : NULL;
    made->primary_user = made->user != NULL && made->user->problem == NULL ? made->user : NULL;
    TRY(bind_primary(&b, made, &why));
    *out = TAKE(made);
    return NULL;
}

/* Questions. */

struct slice bound_user_id(const struct bound_cert *b)
{
    return b->user != NULL ? b->user->component->packet.body : SLICE_EMPTY;
}

const err *bound_problem(const struct bound_cert *b)
{
    return b->items[0].problem;
}

static bool is_key(const struct bound *x)
{
    return x->component->kind == COMPONENT_PRIMARY || x->component->kind == COMPONENT_SUBKEY;
}

static bool would_do(const struct bound *x, uint32_t flags, enum pk_use use)
{
    return is_key(x) && (x->key_flags & flags) != 0 && pk_can(x->component->key.algo, use);
}

const struct bound *bound_find_key(const struct bound_cert *b, uint32_t flags, enum pk_use use)
{
    return bound_find_key_that(b, flags, use, NULL);
}

const struct bound *bound_find_key_that(const struct bound_cert *b, uint32_t flags, enum pk_use use,
                                        bound_test *test)
{
    const struct bound *best = NULL;
    if (bound_problem(b) != NULL)
        return NULL;
    for (size_t i = 0; i < b->n; i++) {
        const struct bound *x = &b->items[i];
        bool fits = would_do(x, flags, use) && x->problem == NULL &&
                    (test == NULL || test(x->component));
        if (!fits)
            continue;
        bool newer = best == NULL || best->component->kind == COMPONENT_PRIMARY ||
                     x->component->key.created_at > best->component->key.created_at;
        if (newer)
            best = x;
    }
    return best;
}

/* A key that cannot be used and would have had the flags; else one that lacks only them. */
static const struct bound *find_problem(const struct bound_cert *b, uint32_t flags, enum pk_use use)
{
    const struct bound *best = NULL;
    for (size_t i = 0; i < b->n; i++) {
        const struct bound *x = &b->items[i];
        bool able = is_key(x) && pk_can(x->component->key.algo, use) && x->problem != NULL;
        if (able && (best == NULL || would_do(x, flags, use)))
            best = x;
    }
    return best;
}

err *bound_why_no_key(const struct bound_cert *b, uint32_t flags, enum pk_use use, const char *what)
{
    char fpr[FPR_TEXT_SIZE];
    if (bound_problem(b) != NULL)
        return err_wrap(err_copy(bound_problem(b)), "the key");
    const struct bound *x = find_problem(b, flags, use);
    if (x == NULL)
        return err_hint(err_new(ERR_POLICY, "it has no key that can %s", what),
                        "ask its owner for one that has");
    fingerprint_text(&x->component->key.fpr, fpr);
    return err_wrap(err_copy(x->problem), "its subkey %s, which could %s", fpr, what);
}

const struct bound *bound_key(const struct bound_cert *b, const struct key_handle *h)
{
    for (size_t i = 0; i < b->n; i++) {
        if (is_key(&b->items[i]) && pubkey_matches(&b->items[i].component->key, h))
            return &b->items[i];
    }
    return NULL;
}

bool bound_preference(const struct bound_cert *b, uint8_t type, struct slice *out)
{
    const struct sig *sigs[2];
    struct subpacket p;
    whole_cert_sigs(b, sigs);
    for (int i = 0; i < 2; i++) {
        if (sigs[i] != NULL && sig_find(sigs[i], type, &p)) {
            *out = p.body;
            return true;
        }
    }
    return false;
}

uint32_t bound_features(const struct bound_cert *b)
{
    struct slice flags;
    /* A v6 key that says nothing can do what v6 brought [RFC9580 13.7]. */
    if (!bound_preference(b, SUB_FEATURES, &flags))
        return cert_primary(b->cert)->version == 6 ? FEATURE_SEIPD1 | FEATURE_SEIPD2 : 0;
    return flags.len > 0 ? flags.data[0] : 0;
}
