/* trustflow.h - how much flows from the roots to a user ID: the graph problem alone.
 *
 * Certificates are nodes, numbered from 0.  A path starts at a root, goes along delegations,
 * and ends with a final edge: a certification of the user ID that is asked about.  A
 * delegation that is followed by n edges needs a depth of at least n, TRUSTFLOW_UNLIMITED
 * reaches any number.  A path carries at most the least amount among its edges, and its
 * root's.
 *
 * What paths share they share: all that goes over edges of the same pair (what one issuer says
 * about one certificate), all that starts at one root, and all that leaves a node with a limit.
 * Of one pair, what is carried with a need of n or more cannot exceed the largest amount among
 * its delegations of such depth; all that it carries, the largest amount among those of its
 * edges that can be used so; what its final edges carry, the largest amount of these.
 *
 * The answer is the maximum over all such paths, as a linear program, rounded down
 * (doc/web-of-trust.md).
 *
 * The graph is asked for a node when a path may lead there, so that only what matters for a
 * question needs to be read.  After an error a solver can only be closed.
 */
#ifndef KEYRING_TRUSTFLOW_H
#define KEYRING_TRUSTFLOW_H

#include "base/err.h"
#include "base/own.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TRUSTFLOW_UNLIMITED = 255 };

struct trustflow_edge {
    int32_t from, to; /* of a final edge: the node of the certificate that has the user ID */
    int32_t pair;     /* numbered from 0; edges of one pair have the same `from` and `to` */
    uint32_t id;      /* the caller's, to know it by */
    uint8_t depth;    /* of a delegation, 1 to 255; of a final edge it does not count */
    uint8_t amount;   /* 1 to 120 */
    bool is_scoped;   /* a delegation that is good for some questions only: see `usable` */
};

struct trustflow_node {
    const struct trustflow_edge *into; /* all delegations that lead here */
    size_t n_into;                     /* those of a pair stand together */
    unsigned root;                     /* how much may start here; 0: it is no root */
    unsigned limit; /* how much may leave it, wherever it started; 0: any amount */
};

/* node() is called once for each node, when it is needed; `number` is one that was a `from` or
 * `to` before.  What it hands out is borrowed, and stays while the solver lives. */
struct trustflow_graph {
    err *(*node)(void *context, int32_t number, struct trustflow_node *out);
    void *context;
};

struct trustflow_solver;

/* Costs next to nothing.  g->context is borrowed. */
MUST_USE err *trustflow_open(const struct trustflow_graph *g, struct trustflow_solver **out);

/* NULL is allowed. */
void trustflow_close(struct trustflow_solver *s);
AUTO_DEFINE(trustflow_close, struct trustflow_solver *)

/* For many questions about one graph: asks for the nodes 0 to n - 1, all that there are, and
 * finds out once what reaches each, so that answers come sooner.  They are the same. */
MUST_USE err *trustflow_survey(struct trustflow_solver *s, size_t n);

/* Borrowed. */
struct trustflow_question {
    const struct trustflow_edge *finals;
    size_t n_finals;
    unsigned asked; /* it may end when so much has arrived; UINT_MAX: all that can */
    bool roughly;   /* only paths that are easily found are looked for: there may be more */

    /* Can this scoped delegation be used?  May be asked more than once.  NULL: all can. */
    bool (*usable)(void *context, const struct trustflow_edge *e);
    void *context;

    size_t effort_max; /* 0: less than a second */
};

struct trustflow_path {
    double amount; /* more than 0 */
    int32_t root;
    const struct trustflow_edge **edges; /* from the root to the final one */
    size_t n_edges;
};

struct trustflow {
    unsigned amount; /* all paths together, rounded down */
    bool is_bound;   /* the effort has reached its limit: there may be more */
    struct trustflow_path *paths;
    size_t n_paths;
    size_t effort; /* a unit of it is about a nanosecond */
};

/* Sends flow until at least `asked` arrives, or all that can.  ERR_NO_MEMORY, or what node()
 * fails with. */
MUST_USE err *trustflow_solve(struct trustflow_solver *s, const struct trustflow_question *q,
                              struct trustflow *out);
void trustflow_clear(struct trustflow *f);

#endif
