/* world.h - what comes from outside a computation: the time and randomness.
 *
 * Code that needs either takes a `const struct world *`, so that tests can fix
 * both.  The system's world may be used from any thread.
 */
#ifndef BASE_WORLD_H
#define BASE_WORLD_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"

struct world {
    void *context;
    int64_t (*now)(void *context); /* Unix seconds */
    err *(*random)(void *context, void *dst, size_t len);
    err *(*wait)(void *context, int64_t until); /* NULL: time stands still */
};

/* The system's clock and getrandom(2). */
const struct world *world_system(void);

/* The system's, but at a time that stands still; *at is borrowed. */
struct world world_fixed(const int64_t *at);

int64_t world_now(const struct world *w);

/* Waits until it is `until`, which must be near; not where time stands still.
 * ERR_INTERRUPTED. */
MUST_USE err *world_wait(const struct world *w, int64_t until);

/* Fills dst with len bytes fit for keys [RFC9580 13.10].  ERR_IO. */
MUST_USE err *world_random(const struct world *w, void *dst, size_t len);

/* A new secret of len random bytes. */
MUST_USE err *world_random_secret(const struct world *w, size_t len, struct secret **out);

#endif
