#include "stream/radix64.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "stream/crc24.h"

#define WIDE __attribute__((target("avx2,pclmul")))

enum {
    STEP_BYTES = 24, /* two halves of 12, each in 16 bytes of a register */
    STEP_CHARS = 32,
    HALF = 12,
    OVER = 4, /* bytes that are read or written behind a step's own */
};

/* Two halves of twelve bytes, each with four more. */
WIDE static inline __m256i load_halves(const uint8_t *p)
{
    __m128i low = _mm_loadu_si128((const void *)p);
    __m128i high = _mm_loadu_si128((const void *)(p + HALF));
    return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
}

/* The same sixteen bytes for both halves. */
#define TWICE(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)

/* Digits as numbers, one in each byte.  A group of bytes ABC comes as BACB: as 16-bit numbers that
 * are AB and BC, in which the digits stand side by side.  Multiplying by a power of two
 * shifts each to its byte: the upper half of the product to the right, the lower one to the left. */
WIDE static inline __m256i split(__m256i bytes)
{
    __m256i groups = _mm256_shuffle_epi8(bytes,
                                         TWICE(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10));
    __m256i odd = _mm256_and_si256(groups, _mm256_set1_epi32(0x0FC0FC00));
    __m256i even = _mm256_and_si256(groups, _mm256_set1_epi32(0x003F03F0));
    return _mm256_or_si256(_mm256_mulhi_epu16(odd, _mm256_set1_epi32(0x04000040)),
                           _mm256_mullo_epi16(even, _mm256_set1_epi32(0x01000010)));
}

/* Characters for numbers: what is to be added depends on the kind of digit.  Kinds are 0 for small
 * letters, 1 to 10 for figures, 11 and 12 for the two signs, 13 for capital letters. */
WIDE static inline __m256i to_digits(__m256i numbers)
{
    __m256i kind = _mm256_subs_epu8(numbers, _mm256_set1_epi8(51));
    __m256i capital = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), numbers);
    kind = _mm256_or_si256(kind, _mm256_and_si256(capital, _mm256_set1_epi8(13)));
    __m256i offsets = TWICE('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                            '0' - 52, '0' - 52, '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0);
    return _mm256_add_epi8(numbers, _mm256_shuffle_epi8(offsets, kind));
}

WIDE static size_t encode(struct slice s, char *out)
{
    size_t lines = s.len < BASE64_LINE_BYTES + OVER ? 0 : (s.len - OVER) / BASE64_LINE_BYTES;
    const uint8_t *p = s.data;
    for (size_t i = 0; i < lines; i++, p += BASE64_LINE_BYTES, out += BASE64_LINE_CHARS) {
        _mm256_storeu_si256((void *)out, to_digits(split(load_halves(p))));
        _mm256_storeu_si256((void *)(out + STEP_CHARS),
                            to_digits(split(load_halves(p + STEP_BYTES))));
        out[BASE64_LINE_CHARS - 1] = '\n';
    }
    return lines;
}

/* Numbers for characters; false if one of them is no digit.
 *
 * Kinds of characters go by their upper four bits, one bit for each: 1 for 0x2_ (the two signs),
 * 2 for 0x3_ (figures), 4 for 0x4_ and 0x6_ (from the letter A on), 8 for 0x5_ and 0x7_ (to the
 * letter Z), 16 for all others.  For the lower four bits a table says for which kinds there is no
 * such digit. */
WIDE static inline bool to_numbers(__m256i text, __m256i *numbers)
{
    const __m256i kinds = TWICE(16, 16, 1, 2, 4, 8, 4, 8, 16, 16, 16, 16, 16, 16, 16, 16);
    const __m256i no_digit = TWICE(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13,
                                   0x1A, 0x1B, 0x1B, 0x1B, 0x1A);
    const __m256i offsets = TWICE(0, 63 - '/', 62 - '+', 52 - '0', -'A', -'A', 26 - 'a', 26 - 'a',
                                  0, 0, 0, 0, 0, 0, 0, 0);
    const __m256i nibble = _mm256_set1_epi8(0x0F);
    __m256i upper = _mm256_and_si256(_mm256_srli_epi16(text, 4), nibble);
    __m256i lower = _mm256_and_si256(text, nibble);
    if (!_mm256_testz_si256(_mm256_shuffle_epi8(kinds, upper),
                            _mm256_shuffle_epi8(no_digit, lower)))
        return false;
    /* The two signs have the same upper bits: that of '/' counts as one less. */
    __m256i slash = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('/'));
    *numbers = _mm256_add_epi8(text, _mm256_shuffle_epi8(offsets, _mm256_add_epi8(upper, slash)));
    return true;
}

