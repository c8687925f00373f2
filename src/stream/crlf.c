#include "stream/crlf.h"

#include <stdlib.h>

#include "base/mem.h"
#include "stream/window.h"

enum { STEP = 1 << 15 };

struct crlf {
    struct source source;
    struct source *upstream;
    bool after_cr; /* the last byte was CR */
    struct window window;
};

/* Up to and including the next LF. */
static size_t first_line(struct slice s)
{
    const uint8_t *lf = memchr(s.data, '\n', s.len);
    return lf == NULL ? s.len : (size_t)(lf - s.data) + 1;
}

static void put_line(struct crlf *c, struct slice line)
{
    bool ends = line.data[line.len - 1] == '\n';
    if (ends)
        line.len--;
    window_put(&c->window, line);
    if (line.len > 0)
        c->after_cr = line.data[line.len - 1] == '\r';
    if (!ends)
        return;
    window_put(&c->window, c->after_cr ? SLICE_TEXT("\n") : SLICE_TEXT("\r\n"));
    c->after_cr = false;
}

static err *crlf_fill(struct source *s, struct slice *view)
{
    struct crlf *c = (struct crlf *)s;
    if (window_len(&c->window) == 0) {
        struct slice text;
        TRY(source_fill(c->upstream, 1, &text));
        text.len = text.len < STEP ? text.len : STEP;
        for (size_t done = 0; done < text.len;) {
            size_t n = first_line(slice_from(text, done));
            put_line(c, slice_of(text.data + done, n));
            done += n;
        }
        source_consume(c->upstream, text.len);
    }
    *view = window_view(&c->window);
    return NULL;
}

static void crlf_consume(struct source *s, size_t n)
{
    window_drop(&((struct crlf *)s)->window, n);
}

static void crlf_close(struct source *s)
{
    struct crlf *c = (struct crlf *)s;
    window_clear(&c->window);
    source_close(c->upstream);
    free(c);
}

static const struct source_ops crlf_ops = {"crlf", crlf_fill, crlf_consume, crlf_close};

err *crlf_new(struct source *upstream, struct source **out)
{
    struct crlf *c = NULL;
    if (MEM_NEW(c) != NULL) {
        source_close(upstream);
        return err_no_memory();
    }
    AUTO(source_close) struct source *owner = &c->source;
    source_init(&c->source, &crlf_ops, upstream);
    c->upstream = upstream;
    TRY(window_init(&c->window, 2 * STEP));
    *out = TAKE(owner);
    return NULL;
}
