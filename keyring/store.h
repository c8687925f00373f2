/* store.h - what the files of keyring/ share. */
#ifndef KEYRING_STORE_H
#define KEYRING_STORE_H

#include "keyring/db.h"
#include "keyring/keyring.h"

struct keyring {
    struct db *certs;       /* NULL: absent, opened for reading */
    struct db *secrets;     /* the same, or the file that they were in before (see apart.h) */
    struct sigcache *cache; /* on signatures of its certificates */
    size_t left_out;        /* see keyring_left_out */
};

/* A certificate as it is stored, with its secret packets where asked, and
 * with the certificates of those who have revoked it as its designated revokers. */
MUST_USE err *store_parse(struct keyring *k, struct slice bytes, bool secret, struct cert **out);

/* The certificate with this primary fingerprint, as it is stored; *id is 0 if there is
 * none. */
MUST_USE err *store_find(struct keyring *k, struct slice fpr, int64_t *id, struct cert **out);

/* What was known of a certificate for the web of trust is no longer true. */
MUST_USE err *store_forget_dossier(struct db *d, int64_t id);

#endif
