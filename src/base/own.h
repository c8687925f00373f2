/* own.h - who frees what: cleanup at the end of a scope, and handing over.
 *
 *     CLEANUP(buf_clear) struct buf b = BUF_EMPTY(LIMIT);   value: buf_clear(&b)
 *     AUTO(source_close) struct source *s = NULL;           pointer: source_close(s)
 *     *out = TAKE(s);                                       s is NULL from here on
 *
 * AUTO needs AUTO_DEFINE(function, pointer type) beside the function's prototype.
 */
#ifndef BASE_OWN_H
#define BASE_OWN_H

#define CLEANUP(clear) __attribute__((cleanup(clear)))
#define AUTO(release)  __attribute__((cleanup(release##_auto)))

#define AUTO_DEFINE(release, type)                                                                 \
    static inline void release##_auto(type *p)                                                     \
    {                                                                                              \
        release(*p);                                                                               \
    }

#define TAKE(p)                                                                                    \
    __extension__({                                                                                \
        __typeof__(p) taken_ = (p);                                                                \
        (p) = NULL;                                                                                \
        taken_;                                                                                    \
    })

#endif
