/* nonce.h - the secret number that every DSA or ECDSA signature needs [RFC6979].
 *
 * It comes from the private key and the digest, so that no two different digests share
 * one however bad the random numbers are; and from random bytes as well, so that
 * signing again after a computing fault does not tell two equations about the same one
 * [RFC6979 3.6].
 */
#ifndef CRYPTO_NONCE_H
#define CRYPTO_NONCE_H

#include "base/err.h"
#include "crypto/algo.h"

struct nonce {
    uint8_t hash;
    uint8_t key[DIGEST_MAX], value[DIGEST_MAX];
};

/* scalar and digest have the length of the group's order, the digest is reduced modulo
 * it; random may be empty, which leaves what [RFC6979 3.2] describes.  ERR_NO_MEMORY,
 * ERR_UNSUPPORTED (hashes but SHA-1 and SHA-2). */
MUST_USE err *nonce_start(struct nonce *n, uint8_t hash, struct slice scalar, struct slice digest,
                          struct slice random);

/* The next candidate, len bytes; the caller takes the first that is below the order and
 * not zero. */
MUST_USE err *nonce_next(struct nonce *n, uint8_t *out, size_t len);

/* Wipes. */
void nonce_clear(struct nonce *n);

#endif
