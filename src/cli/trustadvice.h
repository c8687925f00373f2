/* trustadvice.h - what is missing where a user ID is not authenticated, and what would help. */
#ifndef CLI_TRUSTADVICE_H
#define CLI_TRUSTADVICE_H

#include "cli/terminal.h"
#include "cli/trusting.h"

/* What would have to be otherwise, the most helpful first: at most `max`, and of alike ones that
 * lead to one certificate only one. */
MUST_USE err *trustadvice_find(const struct trusting *x, const struct trusting_user *u, size_t max,
                               struct trust_edges *out);

/* Appends what would make the edge count: a command, or whom to ask; nothing where only
 * its issuer's change of mind would. */
MUST_USE err *trustadvice_for(const struct trusting *x, const struct trust_edge *e,
                              struct buf *out);

/* Appends lines about each: what it says, why that does not count, what would help. */
MUST_USE err *trustadvice_add(const struct trusting *x, const struct trust_edges *misses,
                              const struct terminal *t, struct buf *out);

/* The array "misses": certifications, each with "advice". */
MUST_USE err *trustadvice_put(const struct trusting *x, const struct trust_edges *misses);

#endif
