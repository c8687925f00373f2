/* trustgrow.h - how far the network is looked at: from the roots on, and back from what is
 * asked about, until these meet.
 *
 * Forwards it goes along delegations, as far as their depths let a path go on; that is the same
 * for all questions.  Backwards it goes along delegations that reach what is asked about.
 */
#ifndef KEYRING_TRUSTGROW_H
#define KEYRING_TRUSTGROW_H

#include "keyring/trustnet.h"

struct grow_queue {
    struct net_node **items;
    size_t n, capacity, next; /* those before `next` have been followed */
};

struct grow {
    struct net *net;
    struct grow_queue forwards, backwards;
};

/* Starts at the roots. */
MUST_USE err *grow_open(struct net *n, struct grow *out);
void grow_close(struct grow *g);

/* Nothing is left to follow: all who can introduce are known. */
bool grow_is_closed(const struct grow_queue *q);

/* Follows at most `max` of the queue. */
MUST_USE err *grow_forwards(struct grow *g, size_t max);
MUST_USE err *grow_backwards(struct grow *g, size_t max);

/* Forgets what is behind it, and starts at those who speak for the user ID. */
MUST_USE err *grow_ask(struct grow *g, struct net_node *subject, size_t user);

/* Has it been met from one side at least? */
bool grow_has(const struct net_node *x);

/* How far an edge lets a path go on: its depth, or without limit where the user trusts its
 * subject to certify. */
unsigned grow_depth(const struct net_node *subject, const struct trust_edge *e);

#endif
