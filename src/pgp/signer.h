/* signer.h - the key of a certificate that signs documents, or other certificates. */
#ifndef PGP_SIGNER_H
#define PGP_SIGNER_H

#include "base/world.h"
#include "crypto/s2k.h"
#include "pgp/bind.h"
#include "pgp/finder.h"
#include "pgp/sigmaker.h"

struct signer_params {
    const struct key_finder *finder; /* asked for passphrases */
    const struct policy *policy;
    const struct s2k_limits *limits;
    const struct world *world;
};

/* The newest key of c (borrowed) that may sign now and whose secret part is here,
 * unlocked.  ERR_CANNOT_SIGN says why there is none; ERR_NOT_FOUND, ERR_NO_CARD: its
 * secret part is elsewhere; ERR_LOCKED. */
MUST_USE err *signer_open(const struct cert *c, const struct signer_params *p, struct signer *out);

/* The primary key of c (borrowed), unlocked to certify; the same, but ERR_CANNOT_CERTIFY. */
MUST_USE err *signer_open_certifier(const struct cert *c, const struct signer_params *p,
                                    struct signer *out);

#endif
