/* trustgraph.h - what the solver knows of the graph of trust, and keeps from one question to
 * the next.
 */
#ifndef KEYRING_TRUSTGRAPH_H
#define KEYRING_TRUSTGRAPH_H

#include "base/vec.h"
#include "keyring/trustbuckets.h"
#include "keyring/trustflow.h"

enum { TRUST_AMOUNT_MAX = 120 };

/* Something comes from a root so that this amount may go on over up to `depth` edges. */
struct trustgraph_reach {
    uint8_t amount, depth;
    uint8_t hops; /* how far the root is, at most 255 */
};

struct trustgraph_place {
    struct trustflow_node node;
    uint32_t first_reach, n_reaches; /* amounts fall, or nearly; depths rise */
    bool is_known;
    bool is_close; /* for trustgraph_close */
};

struct trustgraph {
    struct trustflow_graph source;
    VEC(struct trustgraph_place) places; /* by number */
    VEC(int32_t) known;                  /* the numbers that were asked for, in that order */
    VEC(bool) pairs_seen;                /* by pair: to find those that stand apart */
    VEC(struct trustgraph_reach) reaches;
    size_t n_surveyed; /* so many were known when reaches were found out */
    bool is_complete;  /* there are no more */
};
void trustgraph_clear(struct trustgraph *g);

/* Makes a node known.  ERR_BUG where the caller breaks its promises. */
MUST_USE err *trustgraph_visit(struct trustgraph *g, int32_t number);

/* One that is known. */
static inline const struct trustgraph_place *trustgraph_at(const struct trustgraph *g,
                                                           int32_t number)
{
    return &g->places.items[number];
}

/* Is the delegation good for this question? */
static inline bool trustgraph_usable(const struct trustflow_question *q,
                                     const struct trustflow_edge *e)
{
    return !e->is_scoped || q->usable == NULL || q->usable(q->context, e);
}

/* Makes every node known that a path for this question may go over. */
MUST_USE err *trustgraph_close(struct trustgraph *g, const struct trustflow_question *q);

/* Finds out what reaches the known nodes from the known roots, if every edge is good. */
MUST_USE err *trustgraph_survey(struct trustgraph *g, struct trustbuckets *b);

/* About the most that may come to a node and go on over `hops` edges, with how far its root
 * is; the amount is 0 only if nothing can. */
struct trustgraph_reach trustgraph_reach(const struct trustgraph *g, int32_t number, unsigned hops);

#endif
