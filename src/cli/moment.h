/* moment.h - --at and --policy-as-of: judging as at another time than now. */
#ifndef CLI_MOMENT_H
#define CLI_MOMENT_H

#include "base/world.h"
#include "cli/opt.h"
#include "pgp/policy.h"

struct app;

/* What a command's options say; part of its own struct. */
struct moment_opts {
    const char *at, *policy_as_of;
};

#define OPT_MOMENT(type, field)                                                                    \
    OPT_TEXT(0, "at", type, field.at, "DATE",                                                      \
             "judge keys and signatures as at DATE, like 2027-01-31 or 2027-01-31T12:00:00Z",      \
             OPT_ANY),                                                                             \
        OPT_TEXT(0, "policy-as-of", type, field.policy_as_of, "DATE",                              \
                 "accept algorithms that were acceptable at DATE", OPT_ANY)

/* A paragraph for a command's details. */
#define MOMENT_DETAILS                                                                             \
    "--at judges by the keys, signatures and revocations of DATE; a date alone is its first "      \
    "second in UTC. A key that was stolen is not valid at any time. Which algorithms are too "     \
    "weak is not changed by it: --policy-as-of does that, for what has been in safe hands since "  \
    "DATE."

/* What an app looks through instead of the system's clock and the default policy. */
struct moment {
    int64_t at;
    struct world world;
    struct policy policy;
};

/* Sets the app's world and policy, and reports the dates.  ERR_USAGE. */
MUST_USE err *moment_apply(struct app *app, const struct moment_opts *opts);

#endif
