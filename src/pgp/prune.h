/* prune.h - what is kept of a certificate that others have flooded with signatures.
 *
 * Anybody can put signatures and user IDs on anybody's certificate [RFC9580 5.2.1.4], as
 * many as he likes.  What its owner has signed, and revocations by those whom he has named
 * for it, always stay.  The rest shares a limited room: first what keys at hand have
 * certified, then what others have revoked, then the newest certifications of others, at
 * last what nobody speaks for.  A signature that is not by the key at hand that it names
 * finds no room.
 */
#ifndef PGP_PRUNE_H
#define PGP_PRUNE_H

#include "pgp/finder.h"

enum { PRUNE_ROOM = 2 << 20 }; /* bytes in a certificate for what its owner has not signed */

/* *out is the certificate without what has no room, and *left_out how many signatures and
 * components that are; NULL and 0 if there is room for all.  Of what is kept the order stays,
 * so that pruning it together with the same flood once more gives the same.  f->certs is
 * asked for the keys at hand; errors are its, or ERR_NO_MEMORY. */
MUST_USE err *prune_cert(const struct cert *c, size_t room, const struct key_finder *f,
                         struct cert **out, size_t *left_out);

#endif
