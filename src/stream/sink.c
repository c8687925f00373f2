#include "stream/sink.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stream/source.h"
#include "stream/spool.h"

err *sink_write(struct sink *k, struct slice s)
{
    return s.len == 0 ? NULL : k->ops->write(k, s);
}

err *sink_commit(struct sink *k)
{
    return k->ops->commit(k);
}

void sink_close(struct sink *k)
{
    if (k != NULL)
        k->ops->close(k);
}

/* A file or a descriptor.  What is written is gathered: what is encrypted comes with a length of one
 * byte in front of each piece, and pages of a file or pipe that begin within a piece cost whoever
 * copies them twice as much. */

enum { GATHERED = 1 << 18, GATHERED_FIRST = 1 << 13 };

struct file_sink {
    struct sink sink;
    struct fs_output *file; /* NULL: a descriptor */
    int fd;
    const char *name;  /* of the descriptor */
    uint8_t *gathered; /* NULL: a terminal */
    size_t capacity, len, dirty;
};

static err *file_put(struct file_sink *f, struct slice s)
{
    return f->file != NULL ? fs_output_write(f->file, s)
                           : err_wrap(fs_write_all(f->fd, s), "%s", f->name);
}

static err *file_flush(struct file_sink *f)
{
    struct slice s = slice_of(f->gathered, f->len);
    f->len = 0;
    return s.len > 0 ? file_put(f, s) : NULL;
}

/* Of a small file little is gathered. */
static err *file_grow(struct file_sink *f)
{
    uint8_t *larger = mem_block(GATHERED);
    if (larger == NULL)
        return err_no_memory();
    memcpy(larger, f->gathered, f->len);
    mem_free_wiped(f->gathered, f->dirty);
    f->gathered = larger;
    f->capacity = GATHERED;
    return NULL;
}

static err *file_write(struct sink *k, struct slice s)
{
    struct file_sink *f = (struct file_sink *)k;
    if (f->gathered == NULL)
        return file_put(f, s);
    while (s.len > 0) {
        size_t room = f->capacity - f->len, n = s.len < room ? s.len : room;
        memcpy(f->gathered + f->len, s.data, n);
        f->len += n;
        f->dirty = f->len > f->dirty ? f->len : f->dirty;
        s = slice_from(s, n);
        if (f->len == f->capacity)
            TRY(f->capacity < GATHERED ? file_grow(f) : file_flush(f));
    }
    return NULL;
}

static err *file_commit(struct sink *k)
{
    struct file_sink *f = (struct file_sink *)k;
    TRY(file_flush(f));
    return f->file != NULL ? fs_output_commit(f->file) : NULL;
}

static void file_close(struct sink *k)
{
    struct file_sink *f = (struct file_sink *)k;
    fs_output_close(f->file);
    mem_free_wiped(f->gathered, f->dirty);
    free(f);
}

static const struct sink_ops file_ops = {file_write, file_commit, file_close};

static err *file_gather(struct file_sink *f)
{
    f->capacity = GATHERED_FIRST;
    f->gathered = mem_block(f->capacity);
    return f->gathered == NULL ? err_no_memory() : NULL;
}

err *sink_to_file(const char *path, const struct fs_output_options *options, struct sink **out)
{
    struct file_sink *f = NULL;
    TRY(MEM_NEW(f));
    AUTO(sink_close) struct sink *owner = &f->sink;
    f->sink.ops = &file_ops;
    TRY(fs_output_open(path, options, &f->file));
    f->sink.immediate = fs_output_is_direct(f->file);
    if (!fs_output_is_character_device(f->file))
        TRY(file_gather(f));
    *out = TAKE(owner);
    return NULL;
}

err *sink_to_fd(int fd, const char *name, struct sink **out)
{
    struct file_sink *f = NULL;
    TRY(MEM_NEW(f));
    AUTO(sink_close) struct sink *owner = &f->sink;
    *f = (struct file_sink){.sink = {.ops = &file_ops, .immediate = true}, .fd = fd, .name = name};
    if (!fs_is_character_device(fd))
        TRY(file_gather(f));
    fs_widen_pipe(fd);
    *out = TAKE(owner);
    return NULL;
}

