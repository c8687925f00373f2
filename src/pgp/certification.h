/* certification.h - what the owner of one certificate says about a user ID of another: how
 * far it goes, and whether it still counts [RFC9580 5.2.1.4, 5.2.1.13].
 *
 * A certification says whose the certificate is.  One with a depth says besides that its
 * owner may certify others in turn, to that depth, perhaps only with user IDs that match
 * one of some regular expressions.
 */
#ifndef PGP_CERTIFICATION_H
#define PGP_CERTIFICATION_H

#include "pgp/cert.h"
#include "pgp/policy.h"
#include "pgp/sigmaker.h"

enum {
    CERTIFICATION_FULL = 120,       /* an amount: completely */
    CERTIFICATION_DOMAIN_MAX = 255, /* [RFC1035 2.3.4] */
};

/* How far a certification goes. */
struct certification_terms {
    uint8_t depth, amount; /* [RFC9580 5.2.3.21]; without that subpacket 0 and full */
    bool local;            /* not for others [RFC9580 5.2.3.19] */
    int64_t expires_at;    /* 0: never */
    struct buf scopes;     /* regular expressions [RFC9580 5.2.3.22], each ended by a zero
                            * byte; none: no limit */
};

#define CERTIFICATION_TERMS                                                                        \
    ((struct certification_terms){.amount = CERTIFICATION_FULL,                                    \
                                  .scopes = BUF_EMPTY(CERT_PACKET_MAX)})

void certification_terms_clear(struct certification_terms *t);

/* Adds a scope: addresses in a domain and in those below it.  ERR_USAGE: that is no
 * domain. */
MUST_USE err *certification_add_domain(struct certification_terms *t, const char *domain);

/* The next scope; start with *cursor = 0.  *domain, with room for CERTIFICATION_DOMAIN_MAX
 * bytes, becomes the domain that it is about, or empty where it is of another form than
 * certification_add_domain writes.  False at the end. */
bool certification_next_scope(const struct certification_terms *t, size_t *cursor,
                              struct slice *regex, struct buf *domain);

/* What a signature says. */
MUST_USE err *certification_read_terms(const struct sig *s, struct certification_terms *out);

/* Appends the subpackets of one that is made `at`. */
MUST_USE err *certification_write_terms(const struct certification_terms *t, int64_t at,
                                        struct buf *subpackets);

bool certification_same_terms(const struct certification_terms *a,
                              const struct certification_terms *b);

/* What one key has said about one user ID; borrowed from the certificate. */
struct certification {
    const struct sig *newest;     /* NULL: nothing */
    const struct sig *revocation; /* takes it back; NULL: nothing does */
    int64_t last_at;              /* when it has last said something; 0: never */
    bool is_public;               /* one that is not taken back is not local */
};

/* Looks at the mathematics only.  ERR_NO_MEMORY. */
MUST_USE err *certification_find(const struct cert *c, const struct component *user,
                                 const struct pubkey *by, struct certification *out);

/* Does it count at that time?  Says nothing about the key that made it. */
bool certification_holds(const struct certification *x, const struct policy *p, int64_t at);

#endif
