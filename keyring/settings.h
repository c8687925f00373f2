/* settings.h - what the user has decided about certificates, whether these are here or
 * not. */
#ifndef KEYRING_SETTINGS_H
#define KEYRING_SETTINGS_H

#include "keyring/keyring.h"

enum trust_kind {
    TRUST_ROOT = 1,
    TRUST_INTRODUCER = 2,
    TRUST_NEVER = 3,
    TRUST_LOCAL = 4, /* a root, too: see localroot.h */
};

struct trust_setting {
    struct fingerprint fpr; /* of the primary key */
    enum trust_kind kind;
    unsigned amount; /* 1 to 120; 0 for TRUST_NEVER */
};

/* Is that a kind, with an amount that it can have? */
bool trust_setting_is_sound(const struct trust_setting *t);

/* Replaces what was decided before.  Belongs to a transaction. */
MUST_USE err *keyring_trust_put(struct keyring *k, const struct trust_setting *t);

/* As if nothing had been decided; *found tells whether anything was.  Belongs to a
 * transaction. */
MUST_USE err *keyring_trust_remove(struct keyring *k, const struct fingerprint *fpr, bool *found);

/* Has anything been decided about the certificate with this fingerprint? */
MUST_USE err *keyring_trust_has(struct keyring *k, const struct fingerprint *fpr, bool *out);

/* Calls visit for every setting, in the order of fingerprints; stops at its first error. */
MUST_USE err *keyring_trust_each(struct keyring *k,
                                 err *(*visit)(void *context, const struct trust_setting *t),
                                 void *context);

#endif
