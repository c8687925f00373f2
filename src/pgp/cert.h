/* cert.h - certificates and secret keys as a whole: a primary key, user IDs and
 * subkeys, each with its signatures [RFC9580 10.1, 10.2].
 *
 * A certificate is parsed from bytes, which it keeps; everything in it borrows
 * from them.  What is not understood (unknown versions, broken signatures) is
 * kept where it stood and written again.  Nothing here says whether a signature
 * is good: see bind.h.
 */
#ifndef PGP_CERT_H
#define PGP_CERT_H

#include "base/buf.h"
#include "base/own.h"
#include "base/vec.h"
#include "packet/packet.h"
#include "packet/pubkey.h"
#include "packet/seckey.h"
#include "packet/sig.h"
#include "pgp/target.h"

enum {
    CERT_PACKET_MAX = 8 << 20, /* bytes of one packet of a certificate */
    CERT_MAX = 256 << 20,      /* bytes of one certificate */
};

struct cert_sig {
    struct packet packet;
    struct sig sig; /* if parsed */
    bool parsed;    /* false: kept, but not understood */
};

enum component_kind {
    COMPONENT_PRIMARY,
    COMPONENT_USER_ID,
    COMPONENT_USER_ATTRIBUTE,
    COMPONENT_SUBKEY,
    COMPONENT_UNKNOWN, /* a subkey of an unknown version, or an unknown packet */
};

struct component {
    enum component_kind kind;
    struct packet packet;
    struct pubkey key;    /* primary and subkeys */
    struct seckey secret; /* where has_secret */
    bool has_secret;
    VEC(struct cert_sig) sigs;
};

struct cert {
    VEC(struct component) components; /* the primary key is the first */
    struct buf bytes;                 /* what all slices point into */
    VEC(struct cert *) revokers;      /* of others who may revoke it; owned: see revoker.h */
    struct sigcache *cache;           /* held; or NULL */
};

/* Parses one certificate from bytes that hold nothing else; they are copied.
 * ERR_MALFORMED, ERR_UNSUPPORTED (version of the primary key). */
MUST_USE err *cert_parse(struct slice bytes, struct cert **out);

/* With its revokers. */
MUST_USE err *cert_copy(const struct cert *c, struct cert **out);

/* NULL is allowed. */
void cert_free(struct cert *c);
AUTO_DEFINE(cert_free, struct cert *)

const struct pubkey *cert_primary(const struct cert *c);
const struct fingerprint *cert_fingerprint(const struct cert *c);

/* Does any of its keys come with its secret part (even if that is absent)? */
bool cert_has_secret(const struct cert *c);

/* Is one of its keys, the primary one or a subkey, what the handle means? */
bool cert_has_key(const struct cert *c, const struct key_handle *h);

/* What a signature on this component signs. */
struct target cert_target(const struct cert *c, const struct component *on);

/* The first user ID, without looking at its validity; empty if there is none. */
struct slice cert_any_user_id(const struct cert *c);

enum cert_write_flags {
    CERT_PUBLIC = 0,
    CERT_SECRET = 1, /* secret parts, too */
    CERT_LOCAL = 2,  /* signatures that are marked as not exportable, too */
};

/* Appends the certificate as packets. */
void cert_write(const struct cert *c, unsigned flags, struct buf *b);

/* A certificate with all that is in a and b, which have the same primary key.
 * *changed tells whether b brought anything that a lacks; secret parts that a
 * lacks are taken from b, too. */
MUST_USE err *cert_merge(const struct cert *a, const struct cert *b, struct cert **out,
                         bool *changed);

#endif
