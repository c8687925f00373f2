#include "base/punycode.h"

#include <string.h>

/* [RFC3492 5] */
enum {
    BASE = 36,
    T_MIN = 1,
    T_MAX = 26,
    SKEW = 38,
    DAMP = 700,
    INITIAL_BIAS = 72,
    INITIAL_N = 0x80,
    CHARACTER_MAX = 0x10FFFF,
};

static uint32_t digit_of(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0') + 26;
    c |= 0x20;
    return c >= 'a' && c <= 'z' ? (uint32_t)(c - 'a') : BASE;
}

/* [RFC3492 6.1] */
static uint32_t adapt(uint32_t delta, uint32_t n_points, bool first)
{
    uint32_t k = 0;
    delta = first ? delta / DAMP : delta / 2;
    for (delta += delta / n_points; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
        delta /= BASE - T_MIN;
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static uint32_t threshold(uint32_t k, uint32_t bias)
{
    return k <= bias + T_MIN ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
}

/* The next number of variable length, added to *i; false if it is malformed. */
static bool read_delta(struct slice text, size_t *at, uint32_t bias, uint64_t *i)
{
    uint64_t weight = 1;
    for (uint32_t k = BASE; *at < text.len; k += BASE) {
        uint32_t digit = digit_of(text.data[(*at)++]), t = threshold(k, bias);
        *i += digit * weight;
        if (digit == BASE || *i > UINT32_MAX)
            return false;
        if (digit < t)
            return true;
        weight *= BASE - t;
        if (weight > UINT32_MAX)
            return false;
    }
    return false;
}

/* What stands in front of the last delimiter is itself. */
static size_t copy_basic(struct slice text, uint32_t *out)
{
    const uint8_t *delimiter = text.len > 0 ? memrchr(text.data, '-', text.len) : NULL;
    size_t n = delimiter != NULL ? (size_t)(delimiter - text.data) : 0;
    for (size_t i = 0; i < n; i++)
        out[i] = text.data[i];
    return n;
}

bool punycode_decode(struct slice text, uint32_t out[static PUNYCODE_MAX], size_t *n)
{
    uint32_t bias = INITIAL_BIAS;
    uint64_t c = INITIAL_N, i = 0;
    if (text.len > PUNYCODE_MAX)
        return false;
    *n = copy_basic(text, out);
    size_t at = *n > 0 ? *n + 1 : 0;
    while (at < text.len) {
        uint64_t before = i;
        if (*n == PUNYCODE_MAX || !read_delta(text, &at, bias, &i))
            return false;
        uint32_t points = (uint32_t)*n + 1;
        bias = adapt((uint32_t)(i - before), points, before == 0);
        c += i / points;
        i %= points;
        if (c > CHARACTER_MAX || (c >= 0xD800 && c <= 0xDFFF))
            return false;
        memmove(out + i + 1, out + i, (*n - i) * sizeof *out);
        out[i++] = (uint32_t)c;
        ++*n;
    }
    return true;
}
