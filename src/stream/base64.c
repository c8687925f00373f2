#include "stream/base64.h"

#include <stdbool.h>

static const char digits[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Values of characters: 0 to 63, or one of these. */
enum { FOREIGN = 64, BLANK = 65, PAD = 66 };

#define X FOREIGN
#define S BLANK
static const uint8_t values[256] = {
    X,  X,  X,  X,  X,  X,  X,  X,  X,  S,  S,  X,  X,  S,  X,  X, /* tab, LF, CR */
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  S,  X,  X,  X,  X,  X,   X,  X,
    X,  X,  X,  62, X,  X,  X,  63, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, X,  X,  X,  PAD, X,  X,
    X,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,  21, 22,
    23, 24, 25, X,  X,  X,  X,  X,  X,  26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38,  39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,   X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,   X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,   X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,   X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,   X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,   X,  X,
};
#undef X
#undef S

size_t base64_encode(struct slice s, char *out)
{
    char *p = out;
    for (; s.len >= 3; s = slice_from(s, 3)) {
        uint32_t group = (uint32_t)s.data[0] << 16 | (uint32_t)s.data[1] << 8 | s.data[2];
        *p++ = digits[group >> 18];
        *p++ = digits[group >> 12 & 63];
        *p++ = digits[group >> 6 & 63];
        *p++ = digits[group & 63];
    }
    if (s.len > 0) {
        uint32_t group = (uint32_t)s.data[0] << 16 | (s.len > 1 ? (uint32_t)s.data[1] << 8 : 0);
        *p++ = digits[group >> 18];
        *p++ = digits[group >> 12 & 63];
        *p++ = s.len > 1 ? digits[group >> 6 & 63] : '=';
        *p++ = '=';
    }
    return (size_t)(p - out);
}

/* Groups of four digits without anything between them. */
static void decode_groups(struct slice text, size_t *used, uint8_t *out, size_t *out_len)
{
    const uint8_t *p = text.data, *end = text.data + text.len;
    uint8_t *o = out + *out_len;
    for (; end - p >= 4; p += 4) {
        uint8_t a = values[p[0]], b = values[p[1]], c = values[p[2]], d = values[p[3]];
        if ((a | b | c | d) >= FOREIGN)
            break;
        *o++ = (uint8_t)(a << 2 | b >> 4);
        *o++ = (uint8_t)(b << 4 | c >> 2);
        *o++ = (uint8_t)(c << 6 | d);
    }
    *used += (size_t)(p - text.data);
    *out_len = (size_t)(o - out);
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
    *used = *out_len = 0;
    while (*used < text.len) {
        if (state->n == 0)
            decode_groups(slice_from(text, *used), used, out, out_len);
        if (*used == text.len)
            break;
        uint8_t value = values[text.data[*used]];
        if (value == PAD && state->n >= 2) {
            (*used)++;
            if (state->n + ++state->padding == 4)
                return end_padded(state, out, out_len) ? BASE64_PADDED : BASE64_FOREIGN;
        } else if (value >= FOREIGN && value != BLANK) {
            return BASE64_FOREIGN;
        } else if (value < FOREIGN && state->padding > 0) {
            return BASE64_FOREIGN;
        } else {
            (*used)++;
            if (value < FOREIGN)
                add_digit(state, value, out, out_len);
        }
    }
    return BASE64_MORE;
}

/* The remainders of single bytes, for eight bits at a step. */
uint32_t crc24_update(uint32_t crc, struct slice s)
{
    static const uint32_t nibble[16] = {
        0x000000, 0x864CFB, 0x8AD50D, 0x0C99F6, 0x93E6E1, 0x15AA1A, 0x1933EC, 0x9F7F17,
        0xA18139, 0x27CDC2, 0x2B5434, 0xAD18CF, 0x3267D8, 0xB42B23, 0xB8B2D5, 0x3EFE2E,
    };
    for (size_t i = 0; i < s.len; i++) {
        crc ^= (uint32_t)s.data[i] << 16;
        crc = (crc << 4 ^ nibble[crc >> 20 & 15]) & 0xFFFFFF;
        crc = (crc << 4 ^ nibble[crc >> 20 & 15]) & 0xFFFFFF;
    }
    return crc;
}
