#include "pgp/vouch.h"

struct voucher {
    const struct bound_cert *subject;
    const struct component *user;
    const struct cert *authority;
};

static err *is_valid_at(const struct voucher *v, int64_t at, bool *valid)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    TRY(bind_cert_past(v->authority, v->subject->policy, at, v->subject->at, &b));
    *valid = bound_problem(b) == NULL;
    return NULL;
}

/* Everything but the mathematics. */
static bool could_hold(const struct voucher *v, const struct cert_sig *s)
{
    int64_t at = v->subject->at;
    if (!s->parsed || s->sig.flaw != NULL || s->sig.created_at > at ||
        (!key_handle_is_empty(&s->sig.issuer) &&
         !pubkey_matches(cert_primary(v->authority), &s->sig.issuer)))
        return false;
    return sig_expires_at(&s->sig) == 0 || sig_expires_at(&s->sig) > at;
}

static err *is_signed(const struct voucher *v, const struct sig *s, bool *good)
{
    const struct target t = cert_target(v->subject->cert, v->user);
    return target_verify(&t, s, cert_primary(v->authority), good);
}

static err *is_taken_back(const struct voucher *v, const struct sig *certification, bool *out)
{
    *out = false;
    for (size_t i = 0; i < v->user->sigs.n && !*out; i++) {
        const struct cert_sig *s = &v->user->sigs.items[i];
        if (could_hold(v, s) && s->sig.type == SIG_CERT_REVOCATION &&
            s->sig.created_at >= certification->created_at)
            TRY(is_signed(v, &s->sig, out));
    }
    return NULL;
}

static err *holds(const struct voucher *v, const struct cert_sig *s, bool *out)
{
    bool taken_back;
    *out = false;
    if (!could_hold(v, s) || !sig_is_certification(s->sig.type) ||
        !policy_accepts_hash(v->subject->policy, s->sig.hash_algo, POLICY_CERTS, s->sig.created_at))
        return NULL;
    TRY(is_signed(v, &s->sig, out));
    if (*out)
        TRY(is_valid_at(v, s->sig.created_at, out));
    if (!*out)
        return NULL;
    TRY(is_taken_back(v, &s->sig, &taken_back));
    *out = !taken_back;
    return NULL;
}

err *vouch_check(const struct bound_cert *b, const struct component *user,
                 const struct cert *authority, bool *vouched)
{
    const struct voucher v = {.subject = b, .user = user, .authority = authority};
    bool valid;
    *vouched = false;
    TRY(is_valid_at(&v, b->at, &valid));
    if (!valid)
        return NULL;
    *vouched = fingerprint_equal(cert_fingerprint(b->cert), cert_fingerprint(authority));
    for (size_t i = 0; i < user->sigs.n && !*vouched; i++)
        TRY(holds(&v, &user->sigs.items[i], vouched));
    return NULL;
}
