#include "keyring/sexp.h"

#include <string.h>

enum { STRING_MAX = 1 << 20 };

/* Reading. */

static bool is_blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_token(uint8_t c)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || is_digit(c) || (c != '\0' && strchr("-./_:*+=", c) != NULL);
}

static void skip_blanks(struct reader *r)
{
    while (is_blank(reader_peek(r)))
        reader_u8(r);
}

static int hex_value(uint8_t c)
{
    if (is_digit(c))
        return c - '0';
    uint8_t lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static uint8_t read_hex_pair(struct reader *r)
{
    int high = hex_value(reader_u8(r));
    skip_blanks(r);
    int low = hex_value(reader_u8(r));
    if (high < 0 || low < 0)
        reader_refuse(r, "a wrong hexadecimal digit");
    return (uint8_t)(high << 4 | low);
}

/* "3:abc" */
static struct slice read_counted(struct reader *r)
{
    size_t len = 0;
    while (is_digit(reader_peek(r)) && len <= STRING_MAX)
        len = len * 10 + (size_t)(reader_u8(r) - '0');
    if (reader_u8(r) != ':')
        reader_refuse(r, "a wrong length");
    return reader_bytes(r, len);
}

/* "#616263#", with blanks between digits. */
static void read_hex(struct reader *r, struct buf *text)
{
    reader_u8(r);
    skip_blanks(r);
    while (!reader_failed(r) && reader_peek(r) != '#') {
        buf_u8(text, read_hex_pair(r));
        skip_blanks(r);
    }
    reader_u8(r);
}

/* What stands behind a backslash: the escapes of C, and numbers of hexadecimal digits. */
static uint8_t read_escape(struct reader *r)
{
    static const char codes[] = "bfnrtv\"'\\", values[] = "\b\f\n\r\t\v\"'\\";
    uint8_t c = reader_u8(r);
    const char *at = c == '\0' ? NULL : strchr(codes, c);
    if (c == 'x')
        return read_hex_pair(r);
    if (at == NULL)
        reader_refuse(r, "an unknown escape");
    return at == NULL ? 0 : (uint8_t)values[at - codes];
}

/* "\"abc\"" */
static void read_quoted(struct reader *r, struct buf *text)
{
    reader_u8(r);
    while (!reader_failed(r) && reader_peek(r) != '"') {
        uint8_t c = reader_u8(r);
        buf_u8(text, c == '\\' ? read_escape(r) : c);
    }
    reader_u8(r);
}

static void read_token(struct reader *r, struct buf *text)
{
    while (is_token(reader_peek(r)))
        buf_u8(text, reader_u8(r));
}

static err *read_string(struct reader *r, struct buf *out)
{
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(STRING_MAX);
    uint8_t c = reader_peek(r);
    if (is_digit(c))
        buf_bytes(&text, read_counted(r));
    else if (c == '#')
        read_hex(r, &text);
    else if (c == '"')
        read_quoted(r, &text);
    else if (is_token(c))
        read_token(r, &text);
    else
        reader_refuse(r, "no S-expression");
    if (text.error == ERR_LIMIT)
        reader_refuse(r, "a string that is too long");
    else
        TRY(buf_end(&text));
    buf_printf(out, "%zu:", text.len);
    buf_bytes(out, buf_view(&text));
    return NULL;
}

err *sexp_read(struct reader *r, struct buf *out)
{
    unsigned depth = 0;
    skip_blanks(r);
    if (reader_peek(r) != '(')
        reader_refuse(r, "no S-expression");
    do {
        skip_blanks(r);
        uint8_t c = reader_peek(r);
        if (c != '(' && c != ')') {
            TRY(read_string(r, out));
            continue;
        }
        buf_u8(out, reader_u8(r));
        depth = c == '(' ? depth + 1 : depth - 1;
        if (depth > SEXP_DEPTH_MAX)
            reader_refuse(r, "too many lists within one another");
    } while (depth > 0 && !reader_failed(r));
    TRY(reader_check(r));
    return buf_end(out);
}

/* Walking. */

/* To the end of the list whose parenthesis has been read. */
static void skip_list(struct reader *r)
{
    for (unsigned depth = 1; depth > 0 && !reader_failed(r);) {
        if (is_digit(reader_peek(r)))
            read_counted(r);
        else
            depth += reader_u8(r) == '(' ? 1U : -1U;
    }
}

bool sexp_next(struct slice *list, struct sexp *out)
{
    struct reader r = reader_init(*list, "list");
    struct slice content = SLICE_EMPTY;
    bool is_list = reader_peek(&r) == '(';
    if (is_list) {
        reader_u8(&r);
        skip_list(&r);
        content = slice_of(list->data + 1, reader_offset(&r) - 2);
    } else {
        content = read_counted(&r);
    }
    if (reader_failed(&r))
        return false;
    *out = (struct sexp){is_list, content, slice_of(list->data, reader_offset(&r))};
    *list = slice_from(*list, out->whole.len);
    return true;
}

bool sexp_next_string(struct slice *list, struct slice *out)
{
    struct sexp x;
    if (!sexp_next(list, &x) || x.is_list)
        return false;
    *out = x.content;
    return true;
}

bool sexp_next_list(struct slice *list, struct sexp *out)
{
    return sexp_next(list, out) && out->is_list;
}

bool sexp_find(struct slice list, const char *name, struct sexp *out)
{
    while (sexp_next(&list, out)) {
        struct slice first;
        if (out->is_list && sexp_next_string(&out->content, &first) &&
            slice_equal(first, slice_of_string(name)))
            return true;
    }
    return false;
}

struct slice sexp_value(struct slice list, const char *name)
{
    struct sexp x;
    struct slice value;
    return sexp_find(list, name, &x) && sexp_next_string(&x.content, &value) ? value : SLICE_EMPTY;
}
