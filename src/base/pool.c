#include "base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

#include "base/mem.h"

struct pool {
    pthread_mutex_t mutex;
    pthread_cond_t work, finished;
    struct job *head, *tail;
    bool closing;
    unsigned wanted, started;
    pthread_t threads[];
};

err *pool_new(unsigned threads, struct pool **out)
{
    struct pool *p = mem_zeroed(1, sizeof *p + threads * sizeof p->threads[0]);
    if (p == NULL)
        return err_no_memory();
    pthread_mutex_init(&p->mutex, NULL);
    pthread_cond_init(&p->work, NULL);
    pthread_cond_init(&p->finished, NULL);
    p->wanted = threads;
    *out = p;
    return NULL;
}

unsigned pool_default_threads(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return n > 1 ? (unsigned)n - 1 : 0;
}

unsigned pool_threads(const struct pool *p)
{
    return p->wanted;
}

/* The oldest job that need not wait for another. */
static struct job *pop(struct pool *p)
{
    struct job *before = NULL, *j = p->head;
    for (; j != NULL && j->after != NULL; j = j->next)
        before = j;
    if (j == NULL)
        return NULL;
    if (before == NULL)
        p->head = j->next;
    else
        before->next = j->next;
    if (p->tail == j)
        p->tail = before;
    return j;
}

/* Those that waited for j may run; it may be submitted again before they do. */
static void release_followers(struct pool *p, const struct job *j)
{
    for (struct job *follower = p->head; follower != NULL; follower = follower->next) {
        if (follower->after == j) {
            follower->after = NULL;
            pthread_cond_signal(&p->work);
        }
    }
}

/* Called with the mutex held, which is released while the job runs. */
static void run_unlocked(struct pool *p, struct job *j)
{
    pthread_mutex_unlock(&p->mutex);
    j->run(j->arg);
    pthread_mutex_lock(&p->mutex);
    j->done = true;
    release_followers(p, j);
    pthread_cond_broadcast(&p->finished);
}

/* It throws nobody off a processor when it wakes up: neither the thread that it works for nor
 * another program at the other end of a pipe. */
static void be_patient(void)
{
    sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0});
}

static void *worker(void *arg)
{
    struct pool *p = arg;
    be_patient();
    pthread_mutex_lock(&p->mutex);
    for (;;) {
        struct job *j = pop(p);
        if (j != NULL)
            run_unlocked(p, j);
        else if (p->closing)
            break;
        else
            pthread_cond_wait(&p->work, &p->mutex);
    }
    pthread_mutex_unlock(&p->mutex);
    return NULL;
}

/* Signals stay with the main thread: a worker must not be where SIGINT lands. */
static bool start_thread(struct pool *p)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool ok = pthread_create(&p->threads[p->started], NULL, worker, p) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

void pool_submit(struct pool *p, struct job *j)
{
    pool_submit_after(p, j, NULL);
}

void pool_submit_after(struct pool *p, struct job *j, const struct job *before)
{
    pthread_mutex_lock(&p->mutex);
    j->after = before != NULL && !before->done ? before : NULL;
    j->next = NULL;
    j->done = false;
    if (p->tail != NULL)
        p->tail->next = j;
    else
        p->head = j;
    p->tail = j;
    /* One more thread per job until all run; where the system refuses one, the
     * jobs still get done by those that there are. */
    if (p->started < p->wanted && start_thread(p))
        p->started++;
    pthread_cond_signal(&p->work);
    pthread_mutex_unlock(&p->mutex);
}

void pool_wait(struct pool *p, struct job *j)
{
    pthread_mutex_lock(&p->mutex);
    while (!j->done) {
        struct job *other = pop(p);
        if (other != NULL)
            run_unlocked(p, other);
        else
            pthread_cond_wait(&p->finished, &p->mutex);
    }
    pthread_mutex_unlock(&p->mutex);
}

void pool_free(struct pool *p)
{
    if (p == NULL)
        return;
    pthread_mutex_lock(&p->mutex);
    for (struct job *j = pop(p); j != NULL; j = pop(p))
        run_unlocked(p, j);
    p->closing = true;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->mutex);
    for (unsigned i = 0; i < p->started; i++)
        pthread_join(p->threads[i], NULL);
    pthread_cond_destroy(&p->finished);
    pthread_cond_destroy(&p->work);
    pthread_mutex_destroy(&p->mutex);
    free(p);
}
