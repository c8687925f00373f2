#include "pgp/selfsig.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"

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

bool selfsig_is_by_primary(const struct cert *c, const struct sig *s)
{
    return !s->issuer_is_hashed || pubkey_matches(cert_primary(c), &s->issuer);
}

static err *not_signed(void)
{
    return err_new(ERR_POLICY, "the signature is wrong");
}

/* Back signatures. */

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

static err *check_back(const struct binder *b, const struct component *subkey,
                       const struct subpacket *embedded)
{
    struct sig back;
    struct target t = cert_target(b->cert, subkey);
    bool good;
    TRY(sig_parse(embedded->body, &back));
    if (back.type != SIG_PRIMARY_BINDING)
        return err_new(ERR_POLICY, "a %s signature instead of one that confirms",
                       sig_type_name(back.type));
    TRY(check_form(b, &back, subkey->key.created_at));
    TRY(target_verify(&t, &back, &subkey->key, &good));
    return good ? NULL : not_signed();
}

/* A subkey that signs must say itself that it belongs to the primary key
 * [RFC9580 5.2.1.8]. */
static err *check_back_signature(const struct binder *b, const struct component *subkey,
                                 const struct sig *binding)
{
    static const char text[] = "the signing subkey does not confirm its binding";
    AUTO(err_free) err *why = NULL;
    struct subpacket embedded;
    size_t cursor = 0;
    while (sig_next_embedded(binding, &cursor, &embedded)) {
        err *e = check_back(b, subkey, &embedded);
        if (e == NULL)
            return NULL;
        TRY(note_reason(e, &why));
    }
    return why == NULL ? err_new(ERR_POLICY, text) : err_as(err_wrap(TAKE(why), text), ERR_POLICY);
}

static bool needs_back_signature(const struct sig *binding)
{
    return binding->type == SIG_SUBKEY_BINDING && binding->has_key_flags &&
           (binding->key_flags & FLAG_SIGN) != 0;
}

err *selfsig_is_confirmed(const struct binder *b, const struct component *subkey,
                          const struct sig *binding, bool *out)
{
    AUTO(err_free) err *ignored = NULL;
    err *e = check_back_signature(b, subkey, binding);
    *out = e == NULL;
    return note_reason(e, &ignored);
}

static bool is_up_to_date(struct slice signature, const struct policy *p, int64_t now)
{
    struct sig back;
    err *e = sig_parse(signature, &back);
    bool good = e == NULL && policy_accepts_hash(p, back.hash_algo, POLICY_CERTS, now);
    err_free(e);
    return good;
}

bool selfsig_is_weakly_confirmed(const struct sig *binding, const struct policy *p, int64_t now)
{
    struct subpacket embedded;
    size_t cursor = 0;
    if (!needs_back_signature(binding))
        return false;
    while (sig_next_embedded(binding, &cursor, &embedded)) {
        if (is_up_to_date(embedded.body, p, now))
            return false;
    }
    return true;
}

/* Self-signatures. */

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
    return needs_back_signature(s) ? check_back_signature(b, on, s) : NULL;
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
        if (s->parsed && binds(on, &s->sig) && selfsig_is_by_primary(b->cert, &s->sig))
            (*out)[(*n)++] = &s->sig;
    }
    qsort(*out, *n, sizeof **out, compare_age);
    return NULL;
}

/* Did one hold when it was made, which does not any more?  Then none was dropped. */
static err *has_lapsed(const struct binder *b, const struct component *on,
                       const struct sig *const *candidates, size_t n, bool *out)
{
    struct binder then = *b;
    *out = false;
    for (size_t i = 0; i < n && !*out; i++) {
        const struct sig *s = candidates[i];
        AUTO(err_free) err *ignored = NULL;
        then.at = s->created_at;
        if (s->created_at > b->at || sig_expires_at(s) == 0)
            continue;
        err *e = check_self_sig(&then, on, s);
        *out = e == NULL;
        TRY(note_reason(e, &ignored));
    }
    return NULL;
}

/* Seen from later, does it also speak for the moment that is asked about?  Of a subkey
 * that signs, its own word counts: programs that renew a binding keep that. */
static err *check_later_binding(const struct binder *b, const struct component *on,
                                const struct sig *s)
{
    struct binder later = *b;
    later.at = b->now;
    TRY(check_self_sig(&later, on, s));
    return needs_back_signature(s) ? check_back_signature(b, on, s) : NULL;
}

/* A program that renews a self-signature may drop the one before it.  Then the oldest
 * that is there also speaks for the time before: its owner stands by the key. */
static err *find_later_binding(const struct binder *b, const struct component *on,
                               const struct sig *const *candidates, size_t n,
                               const struct sig **out)
{
    bool lapsed;
    TRY(has_lapsed(b, on, candidates, n, &lapsed));
    for (size_t i = lapsed ? 0 : n; i > 0 && *out == NULL; i--) {
        const struct sig *s = candidates[i - 1];
        AUTO(err_free) err *ignored = NULL;
        if (s->created_at <= b->at || s->created_at > b->now)
            continue;
        err *e = check_later_binding(b, on, s);
        if (e == NULL)
            *out = s;
        else
            TRY(note_reason(e, &ignored));
    }
    return NULL;
}

/* The one that is spoken of, in front of what is wrong with it. */
static err *about(err *e, const struct sig *s)
{
    char date[WHEN_TEXT_SIZE];
    if (err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    when_date(s->created_at, date);
    return err_wrap(e, "the %s signature of %s", sig_type_name(s->type), date);
}

/* Checks only as many as it must: from the newest on, until one is good. */
err *selfsig_find(const struct binder *b, const struct component *on, const struct sig **out,
                  err **why)
{
    AUTO(free) const struct sig **candidates = NULL;
    AUTO(err_free) err *too_early = NULL;
    size_t n;
    *out = NULL;
    TRY(binding_candidates(b, on, &candidates, &n));
    for (size_t i = 0; i < n && *out == NULL; i++) {
        bool future = candidates[i]->created_at > b->at;
        err *e = check_self_sig(b, on, candidates[i]);
        if (e == NULL)
            *out = candidates[i];
        else
            TRY(note_reason(about(e, candidates[i]), future ? &too_early : why));
    }
    if (*out != NULL)
        return NULL;
    if (*why == NULL)
        *why = TAKE(too_early);
    return find_later_binding(b, on, candidates, n, out);
}
