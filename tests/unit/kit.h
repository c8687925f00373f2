/* kit.h - sources for tests: broken into odd pieces, or failing midway. */
#ifndef TESTS_KIT_H
#define TESTS_KIT_H

#include "stream/source.h"

/* Shows the bytes in pieces of 1 to 97 bytes. */
struct source *kit_pieces(struct slice s);

/* Shows `good` bytes, then fails with ERR_IO. */
struct source *kit_failing(struct slice s, size_t good);

/* The whole of s, which is closed.  Lives until the program ends. */
struct slice kit_read(struct source *s);

/* Reads s to its end or failure and closes it; the number of bytes seen. */
err *kit_try(struct source *s, size_t *seen);

/* len bytes that repeat only after a while. */
struct slice kit_data(size_t len);

#endif
