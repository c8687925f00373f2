/* keydiff.h - what has changed between two states of a key, for people and in JSON. */
#ifndef CLI_KEYDIFF_H
#define CLI_KEYDIFF_H

#include "cli/app.h"
#include "pgp/bind.h"

/* A line for every component that has changed, and the array "changes" of the report.
 * *n_changes tells how many. */
MUST_USE err *keydiff_show(struct app *app, const struct bound_cert *before,
                           const struct bound_cert *after, size_t *n_changes);

#endif
