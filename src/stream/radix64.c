#include "stream/radix64.h"

#include "stream/crc24.h"

#define FOUR(d, a, b, c, e) d, a, d, b, d, c, d, e
#define ROW(d)                                                                                     \
    FOUR(d, 'A', 'B', 'C', 'D'), FOUR(d, 'E', 'F', 'G', 'H'), FOUR(d, 'I', 'J', 'K', 'L'),         \
        FOUR(d, 'M', 'N', 'O', 'P'), FOUR(d, 'Q', 'R', 'S', 'T'), FOUR(d, 'U', 'V', 'W', 'X'),     \
        FOUR(d, 'Y', 'Z', 'a', 'b'), FOUR(d, 'c', 'd', 'e', 'f'), FOUR(d, 'g', 'h', 'i', 'j'),     \
        FOUR(d, 'k', 'l', 'm', 'n'), FOUR(d, 'o', 'p', 'q', 'r'), FOUR(d, 's', 't', 'u', 'v'),     \
        FOUR(d, 'w', 'x', 'y', 'z'), FOUR(d, '0', '1', '2', '3'), FOUR(d, '4', '5', '6', '7'),     \
        FOUR(d, '8', '9', '+', '/')
const char radix64_pairs[2 << 12] = {
    ROW('A'), ROW('B'), ROW('C'), ROW('D'), ROW('E'), ROW('F'), ROW('G'), ROW('H'),
    ROW('I'), ROW('J'), ROW('K'), ROW('L'), ROW('M'), ROW('N'), ROW('O'), ROW('P'),
    ROW('Q'), ROW('R'), ROW('S'), ROW('T'), ROW('U'), ROW('V'), ROW('W'), ROW('X'),
    ROW('Y'), ROW('Z'), ROW('a'), ROW('b'), ROW('c'), ROW('d'), ROW('e'), ROW('f'),
    ROW('g'), ROW('h'), ROW('i'), ROW('j'), ROW('k'), ROW('l'), ROW('m'), ROW('n'),
    ROW('o'), ROW('p'), ROW('q'), ROW('r'), ROW('s'), ROW('t'), ROW('u'), ROW('v'),
    ROW('w'), ROW('x'), ROW('y'), ROW('z'), ROW('0'), ROW('1'), ROW('2'), ROW('3'),
    ROW('4'), ROW('5'), ROW('6'), ROW('7'), ROW('8'), ROW('9'), ROW('+'), ROW('/')};
#undef FOUR
#undef ROW

#define X RADIX64_FOREIGN
#define S RADIX64_BLANK
#define P RADIX64_PAD
const uint8_t radix64_values[256] = {
    X,  X,  X,  X,  X,  X,  X,  X,  X,  S,  S,  X,  X,  S,  X,  X, /* tab, LF, CR */
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  S,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  62, X,  X,  X,  63, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, X,  X,  X,  P,  X,  X,
    X,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
    23, 24, 25, X,  X,  X,  X,  X,  X,  26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
    X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
};
#undef X
#undef S
#undef P

static size_t encode(struct slice s, char *out)
{
    size_t lines = s.len / BASE64_LINE_BYTES;
    const uint8_t *p = s.data;
    for (size_t i = 0; i < lines; i++) {
        for (size_t group = 0; group < BASE64_LINE_BYTES / 3; group++, p += 3)
            out = radix64_put(out, p[0], p[1], p[2]);
        *out++ = '\n';
    }
    return lines;
}

static size_t decode(struct slice text, uint8_t *out, size_t *made)
{
    const uint8_t *p = text.data, *end = text.data + text.len, *v = radix64_values;
    uint8_t *o = out;
    for (; end - p >= 4; p += 4, o += 3) {
        uint8_t a = v[p[0]], b = v[p[1]], c = v[p[2]], d = v[p[3]];
        if ((a | b | c | d) >= RADIX64_FOREIGN)
            break;
        o[0] = (uint8_t)(a << 2 | b >> 4);
        o[1] = (uint8_t)(b << 4 | c >> 2);
        o[2] = (uint8_t)(c << 6 | d);
    }
    *made = (size_t)(o - out);
    return (size_t)(p - text.data);
}

const struct radix64 radix64_portable = {encode, decode, crc24_portable};

const struct radix64 *radix64_best(void)
{
    const struct radix64 *wide = radix64_avx2();
    return wide != NULL ? wide : &radix64_portable;
}
