#include "base/vec.h"

#include <stdint.h>
#include <string.h>

err *vec_reserve(void **items, size_t n, size_t *capacity, size_t size)
{
    if (n < *capacity)
        return NULL;
    size_t grown = n == 0 ? 4 : n + n / 2 + 1;
    if (grown > SIZE_MAX / size)
        return err_no_memory();
    void *moved = realloc(*items, grown * size);
    if (moved == NULL)
        return err_no_memory();
    *items = moved;
    *capacity = grown;
    return NULL;
}

err *vec_extend(void **items, size_t *n, size_t *capacity, size_t wanted, size_t size)
{
    if (wanted <= *n)
        return NULL;
    if (wanted > *capacity) {
        size_t half_more = *n + *n / 2;
        TRY(vec_reserve(items, wanted > half_more ? wanted : half_more, capacity, size));
    }
    memset((char *)*items + *n * size, 0, (wanted - *n) * size);
    *n = wanted;
    return NULL;
}
