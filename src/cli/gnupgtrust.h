/* gnupgtrust.h - GnuPG's ownertrust as trust settings: "ultimate" is a root, "full" and
 * "marginal" introducers of 120 and 40, "never" is never. */
#ifndef CLI_GNUPGTRUST_H
#define CLI_GNUPGTRUST_H

#include "cli/leftovers.h"
#include "keyring/settings.h"

struct gnupgtrust_setting {
    struct trust_setting setting;
    bool kept; /* the user has decided something here already, which stays */
};

struct gnupgtrust {
    VEC(struct gnupgtrust_setting) settings;
    VEC(struct fingerprint) v5; /* the trust database has only a part of these */
};

/* A certificate that is here: to be called before the trust database is read. */
MUST_USE err *gnupgtrust_seen(struct gnupgtrust *t, const struct fingerprint *fpr);

/* Reads trustdb.gpg; an absent one says nothing. */
MUST_USE err *gnupgtrust_read(struct gnupgtrust *t, const char *path, struct leftovers *left);

/* In a transaction. */
MUST_USE err *gnupgtrust_store(struct gnupgtrust *t, struct keyring *k);

/* A line for each that is new, and in JSON the array "trust". */
void gnupgtrust_report(const struct gnupgtrust *t, struct report *r);

void gnupgtrust_clear(struct gnupgtrust *t);

#endif
