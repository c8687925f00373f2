/* sha1_sibling.h - the other half of a collision of SHA-1, if a block is one.
 *
 * Every known attack on SHA-1 ends in a block M that has a sibling M' = M ^ m, where the
 * mask m is one of few: it comes from a disturbance vector.  In the middle of both blocks,
 * where the vector is zero, the inner states are the same.  So the sibling can be computed
 * from M alone, from there forwards and backwards; if it ends in the same chaining value, M
 * is one half of a collision [Stevens, "Counter-cryptanalysis", CRYPTO 2013].  By chance
 * that happens once in 2^160.
 */
#ifndef CRYPTO_SHA1_SIBLING_H
#define CRYPTO_SHA1_SIBLING_H

#include <stdint.h>

enum {
    SHA1_BLOCK = 64, /* bytes */
    SHA1_STATE = 5,  /* words */
};

/* The disturbance vector I(K,b) or II(K,b) [Manuel, "Classification and generation of
 * disturbance vectors for collision attacks against SHA-1", 2011]. */
struct sha1_vector {
    uint8_t type; /* 1 or 2 */
    uint8_t k, b;
};

/* A block, and the chaining values before and after it. */
struct sha1_block {
    uint32_t message[16], before[SHA1_STATE], after[SHA1_STATE];
};

/* The sibling that a block would have, if it was made with this vector. */
void sha1_sibling_of(const struct sha1_block *block, struct sha1_vector v, struct sha1_block *out);

/* Four bytes of a message as a number. */
static inline uint32_t sha1_word(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

#endif
