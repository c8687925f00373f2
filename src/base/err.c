#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct err {
    enum err_kind kind;
    err *cause;
    char *hint;
    const char *message;
    char storage[];
};

/* Returned when an error itself cannot be allocated; never changed or freed. */
static err out_of_memory = {ERR_NO_MEMORY, NULL, NULL, "out of memory"};

static bool is_static(const err *e)
{
    return e == &out_of_memory;
}

__attribute__((format(printf, 3, 0))) static err *make(enum err_kind kind, err *cause,
                                                       const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    size_t size = len < 0 ? 1 : (size_t)len + 1;
    err *e = malloc(sizeof *e + size);
    if (e == NULL) {
        err_free(cause);
        return &out_of_memory;
    }
    e->kind = kind;
    e->cause = cause;
    e->hint = NULL;
    e->message = e->storage;
    if (len < 0)
        e->storage[0] = '\0';
    else
        vsnprintf(e->storage, size, format, args);
    return e;
}

err *err_new(enum err_kind kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    err *e = make(kind, NULL, format, args);
    va_end(args);
    return e;
}

err *err_wrap(err *cause, const char *format, ...)
{
    if (cause == NULL)
        return NULL;
    va_list args;
    va_start(args, format);
    err *e = make(cause->kind, cause, format, args);
    va_end(args);
    return e;
}

err *err_as(err *e, enum err_kind kind)
{
    if (e != NULL && e->kind != ERR_NO_MEMORY)
        e->kind = kind;
    return e;
}

err *err_hint(err *e, const char *format, ...)
{
    if (e == NULL || is_static(e) || err_hint_of(e) != NULL)
        return e;
    va_list args;
    va_start(args, format);
    if (vasprintf(&e->hint, format, args) < 0)
        e->hint = NULL;
    va_end(args);
    return e;
}

err *err_system(enum err_kind kind, const char *format, ...)
{
    int code = errno;
    char text[128];
    /* GNU strerror_r: returns the text, which need not be in the buffer. */
    err *cause = err_new(kind, "%s", strerror_r(code, text, sizeof text));
    va_list args;
    va_start(args, format);
    err *e = make(kind, cause, format, args);
    va_end(args);
    return e;
}

err *err_no_memory(void)
{
    return &out_of_memory;
}

enum err_kind err_kind_of(const err *e)
{
    return e == NULL ? ERR_NONE : e->kind;
}

const char *err_hint_of(const err *e)
{
    for (; e != NULL; e = e->cause) {
        if (e->hint != NULL)
            return e->hint;
    }
    return NULL;
}

char *err_text(const err *e, char *text, size_t size)
{
    size_t used = 0;
    if (size > 0)
        text[0] = '\0';
    for (; e != NULL && used < size; e = e->cause) {
        int n = snprintf(text + used, size - used, "%s%s", used > 0 ? ": " : "", e->message);
        if (n < 0)
            break;
        used += (size_t)n;
    }
    return text;
}

err *err_copy(const err *e)
{
    char text[1024];
    if (e == NULL || is_static(e))
        return (err *)e;
    err *copy = err_new(e->kind, "%s", err_text(e, text, sizeof text));
    const char *hint = err_hint_of(e);
    return hint == NULL ? copy : err_hint(copy, "%s", hint);
}

void err_free(err *e)
{
    while (e != NULL && !is_static(e)) {
        err *cause = e->cause;
        free(e->hint);
        free(e);
        e = cause;
    }
}
