#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

void *mem_zeroed(size_t n, size_t size)
{
    /* calloc(0) may return NULL, which would read as out of memory. */
    return calloc(n == 0 ? 1 : n, size == 0 ? 1 : size);
}

void *mem_block(size_t len)
{
    enum { LINE = 64 }; /* bytes of a cache */
    return len > SIZE_MAX - LINE ? NULL : aligned_alloc(LINE, len / LINE * LINE + LINE);
}

void mem_wipe(void *p, size_t len)
{
    if (len > 0)
        explicit_bzero(p, len);
}

void mem_free_wiped(void *p, size_t len)
{
    if (p != NULL)
        mem_wipe(p, len);
    free(p);
}

err *mem_string_of(struct slice s, char **out)
{
    char *copy = malloc(s.len + 1);
    if (copy == NULL)
        return err_no_memory();
    if (s.len > 0)
        memcpy(copy, s.data, s.len);
    copy[s.len] = '\0';
    *out = copy;
    return NULL;
}

err *mem_strdup(const char *text, char **out)
{
    return mem_string_of(slice_of_string(text), out);
}

err *mem_printf(char **out, const char *format, ...)
{
    va_list args;
    char *text = NULL;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    if (n < 0)
        return err_no_memory();
    *out = text;
    return NULL;
}
