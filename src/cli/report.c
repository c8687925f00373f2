#include "cli/report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "cli/exit.h"

void report_init(struct report *r, bool json, bool quiet)
{
    *r = (struct report){.json = json, .quiet = quiet, .text = stdout};
    r->object = BUF_EMPTY(REPORT_MAX);
    r->held = BUF_EMPTY(SIZE_MAX);
    r->held_text = BUF_EMPTY(SIZE_MAX);
    buf_text(&r->object, "{");
}

void report_clear(struct report *r)
{
    buf_clear(&r->object);
    buf_clear(&r->held);
    buf_clear(&r->held_text);
}

void report_line(FILE *f, const char *text)
{
    CLEANUP(buf_clear) struct buf line = BUF_EMPTY(SIZE_MAX);
    text_escape_to(&line, slice_of_string(text));
    buf_u8(&line, '\n');
    fwrite(line.data, 1, line.len, f);
}

__attribute__((format(printf, 1, 0))) static char *format_line(const char *format, va_list args)
{
    char *text = NULL;
    return vasprintf(&text, format, args) >= 0 ? text : NULL;
}

__attribute__((format(printf, 2, 0))) static void put_line(FILE *f, const char *format,
                                                           va_list args)
{
    AUTO(free) char *text = format_line(format, args);
    if (text != NULL)
        report_line(f, text);
}

__attribute__((format(printf, 2, 0))) static void hold_line(struct buf *b, const char *format,
                                                            va_list args)
{
    AUTO(free) char *text = format_line(format, args);
    if (text == NULL)
        return;
    text_escape_to(b, slice_of_string(text));
    buf_u8(b, '\n');
}

void report_hold(struct report *r)
{
    r->holding = true;
}

static void release(struct buf *held, FILE *f)
{
    if (held->len > 0)
        fwrite(held->data, 1, held->len, f);
    buf_reset(held);
}

void report_release(struct report *r)
{
    release(&r->held_text, r->text);
    release(&r->held, stderr);
}

void report_say(struct report *r, const char *format, ...)
{
    va_list args;
    if (r->json)
        return;
    va_start(args, format);
    if (r->holding)
        hold_line(&r->held_text, format, args);
    else
        put_line(r->text, format, args);
    va_end(args);
}

bool report_shows_remarks(const struct report *r)
{
    return !r->quiet && !r->json;
}

void report_remark(struct report *r, const char *format, ...)
{
    va_list args;
    if (!report_shows_remarks(r))
        return;
    va_start(args, format);
    if (r->holding)
        hold_line(&r->held, format, args);
    else
        put_line(stderr, format, args);
    va_end(args);
}

void report_warning(struct report *r, const char *format, ...)
{
    va_list args;
    if (r->json)
        return;
    va_start(args, format);
    if (r->is_part)
        hold_line(&r->held, format, args);
    else
        put_line(stderr, format, args);
    va_end(args);
}

void report_drawing(struct report *r, struct slice lines)
{
    if (r->json || lines.len == 0)
        return;
    if (r->holding)
        buf_bytes(&r->held_text, lines);
    else
        fwrite(lines.data, 1, lines.len, r->text);
}

static void member(struct report *r, const char *name)
{
    if (r->needs_comma)
        buf_text(&r->object, ",");
    if (name != NULL) {
        text_json_to(&r->object, slice_of_string(name));
        buf_text(&r->object, ":");
    }
    r->needs_comma = true;
}

static void open_group(struct report *r, const char *name, const char brackets[static 2])
{
    if (!r->json)
        return;
    member(r, name);
    buf_u8(&r->object, (uint8_t)brackets[0]);
    r->needs_comma = false;
    if (r->depth == REPORT_DEPTH_MAX)
        abort(); /* a bug: nothing is told in such depth */
    r->open[r->depth++] = brackets[1];
}

static void close_group(struct report *r)
{
    if (!r->json)
        return;
    buf_u8(&r->object, (uint8_t)r->open[--r->depth]);
    r->needs_comma = true;
}

void report_object(struct report *r, const char *name)
{
    open_group(r, name, "{}");
}

void report_array(struct report *r, const char *name)
{
    open_group(r, name, "[]");
}

void report_end_object(struct report *r)
{
    close_group(r);
}

void report_end_array(struct report *r)
{
    close_group(r);
}

/* A value as it stands in JSON. */
__attribute__((format(printf, 3, 4))) static void put_value(struct report *r, const char *name,
                                                            const char *format, ...)
{
    AUTO(free) char *text = NULL;
    va_list args;
    if (!r->json)
        return;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        text = NULL;
    va_end(args);
    member(r, name);
    buf_text(&r->object, text != NULL ? text : "null");
}

void report_bytes(struct report *r, const char *name, struct slice text)
{
    if (!r->json)
        return;
    member(r, name);
    text_json_to(&r->object, text);
}

void report_string(struct report *r, const char *name, const char *value)
{
    if (value != NULL)
        report_bytes(r, name, slice_of_string(value));
    else
        put_value(r, name, "null");
}

void report_fingerprint(struct report *r, const char *name, const struct fingerprint *f)
{
    char text[FPR_TEXT_SIZE];
    fingerprint_text(f, text);
    report_string(r, name, f->len == 0 ? NULL : text);
}

void report_number(struct report *r, const char *name, int64_t value)
{
    put_value(r, name, "%" PRId64, value);
}

void report_fraction(struct report *r, const char *name, double value)
{
    put_value(r, name, "%.6g", value);
}

void report_bool(struct report *r, const char *name, bool value)
{
    put_value(r, name, value ? "true" : "false");
}

void report_time(struct report *r, const char *name, int64_t at)
{
    char text[WHEN_TEXT_SIZE];
    when_text(at, text);
    report_string(r, name, text);
}

void report_error(struct report *r, const err *e)
{
    char text[2048];
    const struct exit_code *code = exit_code_of(err_kind_of(e));
    report_object(r, "error");
    report_number(r, "code", code->code);
    report_string(r, "name", code->name);
    report_string(r, "message", err_text(e, text, sizeof text));
    report_string(r, "hint", err_hint_of(e));
    report_end_object(r);
}

void report_part_init(struct report *part, const struct report *r)
{
    report_init(part, r->json, r->quiet);
    part->text = r->text;
    part->holding = part->is_part = true;
}

__attribute__((format(printf, 2, 3))) static void say_line(FILE *f, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put_line(f, format, args);
    va_end(args);
}

void report_part_end(struct report *part, struct report *r, const char *title, const err *e)
{
    if (part->held.len > 0)
        say_line(stderr, "%s:", title);
    report_release(part);
    while (part->depth > 0) /* an error has cut it short */
        close_group(part);
    if (e != NULL && part->json)
        report_error(part, e);
    if (r->json) {
        member(r, NULL);
        buf_bytes(&r->object, buf_view(&part->object));
        buf_text(&r->object, "}");
    }
    report_clear(part);
}

/* An object that became too large would be cut short. */
static err *replace_overflown(struct report *r, err *e)
{
    err *overflow = buf_end(&r->object);
    if (overflow == NULL)
        return e;
    report_clear(r);
    report_init(r, true, r->quiet);
    if (e == NULL)
        return err_wrap(overflow, "the report in JSON");
    err_free(overflow);
    return e;
}

err *report_finish(struct report *r, err *e, FILE *f)
{
    if (!r->json)
        return e;
    while (r->depth > 0) /* an error has cut the report short */
        close_group(r);
    e = replace_overflown(r, e);
    if (e != NULL)
        report_error(r, e);
    fwrite(r->object.data, 1, r->object.len, f);
    fputs("}\n", f);
    return e;
}
