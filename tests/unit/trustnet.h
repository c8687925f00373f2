/* trustnet.h - networks of trust for tests: built by hand or at random, solved, and what comes
 * out checked against what keyring/trustflow.h says.
 */
#ifndef TESTS_TRUSTNET_H
#define TESTS_TRUSTNET_H

#include "base/vec.h"
#include "keyring/trustflow.h"

struct trustnet {
    VEC(struct trustflow_edge) edges; /* delegations */
    VEC(struct trustflow_edge) finals;
    VEC(unsigned) roots;     /* by node */
    VEC(unsigned) limits;    /* by node */
    VEC(size_t) starts;      /* by node, once sorted */
    VEC(bool) asked_for;     /* by node: node() was called */
    int32_t target, n_nodes; /* the certificate of the user ID */
    int32_t n_pairs;
    struct trustflow_solver *solver;
    struct trustflow flow;
};

/* Empty; the certificate of the user ID is this node. */
struct trustnet trustnet_new(int32_t target);
void trustnet_clear(struct trustnet *n);

void trustnet_root(struct trustnet *n, int32_t node, unsigned amount);
void trustnet_limit(struct trustnet *n, int32_t node, unsigned amount);
void trustnet_edge(struct trustnet *n, int32_t from, int32_t to, unsigned depth, unsigned amount);
void trustnet_scoped(struct trustnet *n, int32_t from, int32_t to, unsigned depth, unsigned amount);
void trustnet_final(struct trustnet *n, int32_t from, unsigned amount);

/* Solves it, and checks that the paths are ones, and that nothing carries too much.  With a
 * survey the answer must be the same.  The amount; more is in n->flow. */
unsigned trustnet_solve(struct trustnet *n, unsigned asked);

/* With the scoped delegations left out. */
unsigned trustnet_solve_without_scoped(struct trustnet *n, unsigned asked);

/* The maximum by enumerating all paths, and exact arithmetic: for a small network that was
 * solved before.  *shortest_first: what is found by taking one path after the other. */
unsigned trustnet_brute(struct trustnet *n, unsigned *shortest_first);

#endif
