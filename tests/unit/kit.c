#include "kit.h"

#include "unit.h"

struct pieces {
    struct source source;
    struct slice rest;
    unsigned state;
    size_t good; /* bytes before the failure; SIZE_MAX for none */
};

static err *pieces_fill(struct source *s, struct slice *view)
{
    struct pieces *p = (struct pieces *)s;
    size_t n = p->state % 97 + 1;
    *view = slice_of(p->rest.data, n < p->rest.len ? n : p->rest.len);
    if (p->good == SIZE_MAX)
        return NULL;
    if (p->good == 0)
        return err_new(ERR_IO, "failing on purpose");
    view->len = view->len < p->good ? view->len : p->good;
    return NULL;
}

static void pieces_consume(struct source *s, size_t n)
{
    struct pieces *p = (struct pieces *)s;
    p->rest = slice_from(p->rest, n);
    p->state = p->state * 1103515245U + 12345;
    if (p->good != SIZE_MAX)
        p->good -= n;
}

static void pieces_close(struct source *s)
{
    free(s);
}

static const struct source_ops pieces_ops = {"pieces", pieces_fill, pieces_consume, pieces_close};

struct source *kit_failing(struct slice s, size_t good)
{
    struct pieces *p = calloc(1, sizeof *p);
    assert_non_null(p);
    source_init(&p->source, &pieces_ops, NULL);
    p->rest = s;
    p->good = good;
    p->state = (unsigned)s.len;
    return &p->source;
}

struct source *kit_pieces(struct slice s)
{
    return kit_failing(s, SIZE_MAX);
}

struct slice kit_read(struct source *s)
{
    struct slice view;
    struct buf *b = unit_keep();
    do {
        OK(source_fill(s, 1, &view));
        buf_bytes(b, view);
        source_consume(s, view.len);
    } while (view.len > 0);
    OK(source_fill(s, 1, &view)); /* the end stays the end */
    assert_int_equal(view.len, 0);
    source_close(s);
    return buf_view(b);
}

err *kit_try(struct source *s, size_t *seen)
{
    struct slice view;
    err *e;
    *seen = 0;
    do {
        e = source_fill(s, 1, &view);
        *seen += view.len;
        source_consume(s, view.len);
    } while (e == NULL && view.len > 0);
    if (e != NULL) {
        err *again = source_fill(s, 1, &view);
        assert_non_null(again); /* a failure stays a failure */
        err_free(again);
    }
    source_close(s);
    return e;
}

struct slice kit_data(size_t len)
{
    struct buf *b = unit_keep();
    uint8_t *p = buf_extend(b, len);
    uint32_t x = 2463534242U;
    for (size_t i = 0; i < len; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        p[i] = (uint8_t)x;
    }
    return buf_view(b);
}
