/* localroot.h - the key by which the user accepts certificates: it says what only counts here.
 *
 * It is made when it is first needed, certifies only, has no passphrase, and all its signatures
 * are local [RFC9580 5.2.3.19].  Certificate and secret part are in the keyring like those of
 * one's own keys, but a trust setting of the kind TRUST_LOCAL marks it: lists of certificates
 * and keys leave it out, and only its fingerprint or key ID find it.  Where a backup was
 * restored there may be several; all count.
 */
#ifndef KEYRING_LOCALROOT_H
#define KEYRING_LOCALROOT_H

#include "base/world.h"
#include "keyring/settings.h"

struct localroots {
    struct fingerprint *items;
    size_t n, capacity;
};
void localroots_clear(struct localroots *l);

/* All that are marked so, in the order of fingerprints. */
MUST_USE err *localroots_find(struct keyring *k, struct localroots *out);

bool localroots_have(const struct localroots *l, const struct fingerprint *fpr);

/* Is it one? */
MUST_USE err *localroot_is(struct keyring *k, const struct fingerprint *fpr, bool *out);

/* The first whose secret part is here, with it; NULL: there is none. */
MUST_USE err *localroot_get(struct keyring *k, struct cert **out);

/* The same; is made if there is none.  Belongs to a transaction, so that two processes do not
 * make two. */
MUST_USE err *localroot_make(struct keyring *k, const struct world *w, struct cert **out);

/* Removes it with its setting, if it is one; *found tells whether it is.  Belongs to a
 * transaction. */
MUST_USE err *localroot_delete(struct keyring *k, const struct fingerprint *fpr, bool *found);

#endif
