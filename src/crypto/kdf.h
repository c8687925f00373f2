/* kdf.h - keys from keys: HKDF, the ECDH key derivation, AES key wrap. */
#ifndef CRYPTO_KDF_H
#define CRYPTO_KDF_H

#include "base/err.h"
#include "base/secret.h"
#include "base/slice.h"

/* HKDF [RFC5869] with SHA-256 or SHA-512: a new secret of len bytes from key,
 * salt (may be empty) and info.  ERR_BUG for another hash. */
MUST_USE err *kdf_hkdf(uint8_t hash, struct slice key, struct slice salt, struct slice info,
                       size_t len, struct secret **out);

/* The first len bytes of Hash(00000001 || shared || parameters) [RFC9580 11.4].
 * ERR_UNSUPPORTED if the digest is shorter than len. */
MUST_USE err *kdf_ecdh(uint8_t hash, struct slice shared, struct slice parameters, size_t len,
                       struct secret **out);

/* AES key wrap [RFC3394] with the default initial value.  kek: 16, 24 or 32
 * bytes; plain: a multiple of 8, at least 16; dst: plain.len + 8. */
MUST_USE err *kdf_wrap(const struct secret *kek, struct slice plain, uint8_t *dst);

/* The reverse.  ERR_CANNOT_DECRYPT if the wrapping is not intact. */
MUST_USE err *kdf_unwrap(const struct secret *kek, struct slice wrapped, struct secret **out);

#endif
