/* sink.h - where pipelines end: all or nothing.
 *
 * What is written counts only after sink_commit; closing without it throws away
 * what can be thrown away.  A file appears complete or not at all.  Bytes that
 * went to a pipe or a terminal cannot be taken back: sink_hold keeps them until
 * the commit.
 */
#ifndef STREAM_SINK_H
#define STREAM_SINK_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/own.h"
#include "base/slice.h"

struct sink;

struct sink_ops {
    err *(*write)(struct sink *k, struct slice s);
    err *(*commit)(struct sink *k);
    void (*close)(struct sink *k); /* frees; what was not committed is dropped */
};

/* The first member of every sink's struct. */
struct sink {
    const struct sink_ops *ops;
    bool immediate; /* what is written gets out before the commit and cannot be taken back */
};

MUST_USE err *sink_write(struct sink *k, struct slice s);
MUST_USE err *sink_commit(struct sink *k);

/* NULL is allowed. */
void sink_close(struct sink *k);
AUTO_DEFINE(sink_close, struct sink *)

/* A file, by way of fs_output. */
MUST_USE err *sink_to_file(const char *path, const struct fs_output_options *options,
                           struct sink **out);

/* For many files at once (fs_outputs_commit): where k is such a file, its file, complete and to be
 * committed by the caller, who owns it now; k is of no more use.  NULL for other sinks, which
 * sink_commit has then committed. */
MUST_USE err *sink_take_file(struct sink *k, struct fs_output **out);

/* An open descriptor (borrowed), written to in blocks of 256 KiB, but at once where it is a
 * terminal; `name` (borrowed) is for messages. */
MUST_USE err *sink_to_fd(int fd, const char *name, struct sink **out);

/* Appends to b, which must outlive the sink; on close without commit b is
 * emptied. */
MUST_USE err *sink_to_buf(struct buf *b, struct sink **out);

/* Forgets everything. */
MUST_USE err *sink_to_nowhere(struct sink **out);

/* Keeps what is written until the commit, then passes it on to inner, which it
 * takes over, also on failure.  More than SPOOL_MEMORY bytes wait in a nameless
 * file in `directory`; where that is NULL, all is passed on from then on as it
 * comes. */
MUST_USE err *sink_hold(struct sink *inner, const char *directory, struct sink **out);

#endif
