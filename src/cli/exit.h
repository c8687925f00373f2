/* exit.h - exit codes: one table for both faces of the program. */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

#include "base/err.h"

struct exit_code {
    enum err_kind kind;
    int code;            /* of bulla's own commands */
    int sop_code;        /* of `bulla sop`: that of the Stateless OpenPGP interface */
    const char *name;    /* in JSON */
    const char *meaning; /* in the man page */
};

/* The row for a kind; there always is one. */
const struct exit_code *exit_code_of(enum err_kind kind);

/* All rows, in the order of their codes; ends with code -1. */
extern const struct exit_code exit_codes[];

#endif
