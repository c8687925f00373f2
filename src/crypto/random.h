/* random.h - struct world as Nettle wants it: a function that cannot fail.
 *
 * A failure is kept and must be asked for when Nettle is done:
 *
 *     struct random_source random = random_from(w);
 *     some_nettle_function(..., &random, random_fill);
 *     TRY(random_end(&random));
 */
#ifndef CRYPTO_RANDOM_H
#define CRYPTO_RANDOM_H

#include "base/err.h"
#include "base/world.h"

struct random_source {
    const struct world *world;
    err *failure;
};

static inline struct random_source random_from(const struct world *w)
{
    return (struct random_source){.world = w};
}

/* A nettle_random_func. */
static inline void random_fill(void *context, size_t len, uint8_t *dst)
{
    struct random_source *r = context;
    err *e = world_random(r->world, dst, len);
    if (r->failure == NULL)
        r->failure = e;
    else
        err_free(e);
}

MUST_USE static inline err *random_end(struct random_source *r)
{
    return TAKE(r->failure);
}

#endif
