#include "stream/record.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"

struct record {
    struct source source;
    struct source *upstream;
    struct slice view;
    struct buf kept; /* behind what the reader has consumed, what it has looked at */
    uint64_t dropped;
};

static err *record_fill(struct source *s, struct slice *view)
{
    struct record *r = (struct record *)s;
    TRY(buf_end(&r->kept));
    TRY(source_fill(r->upstream, 1, &r->view));
    *view = r->view;
    return NULL;
}

static void record_consume(struct source *s, size_t n)
{
    struct record *r = (struct record *)s;
    buf_bytes(&r->kept, slice_of(r->view.data, n));
    r->view = slice_from(r->view, n);
    source_consume(r->upstream, n);
}

static void record_close(struct source *s)
{
    struct record *r = (struct record *)s;
    source_close(r->upstream);
    buf_clear(&r->kept);
    free(r);
}

static const struct source_ops record_ops = {"record", record_fill, record_consume, record_close};

err *record_new(struct source *upstream, struct source **out)
{
    struct record *r = NULL;
    err *e = MEM_NEW(r);
    if (e != NULL) {
        source_close(upstream);
        return e;
    }
    source_init(&r->source, &record_ops, upstream);
    r->upstream = upstream;
    r->kept = BUF_EMPTY(SIZE_MAX);
    *out = &r->source;
    return NULL;
}

/* A look ahead takes bytes out of the stage that are not consumed yet. */
struct slice record_view(struct source *s)
{
    struct record *r = (struct record *)s;
    size_t n = (size_t)(s->offset - r->dropped);
    return slice_of(r->kept.data, n < r->kept.len ? n : r->kept.len);
}

void record_drop(struct source *s)
{
    struct record *r = (struct record *)s;
    size_t n = record_view(s).len;
    size_t left = r->kept.len - n;
    if (left > 0)
        memmove(r->kept.data, r->kept.data + n, left);
    r->kept.len = left;
    r->dropped += n;
}
