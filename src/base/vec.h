/* vec.h - growable arrays.
 *
 *     VEC(struct sig) sigs = {0};
 *     TRY(VEC_PUSH(&sigs, sig));
 *     for (size_t i = 0; i < sigs.n; i++) use(&sigs.items[i]);
 *     vec_free(&sigs);
 *
 * Pushing may move the items: keep indices, not pointers, while pushing.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stddef.h>
#include <stdlib.h>

#include "base/err.h"

#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t n;                                                                                  \
        size_t capacity;                                                                           \
    }

/* Makes room for one more item of the given size. */
MUST_USE err *vec_reserve(void **items, size_t n, size_t *capacity, size_t size);

/* Statement expression: NULL or ERR_NO_MEMORY. */
#define VEC_PUSH(v, item)                                                                          \
    __extension__({                                                                                \
        void *items_ = (v)->items;                                                                 \
        err *push_error_ = vec_reserve(&items_, (v)->n, &(v)->capacity, sizeof *(v)->items);       \
        (v)->items = items_;                                                                       \
        if (push_error_ == NULL)                                                                   \
            (v)->items[(v)->n++] = (item);                                                         \
        push_error_;                                                                               \
    })

/* Adds zeroed items until there are at least `wanted`: a table that grows. */
MUST_USE err *vec_extend(void **items, size_t *n, size_t *capacity, size_t wanted, size_t size);

#define VEC_EXTEND(v, wanted)                                                                      \
    __extension__({                                                                                \
        void *items_ = (v)->items;                                                                 \
        err *extend_error_ = vec_extend(&items_, &(v)->n, &(v)->capacity, (wanted),                \
                                        sizeof *(v)->items);                                       \
        (v)->items = items_;                                                                       \
        extend_error_;                                                                             \
    })

#define vec_free(v)                                                                                \
    do {                                                                                           \
        free((v)->items);                                                                          \
        (v)->items = NULL;                                                                         \
        (v)->n = (v)->capacity = 0;                                                                \
    } while (0)

#endif
