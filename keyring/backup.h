/* backup.h - the whole keyring as a stream of packets, which is then encrypted; and read again.
 *
 *     certificate...                  one's own with their secret keys, all with local signatures
 *     public key packet, version 3    whose modulus reads "bulla"
 *     private packets (60)            what is no certificate, with a kind in the first octet:
 *         1  trust settings           of each: octets of the name (1), the name (key version,
 *                                     fingerprint), kind (1), amount (1)
 *         2  revocation certificate   octets of the name (1), the name, the file
 *         0  summary, the last one    version (1): 1; made at (8); certificates (8), those with
 *                                     secret keys (8), settings (8), revocation certificates (8)
 *
 * Any program reads the certificates.  What is no certificate stands behind a key of a version
 * that all programs pass over with what belongs to it, so that it becomes part of nobody's
 * certificate.  No certificate in a keyring looks like that: so short a key has no key ID, and
 * is not read.
 */
#ifndef KEYRING_BACKUP_H
#define KEYRING_BACKUP_H

#include "base/vec.h"
#include "keyring/settings.h"
#include "stream/source.h"

/* What a backup says that it has. */
struct backup_summary {
    int64_t made_at;
    uint64_t certs, keys, settings, revocations;
};

struct backup_revocation {
    struct fingerprint fpr; /* of the primary key */
    struct slice file;
};

enum { BACKUP_PRIVATE = 60, BACKUP_VERSION = 1 };

enum backup_kind { BACKUP_SUMMARY = 0, BACKUP_SETTINGS = 1, BACKUP_REVOCATION = 2 };

/* The body of that public key packet [RFC9580 5.5.2.2]: version, creation time, days, algorithm,
 * modulus, exponent. */
#define BACKUP_DIVIDER                                                                             \
    SLICE_TEXT("\x03\0\0\0\0\0\0\x01\0\x27"                                                        \
               "bulla"                                                                             \
               "\0\x02\x03")

/* Writing. */

struct backup_content {
    struct backup_summary summary;
    VEC(struct fingerprint) held; /* the keys whose secret parts are in it */
    uint64_t left;                /* secret keys that are not: their certificate is not here */
};
void backup_content_clear(struct backup_content *c);

/* The keyring as it is at this moment, until the source is closed: begins and ends a reading.
 * All is borrowed until then; content is whole when the source has ended.  Memory: one certificate,
 * and the settings.  ERR_MALFORMED, with a hint, where the keyring is damaged. */
MUST_USE err *backup_source_new(struct keyring *k, int64_t now,
                                const struct backup_revocation *revocations, size_t n_revocations,
                                struct backup_content *content, struct source **out);

/* Reading. */

struct backup_visitor {
    void *context;
    err *(*cert)(void *context, const struct cert *c);
    err *(*setting)(void *context, const struct trust_setting *t);
    err *(*revocation)(void *context, const struct backup_revocation *r);
};

/* Shows all that is in it; s is borrowed.  Stops at the first error of a visitor.  ERR_MALFORMED:
 * it is no backup, or not all of one; ERR_UNSUPPORTED: made by a newer version. */
MUST_USE err *backup_read(struct source *s, const struct backup_visitor *v,
                          struct backup_summary *out);

#endif
