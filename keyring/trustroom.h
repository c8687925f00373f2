/* trustroom.h - what paths share, while one question is answered: how much more there is
 * room for.
 *
 * A row is a bound on what certain uses carry together: of a pair the uses with a need of
 * at least so much, perhaps with its final ones; all that starts at a root; all that leaves
 * a node with a limit.  Rows are made when a path first touches them: until then an edge
 * has room for its amount.
 */
#ifndef KEYRING_TRUSTROOM_H
#define KEYRING_TRUSTROOM_H

#include "keyring/trustgraph.h"

enum { TRUSTROOM_NONE = UINT32_MAX };

struct trustroom_row {
    unsigned bound, used;
    uint16_t need; /* of a pair: holds what needs at least so much; past any: no delegation */
    bool has_final;
    bool is_marked; /* for trustroom_mark */
    double price;   /* for trustprice.h */
};

struct trustroom_pair {
    uint32_t question; /* of which the rest is */
    uint32_t n_rows, first_row;
    int32_t final;      /* the last final edge of the pair; -1: none */
    int32_t delegation; /* if it has a final edge: where those of the pair begin; -1: none */
};

struct trustroom_node {
    uint32_t question;
    uint32_t root, limit; /* rows, or TRUSTROOM_NONE */
};

/* A path, and the rows that it needs room in. */
struct trustroom_route {
    int32_t root;
    size_t n_edges, n_rows;
    const struct trustflow_edge **edges;
    uint32_t *rows;
    double amount;
};

struct trustroom {
    struct trustgraph *graph;
    const struct trustflow_question *question;
    uint32_t number; /* of the question */
    uint32_t changes;
    VEC(struct trustroom_row) rows;
    VEC(struct trustroom_pair) pairs;
    VEC(struct trustroom_node) nodes;
    VEC(int32_t) next_final; /* by final edge: another of its pair, or -1 */
    VEC(uint32_t) scratch;
};
void trustroom_clear(struct trustroom *r);

MUST_USE err *trustroom_start(struct trustroom *r, const struct trustflow_question *q);

/* The first of the *n rows of the edge's pair; none while no path has touched it. */
static inline uint32_t trustroom_rows(const struct trustroom *r, const struct trustflow_edge *e,
                                      uint32_t *n)
{
    *n = 0;
    if ((size_t)e->pair >= r->pairs.n || r->pairs.items[e->pair].question != r->number)
        return 0;
    *n = r->pairs.items[e->pair].n_rows;
    return r->pairs.items[e->pair].first_row;
}

/* Is this use of the pair in the row?  A need of 0: as a final edge. */
static inline bool trustroom_covers(const struct trustroom_row *row, unsigned need)
{
    return need == 0 ? row->has_final : need >= row->need;
}

/* How much more the edge can carry with this need, a root can start, and may leave a node;
 * where it is nothing, the row that says so is marked. */
unsigned trustroom_edge(struct trustroom *r, const struct trustflow_edge *e, unsigned need);
unsigned trustroom_root(struct trustroom *r, int32_t number);
unsigned trustroom_limit(struct trustroom *r, int32_t number, unsigned amount);

/* Unmarks all rows; the sum of the bounds of those that are marked. */
void trustroom_unmark(struct trustroom *r);
size_t trustroom_marked(const struct trustroom *r);

/* Makes a route of these edges, from a root to the final one, each replaced with the best of
 * its pair for its place.  The caller frees with trustroom_route_clear. */
MUST_USE err *trustroom_route(struct trustroom *r, const struct trustflow_edge **edges,
                              size_t n_edges, struct trustroom_route *out);
void trustroom_route_clear(struct trustroom_route *route);

/* The most that there is still room for on it; takes as much. */
unsigned trustroom_left(const struct trustroom *r, const struct trustroom_route *route);
void trustroom_take(struct trustroom *r, const struct trustroom_route *route, unsigned amount);

/* Everything is free again. */
void trustroom_empty(struct trustroom *r);

#endif
