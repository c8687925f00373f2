#include "keyring/trustflow.h"

#include "base/mem.h"
#include "keyring/trustlp.h"
#include "keyring/trustprice.h"

#include <string.h>

enum { EFFORT_MAX = 3 << 28 }; /* less than a second */

#define ANYTHING 1e15 /* more than any flow */
#define ROUNDING 1e-6 /* far more than what the errors of floating point add up to */

struct trustflow_solver {
    struct trustgraph graph;
    struct trustbuckets buckets;
    struct trustroom room;
    struct trustpaths paths;
    struct trustlp lp;
    struct trustprice price;
};

err *trustflow_open(const struct trustflow_graph *g, struct trustflow_solver **out)
{
    struct trustflow_solver *s;
    TRY(MEM_NEW(s));
    s->graph.source = *g;
    s->room.graph = &s->graph;
    s->paths.room = s->price.room = s->lp.room = &s->room;
    s->paths.buckets = &s->buckets;
    *out = s;
    return NULL;
}

void trustflow_close(struct trustflow_solver *s)
{
    if (s == NULL)
        return;
    trustgraph_clear(&s->graph);
    trustroom_clear(&s->room);
    trustpaths_clear(&s->paths);
    trustlp_clear(&s->lp);
    trustprice_clear(&s->price);
    vec_free(&s->buckets.next);
    free(s);
}

err *trustflow_survey(struct trustflow_solver *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        TRY(trustgraph_visit(&s->graph, (int32_t)i));
    TRY(trustgraph_survey(&s->graph, &s->buckets));
    s->graph.is_complete = true;
    return NULL;
}

/* One question on its way to an answer. */
struct work {
    struct trustflow_solver *s;
    const struct trustflow_question *q;
    struct trustpaths_routes routes;
    size_t amount; /* what they carry together */
    double most;   /* no flow is more */
};

static void work_clear(struct work *w)
{
    trustpaths_routes_clear(&w->routes);
}

static size_t rounded_down(double amount)
{
    return (size_t)(amount + ROUNDING);
}

static bool is_done(const struct work *w, double amount)
{
    return rounded_down(amount) >= w->q->asked || rounded_down(amount) >= rounded_down(w->most);
}

static size_t effort(const struct work *w)
{
    return w->s->paths.effort + w->s->lp.effort + w->s->price.effort;
}

static size_t effort_left(const struct work *w)
{
    size_t max = w->q->effort_max > 0 ? w->q->effort_max : EFFORT_MAX;
    return effort(w) < max ? max - effort(w) : 0;
}

/* Path by path, until `asked` arrives or a sweep finds none.  *is_all: it has looked at
 * everything in vain. */
static err *send_greedily(struct work *w, size_t asked, bool *is_all)
{
    struct trustpaths *p = &w->s->paths;
    size_t before;
    p->asked = asked;
    p->effort_max = p->effort + effort_left(w);
    do {
        before = p->sum;
        TRY(trustpaths_sweep(p, &w->routes));
    } while (p->sum > before && p->sum < asked && p->effort <= p->effort_max);
    *is_all = p->sum == before && p->effort <= p->effort_max;
    return NULL;
}

/* Column generation: the best flow over the routes that are known, then a path that would make
 * it better, until none does, or what it could win is less than 1. */
static err *improve(struct work *w)
{
    struct trustlp *lp = &w->s->lp;
    struct trustprice *price = &w->s->price;
    double cost = 1;
    lp->routes = &w->routes;
    for (;;) {
        TRY(trustlp_solve(lp, effort_left(w)));
        if (is_done(w, lp->sum) || lp->is_full || effort_left(w) == 0)
            return NULL;
        price->effort_max = price->effort + effort_left(w);
        TRY(trustprice_find(price, &w->routes, &cost));
        if (cost > 0 && lp->sum / cost < w->most)
            w->most = lp->sum / cost;
        if (is_done(w, lp->sum) || effort_left(w) == 0)
            return NULL;
    }
}

/* Amounts of routes, to come back to; later routes carry nothing then. */

