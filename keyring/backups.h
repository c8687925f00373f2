/* backups.h - which of one's own keys are in a backup, as far as is known here. */
#ifndef KEYRING_BACKUPS_H
#define KEYRING_BACKUPS_H

#include "keyring/keyring.h"

/* The backup made then has the secret part of this key, a primary key or subkey.  Belongs to a
 * transaction. */
MUST_USE err *keyring_note_backup(struct keyring *k, const struct fingerprint *fpr,
                                  int64_t made_at);

/* When the newest backup with this key was made; 0: there is none. */
MUST_USE err *keyring_find_backup(struct keyring *k, const struct fingerprint *fpr,
                                  int64_t *made_at);

#endif
