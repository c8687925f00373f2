/* trustpaths.h - paths one after the other, each of those with the most room first, while
 * there are any: fast, and often all that can be had, but not always.
 */
#ifndef KEYRING_TRUSTPATHS_H
#define KEYRING_TRUSTPATHS_H

#include "keyring/trustroom.h"

enum trustpaths_state {
    TRUSTPATHS_FOUND,
    TRUSTPATHS_REACHED, /* no other leads there from fewer edges */
    TRUSTPATHS_WHOLE,   /* its node is taken as the root */
};

/* The end of a path: from a node over `hops` edges to the user ID. */
struct trustpaths_end {
    const struct trustflow_edge *edge; /* its first */
    uint32_t rest;                     /* what comes behind that; TRUSTROOM_NONE: nothing */
    uint32_t changes;                  /* of the room, when `amount` was right */
    uint8_t hops;                      /* TRUSTFLOW_UNLIMITED: as many or more */
    uint8_t amount;
    uint8_t state;
};

struct trustpaths_mark {
    uint32_t sweep;
    uint16_t hops;               /* the fewest among those that went on from this node */
    uint8_t put_hops, put_class; /* of the last that was put into the queue for it */
};

struct trustpaths_routes {
    struct trustroom_route *items;
    size_t n, capacity;
};

/* Kept from one question to the next, for its memory. */
struct trustpaths {
    struct trustroom *room;
    struct trustbuckets *buckets;
    VEC(struct trustpaths_end) ends;
    VEC(struct trustpaths_mark) marks; /* by node */
    VEC(const struct trustflow_edge *) edges;
    uint32_t sweep;
    bool has_survey; /* the reaches of the graph hold for this question */
    size_t effort, effort_max;
    size_t asked, sum; /* of the amounts of the paths that were found */
    unsigned missing;  /* of one path: no more is needed */
};
void trustpaths_clear(struct trustpaths *p);

/* Looks through the graph once from the user ID backwards, and takes the paths that there is
 * room for until p->sum is p->asked; they are added to routes.  Where none is found there is
 * none, and the rows that are marked then cut the roots off from the user ID.  Ends without having looked at
 * everything when the effort is more than its limit. */
MUST_USE err *trustpaths_sweep(struct trustpaths *p, struct trustpaths_routes *routes);

/* Adds the path over these edges, from the root on, without an amount. */
MUST_USE err *trustpaths_add_route(struct trustroom *room, const struct trustflow_edge **edges,
                                   size_t n, struct trustpaths_routes *routes);
void trustpaths_routes_clear(struct trustpaths_routes *r);

#endif
