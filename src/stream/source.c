#include "stream/source.h"

#include <stdlib.h>

#include "base/interrupt.h"
#include "base/mem.h"

void source_init(struct source *s, const struct source_ops *ops, const struct source *upstream)
{
    *s = (struct source){.ops = ops, .deferred = upstream != NULL && upstream->deferred};
}

static size_t seam_len(const struct source *s)
{
    return s->seam_end - s->seam_start;
}

/* Moves bytes from the stage's view into the seam until it holds `want`. */
static err *extend_seam(struct source *s, size_t want, struct slice view)
{
    if (s->seam == NULL)
        TRY(MEM_ARRAY(s->seam, SOURCE_PEEK_MAX));
    memmove(s->seam, s->seam + s->seam_start, seam_len(s));
    s->seam_end -= s->seam_start;
    s->seam_start = 0;
    while (view.len > 0) {
        size_t n = want - s->seam_end < view.len ? want - s->seam_end : view.len;
        memcpy(s->seam + s->seam_end, view.data, n);
        s->seam_end += n;
        s->ops->consume(s, n);
        if (s->seam_end == want)
            break;
        TRY(s->ops->fill(s, &view));
    }
    return NULL;
}

static err *fill(struct source *s, size_t want, struct slice *view)
{
    struct slice stage = SLICE_EMPTY;
    if (seam_len(s) < want) {
        TRY(s->ops->fill(s, &stage));
        bool enough = seam_len(s) == 0 && (stage.len >= want || stage.len == 0);
        if (enough) {
            *view = stage;
            return NULL;
        }
        TRY(extend_seam(s, want, stage));
    }
    *view = slice_of(s->seam + s->seam_start, seam_len(s));
    return NULL;
}

err *source_fill(struct source *s, size_t want, struct slice *view)
{
    *view = SLICE_EMPTY;
    s->shown = 0;
    if (s->failed)
        return err_new(ERR_FAILED, "%s: failed before", s->ops->name);
    err *e = fill(s, want, view);
    if (e != NULL) {
        s->failed = true;
        *view = SLICE_EMPTY;
    }
    s->shown = view->len;
    return e;
}

void source_consume(struct source *s, size_t n)
{
    if (n > s->shown)
        abort(); /* a bug, and going on would show bytes twice or never */
    s->shown -= n;
    s->offset += n;
    if (seam_len(s) > 0)
        s->seam_start += n; /* a view is either the seam or the stage's own */
    else
        s->ops->consume(s, n);
}

static err *read_view(struct source *s, uint8_t *dst, size_t n, size_t *got)
{
    struct slice view;
    *got = 0;
    TRY(source_fill(s, 1, &view));
    *got = view.len < n ? view.len : n;
    if (*got > 0)
        memcpy(dst, view.data, *got);
    source_consume(s, *got);
    return NULL;
}

err *source_read_straight(struct source *s, uint8_t *dst, size_t n, size_t *got)
{
    *got = 0;
    if (s->read == NULL || s->failed || seam_len(s) > 0)
        return NULL;
    s->shown = 0;
    err *e = s->read(s, dst, n, got);
    s->failed = e != NULL;
    s->offset += *got;
    return e;
}

err *source_read(struct source *s, uint8_t *dst, size_t n, size_t *got)
{
    size_t step = 1;
    for (*got = 0; *got < n && step > 0; *got += step) {
        TRY(source_read_straight(s, dst + *got, n - *got, &step));
        if (step == 0)
            TRY(read_view(s, dst + *got, n - *got, &step));
    }
    return NULL;
}

err *source_read_exact(struct source *s, uint8_t *dst, size_t n)
{
    size_t got;
    err *e = source_read(s, dst, n, &got);
    if (e == NULL && got < n)
        e = err_new(ERR_MALFORMED, "cut short after %llu bytes", (unsigned long long)s->offset);
    if (e != NULL)
        memset(dst, 0, n);
    return e;
}

err *source_drain(struct source *s)
{
    struct slice view;
    do {
        TRY(interrupt_check());
        TRY(source_fill(s, 1, &view));
        source_consume(s, view.len);
    } while (view.len > 0);
    return NULL;
}

void source_close(struct source *s)
{
    if (s == NULL)
        return;
    mem_free_wiped(s->seam, s->seam == NULL ? 0 : SOURCE_PEEK_MAX);
    s->seam = NULL;
    s->ops->close(s);
}

struct borrower {
    struct source source;
    struct source *lender;
};

static err *borrower_fill(struct source *s, struct slice *view)
{
    return source_fill(((struct borrower *)s)->lender, 1, view);
}

static void borrower_consume(struct source *s, size_t n)
{
    source_consume(((struct borrower *)s)->lender, n);
}

static void borrower_close(struct source *s)
{
    free(s);
}

static const struct source_ops borrower_ops = {"borrower", borrower_fill, borrower_consume,
                                               borrower_close};

err *source_borrow(struct source *s, struct source **out)
{
    struct borrower *b = NULL;
    TRY(MEM_NEW(b));
    source_init(&b->source, &borrower_ops, s);
    b->lender = s;
    *out = &b->source;
    return NULL;
}
