/* random.h - struct world as Nettle wants it: a function that cannot fail.
 *
 * Nettle draws until it likes what it gets, so a failing source would have it draw for
 * ever.  The system is asked once, before, for the seed of a generator:
 *
 *     CLEANUP(random_clear) struct random_source random = {0};
 *     TRY(random_init(&random, w));
 *     some_nettle_function(..., &random, random_fill);
 */
#ifndef CRYPTO_RANDOM_H
#define CRYPTO_RANDOM_H

#include <nettle/chacha.h>

#include "base/err.h"
#include "base/world.h"

/* ChaCha20 under a fresh key; nothing of it is used twice. */
struct random_source {
    struct chacha_ctx chacha;
};

/* ERR_IO if there are no random numbers. */
MUST_USE err *random_init(struct random_source *r, const struct world *w);
void random_clear(struct random_source *r);

/* A nettle_random_func. */
void random_fill(void *context, size_t len, uint8_t *dst);

#endif
