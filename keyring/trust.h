/* trust.h - whose certificate is whose, by what the roots say, and those whom they trust.
 *
 * A network of certificates and certifications as it is at one time (doc/web-of-trust.md).
 * The amount that reaches a user ID of a certificate is the maximum flow from the roots to it;
 * TRUST_FULL of it authenticates.  Of the keyring only that is read which may matter for a
 * question, and what has been verified is stored there, so that it is not verified again.
 */
#ifndef KEYRING_TRUST_H
#define KEYRING_TRUST_H

#include "base/vec.h"
#include "keyring/keyring.h"
#include "pgp/policy.h"

enum {
    TRUST_FULL = 120,      /* an amount: completely */
    TRUST_UNLIMITED = 255, /* a depth: as far as one likes [RFC9580 5.2.3.21] */
};

struct trust_root {
    struct fingerprint fpr;
    unsigned amount; /* 1 to TRUST_FULL; less than that is for all that starts there together */
};

/* Borrowed. */
struct trust_opts {
    const struct policy *policy;
    int64_t at;                     /* the reference time */
    const struct trust_root *roots; /* NULL: the stored ones, and one's own keys */
    size_t n_roots;
    const struct fingerprint *without; /* as if these were not there */
    size_t n_without;
    bool certification_network; /* every certification counts as an unlimited delegation */
    bool gossip;                /* every certificate is a root: to find out who says what */
};

struct trust;

/* k is borrowed, and must not be written to meanwhile. */
MUST_USE err *trust_open(struct keyring *k, const struct trust_opts *o, struct trust **out);

/* Stores what was found out, if that can be done.  NULL is allowed. */
void trust_close(struct trust *t);
AUTO_DEFINE(trust_close, struct trust *)

/* In what follows, all that is handed out is borrowed, until trust_close. */

/* Why a certificate, or what one says about another, does not count. */
enum trust_fault {
    TRUST_COUNTS,
    TRUST_UNVERIFIED,       /* nobody has needed to know whether it is genuine */
    TRUST_BAD,              /* the signature is not genuine */
    TRUST_WEAK,             /* its hash is not accepted for its time */
    TRUST_NOT_YET,          /* is made after the reference time */
    TRUST_EXPIRED,          /* the certification has */
    TRUST_TAKEN_BACK,       /* its issuer has revoked it */
    TRUST_REPLACED,         /* its issuer has said something newer */
    TRUST_NOTHING,          /* its amount is 0: its issuer trusts no longer */
    TRUST_NO_ISSUER,        /* the issuer's certificate is not here */
    TRUST_ISSUER_INVALID,   /* the issuer was not valid then, or its key was stolen */
    TRUST_ISSUER_REFUSED,   /* the user never trusts what the issuer says */
    TRUST_SUBJECT_INVALID,  /* the subject is expired or revoked, or was when it was certified */
    TRUST_USER_REVOKED,     /* the user ID is revoked, or was when it was certified */
    TRUST_OUT_OF_SCOPE,     /* speaks for other user IDs than the one asked for */
    TRUST_TOO_SHORT,        /* its depth does not reach so far */
    TRUST_ISSUER_UNTRUSTED, /* counts, but nothing leads from a root to its issuer */
    TRUST_UNKNOWN,          /* there is no such certificate or user ID */
};

/* A certificate of the network. */
struct trust_cert {
    struct fingerprint fpr; /* of one that is not here perhaps only its key ID; see is_here */
    struct slice name;      /* a user ID of it, to show; may be empty */
    bool is_here;
    unsigned root;          /* the amount that it has as a root; 0: it is none */
    enum trust_fault fault; /* TRUST_COUNTS: valid now; _SUBJECT_INVALID, _NO_ISSUER */
    int64_t valid_until;    /* 0: always, or not valid */
};

/* What one certificate says about another. */
struct trust_edge {
    const struct trust_cert *issuer, *subject;
    struct slice user_id; /* what it is said about; empty: about the certificate as a whole */
    uint8_t depth;        /* 0: a certification; more: a delegation */
    uint8_t amount;
    int64_t created_at, expires_at; /* 0: never */
    struct slice scopes;            /* regular expressions, each ended by a zero byte */
    enum trust_fault fault;
};

struct trust_path {
    const struct trust_cert *root;
    const struct trust_edge **edges; /* from the root on; none: the root speaks for itself */
    size_t n_edges;
    double amount; /* that it carries; a fraction where paths share what they have */
};

struct trust_answer {
    unsigned amount;        /* at least what was asked for, or all that there is */
    bool is_bound;          /* the network is so contrived that there may be more */
    enum trust_fault fault; /* why the user ID cannot be authenticated by anybody; or COUNTS */
    VEC(struct trust_path) paths;
};
void trust_answer_clear(struct trust_answer *a);

/* The amount that reaches this user ID.  The search may end when it is `asked`. */
MUST_USE err *trust_check(struct trust *t, const struct fingerprint *fpr, struct slice user_id,
                          unsigned asked, struct trust_answer *out);

/* NULL: it is not here. */
MUST_USE err *trust_cert(struct trust *t, const struct fingerprint *fpr,
                         const struct trust_cert **out);

/* Calls visit for each user ID of the certificate, valid or not, in its order; those that
 * only others vouch for, too. */
typedef err *trust_visit_user(void *context, const struct trust_cert *c, struct slice user_id);
MUST_USE err *trust_each_user(struct trust *t, const struct fingerprint *fpr,
                              trust_visit_user *visit, void *context);

/* The same for all certificates, or only for those that may be authenticated at least in
 * part. */
MUST_USE err *trust_each(struct trust *t, bool all, trust_visit_user *visit, void *context);

/* The roots, in the order of fingerprints; those that are not here, too. */
struct trust_certs {
    const struct trust_cert **items;
    size_t n, capacity;
};
const struct trust_certs *trust_roots(const struct trust *t);

/* What others say about a certificate, and what it says about others, whether it counts or
 * not; in no order.  Where of_user is not NULL, scopes are judged for that user ID. */
struct trust_edges {
    const struct trust_edge **items;
    size_t n, capacity;
};
MUST_USE err *trust_edges_to(struct trust *t, const struct fingerprint *fpr,
                             const struct slice *of_user, struct trust_edges *out);
MUST_USE err *trust_edges_from(struct trust *t, const struct fingerprint *fpr,
                               struct trust_edges *out);

/* What would have to be otherwise for more to reach a user ID: certifications of it, and
 * delegations on the way to them, that do not count, and why; the most helpful first, at
 * most `max`. */
MUST_USE err *trust_misses(struct trust *t, const struct fingerprint *fpr, struct slice user_id,
                           size_t max, struct trust_edges *out);

#endif
