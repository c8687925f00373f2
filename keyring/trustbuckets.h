/* trustbuckets.h - a queue by amount, the largest first, and then by a second number, the
 * least first.  What is equal comes out as it went in.
 */
#ifndef KEYRING_TRUSTBUCKETS_H
#define KEYRING_TRUSTBUCKETS_H

#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

enum { TRUSTBUCKETS_AMOUNTS = 128, TRUSTBUCKETS_ORDERS = 256 };

struct trustbuckets_list {
    uint32_t first, last;
};

/* Large: not for the stack.  Starts zeroed. */
struct trustbuckets {
    uint64_t amounts[TRUSTBUCKETS_AMOUNTS / 64]; /* which have something */
    uint64_t orders[TRUSTBUCKETS_AMOUNTS][TRUSTBUCKETS_ORDERS / 64];
    struct trustbuckets_list lists[TRUSTBUCKETS_AMOUNTS][TRUSTBUCKETS_ORDERS];
    VEC(uint32_t) next; /* by item */
};

/* Items are small numbers, each in the queue at most once. */
MUST_USE err *trustbuckets_push(struct trustbuckets *b, unsigned amount, unsigned order,
                                uint32_t item);

/* False: it is empty. */
bool trustbuckets_pop(struct trustbuckets *b, uint32_t *item);

/* Takes everything out. */
void trustbuckets_reset(struct trustbuckets *b);

#endif
