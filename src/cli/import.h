/* import.h - certificates, keys and revocation certificates from files. */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include "cli/app.h"

enum import_mode {
    IMPORT_CERTS,   /* without what is secret */
    IMPORT_KEYS,    /* keys with their secret parts */
    IMPORT_UPDATES, /* of certificates that are here already; others are left out */
};

/* Imports from files, or standard input.  What was reported as imported stays, also where
 * another file fails. */
MUST_USE err *import_files(struct app *app, enum import_mode mode, const struct args *args);

/* Tells, of a certificate that was stored, how much there was no room for, if any:
 * keyring_left_out. */
void import_tell_left_out(struct report *r, size_t n);

#endif
