/* gnupg.h - takes over a GnuPG home: certificates with local signatures, secret keys, and
 * whom the user trusts.  GnuPG is not run, and nothing of its home is changed. */
#ifndef CLI_GNUPG_H
#define CLI_GNUPG_H

#include "cli/app.h"

/* `directory` is NULL for $GNUPGHOME, else ~/.gnupg.  All is stored in one transaction, or
 * none where dry_run; passphrases are asked for before.  What cannot be taken is told, and
 * makes the command fail in the end if it is more than what is not for us.  ERR_NO_INPUT,
 * ERR_NO_DATA (no such home), ERR_POLICY (that of somebody else), ERR_LOCKED, ... */
MUST_USE err *gnupg_take_over(struct app *app, const char *directory, bool dry_run);

#endif
