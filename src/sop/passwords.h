/* passwords.h - passwords of the stateless commands, each in a file, @FD:n or @ENV:NAME.
 *
 * A password that is to open something is tried as it is, then without blanks and line
 * ends at its end.  A new one is stored without them, and must be text that a human can
 * type again.
 */
#ifndef SOP_PASSWORDS_H
#define SOP_PASSWORDS_H

#include "base/secret.h"
#include "base/vec.h"
#include "cli/opt.h"
#include "pgp/finder.h"

struct passwords {
    struct secret **items;
    size_t n, capacity;
};
void passwords_clear(struct passwords *p);

/* Reads all, in their order.  ERR_NO_INPUT, ERR_BAD_DESIGNATOR, ERR_AMBIGUOUS_INPUT. */
MUST_USE err *passwords_read(const struct opt_list *names, struct passwords *out);

/* For a key_finder: one after the other.  p may be NULL: there are none. */
MUST_USE err *passwords_next(const struct passwords *p, const struct passphrase_request *request,
                             struct secret **out);

/* A password for something new; stays NULL where name is.  ERR_BAD_PASSPHRASE if nobody
 * could type it. */
MUST_USE err *passwords_new(const char *name, struct secret **out);

#endif
