/* unlock.h - the secret fields of a key, asking for its passphrase if need be. */
#ifndef PGP_UNLOCK_H
#define PGP_UNLOCK_H

#include "crypto/s2k.h"
#include "pgp/finder.h"

/* Is the secret part of the key here, though it may be locked? */
bool unlock_is_here(const struct component *key);

/* Why it is not: ERR_NO_CARD, ERR_NOT_FOUND. */
MUST_USE err *unlock_not_here(const struct component *key);

/* Asks finder for passphrases until one fits or there are no more.  ERR_LOCKED
 * names the key and says whether none was given or all were wrong; else as
 * unlock_not_here. */
MUST_USE err *unlock_key(const struct cert *c, const struct component *key,
                         const struct key_finder *finder, const struct s2k_limits *limits,
                         struct secret **out);

/* The same, and the passphrase that fitted, to protect something else with; that stays
 * NULL for a key that needs none. */
MUST_USE err *unlock_key_with(const struct cert *c, const struct component *key,
                              const struct key_finder *finder, const struct s2k_limits *limits,
                              struct secret **out, struct secret **passphrase);

#endif
