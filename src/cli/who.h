/* who.h - from what the user calls a key to the certificate. */
#ifndef CLI_WHO_H
#define CLI_WHO_H

#include "cli/app.h"

enum who_for {
    WHO_TO_LOOK_AT, /* show, export, delete: several that fit are too many */
    WHO_TO_USE,     /* encrypt, sign: of several that fit, the only valid one is meant */
};

/* The certificate in the keyring that `who` means: a fingerprint, key ID, e-mail
 * address, @domain, or part of a user ID.  Subkeys count where they are bound, user IDs where
 * they are valid: anybody can put others into a certificate.  ERR_NOT_FOUND says why
 * not; ERR_AMBIGUOUS lists the candidates. */
MUST_USE err *who_cert(struct app *app, const char *who, enum who_for purpose, struct cert **out);

/* The same among one's own keys, with their secret parts. */
MUST_USE err *who_key(struct app *app, const char *who, enum who_for purpose, struct cert **out);

/* All that fit, at least one. */
MUST_USE err *who_all(struct app *app, const char *who, bool secret, struct cert_list *out);

/* The one of several that is meant, which is taken out of l.  ERR_AMBIGUOUS. */
MUST_USE err *who_choose(struct app *app, const char *who, enum who_for purpose,
                         struct cert_list *l, struct cert **out);

/* Can the certificate be used now? */
MUST_USE err *who_is_valid(struct app *app, const struct cert *c, bool *out);

/* One's own key where none is named: the only one that there is.  ERR_NOT_FOUND,
 * ERR_AMBIGUOUS: `advice` is what to do then. */
MUST_USE err *who_own_key(struct app *app, const char *advice, struct cert **out);

/* Is the certificate named by the whole fingerprint of its primary key, which nobody else's
 * can have?  Every other name is a claim. */
bool who_is_fingerprint(const char *who, const struct cert *c);

/* The only certificate in a file. */
MUST_USE err *who_from_file(const char *path, struct cert **out);

/* "Alice <alice@example.org>", escaped, or the fingerprint where there is no user
 * ID; the caller frees. */
MUST_USE err *who_name(struct app *app, const struct cert *c, char **out);

#endif
