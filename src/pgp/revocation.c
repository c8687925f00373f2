#include "pgp/revocation.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"

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

static uint8_t reason_of(const struct sig *s)
{
    struct subpacket reason;
    return sig_find(s, SUB_REVOCATION_REASON, &reason) && reason.body.len > 0 ? reason.body.data[0]
                                                                              : REVOKED_NO_REASON;
}

/* Not if the name was taken up again, or if its owner has promised never to take it back
 * [RFC9580 5.2.3.20].  That goes for what is signed about a name only: nobody can promise
 * that a key will not be stolen. */
static bool takes_back(const struct sig *s, const struct sig *binding)
{
    return binding->created_at <= s->created_at && !binding->irrevocable;
}

bool revocation_reason_is_hard(uint8_t reason)
{
    return reason != REVOKED_SUPERSEDED && reason != REVOKED_RETIRED && reason != REVOKED_USER_ID;
}

bool revocation_is_hard(const struct sig *s)
{
    return revocation_reason_is_hard(reason_of(s));
}

/* Times and policy do not matter for a hard one, and an old hash is no reason to
 * go on using a key that its owner has revoked. */
static bool counts(const struct binder *b, const struct component *on, const struct sig *s,
                   const struct sig *binding)
{
    if (s->flaw != NULL && !s->has_created)
        return false;
    bool is_user = on->kind == COMPONENT_USER_ID || on->kind == COMPONENT_USER_ATTRIBUTE;
    if (is_user && binding != NULL && !takes_back(s, binding))
        return false;
    if (!is_user && revocation_is_hard(s))
        return true;
    bool expired = sig_expires_at(s) != 0 && sig_expires_at(s) <= b->at;
    return s->created_at <= b->at && !expired;
}

/* A reason that nobody knows is as good as none. */
static const char *reason_text(const struct sig *s)
{
    const char *name = sig_revocation_reason_name(reason_of(s));
    return name != NULL ? name : sig_revocation_reason_name(REVOKED_NO_REASON);
}

err *revocation_problem(const struct cert *c, const struct sig *s)
{
    char date[WHEN_TEXT_SIZE];
    struct subpacket reason;
    AUTO(free) char *words = NULL;
    const char *by = selfsig_is_by_primary(c, s) ? "" : " by its designated revoker";
    when_date(s->created_at, date);
    if (sig_find(s, SUB_REVOCATION_REASON, &reason) && reason.body.len > 1)
        TRY(text_escape(slice_from(reason.body, 1), &words));
    return err_hint(err_new(ERR_POLICY, "revoked on %s%s: %s%s%s", date, by, reason_text(s),
                            words != NULL ? ": " : "", words != NULL ? words : ""),
                    "ask its owner what to use instead");
}

err *revocation_drop(const struct binder *b, const struct sig **direct, err **why)
{
    const struct component *primary = &b->cert->components.items[0];
    struct target t = cert_target(b->cert, primary);
    for (size_t i = 0; i < primary->sigs.n && *direct != NULL; i++) {
        const struct cert_sig *s = &primary->sigs.items[i];
        bool good = false;
        bool candidate = s->parsed && s->sig.type == SIG_CERT_REVOCATION &&
                         selfsig_is_by_primary(b->cert, &s->sig) && s->sig.created_at <= b->at &&
                         takes_back(&s->sig, *direct);
        if (candidate)
            TRY(target_verify(&t, &s->sig, &primary->key, &good));
        if (!good)
            continue;
        *direct = NULL;
        if (*why == NULL)
            *why = revocation_problem(b->cert, &s->sig);
    }
    return NULL;
}

/* A designated revoker says so, who is not here to be believed. */
static err *unconfirmed(const struct sig *s, const struct fingerprint *by)
{
    char date[WHEN_TEXT_SIZE], fpr[FPR_TEXT_SIZE];
    when_date(s->created_at, date);
    fingerprint_text(by, fpr);
    return err_hint(err_new(ERR_POLICY,
                            "said to be revoked on %s by its designated revoker %s, whose "
                            "certificate is not here",
                            date, fpr),
                    "import the revoker's certificate: bulla cert import FILE");
}

/* A key that was merely replaced or retired is in its owner's hands, who may change his mind
 * and sign it again; but not about what a revoker has said. */
static bool is_taken_up_again(const struct binder *b, const struct sig *s,
                              const struct sig *binding)
{
    return binding != NULL && binding->created_at > s->created_at && binding->created_at <= b->at &&
           !revocation_is_hard(s);
}

/* By the primary key, or by somebody whom it has named. */
static err *verify(const struct binder *b, const struct component *on, const struct sig *s,
                   const struct sig *binding, bool *good, err **note)
{
    struct target t = cert_target(b->cert, on);
    const struct fingerprint *missing = NULL;
    *good = false;
    if (selfsig_is_by_primary(b->cert, s))
        TRY(target_verify(&t, s, cert_primary(b->cert), good));
    if (*good) {
        *good = !is_taken_up_again(b, s, binding);
        return NULL;
    }
    TRY(revoker_verify(b->revokers, b->cert, on, s, good, &missing));
    if (missing != NULL && *note == NULL)
        *note = unconfirmed(s, missing);
    return NULL;
}

/* A soft one is looked behind: what was retired may have been stolen since. */
static bool is_final(const struct sig *found)
{
    return found != NULL && revocation_is_hard(found);
}

/* The first that counts among the signatures that stand behind `place`, and after it a
 * hard one. */
static err *find_behind(const struct binder *b, const struct component *place,
                        const struct component *on, const struct sig *binding,
                        const struct sig **out, err **note)
{
    for (size_t i = 0; i < place->sigs.n && !is_final(*out); i++) {
        const struct cert_sig *s = &place->sigs.items[i];
        bool good = false, wanted = *out == NULL || revocation_is_hard(&s->sig);
        if (wanted && s->parsed && revokes(on, &s->sig) && counts(b, on, &s->sig, binding))
            TRY(verify(b, on, &s->sig, binding, &good, note));
        if (good)
            *out = &s->sig;
    }
    return NULL;
}

/* A key revocation says by itself what it is about, and is heard wherever it stands: somebody
 * may only have put it at the end. */
err *revocation_find(const struct binder *b, const struct component *on, const struct sig *binding,
                     const struct sig **out, err **note)
{
    const struct component *all = b->cert->components.items;
    *out = NULL;
    if (on->kind != COMPONENT_PRIMARY)
        return find_behind(b, on, on, binding, out, note);
    for (size_t i = 0; i < b->cert->components.n && !is_final(*out); i++)
        TRY(find_behind(b, &all[i], on, binding, out, note));
    return NULL;
}
