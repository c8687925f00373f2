/* input.h - where pipelines begin: files and memory. */
#ifndef STREAM_INPUT_H
#define STREAM_INPUT_H

#include "base/pool.h"
#include "stream/source.h"

/* Reads from fd, in blocks of 256 KiB.  Closes fd in the end if own_fd.  `name`
 * is for messages and is copied. */
MUST_USE err *input_from_fd(int fd, bool own_fd, const char *name, struct source **out);

/* What comes behind the first MiB of such a source is read ahead by the pool, in blocks of 1 MiB;
 * the pool is borrowed until that is closed; of other sources nothing is.  Not what is read with source_read in pieces
 * of a block and more: whoever does that has other work for the pool. */
void input_read_ahead(struct source *s, struct pool *pool);

/* Opens a file.  ERR_NO_INPUT. */
MUST_USE err *input_from_file(const char *path, struct source **out);

/* Shows borrowed bytes, which must outlive the source. */
MUST_USE err *input_from_memory(struct slice s, struct source **out);

/* The same with a copy of its own, wiped in the end. */
MUST_USE err *input_from_copy(struct slice s, struct source **out);

#endif
