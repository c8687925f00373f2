/* certpool.h - certificates of many files brought together: each once, merged of all its copies.
 *
 *     TRY(certpool_new(directory, &p));
 *     TRY(certpool_add(p, c)); ...
 *     TRY(certpool_next(p, &c)); ...      NULL at the end
 *
 * They come out in the order in which they were first put in, which ends with the first
 * certpool_next.  Memory: one certificate with its copies, and 64 bytes for each.
 */
#ifndef CLI_CERTPOOL_H
#define CLI_CERTPOOL_H

#include "pgp/cert.h"

struct certpool;

/* A file, where memory does not suffice, is made in `directory`. */
MUST_USE err *certpool_new(const char *directory, struct certpool **out);

/* NULL is allowed. */
void certpool_free(struct certpool *p);
AUTO_DEFINE(certpool_free, struct certpool *)

/* The public parts, with local signatures. */
MUST_USE err *certpool_add(struct certpool *p, const struct cert *c);

/* How many have been added, copies too. */
size_t certpool_n(const struct certpool *p);

/* The fingerprint of what was added first; NULL: nothing.  Valid until more is added. */
const struct fingerprint *certpool_first(const struct certpool *p);

/* Owned by the caller. */
MUST_USE err *certpool_next(struct certpool *p, struct cert **out);

#endif
