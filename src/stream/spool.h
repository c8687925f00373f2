/* spool.h - bytes that must wait: in memory, and beyond a limit in a nameless
 * temporary file.  Written once, then read as often as needed. */
#ifndef STREAM_SPOOL_H
#define STREAM_SPOOL_H

#include "base/buf.h"
#include "base/err.h"
#include "base/own.h"
#include "base/slice.h"
#include "stream/source.h"

/* Bytes kept in memory. */
enum { SPOOL_MEMORY = 16 << 20 };

struct spool;

/* The file, if one is needed, is made in `directory`, which is copied. */
MUST_USE err *spool_new(const char *directory, struct spool **out);

/* Wipes what is in memory.  NULL is allowed. */
void spool_free(struct spool *s);
AUTO_DEFINE(spool_free, struct spool *)

MUST_USE err *spool_write(struct spool *s, struct slice bytes);

/* Appends all that `from` has, to its end. */
MUST_USE err *spool_fill(struct spool *s, struct source *from);

uint64_t spool_len(const struct spool *s);

/* All that was written so far, from the start; s is borrowed. */
MUST_USE err *spool_source(const struct spool *s, struct source **out);

/* Appends `len` bytes from `at` on, which must have been written.  ERR_IO. */
MUST_USE err *spool_read(const struct spool *s, uint64_t at, size_t len, struct buf *out);

/* Everything that upstream has, read to its end at once: to whoever reads it then no
 * slow input can happen.  Takes upstream over, also on failure. */
MUST_USE err *spool_whole(struct source *upstream, const char *directory, struct source **out);

#endif
