#include "base/vec.h"

#include <stdint.h>

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
