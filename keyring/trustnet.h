/* trustnet.h - the part of the network of trust that has been looked at.
 *
 * Nodes are certificates, read from the keyring when something leads to them.  What belongs to
 * a node stays where it is until the network is closed.
 */
#ifndef KEYRING_TRUSTNET_H
#define KEYRING_TRUSTNET_H

#include "keyring/dossier.h"
#include "keyring/trust.h"
#include "keyring/trustmap.h"

struct net_node {
    struct trust_cert cert; /* what is handed out of it */
    int32_t number;         /* among the nodes */
    int64_t row;            /* in the table of certificates; 0: it is not here */
    int64_t key;            /* the index's number of its primary key */
    struct net_node *next;  /* another one with this number */
    struct dossier dossier;
    struct buf bytes;             /* of the dossier */
    bool changed, lasting;        /* of these bytes: for storing them */
    const struct life_state *now; /* its state at the reference time; or NULL */
    struct trust_edge *edges;     /* one for each statement of the dossier, once judged */
    bool *judged;                 /* for each, of those by one issuer the first */
    struct trust_edge *self;      /* for each user ID, what it says about itself */
    int32_t first_pair;           /* see net_pair */
    unsigned introducer;          /* the amount for which the user trusts it to certify; 0 */
    bool refused;                 /* the user never trusts it to certify */
    bool left_out;                /* as if it were not there */
    struct cert *parsed;          /* while signatures are verified; or NULL */
    struct {
        unsigned depth; /* how far a path may go on from here; 0: none leads here */
        unsigned hops;  /* how far it is from here to what is asked about; 0: it does not */
        bool queued, followed;
    } search; /* see trustgrow.h */
};

struct net {
    struct keyring *k;
    struct trust_opts opts;
    struct {
        struct net_node **items;
        size_t n, capacity;
    } nodes;
    struct trustmap rows, keys; /* of nodes by their row, and by their key (the first) */
    int32_t next_pair;
    struct {
        struct net_node **items;
        size_t n, capacity;
    } roots, introducers;
};

MUST_USE err *net_open(struct keyring *k, const struct trust_opts *o, struct net *out);

/* Stores the dossiers that have changed, as far as that can be done at once. */
void net_save(struct net *n);
void net_close(struct net *n);

/* The first node of this key, and by node->next the others; there is always one, which may
 * not be here. */
MUST_USE err *net_find(struct net *n, int64_t key, struct net_node **out);

/* The same of those that net_find has found before; NULL: of none. */
struct net_node *net_known(const struct net *n, int64_t key);

/* NULL: it is not here. */
MUST_USE err *net_by_fingerprint(struct net *n, const struct fingerprint *fpr,
                                 struct net_node **out);
MUST_USE err *net_by_row(struct net *n, int64_t row, struct net_node **out);

/* Of a statement of the node, which is the first by its issuer: a number for what the two share,
 * and one for what the node says about itself. */
int32_t net_pair(const struct net_node *x, size_t statement);
int32_t net_own_pair(const struct net_node *x);

/* The certificate itself, for verifying. */
MUST_USE err *net_parse(struct net *n, struct net_node *x);

/* Rows of certificates that bear a signature said to be by this key, in order; only of those
 * that delegate, where `delegations`. */
struct net_rows {
    int64_t *items;
    size_t n, capacity;
};
MUST_USE err *net_signed_by(struct net *n, int64_t key, bool delegations, struct net_rows *out);
MUST_USE err *net_all_rows(struct net *n, struct net_rows *out);

#endif
