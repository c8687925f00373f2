/* sigcache.h - which signatures in certificates have been found good or bad before: a cache.
 *
 * Its file holds 16 bytes for each: of SHA-256 over all that the verdict depends on, the key,
 * what is signed and the signature; of the last byte the lowest bit is 1 if it was good.
 * The bad ones are many: certifications by others that may, for all that is signed in them,
 * be the owner's.  Whether a good signature counts is the policy's business each time anew;
 * yet the file is dropped whenever the policy or the program has changed.  It is only a
 * cache, and missing where it cannot be written.
 * Several threads may ask and add at the same time.
 *
 * The file: "bulla-verified-2", 16 bytes of SHA-256 over the policy, 8 bytes with the number of
 * entries that are in order, 8 zeros; those entries; behind them the latest, as they came, until they
 * are many.  A process with few questions looks at some places of the file, one with many reads it
 * whole.
 */
#ifndef PGP_SIGCACHE_H
#define PGP_SIGCACHE_H

#include "base/err.h"
#include "base/own.h"
#include "base/slice.h"

enum { SIGCACHE_ID = 16 };

struct sigcache_id {
    uint8_t bytes[SIGCACHE_ID];
};

struct sigcache;

/* The cache in this file, which need not exist.  ERR_NO_MEMORY. */
MUST_USE err *sigcache_new(const char *path, struct sigcache **out);

/* Shared by all who have sigcache_hold it; the last sigcache_release frees it.  NULL is
 * allowed in both. */
struct sigcache *sigcache_hold(struct sigcache *v);
void sigcache_release(struct sigcache *v);
AUTO_DEFINE(sigcache_release, struct sigcache *)

/* Is there a verdict?  *good is what it is.  The lowest bit of the last byte of an id does
 * not count. */
bool sigcache_know(struct sigcache *v, const struct sigcache_id *id, bool *good);

/* There is one now. */
void sigcache_add(struct sigcache *v, const struct sigcache_id *id, bool good);

/* Writes what is new, if that can be done; once, at the end. */
void sigcache_save(struct sigcache *v);

#endif
