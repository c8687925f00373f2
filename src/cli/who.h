/* who.h - from what the user calls a key to the certificate. */
#ifndef CLI_WHO_H
#define CLI_WHO_H

#include "cli/app.h"

/* The certificate in the keyring that `who` means: a fingerprint, key ID, e-mail
 * address, or part of a user ID.  ERR_NOT_FOUND; ERR_AMBIGUOUS lists the
 * candidates. */
MUST_USE err *who_cert(struct app *app, const char *who, struct cert **out);

/* The same among one's own keys, with their secret parts. */
MUST_USE err *who_key(struct app *app, const char *who, struct cert **out);

/* One's own key where none is named: the only one that there is.  ERR_NOT_FOUND,
 * ERR_AMBIGUOUS. */
MUST_USE err *who_own_key(struct app *app, struct cert **out);

/* The only certificate in a file. */
MUST_USE err *who_from_file(const char *path, struct cert **out);

/* "Alice <alice@example.org>", escaped, or the fingerprint where there is no user
 * ID; the caller frees. */
MUST_USE err *who_name(struct app *app, const struct cert *c, char **out);

#endif
