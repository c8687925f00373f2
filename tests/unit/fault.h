/* fault.h - the n-th allocation fails, for n = 1, 2, ... until a job is done without
 * meeting the failure.
 *
 * malloc and its kin are defined here, in front of the C library's, so a program
 * includes this once.  Only calls that come straight from the program's own code
 * fail, told by the return address: GMP, Nettle, SQLite and zlib have their own
 * ideas of a full memory (GMP ends the process).  The sanitizers have allocators
 * of their own; under them the tests are skipped. */
#ifndef TESTS_FAULT_H
#define TESTS_FAULT_H

#include "unit.h"

#include <errno.h>

static struct {
    bool armed, fired;
    unsigned long countdown; /* calls until the failure */
    long live;               /* blocks allocated and not freed, of everybody */
} fault;

#ifndef SANITIZED
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *p);

/* From the linker: where the program's own code begins and ends. */
extern const char __executable_start[], etext[];

static bool must_fail(const void *caller)
{
    const char *from = caller;
    bool own = from >= __executable_start && from < etext;
    if (!fault.armed || !own || --fault.countdown > 0)
        return false;
    fault.armed = false;
    fault.fired = true;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    void *p = must_fail(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
    fault.live += p != NULL;
    return p;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    void *p = must_fail(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);
    fault.live += p != NULL;
    return p;
}

void *calloc(size_t n, size_t size)
{
    void *p = must_fail(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
    fault.live += p != NULL;
    return p;
}

void *realloc(void *old, size_t size)
{
    void *p = must_fail(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
    fault.live += old == NULL && p != NULL;
    return p;
}

void free(void *p)
{
    fault.live -= p != NULL;
    __libc_free(p);
}
#endif

/* What is tried.  A failure is reported as ERR_NO_MEMORY, or does no harm (where
 * only the words of a problem that is noted would have been kept). */
typedef err *fault_job(void *context);

/* Called after each try: it was done, and is what it ought to be; or it was not,
 * and nothing is left of it.  Frees what was made. */
typedef void fault_check(void *context, bool done);

/* Returns the number of failures there were.  Every block that a failed try has
 * allocated must be free again. */
static unsigned long fault_run(fault_job *job, fault_check *check, void *context)
{
    OK(job(context)); /* so that the libraries have what they keep */
    check(context, true);
    for (unsigned long n = 1;; n++) {
        long before = fault.live;
        fault.countdown = n;
        fault.fired = false;
        fault.armed = true;
        err *e = job(context);
        fault.armed = false;
        bool done = e == NULL, fired = fault.fired;
        if (fired && !done)
            FAILS(ERR_NO_MEMORY, e);
        else
            OK(e);
        check(context, done);
        if (!fired)
            return n - 1;
        if (!done && fault.live != before)
            print_error("failure %lu: %ld blocks are left\n", n, fault.live - before);
        assert_true(done || fault.live == before);
        assert_true(n < 100000);
    }
}

/* For the list of tests. */
#ifdef SANITIZED
static void fault_skipped(void **state)
{
    (void)state;
    skip();
}
#define FAULT_TEST(test)                                                                           \
    {                                                                                              \
        .name = #test, .test_func = fault_skipped, .initial_state = (void *)(test)                 \
    }
#else
#define FAULT_TEST(test) cmocka_unit_test(test)
#endif

#endif
