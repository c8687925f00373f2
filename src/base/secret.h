/* secret.h - keys, passphrases and other bytes that must not leak.
 *
 * A secret lives in locked pages between guard pages, excluded from core dumps
 * (one arena for the program; a secret that does not fit gets pages of its
 * own).  It has one owner, is never copied or printed implicitly, is compared
 * only with ct_equal, and is wiped when freed.  `const struct secret *` in a
 * prototype means that the bytes go no further than that function.
 *
 * Where the system refuses to lock memory, the secret is kept unlocked; see
 * secret_is_locked.  Functions may be called from any thread.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/err.h"
#include "base/own.h"
#include "base/slice.h"

struct secret;

/* len zero bytes, len >= 0.  ERR_NO_MEMORY. */
MUST_USE err *secret_new(size_t len, struct secret **out);

/* A secret with the given content; the caller wipes its own copy. */
MUST_USE err *secret_of(struct slice bytes, struct secret **out);

/* Borrowed, valid until the secret is freed. */
struct slice secret_view(const struct secret *s);
size_t secret_len(const struct secret *s);

/* For functions that fill a secret in place. */
uint8_t *secret_data(struct secret *s);

/* Makes it shorter; the rest is wiped.  len <= secret_len(s). */
void secret_truncate(struct secret *s, size_t len);

/* NULL is allowed. */
void secret_free(struct secret *s);
AUTO_DEFINE(secret_free, struct secret *)

/* False once the system has refused to lock any secret's pages. */
bool secret_is_locked(void);

#endif
