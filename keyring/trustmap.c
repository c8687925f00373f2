#include "keyring/trustmap.h"

#include <stdlib.h>

#include "base/mem.h"

enum { FIRST_CAPACITY = 64 };

/* Key IDs are chosen by whoever makes keys: the bits are mixed, so that nearby ones spread. */
static size_t place_of(const struct trustmap *m, int64_t key)
{
    uint64_t x = (uint64_t)key;
    x = (x ^ (x >> 32)) * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(x ^ (x >> 29)) & (m->capacity - 1);
}

/* Where the key is, or would be. */
static struct trustmap_slot *find(const struct trustmap *m, int64_t key)
{
    size_t at = place_of(m, key);
    while (m->slots[at].value >= 0 && m->slots[at].key != key)
        at = (at + 1) & (m->capacity - 1);
    return &m->slots[at];
}

int32_t trustmap_get(const struct trustmap *m, int64_t key)
{
    return m->n == 0 ? -1 : find(m, key)->value;
}

static err *grow(struct trustmap *m)
{
    struct trustmap bigger = {.n = m->n,
                              .capacity = m->capacity > 0 ? 2 * m->capacity : FIRST_CAPACITY};
    TRY(MEM_ARRAY(bigger.slots, bigger.capacity));
    for (size_t i = 0; i < bigger.capacity; i++)
        bigger.slots[i].value = -1;
    for (size_t i = 0; i < m->capacity; i++) {
        if (m->slots[i].value >= 0)
            *find(&bigger, m->slots[i].key) = m->slots[i];
    }
    free(m->slots);
    *m = bigger;
    return NULL;
}

err *trustmap_put(struct trustmap *m, int64_t key, int32_t value)
{
    if (2 * (m->n + 1) > m->capacity)
        TRY(grow(m));
    struct trustmap_slot *s = find(m, key);
    m->n += s->value < 0;
    *s = (struct trustmap_slot){key, value};
    return NULL;
}

void trustmap_clear(struct trustmap *m)
{
    free(m->slots);
    *m = (struct trustmap){0};
}
