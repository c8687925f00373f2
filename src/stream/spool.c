#include "stream/spool.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "stream/input.h"
#include "stream/window.h"

enum { READ_BLOCK = 1 << 18 };

struct spool {
    struct buf memory;
    char *directory;
    int fd; /* -1 while memory suffices */
    uint64_t len;
};

err *spool_new(const char *directory, struct spool **out)
{
    AUTO(spool_free) struct spool *s = NULL;
    TRY(MEM_NEW(s));
    s->fd = -1;
    s->memory = BUF_EMPTY(SPOOL_MEMORY);
    TRY(mem_strdup(directory, &s->directory));
    *out = TAKE(s);
    return NULL;
}

void spool_free(struct spool *s)
{
    if (s == NULL)
        return;
    if (s->fd >= 0)
        close(s->fd);
    buf_clear(&s->memory);
    free(s->directory);
    free(s);
}

static err *to_file(struct spool *s, struct slice bytes)
{
    return err_hint(err_wrap(fs_write_all(s->fd, bytes), "%s: temporary file", s->directory),
                    "set TMPDIR to a directory with room for the whole text");
}

err *spool_write(struct spool *s, struct slice bytes)
{
    if (s->fd < 0 && s->memory.len + bytes.len > SPOOL_MEMORY) {
        TRY(fs_nameless(s->directory, &s->fd));
        TRY(to_file(s, buf_view(&s->memory)));
        buf_clear(&s->memory);
    }
    if (s->fd >= 0)
        TRY(to_file(s, bytes));
    else
        buf_bytes(&s->memory, bytes);
    s->len += bytes.len;
    return buf_end(&s->memory);
}

uint64_t spool_len(const struct spool *s)
{
    return s->len;
}

/* Reads some bytes of the file; none at its end. */
static err *read_at(const struct spool *s, off_t at, uint8_t *dst, size_t len, size_t *got)
{
    ssize_t n;
    do {
        n = pread(s->fd, dst, len, at);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_system(ERR_IO, "%s: temporary file", s->directory);
    *got = (size_t)n;
    return NULL;
}

static err *read_file(const struct spool *s, uint64_t at, size_t len, struct buf *out)
{
    uint8_t block[4096];
    while (len > 0) {
        size_t got = 0;
        TRY(read_at(s, (off_t)at, block, len < sizeof block ? len : sizeof block, &got));
        if (got == 0)
            return err_new(ERR_IO, "%s: temporary file: it has become shorter", s->directory);
        buf_bytes(out, slice_of(block, got));
        at += got;
        len -= got;
    }
    return buf_end(out);
}

err *spool_read(const struct spool *s, uint64_t at, size_t len, struct buf *out)
{
    if (s->fd >= 0)
        return read_file(s, at, len, out);
    buf_bytes(out, slice_of(s->memory.data + at, len));
    return buf_end(out);
}

/* Reading a file from a position of its own. */
struct spool_reader {
    struct source source;
    const struct spool *spool;
    off_t at;
    struct window window;
};

static err *reader_fill(struct source *source, struct slice *view)
{
    struct spool_reader *r = (struct spool_reader *)source;
    size_t n = 0;
    if (window_len(&r->window) == 0)
        TRY(read_at(r->spool, r->at, window_room(&r->window), window_room_len(&r->window), &n));
    window_add(&r->window, n);
    r->at += (off_t)n;
    *view = window_view(&r->window);
    return NULL;
}

static void reader_consume(struct source *source, size_t n)
{
    window_drop(&((struct spool_reader *)source)->window, n);
}

static void reader_close(struct source *source)
{
    window_clear(&((struct spool_reader *)source)->window);
    free(source);
}

static const struct source_ops reader_ops = {"spool", reader_fill, reader_consume, reader_close};

/* A source over a spool of its own. */
struct whole {
    struct source source;
    struct spool *spool;
    struct source *held; /* borrows from spool */
};

static err *whole_fill(struct source *s, struct slice *view)
{
    return source_fill(((struct whole *)s)->held, 1, view);
}

static void whole_consume(struct source *s, size_t n)
{
    source_consume(((struct whole *)s)->held, n);
}

static void whole_close(struct source *s)
{
    struct whole *w = (struct whole *)s;
    source_close(w->held);
    spool_free(w->spool);
    free(w);
}

static const struct source_ops whole_ops = {"spool", whole_fill, whole_consume, whole_close};

err *spool_fill(struct spool *s, struct source *from)
{
    struct slice view;
    do {
        TRY(source_fill(from, 1, &view));
        TRY(spool_write(s, view));
        source_consume(from, view.len);
    } while (view.len > 0);
    return NULL;
}

err *spool_whole(struct source *upstream, const char *directory, struct source **out)
{
    AUTO(source_close) struct source *owner = upstream;
    struct whole *w = NULL;
    TRY(MEM_NEW(w));
    AUTO(source_close) struct source *made = &w->source;
    source_init(&w->source, &whole_ops, owner);
    TRY(spool_new(directory, &w->spool));
    TRY(spool_fill(w->spool, owner));
    TRY(spool_source(w->spool, &w->held));
    *out = TAKE(made);
    return NULL;
}

err *spool_source(const struct spool *s, struct source **out)
{
    if (s->fd < 0)
        return input_from_memory(buf_view(&s->memory), out);
    struct spool_reader *r = NULL;
    TRY(MEM_NEW(r));
    source_init(&r->source, &reader_ops, NULL);
    r->spool = s;
    err *e = window_init(&r->window, READ_BLOCK);
    if (e != NULL) {
        free(r);
        return e;
    }
    *out = &r->source;
    return NULL;
}
