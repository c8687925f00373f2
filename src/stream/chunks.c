#include "stream/chunks.h"

#include <stdlib.h>

#include "base/mem.h"

struct slot {
    struct job job;
    const struct ring *ring;
    uint8_t *data;
    size_t len;           /* bytes that the job works on: chunks with their tags */
    size_t dirty;         /* bytes of data ever written, to be wiped */
    uint64_t first_chunk; /* index of the first of them */
    bool queued;          /* given to the pool and not yet waited for */
    bool last;            /* the final tag belongs behind this one */
    bool has_final;       /* and stands there */
    bool final_fits;
    size_t bad_chunk; /* of this slot; n_chunks if none */
    uint8_t final_tag[TAG_LEN];
    uint64_t total; /* where last: bytes of plaintext in all */
};

/* In a ring of n slots, `head` is the oldest and `count` are in use. */
struct ring {
    struct source source;
    struct source *upstream;
    struct chunks_params params;
    size_t chunk_len, stride; /* of plaintext; with its tag */
    size_t slot_chunks;
    struct slot *slots;
    size_t n, head, count;
    uint64_t next_chunk, total;
    bool at_end;  /* upstream has nothing more */
    size_t shown; /* bytes of the head slot already consumed */
};

static void nonce_of(const struct ring *r, uint64_t index, uint8_t nonce[static NONCE_MAX])
{
    size_t prefix = aead_nonce_len(r->params.aead) - 8;
    memcpy(nonce, r->params.nonce, prefix + 8);
    for (size_t i = 0; i < 8; i++)
        nonce[prefix + i] ^= (uint8_t)(index >> (56 - 8 * i));
}

/* Additional data with up to two numbers behind it. */
struct chunk_ad {
    uint8_t bytes[CHUNKS_AD_MAX + 2 * 8];
    size_t len;
};

static void ad_number(struct chunk_ad *ad, uint64_t number)
{
    for (size_t i = 0; i < 8; i++)
        ad->bytes[ad->len++] = (uint8_t)(number >> (56 - 8 * i));
}

static void ad_of(const struct ring *r, uint64_t index, struct chunk_ad *ad)
{
    memcpy(ad->bytes, r->params.ad, CHUNKS_AD_MAX);
    ad->len = CHUNKS_AD_MAX;
    if (r->params.index_in_ad)
        ad_number(ad, index);
}

static void final_ad_of(const struct ring *r, uint64_t chunks, uint64_t total, struct chunk_ad *ad)
{
    ad_of(r, chunks, ad);
    ad_number(ad, total);
}

/* The final tag seals nothing, with the number of bytes as additional data. */
static void final_tag(const struct ring *r, uint64_t chunks, uint64_t total,
                      uint8_t tag[static TAG_LEN])
{
    uint8_t nonce[NONCE_MAX], nothing[1];
    struct chunk_ad ad;
    nonce_of(r, chunks, nonce);
    final_ad_of(r, chunks, total, &ad);
    aead_seal(r->params.aead, nonce, slice_of(ad.bytes, ad.len), nothing, slice_of(nothing, 0),
              tag);
}

static size_t slot_n_chunks(const struct slot *s)
{
    return (s->len + s->ring->stride - 1) / s->ring->stride;
}

/* The plaintext of chunk i of a slot. */
static struct slice slot_chunk(const struct slot *s, size_t i)
{
    size_t at = i * s->ring->stride;
    size_t len = s->len - at < s->ring->stride ? s->len - at : s->ring->stride;
    return slice_of(s->data + at, len - TAG_LEN);
}

/* Jobs: chunk by chunk, in place. */

static void seal_slot(void *arg)
{
    struct slot *s = arg;
    const struct ring *r = s->ring;
    uint8_t nonce[NONCE_MAX];
    for (size_t i = 0; i < slot_n_chunks(s); i++) {
        struct slice chunk = slot_chunk(s, i);
        uint8_t *at = s->data + i * r->stride;
        struct chunk_ad ad;
        nonce_of(r, s->first_chunk + i, nonce);
        ad_of(r, s->first_chunk + i, &ad);
        aead_seal(r->params.aead, nonce, slice_of(ad.bytes, ad.len), at, chunk, at + chunk.len);
    }
    if (s->last)
        final_tag(r, s->first_chunk + slot_n_chunks(s), s->total, s->final_tag);
}

static void open_slot(void *arg)
{
    struct slot *s = arg;
    const struct ring *r = s->ring;
    uint8_t nonce[NONCE_MAX], nothing[1];
    for (s->bad_chunk = 0; s->bad_chunk < slot_n_chunks(s); s->bad_chunk++) {
        struct slice chunk = slot_chunk(s, s->bad_chunk);
        uint8_t *at = s->data + s->bad_chunk * r->stride;
        struct chunk_ad ad;
        nonce_of(r, s->first_chunk + s->bad_chunk, nonce);
        ad_of(r, s->first_chunk + s->bad_chunk, &ad);
        if (!aead_open(r->params.aead, nonce, slice_of(ad.bytes, ad.len), at, chunk,
                       at + chunk.len))
            return;
    }
    if (!s->last)
        return;
    struct chunk_ad ad;
    final_ad_of(r, s->first_chunk + slot_n_chunks(s), s->total, &ad);
    nonce_of(r, s->first_chunk + slot_n_chunks(s), nonce);
    s->final_fits = aead_open(r->params.aead, nonce, slice_of(ad.bytes, ad.len), nothing,
                              slice_of(nothing, 0), s->final_tag);
}

