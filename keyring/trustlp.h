/* trustlp.h - how much to send over given routes so that the sum is the largest: a linear
 * program, solved by the simplex method.
 *
 * Of the inverse of the basis only the columns are kept that belong to rows without slack:
 * all others are those of the identity, and so is a row that is new.  Every bound is a little
 * larger than it is, each by something else, so that no step is in vain; what is reported is
 * reckoned with the true bounds.
 *
 * Shares of a path are fractions: this is the one place of the program that needs floating
 * point, and what it finds is only believed where sums of whole numbers agree (trustflow.c).
 */
#ifndef KEYRING_TRUSTLP_H
#define KEYRING_TRUSTLP_H

#include "keyring/trustpaths.h"

struct trustlp_row {
    double bound, nudged;
    uint32_t at; /* where its slack is in the basis; of a tight row: its column in the table */
    bool is_tight;
};

/* A variable of the basis. */
struct trustlp_basic {
    double value;
    uint32_t item; /* a route, or the row of a slack */
    bool is_route;
};

struct trustlp {
    struct trustroom *room;
    const struct trustpaths_routes *routes;
    VEC(struct trustlp_row) rows;
    VEC(struct trustlp_basic) basis; /* as many */
    VEC(uint32_t) tight;             /* the rows of the table's columns */
    VEC(double) table;               /* by place in the basis, then by column */
    size_t stride;                   /* room for columns */
    VEC(double) prices;              /* by column */
    VEC(double) direction;           /* by place in the basis */
    VEC(bool) is_basic;              /* by route */
    double sum;                      /* what is sent, by the true bounds */
    size_t effort;
    bool is_full; /* the table is as large as it may be: no further */
};
void trustlp_clear(struct trustlp *lp);

/* Nothing is sent. */
void trustlp_start(struct trustlp *lp);

/* Sends as much as can be over the routes that there are now, and tells each row of the room
 * its price: by how much a larger bound would be better.  Ends after this much more
 * effort, too. */
MUST_USE err *trustlp_solve(struct trustlp *lp, size_t effort_left);

/* Sets the amounts of all routes: never more than there is room for. */
MUST_USE err *trustlp_amounts(struct trustlp *lp, struct trustpaths_routes *routes);

#endif
