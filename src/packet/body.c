#include "packet/body.h"

#include <stdlib.h>

#include "base/mem.h"
#include "stream/window.h"

enum {
    PARTIAL_MIN = 512, /* of the first part [RFC9580 4.2.1.4] */
    PARTIAL_MAX_LOG = 30,
    LENGTH_MAX = 5,
};

/* Reading. */

struct body_reader {
    struct source source;
    struct source *upstream;
    enum packet_length length;
    uint64_t left; /* bytes of the current part */
};

static err *cut_short(const struct body_reader *b)
{
    return err_new(ERR_INTEGRITY, "cut short at byte %llu",
                   (unsigned long long)b->upstream->offset);
}

/* The length header between two parts. */
static err *next_part(struct body_reader *b)
{
    struct slice view;
    TRY(source_fill(b->upstream, LENGTH_MAX, &view));
    struct reader r = reader_init(view, "partial length");
    uint8_t octet = reader_peek(&r);
    if (view.len == 0)
        return cut_short(b);
    if (octet >= 224 && octet < 255) {
        b->left = (uint64_t)1 << (reader_u8(&r) & 0x1F);
    } else {
        b->left = packet_read_length(&r);
        b->length = PACKET_FIXED;
    }
    if (reader_failed(&r))
        return cut_short(b);
    source_consume(b->upstream, reader_offset(&r));
    return NULL;
}

static err *reader_fill(struct source *s, struct slice *view)
{
    struct body_reader *b = (struct body_reader *)s;
    *view = SLICE_EMPTY;
    while (b->left == 0 && b->length == PACKET_PARTIAL)
        TRY(next_part(b));
    if (b->left == 0)
        return NULL;
    TRY(source_fill(b->upstream, 1, view));
    if (view->len == 0 && b->length != PACKET_INDETERMINATE)
        return cut_short(b);
    view->len = view->len < b->left ? view->len : (size_t)b->left;
    return NULL;
}

static void reader_consume(struct source *s, size_t n)
{
    struct body_reader *b = (struct body_reader *)s;
    b->left -= n;
    source_consume(b->upstream, n);
}

static void reader_close(struct source *s)
{
    free(s);
}

static const struct source_ops reader_ops = {"body", reader_fill, reader_consume, reader_close};

err *body_read_new(struct source *s, const struct packet_header *h, struct source **out)
{
    struct body_reader *b = NULL;
    TRY(MEM_NEW(b));
    source_init(&b->source, &reader_ops, s);
    b->upstream = s;
    b->length = h->length;
    b->left = h->length == PACKET_INDETERMINATE ? UINT64_MAX : h->len;
    *out = &b->source;
    return NULL;
}

/* Writing. */

enum { PART = 1 << 16 }; /* bytes: shorter views are gathered up to that */

struct body_writer {
    struct source source;
    struct source *upstream;
    uint8_t type;
    bool started, ended;
    uint8_t header[1 + LENGTH_MAX];
    size_t header_len, header_shown;
    size_t part_left; /* bytes that belong to the current part */
    /* Short views come together here, since the length of a part is a power of two: a view that
     * is a little longer than one would come in ten parts. */
    struct window gathered;
    bool pad;       /* the total must be no multiple of three */
    uint64_t total; /* bytes shown so far, and those before the packet */
};

static void set_header(struct body_writer *w, const struct buf *length)
{
    size_t n = 0;
    if (!w->started)
        w->header[n++] = 0xC0 | w->type;
    memcpy(w->header + n, length->data, length->len);
    w->header_len = n + length->len;
    w->header_shown = 0;
    w->started = true;
}

/* The largest power of two that is not above n. */
static unsigned log2_floor(size_t n)
{
    unsigned log = (unsigned)(sizeof(long) * 8 - 1) - (unsigned)__builtin_clzl(n);
    return log < PARTIAL_MAX_LOG ? log : PARTIAL_MAX_LOG;
}

static void partial_length(struct body_writer *w, struct buf *length, unsigned log)
{
    buf_u8(length, (uint8_t)(224 + log));
    w->part_left = (size_t)1 << log;
}

/* Would the total be a multiple of three if these were the last bytes? */
static bool must_shift(const struct body_writer *w, size_t last, size_t header)
{
    return w->pad && w->started && (w->total + header + last) % 3 == 0;
}

