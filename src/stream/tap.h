/* tap.h - lets bytes pass and feeds them to digests.
 *
 * Digests are the caller's.  They see every byte once and in order: without a pool what has been
 * consumed; with one what has been shown, beside what is done with it and beside each other, so
 * that they are the caller's again when the end has been shown or the tap is closed.  A look ahead
 * over the end of a view (source_fill with a `want` beyond 1) takes bytes out of the stage, so that
 * those are seen early.  Whoever stops midway must not look ahead, nor give a pool.  A text digest
 * sees line ends as CR LF: every LF without CR before it gets one [RFC9580 5.2.4].  GnuPG and RNP
 * also drop any CRs before an LF and at the very end: where a text has such, the two forms differ,
 * and `loose` sees the second.
 */
#ifndef STREAM_TAP_H
#define STREAM_TAP_H

#include "base/pool.h"
#include "crypto/digest.h"
#include "stream/source.h"

/* A digest that hashes text.  Starts zeroed but for the digest. */
struct tap_digest {
    struct digest *digest; /* borrowed */
    bool text;
    bool after_cr;        /* the last byte was CR */
    struct digest *loose; /* of a text; borrowed; or NULL */
    size_t held_back;     /* CRs that it has not seen, since an LF or the end may follow */
};

/* Feeds one piece. */
void tap_update(struct tap_digest *d, struct slice s);

/* Takes upstream over, also on failure; borrows the n digests, and the pool, which may be NULL.
 * What is short gets no thread; what is long takes 1 MiB with a pool. */
MUST_USE err *tap_new(struct source *upstream, struct tap_digest *digests, size_t n,
                      struct pool *pool, struct source **out);

#endif
