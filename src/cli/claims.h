/* claims.h - certificates that have an e-mail address in them which is known to be
 * somebody else's. */
#ifndef CLI_CLAIMS_H
#define CLI_CLAIMS_H

#include "cli/report.h"

struct claim {
    char *email; /* owned */
    struct fingerprint fpr;
};
struct claims {
    struct claim *items;
    size_t n, capacity;
};

/* Adds one, unless it is there.  email is copied. */
MUST_USE err *claims_add(struct claims *c, const char *email, const struct fingerprint *fpr);
bool claims_have(const struct claims *c, const char *email, const struct fingerprint *fpr);
void claims_clear(struct claims *c);

/* A remark for each, up to a limit, and the array "claims" in JSON. */
void claims_tell(struct report *r, const struct claims *c);

#endif
