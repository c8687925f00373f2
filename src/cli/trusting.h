/* trusting.h - what the commands of `trust` have in common: the network that they look at,
 * and what their arguments mean in it. */
#ifndef CLI_TRUSTING_H
#define CLI_TRUSTING_H

#include "base/vec.h"
#include "cli/app.h"
#include "keyring/trust.h"

/* What a command's options say; part of its own struct. */
struct trusting_opts {
    struct moment_opts moment;
    const char *amount;
    struct opt_list roots, keyrings;
    bool certification_network, gossip;
};

#define OPT_TRUSTING(type, field)                                                                  \
    OPT_MOMENT(type, field.moment),                                                                \
        OPT_TEXT(0, "amount", type, field.amount, "N",                                             \
                 "how much is enough: 120 unless said, which means completely", OPT_ANY),          \
        OPT_LIST(0, "root", type, field.roots, "FPR[:AMOUNT]",                                     \
                 "start from this certificate, not from those that you have chosen", OPT_ANY),     \
        OPT_LIST(0, "keyring", type, field.keyrings, "FILE",                                       \
                 "look at the certificates in FILE, not at those in the keyring", OPT_INPUT),      \
        OPT_FLAG(0, "certification-network", type, field.certification_network,                    \
                 "whoever certifies somebody relies on what that one certifies"),                  \
        OPT_FLAG(0, "gossip", type, field.gossip,                                                  \
                 "what anybody says, relied on or not: proves nothing")

/* A paragraph for a command's details. */
#define TRUSTING_DETAILS                                                                           \
    "It starts from the roots: your own keys, and those that bulla trust root has added; or "      \
    "only those of --root, by whole fingerprints. With --keyring, which may be repeated, "         \
    "certificates come from files alone; the keyring is asked only for those of the roots. "       \
    "--gossip takes every certificate for a root: what it finds is marked, and never counts as "   \
    "authenticated (110)."

struct trusting {
    struct app *app;
    struct keyring *keyring; /* borrowed: the app's, which is one in memory with --keyring */
    struct trust_opts opts;  /* where trust was opened with them, or is to be */
    struct trust *trust;     /* NULL until it is opened */
    unsigned asked;          /* the amount that is enough */
    VEC(struct trust_root) roots;
};

/* Reads the options, sets the time, and opens the keyring, without the network.  ERR_USAGE,
 * ERR_NO_INPUT, ...  Bad certificates in files are told and passed over. */
MUST_USE err *trusting_prepare(struct app *app, const struct trusting_opts *o,
                               struct trusting *out);

/* From here on the app's keyring is one in memory, with a copy of the roots and of what
 * `files` hold. */
MUST_USE err *trusting_use_memory(struct app *app, const struct opt_list *files);

/* The same, and the network. */
MUST_USE err *trusting_open(struct app *app, const struct trusting_opts *o, struct trusting *out);
void trusting_clear(struct trusting *x);

/* Adds the certificates of a file to the keyring, with local signatures; within a
 * transaction.  Bad ones are told and passed over.  ERR_NO_DATA: it has no other. */
MUST_USE err *trusting_read_file(struct app *app, struct keyring *k, const char *path);

/* Is that enough?  Gossip never is. */
bool trusting_is_enough(const struct trusting *x, unsigned amount);

/* A user ID of a certificate. */
struct trusting_user {
    struct fingerprint fpr;
    struct slice user_id; /* borrowed, of the network or the command line */
};
struct trusting_users {
    struct trusting_user *items;
    size_t n, capacity;
};

/* The user IDs that `who` and `user_id` (or NULL) name.  Of a fingerprint or key ID that is
 * all that the certificate has, of any other name those that have it; whether they are valid
 * does not matter.  A user ID is named whole or by its address; one that nobody has signed is
 * found, too, and comes out as unknown.  Where an address fits several certificates, the
 * only one that is authenticated is meant.  ERR_NOT_FOUND, ERR_AMBIGUOUS. */
MUST_USE err *trusting_find(struct trusting *x, const char *who, const char *user_id,
                            struct trusting_users *out);

/* All user IDs that `who` names, in whatever certificates.  ERR_NOT_FOUND: there are none. */
MUST_USE err *trusting_find_all(struct trusting *x, const char *who, struct trusting_users *out);

#endif
