/* trustdb.h - GnuPG's trustdb.gpg: how far the user trusts the owners of keys to certify
 * others.
 *
 * A row of records of 40 bytes, the first of which says so.  Only those with a
 * fingerprint and an ownertrust are looked at; all else GnuPG has worked out itself.
 */
#ifndef KEYRING_TRUSTDB_H
#define KEYRING_TRUSTDB_H

#include <stdbool.h>

#include "base/err.h"
#include "base/slice.h"

enum { TRUSTDB_MAX = 64 << 20 };

enum trustdb_level {
    TRUSTDB_UNDEFINED = 2,
    TRUSTDB_NEVER = 3,
    TRUSTDB_MARGINAL = 4,
    TRUSTDB_FULL = 5,
    TRUSTDB_ULTIMATE = 6,
};

struct trustdb_entry {
    struct slice fpr; /* 20 bytes: a v4 fingerprint, or parts of a longer one */
    uint8_t level;    /* a trustdb_level, or another number */
    bool disabled;    /* the key is not to be used */
};

/* Calls visit for each key of which the user has said something; stops at its first error.
 * ERR_MALFORMED (what was visited counts), ERR_UNSUPPORTED (another version). */
typedef err *trustdb_visit(void *context, const struct trustdb_entry *entry);
MUST_USE err *trustdb_each(struct slice file, trustdb_visit *visit, void *context);

#endif
