/* health.h - what the owner of a key should look after: what ends, what has become weak, what
 * does not work any more.
 *
 * The key is read as its owner reads it: SHA-1 self-signatures hold, whenever they were
 * made, so that they are found to be weak and not merely absent.  A key that is revoked needs
 * nothing any more, nor does a subkey that is, or that a newer one has replaced.
 */
#ifndef PGP_HEALTH_H
#define PGP_HEALTH_H

#include "base/vec.h"
#include "pgp/bind.h"

enum health_code {
    HEALTH_EXPIRED,
    HEALTH_EXPIRES_SOON,
    HEALTH_WEAK_SIGNATURE, /* its self-signature has a hash that is not accepted any more for
                              new ones */
    HEALTH_WEAK_KEY,       /* the policy refuses it */
    HEALTH_INVALID,        /* its owner has signed it, but nothing of that holds */
    HEALTH_NO_ENCRYPTION,  /* once it could be encrypted to */
    HEALTH_OLD_PROTECTION, /* a secret part: a new passphrase would protect it better */
    HEALTH_NO_REVOCATION,  /* no revocation certificate: for whoever keeps those to find */
    HEALTH_NO_BACKUP,      /* likewise */
    HEALTH_CODES,
};

struct health_finding {
    enum health_code code;
    const struct bound *on; /* borrowed from `seen` */
    const struct sig *sig;  /* the weak signature; else NULL */
};

struct health {
    struct policy policy; /* by which the key is read */
    struct bound_cert *seen;
    VEC(struct health_finding) findings;
};

/* c is borrowed.  What ends within so many seconds ends soon.  ERR_NO_MEMORY. */
MUST_USE err *health_look(const struct cert *c, const struct policy *p, int64_t now, int64_t within,
                          struct health *out);

void health_clear(struct health *h);

/* Can its owner mend it by signing again? */
bool health_is_mended_by_signing(enum health_code code);

#endif
