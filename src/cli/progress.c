#include "cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

enum { FIRST_MS = 1000, EVERY_MS = 200 };

static int64_t ms_between(const struct timespec *a, const struct timespec *b)
{
    return (int64_t)(b->tv_sec - a->tv_sec) * 1000 + (b->tv_nsec - a->tv_nsec) / 1000000;
}

/* When the line is due, and whether it is there. */

static void meter_start(struct meter *m)
{
    clock_gettime(CLOCK_MONOTONIC_COARSE, &m->start);
    m->last = m->start;
    m->shown = false;
}

/* Milliseconds since the start where the line is due, else 0. */
static int64_t meter_due(struct meter *m)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    int64_t ms = ms_between(&m->start, &now);
    if (ms < FIRST_MS || ms_between(&m->last, &now) < EVERY_MS)
        return 0;
    m->last = now;
    m->shown = true;
    return ms;
}

static void meter_hide(struct meter *m)
{
    if (m->shown)
        fputs("\r\033[K", stderr);
    m->shown = false;
}

/* Bytes. */

struct progress {
    struct source source;
    struct source *upstream;
    const char *verb;
    uint64_t total;
    struct meter meter;
};

static void update(struct progress *p)
{
    int64_t ms = meter_due(&p->meter);
    if (ms == 0)
        return;
    uint64_t bytes = p->upstream->offset;
    double megabytes = (double)bytes / 1e6, rate = megabytes * 1000 / (double)ms;
    if (p->total > 0)
        fprintf(stderr, "\r\033[K%s: %.0f %%, %.0f of %.0f MB, %.0f MB/s", p->verb,
                100 * (double)bytes / (double)p->total, megabytes, (double)p->total / 1e6, rate);
    else
        fprintf(stderr, "\r\033[K%s: %.0f MB, %.0f MB/s", p->verb, megabytes, rate);
    fflush(stderr);
}

static err *progress_fill(struct source *s, struct slice *view)
{
    struct progress *p = (struct progress *)s;
    err *e = source_fill(p->upstream, 1, view);
    if (e != NULL || view->len == 0)
        meter_hide(&p->meter);
    else
        update(p);
    return e;
}

/* Nothing is not the end here. */
static err *progress_read(struct source *s, uint8_t *dst, size_t n, size_t *got)
{
    struct progress *p = (struct progress *)s;
    err *e = source_read_straight(p->upstream, dst, n, got);
    if (e != NULL)
        meter_hide(&p->meter);
    else if (*got > 0)
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
    meter_hide(&p->meter);
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
    p->source.read = progress_read;
    p->upstream = upstream;
    p->verb = verb;
    p->total = total;
    meter_start(&p->meter);
    *out = &p->source;
    return NULL;
}

/* Many inputs. */

struct part {
    struct source source;
    struct source *upstream;
    struct progress_sum *sum;
    uint64_t counted;
};

/* The mutex is held. */
static void update_sum(struct progress_sum *s)
{
    int64_t ms = s->visible && !s->paused ? meter_due(&s->meter) : 0;
    if (ms == 0)
        return;
    double megabytes = (double)s->bytes / 1e6;
    fprintf(stderr, "\r\033[K%s: %zu of %zu files, %.0f MB, %.0f MB/s", s->verb, s->n, s->total,
            megabytes, megabytes * 1000 / (double)ms);
    fflush(stderr);
}

static err *part_fill(struct source *s, struct slice *view)
{
    struct part *p = (struct part *)s;
    TRY(source_fill(p->upstream, 1, view));
    pthread_mutex_lock(&p->sum->mutex);
    p->sum->bytes += p->upstream->offset - p->counted;
    update_sum(p->sum);
    pthread_mutex_unlock(&p->sum->mutex);
    p->counted = p->upstream->offset;
    return NULL;
}

static void part_consume(struct source *s, size_t n)
{
    source_consume(((struct part *)s)->upstream, n);
}

static void part_close(struct source *s)
{
    source_close(((struct part *)s)->upstream);
    free(s);
}

static const struct source_ops part_ops = {"progress", part_fill, part_consume, part_close};

err *progress_join(struct source *upstream, struct progress_sum *sum, struct source **out)
{
    struct part *p = NULL;
    if (MEM_NEW(p) != NULL) {
        source_close(upstream);
        return err_no_memory();
    }
    source_init(&p->source, &part_ops, upstream);
    p->upstream = upstream;
    p->sum = sum;
    *out = &p->source;
    return NULL;
}

void progress_sum_start(struct progress_sum *s, const char *verb, size_t total, bool visible)
{
    *s = (struct progress_sum){
        .verb = verb, .total = total, .visible = visible && progress_is_possible()};
    pthread_mutex_init(&s->mutex, NULL);
    meter_start(&s->meter);
}

void progress_sum_end(struct progress_sum *s)
{
    meter_hide(&s->meter);
    pthread_mutex_destroy(&s->mutex);
}

void progress_sum_hide(struct progress_sum *s)
{
    pthread_mutex_lock(&s->mutex);
    meter_hide(&s->meter);
}

void progress_sum_go_on(struct progress_sum *s, size_t n)
{
    s->n += n;
    update_sum(s);
    pthread_mutex_unlock(&s->mutex);
}

void progress_sum_pause(struct progress_sum *s, bool paused)
{
    pthread_mutex_lock(&s->mutex);
    meter_hide(&s->meter);
    s->paused = paused;
    pthread_mutex_unlock(&s->mutex);
}

/* Things that are counted. */

void tally_start(struct tally *t, const char *verb, bool visible)
{
    *t = (struct tally){.verb = verb, .visible = visible && progress_is_possible()};
    meter_start(&t->meter);
}

void tally_step(struct tally *t, const char *what, uint64_t done, uint64_t total)
{
    if (!t->visible || meter_due(&t->meter) == 0)
        return;
    fprintf(stderr, "\r\033[K%s %s", t->verb, what);
    if (total > 0)
        fprintf(stderr, ": %.0f %%, %llu of %llu", 100 * (double)done / (double)total,
                (unsigned long long)done, (unsigned long long)total);
    else if (done > 0)
        fprintf(stderr, ": %llu", (unsigned long long)done);
    fflush(stderr);
}

void tally_end(struct tally *t)
{
    meter_hide(&t->meter);
}

bool progress_is_possible(void)
{
    return isatty(STDERR_FILENO) != 0;
}
