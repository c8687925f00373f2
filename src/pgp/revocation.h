/* revocation.h - what of a certificate has been revoked, and since when
 * [RFC9580 5.2.1.11 to 5.2.1.13, 5.2.3.31]. */
#ifndef PGP_REVOCATION_H
#define PGP_REVOCATION_H

#include "pgp/selfsig.h"

/* A revocation of the component that counts at the binder's moment, borrowed from the
 * certificate; NULL if there is none.  One for a stolen key comes before one for a key that
 * was replaced or retired.  binding is the self-signature that holds, or NULL:
 * if it is newer, a key that was merely replaced or retired is in use again.
 * Where a revocation cannot be verified because the certificate of its designated
 * revoker is missing, `note` becomes a remark about that; the caller frees it.
 * ERR_NO_MEMORY. */
MUST_USE err *revocation_find(const struct binder *b, const struct component *on,
                              const struct sig *binding, const struct sig **out, err **note);

/* The primary key's direct key signature, and nothing else, is revoked like the
 * certification of a user ID [RFC9580 5.2.1.13]: then *direct becomes NULL, and `why`
 * the reason if there is none yet.  ERR_NO_MEMORY. */
MUST_USE err *revocation_drop(const struct binder *b, const struct sig **direct, err **why);

/* A hard revocation means that the key may have been in wrong hands at any time:
 * it counts even for signatures made before it. */
bool revocation_is_hard(const struct sig *s);

/* The same of a reason (enum revocation_reason); one that nobody knows is as good as none. */
bool revocation_reason_is_hard(uint8_t reason);

/* ERR_POLICY: what the revocation s in c says, and when it was made. */
MUST_USE err *revocation_problem(const struct cert *c, const struct sig *s);

#endif
