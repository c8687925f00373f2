/* changes.h - two states of a certificate side by side: what an edit has brought. */
#ifndef PGP_CHANGES_H
#define PGP_CHANGES_H

#include "pgp/bind.h"

/* The same component in another state of the certificate; NULL if it lacks it. */
const struct bound *changes_find(const struct bound_cert *b, const struct component *x);

/* Is a signature on a component one that it did not have before (NULL: it was not there)? */
bool changes_is_new(const struct bound *before, const struct sig *s);

/* The first revocation of a component by its owner that is new; NULL if there is none. */
const struct sig *changes_revocation(const struct cert *c, const struct bound *before,
                                     const struct component *after);

/* How many of the signatures on a component are new. */
size_t changes_count(const struct bound *before, const struct component *after);

/* What is new must hold: of every component on which the owner has signed something, a new
 * signature binds or revokes it now, and a key that was valid is valid, unless it has been
 * revoked.  ERR_POLICY otherwise; then the edit must not be stored. */
MUST_USE err *changes_check(const struct bound_cert *before, const struct bound_cert *after);

#endif
