/* cipher.h - block ciphers, and the CFB mode of OpenPGP.
 *
 * A struct cipher is an expanded key in secret memory.  It does not change once
 * made: several threads may use it.
 */
#ifndef CRYPTO_CIPHER_H
#define CRYPTO_CIPHER_H

#include "base/err.h"
#include "base/own.h"
#include "base/secret.h"
#include "base/slice.h"
#include "crypto/algo.h"

struct cipher;

/* key.len must be the cipher's key length.  ERR_UNSUPPORTED, ERR_BUG. */
MUST_USE err *cipher_new(uint8_t id, struct slice key, struct cipher **out);

/* NULL is allowed. */
void cipher_free(struct cipher *c);
AUTO_DEFINE(cipher_free, struct cipher *)

size_t cipher_block_len(const struct cipher *c);

/* len bytes, a multiple of the block length; dst may be src. */
void cipher_encrypt(const struct cipher *c, uint8_t *dst, const uint8_t *src, size_t len);
void cipher_decrypt(const struct cipher *c, uint8_t *dst, const uint8_t *src, size_t len);

/* Cipher block chaining [NIST SP 800-38A 6.2]: len bytes, a multiple of the block length,
 * behind an initial vector of one block.  dst is not src. */
void cbc_open(const struct cipher *c, const uint8_t *iv, uint8_t *dst, const uint8_t *src,
              size_t len);

/* Cipher feedback with whole-block feedback [RFC9580 12.9], over any number of
 * pieces of any length.  The cipher is borrowed. */
struct cfb {
    const struct cipher *cipher;
    uint8_t feedback[BLOCK_MAX]; /* the last ciphertext block, as far as it goes */
    uint8_t stream[BLOCK_MAX];   /* key stream of the current block */
    size_t used;                 /* bytes of stream used; 0 at a block boundary */
};

/* The initial vector is zero where iv is NULL, else block_len bytes. */
void cfb_start(struct cfb *s, const struct cipher *c, const uint8_t *iv);

/* dst may be src. */
void cfb_seal(struct cfb *s, uint8_t *dst, const uint8_t *src, size_t len);
void cfb_open(struct cfb *s, uint8_t *dst, const uint8_t *src, size_t len);

/* Wipes the key stream. */
void cfb_clear(struct cfb *s);

#endif
