/* keywords.h - the words in which commands are told about keys: what a subkey is for, when
 * it ends. */
#ifndef CLI_KEYWORDS_H
#define CLI_KEYWORDS_H

#include "cli/app.h"
#include "pgp/keygen.h"

/* For the choices and the help of an option. */
#define KEYWORDS_PROFILES     "default rfc9580 security compatibility"
#define KEYWORDS_USES         "encrypt sign auth sign,auth"
#define KEYWORDS_USER_REASONS "invalid unspecified"

/* "sign,auth": key flags (enum key_flag).  ERR_USAGE. */
MUST_USE err *keywords_uses(const char *text, uint8_t *flags);

/* Why a user ID is revoked: it is not valid any more, unless the word (or NULL) says otherwise.
 * ERR_USAGE. */
MUST_USE err *keywords_user_reason(const char *word, enum revocation_reason *out);

/* A subkey by fingerprint or key ID.  ERR_USAGE. */
MUST_USE err *keywords_subkey(const char *text, struct key_handle *out);

/* "2y", a date, or "never", as a time; 0: never.  ERR_USAGE. */
MUST_USE err *keywords_end(const struct app *app, const char *text, int64_t *out);

/* ERR_PROFILE. */
MUST_USE err *keywords_profile(const char *name, const struct keygen_profile **out);

#endif
