/* mem.h - checked allocation and wiping.
 *
 * Memory comes zeroed.  NULL is allowed wherever memory is released.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/own.h"
#include "base/slice.h"

/* n objects of the given size, or NULL (also on overflow of n * size). */
MUST_USE void *mem_zeroed(size_t n, size_t size);

/* p = zeroed memory for one object or n objects of p's type; an err *. */
#define MEM_NEW(p)      (((p) = mem_zeroed(1, sizeof *(p))) == NULL ? err_no_memory() : NULL)
#define MEM_ARRAY(p, n) (((p) = mem_zeroed((n), sizeof *(p))) == NULL ? err_no_memory() : NULL)

/* Room for len bytes that files and pipes are copied to and from, not zeroed; or NULL.  It begins at
 * a multiple of 64 bytes, as their pages do: a few bytes off, copying takes up to five times as long. */
MUST_USE void *mem_block(size_t len);

/* Overwrites len bytes in a way the compiler keeps. */
void mem_wipe(void *p, size_t len);

/* Wipes, then frees. */
void mem_free_wiped(void *p, size_t len);

/* Copies of a string and of bytes, terminated by a zero byte; the caller frees. */
MUST_USE err *mem_strdup(const char *text, char **out);
MUST_USE err *mem_string_of(struct slice s, char **out);

/* A formatted string; the caller frees. */
MUST_USE err *mem_printf(char **out, const char *format, ...) PRINTF_LIKE(2, 3);

/* For AUTO(free): any pointer to memory of malloc. */
static inline void free_auto(void *p)
{
    void **owner = p;
    free(*owner);
    *owner = NULL;
}

#endif
