/* rows.h - what the index holds of each certificate, beside what it should hold.
 *
 * Certificates are asked for in the order of their numbers: the rows of the index are
 * sorted by these once, and read along.
 */
#ifndef KEYRING_ROWS_H
#define KEYRING_ROWS_H

#include "keyring/index.h"

struct rows_difference {
    size_t missing, wrong;
};

struct rows;

/* d is borrowed, and in a transaction; the index may change afterwards. */
MUST_USE err *rows_open(struct db *d, struct rows **out);

/* Compares the rows of the certificate `id` with those that c (NULL: nothing) should have. */
MUST_USE err *rows_compare(struct rows *r, int64_t id, const struct cert *c,
                           struct rows_difference *out);

/* Rows passed by or left that belong to no certificate that was asked for. */
MUST_USE err *rows_end(struct rows *r, size_t *strays);

/* NULL is allowed. */
void rows_close(struct rows *r);
AUTO_DEFINE(rows_close, struct rows *)

#endif
