/* minimal.h - a certificate cut down to what its recipients need now.
 *
 * That is the primary key with its direct key signature, the user IDs and subkeys that hold,
 * each with the self-signature that counts, and the revocations of keys.  Certifications by
 * others, what has expired, and what was replaced stay behind; so older signatures may need
 * the whole certificate to be verified.
 */
#ifndef PGP_MINIMAL_H
#define PGP_MINIMAL_H

#include "pgp/bind.h"

/* Appends the packets of b's certificate of which that is true at its moment.  The result is
 * judged then as b is, local signatures aside.  A revoked user ID is among them only where its
 * signature is the one that speaks for the key.  A certificate that lacks a good
 * self-signature is written whole. */
MUST_USE err *minimal_write(const struct bound_cert *b, struct buf *packets);

#endif
