#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FIRST_CAPACITY = 64 };

void buf_clear(struct buf *b)
{
    mem_free_wiped(b->data, b->capacity);
    *b = BUF_EMPTY(b->max);
}

void buf_reset(struct buf *b)
{
    mem_wipe(b->data, b->len);
    b->len = 0;
    b->error = ERR_NONE;
}

/* Moves the content to a larger block; not realloc, which would leave a copy. */
static bool grow(struct buf *b, size_t needed)
{
    size_t capacity = b->capacity == 0 ? FIRST_CAPACITY : b->capacity;
    while (capacity < needed)
        capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
    uint8_t *data = malloc(capacity);
    if (data == NULL)
        return false;
    if (b->len > 0)
        memcpy(data, b->data, b->len);
    mem_free_wiped(b->data, b->len);
    b->data = data;
    b->capacity = capacity;
    return true;
}

uint8_t *buf_extend(struct buf *b, size_t n)
{
    if (b->error == ERR_NONE && (n > b->max || b->len > b->max - n))
        b->error = ERR_LIMIT;
    if (b->error == ERR_NONE && b->len + n > b->capacity && !grow(b, b->len + n))
        b->error = ERR_NO_MEMORY;
    if (b->error != ERR_NONE)
        return NULL;
    if (n == 0)
        return b->data;
    uint8_t *room = b->data + b->len;
    b->len += n;
    return room;
}

static void put_big_endian(uint8_t *dst, uint64_t value, unsigned width)
{
    for (unsigned i = width; i > 0; i--) {
        dst[i - 1] = (uint8_t)value;
        value >>= 8;
    }
}

static void big_endian(struct buf *b, uint64_t value, unsigned width)
{
    uint8_t *room = buf_extend(b, width);
    if (room != NULL)
        put_big_endian(room, value, width);
}

void buf_u8(struct buf *b, uint8_t value)
{
    big_endian(b, value, 1);
}

void buf_u16(struct buf *b, uint16_t value)
{
    big_endian(b, value, 2);
}

void buf_u32(struct buf *b, uint32_t value)
{
    big_endian(b, value, 4);
}

void buf_u64(struct buf *b, uint64_t value)
{
    big_endian(b, value, 8);
}

void buf_bytes(struct buf *b, struct slice s)
{
    uint8_t *room = buf_extend(b, s.len);
    if (room != NULL && s.len > 0)
        memcpy(room, s.data, s.len);
}

void buf_text(struct buf *b, const char *text)
{
    buf_bytes(b, slice_of_string(text));
}

void buf_fill(struct buf *b, uint8_t value, size_t n)
{
    uint8_t *room = buf_extend(b, n);
    if (room != NULL && n > 0)
        memset(room, value, n);
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    char *text = NULL;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    if (n < 0)
        b->error = ERR_NO_MEMORY;
    else
        buf_bytes(b, slice_of(text, (size_t)n));
    if (n >= 0)
        mem_free_wiped(text, (size_t)n);
}

size_t buf_open(struct buf *b, unsigned width)
{
    size_t mark = b->len;
    buf_fill(b, 0, width);
    return mark;
}

void buf_close(struct buf *b, size_t mark, unsigned width)
{
    if (b->error != ERR_NONE)
        return;
    uint64_t len = b->len - mark - width;
    if (len >> (8 * width) != 0)
        b->error = ERR_LIMIT;
    else
        put_big_endian(b->data + mark, len, width);
}

struct slice buf_view(const struct buf *b)
{
    return slice_of(b->data, b->len);
}

err *buf_end(const struct buf *b)
{
    if (b->error == ERR_NO_MEMORY)
        return err_no_memory();
    if (b->error != ERR_NONE)
        return err_new(b->error, "more than the %zu bytes allowed here", b->max);
    return NULL;
}
