/* issue.h - making signatures over keys and user IDs: by the owner of the certificate, or
 * by somebody else [RFC9580 5.2.1, 5.2.4].
 */
#ifndef PGP_ISSUE_H
#define PGP_ISSUE_H

#include "pgp/sigmaker.h"
#include "pgp/target.h"

struct issue {
    const struct signer *signer;
    enum sig_type type;
    struct target target;
    struct slice subpackets; /* beyond creation time and issuer; to be hashed */
    const struct world *world;
    uint32_t at; /* when it is made; 0: now */
};

/* Appends the body of the signature packet, to be embedded in another one say. */
MUST_USE err *issue_body(const struct issue *i, struct buf *out);

/* Appends the packet. */
MUST_USE err *issue_packet(const struct issue *i, struct buf *packets);

/* Appends a packet that revokes what i->target is; the type of i does not matter.
 * `words` is for people and may be empty. */
MUST_USE err *issue_revocation(const struct issue *i, enum revocation_reason reason,
                               const char *words, struct buf *packets);

/* Appends what revokes a primary key, i->target, wherever its certificate is, and stands
 * alone: the signature, with the key before it from version 6 on [RFC9580 10.1.2]. */
MUST_USE err *issue_revocation_certificate(const struct issue *i, enum revocation_reason reason,
                                           const char *words, struct buf *packets);

#endif
