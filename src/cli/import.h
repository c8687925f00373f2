/* import.h - certificates, keys and revocation certificates from files. */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include "cli/app.h"

/* Imports from files (or standard input), with secret parts where `secret`. */
MUST_USE err *import_files(struct app *app, bool secret, const struct args *args);

#endif
