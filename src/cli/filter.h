/* filter.h - another program through which bytes go. */
#ifndef CLI_FILTER_H
#define CLI_FILTER_H

#include "base/buf.h"
#include "base/err.h"

/* Runs the program argv[0], looked up in PATH, without a shell; argv ends with NULL.  `in` is
 * its standard input, what it writes is appended to out, bounded by out's limit.
 * ERR_UNSUPPORTED: there is no such program; ERR_FAILED with what it says on standard error
 * where it fails. */
MUST_USE err *filter_run(const char *const *argv, struct slice in, struct buf *out);

#endif
