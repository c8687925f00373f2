/* steady.h - randomness that is always the same: for certificates that are made for measuring. */
#ifndef BENCH_STEADY_H
#define BENCH_STEADY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { STEADY_WORDS = 3 };

/* SHA-256 over the first n words, of which the last counts the blocks. */
struct steady {
    uint32_t words[STEADY_WORDS];
    size_t n;
};

/* `random` of a world whose context is a struct steady. */
err *steady_random(void *context, void *dst, size_t len);

#endif
