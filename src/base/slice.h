/* slice.h - borrowed bytes: whoever made the slice owns them. */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const uint8_t *data; /* may be NULL when len is 0 */
    size_t len;
};

#define SLICE_EMPTY ((struct slice){NULL, 0})

/* A slice over an array (not a pointer) or a string literal. */
#define SLICE_OF(array) ((struct slice){(const uint8_t *)(array), sizeof(array)})
#define SLICE_TEXT(lit) ((struct slice){(const uint8_t *)(lit), sizeof(lit) - 1})

static inline struct slice slice_of(const void *data, size_t len)
{
    return (struct slice){(const uint8_t *)data, len};
}

static inline struct slice slice_of_string(const char *text)
{
    return slice_of(text, strlen(text));
}

/* Not for secrets: see ct_equal in crypto/ct.h. */
static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Bytewise order, shorter first where one begins the other. */
static inline int slice_compare(struct slice a, struct slice b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n == 0 ? 0 : memcmp(a.data, b.data, n);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static inline bool slice_starts_with(struct slice s, struct slice prefix)
{
    return s.len >= prefix.len && slice_equal(slice_of(s.data, prefix.len), prefix);
}

/* The bytes from `from` (at most s.len) to the end. */
static inline struct slice slice_from(struct slice s, size_t from)
{
    return from >= s.len ? SLICE_EMPTY : slice_of(s.data + from, s.len - from);
}

#endif
