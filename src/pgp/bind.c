#include "pgp/bind.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"

/* Reasons for revocation that leave older signatures good [RFC9580 5.2.3.31]. */
enum { REASON_SUPERSEDED = 1, REASON_RETIRED = 3, REASON_USER_ID = 32 };

struct binder {
    const struct cert *cert;
    const struct policy *policy;
    int64_t at;  /* the moment that is asked about */
    int64_t now; /* not before it */
};

void bound_cert_free(struct bound_cert *b)
{
    if (b == NULL)
        return;
    for (size_t i = 0; i < b->n; i++)
        err_free(b->items[i].problem);
    free(b->items);
    free(b);
}

/* Signatures. */

/* Everything but the mathematics: is this a self-signature that could hold? */
static err *check_form(const struct binder *b, const struct sig *s, int64_t key_created_at)
{
    if (s->flaw != NULL)
        return err_new(ERR_POLICY, "%s", s->flaw);
    if (s->created_at > b->at)
        return err_new(ERR_POLICY, "made in the future");
    if (s->created_at < key_created_at)
        return err_new(ERR_POLICY, "made before the key");
    if (sig_expires_at(s) != 0 && sig_expires_at(s) <= b->at)
        return err_new(ERR_POLICY, "expired");
    return policy_check_hash(b->policy, s->hash_algo, POLICY_CERTS, s->created_at);
}

/* A wrong issuer that is not hashed takes nothing away: anybody can put it there. */
static bool is_self_issued(const struct binder *b, const struct sig *s)
{
    return !s->issuer_is_hashed || pubkey_matches(cert_primary(b->cert), &s->issuer);
}

static err *not_signed(void)
{
    return err_new(ERR_POLICY, "the signature is wrong");
}

