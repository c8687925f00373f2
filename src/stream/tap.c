#include "stream/tap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct tap {
    struct source source;
    struct source *upstream;
    struct tap_digest *digests;
    size_t n;
    struct slice view;
};

static void update_text(struct tap_digest *d, struct slice s)
{
    while (s.len > 0) {
        const uint8_t *lf = memchr(s.data, '\n', s.len);
        size_t n = lf == NULL ? s.len : (size_t)(lf - s.data);
        digest_update(d->digest, slice_of(s.data, n));
        if (n > 0)
            d->after_cr = s.data[n - 1] == '\r';
        if (lf != NULL) {
            digest_update(d->digest, d->after_cr ? SLICE_TEXT("\n") : SLICE_TEXT("\r\n"));
            d->after_cr = false;
            n++;
        }
        s = slice_from(s, n);
    }
}

/* Bytes up to the first CR or LF. */
static size_t plain_len(struct slice s)
{
    const uint8_t *lf = memchr(s.data, '\n', s.len);
    size_t n = lf == NULL ? s.len : (size_t)(lf - s.data);
    const uint8_t *cr = memchr(s.data, '\r', n);
    return cr == NULL ? n : (size_t)(cr - s.data);
}

static void update_loose(struct tap_digest *d, struct slice s)
{
    while (s.len > 0) {
        size_t n = plain_len(s);
        for (; n > 0 && d->held_back > 0; d->held_back--)
            digest_update(d->loose, SLICE_TEXT("\r"));
        digest_update(d->loose, slice_of(s.data, n));
        s = slice_from(s, n);
        if (s.len == 0)
            return;
        if (s.data[0] == '\n')
            digest_update(d->loose, SLICE_TEXT("\r\n"));
        d->held_back = s.data[0] == '\n' ? 0 : d->held_back + 1;
        s = slice_from(s, 1);
    }
}

void tap_update(struct tap_digest *d, struct slice s)
{
    if (d->loose != NULL)
        update_loose(d, s);
    if (d->text)
        update_text(d, s);
    else
        digest_update(d->digest, s);
}

static err *tap_fill(struct source *s, struct slice *view)
{
    struct tap *t = (struct tap *)s;
    TRY(source_fill(t->upstream, 1, &t->view));
    *view = t->view;
    return NULL;
}

static void tap_consume(struct source *s, size_t n)
{
    struct tap *t = (struct tap *)s;
    for (size_t i = 0; i < t->n; i++)
        tap_update(&t->digests[i], slice_of(t->view.data, n));
    t->view = slice_from(t->view, n);
    source_consume(t->upstream, n);
}

static void tap_close(struct source *s)
{
    source_close(((struct tap *)s)->upstream);
    free(s);
}

static const struct source_ops tap_ops = {"tap", tap_fill, tap_consume, tap_close};

err *tap_new(struct source *upstream, struct tap_digest *digests, size_t n, struct source **out)
{
    struct tap *t = NULL;
    err *e = MEM_NEW(t);
    if (e != NULL) {
        source_close(upstream);
        return e;
    }
    source_init(&t->source, &tap_ops, upstream);
    t->upstream = upstream;
    t->digests = digests;
    t->n = n;
    *out = &t->source;
    return NULL;
}
