/* userpick.h - which user IDs of a certificate a command is about: those that are named, the
 * only one, or all. */
#ifndef CLI_USERPICK_H
#define CLI_USERPICK_H

#include "cli/opt.h"
#include "pgp/cert.h"

struct userpick {
    const struct component *user; /* borrowed */
    err *problem;                 /* why it cannot be this one; owned; NULL: it can */
    bool chosen;
};

struct userpicks {
    struct userpick *items;
    size_t n, capacity;
};

void userpicks_clear(struct userpicks *p);

/* Chooses among them: those that `names` means, each as it stands or by its whole e-mail
 * address; or where there are no names all that can be, if that is one or if `all`.  The
 * problem of one that is named is returned; ERR_NO_USER_ID: there is none of this name;
 * ERR_AMBIGUOUS, ERR_MISSING_ARG: there are several, which the hint lists. */
MUST_USE err *userpicks_choose(struct userpicks *p, const struct args *names, bool all);

#endif
