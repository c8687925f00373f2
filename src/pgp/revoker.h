/* revoker.h - designated revokers: keys that the owner of a v4 key has named, which may
 * revoke it in the owner's stead [RFC9580 5.2.3.23].
 *
 * The standard deprecates them, and old certificates have them.  A revocation counts
 * where the certificate of its maker is at hand: a struct cert carries those that
 * revoker_attach has found.  Whom the owner has named once stays named: else a thief of
 * the key could get rid of him.
 */
#ifndef PGP_REVOKER_H
#define PGP_REVOKER_H

#include "pgp/cert.h"
#include "pgp/finder.h"

/* The fingerprints of those whom the primary key of c has named. */
struct revoker_list {
    struct fingerprint *items;
    size_t n, capacity;
};

/* ERR_NO_MEMORY. */
MUST_USE err *revoker_list_of(const struct cert *c, struct revoker_list *out);

void revoker_list_clear(struct revoker_list *l);

/* *good: s revokes the component of c, and was made by one of the list whose certificate
 * is attached.  *missing is he who is said to have made it, if his is not; or NULL.  Looks
 * at the mathematics only.  ERR_NO_MEMORY. */
MUST_USE err *revoker_verify(const struct revoker_list *l, const struct cert *c,
                             const struct component *on, const struct sig *s, bool *good,
                             const struct fingerprint **missing);

/* Attaches the certificates of those designated revokers that have put a revocation into
 * c.  f->certs is asked for each; errors are its, or ERR_NO_MEMORY. */
MUST_USE err *revoker_attach(struct cert *c, const struct key_finder *f);

/* The same for all of a list, from among themselves. */
MUST_USE err *revoker_attach_among(struct cert_list *l);

#endif
