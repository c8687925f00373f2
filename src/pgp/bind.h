/* bind.h - a certificate seen at a point in time: what of it holds.
 *
 * For every component: the newest self-signature that is good, made in time and
 * acceptable to the policy; whether it is revoked or expired; and if it cannot be
 * used, why.  [RFC9580 5.2.3.10]
 */
#ifndef PGP_BIND_H
#define PGP_BIND_H

#include "base/err.h"
#include "base/own.h"
#include "pgp/cert.h"
#include "pgp/policy.h"

struct bound {
    const struct component *component;
    const struct sig *binding;    /* borrowed from the certificate; NULL: none holds */
    const struct sig *revocation; /* NULL: not revoked at this time */
    uint32_t key_flags;           /* of a key: what it may be used for */
    int64_t expires_at;           /* of a key; 0: never */
    err *problem;                 /* why it may not be used now; NULL: it may */
    err *note;                    /* what else its owner should know; or NULL */
};

struct bound_cert {
    const struct cert *cert; /* borrowed; must outlive this */
    const struct policy *policy;
    int64_t at;
    struct bound *items; /* one for each component, in the same order */
    size_t n;
    const struct bound *user;         /* the best user ID, though it may be revoked */
    const struct bound *primary_user; /* the same, if it is usable; or NULL */
    const struct sig *user_sig;       /* its signature, which speaks for the key; or NULL */
    const struct sig *direct;         /* the direct key signature that holds; or NULL */
};

/* ERR_NO_MEMORY. */
MUST_USE err *bind_cert(const struct cert *c, const struct policy *p, int64_t at,
                        struct bound_cert **out);

/* The same for a moment in the past, with what is known now: where no self-signature of
 * that time is left, the oldest that came later stands in for it. */
MUST_USE err *bind_cert_past(const struct cert *c, const struct policy *p, int64_t at, int64_t now,
                             struct bound_cert **out);

/* NULL is allowed. */
void bound_cert_free(struct bound_cert *b);
AUTO_DEFINE(bound_cert_free, struct bound_cert *)

/* The user ID to show for the certificate; empty if its owner has signed none.  One
 * that somebody else has put there is not shown. */
struct slice bound_user_id(const struct bound_cert *b);

/* Why the certificate as a whole cannot be used; NULL if it can. */
const err *bound_problem(const struct bound_cert *b);

/* The newest usable key with one of these key flags (FLAG_SIGN, FLAG_ENCRYPT, ...)
 * and this ability; NULL if there is none. */
const struct bound *bound_find_key(const struct bound_cert *b, uint32_t flags, enum pk_use use);

/* The same among those that the caller's test lets through. */
typedef bool bound_test(const struct component *key);
const struct bound *bound_find_key_that(const struct bound_cert *b, uint32_t flags, enum pk_use use,
                                        bound_test *test);

/* The usual reason why bound_find_key finds nothing: that of a key which would
 * have had the flags, or that there is none.  `what` is the verb: "encrypt". */
MUST_USE err *bound_why_no_key(const struct bound_cert *b, uint32_t flags, enum pk_use use,
                               const char *what);

/* The key (primary or subkey) that a handle in a packet means; NULL if none. */
const struct bound *bound_key(const struct bound_cert *b, const struct key_handle *h);

/* The value of a preference or feature for the certificate as a whole: from the
 * primary user ID or the direct key signature, whichever counts for its version.
 * False if neither says anything. */
bool bound_preference(const struct bound_cert *b, uint8_t type, struct slice *out);

/* Features [RFC9580 5.2.3.32]; 0 if none are announced. */
uint32_t bound_features(const struct bound_cert *b);

#endif
