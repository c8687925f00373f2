#include "stream/zip.h"

#include <bzlib.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/mem.h"
#include "crypto/algo.h"
#include "stream/window.h"

enum { BLOCK = 1 << 16, RAW_WINDOW_BITS = -15, ZLIB_WINDOW_BITS = 15 };

const struct zip_budget zip_default_budget = {.free = 256 << 20, .factor = 1100};

struct zip;

/* One call of a library: turns input into output. */
struct codec {
    err *(*start)(struct zip *z, int level);
    /* Consumes from in and writes to the window; sets z->ended at the end of the
     * compressed data. */
    err *(*step)(struct zip *z, struct slice in, bool last, size_t *consumed);
    void (*stop)(struct zip *z);
};

struct zip {
    struct source source;
    struct source *upstream;
    const struct codec *codec;
    struct window window;
    bool started, ended;
    bool raw;
    struct zip_budget *budget; /* of an expanding one */
    bool outermost;
    uint64_t produced;
    union {
        z_stream z;
        bz_stream bz;
    } state;
};

static err *broken(const char *library, int code)
{
    if (code == Z_MEM_ERROR)
        return err_no_memory();
    return err_new(ERR_MALFORMED, "%s: the compressed data is damaged", library);
}

static err *cut_short(void)
{
    return err_new(ERR_MALFORMED, "the compressed data is cut short");
}

static unsigned bounded(size_t n)
{
    return n > INT_MAX ? INT_MAX : (unsigned)n;
}

/* The memory of both libraries holds plaintext, and they do not wipe it.  Its size
 * stands in front. */

union head {
    size_t len;
    max_align_t align;
};

static void *allocate(size_t n, size_t size)
{
    size_t len;
    if (__builtin_mul_overflow(n, size, &len) ||
        __builtin_add_overflow(len, sizeof(union head), &len))
        return NULL;
    union head *head = malloc(len);
    if (head == NULL)
        return NULL;
    head->len = len;
    return head + 1;
}

static void *z_allocate(void *opaque, unsigned n, unsigned size)
{
    (void)opaque;
    return allocate(n, size);
}

static void *bz_allocate(void *opaque, int n, int size)
{
    (void)opaque;
    return n < 0 || size < 0 ? NULL : allocate((size_t)n, (size_t)size);
}

static void release(void *opaque, void *p)
{
    (void)opaque;
    if (p == NULL)
        return;
    union head *head = (union head *)p - 1;
    mem_free_wiped(head, head->len);
}

/* zlib and raw deflate. */

static void z_prepare(struct zip *z)
{
    z->state.z.zalloc = z_allocate;
    z->state.z.zfree = release;
}

static void z_aim(struct zip *z, struct slice in)
{
    z->state.z.next_in = (Bytef *)(uintptr_t)in.data; /* zlib only reads it */
    z->state.z.avail_in = bounded(in.len);
    z->state.z.next_out = window_room(&z->window);
    z->state.z.avail_out = bounded(window_room_len(&z->window));
}

static void z_account(struct zip *z, struct slice in, size_t *consumed)
{
    *consumed = bounded(in.len) - z->state.z.avail_in;
    window_add(&z->window, bounded(window_room_len(&z->window)) - z->state.z.avail_out);
}

static err *deflate_start(struct zip *z, int level)
{
    int bits = z->raw ? RAW_WINDOW_BITS : ZLIB_WINDOW_BITS;
    z_prepare(z);
    int code = deflateInit2(&z->state.z, level, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY);
    return code == Z_OK ? NULL : broken("deflate", code);
}

static err *deflate_step(struct zip *z, struct slice in, bool last, size_t *consumed)
{
    z_aim(z, in);
    int code = deflate(&z->state.z, last ? Z_FINISH : Z_NO_FLUSH);
    z_account(z, in, consumed);
    z->ended = code == Z_STREAM_END;
    return code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR ? NULL
                                                                       : broken("deflate", code);
}