/* The last `len` bytes.  To shift the total, one of them goes into a part of its
 * own; if there is none, the length 0 is written in its longest form. */
static void last_length(struct body_writer *w, struct buf *length, size_t len)
{
    packet_write_length(length, len);
    bool shift = must_shift(w, len, length->len);
    w->part_left = len;
    w->ended = !shift || len == 0;
    if (!shift)
        return;
    buf_reset(length);
    if (len > 0) {
        partial_length(w, length, 0);
    } else {
        buf_u8(length, 255);
        buf_u32(length, 0);
    }
}

/* What the next parts are made of: a long view of upstream, or what has been gathered of short
 * ones; less than PART only at the end. */
static err *next_bytes(struct body_writer *w, struct slice *view)
{
    TRY(source_fill(w->upstream, 1, view));
    if (window_len(&w->gathered) == 0 && (view->len >= PART || view->len == 0))
        return NULL;
    if (w->gathered.data == NULL)
        TRY(window_init(&w->gathered, PART));
    uint8_t *room = window_room(&w->gathered);
    while (view->len > 0 && window_room_len(&w->gathered) > 0) {
        size_t n = window_room_len(&w->gathered);
        n = view->len < n ? view->len : n;
        memcpy(room, view->data, n);
        room += n;
        window_add(&w->gathered, n);
        source_consume(w->upstream, n);
        TRY(source_fill(w->upstream, 1, view));
    }
    *view = window_view(&w->gathered);
    return NULL;
}

/* Decides on the next part: all that is left if it is short, otherwise as much of it as a
 * partial length can tell. */
static err *start_part(struct body_writer *w)
{
    CLEANUP(buf_clear) struct buf length = BUF_EMPTY(LENGTH_MAX);
    struct slice view;
    TRY(next_bytes(w, &view));
    if (view.len >= PARTIAL_MIN)
        partial_length(w, &length, log2_floor(view.len));
    else
        last_length(w, &length, view.len);
    TRY(buf_end(&length));
    set_header(w, &length);
    return NULL;
}

static err *writer_fill(struct source *s, struct slice *view)
{
    struct body_writer *w = (struct body_writer *)s;
    *view = SLICE_EMPTY;
    if (w->header_shown == w->header_len && w->part_left == 0) {
        if (w->ended)
            return NULL;
        TRY(start_part(w));
    }
    if (w->header_shown < w->header_len) {
        *view = slice_of(w->header + w->header_shown, w->header_len - w->header_shown);
        return NULL;
    }
    if (window_len(&w->gathered) > 0)
        *view = window_view(&w->gathered);
    else
        TRY(source_fill(w->upstream, 1, view));
    view->len = view->len < w->part_left ? view->len : w->part_left;
    return NULL;
}

static void writer_consume(struct source *s, size_t n)
{
    struct body_writer *w = (struct body_writer *)s;
    w->total += n;
    if (w->header_shown < w->header_len) {
        w->header_shown += n;
        return;
    }
    w->part_left -= n;
    if (window_len(&w->gathered) > 0)
        window_drop(&w->gathered, n);
    else if (n > 0)
        source_consume(w->upstream, n);
}

static void writer_close(struct source *s)
{
    struct body_writer *w = (struct body_writer *)s;
    window_clear(&w->gathered);
    source_close(w->upstream);
    free(w);
}

static const struct source_ops writer_ops = {"frame", writer_fill, writer_consume, writer_close};

static err *writer_new(struct source *upstream, uint8_t type, struct body_writer **out)
{
    struct body_writer *w = NULL;
    if (MEM_NEW(w) != NULL) {
        source_close(upstream);
        return err_no_memory();
    }
    source_init(&w->source, &writer_ops, upstream);
    w->upstream = upstream;
    w->type = type;
    *out = w;
    return NULL;
}

err *body_write_new(struct source *upstream, uint8_t type, struct source **out)
{
    struct body_writer *w = NULL;
    TRY(writer_new(upstream, type, &w));
    *out = &w->source;
    return NULL;
}

err *body_write_padded(struct source *upstream, uint8_t type, uint64_t before, struct source **out)
{
    struct body_writer *w = NULL;
    TRY(writer_new(upstream, type, &w));
    w->pad = true;
    w->total = before;
    *out = &w->source;
    return NULL;
}