/* The ring. */

static struct slot *slot_at(struct ring *r, size_t i)
{
    return &r->slots[(r->head + i) % r->n];
}

static err *take_slot(struct ring *r, struct slot **out)
{
    struct slot *s = slot_at(r, r->count);
    if (s->data == NULL) {
        /* Behind the chunks there is room for the final tag. */
        s->data = mem_block(r->slot_chunks * r->stride + TAG_LEN);
        if (s->data == NULL)
            return err_no_memory();
    }
    s->ring = r;
    s->first_chunk = r->next_chunk;
    s->len = 0;
    s->last = s->has_final = s->final_fits = false;
    s->bad_chunk = 0;
    *out = s;
    return NULL;
}

static void submit(struct ring *r, struct slot *s, void (*run)(void *))
{
    s->job.run = run;
    s->job.arg = s;
    s->queued = true;
    s->dirty = s->len > s->dirty ? s->len : s->dirty;
    r->next_chunk += slot_n_chunks(s);
    r->count++;
    if (s->last && r->count == 1) { /* all there is: nothing goes on meanwhile */
        run(s);
        s->queued = false;
        return;
    }
    pool_submit(r->params.pool, &s->job);
}

static void finish(struct ring *r, struct slot *s)
{
    if (s->queued)
        pool_wait(r->params.pool, &s->job);
    s->queued = false;
}

static void drop_head(struct ring *r)
{
    r->head = (r->head + 1) % r->n;
    r->count--;
    r->shown = 0;
}

static void ring_close(struct source *source)
{
    struct ring *r = (struct ring *)source;
    for (size_t i = 0; r->slots != NULL && i < r->n; i++) {
        struct slot *s = &r->slots[i];
        finish(r, s);
        mem_free_wiped(s->data, s->dirty);
    }
    free(r->slots);
    aead_free(r->params.aead);
    source_close(r->upstream);
    free(r);
}

/* Sealing. */

static err *read_plain(struct ring *r, struct slot *s)
{
    for (size_t i = 0; i < r->slot_chunks && !r->at_end; i++) {
        size_t got;
        size_t at = i * r->stride;
        err *e = source_read(r->upstream, s->data + at, r->chunk_len, &got);
        s->dirty = at + got > s->dirty ? at + got : s->dirty;
        TRY(e);
        r->total += got;
        r->at_end = got < r->chunk_len;
        if (got > 0)
            s->len += got + TAG_LEN;
    }
    if (!r->at_end) {
        struct slice view;
        TRY(source_fill(r->upstream, 1, &view));
        r->at_end = view.len == 0;
    }
    s->last = r->at_end;
    s->total = r->total;
    return NULL;
}

static err *seal_top_up(struct ring *r)
{
    while (r->count < r->n && !r->at_end) {
        struct slot *s;
        TRY(take_slot(r, &s));
        TRY(read_plain(r, s));
        submit(r, s, seal_slot);
    }
    return NULL;
}

static err *seal_fill(struct source *source, struct slice *view)
{
    struct ring *r = (struct ring *)source;
    TRY(seal_top_up(r));
    *view = SLICE_EMPTY;
    if (r->count == 0)
        return NULL;
    struct slot *s = slot_at(r, 0);
    finish(r, s);
    if (s->last && !s->has_final) {
        memcpy(s->data + s->len, s->final_tag, TAG_LEN);
        s->len += TAG_LEN;
        s->has_final = true;
    }
    *view = slice_of(s->data + r->shown, s->len - r->shown);
    return NULL;
}

static void seal_consume(struct source *source, size_t n)
{
    struct ring *r = (struct ring *)source;
    r->shown += n;
    if (r->count > 0 && r->shown == slot_at(r, 0)->len)
        drop_head(r);
}

static const struct source_ops seal_ops = {"seal", seal_fill, seal_consume, ring_close};

/* Opening. */

/* The stream has ended behind this slot's `len` bytes and the `tail`, which is
 * shorter than a chunk's tag and the final tag: sorts out the final tag. */
static err *take_final_tag(struct slot *s, struct slice tail)
{
    size_t in_slot = TAG_LEN - tail.len;
    if (tail.len > TAG_LEN || s->len < in_slot)
        return err_new(ERR_INTEGRITY, "cut short: the final tag is missing");
    s->len -= in_slot;
    memcpy(s->final_tag, s->data + s->len, in_slot);
    if (tail.len > 0)
        memcpy(s->final_tag + in_slot, tail.data, tail.len);
    s->last = true;
    if (s->len % s->ring->stride != 0 && s->len % s->ring->stride < TAG_LEN)
        return err_new(ERR_INTEGRITY, "cut short in a chunk's tag");
    return NULL;
}

