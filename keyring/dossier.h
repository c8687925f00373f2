/* dossier.h - what the web of trust needs of a certificate: its life, that of its user IDs, and
 * what others say about it, which of it has been verified.
 *
 * It is stored as bytes (schema.sql), so that neither the certificate need be parsed nor
 * anything be verified again.  All integers are big-endian.
 *
 *     u8       DOSSIER_VERSION
 *     28       the policy that it was made by
 *     8        of the SHA-256 digest of the certificate
 *     u8 u8 n  version and length of the fingerprint, fingerprint
 *     u32      when the key was made
 *     u32      which of the user IDs to show; DOSSIER_NONE
 *     states   of the primary key: u16 how many, each u8 flags (1 ok, 2 hard) and
 *              u64 from, revoked_at, expires_at
 *     u32      how many user IDs; each u32 length, the user ID, states
 *     u32      how many statements; each
 *         u8 u8     verdict, kind
 *         20        whom the verdict is about, see below
 *         u64       the issuer's number (keyring/index.h)
 *         u32       of which user ID; DOSSIER_NONE: of the certificate as a whole
 *         u32 u64   created_at, expires_at
 *         u8 u8 u8  depth, amount, hash
 *         u32 u32   where it is: number of the component, and of the signature there
 *         u32 n     length of the scopes, scopes
 */
#ifndef KEYRING_DOSSIER_H
#define KEYRING_DOSSIER_H

#include "base/buf.h"
#include "pgp/life.h"

enum { DOSSIER_VERSION = 1, DOSSIER_ID = 20 };
#define DOSSIER_NONE UINT32_MAX

struct dossier_states {
    struct life_state *items;
    size_t n;
};

struct dossier_user {
    struct slice id; /* borrowed from the bytes */
    struct dossier_states life;
};

enum dossier_verdict { DOSSIER_UNKNOWN, DOSSIER_GOOD, DOSSIER_BAD };

enum dossier_kind { DOSSIER_SAYS, DOSSIER_REVOKES };

struct dossier_statement {
    size_t place; /* of the verdict in the bytes */
    enum dossier_verdict verdict;
    enum dossier_kind kind;
    const uint8_t *about; /* whom the verdict is about: the first DOSSIER_ID bytes of the
                           * fingerprint, borrowed from the bytes */
    int64_t issuer;
    uint32_t user;
    int64_t created_at, expires_at; /* 0: never */
    uint8_t depth, amount, hash;
    uint32_t component, sig;
    struct slice scopes; /* each ended by a zero byte; borrowed */
};

/* Statements are in the order of issuers, of user IDs, and of time, the latest first. */
struct dossier {
    struct slice digest;
    struct fingerprint fpr;
    int64_t created_at;
    uint32_t shown;
    struct dossier_states life;
    struct dossier_user *users;
    size_t n_users;
    struct dossier_statement *statements;
    size_t n_statements;
};

void dossier_clear(struct dossier *d);

/* *lasting is false where another certificate, once it is here, may change it: then it must
 * not be stored. */
MUST_USE err *dossier_write(const struct cert *c, const struct policy *p, struct buf *out,
                            bool *lasting);

/* The bytes must outlive out.  *current is false, and out empty, where they have been made by
 * another version or policy.  ERR_MALFORMED, ERR_NO_MEMORY. */
MUST_USE err *dossier_read(struct slice bytes, const struct policy *p, struct dossier *out,
                           bool *current);

/* Notes a verdict, in bytes too, whose start is given. */
void dossier_note(uint8_t *bytes, struct dossier_statement *s, enum dossier_verdict verdict,
                  const struct fingerprint *about);

/* Is the verdict, if there is one, about this key? */
bool dossier_is_about(const struct dossier_statement *s, const struct fingerprint *f);

/* 8 bytes of the digest of a certificate. */
enum { DOSSIER_DIGEST = 8 };
MUST_USE err *dossier_digest(struct slice cert, uint8_t out[static DOSSIER_DIGEST]);

#endif
