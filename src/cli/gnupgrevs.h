/* gnupgrevs.h - the revocation certificates of a GnuPG home (openpgp-revocs.d), copied to
 * where those of our own keys are. */
#ifndef CLI_GNUPGREVS_H
#define CLI_GNUPGREVS_H

#include "cli/leftovers.h"

/* Copies each of the directory (an absent one has none) that revokes a key of the keyring
 * and has no copy yet, and adds the array "revocations" to the report. */
MUST_USE err *gnupgrevs_copy(struct app *app, const char *directory, struct leftovers *left);

#endif
