/* summary.h - a certificate in a few words: who, until when, how strong, who can use it. */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include "cli/app.h"
#include "pgp/bind.h"

/* Lines, and members of the current JSON object: userid, expires, strength, quantum_safe,
 * readers. */
MUST_USE err *summary_show(struct app *app, const struct bound_cert *b);

#endif
