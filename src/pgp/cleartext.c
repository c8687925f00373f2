#include "pgp/cleartext.h"

#include "base/text.h"
#include "crypto/algo.h"
#include "pgp/signatures.h"
#include "stream/armor.h"
#include "stream/lines.h"

enum { SHOWN_MAX = 64 };

/* "Hash: " and a list of names.  Anything else there could pass for signed text
 * [RFC9580 6.2.2.3, 7.1]. */
static bool is_hash_header(struct slice line)
{
    struct slice list = slice_from(line, 6);
    if (!slice_starts_with(line, SLICE_TEXT("Hash: ")) || list.len == 0)
        return false;
    for (size_t i = 0; i < list.len; i++) {
        uint8_t c = list.data[i];
        bool fits = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                    c == '-' || c == ',' || c == ' ';
        if (!fits)
            return false;
    }
    return true;
}

static err *no_blank_line(void)
{
    return err_new(ERR_MALFORMED, "cleartext: no blank line before the text");
}

err *cleartext_read_header(struct source *s, struct buf *line)
{
    struct slice view;
    buf_reset(line);
    TRY(source_fill(s, SOURCE_PEEK_MAX, &view));
    const uint8_t *lf = view.len == 0 ? NULL : memchr(view.data, '\n', view.len);
    if (lf == NULL)
        return no_blank_line();
    struct slice text = slice_of(view.data, (size_t)(lf - view.data));
    size_t len = text.len + 1;
    while (text.len > 0 && strchr(" \t\r", text.data[text.len - 1]) != NULL)
        text.len--;
    buf_bytes(line, text);
    source_consume(s, len);
    return buf_end(line);
}

static err *read_headers(struct source *s)
{
    CLEANUP(buf_clear) struct buf line = BUF_EMPTY(SOURCE_PEEK_MAX);
    for (int i = 0; i < CLEARTEXT_HEADERS_MAX; i++) {
        TRY(cleartext_read_header(s, &line));
        if (line.len == 0)
            return NULL;
        if (!is_hash_header(buf_view(&line)))
            return err_new(ERR_MALFORMED, "cleartext: a header that is not allowed: %.*s",
                           (int)(line.len < SHOWN_MAX ? line.len : SHOWN_MAX),
                           (const char *)line.data);
    }
    return no_blank_line();
}

static err *read_text(struct source *s, struct spool *text)
{
    AUTO(source_close) struct source *lines = NULL;
    TRY(lines_unescape(s, &lines));
    return spool_fill(text, lines);
}

static err *read_signatures(struct source *s, struct signatures *sigs)
{
    AUTO(source_close) struct source *packets = NULL;
    struct source *borrowed = NULL;
    enum armor_kind kind;
    TRY(armor_find(s, &kind));
    if (kind != ARMOR_SIGNATURE)
        return err_new(ERR_MALFORMED, "cleartext: no signature follows the text");
    TRY(source_borrow(s, &borrowed));
    TRY(armor_decode(borrowed, kind, ARMOR_ONE, &packets));
    TRY(signatures_read(sigs, packets));
    if (sigs->n == 0)
        return err_new(ERR_MALFORMED, "cleartext: no signature follows the text");
    return NULL;
}

static err *read_all(struct source *s, struct spool *text, struct signatures *sigs)
{
    TRY(read_headers(s));
    TRY(read_text(s, text));
    return read_signatures(s, sigs);
}

/* The spooled text has LF between its lines; a text digest makes CR LF of them,
 * which is the canonical form. */
static err *hash_text(struct signatures *sigs, const struct spool *text)
{
    AUTO(source_close) struct source *s = NULL;
    AUTO(source_close) struct source *tap = NULL;
    TRY(spool_source(text, &s));
    TRY(signatures_tap(sigs, s, NULL, &tap));
    return source_drain(tap);
}

/* Binary signatures do not belong here [RFC9580 7.1]. */
static void refuse_binary(struct verdict_list *verdicts)
{
    for (size_t i = 0; i < verdicts->n; i++) {
        struct verdict *v = &verdicts->items[i];
        if (v->status != VERDICT_GOOD || v->type == SIG_TEXT)
            continue;
        v->status = VERDICT_REJECTED;
        v->reason = err_new(ERR_POLICY, "it signs binary data, not text");
    }
}

err *cleartext_verify(struct source *s, const struct verify_params *p, struct spool *text,
                      struct verdict_list *out)
{
    CLEANUP(signatures_clear) struct signatures sigs = {0};
    const struct literal as_if = {.format = 't'};
    TRY(signatures_set_literal(&sigs, &as_if));
    TRY(read_all(s, text, &sigs));
    TRY(hash_text(&sigs, text));
    TRY(signatures_judge(&sigs, p, out));
    refuse_binary(out);
    return NULL;
}

err *cleartext_split(struct source *s, struct spool *text, struct buf *signatures)
{
    CLEANUP(signatures_clear) struct signatures sigs = {0};
    TRY(read_all(s, text, &sigs));
    return signatures_write(&sigs, signatures);
}
