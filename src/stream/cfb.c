#include "stream/cfb.h"

#include <stdlib.h>

#include "base/mem.h"
#include "crypto/ct.h"
#include "crypto/digest.h"
#include "stream/window.h"

enum {
    BLOCK = 1 << 16,
    SHA1_LEN = 20,
    MDC_LEN = 2 + SHA1_LEN, /* D3 14 and the digest */
};

static const uint8_t mdc_header[2] = {0xD3, 0x14};

struct cfb_stage {
    struct source source;
    struct source *upstream;
    struct cipher *cipher;
    struct digest *sha1;
    struct cfb cfb;
    struct window window;
    bool started, ended;
};

static void stage_close(struct source *s)
{
    struct cfb_stage *f = (struct cfb_stage *)s;
    cfb_clear(&f->cfb);
    window_clear(&f->window);
    digest_free(f->sha1);
    cipher_free(f->cipher);
    source_close(f->upstream);
    free(f);
}

static err *stage_new(struct source *upstream, struct cipher *c, const struct source_ops *ops,
                      struct cfb_stage **out)
{
    struct cfb_stage *f = NULL;
    if (MEM_NEW(f) != NULL) {
        cipher_free(c);
        source_close(upstream);
        return err_no_memory();
    }
    AUTO(source_close) struct source *owner = &f->source;
    source_init(&f->source, ops, upstream);
    f->upstream = upstream;
    f->cipher = c;
    cfb_start(&f->cfb, c, NULL);
    TRY(digest_new(HASH_SHA1, &f->sha1));
    TRY(window_init(&f->window, BLOCK));
    owner = NULL;
    *out = f;
    return NULL;
}

/* Sealing. */

/* Hashes and encrypts s to the end of the window. */
static void seal_piece(struct cfb_stage *f, struct slice s)
{
    digest_update(f->sha1, s);
    cfb_seal(&f->cfb, f->window.data + f->window.end, s.data, s.len);
    window_add(&f->window, s.len);
}

static void seal_end(struct cfb_stage *f)
{
    uint8_t mdc[DIGEST_MAX];
    seal_piece(f, SLICE_OF(mdc_header));
    digest_final(f->sha1, mdc);
    cfb_seal(&f->cfb, f->window.data + f->window.end, mdc, SHA1_LEN);
    window_add(&f->window, SHA1_LEN);
    f->ended = true;
}

static err *seal_fill(struct source *s, struct slice *view)
{
    struct cfb_stage *f = (struct cfb_stage *)s;
    while (!f->ended && window_len(&f->window) == 0) {
        struct slice plain;
        TRY(source_fill(f->upstream, 1, &plain));
        if (plain.len == 0) {
            seal_end(f);
            break;
        }
        size_t n = plain.len < BLOCK ? plain.len : BLOCK;
        seal_piece(f, slice_of(plain.data, n));
        source_consume(f->upstream, n);
    }
    *view = window_view(&f->window);
    return NULL;
}

static void stage_consume(struct source *s, size_t n)
{
    window_drop(&((struct cfb_stage *)s)->window, n);
}

static const struct source_ops seal_ops = {"seal", seal_fill, stage_consume, stage_close};

err *cfb_seal_new(struct source *upstream, struct cipher *c, const struct world *w,
                  struct source **out)
{
    struct cfb_stage *f;
    uint8_t prefix[BLOCK_MAX + 2];
    TRY(stage_new(upstream, c, &seal_ops, &f));
    size_t block = cipher_block_len(c);
    err *e = world_random(w, prefix, block);
    if (e != NULL) {
        source_close(&f->source);
        return e;
    }
    prefix[block] = prefix[block - 2];
    prefix[block + 1] = prefix[block - 1];
    seal_piece(f, slice_of(prefix, block + 2));
    *out = &f->source;
    return NULL;
}

/* Opening. */

err *cfb_damaged(void)
{
    return err_hint(err_new(ERR_INTEGRITY, "the message was changed or cut short"),
                    "get it again from its sender");
}

