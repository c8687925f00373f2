#include "cli/trustwalk.h"

#include <stdlib.h>

#include "base/interrupt.h"
#include "base/mem.h"
#include "cli/progress.h"

/* What says most comes first, as there may be too much to draw. */
static int compare_edges(const void *a, const void *b)
{
    const struct trust_edge *x = *(const struct trust_edge *const *)a,
                            *y = *(const struct trust_edge *const *)b;
    bool x_counts = x->fault == TRUST_COUNTS, y_counts = y->fault == TRUST_COUNTS;
    if (x_counts != y_counts)
        return x_counts ? -1 : 1;
    if (x->depth != y->depth)
        return x->depth > y->depth ? -1 : 1;
    if (x->amount != y->amount)
        return x->amount > y->amount ? -1 : 1;
    return (x->created_at < y->created_at) - (x->created_at > y->created_at);
}

static bool leads_on(const struct trustwalk *w, const struct trust_edge *e)
{
    return !w->only_introducers || e->depth > 0 || w->trusting->opts.certification_network;
}

static bool leads_back(const struct trustwalk *w, const uint16_t *levels,
                       const struct trust_edge *e)
{
    int to = w->only_onwards && levels != NULL ? picture_find(w->picture, &e->subject->fpr)
                                               : PICTURE_NONE;
    return to != PICTURE_NONE && levels[to] != 0;
}

/* Keeps those along which it goes. */
static void choose_edges(struct trustwalk *w, const uint16_t *levels, struct trust_edges *edges)
{
    size_t kept = 0;
    for (size_t i = 0; i < edges->n; i++) {
        const struct trust_edge *e = edges->items[i];
        bool back = leads_back(w, levels, e);
        if (leads_on(w, e) && !back)
            edges->items[kept++] = e;
        else if (back && leads_on(w, e) && e->fault == TRUST_COUNTS)
            w->picture->passed_over++;
    }
    edges->n = kept;
    if (kept > 1)
        qsort(edges->items, kept, sizeof(*edges->items), compare_edges);
}

/* levels is NULL where certificates at the edges' ends are there already. */
static err *step_forwards(struct trustwalk *w, const struct fingerprint *fpr,
                          const uint16_t *levels)
{
    struct trust_edges edges = {0};
    err *e = trust_edges_from(w->trusting->trust, fpr, &edges);
    if (e == NULL) {
        choose_edges(w, levels, &edges);
        e = picture_add_edges(w->picture, &edges, levels == NULL);
    }
    vec_free(&edges);
    return e;
}

static err *step_backwards(struct trustwalk *w, const struct fingerprint *fpr)
{
    struct trust_edges edges = {0};
    err *e = trust_edges_to(w->trusting->trust, fpr, w->of_user, &edges);
    if (e == NULL) {
        choose_edges(w, NULL, &edges);
        e = picture_add_edges(w->picture, &edges, false);
    }
    vec_free(&edges);
    return e;
}

static err *step(struct trustwalk *w, size_t node, const uint16_t *levels)
{
    const struct trust_cert *c = w->picture->nodes.items[node].cert;
    TRY(interrupt_check());
    if (w->backwards)
        TRY(step_backwards(w, &c->fpr));
    return c->is_here ? step_forwards(w, &c->fpr, levels) : NULL;
}

/* What is one step away from those of this level, and not nearer. */
static void spread(const struct trustwalk *w, uint16_t *levels, uint16_t level)
{
    for (size_t i = 0; i < w->picture->edges.n; i++) {
        const struct picture_edge *e = &w->picture->edges.items[i];
        if (levels[e->from] == level && levels[e->to] == 0)
            levels[e->to] = (uint16_t)(level + 1);
        if (w->backwards && levels[e->to] == level && levels[e->from] == 0)
            levels[e->from] = (uint16_t)(level + 1);
    }
}

err *trustwalk_go(struct trustwalk *w, size_t n, unsigned hops)
{
    AUTO(free) uint16_t *levels = NULL; /* of each certificate; 0: not reached yet */
    TRY(MEM_ARRAY(levels, w->picture->max_nodes + 1));
    for (size_t i = 0; i < n; i++)
        levels[i] = 1;
    for (uint16_t level = 1; level <= hops; level++) {
        for (size_t i = 0; i < w->picture->nodes.n; i++) {
            if (levels[i] == level)
                TRY(step(w, i, levels));
        }
        spread(w, levels, level);
    }
    return NULL;
}

err *trustwalk_join(struct trustwalk *w)
{
    for (size_t i = 0; i < w->picture->nodes.n; i++) {
        const struct trust_cert *c = w->picture->nodes.items[i].cert;
        TRY(interrupt_check());
        if (c->is_here)
            TRY(step_forwards(w, &c->fpr, NULL));
    }
    return NULL;
}

/* The user ID of a certificate that most reaches. */
struct best {
    struct trustwalk *walk;
    struct slice user_id;
    unsigned amount;
};

static err *judge_user(void *context, const struct trust_cert *c, struct slice user_id)
{
    struct best *best = context;
    struct trusting *x = best->walk->trusting;
    CLEANUP(trust_answer_clear) struct trust_answer a = {0};
    TRY(interrupt_check());
    if (best->amount >= x->asked)
        return NULL;
    TRY(trust_check(x->trust, &c->fpr, user_id, x->asked, &a));
    if (a.amount > best->amount) {
        best->amount = a.amount;
        best->user_id = user_id;
    }
    return NULL;
}

static err *judge(struct trustwalk *w, size_t i)
{
    struct picture_node *n = &w->picture->nodes.items[i];
    struct best best = {.walk = w};
    if (n->is_judged || !n->cert->is_here || n->cert->fault != TRUST_COUNTS || n->cert->root > 0)
        return NULL;
    TRY(trust_each_user(w->trusting->trust, &n->cert->fpr, judge_user, &best));
    picture_judge(w->picture, i, best.amount);
    if (best.amount > 0)
        n->name = best.user_id;
    return NULL;
}

err *trustwalk_judge(struct trustwalk *w)
{
    struct tally tally;
    err *e = NULL;
    tally_start(&tally, "judging", !w->trusting->app->report.quiet);
    for (size_t i = 0; i < w->picture->nodes.n && e == NULL; i++) {
        e = judge(w, i);
        tally_step(&tally, "certificates", i, w->picture->nodes.n);
    }
    tally_end(&tally);
    return e;
}
