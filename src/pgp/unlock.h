/* unlock.h - the secret fields of a key, asking for its passphrase if need be. */
#ifndef PGP_UNLOCK_H
#define PGP_UNLOCK_H

#include "crypto/s2k.h"
#include "pgp/finder.h"

/* Asks finder for passphrases until one fits or there are no more.  ERR_LOCKED
 * names the key and says whether none was given or all were wrong. */
MUST_USE err *unlock_key(const struct cert *c, const struct component *key,
                         const struct key_finder *finder, const struct s2k_limits *limits,
                         struct secret **out);

#endif
