#include "base/reader.h"

struct reader reader_init(struct slice bytes, const char *what)
{
    static const uint8_t nothing[1];
    const uint8_t *start = bytes.data != NULL ? bytes.data : nothing;
    return (struct reader){.start = start, .p = start, .end = start + bytes.len, .what = what};
}

static void extend_field(struct reader_field *f, struct slice s)
{
    if (f->bytes.data == NULL)
        f->bytes = s;
    else
        f->bytes.len = (size_t)(s.data + s.len - f->bytes.data);
}

struct slice reader_bytes(struct reader *r, size_t n)
{
    if (r->failed || n > (size_t)(r->end - r->p)) {
        r->failed = true;
        return SLICE_EMPTY;
    }
    struct slice s = slice_of(r->p, n);
    r->p += n;
    if (r->trace != NULL && r->trace->n > 0)
        extend_field(&r->trace->fields[r->trace->n - 1], s);
    return s;
}

void reader_mark(struct reader *r, const char *label)
{
    struct reader_trace *t = r->trace;
    if (t != NULL && !r->failed && t->n < t->max)
        t->fields[t->n++] = (struct reader_field){.label = label};
}

static uint64_t big_endian(struct reader *r, size_t n)
{
    struct slice s = reader_bytes(r, n);
    uint64_t value = 0;
    for (size_t i = 0; i < s.len; i++)
        value = value << 8 | s.data[i];
    return value;
}

uint8_t reader_u8(struct reader *r)
{
    return (uint8_t)big_endian(r, 1);
}

uint16_t reader_u16(struct reader *r)
{
    return (uint16_t)big_endian(r, 2);
}

uint32_t reader_u32(struct reader *r)
{
    return (uint32_t)big_endian(r, 4);
}

uint64_t reader_u64(struct reader *r)
{
    return big_endian(r, 8);
}

struct slice reader_rest(struct reader *r)
{
    return reader_bytes(r, reader_left(r));
}

uint8_t reader_peek(const struct reader *r)
{
    return reader_left(r) > 0 ? *r->p : 0;
}

struct reader reader_sub(struct reader *r, size_t n, const char *what)
{
    struct reader_trace *trace = r->trace;
    bool short_read = r->failed || n > (size_t)(r->end - r->p);
    r->trace = NULL;
    struct reader sub = reader_init(reader_bytes(r, n), what);
    r->trace = sub.trace = trace;
    sub.failed = short_read;
    sub.canonical = r->canonical;
    return sub;
}

size_t reader_left(const struct reader *r)
{
    return r->failed ? 0 : (size_t)(r->end - r->p);
}

size_t reader_offset(const struct reader *r)
{
    return (size_t)(r->p - r->start);
}

bool reader_failed(const struct reader *r)
{
    return r->failed;
}

void reader_fail(struct reader *r)
{
    r->failed = true;
}

void reader_refuse(struct reader *r, const char *why)
{
    if (!r->failed)
        r->why = why;
    r->failed = true;
}

err *reader_check(const struct reader *r)
{
    if (r->failed && r->why != NULL)
        return err_new(ERR_MALFORMED, "%s: %s", r->what, r->why);
    if (r->failed)
        return err_new(ERR_MALFORMED, "%s: cut short or inconsistent at byte %zu of %zu", r->what,
                       reader_offset(r), (size_t)(r->end - r->start));
    return NULL;
}

err *reader_end(const struct reader *r)
{
    TRY(reader_check(r));
    if (r->p != r->end)
        return err_new(ERR_MALFORMED, "%s: %zu bytes too many", r->what, (size_t)(r->end - r->p));
    return NULL;
}
