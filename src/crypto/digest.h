/* digest.h - hash functions by number. */
#ifndef CRYPTO_DIGEST_H
#define CRYPTO_DIGEST_H

#include "base/err.h"
#include "base/own.h"
#include "base/slice.h"
#include "crypto/algo.h"

struct digest;

/* ERR_UNSUPPORTED for a hash that is unknown. */
MUST_USE err *digest_new(uint8_t hash, struct digest **out);

/* The same, on guard against texts made for a collision [RFC9580 13.1]: for whatever a
 * signature is verified by. */
MUST_USE err *digest_new_guarded(uint8_t hash, struct digest **out);

/* Is there a sign of a collision attack in what was hashed?  To be asked after
 * digest_final; false for a digest that is not guarded.  Then no signature over it is
 * worth anything, since its maker may have seen another text. */
bool digest_saw_attack(const struct digest *d);

/* A second one in the same state, to go on from there. */
MUST_USE err *digest_copy(const struct digest *d, struct digest **out);

uint8_t digest_hash(const struct digest *d);

void digest_update(struct digest *d, struct slice s);

/* Writes the digest (digest_len bytes of the algorithm; DIGEST_MAX suffices),
 * returns it as a slice of out, and starts anew. */
struct slice digest_final(struct digest *d, uint8_t *out);

/* NULL is allowed. */
void digest_free(struct digest *d);
AUTO_DEFINE(digest_free, struct digest *)

/* Does this processor compute SHA-256 faster than SHA-512 (by instructions for
 * it, which Nettle uses)? */
bool digest_sha256_is_fast(void);

/* The digest of s in one go. */
MUST_USE err *digest_of(uint8_t hash, struct slice s, uint8_t out[static DIGEST_MAX]);

#endif
