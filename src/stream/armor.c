#include "stream/armor.h"

#include <stdlib.h>

#include "base/mem.h"
#include "stream/base64.h"
#include "stream/crc24.h"
#include "stream/window.h"

enum {
    BLOCK_LINES = 1024,      /* encoded before they are shown */
    FRAME_CHARS = 256,       /* beside them: both lines of a frame and a checksum */
    DECODE_STEP = 1 << 16,   /* characters decoded at a step */
    PREAMBLE_MAX = 64 << 20, /* text before a frame */
};

static const char *const labels[] = {
    [ARMOR_MESSAGE] = "MESSAGE",
    [ARMOR_PUBLIC_KEY] = "PUBLIC KEY BLOCK",
    [ARMOR_PRIVATE_KEY] = "PRIVATE KEY BLOCK",
    [ARMOR_SIGNATURE] = "SIGNATURE",
    [ARMOR_SIGNED_MESSAGE] = "SIGNED MESSAGE",
};

const char *armor_label(enum armor_kind kind)
{
    return kind < sizeof labels / sizeof *labels && labels[kind] != NULL ? labels[kind] : "DATA";
}

err *armor_is_text(struct source *s, bool *out)
{
    struct slice view;
    TRY(source_fill(s, 1, &view));
    *out = view.len > 0 && view.data[0] < 0x80;
    if (view.len == 0 || *out)
        return NULL;
    /* A byte order mark before text. */
    TRY(source_fill(s, 3, &view));
    *out = slice_starts_with(view, SLICE_TEXT("\xEF\xBB\xBF"));
    return NULL;
}

/* The end of a line that starts a view, if one can look so far ahead however the input
 * comes in pieces. */
static const uint8_t *line_end(struct slice view)
{
    size_t n = view.len < SOURCE_PEEK_MAX ? view.len : SOURCE_PEEK_MAX;
    return n == 0 ? NULL : memchr(view.data, '\n', n);
}

/* The next line without its end and without blanks there, or a part of it where it is
 * longer than one can look ahead; `len` is what to consume for it.  Both are 0 at the
 * end. */
static err *peek_line(struct source *s, struct slice *line, size_t *len)
{
    struct slice view;
    TRY(source_fill(s, 1, &view));
    if (line_end(view) == NULL)
        TRY(source_fill(s, SOURCE_PEEK_MAX, &view));
    const uint8_t *lf = line_end(view);
    size_t part = view.len < SOURCE_PEEK_MAX ? view.len : SOURCE_PEEK_MAX;
    *len = lf == NULL ? part : (size_t)(lf - view.data) + 1;
    size_t n = lf == NULL ? part : *len - 1;
    while (n > 0 &&
           (view.data[n - 1] == ' ' || view.data[n - 1] == '\t' || view.data[n - 1] == '\r'))
        n--;
    *line = slice_of(view.data, n);
    return NULL;
}

/* The label in "-----BEGIN PGP label-----"; empty if the line is none. */
static struct slice frame_label(struct slice line, struct slice opening)
{
    if (!slice_starts_with(line, opening) || line.len < opening.len + 5)
        return SLICE_EMPTY;
    struct slice end = slice_from(line, line.len - 5);
    if (!slice_equal(end, SLICE_TEXT("-----")))
        return SLICE_EMPTY;
    return slice_of(line.data + opening.len, line.len - opening.len - 5);
}

static enum armor_kind kind_of_label(struct slice label)
{
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (labels[i] != NULL && slice_equal(label, slice_of_string(labels[i])))
            return (enum armor_kind)i;
    }
    return label.len > 0 ? ARMOR_OTHER : ARMOR_NONE;
}

/* Blanks and bytes beyond ASCII (a byte order mark, say) before a frame do no
 * harm; anything else there makes it part of a text. */
static struct slice skip_junk(struct slice line)
{
    while (line.len > 0 && (line.data[0] == ' ' || line.data[0] == '\t' || line.data[0] >= 0x80))
        line = slice_from(line, 1);
    return line;
}

static enum armor_kind kind_of_line(struct slice line)
{
    return kind_of_label(frame_label(skip_junk(line), SLICE_TEXT("-----BEGIN PGP ")));
}

err *armor_peek(struct source *s, enum armor_kind *out)
{
    struct slice line;
    size_t len;
    TRY(peek_line(s, &line, &len));
    *out = kind_of_line(line);
    return NULL;
}

err *armor_find(struct source *s, enum armor_kind *out)
{
    size_t len, skipped = 0;
    bool starts = true; /* a line, not the rest of a long one */
    *out = ARMOR_NONE;
    do {
        struct slice line;
        TRY(peek_line(s, &line, &len));
        if (starts)
            *out = kind_of_line(line);
        starts = len > 0 && line.data[len - 1] == '\n';
        source_consume(s, len);
        skipped += len;
    } while (*out == ARMOR_NONE && len > 0 && skipped < PREAMBLE_MAX);
    return NULL;
}