static void deflate_stop(struct zip *z)
{
    deflateEnd(&z->state.z);
}

static err *inflate_start(struct zip *z, int level)
{
    (void)level;
    z_prepare(z);
    int code = inflateInit2(&z->state.z, z->raw ? RAW_WINDOW_BITS : ZLIB_WINDOW_BITS);
    return code == Z_OK ? NULL : broken("inflate", code);
}

static err *inflate_step(struct zip *z, struct slice in, bool last, size_t *consumed)
{
    z_aim(z, in);
    int code = inflate(&z->state.z, Z_SYNC_FLUSH);
    z_account(z, in, consumed);
    z->ended = code == Z_STREAM_END;
    if (code == Z_BUF_ERROR && last)
        return cut_short();
    return code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR ? NULL
                                                                       : broken("inflate", code);
}

static void inflate_stop(struct zip *z)
{
    inflateEnd(&z->state.z);
}

static const struct codec deflate_codec = {deflate_start, deflate_step, deflate_stop};
static const struct codec inflate_codec = {inflate_start, inflate_step, inflate_stop};

/* bzip2. */

static void bz_prepare(struct zip *z)
{
    z->state.bz.bzalloc = bz_allocate;
    z->state.bz.bzfree = release;
}

static void bz_aim(struct zip *z, struct slice in)
{
    z->state.bz.next_in = (char *)(uintptr_t)in.data; /* libbz2 only reads it */
    z->state.bz.avail_in = bounded(in.len);
    z->state.bz.next_out = (char *)window_room(&z->window);
    z->state.bz.avail_out = bounded(window_room_len(&z->window));
}

static void bz_account(struct zip *z, struct slice in, size_t *consumed)
{
    *consumed = bounded(in.len) - z->state.bz.avail_in;
    window_add(&z->window, bounded(window_room_len(&z->window)) - z->state.bz.avail_out);
}

static err *bz_broken(int code)
{
    return code == BZ_MEM_ERROR ? err_no_memory() : broken("bzip2", Z_DATA_ERROR);
}

static err *bz_pack_start(struct zip *z, int level)
{
    bz_prepare(z);
    int code = BZ2_bzCompressInit(&z->state.bz, level, 0, 0);
    return code == BZ_OK ? NULL : bz_broken(code);
}

static err *bz_pack_step(struct zip *z, struct slice in, bool last, size_t *consumed)
{
    bz_aim(z, in);
    int code = BZ2_bzCompress(&z->state.bz, last ? BZ_FINISH : BZ_RUN);
    bz_account(z, in, consumed);
    z->ended = code == BZ_STREAM_END;
    return code >= BZ_OK ? NULL : bz_broken(code);
}

static void bz_pack_stop(struct zip *z)
{
    BZ2_bzCompressEnd(&z->state.bz);
}

static err *bz_unpack_start(struct zip *z, int level)
{
    (void)level;
    bz_prepare(z);
    int code = BZ2_bzDecompressInit(&z->state.bz, 0, 0);
    return code == BZ_OK ? NULL : bz_broken(code);
}

static err *bz_unpack_step(struct zip *z, struct slice in, bool last, size_t *consumed)
{
    size_t before = window_len(&z->window);
    bz_aim(z, in);
    int code = BZ2_bzDecompress(&z->state.bz);
    bz_account(z, in, consumed);
    z->ended = code == BZ_STREAM_END;
    if (code == BZ_OK && last && *consumed == 0 && window_len(&z->window) == before)
        return cut_short();
    return code >= BZ_OK ? NULL : bz_broken(code);
}

static void bz_unpack_stop(struct zip *z)
{
    BZ2_bzDecompressEnd(&z->state.bz);
}

static const struct codec bz_pack_codec = {bz_pack_start, bz_pack_step, bz_pack_stop};
static const struct codec bz_unpack_codec = {bz_unpack_start, bz_unpack_step, bz_unpack_stop};

