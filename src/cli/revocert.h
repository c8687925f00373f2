/* revocert.h - revocation certificates as files: armor, and before it, where readers of
 * armor do not look, a text that says what it is and what to do with it.
 *
 * Nothing in the armor is spoilt to keep it from being imported by mistake: who needs it is
 * in trouble, perhaps at a machine of somebody else.  Its place and the text are the guard.
 */
#ifndef CLI_REVOCERT_H
#define CLI_REVOCERT_H

#include "cli/app.h"

/* Where they are; the caller frees. */
MUST_USE err *revocert_directory(const struct app *app, char **out);

/* Where that of a key is: $BULLA_HOME/revocations/FINGERPRINT.asc.  The caller frees. */
MUST_USE err *revocert_path(const struct app *app, const struct fingerprint *fpr, char **out);

/* Writes one, made of these packets, to path (NULL: to its place, in a directory made for
 * it), readable only for the user.  *written is where it is; the caller frees.  ERR_EXISTS
 * unless it may be replaced. */
MUST_USE err *revocert_write(struct app *app, const struct cert *c, struct slice packets,
                             const char *path, bool replace, char **written);

#endif
