/* trustprice.h - the cheapest path, where each row that it needs room in has a price.
 *
 * Prices come from trustlp.h.  A path that costs less than the 1 that it is worth makes the
 * sum larger; if the cheapest one costs c, no sum is larger than 1/c of the present one.
 */
#ifndef KEYRING_TRUSTPRICE_H
#define KEYRING_TRUSTPRICE_H

#include "keyring/trustpaths.h"

/* The end of a path, as in trustpaths.h. */
struct trustprice_end {
    double cost;
    const struct trustflow_edge *edge;
    uint32_t rest;
    uint8_t hops;
    bool is_path;
};

/* Kept from one question to the next, for its memory. */
struct trustprice {
    struct trustroom *room;
    VEC(struct trustprice_end) ends;
    VEC(uint32_t) heap;
    VEC(struct trustpaths_mark) marks; /* by node */
    VEC(const struct trustflow_edge *) edges;
    uint32_t sweep;
    double worth; /* dearer ones are of no use */
    size_t effort, effort_max;
};
void trustprice_clear(struct trustprice *p);

/* Adds the cheapest path to routes, and some others that cost less than it is worth, without
 * an amount.  *cost is that of the cheapest, or 1 if none costs less; 0 when the effort was more than its limit: nobody knows.  Needs a
 * survey. */
MUST_USE err *trustprice_find(struct trustprice *p, struct trustpaths_routes *routes, double *cost);

#endif