static err *confirms_binding(const struct binder *b, const struct component *subkey,
                             const struct subpacket *embedded, bool *good)
{
    struct sig back;
    struct target t = cert_target(b->cert, subkey);
    err *e = sig_parse(embedded->body, &back);
    bool form = e == NULL && back.type == SIG_PRIMARY_BINDING;
    if (form)
        e = check_form(b, &back, subkey->key.created_at);
    if (err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    form &= e == NULL;
    err_free(e);
    return form ? target_verify(&t, &back, &subkey->key, good) : NULL;
}

/* A subkey that signs must say itself that it belongs to the primary key
 * [RFC9580 5.2.1.8]. */
static err *check_back_signature(const struct binder *b, const struct component *subkey,
                                 const struct sig *binding)
{
    struct subpacket embedded;
    size_t cursor = 0;
    bool good = false;
    while (!good && sig_next_embedded(binding, &cursor, &embedded))
        TRY(confirms_binding(b, subkey, &embedded, &good));
    return good ? NULL : err_new(ERR_POLICY, "the signing subkey does not confirm its binding");
}

static err *check_self_sig(const struct binder *b, const struct component *on, const struct sig *s)
{
    struct target t = cert_target(b->cert, on);
    const struct pubkey *primary = cert_primary(b->cert);
    bool good;
    TRY(check_form(b, s, on->kind == COMPONENT_SUBKEY ? on->key.created_at : primary->created_at));
    if (pk_bits(primary->algo, primary->material) == 0)
        return policy_check_key(b->policy, primary);
    TRY(target_verify(&t, s, primary, &good));
    if (!good)
        return not_signed();
    if (s->type == SIG_SUBKEY_BINDING && s->has_key_flags && (s->key_flags & FLAG_SIGN) != 0)
        return check_back_signature(b, on, s);
    return NULL;
}

static bool binds(const struct component *on, const struct sig *s)
{
    switch (on->kind) {
    case COMPONENT_PRIMARY:
        return s->type == SIG_DIRECT_KEY;
    case COMPONENT_USER_ID:
    case COMPONENT_USER_ATTRIBUTE:
        return sig_is_certification(s->type);
    case COMPONENT_SUBKEY:
        return s->type == SIG_SUBKEY_BINDING;
    default:
        return false;
    }
}

static bool revokes(const struct component *on, const struct sig *s)
{
    switch (on->kind) {
    case COMPONENT_PRIMARY:
        return s->type == SIG_KEY_REVOCATION;
    case COMPONENT_USER_ID:
    case COMPONENT_USER_ATTRIBUTE:
        return s->type == SIG_CERT_REVOCATION;
    case COMPONENT_SUBKEY:
        return s->type == SIG_SUBKEY_REVOCATION;
    default:
        return false;
    }
}

/* The newest first; of two made in the same second, that which stands later. */
static int compare_age(const void *x, const void *y)
{
    const struct sig *a = *(const struct sig *const *)x, *b = *(const struct sig *const *)y;
    if (a->created_at != b->created_at)
        return a->created_at < b->created_at ? 1 : -1;
    return (a < b) - (a > b);
}

/* The signatures of a component that could bind it, the newest first; the caller
 * frees. */
static err *binding_candidates(const struct binder *b, const struct component *on,
                               const struct sig ***out, size_t *n)
{
    *n = 0;
    TRY(MEM_ARRAY(*out, on->sigs.n));
    for (size_t i = 0; i < on->sigs.n; i++) {
        const struct cert_sig *s = &on->sigs.items[i];
        if (s->parsed && binds(on, &s->sig) && is_self_issued(b, &s->sig))
            (*out)[(*n)++] = &s->sig;
    }
    qsort(*out, *n, sizeof **out, compare_age);
    return NULL;
}

/* Keeps the first reason. */
static err *note_reason(err *e, err **why)
{
    if (err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    if (*why == NULL)
        *why = TAKE(e);
    err_free(e);
    return NULL;
}

/* A program that renews a self-signature may drop the one before it.  Then the oldest
 * that is there also speaks for the time before: its owner stands by the key. */
static err *find_later_binding(const struct binder *b, const struct component *on,
                               const struct sig *const *candidates, size_t n,
                               const struct sig **out)
{
    const struct binder later = {.cert = b->cert, .policy = b->policy, .at = b->now, .now = b->now};
    for (size_t i = n; i > 0 && *out == NULL; i--) {
        const struct sig *s = candidates[i - 1];
        AUTO(err_free) err *ignored = NULL;
        if (s->created_at <= b->at || s->created_at > b->now)
            continue;
        err *e = check_self_sig(&later, on, s);
        if (e == NULL)
            *out = s;
        else
            TRY(note_reason(e, &ignored));
    }
    return NULL;
}

/* The newest self-signature that holds.  Checks only as many as it must: from
 * the newest on, until one is good.  `why` is the reason against the newest that
 * is not. */
static err *find_binding(const struct binder *b, const struct component *on, const struct sig **out,
                         err **why)
{
    AUTO(free) const struct sig **candidates = NULL;
    size_t n;
    *out = NULL;
    TRY(binding_candidates(b, on, &candidates, &n));
    for (size_t i = 0; i < n && *out == NULL; i++) {
        err *e = check_self_sig(b, on, candidates[i]);
        if (e == NULL)
            *out = candidates[i];
        else
            TRY(note_reason(e, why));
    }
    return *out != NULL ? NULL : find_later_binding(b, on, candidates, n, out);
}

/* Revocations. */

static uint8_t reason_of(const struct sig *s)
{
    struct subpacket reason;
    return sig_find(s, SUB_REVOCATION_REASON, &reason) && reason.body.len > 0 ? reason.body.data[0]
                                                                              : 0;
}

/* A hard revocation means that the key may have been in wrong hands at any time:
 * it counts even for signatures made before it. */
static bool is_hard(const struct sig *s)
{
    uint8_t reason = reason_of(s);
    return reason != REASON_SUPERSEDED && reason != REASON_RETIRED && reason != REASON_USER_ID;
}

/* Times and policy do not matter for a hard one, and an old hash is no reason to
 * go on using a key that its owner has revoked. */
static bool revocation_counts(const struct binder *b, const struct component *on,
                              const struct sig *s, const struct sig *binding)
{
    if (s->flaw != NULL && !s->has_created)
        return false;
    bool is_user = on->kind == COMPONENT_USER_ID || on->kind == COMPONENT_USER_ATTRIBUTE;
    if (is_user && binding != NULL && binding->created_at > s->created_at)
        return false; /* the name was taken up again */
    if (!is_user && is_hard(s))
        return true;
    bool expired = sig_expires_at(s) != 0 && sig_expires_at(s) <= b->at;
    return s->created_at <= b->at && !expired;
}

static const char *reason_text(uint8_t reason)
{
    switch (reason) {
    case REASON_SUPERSEDED:
        return "superseded";
    case 2:
        return "compromised";
    case REASON_RETIRED:
        return "retired";
    case REASON_USER_ID:
        return "no longer valid";
    default:
        return "no reason given";
    }
}

static err *revoked(const struct sig *s)
{
    char date[WHEN_TEXT_SIZE];
    struct subpacket reason;
    AUTO(free) char *words = NULL;
    when_date(s->created_at, date);
    if (sig_find(s, SUB_REVOCATION_REASON, &reason) && reason.body.len > 1)
        TRY(text_escape(slice_from(reason.body, 1), &words));
    return err_new(ERR_POLICY, "revoked on %s: %s%s%s", date, reason_text(reason_of(s)),
                   words != NULL ? ": " : "", words != NULL ? words : "");
}

/* The primary key's direct key signature, and nothing else, is revoked like the
 * certification of a user ID [RFC9580 5.2.1.15]. */
static err *drop_if_revoked(const struct binder *b, const struct component *primary,
                            const struct sig **direct, err **why)
{
    struct target t = cert_target(b->cert, primary);
    for (size_t i = 0; i < primary->sigs.n && *direct != NULL; i++) {
        const struct cert_sig *s = &primary->sigs.items[i];
        bool good = false;
        bool counts = s->parsed && s->sig.type == SIG_CERT_REVOCATION &&
                      is_self_issued(b, &s->sig) && s->sig.created_at <= b->at &&
                      s->sig.created_at >= (*direct)->created_at;
        if (counts)
            TRY(target_verify(&t, &s->sig, &primary->key, &good));
        if (!good)
            continue;
        *direct = NULL;
        TRY(note_reason(revoked(&s->sig), why));
    }
    return NULL;
}

static err *find_revocation(const struct binder *b, const struct component *on,
                            const struct sig *binding, const struct sig **out)
{
    struct target t = cert_target(b->cert, on);
    *out = NULL;
    for (size_t i = 0; i < on->sigs.n && *out == NULL; i++) {
        const struct cert_sig *s = &on->sigs.items[i];
        bool good = false;
        if (s->parsed && revokes(on, &s->sig) && is_self_issued(b, &s->sig) &&
            revocation_counts(b, on, &s->sig, binding))
            TRY(target_verify(&t, &s->sig, cert_primary(b->cert), &good));
        if (good)
            *out = &s->sig;
    }
    return NULL;
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
    return why == NULL ? err_new(ERR_POLICY, "%s", what) : err_wrap(why, "%s", what);
}

static err *bind_subkey(const struct binder *b, struct bound *x)
{
    AUTO(err_free) err *why = NULL;
    const struct pubkey *k = &x->component->key;
    TRY(find_binding(b, x->component, &x->binding, &why));
    TRY(find_revocation(b, x->component, x->binding, &x->revocation));
    if (x->binding == NULL) {
        x->problem = no_binding("subkey without a valid binding signature", TAKE(why));
        return NULL;
    }
    x->key_flags = x->binding->has_key_flags ? x->binding->key_flags : default_flags(k, false);
    if (x->binding->key_expires_after != 0)
        x->expires_at = (int64_t)k->created_at + x->binding->key_expires_after;
    x->problem = x->revocation != NULL ? revoked(x->revocation)
                                       : check_lifetime(b, k, x->expires_at);
    if (x->problem == NULL)
        x->problem = policy_check_key(b->policy, k);
    return NULL;
}

static err *bind_user(const struct binder *b, struct bound *x)
{
    AUTO(err_free) err *why = NULL;
    TRY(find_binding(b, x->component, &x->binding, &why));
    TRY(find_revocation(b, x->component, x->binding, &x->revocation));
    if (x->revocation != NULL)
        x->problem = revoked(x->revocation);
    else if (x->binding == NULL)
        x->problem = no_binding("no valid self-signature", TAKE(why));
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

static void set_primary_attributes(const struct bound_cert *c, struct bound *x)
{
    const struct pubkey *k = &x->component->key;
    const struct sig *sigs[2];
    uint32_t expires_after = 0;
    bool has_flags = false, has_expiry = false;
    whole_cert_sigs(c, sigs);
    for (int i = 0; i < 2; i++) {
        if (sigs[i] == NULL)
            continue;
        if (!has_flags && sigs[i]->has_key_flags)
            x->key_flags = sigs[i]->key_flags | FLAG_CERTIFY;
        has_flags |= sigs[i]->has_key_flags;
        if (!has_expiry && sigs[i]->has_key_expiry)
            expires_after = sigs[i]->key_expires_after;
        has_expiry |= sigs[i]->has_key_expiry;
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
        return revoked(x->revocation);
    TRY(check_lifetime(b, k, x->expires_at));
    if (!pk_can(k->algo, PK_SIGNS)) /* [RFC9580 10.1.5] */
        return err_new(ERR_POLICY, "the primary key cannot sign");
    return policy_check_key(b->policy, k);
}

static err *bind_primary(const struct binder *b, struct bound_cert *c)
{
    struct bound *x = &c->items[0];
    AUTO(err_free) err *why = NULL;
    TRY(find_binding(b, x->component, &c->direct, &why));
    TRY(drop_if_revoked(b, x->component, &c->direct, &why));
    TRY(find_revocation(b, x->component, NULL, &x->revocation));
    set_primary_attributes(c, x);
    x->problem = primary_problem(b, x);
    if (x->problem == NULL)
        x->problem = check_self_signed(c, TAKE(why));
    return NULL;
}

static err *bind_component(const struct binder *b, struct bound *x)
{
    switch (x->component->kind) {
    case COMPONENT_SUBKEY:
        return bind_subkey(b, x);
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
    const struct binder b = {.cert = c, .policy = p, .at = at, .now = now > at ? now : at};
    AUTO(bound_cert_free) struct bound_cert *made = NULL;
    TRY(MEM_NEW(made));
    made->cert = c;
    made->policy = p;
    made->at = at;
    TRY(MEM_ARRAY(made->items, c->components.n));
    made->n = c->components.n;
    for (size_t i = 0; i < made->n; i++) {
        made->items[i].component = &c->components.items[i];
        TRY(bind_component(&b, &made->items[i]));
    }
    made->user = choose_user(made);
    made->user_sig = made->user != NULL ? made->user->binding : NULL;
    made->primary_user = made->user != NULL && made->user->problem == NULL ? made->user : NULL;
    TRY(bind_primary(&b, made));
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

err *bound_why_no_key(const struct bound_cert *b, uint32_t flags, enum pk_use use, const char *what)
{
    const struct bound *reason = NULL;
    if (bound_problem(b) != NULL)
        return err_wrap(err_copy(bound_problem(b)), "the key");
    for (size_t i = 0; i < b->n; i++) {
        const struct bound *x = &b->items[i];
        if (would_do(x, flags, use) && x->problem != NULL)
            reason = x;
    }
    for (size_t i = 0; reason == NULL && i < b->n; i++) {
        const struct bound *x = &b->items[i];
        if (is_key(x) && pk_can(x->component->key.algo, use) && x->problem != NULL)
            reason = x;
    }
    if (reason == NULL)
        return err_new(ERR_POLICY, "it has no key that can %s", what);
    return err_wrap(err_copy(reason->problem), "its key that could %s", what);
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
