/* vouch.h - who stands behind a user ID: the certifications by others [RFC9580 5.2.1.4]. */
#ifndef PGP_VOUCH_H
#define PGP_VOUCH_H

#include "pgp/bind.h"

/* Is there a certification of this user ID of b by the authority's primary key that holds
 * at the time of b?  The authority must be valid then, and have been so when it certified;
 * it can take back what it has said.  For its own user IDs it always vouches.  Says nothing
 * of whether the owner of b claims the user ID.  ERR_NO_MEMORY. */
MUST_USE err *vouch_check(const struct bound_cert *b, const struct component *user,
                          const struct cert *authority, bool *vouched);

#endif
