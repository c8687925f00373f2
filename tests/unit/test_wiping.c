/* Plaintext and secrets are not left in memory that is given back.
 *
 * free and explicit_bzero are defined here, in front of the C library's, and look at
 * what they are given.  The sanitizers have allocators of their own; under them the tests are skipped. */
#include "unit.h"
#include "kit.h"

#include <malloc.h>
#include <pthread.h>
#include <unistd.h>

#include "base/pool.h"
#include "crypto/aead.h"
#include "crypto/ocb.h"
#include "crypto/pk.h"
#include "stream/chunks.h"
#include "stream/zip.h"

#define MARK "never to be seen"
enum { MARK_LEN = sizeof MARK - 1 };

/* Of the blocks freed while it watches: those that hold the mark, and large ones that
 * hold anything.  Of the places wiped: those on the heap that hold the mark.  (volatile: the compiler knows of free that it looks at nothing.) */
static volatile struct {
    bool on;
    size_t marked, full, wiped;
} watch;

enum { LARGE = 1000 };

#ifndef SANITIZED
void __libc_free(void *p);
void *__libc_calloc(size_t n, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

/* What was freed earlier must not come again in a buffer that is wiped as far as it was used. */
void *malloc(size_t size)
{
    return __libc_calloc(1, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    void *p = __libc_memalign(alignment, size);
    return p == NULL ? NULL : memset(p, 0, size);
}

/* The last bytes may be padding, which nobody ever writes or wipes. */
static bool is_full(const uint8_t *p, size_t len)
{
    size_t n = 0;
    while (n + 16 < len && p[n] == 0)
        n++;
    return n + 16 < len;
}

void free(void *p)
{
    if (p != NULL && watch.on) {
        size_t len = malloc_usable_size(p);
        watch.marked += memmem(p, len, MARK, MARK_LEN) != NULL;
        watch.full += len >= LARGE && is_full(p, len);
    }
    __libc_free(p);
}
/* The program's data ends with `end`; the heap lies somewhere behind it. */
extern char end[];

void explicit_bzero(void *p, size_t len)
{
    bool on_heap = (char *)p >= end && (char *)p < (char *)sbrk(0);
    if (watch.on && on_heap)
        watch.wiped += memmem(p, len, MARK, MARK_LEN) != NULL;
    memset(p, 0, len);
    __asm__ volatile("" : : "r"(p) : "memory");
}

/* What becomes of it with _FORTIFY_SOURCE. */
void __explicit_bzero_chk(void *p, size_t len, size_t room);

void __explicit_bzero_chk(void *p, size_t len, size_t room)
{
    (void)room;
    (explicit_bzero)(p, len);
}
#endif

static void watch_start(void)
{
    watch.marked = watch.full = watch.wiped = 0;
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
    OK(mem_strdup("mark: " MARK, &p));
    watch_start();
    mem_free_wiped(p, strlen(p));
    assert_int_equal(watch_end(), 0);
    assert_int_equal(watch.wiped, 1);
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

/* What the libraries keep, which is not always readable: all of it is zero.  The text
 * ends with half of it read, and with all of it read. */
static void check_zip(struct slice text, uint8_t algorithm, bool packing)
{
    for (int whole = 0; whole < 2; whole++) {
        struct source *s = NULL;
        struct slice view;
        if (packing)
            OK(zip_compress(kit_pieces(text), algorithm, 6, &s));
        else
            OK(zip_expand(kit_pieces(text), algorithm, NULL, &s));
        do {
            OK(source_fill(s, 1, &view));
            source_consume(s, view.len);
        } while (whole && view.len > 0);
        watch_start();
        source_close(s);
        assert_int_equal(watch_end(), 0);
        assert_int_equal(watch.full, 0);
    }
}

static void compression_leaves_nothing(void **state)
{
    (void)state;
    needs_own_allocator();
    static const uint8_t algorithms[] = {COMPRESSION_ZIP, COMPRESSION_ZLIB, COMPRESSION_BZIP2};
    struct buf *text = unit_keep();
    for (int i = 0; i < 50000; i++)
        buf_printf(text, "%d %s\n", i, MARK);
    for (size_t i = 0; i < sizeof algorithms; i++) {
        struct source *s = NULL;
        check_zip(buf_view(text), algorithms[i], true);
        OK(zip_compress(kit_pieces(buf_view(text)), algorithms[i], 6, &s));
        check_zip(kit_read(s), algorithms[i], false);
    }
}

/* OCB works on a stack of its own, which is looked at afterwards. */
struct ocb_job {
    const struct ocb *ocb;
    struct slice plain;
};

static const uint8_t ocb_nonce[OCB_NONCE] = {1, 2, 3}, ocb_ad[20] = {4};
enum { OCB_PLAIN = 5 * OCB_BLOCK + 3, STACK = 1 << 18 };

static void *run_ocb(void *arg)
{
    const struct ocb_job *job = arg;
    static uint8_t sealed[OCB_PLAIN], tag[OCB_BLOCK];
    ocb_seal(job->ocb, ocb_nonce, SLICE_OF(ocb_ad), sealed, job->plain, tag);
    return NULL;
}

/* dst ^= src */
static void xor_into(uint8_t *dst, const uint8_t *src)
{
    for (size_t i = 0; i < OCB_BLOCK; i++)
        dst[i] ^= src[i];
}

/* What the computation went through: Offset_0 to Offset_5, Offset_*, and the key stream
 * made of that [RFC7253 4.2].  The nonce has a zero at its end, so that Offset_0 is what
 * the cipher makes of it. */
enum { OCB_STEPS = 8 };
static void ocb_steps(const struct ocb *o, uint8_t steps[OCB_STEPS][OCB_BLOCK])
{
    uint8_t top[OCB_BLOCK] = {1};
    memcpy(top + 1, ocb_nonce, OCB_NONCE);
    cipher_encrypt(o->cipher, steps[0], top, OCB_BLOCK);
    for (size_t i = 1; i < OCB_STEPS - 1; i++) {
        memcpy(steps[i], steps[i - 1], OCB_BLOCK);
        xor_into(steps[i], i == OCB_STEPS - 2 ? o->star : o->level[__builtin_ctzll(i)]);
    }
    cipher_encrypt(o->cipher, steps[OCB_STEPS - 1], steps[OCB_STEPS - 2], OCB_BLOCK);
}

static void ocb_leaves_nothing(void **state)
{
    (void)state;
    needs_own_allocator();
    static const uint8_t key[16] = {7}, plain[OCB_PLAIN] = {8};
    uint8_t steps[OCB_STEPS][OCB_BLOCK];
    AUTO(cipher_free) struct cipher *c = NULL;
    struct ocb ocb;
    pthread_t thread;
    pthread_attr_t attr;
    OK(cipher_new(CIPHER_AES128, SLICE_OF(key), &c));
    ocb_init(&ocb, c);
    ocb_steps(&ocb, steps);
    uint8_t *stack = aligned_alloc(4096, STACK);
    assert_non_null(stack);
    memset(stack, 0, STACK);
    pthread_attr_init(&attr);
    assert_int_equal(pthread_attr_setstack(&attr, stack, STACK), 0);
    struct ocb_job job = {&ocb, SLICE_OF(plain)};
    assert_int_equal(pthread_create(&thread, &attr, run_ocb, &job), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attr);
    for (size_t i = 0; i < OCB_STEPS; i++)
        assert_null(memmem(stack, STACK, steps[i], OCB_BLOCK));
    free(stack);
}

/* Random numbers that are the mark, over and over. */
static err *random_marks(void *context, void *dst, size_t len)
{
    (void)context;
    for (size_t i = 0; i < len; i++)
        ((char *)dst)[i] = MARK[i % MARK_LEN];
    return NULL;
}

/* Not even for a moment: the heap may be swapped out.  GMP's memory is an exception, and
 * so are keys that need it. */
static void secret_keys_are_not_on_the_heap(void **state)
{
    (void)state;
    needs_own_allocator();
    static const struct world w = {.random = random_marks};
    static const uint8_t algos[] = {PK_EDDSA_LEGACY, PK_ED25519, PK_ED448, PK_X25519, PK_X448};
    for (size_t i = 0; i < sizeof algos; i++) {
        struct buf *public = unit_keep();
        AUTO(secret_free) struct secret *secret = NULL;
        watch_start();
        OK(pk_generate(algos[i], 0, &w, public, &secret));
        assert_int_equal(watch_end(), 0);
        assert_int_equal(watch.wiped, 0);
        assert_non_null(memmem(secret_view(secret).data, secret_len(secret), MARK, MARK_LEN));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_noticed),
        cmocka_unit_test(sealing_is_cut_off),
        cmocka_unit_test(compression_leaves_nothing),
        cmocka_unit_test(ocb_leaves_nothing),
        cmocka_unit_test(secret_keys_are_not_on_the_heap),
    };
    return cmocka_run_group_tests_name("wiping", tests, NULL, NULL);
}
