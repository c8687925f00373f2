/* input.h - where pipelines begin: files and memory. */
#ifndef STREAM_INPUT_H
#define STREAM_INPUT_H

#include "stream/source.h"

/* Reads from fd, in blocks of 256 KiB.  Closes fd in the end if own_fd.  `name`
 * is for messages and is copied. */
MUST_USE err *input_from_fd(int fd, bool own_fd, const char *name, struct source **out);

/* Opens a file.  ERR_NO_INPUT. */
MUST_USE err *input_from_file(const char *path, struct source **out);

/* Shows borrowed bytes, which must outlive the source. */
MUST_USE err *input_from_memory(struct slice s, struct source **out);

/* The same with a copy of its own, wiped in the end. */
MUST_USE err *input_from_copy(struct slice s, struct source **out);

#endif