/* The stage. */

static err *check_budget(const struct zip *z)
{
    const struct zip_budget *b = z->budget;
    if (b == NULL || b->factor == 0 || z->produced <= b->free || z->produced / b->factor <= b->in)
        return NULL;
    return err_hint(err_new(ERR_LIMIT,
                            "the compressed data expands to more than %llu times its size",
                            (unsigned long long)b->factor),
                    "bulla decrypt and bulla verify read it with --any-expansion; use it only if "
                    "you trust the sender");
}

/* What stands behind the end of the compressed data is still the packet's [RFC9580 5.6]:
 * some pad their messages with it.  It is no data, but read to its end, so that the
 * container's integrity covers it. */
static err *zip_step(struct zip *z)
{
    struct slice in;
    size_t consumed;
    TRY(source_fill(z->upstream, 1, &in));
    TRY(z->codec->step(z, in, in.len == 0, &consumed));
    source_consume(z->upstream, consumed);
    z->produced += window_len(&z->window);
    if (z->outermost)
        z->budget->in += consumed;
    TRY(check_budget(z));
    return z->ended ? source_drain(z->upstream) : NULL;
}

static err *zip_fill(struct source *s, struct slice *view)
{
    struct zip *z = (struct zip *)s;
    while (window_len(&z->window) == 0 && !z->ended)
        TRY(zip_step(z));
    *view = window_view(&z->window);
    return NULL;
}

static void zip_consume(struct source *s, size_t n)
{
    window_drop(&((struct zip *)s)->window, n);
}

static void zip_close(struct source *s)
{
    struct zip *z = (struct zip *)s;
    if (z->started)
        z->codec->stop(z);
    window_clear(&z->window);
    source_close(z->upstream);
    free(z);
}

static const struct source_ops zip_ops = {"zip", zip_fill, zip_consume, zip_close};

static const struct codec *codec_of(uint8_t algorithm, bool packing)
{
    switch (algorithm) {
    case COMPRESSION_ZIP:
    case COMPRESSION_ZLIB:
        return packing ? &deflate_codec : &inflate_codec;
    case COMPRESSION_BZIP2:
        return packing ? &bz_pack_codec : &bz_unpack_codec;
    default:
        return NULL;
    }
}

static err *zip_new(struct source *upstream, uint8_t algorithm, bool packing, int level,
                    struct zip **out)
{
    struct zip *z = NULL;
    if (MEM_NEW(z) != NULL) {
        source_close(upstream);
        return err_no_memory();
    }
    AUTO(source_close) struct source *owner = &z->source;
    source_init(&z->source, &zip_ops, upstream);
    z->upstream = upstream;
    z->codec = codec_of(algorithm, packing);
    z->raw = algorithm == COMPRESSION_ZIP;
    if (z->codec == NULL)
        return err_new(ERR_UNSUPPORTED, "compression algorithm %u is not supported", algorithm);
    TRY(window_init(&z->window, BLOCK));
    TRY(z->codec->start(z, level));
    z->started = true;
    owner = NULL;
    *out = z;
    return NULL;
}

err *zip_compress(struct source *upstream, uint8_t algorithm, int level, struct source **out)
{
    struct zip *z;
    TRY(zip_new(upstream, algorithm, true, level, &z));
    *out = &z->source;
    return NULL;
}

err *zip_expand(struct source *upstream, uint8_t algorithm, struct zip_budget *budget,
                struct source **out)
{
    struct zip *z;
    if (algorithm == COMPRESSION_NONE) {
        *out = upstream;
        return NULL;
    }
    TRY(zip_new(upstream, algorithm, false, 0, &z));
    z->budget = budget;
    z->outermost = budget != NULL && !budget->taken;
    if (z->outermost)
        budget->taken = true;
    *out = &z->source;
    return NULL;
}
