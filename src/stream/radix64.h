/* radix64.h - the inner loops of radix-64, as each kind of processor does them best.
 *
 * They do the bulk and stop where it gets difficult: near the ends of what they are given, since
 * they read and write some bytes further than they have got, and at whatever is no full line.
 * `base64` does the rest.
 */
#ifndef STREAM_RADIX64_H
#define STREAM_RADIX64_H

#include <stdint.h>

#include "stream/base64.h"

struct radix64 {
    /* Writes full lines; returns the number of them. */
    size_t (*encode)(struct slice s, char *out);

    /* Decodes groups of four digits, and passes over line feeds before them; returns the number of
     * characters used.  `out` has room for 3 bytes for every 4 characters, rounded down. */
    size_t (*decode)(struct slice text, uint8_t *out, size_t *made);

    /* As crc24_update. */
    uint32_t (*crc24)(uint32_t crc, struct slice s);
};

/* What a character stands for: 0 to 63, or one of these. */
enum { RADIX64_FOREIGN = 64, RADIX64_BLANK, RADIX64_PAD };
extern const uint8_t radix64_values[256];

/* The two digits of twelve bits. */
extern const char radix64_pairs[2 << 12];

/* The four digits of three bytes; returns their end. */
static inline char *radix64_put(char *out, unsigned a, unsigned b, unsigned c)
{
    memcpy(out, &radix64_pairs[2 * (a << 4 | b >> 4)], 2);
    memcpy(out + 2, &radix64_pairs[2 * ((b & 15) << 8 | c)], 2);
    return out + 4;
}

/* With tables, on every processor. */
extern const struct radix64 radix64_portable;

/* With AVX2 and PCLMULQDQ; NULL where this processor does not have them. */
const struct radix64 *radix64_avx2(void);

/* The fastest that there is here. */
const struct radix64 *radix64_best(void);

#endif
