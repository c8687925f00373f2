/* trustmap.h - from numbers to numbers: a hash table that only grows. */
#ifndef KEYRING_TRUSTMAP_H
#define KEYRING_TRUSTMAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct trustmap {
    struct trustmap_slot {
        int64_t key;
        int32_t value; /* of a slot that is not used: -1 */
    } * slots;
    size_t n, capacity;
};

/* -1 if it is not there. */
int32_t trustmap_get(const struct trustmap *m, int64_t key);

/* value >= 0; takes the place of an earlier one. */
MUST_USE err *trustmap_put(struct trustmap *m, int64_t key, int32_t value);

void trustmap_clear(struct trustmap *m);

#endif
