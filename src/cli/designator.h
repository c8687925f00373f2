/* designator.h - what may stand for a file: @FD:n, an open descriptor, or @ENV:NAME, an
 * environment variable.
 *
 * A name that starts with @ is never a file: such a one is written ./@name.
 * ERR_BAD_DESIGNATOR for an unknown kind, a number that is none, a variable that is not
 * set; ERR_AMBIGUOUS_INPUT where a file of that very name exists, since nobody can know
 * which of the two was meant.
 */
#ifndef CLI_DESIGNATOR_H
#define CLI_DESIGNATOR_H

#include "base/buf.h"
#include "stream/sink.h"
#include "stream/source.h"

/* Appends the whole of what name means to b.  ERR_NO_INPUT. */
MUST_USE err *designator_read(const char *name, struct buf *b);

/* The same as a source.  A descriptor stays open. */
MUST_USE err *designator_open(const char *name, struct source **out);

/* Where a result goes: a new file, which must not exist (ERR_EXISTS), or @FD:n. */
MUST_USE err *designator_create(const char *name, bool owner_only, struct sink **out);

#endif
