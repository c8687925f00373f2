/* Plaintext and secrets are not left in memory that is given back.
 *
 * free is defined here, in front of the C library's, and looks at what it is given.
 * The sanitizers have allocators of their own; under them the tests are skipped. */
#include "unit.h"

#include <malloc.h>

#include "base/pool.h"
#include "crypto/aead.h"
#include "stream/chunks.h"

#define MARK "never to be seen"
enum { MARK_LEN = sizeof MARK - 1 };

/* Of the blocks freed while it watches: those that hold the mark.  (volatile: the
 * compiler knows of free that it looks at nothing.) */
static volatile struct {
    bool on;
    size_t marked;
} watch;

#ifndef SANITIZED
void __libc_free(void *p);

void free(void *p)
{
    if (p != NULL && watch.on)
        watch.marked += memmem(p, malloc_usable_size(p), MARK, MARK_LEN) != NULL;
    __libc_free(p);
}
#endif

static void watch_start(void)
{
    watch.marked = 0;
    watch.on = true;
}

static size_t watch_end(void)
{
    watch.on = false;
    return watch.marked;
}

static void needs_own_allocator(void)
{
#ifdef SANITIZED
    skip();
#endif
}

static void marks_are_noticed(void **state)
{
    (void)state;
    needs_own_allocator();
    char *p = NULL;
    OK(mem_strdup("mark: " MARK, &p));
    watch_start();
    free(p);
    assert_int_equal(watch_end(), 1);
}

/* A source that shows the mark, over and over, and fails after `left` bytes.  What it
 * shows is not on the heap. */
struct marks {
    struct source source;
    size_t left;
};

static const char marks[4 * MARK_LEN + 1] = MARK MARK MARK MARK;

static err *marks_fill(struct source *s, struct slice *view)
{
    size_t left = ((struct marks *)s)->left;
    *view = slice_of(marks, left < sizeof marks - 1 ? left : sizeof marks - 1);
    return left > 0 ? NULL : err_new(ERR_IO, "failing on purpose");
}

static void marks_consume(struct source *s, size_t n)
{
    ((struct marks *)s)->left -= n;
}

static void marks_close(struct source *s)
{
    free(s);
}

static const struct source_ops marks_ops = {"marks", marks_fill, marks_consume, marks_close};

static struct source *marks_then_failure(size_t len)
{
    struct marks *m = calloc(1, sizeof *m);
    assert_non_null(m);
    source_init(&m->source, &marks_ops, NULL);
    m->left = len;
    return &m->source;
}

/* Sealing: text that has been read but not sealed when upstream fails. */
static void check_seal(uint8_t size_octet, size_t len)
{
    struct chunks_params params = {.size_octet = size_octet};
    struct pool *pool = NULL;
    struct source *s = NULL;
    struct slice view;
    static const uint8_t key[32];
    OK(pool_new(0, &pool));
    params.pool = pool;
    OK(aead_new(CIPHER_AES256, AEAD_OCB, SLICE_OF(key), &params.aead));
    OK(chunks_seal(marks_then_failure(len), &params, &s));
    watch_start();
    FAILS(ERR_IO, source_fill(s, 1, &view));
    source_close(s);
    assert_int_equal(watch_end(), 0);
    pool_free(pool);
}

/* In the first chunk, a later one, a later batch; between chunks. */
static void sealing_is_cut_off(void **state)
{
    (void)state;
    needs_own_allocator();
    check_seal(12, 100);
    check_seal(0, 1000);
    check_seal(6, 40960);
    check_seal(12, 300000);
    check_seal(6, (1 << 18) + 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_noticed),
        cmocka_unit_test(sealing_is_cut_off),
    };
    return cmocka_run_group_tests_name("wiping", tests, NULL, NULL);
}