err *sink_take_file(struct sink *k, struct fs_output **out)
{
    struct file_sink *f = (struct file_sink *)k;
    *out = NULL;
    if (k->ops != &file_ops || f->file == NULL)
        return sink_commit(k);
    TRY(file_flush(f));
    *out = TAKE(f->file);
    fs_output_start(*out);
    return NULL;
}

/* Memory. */

struct buf_sink {
    struct sink sink;
    struct buf *b;
    bool committed;
};

static err *buf_write(struct sink *k, struct slice s)
{
    struct buf *b = ((struct buf_sink *)k)->b;
    buf_bytes(b, s);
    return buf_end(b);
}

static err *buf_commit(struct sink *k)
{
    ((struct buf_sink *)k)->committed = true;
    return NULL;
}

static void buf_close_sink(struct sink *k)
{
    struct buf_sink *f = (struct buf_sink *)k;
    if (!f->committed)
        buf_reset(f->b);
    free(f);
}

static const struct sink_ops buf_ops = {buf_write, buf_commit, buf_close_sink};

err *sink_to_buf(struct buf *b, struct sink **out)
{
    struct buf_sink *f = NULL;
    TRY(MEM_NEW(f));
    *f = (struct buf_sink){.sink = {.ops = &buf_ops}, .b = b};
    *out = &f->sink;
    return NULL;
}

/* Nowhere. */

static err *nowhere_write(struct sink *k, struct slice s)
{
    (void)k;
    (void)s;
    return NULL;
}

static err *nowhere_commit(struct sink *k)
{
    (void)k;
    return NULL;
}

static void nowhere_close(struct sink *k)
{
    free(k);
}

static const struct sink_ops nowhere_ops = {nowhere_write, nowhere_commit, nowhere_close};

err *sink_to_nowhere(struct sink **out)
{
    struct sink *k = NULL;
    TRY(MEM_NEW(k));
    k->ops = &nowhere_ops;
    *out = k;
    return NULL;
}

/* Until the commit. */

struct hold_sink {
    struct sink sink;
    struct sink *inner;
    struct spool *spool;
    bool may_spill;
    bool passing;
};

static err *release(struct hold_sink *h)
{
    AUTO(source_close) struct source *held = NULL;
    struct slice view;
    TRY(spool_source(h->spool, &held));
    do {
        TRY(source_fill(held, 1, &view));
        TRY(sink_write(h->inner, view));
        source_consume(held, view.len);
    } while (view.len > 0);
    return NULL;
}

static err *hold_write(struct sink *k, struct slice s)
{
    struct hold_sink *h = (struct hold_sink *)k;
    if (!h->may_spill && !h->passing && spool_len(h->spool) + s.len > SPOOL_MEMORY) {
        TRY(release(h));
        h->passing = true;
    }
    return h->passing ? sink_write(h->inner, s) : spool_write(h->spool, s);
}

static err *hold_commit(struct sink *k)
{
    struct hold_sink *h = (struct hold_sink *)k;
    if (!h->passing)
        TRY(release(h));
    return sink_commit(h->inner);
}

static void hold_close(struct sink *k)
{
    struct hold_sink *h = (struct hold_sink *)k;
    spool_free(h->spool);
    sink_close(h->inner);
    free(h);
}

static const struct sink_ops hold_ops = {hold_write, hold_commit, hold_close};

err *sink_hold(struct sink *inner, const char *directory, struct sink **out)
{
    AUTO(sink_close) struct sink *owner = inner;
    AUTO(spool_free) struct spool *spool = NULL;
    struct hold_sink *h = NULL;
    TRY(spool_new(directory == NULL ? "" : directory, &spool));
    TRY(MEM_NEW(h));
    h->sink.ops = &hold_ops;
    h->inner = TAKE(owner);
    h->spool = TAKE(spool);
    h->may_spill = directory != NULL;
    *out = &h->sink;
    return NULL;
}
