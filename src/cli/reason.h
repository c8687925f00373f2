/* reason.h - --reason and --message: why something is revoked. */
#ifndef CLI_REASON_H
#define CLI_REASON_H

#include "cli/opt.h"
#include "packet/sig.h"

/* What a command's options say; part of its own struct. */
struct reason_opts {
    const char *reason, *message;
};

#define OPT_REASON(type, field)                                                                    \
    OPT_WORD(0, "reason", type, field.reason, "WHY",                                               \
             "compromised, superseded, retired or unspecified",                                    \
             "compromised superseded retired unspecified"),                                        \
        OPT_TEXT(0, "message", type, field.message, "TEXT", "more about it, for people to read",   \
                 OPT_ANY)

/* A paragraph for a command's details. */
#define REASON_DETAILS                                                                             \
    "--reason compromised (somebody else may have the key) and unspecified make everything void "  \
    "that the key has ever signed, and nothing undoes that. After superseded (by another key) "    \
    "and retired (not used any more), what it has signed before stays good."

/* *message is never NULL.  Where none is said, the reason is `otherwise`.  ERR_USAGE: there
 * is no such reason, the message is too long or not UTF-8. */
MUST_USE err *reason_parse(const struct reason_opts *o, enum revocation_reason otherwise,
                           enum revocation_reason *reason, const char **message);

#endif
