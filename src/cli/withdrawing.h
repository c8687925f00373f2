/* withdrawing.h - taking back what was certified, whoever has: what there is to take back, and
 * the revocations.
 *
 *     ... certifying_find...
 *     TRY(withdrawing_find_users(&x));
 *     ... userpicks_choose, certifying_unlock...
 *     TRY(certifying_store(&x.common, withdrawing_apply, &x));
 */
#ifndef CLI_WITHDRAWING_H
#define CLI_WITHDRAWING_H

#include "cli/certifying.h"

struct withdrawing {
    struct certifying common;
    enum revocation_reason reason;
    const char *message; /* borrowed */
    bool public;         /* others may know of what is revoked */
};

void withdrawing_clear(struct withdrawing *x);

/* The picks: all user IDs of the subject.  The problem is why there is nothing to take back:
 * ERR_NO_USER_ID, ERR_EXISTS. */
MUST_USE err *withdrawing_find_users(struct withdrawing *x);

/* A certifying_apply. */
err *withdrawing_apply(void *context, const struct cert *c, struct cert **out);

#endif