static err *read_sealed(struct ring *r, struct slot *s)
{
    struct slice tail;
    TRY(source_read(r->upstream, s->data, r->slot_chunks * r->stride, &s->len));
    TRY(source_fill(r->upstream, TAG_LEN + 1, &tail));
    if (tail.len <= TAG_LEN) {
        TRY(take_final_tag(s, tail));
        source_consume(r->upstream, tail.len);
        r->at_end = true;
    }
    if (r->params.size_octet > CHUNKS_OCTET_MAX && !r->at_end)
        return err_new(ERR_LIMIT, "encrypted in chunks of 2^%u bytes, more than 4 MiB",
                       r->params.size_octet + 6U);
    r->total += s->len - slot_n_chunks(s) * TAG_LEN;
    s->total = r->total;
    return NULL;
}

static err *open_top_up(struct ring *r)
{
    while (r->count < r->n && !r->at_end) {
        struct slot *s;
        TRY(take_slot(r, &s));
        TRY(read_sealed(r, s));
        submit(r, s, open_slot);
    }
    return NULL;
}

static err *check_slot(struct ring *r, struct slot *s)
{
    finish(r, s);
    if (s->bad_chunk < slot_n_chunks(s))
        return err_new(ERR_INTEGRITY, "chunk %llu: authentication failed",
                       (unsigned long long)(s->first_chunk + s->bad_chunk));
    if (s->last && !s->final_fits)
        return err_new(ERR_INTEGRITY, "final tag: authentication failed");
    return NULL;
}

/* Drops slots whose chunks have all been shown (or held none). */
static void drop_spent(struct ring *r)
{
    while (r->count > 0 && r->shown >= slot_at(r, 0)->len) {
        bool spent_last = slot_at(r, 0)->last;
        drop_head(r);
        if (spent_last)
            break;
    }
}

static err *open_fill(struct source *source, struct slice *view)
{
    struct ring *r = (struct ring *)source;
    *view = SLICE_EMPTY;
    TRY(open_top_up(r));
    for (; r->count > 0; drop_spent(r)) {
        struct slot *s = slot_at(r, 0);
        TRY(check_slot(r, s));
        if (!s->last)
            TRY(check_slot(r, slot_at(r, 1)));
        if (r->shown < s->len) {
            size_t i = r->shown / r->stride;
            struct slice chunk = slot_chunk(s, i);
            *view = slice_from(chunk, r->shown % r->stride);
        }
        if (view->len > 0)
            break;
        r->shown = s->len; /* an empty chunk, or no chunk at all */
    }
    return NULL;
}

static void open_consume(struct source *source, size_t n)
{
    struct ring *r = (struct ring *)source;
    struct slot *s = slot_at(r, 0);
    if (n == 0)
        return;
    r->shown += n;
    size_t in_chunk = r->shown % r->stride;
    if (in_chunk == slot_chunk(s, (r->shown - 1) / r->stride).len)
        r->shown += TAG_LEN;
    drop_spent(r);
}

static const struct source_ops open_ops = {"open", open_fill, open_consume, ring_close};

/* Making a ring. */

static size_t ring_slots(const struct ring *r)
{
    size_t wanted = 2 * (size_t)pool_threads(r->params.pool) + 2;
    size_t affordable = CHUNKS_MEMORY / (r->slot_chunks * r->stride);
    size_t n = wanted < affordable ? wanted : affordable;
    return n < 2 ? 2 : n;
}

/* Earlier drafts of LibrePGP allowed larger chunks: a message that fits into a part of one
 * can be read. */
static size_t chunk_len_of(uint8_t octet)
{
    return (size_t)1 << ((octet < CHUNKS_OCTET_MAX ? octet : CHUNKS_OCTET_MAX) + 6);
}

static err *ring_new(struct source *upstream, const struct chunks_params *params,
                     const struct source_ops *ops, struct source **out)
{
    struct ring *r = NULL;
    if (MEM_NEW(r) != NULL) {
        aead_free(params->aead);
        source_close(upstream);
        return err_no_memory();
    }
    AUTO(source_close) struct source *owner = &r->source;
    source_init(&r->source, ops, upstream);
    r->upstream = upstream;
    r->params = *params;
    if (params->size_octet > CHUNKS_OCTET_MAX && !params->index_in_ad)
        return err_new(ERR_MALFORMED, "chunk size 2^%u is not allowed", params->size_octet + 6U);
    r->chunk_len = chunk_len_of(params->size_octet);
    r->stride = r->chunk_len + TAG_LEN;
    r->slot_chunks = r->chunk_len >= CHUNKS_BATCH ? 1 : CHUNKS_BATCH / r->chunk_len;
    r->n = ring_slots(r);
    TRY(MEM_ARRAY(r->slots, r->n));
    *out = TAKE(owner);
    return NULL;
}

err *chunks_seal(struct source *upstream, const struct chunks_params *params, struct source **out)
{
    return ring_new(upstream, params, &seal_ops, out);
}

err *chunks_open(struct source *upstream, const struct chunks_params *params, struct source **out)
{
    return ring_new(upstream, params, &open_ops, out);
}
