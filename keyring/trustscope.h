/* trustscope.h - which user IDs a delegation speaks for [RFC9580 5.2.3.22].
 *
 * Many delegations have the same expressions, and many are asked about the same user ID: each
 * expression is compiled once, and matched once for each question.  Nobody is called by a user
 * ID of more than REGEX_MAX bytes: it would only take time, and fits nothing.
 */
#ifndef KEYRING_TRUSTSCOPE_H
#define KEYRING_TRUSTSCOPE_H

#include "base/vec.h"
#include "keyring/trustmap.h"
#include "pgp/regex.h"

struct scope;

struct scopes {
    VEC(struct scope *) items;
    struct trustmap by_hash;
    struct slice user_id; /* asked about */
    uint64_t question;
};

void scopes_clear(struct scopes *s);

/* From now on the question is about this user ID, which is borrowed. */
void scopes_ask(struct scopes *s, struct slice user_id);

/* Does one of the expressions, each ended by a zero byte, match?  One that is none matches
 * nothing.  Without any it is true.  The text is borrowed. */
MUST_USE err *scopes_fit(struct scopes *s, struct slice expressions, bool *out);

#endif
