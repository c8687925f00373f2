/* trustflow.h - how much flows from the roots to a user ID: the graph problem alone.
 *
 * Certificates are numbered from 0.  A path starts at a root, goes along delegations, and ends
 * with a final edge: a certification of the user ID that is asked about.  A delegation that is
 * followed by n edges needs a depth of at least n, TRUSTFLOW_UNLIMITED reaches any number.  A
 * path carries at most the least amount among its edges, and its root's.
 *
 * What paths share they share: all that goes over edges of the same pair (what one issuer says
 * about one certificate), and all that starts at one root.  Of one pair, what is carried with
 * a need of n or more cannot exceed the largest amount among its delegations of such depth;
 * all that it carries, the largest amount among those of its edges that can be used so; what
 * its final edges carry, the largest amount of these.
 *
 * The answer is the maximum over all such paths, as a linear program, rounded down.
 */
#ifndef KEYRING_TRUSTFLOW_H
#define KEYRING_TRUSTFLOW_H

#include "base/err.h"
#include "base/own.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TRUSTFLOW_UNLIMITED = 255,
    TRUSTFLOW_TARGET = -1, /* as `to`: a final edge */
};

struct trustflow_edge {
    int32_t from, to;
    int32_t pair;   /* numbered from 0; edges of one pair have the same `from`, and mean the
                     * same certificate by `to`: final edges say so of that of the user ID */
    uint8_t depth;  /* of a delegation, 1 to 255; of a final edge it does not count */
    uint8_t amount; /* 1 to 120 */
};

/* As a root: how much may start there.  As a limit: how much may pass through. */
struct trustflow_node {
    int32_t node;
    unsigned amount;
};

/* Borrowed. */
struct trustflow_graph {
    size_t n_nodes, n_pairs;
    const struct trustflow_edge *edges;
    size_t n_edges;
    const struct trustflow_node *roots; /* each node once */
    size_t n_roots;
    const struct trustflow_node *limits; /* the same */
    size_t n_limits;
};

struct trustflow_path {
    double amount;
    int32_t root;  /* a node */
    size_t *edges; /* from the root to the final one */
    size_t n_edges;
};

struct trustflow {
    unsigned amount;
    bool is_bound; /* the effort has reached its limit: there may be more */
    struct trustflow_path *paths;
    size_t n_paths;
};

/* Sends flow until at least `asked` arrives, or all that can.  ERR_NO_MEMORY. */
MUST_USE err *trustflow_solve(const struct trustflow_graph *g, unsigned asked,
                              struct trustflow *out);
void trustflow_clear(struct trustflow *f);

#endif
