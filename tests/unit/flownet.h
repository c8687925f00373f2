/* flownet.h - networks of trust for tests: built by hand or at random, solved, and what comes
 * out checked against what keyring/trustflow.h says.
 */
#ifndef TESTS_FLOWNET_H
#define TESTS_FLOWNET_H

#include "base/vec.h"
#include "keyring/trustflow.h"

struct flownet {
    VEC(struct trustflow_edge) edges; /* delegations */
    VEC(struct trustflow_edge) finals;
    VEC(unsigned) roots;     /* by node */
    VEC(unsigned) limits;    /* by node */
    VEC(size_t) starts;      /* by node, once sorted */
    VEC(bool) asked_for;     /* by node: node() was called */
    int32_t target, n_nodes; /* the certificate of the user ID */
    int32_t n_pairs;
    size_t effort_max;
    struct trustflow_solver *solver;
    struct trustflow flow;
};

/* Empty; the certificate of the user ID is this node. */
struct flownet flownet_new(int32_t target);
void flownet_clear(struct flownet *n);

void flownet_root(struct flownet *n, int32_t node, unsigned amount);
void flownet_limit(struct flownet *n, int32_t node, unsigned amount);
void flownet_edge(struct flownet *n, int32_t from, int32_t to, unsigned depth, unsigned amount);
void flownet_scoped(struct flownet *n, int32_t from, int32_t to, unsigned depth, unsigned amount);
void flownet_final(struct flownet *n, int32_t from, unsigned amount);

/* Solves it, and checks that the paths are ones, and that nothing carries too much.  With a
 * survey the answer must be the same.  The amount; more is in n->flow. */
unsigned flownet_solve(struct flownet *n, unsigned asked);

/* With the scoped delegations left out. */
unsigned flownet_solve_without_scoped(struct flownet *n, unsigned asked);

/* The maximum by enumerating all paths, and exact arithmetic: for a small network that was
 * solved before.  *shortest_first: what is found by taking one path after the other. */
unsigned flownet_brute(struct flownet *n, unsigned *shortest_first);

#endif
