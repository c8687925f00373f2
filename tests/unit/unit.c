#include "unit.h"

#include <stdio.h>
#include <unistd.h>

#include "base/fs.h"

void unit_ok(err *e, const char *call, const char *file, int line)
{
    char text[1024];
    if (e == NULL)
        return;
    print_error("%s: %s\n", call, err_text(e, text, sizeof text));
    err_free(e);
    _fail(file, line);
}

void unit_fails(enum err_kind kind, err *e, const char *call, const char *file, int line)
{
    char text[1024];
    enum err_kind got = err_kind_of(e);
    if (got == kind && e != NULL) {
        err_free(e);
        return;
    }
    print_error("%s: kind %d, not %d: %s\n", call, (int)got, (int)kind,
                err_text(e, text, sizeof text));
    err_free(e);
    _fail(file, line);
}

struct kept {
    struct buf b;
    struct kept *next;
};

struct buf *unit_keep(void)
{
    static struct kept *all; /* reachable, so no leak to a leak checker */
    struct kept *k = calloc(1, sizeof *k);
    if (k == NULL)
        abort();
    k->b = BUF_EMPTY(SIZE_MAX);
    k->next = all;
    all = k;
    return &k->b;
}

struct slice unit_hex(const char *digits)
{
    struct buf *b = unit_keep();
    unsigned high = 0;
    bool half = false;
    for (; *digits != '\0'; digits++) {
        uint8_t value;
        char pair[3] = {'0', *digits, '\0'};
        if (!text_unhex(pair, &value, 1) || *digits == ' ')
            continue;
        if (half)
            buf_u8(b, (uint8_t)(high << 4 | value));
        high = value;
        half = !half;
    }
    assert_false(half);
    return buf_view(b);
}

struct slice unit_joined(struct slice a, struct slice b)
{
    struct buf *all = unit_keep();
    buf_bytes(all, a);
    buf_bytes(all, b);
    return buf_view(all);
}

struct slice unit_flipped(struct slice s, size_t bit)
{
    struct buf *b = unit_keep();
    buf_bytes(b, s);
    b->data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    return buf_view(b);
}

struct secret *unit_secret(struct slice bytes)
{
    struct secret *s = NULL;
    OK(secret_of(bytes, &s));
    return s;
}

void unit_same(struct slice a, struct slice b, const char *file, int line)
{
    if (slice_equal(a, b))
        return;
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(SIZE_MAX);
    text_hex_to(&text, a);
    buf_text(&text, "\nis not\n");
    text_hex_to(&text, b);
    buf_u8(&text, 0);
    print_error("%s\n", (const char *)text.data);
    _fail(file, line);
}

static struct slice read_file(const char *directory, const char *path)
{
    AUTO(free) char *name = NULL;
    struct buf *b = unit_keep();
    OK(fs_join(directory, path, &name));
    OK(fs_read_file(name, b));
    return buf_view(b);
}

struct slice unit_specdata(const char *path)
{
    const char *directory = getenv("SPECDATA");
    if (directory == NULL || access(directory, R_OK) != 0)
        skip();
    return read_file(directory, path);
}

struct slice unit_vector(const char *path)
{
    return read_file("tests/vectors", path);
}

static int64_t fixed_now(void *context)
{
    return *(int64_t *)context;
}

/* Not random at all, but different at every call. */
static err *fixed_random(void *context, void *dst, size_t len)
{
    int64_t *state = context;
    for (size_t i = 0; i < len; i++)
        ((uint8_t *)dst)[i] = (uint8_t)(state[1]++ * 167 >> 3);
    return NULL;
}

struct world unit_world(int64_t at, uint8_t seed)
{
    static int64_t states[64][2];
    static size_t n;
    int64_t *state = states[n++ % 64];
    state[0] = at;
    state[1] = seed;
    return (struct world){.context = state, .now = fixed_now, .random = fixed_random};
}
