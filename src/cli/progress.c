#include "cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

enum { FIRST_MS = 1000, EVERY_MS = 200 };

struct progress {
    struct source source;
    struct source *upstream;
    const char *verb;
    uint64_t total;
    bool shown;
    struct timespec start, last;
};

static int64_t ms_between(const struct timespec *a, const struct timespec *b)
{
    return (int64_t)(b->tv_sec - a->tv_sec) * 1000 + (b->tv_nsec - a->tv_nsec) / 1000000;
}

static void show(struct progress *p, int64_t ms)
{
    uint64_t bytes = p->upstream->offset;
    double megabytes = (double)bytes / 1e6, rate = megabytes * 1000 / (double)ms;
    if (p->total > 0)
        fprintf(stderr, "\r\033[K%s: %.0f %%, %.0f of %.0f MB, %.0f MB/s", p->verb,
                100 * (double)bytes / (double)p->total, megabytes, (double)p->total / 1e6, rate);
    else
        fprintf(stderr, "\r\033[K%s: %.0f MB, %.0f MB/s", p->verb, megabytes, rate);
    fflush(stderr);
    p->shown = true;
}

static void hide(struct progress *p)
{
    if (p->shown)
        fputs("\r\033[K", stderr);
    p->shown = false;
}

static void update(struct progress *p)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    int64_t ms = ms_between(&p->start, &now);
    if (ms < FIRST_MS || ms_between(&p->last, &now) < EVERY_MS)
        return;
    p->last = now;
    show(p, ms);
}

static err *progress_fill(struct source *s, struct slice *view)
{
    struct progress *p = (struct progress *)s;
    err *e = source_fill(p->upstream, 1, view);
    if (e != NULL || view->len == 0)
        hide(p);
    else
        update(p);
    return e;
}

static void progress_consume(struct source *s, size_t n)
{
    source_consume(((struct progress *)s)->upstream, n);
}

static void progress_close(struct source *s)
{
    struct progress *p = (struct progress *)s;
    hide(p);
    source_close(p->upstream);
    free(p);
}

static const struct source_ops progress_ops = {"progress", progress_fill, progress_consume,
                                               progress_close};

err *progress_new(struct source *upstream, const char *verb, uint64_t total, struct source **out)
{
    struct progress *p = NULL;
    if (MEM_NEW(p) != NULL) {
        source_close(upstream);
        return err_no_memory();
    }
    source_init(&p->source, &progress_ops, upstream);
    p->upstream = upstream;
    p->verb = verb;
    p->total = total;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &p->start);
    p->last = p->start;
    *out = &p->source;
    return NULL;
}

bool progress_is_possible(void)
{
    return isatty(STDERR_FILENO) != 0;
}
