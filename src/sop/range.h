/* range.h - --not-before and --not-after: when a signature must have been made. */
#ifndef SOP_RANGE_H
#define SOP_RANGE_H

#include "pgp/verify.h"

struct range {
    int64_t from, until; /* both inclusive */
};

/* The values of the two options: a point in time, "now", or "-" for no limit; NULL where
 * an option was not given.  ERR_USAGE. */
MUST_USE err *range_parse(const char *not_before, const char *not_after, const struct world *w,
                          struct range *out);

/* A point in time, or "now".  ERR_USAGE. */
MUST_USE err *range_time(const char *text, const struct world *w, int64_t *out);

/* Rejects the good signatures that were made at another time. */
void range_apply(const struct range *r, struct verdict_list *l);

#endif
