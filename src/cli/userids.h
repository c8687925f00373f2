/* userids.h - user IDs as they are given: whole, or as names and e-mail addresses.
 *
 * A name and the addresses given with it make one user ID for each address,
 * "Alice <alice@example.org>", since that is what mail programs look for and show.  With
 * `separate`, each name and each address is a user ID by itself, so that others can vouch for
 * the one without the other.
 */
#ifndef CLI_USERIDS_H
#define CLI_USERIDS_H

#include "base/own.h"
#include "base/slice.h"
#include "cli/opt.h"

/* What a command's options say; part of its own struct. */
struct userids_opts {
    bool separate;
    struct opt_list names, emails;
};

#define OPT_USERIDS(type, field)                                                                   \
    OPT_LIST(0, "name", type, field.names, "NAME", "whose it is: combined with each --email",      \
             OPT_ANY),                                                                             \
        OPT_LIST(0, "email", type, field.emails, "ADDRESS", "an e-mail address; may be repeated",  \
                 OPT_ANY),                                                                         \
        OPT_FLAG(0, "separate", type, field.separate,                                              \
                 "make user IDs of their own from each --name and --email")

struct userids {
    char **texts; /* of those that are put together; owned */
    size_t n_texts;
    struct slice *items; /* all; those of `whole` are borrowed */
    size_t n;
};

/* First those that are given whole, then what the options make.  ERR_USAGE: an address is
 * none, a name holds one, several names for an address. */
MUST_USE err *userids_collect(const struct userids_opts *o, const struct args *whole,
                              struct userids *out);

void userids_clear(struct userids *u);

#endif
