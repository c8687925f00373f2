/* cfb.h - the content of SEIPD version 1: CFB and a SHA-1 at the end; and the older one
 * without it.
 *
 * The check comes last, so the opening stage is deferred: what it shows may be
 * used only when it has ended without error.  [RFC9580 5.13.1]
 *
 * Blocks of the cipher's chain come one after the other, and so do those of the digest, but
 * the pool goes along both at once.  fill() tops up a ring of slots from upstream, hands each
 * to both, and shows the oldest: nothing runs ahead of what is pulled, and an error upstream
 * surfaces before the slot it is in.  A message of one slot leaves the pool alone.
 *
 * Memory: CFB_SLOTS slots when opening, twice that when sealing.
 */
#ifndef STREAM_CFB_H
#define STREAM_CFB_H

#include "base/pool.h"
#include "base/world.h"
#include "crypto/cipher.h"
#include "stream/source.h"

enum {
    CFB_SLOT = 1 << 17, /* bytes */
    CFB_SLOTS = 12,
    CFB_AHEAD = 8, /* of these at most between upstream and what is shown */
};

/* All take upstream and the cipher over, also on failure, and borrow the pool. */

/* Plaintext in; prefix, plaintext and modification detection code out. */
MUST_USE err *cfb_seal_new(struct source *upstream, struct cipher *c, const struct world *w,
                           struct pool *pool, struct source **out);

/* The reverse.  ERR_INTEGRITY, with one and the same text for every way in which
 * the content can be wrong. */
MUST_USE err *cfb_open_new(struct source *upstream, struct cipher *c, struct pool *pool,
                           struct source **out);

/* The content of Symmetrically Encrypted Data: prefix, then plaintext with the CFB shifted
 * to where the prefix ends, and nothing that would show changes [RFC9580 5.7]. */
MUST_USE err *cfb_open_unprotected(struct source *upstream, struct cipher *c, struct pool *pool,
                                   struct source **out);

/* That error, for whoever finds it out by the content [RFC9580 13.7]. */
MUST_USE err *cfb_damaged(void);

#endif
