/* keptkeys.h - secret keys that stay open while a command works on many files: what derives a
 * key from a passphrase is slow on purpose, and whether its parts fit together is asked each time.
 *
 * Several threads may ask; one at a time unlocks, so that nobody is asked twice for the same.
 */
#ifndef CLI_KEPTKEYS_H
#define CLI_KEPTKEYS_H

#include <pthread.h>

#include "base/vec.h"
#include "pgp/unlock.h"

struct kept_key {
    struct fingerprint fpr;
    struct secret *fields;
};

struct kept_keys {
    pthread_mutex_t mutex;
    VEC(struct kept_key) keys;
};

void kept_keys_init(struct kept_keys *k);
void kept_keys_clear(struct kept_keys *k);

/* As unlock_key with this finder, which is asked only for the first time. */
MUST_USE err *kept_keys_unlock(struct kept_keys *k, const struct cert *c,
                               const struct component *key, const struct key_finder *finder,
                               const struct s2k_limits *limits, struct secret **out);

#endif