static err *save(const struct work *w, double **out)
{
    TRY(MEM_ARRAY(*out, w->routes.n + 1));
    for (size_t i = 0; i < w->routes.n; i++)
        (*out)[i] = w->routes.items[i].amount;
    return NULL;
}

static void restore(struct work *w, const double *amounts, size_t n)
{
    for (size_t i = 0; i < w->routes.n; i++)
        w->routes.items[i].amount = i < n ? amounts[i] : 0;
}

/* Rounds down what the routes carry, and fills them up again in their order. */
static void round_routes(struct work *w)
{
    struct trustroom *r = &w->s->room;
    size_t n = w->routes.n;
    trustroom_empty(r);
    w->s->paths.sum = 0;
    for (size_t i = 0; i < 2 * n; i++) {
        struct trustroom_route *route = &w->routes.items[i % n];
        unsigned left = trustroom_left(r, route);
        unsigned part = i < n ? (unsigned)rounded_down(route->amount) : left;
        part = part < left ? part : left;
        trustroom_take(r, route, part);
        route->amount = i < n ? part : route->amount + part;
        w->s->paths.sum += part;
    }
}

/* Whole numbers, if they carry as much: people expect them, and nothing needs to be rounded. */
static err *make_whole(struct work *w)
{
    AUTO(free) double *fractions = NULL;
    size_t n = w->routes.n;
    bool is_all;
    TRY(save(w, &fractions));
    round_routes(w);
    TRY(send_greedily(w, w->amount, &is_all));
    if (w->s->paths.sum < w->amount)
        restore(w, fractions, n);
    return NULL;
}

static err *solve_exactly(struct work *w)
{
    AUTO(free) double *greedy = NULL;
    size_t n = w->routes.n;
    double sum = 0;
    TRY(trustgraph_close(&w->s->graph, w->q));
    TRY(trustgraph_survey(&w->s->graph, &w->s->buckets));
    w->s->paths.has_survey = true;
    TRY(save(w, &greedy));
    TRY(improve(w));
    TRY(trustlp_amounts(&w->s->lp, &w->routes));
    for (size_t i = 0; i < w->routes.n; i++)
        sum += w->routes.items[i].amount;
    if (rounded_down(sum) <= w->amount) {
        restore(w, greedy, n);
        return NULL;
    }
    w->amount = rounded_down(sum);
    return make_whole(w);
}

/* Paths. */

static err *hand_out(struct work *w, struct trustflow *out)
{
    TRY(MEM_ARRAY(out->paths, w->routes.n + 1));
    for (size_t i = 0; i < w->routes.n; i++) {
        struct trustroom_route *route = &w->routes.items[i];
        if (route->amount > ROUNDING)
            out->paths[out->n_paths++] = (struct trustflow_path){
                route->amount, route->root, TAKE(route->edges), route->n_edges};
    }
    out->amount = (unsigned)w->amount;
    out->is_bound = !is_done(w, (double)w->amount);
    out->effort = effort(w);
    return NULL;
}

static err *solve(struct work *w)
{
    struct trustflow_solver *s = w->s;
    bool is_all;
    s->paths.sum = s->paths.effort = s->price.effort = 0;
    s->paths.has_survey = s->graph.is_complete;
    trustlp_start(&s->lp);
    TRY(trustroom_start(&s->room, w->q));
    TRY(send_greedily(w, w->q->asked, &is_all));
    w->amount = s->paths.sum;
    if (is_all)
        w->most = (double)trustroom_marked(&s->room);
    return w->q->roughly || is_done(w, (double)w->amount) ? NULL : solve_exactly(w);
}

err *trustflow_solve(struct trustflow_solver *s, const struct trustflow_question *q,
                     struct trustflow *out)
{
    CLEANUP(work_clear) struct work w = {.s = s, .q = q, .most = ANYTHING};
    *out = (struct trustflow){0};
    TRY(solve(&w));
    return hand_out(&w, out);
}

void trustflow_clear(struct trustflow *f)
{
    for (size_t i = 0; i < f->n_paths; i++)
        free(f->paths[i].edges);
    free(f->paths);
    *f = (struct trustflow){0};
}
