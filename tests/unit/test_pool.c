/* pool: every job runs once, with any number of threads. */
#include "unit.h"

#include "base/pool.h"

struct count {
    struct job job;
    unsigned runs;
};

static void count_run(void *arg)
{
    struct count *c = arg;
    for (volatile int i = 0; i < 1000; i++) {
    }
    c->runs++;
}

static void run_jobs(unsigned threads)
{
    enum { N = 200 };
    struct count counts[N] = {0};
    AUTO(pool_free) struct pool *p = NULL;
    OK(pool_new(threads, &p));
    assert_int_equal(pool_threads(p), threads);
    for (int round = 1; round <= 3; round++) {
        for (int i = 0; i < N; i++) {
            counts[i].job.run = count_run;
            counts[i].job.arg = &counts[i];
            pool_submit(p, &counts[i].job);
        }
        for (int i = N - 1; i >= 0; i--)
            pool_wait(p, &counts[i].job);
        for (int i = 0; i < N; i++)
            assert_int_equal(counts[i].runs, round);
    }
}

static void jobs_run_without_threads(void **state)
{
    (void)state;
    run_jobs(0);
}

static void jobs_run_on_one_thread(void **state)
{
    (void)state;
    run_jobs(1);
}

static void jobs_run_on_many_threads(void **state)
{
    (void)state;
    run_jobs(8);
}

static void freeing_runs_what_is_queued(void **state)
{
    (void)state;
    struct count c = {.job = {.run = count_run}};
    struct pool *p = NULL;
    c.job.arg = &c;
    OK(pool_new(0, &p));
    pool_submit(p, &c.job);
    pool_free(p);
    assert_int_equal(c.runs, 1);
    pool_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_run_without_threads),
        cmocka_unit_test(jobs_run_on_one_thread),
        cmocka_unit_test(jobs_run_on_many_threads),
        cmocka_unit_test(freeing_runs_what_is_queued),
    };
    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
