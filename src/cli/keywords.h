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

/* The whole fingerprint of a certificate, which need not be in the keyring.  ERR_USAGE. */
MUST_USE err *keywords_fingerprint(struct keyring *k, const char *text, struct fingerprint *out);

/* A number from 1 to max; *out stays as it is where text is NULL.  ERR_USAGE names the
 * option. */
MUST_USE err *keywords_number(const char *option, const char *text, unsigned max, unsigned *out);

/* ERR_PROFILE. */
MUST_USE err *keywords_profile(const char *name, const struct keygen_profile **out);

#endif
