/* ahead.h - reading a file or pipe ahead: the pool fetches the next block while the last one is
 * used.
 *
 * Of a pipe it takes what is there and never waits: whoever waits for one may have to stop at any
 * time.
 */
#ifndef STREAM_AHEAD_H
#define STREAM_AHEAD_H

#include "base/pool.h"
#include "stream/window.h"

struct ahead;

/* *out stays NULL where it is not worth it (no threads) or not possible (a terminal, a socket).  fd
 * and pool are borrowed, and nobody else reads from fd; blocks are of `block` bytes.
 * ERR_NO_MEMORY. */
MUST_USE err *ahead_new(int fd, size_t block, struct pool *pool, struct ahead **out);

/* The next block comes in the place of w's content, which has been used up and whose capacity is
 * that of a block; empty at the end.  Returns an errno (EINTR among them), or 0. */
int ahead_next(struct ahead *a, struct window *w);

/* NULL is allowed. */
void ahead_free(struct ahead *a);

#endif
