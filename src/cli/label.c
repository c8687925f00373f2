#include "cli/label.h"

#include "base/text.h"

enum { NAME_LEAST = 6 }; /* columns: fewer of a name say nothing */

struct range {
    uint32_t first, last;
};

static bool is_in(uint32_t c, const struct range *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    }
    return false;
}

static size_t columns_of(uint32_t c)
{
    static const struct range none[] = {{0x300, 0x36F},   {0x483, 0x489},   {0x591, 0x5BD},
                                        {0x64B, 0x65F},   {0x200B, 0x200D}, {0x20D0, 0x20F0},
                                        {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
    static const struct range wide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},
                                        {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},
                                        {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F},
                                        {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
    if (c < 0x300)
        return 1;
    if (is_in(c, none, sizeof none / sizeof *none))
        return 0;
    return is_in(c, wide, sizeof wide / sizeof *wide) ? 2 : 1;
}

/* The first character of well-formed text. */
static size_t next(struct slice text, size_t *columns)
{
    uint32_t c = 0;
    size_t len = text_utf8_next(text, &c);
    *columns = len > 0 ? columns_of(c) : 1;
    return len > 0 ? len : 1;
}

size_t label_columns(struct slice text)
{
    size_t sum = 0, columns;
    while (text.len > 0) {
        text = slice_from(text, next(text, &columns));
        sum += columns;
    }
    return sum;
}

/* How many bytes at the beginning take at most so many columns. */
static size_t head_len(struct slice text, size_t max)
{
    size_t len = 0, used = 0, columns;
    while (len < text.len) {
        size_t n = next(slice_from(text, len), &columns);
        if (used + columns > max)
            break;
        used += columns;
        len += n;
    }
    return len;
}

/* The end of text that takes at most so many columns. */
static struct slice tail(struct slice text, size_t max)
{
    size_t all = label_columns(text), columns;
    while (text.len > 0 && all > max) {
        text = slice_from(text, next(text, &columns));
        all -= columns;
    }
    return text;
}

/* The same for text that is escaped already. */
static void cut(struct slice text, size_t columns, const char *dots, struct buf *out)
{
    size_t gap = label_columns(slice_of_string(dots));
    if (label_columns(text) <= columns) {
        buf_bytes(out, text);
        return;
    }
    size_t room = columns > gap ? columns - gap : 0, end = room / 3;
    buf_bytes(out, slice_of(text.data, head_len(text, room - end)));
    buf_text(out, dots);
    buf_bytes(out, tail(text, end));
}

void label_cut(struct slice text, size_t columns, const char *dots, struct buf *out)
{
    CLEANUP(buf_clear) struct buf escaped = BUF_EMPTY(SIZE_MAX);
    text_escape_to(&escaped, text);
    cut(buf_view(&escaped), columns, dots, out);
}

struct slice label_name_of(struct slice user_id)
{
    struct slice email = text_email_of(user_id), name = user_id;
    if (email.len > 0)
        name.len = (size_t)(email.data - user_id.data);
    const uint8_t *comment = name.len > 0 ? memchr(name.data, '(', name.len) : NULL;
    if (comment != NULL && comment > name.data)
        name.len = (size_t)(comment - name.data);
    while (name.len > 0 && (name.data[name.len - 1] == ' ' || name.data[name.len - 1] == '<'))
        name.len--;
    return name;
}

void label_user(struct slice user_id, size_t columns, const char *dots, struct buf *out)
{
    CLEANUP(buf_clear) struct buf whole = BUF_EMPTY(SIZE_MAX), name = BUF_EMPTY(SIZE_MAX),
                                  email = BUF_EMPTY(SIZE_MAX);
    text_escape_to(&whole, user_id);
    text_escape_to(&name, label_name_of(user_id));
    text_escape_to(&email, text_email_of(user_id));
    size_t address = label_columns(buf_view(&email)) + 3; /* " <>" */
    if (email.len == 0 || label_columns(buf_view(&whole)) <= columns) {
        cut(buf_view(&whole), columns, dots, out);
    } else if (name.len == 0 || address + NAME_LEAST > columns) {
        cut(buf_view(&email), columns, dots, out);
    } else {
        cut(buf_view(&name), columns - address, dots, out);
        buf_text(out, " <");
        buf_bytes(out, buf_view(&email));
        buf_u8(out, '>');
    }
}
