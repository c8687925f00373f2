/* trustproblem.h - the network as a problem of flow: what trustflow.h asks for. */
#ifndef KEYRING_TRUSTPROBLEM_H
#define KEYRING_TRUSTPROBLEM_H

#include "keyring/trustflow.h"
#include "keyring/trustgrow.h"
#include "keyring/trustscope.h"

struct trustproblem {
    struct net *net;
    struct scopes *scopes;
    struct trustflow_solver *solver;
    struct {
        struct trust_edge **items; /* by the numbers of edges */
        size_t n, capacity;
    } edges;
    struct {
        struct trustflow_edge **items; /* handed to the solver */
        size_t n, capacity;
    } lists;
    err *failed; /* while a scope was looked at */
};

/* Those nodes that the search has met (grow_has), as they are now. */
MUST_USE err *trustproblem_open(struct net *n, struct scopes *s, struct trustproblem *out);
void trustproblem_close(struct trustproblem *g);

/* What reaches this user ID along them; at least `asked` if there is so much, though not where
 * `roughly`. */
MUST_USE err *trustproblem_solve(struct trustproblem *g, struct net_node *subject, size_t user,
                                 unsigned asked, bool roughly, struct trust_answer *out);

#endif
