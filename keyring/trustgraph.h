/* trustgraph.h - the network as a problem of flow: what trustflow.h asks for. */
#ifndef KEYRING_TRUSTGRAPH_H
#define KEYRING_TRUSTGRAPH_H

#include "keyring/trustflow.h"
#include "keyring/trustgrow.h"
#include "keyring/trustscope.h"

struct trustgraph {
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
MUST_USE err *trustgraph_open(struct net *n, struct scopes *s, struct trustgraph *out);
void trustgraph_close(struct trustgraph *g);

/* What reaches this user ID along them; at least `asked` if there is so much. */
MUST_USE err *trustgraph_solve(struct trustgraph *g, struct net_node *subject, size_t user,
                               unsigned asked, struct trust_answer *out);

#endif
