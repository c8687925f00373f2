#include "stream/base64.h"

#include <stdbool.h>

#include "stream/radix64.h"

size_t base64_encode(struct slice s, char *out)
{
    char *p = out;
    for (; s.len >= 3; s = slice_from(s, 3))
        p = radix64_put(p, s.data[0], s.data[1], s.data[2]);
    if (s.len > 0) {
        p = radix64_put(p, s.data[0], s.len > 1 ? s.data[1] : 0, 0);
        p[-1] = '=';
        p[-2] = s.len > 1 ? p[-2] : '=';
    }
    return (size_t)(p - out);
}

size_t base64_encode_lines(struct slice s, char *out)
{
    size_t lines = radix64_best()->encode(s, out);
    char *p = out + lines * BASE64_LINE_CHARS;
    s = slice_from(s, lines * BASE64_LINE_BYTES);
    while (s.len > 0) {
        size_t n = s.len < BASE64_LINE_BYTES ? s.len : BASE64_LINE_BYTES;
        p += base64_encode(slice_of(s.data, n), p);
        *p++ = '\n';
        s = slice_from(s, n);
    }
    return (size_t)(p - out);
}

/* Groups of four digits, as many as there are. */
static void decode_groups(const struct radix64 *form, struct slice text, size_t *used, uint8_t *out,
                          size_t *out_len)
{
    size_t made;
    *used += form->decode(slice_from(text, *used), out + *out_len, &made);
    *out_len += made;
}

/* A group is complete with its padding; false if the bits behind the last byte
 * are not zero. */
static bool end_padded(struct base64 *s, uint8_t *out, size_t *out_len)
{
    if (s->n == 2 && (s->bits & 15) == 0) {
        out[(*out_len)++] = (uint8_t)(s->bits >> 4);
        return true;
    }
    if (s->n == 3 && (s->bits & 3) == 0) {
        out[(*out_len)++] = (uint8_t)(s->bits >> 10);
        out[(*out_len)++] = (uint8_t)(s->bits >> 2);
        return true;
    }
    return false;
}

static void add_digit(struct base64 *s, uint8_t value, uint8_t *out, size_t *out_len)
{
    s->bits = s->bits << 6 | value;
    if (++s->n < 4)
        return;
    out[(*out_len)++] = (uint8_t)(s->bits >> 16);
    out[(*out_len)++] = (uint8_t)(s->bits >> 8);
    out[(*out_len)++] = (uint8_t)s->bits;
    s->bits = 0;
    s->n = 0;
}

enum base64_stop base64_decode(struct base64 *state, struct slice text, size_t *used, uint8_t *out,
                               size_t *out_len)
{
    const struct radix64 *best = radix64_best();
    *used = *out_len = 0;
    while (*used < text.len) {
        if (state->n == 0)
            decode_groups(best, text, used, out, out_len);
        if (state->n == 0 && best != &radix64_portable)
            decode_groups(&radix64_portable, text, used, out, out_len);
        if (*used == text.len)
            break;
        uint8_t value = radix64_values[text.data[*used]];
        if (value == RADIX64_PAD && state->n >= 2) {
            (*used)++;
            if (state->n + ++state->padding == 4)
                return end_padded(state, out, out_len) ? BASE64_PADDED : BASE64_FOREIGN;
        } else if (value >= RADIX64_FOREIGN && value != RADIX64_BLANK) {
            return BASE64_FOREIGN;
        } else if (value < RADIX64_FOREIGN && state->padding > 0) {
            return BASE64_FOREIGN;
        } else {
            (*used)++;
            if (value < RADIX64_FOREIGN)
                add_digit(state, value, out, out_len);
        }
    }
    return BASE64_MORE;
}
