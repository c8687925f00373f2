/* sha1_guard.h - SHA-1 that looks out for collision attacks [RFC9580 13.1].
 *
 * The digest is that of SHA-1.  It takes less than three times as long where the processor
 * has instructions for SHA-1, and twice as long where it has not.
 */
#ifndef CRYPTO_SHA1_GUARD_H
#define CRYPTO_SHA1_GUARD_H

#include <nettle/nettle-meta.h>
#include <stdbool.h>

/* To be used like Nettle's hash functions. */
extern const struct nettle_hash sha1_guard;

/* Was any block so far, padding included, made for a collision?  Stays true after a
 * digest has been taken. */
bool sha1_guard_saw_attack(const void *context);

#endif
