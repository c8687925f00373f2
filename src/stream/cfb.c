#include "stream/cfb.h"

#include <stdlib.h>

#include "base/mem.h"
#include "crypto/ct.h"
#include "crypto/digest.h"

enum {
    SHA1_LEN = 20,
    MDC_LEN = 2 + SHA1_LEN, /* D3 14 and the digest */
};

static const uint8_t mdc_header[2] = {0xD3, 0x14};

struct task {
    struct job job;
    bool queued; /* given to the pool and not yet waited for */
};

struct slot {
    struct cfb_stage *stage;
    struct task crypt, hash;
    uint8_t *data;     /* what was read; when opening, the plaintext takes its place */
    uint8_t *result;   /* of the cipher, with room for the code behind it */
    size_t len;        /* bytes of data, and of the result */
    size_t dirty;      /* bytes of data ever written, to be wiped */
    size_t hashed;     /* bytes of data that are the digest's */
    size_t start, end; /* of what is to be shown of the result */
    bool ready;        /* the cipher is through */
    bool last;
};

/* In the ring, `head` is the oldest slot and `count` are in use. */
struct cfb_stage {
    struct source source;
    struct source *upstream;
    struct pool *pool;
    struct cipher *cipher;
    struct digest *sha1; /* NULL where nothing shows changes */
    struct cfb cfb;
    uint8_t prefix[BLOCK_MAX + 2]; /* to be sealed */
    size_t prefix_len;             /* 0 once a slot has it */
    struct slot slots[CFB_SLOTS];
    size_t head, count, shown; /* bytes of the head slot's result */
    struct job *last_crypt, *last_hash;
    bool started, at_end, ended;
};

/* Jobs: the cipher goes from slot to slot, and so does the digest. */

static void seal_slot(void *arg)
{
    struct slot *s = arg;
    cfb_seal(&s->stage->cfb, s->result, s->data, s->len);
}

static void open_slot(void *arg)
{
    struct slot *s = arg;
    cfb_open(&s->stage->cfb, s->result, s->data, s->len);
}

static void hash_slot(void *arg)
{
    struct slot *s = arg;
    digest_update(s->stage->sha1, slice_of(s->data, s->hashed));
}

/* What fits into one slot is not worth a thread. */
static void submit(struct slot *s, struct task *t, void (*run)(void *), struct job **before)
{
    t->queued = *before != NULL || !s->last;
    if (t->queued) {
        t->job.run = run;
        t->job.arg = s;
        pool_submit_after(s->stage->pool, &t->job, *before);
        *before = &t->job;
    } else {
        run(s);
    }
}

static void finish(struct cfb_stage *f, struct task *t)
{
    if (t->queued)
        pool_wait(f->pool, &t->job);
    t->queued = false;
}

/* The ring. */

static struct slot *slot_at(struct cfb_stage *f, size_t i)
{
    return &f->slots[(f->head + i) % CFB_SLOTS];
}

static err *take_slot(struct cfb_stage *f, bool in_place, struct slot **out)
{
    struct slot *s = slot_at(f, f->count);
    size_t before_result = in_place ? 0 : CFB_SLOT;
    finish(f, &s->hash);
    if (s->data == NULL) {
        s->data = mem_block(before_result + CFB_SLOT + MDC_LEN);
        if (s->data == NULL)
            return err_no_memory();
        s->result = s->data + before_result;
    }
    s->stage = f;
    s->len = s->hashed = s->start = s->end = 0;
    s->ready = s->last = false;
    *out = s;
    return NULL;
}

/* Up to CFB_SLOT bytes in all. */
static err *read_slot(struct cfb_stage *f, struct slot *s)
{
    size_t got;
    err *e = source_read(f->upstream, s->data + s->len, CFB_SLOT - s->len, &got);
    s->len += got;
    s->dirty = s->len > s->dirty ? s->len : s->dirty;
    return e;
}

/* The digest comes into the queue behind the next slots: what the cipher makes is waited for,
 * and whoever waits computes it. */
static void make_ready(struct cfb_stage *f, struct slot *s)
{
    finish(f, &s->crypt);
    if (f->sha1 != NULL)
        submit(s, &s->hash, hash_slot, &f->last_hash);
    f->shown = s->start;
    s->ready = true;
}

static void drop_head(struct cfb_stage *f)
{
    f->head = (f->head + 1) % CFB_SLOTS;
    f->count--;
}