/* Decoding. */

struct decoder {
    struct source source;
    struct source *upstream;
    enum armor_blocks blocks;
    enum armor_kind kind; /* of the frame that is open; ARMOR_NONE between frames */
    bool any;             /* a frame has been seen */
    bool ended;
    err *damage; /* to be told when all before it has been shown */
    struct base64 base64;
    struct window window;
};

static err *no_data(void)
{
    return err_new(ERR_NO_DATA, "no OpenPGP data found");
}

/* With every white space that there is [RFC9580 6.2].  Elsewhere VT is none: it is one bit
 * from LF, and a change of that must show. */
static bool is_blank(struct slice line)
{
    size_t n = 0;
    while (n < line.len && (line.data[n] == ' ' || (line.data[n] >= '\t' && line.data[n] <= '\r')))
        n++;
    return n == line.len;
}

/* Headers end with a blank line.  What they say does not matter here, and lines
 * that are no headers are passed over, too [RFC9580 6.2.2]. */
static err *skip_headers(struct decoder *d)
{
    for (;;) {
        struct slice line;
        size_t len;
        TRY(peek_line(d->upstream, &line, &len));
        if (len == 0 || slice_starts_with(line, SLICE_TEXT("-----")))
            return err_new(ERR_MALFORMED, "armor: no blank line behind the headers");
        bool blank = is_blank(line);
        source_consume(d->upstream, len);
        if (blank)
            return NULL;
    }
}

static err *open_frame(struct decoder *d)
{
    if (d->kind == ARMOR_NONE)
        TRY(armor_find(d->upstream, &d->kind));
    if (d->kind == ARMOR_NONE) {
        d->ended = true;
        return d->any ? NULL : no_data();
    }
    if (d->any && d->blocks == ARMOR_ONE)
        return err_hint(err_new(ERR_MALFORMED, "several armored messages in one file"),
                        "split the file and handle each on its own");
    if (d->kind == ARMOR_SIGNED_MESSAGE)
        return err_hint(err_new(ERR_MALFORMED, "this is a cleartext signed message"),
                        "bulla verify FILE");
    d->any = true;
    d->base64 = (struct base64){0};
    return skip_headers(d);
}

/* Only a checksum line may stand between the data and the tail; what it says
 * does not matter [RFC9580 6.1]. */
static err *close_frame(struct decoder *d)
{
    struct slice line;
    size_t len;
    bool checksum = false;
    for (;;) {
        TRY(peek_line(d->upstream, &line, &len));
        if (len == 0)
            return err_new(ERR_MALFORMED, "armor: cut short");
        bool is_checksum = line.len > 0 && line.data[0] == '=' && !checksum;
        if (line.len > 0 && !is_checksum)
            break;
        checksum |= is_checksum;
        source_consume(d->upstream, len);
    }
    struct slice label = frame_label(line, SLICE_TEXT("-----END PGP "));
    if (kind_of_label(label) != d->kind)
        return err_new(ERR_MALFORMED, "armor: bad character or wrong last line");
    source_consume(d->upstream, len);
    d->kind = ARMOR_NONE;
    return NULL;
}

static err *decode_step(struct decoder *d)
{
    struct slice text;
    size_t used, made;
    TRY(source_fill(d->upstream, 1, &text));
    if (text.len == 0)
        return err_new(ERR_MALFORMED, "armor: cut short");
    text.len = text.len < DECODE_STEP ? text.len : DECODE_STEP;
    enum base64_stop stop = base64_decode(&d->base64, text, &used, window_room(&d->window), &made);
    window_add(&d->window, made);
    source_consume(d->upstream, used);
    if (stop == BASE64_MORE)
        return NULL;
    if (stop == BASE64_FOREIGN && (d->base64.n > 0 || d->base64.padding > 0))
        return err_new(ERR_MALFORMED, "armor: bad character or padding");
    return close_frame(d);
}

static err *decode_fill(struct source *s, struct slice *view)
{
    struct decoder *d = (struct decoder *)s;
    while (window_len(&d->window) == 0 && !d->ended) {
        err *e = TAKE(d->damage);
        if (e == NULL)
            e = d->kind == ARMOR_NONE || !d->any ? open_frame(d) : decode_step(d);
        if (e != NULL && (d->blocks != ARMOR_SALVAGE || window_len(&d->window) == 0))
            return e;
        d->damage = e;
    }
    *view = window_view(&d->window);
    return NULL;
}

static void decode_consume(struct source *s, size_t n)
{
    window_drop(&((struct decoder *)s)->window, n);
}

static void decode_close(struct source *s)
{
    struct decoder *d = (struct decoder *)s;
    err_free(d->damage);
    window_clear(&d->window);
    source_close(d->upstream);
    free(d);
}

static const struct source_ops decode_ops = {"armor", decode_fill, decode_consume, decode_close};

