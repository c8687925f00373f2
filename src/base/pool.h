/* pool.h - worker threads for pure jobs.
 *
 * A job is a function over memory that nobody else touches until it is done; it
 * waits for nothing, but perhaps for a disk, and submits no jobs.  Whoever waits
 * for a job runs queued jobs meanwhile, so a pool of no threads works too, and
 * does everything inline.  Threads start with the first job submitted.
 *
 * Submitting and waiting is for one thread at a time per job; several threads
 * may use one pool.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stdbool.h>

#include "base/err.h"
#include "base/own.h"

struct pool;

/* Owned by the caller; zero it before its first use, then reuse it as it is. */
struct job {
    void (*run)(void *arg);
    void *arg;
    struct job *next;        /* the pool's, like all that follows */
    const struct job *after; /* to be waited for; or NULL */
    bool done;
};

MUST_USE err *pool_new(unsigned threads, struct pool **out);

/* The number of processors this process may run on, less one for the caller. */
unsigned pool_default_threads(void);

unsigned pool_threads(const struct pool *p);

void pool_submit(struct pool *p, struct job *j);

/* j will run when `before` has, which was submitted to the same pool; NULL is allowed.  So
 * jobs in a row may share what they work on. */
void pool_submit_after(struct pool *p, struct job *j, const struct job *before);

/* Returns when j has run; it must have been submitted. */
void pool_wait(struct pool *p, struct job *j);

/* Runs what is still queued, then ends the threads.  NULL is allowed. */
void pool_free(struct pool *p);
AUTO_DEFINE(pool_free, struct pool *)

#endif
