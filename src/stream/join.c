#include "stream/join.h"

#include <stdlib.h>

#include "base/mem.h"

struct part {
    struct source *source;
    join_maker *make;
    void *context;
};

struct join {
    struct source source;
    struct part parts[JOIN_PARTS_MAX];
    size_t n, current;
};

/* The part to read from; NULL when all have ended. */
static err *current_part(struct join *j, struct source **out)
{
    *out = NULL;
    if (j->current == j->n)
        return NULL;
    struct part *p = &j->parts[j->current];
    if (p->make != NULL) {
        join_maker *make = p->make;
        p->make = NULL;
        TRY(make(p->context, &p->source));
    }
    *out = p->source;
    return NULL;
}

static err *join_fill(struct source *s, struct slice *view)
{
    struct join *j = (struct join *)s;
    *view = SLICE_EMPTY;
    for (; j->current < j->n; j->current++) {
        struct source *part;
        TRY(current_part(j, &part));
        if (part != NULL)
            TRY(source_fill(part, 1, view));
        if (view->len > 0)
            break;
    }
    return NULL;
}

static void join_consume(struct source *s, size_t n)
{
    struct join *j = (struct join *)s;
    if (n > 0)
        source_consume(j->parts[j->current].source, n);
}

static void join_close(struct source *s)
{
    struct join *j = (struct join *)s;
    for (size_t i = 0; i < j->n; i++)
        source_close(j->parts[i].source);
    free(j);
}

static const struct source_ops join_ops = {"join", join_fill, join_consume, join_close};

err *join_new(struct join **out)
{
    struct join *j = NULL;
    TRY(MEM_NEW(j));
    source_init(&j->source, &join_ops, NULL);
    *out = j;
    return NULL;
}

static err *add(struct join *j, struct part p)
{
    if (j->n == JOIN_PARTS_MAX) {
        source_close(p.source);
        return err_new(ERR_BUG, "too many parts in a join");
    }
    j->source.deferred |= p.source != NULL && p.source->deferred;
    j->parts[j->n++] = p;
    return NULL;
}

err *join_add(struct join *j, struct source *s)
{
    return add(j, (struct part){.source = s});
}

err *join_add_later(struct join *j, join_maker *make, void *context)
{
    return add(j, (struct part){.make = make, .context = context});
}

struct source *join_source(struct join *j)
{
    return &j->source;
}
