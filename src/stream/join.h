/* join.h - sources one after the other.
 *
 * A part is a source, or a function that makes it when its turn comes: a
 * signature can be made only after the data before it has gone by.
 */
#ifndef STREAM_JOIN_H
#define STREAM_JOIN_H

#include "stream/source.h"

enum { JOIN_PARTS_MAX = 8 };

/* *out may be NULL or empty where nothing is to come. */
typedef err *join_maker(void *context, struct source **out);

struct join;

MUST_USE err *join_new(struct join **out);

/* Takes s over, also on failure. */
MUST_USE err *join_add(struct join *j, struct source *s);

/* Calls make(context) when the parts before have ended. */
MUST_USE err *join_add_later(struct join *j, join_maker *make, void *context);

/* The join as a source, which owns it. */
struct source *join_source(struct join *j);

#endif
