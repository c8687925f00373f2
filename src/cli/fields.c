#include "cli/fields.h"

#include <string.h>

#include "base/text.h"

enum { ROW = 16, TEXT_COLUMN = 10 + 3 * ROW + 1, COLUMNS = 100 };

void fields_indent(unsigned depth, char text[static 64])
{
    size_t n = depth * 4 < 60 ? depth * 4 : 60;
    memset(text, ' ', n);
    text[n] = '\0';
}

/* "label: value", as much of it as fits beside the bytes. */
static err *short_text(const struct fields *x, const struct describe_field *f, struct buf *out)
{
    size_t start = out->len, room = COLUMNS - TEXT_COLUMN;
    for (unsigned i = 0; i < x->nesting + f->depth && i < ROW; i++)
        buf_text(out, "  ");
    buf_printf(out, "%s%s%s", f->label, f->value[0] == '\0' ? "" : ": ", f->value);
    TRY(buf_end(out));
    if (out->len - start <= room)
        return NULL;
    out->len = start + text_utf8_len(slice_of(out->data + start, room - 3));
    buf_text(out, "...");
    return NULL;
}

/* The offset and up to 16 bytes. */
static void put_row(struct buf *b, uint64_t at, struct slice row)
{
    buf_printf(b, "%08llX  ", (unsigned long long)at);
    for (size_t i = 0; i < ROW; i++) {
        if (i < row.len)
            buf_printf(b, "%02X ", row.data[i]);
        else
            buf_text(b, "   ");
    }
    buf_u8(b, ' ');
}

static err *say(struct report *r, struct buf *line)
{
    while (line->len > 0 && line->data[line->len - 1] == ' ')
        line->len--;
    buf_u8(line, 0);
    TRY(buf_end(line));
    report_say(r, "%s", (const char *)line->data);
    buf_reset(line);
    return NULL;
}

static err *show_bytes(const struct fields *x, const struct describe_field *f)
{
    CLEANUP(buf_clear) struct buf line = BUF_EMPTY(SIZE_MAX);
    struct slice bytes = f->kind == DESCRIBE_GROUP ? SLICE_EMPTY : f->bytes;
    if (bytes.len > 0)
        put_row(&line, x->at, slice_of(bytes.data, bytes.len < ROW ? bytes.len : ROW));
    else
        buf_fill(&line, ' ', TEXT_COLUMN);
    TRY(short_text(x, f, &line));
    TRY(say(x->report, &line));
    for (size_t i = ROW; i < bytes.len; i += ROW) {
        put_row(&line, x->at + i,
                slice_of(bytes.data + i, bytes.len - i < ROW ? bytes.len - i : ROW));
        TRY(say(x->report, &line));
    }
    return NULL;
}

static void show_line(const struct fields *x, const struct describe_field *f)
{
    char margin[64];
    fields_indent(x->nesting + f->depth + 1, margin);
    if (f->kind != DESCRIBE_FRAME)
        report_say(x->report, "%s%s: %s", margin, f->label, f->value);
}

static err *tell_bytes(const struct fields *x, struct slice bytes)
{
    CLEANUP(buf_clear) struct buf hex = BUF_EMPTY(SIZE_MAX);
    text_hex_to(&hex, bytes);
    TRY(buf_end(&hex));
    report_number(x->report, "offset", (int64_t)x->at);
    report_bytes(x->report, "hex", buf_view(&hex));
    return NULL;
}

static err *tell(const struct fields *x, const struct describe_field *f)
{
    err *e = NULL;
    report_object(x->report, NULL);
    report_string(x->report, "name", f->label);
    report_string(x->report, "value", f->value);
    report_number(x->report, "depth", f->depth);
    if (x->hex && f->kind != DESCRIBE_GROUP && f->bytes.len > 0)
        e = tell_bytes(x, f->bytes);
    report_end_object(x->report);
    return e;
}

err *fields_show(void *context, const struct describe_field *f)
{
    struct fields *x = context;
    if (x->report->json && (x->hex || f->kind != DESCRIBE_FRAME))
        TRY(tell(x, f));
    if (!x->report->json && x->hex)
        TRY(show_bytes(x, f));
    if (!x->report->json && !x->hex)
        show_line(x, f);
    if (f->kind != DESCRIBE_GROUP)
        x->at += f->bytes.len;
    return NULL;
}
