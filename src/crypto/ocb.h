/* ocb.h - the OCB mode of [RFC7253], with 128-bit tags and 120-bit nonces.
 *
 * Own, because Nettle has OCB only since 3.9 and hands the cipher few blocks at
 * a time.  Works with any cipher of 16-byte blocks.  A struct ocb does not
 * change once made: several threads may use it.
 */
#ifndef CRYPTO_OCB_H
#define CRYPTO_OCB_H

#include <stdbool.h>

#include "crypto/cipher.h"

enum { OCB_BLOCK = 16, OCB_NONCE = 15, OCB_SHORT_NONCE = 12, OCB_LEVELS = 40, OCB_BATCH = 64 };

struct ocb {
    const struct cipher *cipher; /* borrowed */
    /* L_*, L_$ and L_i [RFC7253 4.1]; 2^40 blocks are more than any chunk. */
    _Alignas(16) uint8_t star[OCB_BLOCK];
    _Alignas(16) uint8_t dollar[OCB_BLOCK];
    _Alignas(16) uint8_t level[OCB_LEVELS][OCB_BLOCK];
    /* What Offset_(64k + i) differs by from Offset_(64k), for i from 0 to 63: the same for all k. */
    _Alignas(16) uint8_t pattern[OCB_BATCH][OCB_BLOCK];
};

void ocb_init(struct ocb *o, const struct cipher *c);

/* dst may be src. */
void ocb_seal(const struct ocb *o, const uint8_t nonce[static OCB_NONCE], struct slice ad,
              uint8_t *dst, struct slice plain, uint8_t tag[static OCB_BLOCK]);

/* Decrypts to dst and computes the tag that the data ought to have; the caller
 * compares, and wipes dst if it is another. */
void ocb_open(const struct ocb *o, const uint8_t nonce[static OCB_NONCE], struct slice ad,
              uint8_t *dst, struct slice sealed, uint8_t tag[static OCB_BLOCK]);

/* The same with a nonce of 96 bits, which is not that of OpenPGP. */
void ocb_open_short(const struct ocb *o, const uint8_t nonce[static OCB_SHORT_NONCE],
                    struct slice ad, uint8_t *dst, struct slice sealed,
                    uint8_t tag[static OCB_BLOCK]);

#endif
