/* source.h - the pull side of every pipeline.
 *
 * A source yields bytes when asked.  Stages stack: each owns the one it reads
 * from (its upstream), and closing the outermost closes all:
 *
 *     input <- tap <- literal <- seal <- frame <- armor          encrypting
 *     input <- dearmor <- body <- open <- body <- inflate        decrypting
 *
 * The contract of every source:
 *
 *   order      Bytes come once, in order, and are never taken back.
 *   authentic  A stage that checks integrity shows nothing it has not checked.
 *              The one that cannot (its check comes last) is `deferred`, and
 *              so is everything that reads from it.
 *   end        An empty view is the end, and only the end.
 *   failure    After an error every later call fails.
 *   threads    A source belongs to one thread at a time.  A stage may use the
 *              pool, but calls its upstream only from inside its own fill.
 *   memory     Fixed when the stage is made.
 */
#ifndef STREAM_SOURCE_H
#define STREAM_SOURCE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/own.h"
#include "base/slice.h"

/* How far one may look ahead, in bytes. */
enum { SOURCE_PEEK_MAX = 4096 };

struct source;

/* What a stage implements. */
struct source_ops {
    const char *name;

    /* Shows at least one unread byte, or none at the end.  The view is valid
     * until the next call. */
    err *(*fill)(struct source *s, struct slice *view);

    /* Drops n bytes of the last view. */
    void (*consume)(struct source *s, size_t n);

    /* Frees the stage and what it owns. */
    void (*close)(struct source *s);
};

/* The first member of every stage's struct; set up with source_init. */
struct source {
    const struct source_ops *ops;
    uint64_t offset; /* bytes consumed so far */
    bool deferred;   /* an error at the end condemns what was shown before */
    bool failed;

    /* NULL, but for a stage that can put its next bytes where they are wanted: up to n of them to
     * dst; none if only a view can show them, or the end. */
    err *(*read)(struct source *s, uint8_t *dst, size_t n, size_t *got);

    /* Bytes gathered from several views for a look ahead. */
    uint8_t *seam;
    size_t seam_start, seam_end;

    /* What the last view showed, so that consume can be checked. */
    size_t shown;
};

/* For stages: upstream may be NULL. */
void source_init(struct source *s, const struct source_ops *ops, const struct source *upstream);

/* Shows at least `want` unread bytes (1 to SOURCE_PEEK_MAX), or all that remain
 * if they are fewer; none is the end.  Valid until the next call on s. */
MUST_USE err *source_fill(struct source *s, size_t want, struct slice *view);

/* Drops n bytes of the last view. */
void source_consume(struct source *s, size_t n);

/* Copies up to n bytes to dst and consumes them; fewer only at the end, or before a
 * failure. */
MUST_USE err *source_read(struct source *s, uint8_t *dst, size_t n, size_t *got);

/* For stages that only look on: what the `read` of s can put there, which may be nothing. */
MUST_USE err *source_read_straight(struct source *s, uint8_t *dst, size_t n, size_t *got);

/* Copies exactly n bytes.  ERR_MALFORMED if the stream ends before; dst is then
 * zeroed. */
MUST_USE err *source_read_exact(struct source *s, uint8_t *dst, size_t n);

/* Reads to the end and forgets it.  ERR_INTERRUPTED. */
MUST_USE err *source_drain(struct source *s);

/* A source over one that stays the caller's, to give to a stage that would take
 * its upstream over. */
MUST_USE err *source_borrow(struct source *s, struct source **out);

/* NULL is allowed. */
void source_close(struct source *s);
AUTO_DEFINE(source_close, struct source *)

#endif
