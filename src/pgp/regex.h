/* regex.h - the regular expressions of delegations [RFC9580 8].
 *
 * Whatever the expression, matching takes time in proportion to its length times the text's.
 */
#ifndef PGP_REGEX_H
#define PGP_REGEX_H

#include "base/err.h"
#include "base/own.h"
#include "base/slice.h"

enum { REGEX_MAX = 4096 }; /* bytes of an expression */

struct regex;

/* ERR_MALFORMED: that is no expression; ERR_LIMIT: it is too long; ERR_NO_MEMORY. */
MUST_USE err *regex_new(struct slice expression, struct regex **out);

/* Is there a match anywhere in the text?  ASCII letters match in either case, as in names of
 * domains.  ERR_NO_MEMORY. */
MUST_USE err *regex_match(struct regex *r, struct slice text, bool *out);

/* NULL is allowed. */
void regex_free(struct regex *r);
AUTO_DEFINE(regex_free, struct regex *)

#endif
