#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char hex_digits[] = "0123456789ABCDEF";

void text_hex(struct slice bytes, char *text)
{
    for (size_t i = 0; i < bytes.len; i++) {
        *text++ = hex_digits[bytes.data[i] >> 4];
        *text++ = hex_digits[bytes.data[i] & 15];
    }
    *text = '\0';
}

void text_hex_to(struct buf *b, struct slice bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        buf_u8(b, (uint8_t)hex_digits[bytes.data[i] >> 4]);
        buf_u8(b, (uint8_t)hex_digits[bytes.data[i] & 15]);
    }
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

static const char *skip_0x(const char *text)
{
    return text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? text + 2 : text;
}

size_t text_hex_digits(const char *text)
{
    size_t n = 0;
    for (text = skip_0x(text); *text != '\0'; text++) {
        if (hex_value(*text) >= 0)
            n++;
        else if (*text != ' ')
            return 0;
    }
    return n;
}

bool text_unhex(const char *text, uint8_t *out, size_t out_len)
{
    size_t n = 0;
    for (text = skip_0x(text); *text != '\0'; text++) {
        int value = hex_value(*text);
        if (value < 0 && *text != ' ')
            return false;
        if (value < 0)
            continue;
        if (n == 2 * out_len)
            return false;
        out[n / 2] = (uint8_t)(n % 2 == 0 ? value << 4 : out[n / 2] | value);
        n++;
    }
    return n == 2 * out_len;
}

size_t text_utf8_next(struct slice s, uint32_t *character)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint8_t lead = s.data[0];
    size_t n = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
    if (n == 0 || n > s.len)
        return 0;
    uint32_t c = n == 1 ? lead : lead & (0xFFU >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if (s.data[i] >> 6 != 2)
            return 0;
        c = c << 6 | (s.data[i] & 0x3F);
    }
    if (n > 1 && (c < least[n] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)))
        return 0;
    *character = c;
    return n;
}

void text_utf8_to(struct buf *b, uint32_t character)
{
    static const uint8_t leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    unsigned n = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    buf_u8(b, (uint8_t)(leads[n] | character >> (6 * (n - 1))));
    for (unsigned i = n - 1; i > 0; i--)
        buf_u8(b, (uint8_t)(0x80 | (character >> (6 * (i - 1)) & 0x3F)));
}

/* How many of the first bytes are ASCII; eight at a step. */
static size_t ascii_len(struct slice s)
{
    size_t n = 0;
    for (; n + 8 <= s.len; n += 8) {
        uint64_t eight;
        memcpy(&eight, s.data + n, 8);
        if ((eight & 0x8080808080808080) != 0)
            break;
    }
    while (n < s.len && s.data[n] < 0x80)
        n++;
    return n;
}

size_t text_utf8_len(struct slice s)
{
    size_t len = ascii_len(s);
    while (len < s.len) {
        uint32_t c;
        size_t n = text_utf8_next(slice_from(s, len), &c);
        if (n == 0)
            break;
        len += n;
        len += ascii_len(slice_from(s, len));
    }
    return len;
}

bool text_is_utf8(struct slice s)
{
    return text_utf8_len(s) == s.len;
}

/* Characters that move the cursor, change direction or hide what follows. */
static bool is_unsafe(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F || c == 0x061C ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 ||
           c == 0x2029 || c == 0xFEFF;
}

void text_escape_to(struct buf *b, struct slice s)
{
    while (s.len > 0) {
        uint32_t c = 0;
        size_t n = text_utf8_next(s, &c);
        if (n > 0 && !is_unsafe(c)) {
            buf_bytes(b, slice_of(s.data, n));
        } else {
            n = n == 0 ? 1 : n;
            for (size_t i = 0; i < n; i++) {
                buf_text(b, "\\x");
                text_hex_to(b, slice_of(s.data + i, 1));
            }
        }
        s = slice_from(s, n);
    }
}

err *text_escape(struct slice s, char **out)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    text_escape_to(&b, s);
    TRY(buf_end(&b));
    return mem_string_of(buf_view(&b), out);
}

static void json_character(struct buf *b, struct slice utf8, uint32_t c)
{
    if (c == '"' || c == '\\') {
        buf_u8(b, '\\');
        buf_u8(b, (uint8_t)c);
    } else if (c == '\n') {
        buf_text(b, "\\n");
    } else if (is_unsafe(c)) {
        buf_printf(b, "\\u%04x", (unsigned)c);
    } else {
        buf_bytes(b, utf8);
    }
}

void text_json_to(struct buf *b, struct slice s)
{
    buf_u8(b, '"');
    while (s.len > 0) {
        uint32_t c = 0;
        size_t n = text_utf8_next(s, &c);
        if (n == 0) {
            buf_text(b, "\\ufffd");
            n = 1;
        } else {
            json_character(b, slice_of(s.data, n), c);
        }
        s = slice_from(s, n);
    }
    buf_u8(b, '"');
}

static uint8_t fold(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c;
}

void text_lower_to(struct buf *b, struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        buf_u8(b, fold(s.data[i]));
}

bool text_equal_nocase(struct slice a, struct slice b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        if (fold(a.data[i]) != fold(b.data[i]))
            return false;
    }
    return true;
}

static bool is_address(struct slice s)
{
    const uint8_t *at = s.len == 0 ? NULL : memchr(s.data, '@', s.len);
    if (at == NULL || at == s.data || at == s.data + s.len - 1)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] <= ' ' || s.data[i] == '<' || s.data[i] == '>')
            return false;
    }
    return true;
}

struct slice text_email_of(struct slice user_id)
{
    struct slice s = user_id;
    if (s.data == NULL)
        return SLICE_EMPTY;
    const uint8_t *open = memrchr(s.data, '<', s.len);
    if (open != NULL) {
        s = slice_from(s, (size_t)(open - s.data) + 1);
        const uint8_t *close = s.len == 0 ? NULL : memchr(s.data, '>', s.len);
        s = close == NULL ? SLICE_EMPTY : slice_of(s.data, (size_t)(close - s.data));
    }
    return is_address(s) ? s : SLICE_EMPTY;
}

/* The power of two that a unit stands for, or -1. */
static int unit_shift(const char *unit)
{
    static const char letters[] = "KMGT";
    if (*unit == '\0' || strcmp(unit, "B") == 0)
        return 0;
    const char *letter = strchr(letters, *unit & ~0x20);
    bool ends = unit[1] == '\0' || strcmp(unit + 1, "iB") == 0 || strcmp(unit + 1, "B") == 0;
    return letter != NULL && *letter != '\0' && ends ? 10 * (int)(letter - letters + 1) : -1;
}

bool text_parse_size(const char *text, uint64_t *bytes)
{
    uint64_t n = 0;
    size_t i = 0;
    for (; text[i] >= '0' && text[i] <= '9'; i++) {
        uint64_t digit = (uint64_t)(text[i] - '0');
        if (n > (UINT64_MAX - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    int shift = unit_shift(text + i);
    if (i == 0 || shift < 0 || n > UINT64_MAX >> shift)
        return false;
    *bytes = n << shift;
    return true;
}

bool text_list_has(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *p = list; p != NULL && *p != '\0';) {
        size_t n = strcspn(p, ",");
        if (n == len && len > 0 && strncmp(p, word, n) == 0)
            return true;
        p += n + strspn(p + n, ", ");
    }
    return false;
}
