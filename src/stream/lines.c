#include "stream/lines.h"

#include <stdlib.h>

#include "base/mem.h"
#include "stream/armor.h"
#include "stream/window.h"

enum { STEP = 1 << 14 };

struct lines {
    struct source source;
    struct source *upstream;
    bool own_upstream;
    bool unescaping;
    struct tap_digest *digests;
    size_t n;
    struct window window; /* what is shown */
    struct window blanks; /* seen, but perhaps the end of the line */
    bool at_line_start, line_end_due, ended;
};

static const struct slice signature_line = {(const uint8_t *)"-----BEGIN PGP SIGNATURE-----", 29};

static void emit(struct lines *l, struct slice s)
{
    for (size_t i = 0; i < l->n; i++)
        digest_update(l->digests[i].digest, s);
    window_put(&l->window, s);
}

/* Between lines; the text shows LF, the digests see CR LF. */
static void emit_line_end(struct lines *l)
{
    for (size_t i = 0; i < l->n; i++)
        digest_update(l->digests[i].digest, SLICE_TEXT("\r\n"));
    window_put(&l->window, SLICE_TEXT("\n"));
}

/* Takes one piece of a line: bytes up to a blank, a run of blanks, or LF.
 * Blanks wait until something follows them on the line. */
static err *take_piece(struct lines *l, struct slice piece)
{
    uint8_t first = piece.data[0];
    if (first == '\n') {
        l->blanks.start = l->blanks.end = 0;
        l->line_end_due = true;
        l->at_line_start = true;
        return NULL;
    }
    if (first == ' ' || first == '\t' || first == '\r') {
        if (window_room_len(&l->blanks) < piece.len)
            return err_new(ERR_LIMIT, "a line with more than %d blanks in a row", LINES_BLANKS_MAX);
        window_put(&l->blanks, piece);
        return NULL;
    }
    emit(l, window_view(&l->blanks));
    l->blanks.start = l->blanks.end = 0;
    emit(l, piece);
    return NULL;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The longest piece that take_piece takes. */
static struct slice first_piece(struct slice s)
{
    size_t n = 1;
    bool blank = is_blank(s.data[0]);
    if (s.data[0] != '\n') {
        while (n < s.len && n < STEP && s.data[n] != '\n' && is_blank(s.data[n]) == blank)
            n++;
    }
    return slice_of(s.data, n);
}

static void start_line(struct lines *l)
{
    if (l->line_end_due)
        emit_line_end(l);
    l->line_end_due = false;
    l->at_line_start = false;
}

/* Signing: a dash, and "From " for mail programs, are escaped [RFC9580 7.2]. */
static err *escape_line_start(struct lines *l, struct slice view)
{
    start_line(l);
    if (slice_starts_with(view, SLICE_TEXT("-")) || slice_starts_with(view, SLICE_TEXT("From ")))
        window_put(&l->window, SLICE_TEXT("- ")); /* not hashed */
    return NULL;
}

static err *not_escaped(void)
{
    return err_new(ERR_MALFORMED, "cleartext: a line starts with a dash that is not escaped");
}

/* What only starts like the signature's first line must not end the text: it would be
 * neither signed nor shown. */
static err *end_at_signature(struct lines *l)
{
    enum armor_kind kind;
    TRY(armor_peek(l->upstream, &kind));
    l->ended = kind == ARMOR_SIGNATURE;
    return l->ended ? NULL : not_escaped();
}

/* Verifying: takes the escape off, or finds the signature. */
static err *unescape_line_start(struct lines *l, struct slice view)
{
    if (slice_starts_with(view, signature_line))
        return end_at_signature(l);
    start_line(l);
    if (slice_starts_with(view, SLICE_TEXT("- ")))
        source_consume(l->upstream, 2);
    else if (slice_starts_with(view, SLICE_TEXT("-")))
        return not_escaped();
    return NULL;
}

static err *at_end(struct lines *l)
{
    if (l->unescaping)
        return err_new(ERR_MALFORMED, "cleartext: cut short, there is no signature");
    if (l->at_line_start)
        start_line(l);
    window_put(&l->window, SLICE_TEXT("\n")); /* separates text and signature */
    l->ended = true;
    return NULL;
}

static err *lines_step(struct lines *l)
{
    struct slice view;
    TRY(source_fill(l->upstream, l->at_line_start ? signature_line.len : 1, &view));
    if (view.len == 0)
        return at_end(l);
    if (l->at_line_start) {
        TRY(l->unescaping ? unescape_line_start(l, view) : escape_line_start(l, view));
        return NULL;
    }
    struct slice piece = first_piece(view);
    TRY(take_piece(l, piece));
    source_consume(l->upstream, piece.len);
    return NULL;
}

/* A step writes at most the waiting blanks, a piece and a line end. */
static bool has_room(const struct lines *l)
{
    return l->window.capacity - l->window.end >= LINES_BLANKS_MAX + STEP + 8;
}

static err *lines_fill(struct source *s, struct slice *view)
{
    struct lines *l = (struct lines *)s;
    if (window_len(&l->window) == 0) {
        while (!l->ended && has_room(l))
            TRY(lines_step(l));
    }
    *view = window_view(&l->window);
    return NULL;
}

static void lines_consume(struct source *s, size_t n)
{
    window_drop(&((struct lines *)s)->window, n);
}

static void lines_close(struct source *s)
{
    struct lines *l = (struct lines *)s;
    window_clear(&l->window);
    window_clear(&l->blanks);
    if (l->own_upstream)
        source_close(l->upstream);
    free(l);
}

static const struct source_ops lines_ops = {"lines", lines_fill, lines_consume, lines_close};

static err *lines_new(struct source *upstream, bool own, struct lines **out)
{
    struct lines *l = NULL;
    if (MEM_NEW(l) != NULL) {
        if (own)
            source_close(upstream);
        return err_no_memory();
    }
    AUTO(source_close) struct source *owner = &l->source;
    source_init(&l->source, &lines_ops, upstream);
    l->upstream = upstream;
    l->own_upstream = own;
    l->at_line_start = true;
    TRY(window_init(&l->window, 2 * LINES_BLANKS_MAX));
    TRY(window_init(&l->blanks, LINES_BLANKS_MAX));
    owner = NULL;
    *out = l;
    return NULL;
}

err *lines_escape(struct source *upstream, struct tap_digest *digests, size_t n,
                  struct source **out)
{
    struct lines *l;
    TRY(lines_new(upstream, true, &l));
    l->digests = digests;
    l->n = n;
    *out = &l->source;
    return NULL;
}

err *lines_unescape(struct source *upstream, struct source **out)
{
    struct lines *l;
    TRY(lines_new(upstream, false, &l));
    l->unescaping = true;
    *out = &l->source;
    return NULL;
}
