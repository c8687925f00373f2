#include "stream/tap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BLOCKS = 4, BLOCK = 1 << 18 };

/* One digest's work on a block. */
struct piece {
    struct job job;
    const struct block *block;
    struct tap_digest *digest;
};

struct block {
    uint8_t *data;        /* NULL before it is needed */
    size_t len, dirty;    /* used now, and ever */
    struct piece *pieces; /* one for each digest */
    bool queued;          /* given to the pool and not yet waited for */
};

struct tap {
    struct source source;
    struct source *upstream;
    struct tap_digest *digests;
    size_t n;
    struct slice view;
    struct pool *pool; /* NULL: all is done as it passes */
    struct block blocks[BLOCKS];
    uint64_t sent; /* blocks */
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

/* Beside the rest.  Bytes are shown out of blocks of the tap's own, which digests may look at for
 * as long as they need. */

static struct block *block_at(struct tap *t, uint64_t i)
{
    return &t->blocks[i % BLOCKS];
}

static void work(void *arg)
{
    struct piece *p = arg;
    tap_update(p->digest, slice_of(p->block->data, p->block->len));
}

static void settle(struct tap *t, struct block *b)
{
    for (size_t i = 0; b->queued && i < t->n; i++)
        pool_wait(t->pool, &b->pieces[i].job);
    b->queued = false;
}

static void settle_all(struct tap *t)
{
    for (size_t i = 0; i < BLOCKS; i++)
        settle(t, &t->blocks[i]);
}

/* Each digest takes the blocks in their order. */
static void send(struct tap *t, struct block *b)
{
    const struct block *before = block_at(t, t->sent + BLOCKS - 1);
    for (size_t i = 0; i < t->n; i++) {
        struct piece *p = &b->pieces[i];
        p->block = b;
        p->digest = &t->digests[i];
        p->job.run = work;
        p->job.arg = p;
        pool_submit_after(t->pool, &p->job, before->queued ? &before->pieces[i].job : NULL);
    }
    b->queued = true;
    t->sent++;
}

static void update_all(struct tap *t, struct slice s)
{
    for (size_t i = 0; i < t->n; i++)
        tap_update(&t->digests[i], s);
}

static bool has_memory(const struct tap *t, struct block *b)
{
    if (b->pieces == NULL)
        b->pieces = mem_zeroed(t->n, sizeof *b->pieces);
    if (b->data == NULL)
        b->data = mem_block(BLOCK);
    return b->pieces != NULL && b->data != NULL;
}

/* The stage. */

static err *read_block(struct tap *t, struct block *b)
{
    settle(t, b);
    if (!has_memory(t, b))
        return err_no_memory();
    err *e = source_read(t->upstream, b->data, BLOCK, &b->len);
    b->dirty = b->len > b->dirty ? b->len : b->dirty;
    return e;
}

/* The last one is hashed at once, so that what is short has no thread. */
static err *next_block(struct tap *t)
{
    struct block *b = block_at(t, t->sent);
    TRY(read_block(t, b));
    t->view = slice_of(b->data, b->len);
    if (b->len == BLOCK) {
        send(t, b);
        return NULL;
    }
    settle_all(t);
    update_all(t, t->view);
    return NULL;
}

static err *tap_fill(struct source *s, struct slice *view)
{
    struct tap *t = (struct tap *)s;
    if (t->pool == NULL)
        TRY(source_fill(t->upstream, 1, &t->view));
    else if (t->view.len == 0)
        TRY(next_block(t));
    *view = t->view;
    return NULL;
}

static void tap_consume(struct source *s, size_t n)
{
    struct tap *t = (struct tap *)s;
    if (t->pool == NULL) {
        update_all(t, slice_of(t->view.data, n));
        source_consume(t->upstream, n);
    }
    t->view = slice_from(t->view, n);
}

static void tap_close(struct source *s)
{
    struct tap *t = (struct tap *)s;
    settle_all(t);
    for (size_t i = 0; i < BLOCKS; i++) {
        mem_free_wiped(t->blocks[i].data, t->blocks[i].dirty);
        free(t->blocks[i].pieces);
    }
    source_close(t->upstream);
    free(t);
}

static const struct source_ops tap_ops = {"tap", tap_fill, tap_consume, tap_close};

err *tap_new(struct source *upstream, struct tap_digest *digests, size_t n, struct pool *pool,
             struct source **out)
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
    /* One of no threads, too: parts of a message are as long as these blocks, and no number of
     * threads may change what it looks like. */
    t->pool = n > 0 ? pool : NULL;
    *out = &t->source;
    return NULL;
}
