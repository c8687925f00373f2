/* stats.h - how much is in the keyring, and how much room that takes; taking less. */
#ifndef KEYRING_STATS_H
#define KEYRING_STATS_H

#include "keyring/keyring.h"

enum { STATS_LARGEST = 5 };

struct stats_large {
    struct fingerprint fpr;
    uint64_t len; /* bytes of the certificate */
};

struct keyring_stats {
    uint64_t certs, user_ids, signatures; /* user attributes count as user IDs */
    uint64_t keys;                        /* certificates with secret parts */
    uint64_t secrets;                     /* secret parts: subkeys have one each */
    uint64_t settings;                    /* of trust */
    struct stats_large largest[STATS_LARGEST];
    size_t n_largest;
    int64_t backup_at; /* of the newest backup that is known of; 0: none */
    int version;       /* of the schema; 0: there is no keyring yet */
    uint64_t pages, free_pages, page_len;
};

/* Reads every certificate, all as it is at one moment; step may be NULL. */
MUST_USE err *keyring_count(struct keyring *k,
                            err *(*step)(void *context, uint64_t done, uint64_t total),
                            void *context, struct keyring_stats *out);

/* Bytes of the database and of its log; 0 where there is none.  ERR_NO_MEMORY. */
struct keyring_sizes {
    uint64_t database, log;
};
MUST_USE err *keyring_measure(const char *home, struct keyring_sizes *out);

/* Gives back the room of what was deleted.  The keyring is open for writing, and not in a
 * transaction.  *whole is false where the log stays as it is, since others read it.  ERR_BUSY,
 * ERR_OUTPUT. */
MUST_USE err *keyring_compact(struct keyring *k, bool *whole);

#endif
