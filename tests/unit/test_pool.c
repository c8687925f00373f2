/* pool: every job runs once and in its row, with any number of threads. */
#include "unit.h"

#include <sched.h>

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

/* Rows of jobs, each after the one before it in its row: they share a number without a lock. */

struct row {
    unsigned next;
};

struct step {
    struct job job;
    struct row *row;
    unsigned number; /* of the step within its row */
    bool in_order;
};

static void step_run(void *arg)
{
    struct step *s = arg;
    s->in_order = s->row->next == s->number;
    s->row->next++;
}

/* Few jobs, so that each is submitted again while others wait for it. */
static void run_rows(unsigned threads)
{
    enum { ROWS = 3, STEPS = 5, ROUNDS = 100 };
    struct row rows[ROWS] = {0};
    struct step steps[ROWS][STEPS] = {0};
    AUTO(pool_free) struct pool *p = NULL;
    OK(pool_new(threads, &p));
    for (unsigned i = 0; i < ROUNDS * STEPS; i++) {
        for (unsigned r = 0; r < ROWS; r++) {
            struct step *s = &steps[r][i % STEPS];
            if (i >= STEPS) {
                pool_wait(p, &s->job);
                assert_true(s->in_order);
            }
            s->job = (struct job){.run = step_run, .arg = s};
            s->row = &rows[r];
            s->number = i;
            pool_submit_after(p, &s->job, i > 0 ? &steps[r][(i - 1) % STEPS].job : NULL);
        }
    }
    for (unsigned r = 0; r < ROWS; r++) {
        pool_wait(p, &steps[r][STEPS - 1].job);
        assert_int_equal(rows[r].next, ROUNDS * STEPS);
    }
}

static void jobs_in_a_row(void **state)
{
    (void)state;
    run_rows(0);
    run_rows(1);
    run_rows(8);
}

struct gate {
    struct step first, other;
    bool open;
};

static void first_run(void *arg)
{
    struct gate *g = arg;
    while (!__atomic_load_n(&g->open, __ATOMIC_ACQUIRE))
        sched_yield();
    step_run(&g->first);
}

static void other_run(void *arg)
{
    struct gate *g = arg;
    step_run(&g->other);
    __atomic_store_n(&g->open, true, __ATOMIC_RELEASE);
}

/* While the first of a row takes its time, another row passes the second. */
static void a_job_waits_for_the_one_before(void **state)
{
    (void)state;
    AUTO(pool_free) struct pool *p = NULL;
    struct row row = {0}, other_row = {0};
    struct gate g = {.first = {.row = &row}, .other = {.row = &other_row}};
    struct step second = {.job.run = step_run, .row = &row, .number = 1};
    g.first.job = (struct job){.run = first_run, .arg = &g};
    g.other.job = (struct job){.run = other_run, .arg = &g};
    second.job.arg = &second;
    OK(pool_new(2, &p));
    pool_submit(p, &g.first.job);
    pool_submit_after(p, &second.job, &g.first.job);
    pool_submit(p, &g.other.job);
    pool_wait(p, &second.job);
    assert_true(g.first.in_order && g.other.in_order && second.in_order);
}

static void freeing_runs_rows(void **state)
{
    (void)state;
    struct row row = {0};
    struct step steps[3] = {0};
    struct pool *p = NULL;
    OK(pool_new(2, &p));
    for (unsigned i = 0; i < 3; i++) {
        steps[i] = (struct step){.job = {.run = step_run}, .row = &row, .number = i};
        steps[i].job.arg = &steps[i];
        pool_submit_after(p, &steps[i].job, i > 0 ? &steps[i - 1].job : NULL);
    }
    pool_free(p);
    assert_int_equal(row.next, 3);
    assert_true(steps[1].in_order && steps[2].in_order);
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
        cmocka_unit_test(jobs_run_without_threads),       cmocka_unit_test(jobs_run_on_one_thread),
        cmocka_unit_test(jobs_run_on_many_threads),       cmocka_unit_test(jobs_in_a_row),
        cmocka_unit_test(a_job_waits_for_the_one_before), cmocka_unit_test(freeing_runs_rows),
        cmocka_unit_test(freeing_runs_what_is_queued),
    };
    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