static void stage_close(struct source *s)
{
    struct cfb_stage *f = (struct cfb_stage *)s;
    for (size_t i = 0; i < CFB_SLOTS; i++) {
        struct slot *slot = &f->slots[i];
        finish(f, &slot->crypt);
        finish(f, &slot->hash);
        mem_free_wiped(slot->data, slot->dirty);
    }
    cfb_clear(&f->cfb);
    digest_free(f->sha1);
    cipher_free(f->cipher);
    source_close(f->upstream);
    free(f);
}

static void stage_consume(struct source *s, size_t n)
{
    ((struct cfb_stage *)s)->shown += n;
}

static err *stage_new(struct source *upstream, struct cipher *c, struct pool *pool,
                      const struct source_ops *ops, struct cfb_stage **out)
{
    struct cfb_stage *f = NULL;
    if (MEM_NEW(f) != NULL) {
        cipher_free(c);
        source_close(upstream);
        return err_no_memory();
    }
    source_init(&f->source, ops, upstream);
    f->upstream = upstream;
    f->pool = pool;
    f->cipher = c;
    f->prefix_len = cipher_block_len(c) + 2;
    cfb_start(&f->cfb, c, NULL);
    *out = f;
    return NULL;
}

/* Sealing. */

static err *read_plain(struct cfb_stage *f, struct slot *s)
{
    struct slice next;
    memcpy(s->data, f->prefix, f->prefix_len);
    s->len = f->prefix_len;
    f->prefix_len = 0;
    TRY(read_slot(f, s));
    s->hashed = s->end = s->len;
    TRY(source_fill(f->upstream, 1, &next));
    s->last = f->at_end = next.len == 0;
    return NULL;
}

static err *seal_top_up(struct cfb_stage *f)
{
    while (f->count < CFB_AHEAD && !f->at_end) {
        struct slot *s;
        TRY(take_slot(f, false, &s));
        TRY(read_plain(f, s));
        submit(s, &s->crypt, seal_slot, &f->last_crypt);
        f->count++;
    }
    return NULL;
}

static void seal_mdc(struct cfb_stage *f, struct slot *s)
{
    uint8_t mdc[sizeof mdc_header + DIGEST_MAX];
    finish(f, &s->hash);
    memcpy(mdc, mdc_header, sizeof mdc_header);
    digest_update(f->sha1, SLICE_OF(mdc_header));
    digest_final(f->sha1, mdc + sizeof mdc_header);
    cfb_seal(&f->cfb, s->result + s->len, mdc, MDC_LEN);
    s->end += MDC_LEN;
}

static err *seal_fill(struct source *source, struct slice *view)
{
    struct cfb_stage *f = (struct cfb_stage *)source;
    if (f->count > 0 && slot_at(f, 0)->ready && f->shown == slot_at(f, 0)->end)
        drop_head(f);
    TRY(seal_top_up(f));
    *view = SLICE_EMPTY;
    if (f->count == 0)
        return NULL;
    struct slot *s = slot_at(f, 0);
    if (!s->ready) {
        make_ready(f, s);
        if (s->last)
            seal_mdc(f, s);
    }
    *view = slice_of(s->result + f->shown, s->end - f->shown);
    return NULL;
}

static const struct source_ops seal_ops = {"seal", seal_fill, stage_consume, stage_close};

err *cfb_seal_new(struct source *upstream, struct cipher *c, const struct world *w,
                  struct pool *pool, struct source **out)
{
    struct cfb_stage *f;
    TRY(stage_new(upstream, c, pool, &seal_ops, &f));
    AUTO(source_close) struct source *owner = &f->source;
    size_t block = cipher_block_len(c);
    TRY(digest_new(HASH_SHA1, &f->sha1));
    TRY(world_random(w, f->prefix, block));
    f->prefix[block] = f->prefix[block - 2];
    f->prefix[block + 1] = f->prefix[block - 1];
    *out = TAKE(owner);
    return NULL;
}

/* Opening. */

err *cfb_damaged(void)
{
    return err_hint(err_new(ERR_INTEGRITY, "the message was changed or cut short"),
                    "get it again from its sender");
}

/* The MDC_LEN bytes of the code are in one slot, the last.  The repeated octets of the prefix
 * are not looked at: as an oracle they would help an attacker [RFC9580 13.4], and the digest
 * covers them. */
