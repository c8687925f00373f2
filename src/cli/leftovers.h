/* leftovers.h - what a command could not take over, with the reasons: told at its end. */
#ifndef CLI_LEFTOVERS_H
#define CLI_LEFTOVERS_H

#include "cli/app.h"

struct leftover {
    char *what, *why;
    enum err_kind kind; /* ERR_NONE: not for us, and no failure */
};

struct leftovers {
    VEC(struct leftover) items;
};

/* Takes `why` over, which may have any kind; out of memory, and an interrupt, come back. */
MUST_USE err *leftovers_add(struct leftovers *l, const char *what, err *why);

/* What is left without being a failure. */
MUST_USE err *leftovers_note(struct leftovers *l, const char *what, const char *why);

/* A line for each, and in JSON the array "left". */
void leftovers_report(const struct leftovers *l, struct report *r);

/* NULL, or an error of the kind of the first failure. */
MUST_USE err *leftovers_failure(const struct leftovers *l);

void leftovers_clear(struct leftovers *l);

#endif
