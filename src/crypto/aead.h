/* aead.h - authenticated encryption with EAX, OCB or GCM [RFC9580 9.6].
 *
 * A struct aead is an expanded key in secret memory.  It does not change once
 * made: several threads may seal and open with it at the same time.
 */
#ifndef CRYPTO_AEAD_H
#define CRYPTO_AEAD_H

#include <stdbool.h>

#include "base/err.h"
#include "base/own.h"
#include "base/slice.h"
#include "crypto/algo.h"

struct aead;

/* key.len must be the cipher's key length.  ERR_UNSUPPORTED for a mode or
 * cipher that is unknown or has no 16-byte blocks. */
MUST_USE err *aead_new(uint8_t cipher, uint8_t mode, struct slice key, struct aead **out);

/* NULL is allowed. */
void aead_free(struct aead *a);
AUTO_DEFINE(aead_free, struct aead *)

/* Bytes of a nonce. */
size_t aead_nonce_len(const struct aead *a);

/* Encrypts plain to dst (which may be plain's memory) and makes its tag. */
void aead_seal(const struct aead *a, const uint8_t *nonce, struct slice ad, uint8_t *dst,
               struct slice plain, uint8_t tag[static TAG_LEN]);

/* Decrypts sealed to dst (which may be sealed's memory).  False if the tag does
 * not fit: dst is then zeroed. */
MUST_USE bool aead_open(const struct aead *a, const uint8_t *nonce, struct slice ad, uint8_t *dst,
                        struct slice sealed, const uint8_t tag[static TAG_LEN]);

#endif