static err *read_protected(struct cfb_stage *f, struct slot *s)
{
    struct slice tail;
    TRY(read_slot(f, s));
    TRY(source_fill(f->upstream, MDC_LEN + 1, &tail));
    if (tail.len <= MDC_LEN) {
        if (tail.len > 0)
            memcpy(s->data + s->len, tail.data, tail.len);
        source_consume(f->upstream, tail.len);
        s->len += tail.len;
        s->last = f->at_end = true;
    }
    s->dirty = s->len > s->dirty ? s->len : s->dirty;
    s->start = f->prefix_len;
    f->prefix_len = 0;
    if (s->last && s->len < s->start + MDC_LEN)
        return cfb_damaged();
    s->end = s->last ? s->len - MDC_LEN : s->len;
    s->hashed = s->last ? s->end + sizeof mdc_header : s->len;
    return NULL;
}

static err *read_unprotected(struct cfb_stage *f, struct slot *s)
{
    TRY(read_slot(f, s));
    s->end = s->len;
    s->last = f->at_end = s->len < CFB_SLOT;
    return NULL;
}

static err *open_top_up(struct cfb_stage *f)
{
    while (f->count < CFB_AHEAD && !f->at_end) {
        struct slot *s;
        TRY(take_slot(f, true, &s));
        TRY(f->sha1 != NULL ? read_protected(f, s) : read_unprotected(f, s));
        submit(s, &s->crypt, open_slot, &f->last_crypt);
        f->count++;
    }
    return NULL;
}

static err *check_mdc(struct cfb_stage *f, struct slot *s)
{
    uint8_t expected[DIGEST_MAX];
    struct slice mdc = slice_of(s->result + s->end, MDC_LEN);
    finish(f, &s->hash);
    digest_final(f->sha1, expected);
    bool header = ct_equal(slice_of(mdc.data, sizeof mdc_header), SLICE_OF(mdc_header));
    bool digest = ct_equal(slice_from(mdc, sizeof mdc_header), slice_of(expected, SHA1_LEN));
    return header && digest ? NULL : cfb_damaged();
}

static err *open_fill(struct source *source, struct slice *view)
{
    struct cfb_stage *f = (struct cfb_stage *)source;
    struct slot *s;
    *view = SLICE_EMPTY;
    while (!f->ended && view->len == 0) {
        TRY(open_top_up(f));
        s = slot_at(f, 0);
        if (!s->ready)
            make_ready(f, s);
        *view = slice_of(s->result + f->shown, s->end - f->shown);
        if (view->len > 0)
            break;
        if (s->last && f->sha1 != NULL)
            TRY(check_mdc(f, s));
        f->ended = s->last;
        drop_head(f);
    }
    return NULL;
}

static const struct source_ops open_ops = {"open", open_fill, stage_consume, stage_close};

err *cfb_open_new(struct source *upstream, struct cipher *c, struct pool *pool, struct source **out)
{
    struct cfb_stage *f;
    TRY(stage_new(upstream, c, pool, &open_ops, &f));
    AUTO(source_close) struct source *owner = &f->source;
    TRY(digest_new(HASH_SHA1, &f->sha1));
    f->source.deferred = true;
    *out = TAKE(owner);
    return NULL;
}

/* Opening what has no protection. */

/* The first block_len + 2 octets of ciphertext: the last block_len of them are the initial
 * vector of what follows. */
static err *skip_unprotected_prefix(struct cfb_stage *f)
{
    struct slice sealed;
    TRY(source_fill(f->upstream, f->prefix_len, &sealed));
    if (sealed.len < f->prefix_len)
        return err_new(ERR_MALFORMED, "the encrypted data is cut short");
    cfb_start(&f->cfb, f->cipher, sealed.data + 2);
    source_consume(f->upstream, f->prefix_len);
    f->prefix_len = 0;
    f->started = true;
    return NULL;
}

static err *unprotected_fill(struct source *s, struct slice *view)
{
    struct cfb_stage *f = (struct cfb_stage *)s;
    if (!f->started)
        TRY(skip_unprotected_prefix(f));
    return open_fill(s, view);
}

static const struct source_ops unprotected_ops = {"open", unprotected_fill, stage_consume,
                                                  stage_close};

err *cfb_open_unprotected(struct source *upstream, struct cipher *c, struct pool *pool,
                          struct source **out)
{
    struct cfb_stage *f;
    TRY(stage_new(upstream, c, pool, &unprotected_ops, &f));
    *out = &f->source;
    return NULL;
}
