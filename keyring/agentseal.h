/* agentseal.h - how GnuPG's agent protects the secret parameters of a key.
 *
 *     (ecc (curve Ed25519) (q #..#) (protected MODE PARAMETERS SEALED) (protected-at DATE))
 *
 * MODE is openpgp-s2k3-ocb-aes, whose additional data is all else in that list, or
 * openpgp-s2k3-sha1-aes-cbc, where a SHA-1 digest over the list as it was before stands
 * beside the parameters.
 */
#ifndef KEYRING_AGENTSEAL_H
#define KEYRING_AGENTSEAL_H

#include "base/secret.h"
#include "crypto/s2k.h"
#include "keyring/sexp.h"

struct agentseal {
    struct slice protection;    /* what follows "protected" */
    struct slice before, after; /* the algorithm's list around it, canonical */
};

/* Is that a mode which agentseal_open knows? */
bool agentseal_is_known(const struct agentseal *s);

/* The list of the secret parameters, "(1:d32:...)" one after the other.  ERR_LOCKED for a
 * wrong passphrase (or damage, which looks the same), ERR_MALFORMED, ERR_UNSUPPORTED,
 * ERR_LIMIT. */
MUST_USE err *agentseal_open(const struct agentseal *s, const struct secret *passphrase,
                             const struct s2k_limits *limits, struct secret **out);

#endif
