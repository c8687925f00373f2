/* selfsig.h - which self-signature binds a component to its certificate
 * [RFC9580 5.2.3.10]. */
#ifndef PGP_SELFSIG_H
#define PGP_SELFSIG_H

#include "pgp/cert.h"
#include "pgp/policy.h"
#include "pgp/revoker.h"

/* What a certificate is judged by. */
struct binder {
    const struct cert *cert;
    const struct policy *policy;
    int64_t at;  /* the moment that is asked about */
    int64_t now; /* not before it */
    const struct revoker_list *revokers;
};

/* Could the primary key have made it?  A wrong issuer that is not hashed takes nothing
 * away: anybody can put it there. */
bool selfsig_is_by_primary(const struct cert *c, const struct sig *s);

/* Does the subkey say in its binding that it belongs to the primary key, as one that signs
 * must [RFC9580 5.2.1.8]?  ERR_NO_MEMORY. */
MUST_USE err *selfsig_is_confirmed(const struct binder *b, const struct component *subkey,
                                   const struct sig *binding, bool *out);

/* Does a binding need that word, and have none with a hash that is accepted for what is
 * signed `now`? */
bool selfsig_is_weakly_confirmed(const struct sig *binding, const struct policy *p, int64_t now);

/* The newest self-signature of a component that holds, borrowed from the certificate;
 * NULL if none does.  `why` becomes the reason against the newest that does not hold, if
 * one was newer at that moment than the one that does; the caller frees it.
 * ERR_NO_MEMORY. */
MUST_USE err *selfsig_find(const struct binder *b, const struct component *on,
                           const struct sig **out, err **why);

#endif
