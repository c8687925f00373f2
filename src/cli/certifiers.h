/* certifiers.h - who of those whose certificates are here certifies a user ID. */
#ifndef CLI_CERTIFIERS_H
#define CLI_CERTIFIERS_H

#include "cli/app.h"
#include "pgp/bind.h"

/* A line for each certification that holds now, one's own first, and the array
 * "certifications"; how many more there are, by keys that are not here, is the member
 * "unknown_certifiers". */
MUST_USE err *certifiers_show(struct app *app, const struct cert *c, const struct component *user);

#endif
