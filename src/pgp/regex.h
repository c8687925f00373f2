/* regex.h - the regular expressions of delegations [RFC9580 8].
 *
 * Whatever the expression, matching takes time in proportion to its length times the text's,
 * and memory in proportion to its length.
 *
 * A character is one of Unicode; an octet that is no UTF-8 counts as one of its own kind.  A
 * branch may be empty, and an empty expression matches everything.  In brackets only ], ^ and -
 * mean more than themselves.  ASCII letters match in either case: expressions are about domains,
 * which have no case, and other programs do the same.
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

/* Is there a match anywhere in the text?  One at a time: r has the room for it.
 * ERR_NO_MEMORY. */
MUST_USE err *regex_match(struct regex *r, struct slice text, bool *out);

/* NULL is allowed. */
void regex_free(struct regex *r);
AUTO_DEFINE(regex_free, struct regex *)

#endif