/* The bytes of numbers: two become one of 12 bits, two of these one of 24, whose bytes are then
 * put in order. */
WIDE static inline __m256i join(__m256i numbers)
{
    __m256i pairs = _mm256_maddubs_epi16(numbers, _mm256_set1_epi32(0x01400140));
    __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
    return _mm256_shuffle_epi8(groups,
                               TWICE(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
}

WIDE static size_t decode(struct slice text, uint8_t *out, size_t *made)
{
    /* With this much left, and a line feed, there is room for what is written behind a step. */
    enum { ENOUGH = STEP_CHARS + OVER * 2 + 1 };
    const uint8_t *p = text.data, *end = text.data + text.len;
    uint8_t *o = out;
    while (end - p >= ENOUGH) {
        __m256i numbers;
        p += *p == '\n';
        if (!to_numbers(_mm256_loadu_si256((const void *)p), &numbers))
            break;
        __m256i bytes = join(numbers);
        _mm_storeu_si128((void *)o, _mm256_castsi256_si128(bytes));
        _mm_storeu_si128((void *)(o + HALF), _mm256_extracti128_si256(bytes, 1));
        p += STEP_CHARS;
        o += STEP_BYTES;
    }
    *made = (size_t)(o - out);
    return (size_t)(p - text.data);
}

/* Sixteen bytes as a polynomial: the first bit has the highest power. */
WIDE static inline __m128i polynomial(const uint8_t *p)
{
    __m128i reversed = _mm_setr_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    return _mm_shuffle_epi8(_mm_loadu_si128((const void *)p), reversed);
}

/* sum * x^d + next, but for multiples of the generator: `powers` has x^d and x^(d + 64) without
 * them, which have 24 bits, so that what is 128 bits long stays so. */
WIDE static inline __m128i fold(__m128i sum, __m128i powers, __m128i next)
{
    __m128i low = _mm_clmulepi64_si128(sum, powers, 0x00);
    __m128i high = _mm_clmulepi64_si128(sum, powers, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

/* Four sums side by side, since each step waits for the one before. */
WIDE static __m128i fold_all(uint32_t crc, const uint8_t *p, size_t blocks)
{
    const __m128i by_1 = _mm_set_epi64x(0xB22B31, 0x6243DA);
    const __m128i by_4 = _mm_set_epi64x(0xB937A7, 0x7DB43E);
    __m128i sum = _mm_xor_si128(polynomial(p), _mm_slli_si128(_mm_cvtsi32_si128((int)crc), 13));
    size_t i = 1;
    if (blocks >= 8) {
        __m128i b = polynomial(p + 16), c = polynomial(p + 32), d = polynomial(p + 48);
        for (i = 4; i + 4 <= blocks; i += 4) {
            sum = fold(sum, by_4, polynomial(p + i * 16));
            b = fold(b, by_4, polynomial(p + i * 16 + 16));
            c = fold(c, by_4, polynomial(p + i * 16 + 32));
            d = fold(d, by_4, polynomial(p + i * 16 + 48));
        }
        sum = fold(fold(fold(sum, by_1, b), by_1, c), by_1, d);
    }
    for (; i < blocks; i++)
        sum = fold(sum, by_1, polynomial(p + i * 16));
    return sum;
}

WIDE static uint32_t crc24(uint32_t crc, struct slice s)
{
    size_t blocks = s.len / 16;
    if (blocks > 0) {
        uint8_t rest[16];
        __m128i sum = fold_all(crc, s.data, blocks);
        _mm_storeu_si128((void *)rest, sum);
        _mm_storeu_si128((void *)rest, polynomial(rest));
        crc = crc24_portable(0, SLICE_OF(rest));
    }
    return crc24_portable(crc, slice_from(s, blocks * 16));
}

const struct radix64 *radix64_avx2(void)
{
    static const struct radix64 wide = {encode, decode, crc24};
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") ? &wide : NULL;
}

#else

const struct radix64 *radix64_avx2(void)
{
    return NULL;
}

#endif
