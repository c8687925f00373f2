/* ahead.h - reading a file ahead: the next block comes while the last one is used.
 *
 * Only for files that are on a disk: whoever waits for a terminal or a pipe may have to stop at
 * any time.
 */
#ifndef STREAM_AHEAD_H
#define STREAM_AHEAD_H

#include "stream/window.h"

struct ahead;

enum { AHEAD_MIN = 1 << 20 }; /* bytes of a file for which it is worth a thread */

/* *out stays NULL where it is not worth it, or cannot be.  fd is borrowed, and nobody else reads
 * from it; blocks are as long as the window that is given for them.  ERR_NO_MEMORY. */
MUST_USE err *ahead_new(int fd, size_t block, struct ahead **out);

/* The next block comes in the place of w's content, which has been used up; empty at the end.
 * Returns an errno, or 0. */
int ahead_next(struct ahead *a, struct window *w);

/* NULL is allowed. */
void ahead_free(struct ahead *a);

#endif