/* Decrypts what fits behind what the window still holds. */
static err *open_more(struct cfb_stage *f, bool *more)
{
    struct slice sealed;
    TRY(source_fill(f->upstream, 1, &sealed));
    *more = sealed.len > 0;
    uint8_t *room = window_room(&f->window);
    size_t n = window_room_len(&f->window);
    n = sealed.len < n ? sealed.len : n;
    cfb_open(&f->cfb, room, sealed.data, n);
    window_add(&f->window, n);
    source_consume(f->upstream, n);
    return NULL;
}

/* The repeated octets of the prefix are not looked at: as an oracle they would
 * help an attacker [RFC9580 13.4], and the digest covers them. */
static err *open_prefix(struct cfb_stage *f)
{
    size_t prefix = cipher_block_len(f->cipher) + 2;
    bool more = true;
    while (window_len(&f->window) < prefix + MDC_LEN && more)
        TRY(open_more(f, &more));
    if (window_len(&f->window) < prefix + MDC_LEN)
        return cfb_damaged();
    digest_update(f->sha1, slice_of(f->window.data, prefix));
    window_drop(&f->window, prefix);
    f->started = true;
    return NULL;
}

static err *check_mdc(struct cfb_stage *f)
{
    uint8_t expected[DIGEST_MAX];
    struct slice mdc = window_view(&f->window);
    if (mdc.len != MDC_LEN)
        return cfb_damaged();
    digest_update(f->sha1, slice_of(mdc.data, sizeof mdc_header));
    digest_final(f->sha1, expected);
    bool header = ct_equal(slice_of(mdc.data, sizeof mdc_header), SLICE_OF(mdc_header));
    bool digest = ct_equal(slice_from(mdc, sizeof mdc_header), slice_of(expected, SHA1_LEN));
    f->ended = true;
    return header && digest ? NULL : cfb_damaged();
}

/* The last MDC_LEN bytes of what there is stay back: they may be the code. */
static err *open_fill(struct source *s, struct slice *view)
{
    struct cfb_stage *f = (struct cfb_stage *)s;
    bool more = true;
    *view = SLICE_EMPTY;
    if (f->ended)
        return NULL;
    if (!f->started)
        TRY(open_prefix(f));
    while (window_len(&f->window) <= MDC_LEN && more)
        TRY(open_more(f, &more));
    if (window_len(&f->window) <= MDC_LEN)
        return check_mdc(f);
    *view = window_view(&f->window);
    view->len -= MDC_LEN;
    return NULL;
}

static void open_consume(struct source *s, size_t n)
{
    struct cfb_stage *f = (struct cfb_stage *)s;
    digest_update(f->sha1, slice_of(f->window.data + f->window.start, n));
    window_drop(&f->window, n);
}

static const struct source_ops open_ops = {"open", open_fill, open_consume, stage_close};

err *cfb_open_new(struct source *upstream, struct cipher *c, struct source **out)
{
    struct cfb_stage *f;
    TRY(stage_new(upstream, c, &open_ops, &f));
    f->source.deferred = true;
    *out = &f->source;
    return NULL;
}

/* Opening what has no protection. */

/* The first block_len + 2 octets of ciphertext: the last block_len of them are the initial
 * vector of what follows. */
static err *skip_unprotected_prefix(struct cfb_stage *f)
{
    struct slice sealed;
    size_t block = cipher_block_len(f->cipher);
    TRY(source_fill(f->upstream, block + 2, &sealed));
    if (sealed.len < block + 2)
        return err_new(ERR_MALFORMED, "the encrypted data is cut short");
    cfb_start(&f->cfb, f->cipher, sealed.data + 2);
    source_consume(f->upstream, block + 2);
    f->started = true;
    return NULL;
}

static err *unprotected_fill(struct source *s, struct slice *view)
{
    struct cfb_stage *f = (struct cfb_stage *)s;
    bool more;
    if (!f->started)
        TRY(skip_unprotected_prefix(f));
    if (window_len(&f->window) == 0)
        TRY(open_more(f, &more));
    *view = window_view(&f->window);
    return NULL;
}

static const struct source_ops unprotected_ops = {"open", unprotected_fill, stage_consume,
                                                  stage_close};

err *cfb_open_unprotected(struct source *upstream, struct cipher *c, struct source **out)
{
    struct cfb_stage *f;
    TRY(stage_new(upstream, c, &unprotected_ops, &f));
    *out = &f->source;
    return NULL;
}