err *armor_decode(struct source *upstream, enum armor_kind kind, enum armor_blocks blocks,
                  struct source **out)
{
    struct decoder *d = NULL;
    if (MEM_NEW(d) != NULL) {
        source_close(upstream);
        return err_no_memory();
    }
    AUTO(source_close) struct source *owner = &d->source;
    source_init(&d->source, &decode_ops, upstream);
    d->upstream = upstream;
    d->kind = kind;
    d->blocks = blocks;
    TRY(window_init(&d->window, DECODE_STEP));
    *out = TAKE(owner);
    return NULL;
}

struct source *armor_release(struct source *s)
{
    struct source *upstream = TAKE(((struct decoder *)s)->upstream);
    source_close(s);
    return upstream;
}

err *armor_open(struct source *upstream, enum armor_blocks blocks, struct source **out)
{
    bool text;
    err *e = armor_is_text(upstream, &text);
    if (e != NULL) {
        source_close(upstream);
        return e;
    }
    if (text)
        return armor_decode(upstream, ARMOR_NONE, blocks, out);
    *out = upstream;
    return NULL;
}

/* Encoding. */

struct encoder {
    struct source source;
    struct source *upstream;
    enum armor_kind kind;
    bool with_crc;
    uint32_t crc;
    bool started, ended;
    struct window window;
};

static void put_text(struct window *w, const char *text)
{
    window_put(w, slice_of_string(text));
}

static void put_frame(struct window *w, const char *which, enum armor_kind kind)
{
    put_text(w, "-----");
    put_text(w, which);
    put_text(w, " PGP ");
    put_text(w, armor_label(kind));
    put_text(w, "-----\n");
}

static void put_lines(struct window *w, struct slice bytes)
{
    window_add(w, base64_encode_lines(bytes, (char *)w->data + w->end));
}

static void put_start(struct encoder *n)
{
    put_frame(&n->window, "BEGIN", n->kind);
    put_text(&n->window, "\n");
    n->started = true;
}

static void put_end(struct encoder *n)
{
    if (n->with_crc) {
        uint8_t crc[3] = {(uint8_t)(n->crc >> 16), (uint8_t)(n->crc >> 8), (uint8_t)n->crc};
        put_text(&n->window, "=");
        put_lines(&n->window, SLICE_OF(crc));
    }
    put_frame(&n->window, "END", n->kind);
    n->ended = true;
}

/* Whole lines, as many as upstream shows and `room` allows; the last of all may be shorter. */
static err *encode_step(struct encoder *n, size_t room)
{
    struct slice view;
    TRY(source_fill(n->upstream, BASE64_LINE_BYTES, &view));
    if (view.len == 0) {
        put_end(n);
        return NULL;
    }
    size_t lines = view.len / BASE64_LINE_BYTES;
    lines = lines == 0 ? 1 : lines > room ? room : lines;
    size_t bytes = lines * BASE64_LINE_BYTES < view.len ? lines * BASE64_LINE_BYTES : view.len;
    if (n->with_crc)
        n->crc = crc24_update(n->crc, slice_of(view.data, bytes));
    put_lines(&n->window, slice_of(view.data, bytes));
    source_consume(n->upstream, bytes);
    return NULL;
}

/* Whatever pieces upstream shows, so that not each of them is written by itself. */
static err *encode_lines(struct encoder *n)
{
    if (!n->started)
        put_start(n);
    while (!n->ended) {
        size_t room = (window_room_len(&n->window) - FRAME_CHARS) / BASE64_LINE_CHARS;
        if (room == 0)
            break;
        TRY(encode_step(n, room));
    }
    return NULL;
}

static err *encode_fill(struct source *s, struct slice *view)
{
    struct encoder *n = (struct encoder *)s;
    if (window_len(&n->window) == 0)
        TRY(encode_lines(n));
    *view = window_view(&n->window);
    return NULL;
}

static void encode_consume(struct source *s, size_t n)
{
    window_drop(&((struct encoder *)s)->window, n);
}

static void encode_close(struct source *s)
{
    struct encoder *n = (struct encoder *)s;
    window_clear(&n->window);
    source_close(n->upstream);
    free(n);
}

static const struct source_ops encode_ops = {"armor", encode_fill, encode_consume, encode_close};

err *armor_encode(struct source *upstream, enum armor_kind kind, bool with_crc, struct source **out)
{
    struct encoder *n = NULL;
    if (MEM_NEW(n) != NULL) {
        source_close(upstream);
        return err_no_memory();
    }
    AUTO(source_close) struct source *owner = &n->source;
    source_init(&n->source, &encode_ops, upstream);
    n->upstream = upstream;
    n->kind = kind;
    n->with_crc = with_crc;
    n->crc = CRC24_INIT;
    TRY(window_init(&n->window, BLOCK_LINES * BASE64_LINE_CHARS + FRAME_CHARS));
    *out = TAKE(owner);
    return NULL;
}
