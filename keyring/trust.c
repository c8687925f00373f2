#include "keyring/trust.h"

#include <stdlib.h>

#include "base/mem.h"
#include "keyring/index.h"
#include "keyring/trustjudge.h"
#include "keyring/trustshare.h"

/* How many nodes are followed at once: at first, and as a part of those that are known. */
enum { STEP_MIN = 32, STEP_PART = 4 };

/* Opening. */

static err *show_roots(struct trust *t)
{
    for (size_t i = 0; i < t->net.roots.n; i++)
        TRY(VEC_PUSH(&t->roots, &t->net.roots.items[i]->cert));
    return NULL;
}

err *trust_open(struct keyring *k, const struct trust_opts *o, struct trust **out)
{
    AUTO(trust_close) struct trust *t = NULL;
    TRY(MEM_NEW(t));
    TRY(net_open(k, o, &t->net));
    TRY(show_roots(t));
    TRY(grow_open(&t->net, &t->grow));
    *out = TAKE(t);
    return NULL;
}

void trust_close(struct trust *t)
{
    if (t == NULL)
        return;
    trustproblem_close(&t->survey);
    for (size_t i = 0; i < t->judged.n; i++)
        free(t->judged.items[i]);
    vec_free(&t->judged);
    grow_close(&t->grow);
    scopes_clear(&t->scopes);
    vec_free(&t->roots);
    net_save(&t->net);
    net_close(&t->net);
    free(t);
}

void trust_answer_clear(struct trust_answer *a)
{
    for (size_t i = 0; i < a->paths.n; i++)
        free(a->paths.items[i].edges);
    vec_free(&a->paths);
    *a = (struct trust_answer){0};
}

/* Questions. */

bool trust_find_user(const struct net_node *x, struct slice user_id, size_t *out)
{
    for (size_t i = 0; i < x->dossier.n_users; i++) {
        if (slice_equal(x->dossier.users[i].id, user_id)) {
            *out = i;
            return true;
        }
    }
    return false;
}

static size_t step_of(const struct grow_queue *q)
{
    size_t part = q->n / STEP_PART;
    return part > STEP_MIN ? part : STEP_MIN;
}

/* Have the two sides met? */
static bool has_met(const struct grow *g)
{
    for (size_t i = 0; i < g->backwards.n; i++) {
        if (g->backwards.items[i]->search.depth > 0)
            return true;
    }
    return false;
}

static err *solve(struct trust *t, struct net_node *x, size_t user, unsigned asked, bool roughly,
                  struct trust_answer *out)
{
    CLEANUP(trustproblem_close) struct trustproblem g = {0};
    trust_answer_clear(out);
    TRY(trustproblem_open(&t->net, &t->scopes, &g));
    return trustproblem_solve(&g, x, user, asked, roughly, out);
}

/* What flows through a part of the network flows through all of it: once it is enough, the rest
 * need not be looked at.  Once one side has nowhere to go on, all that matters is known. */
static err *search(struct trust *t, struct net_node *x, size_t user, unsigned asked,
                   struct trust_answer *out)
{
    struct grow *g = &t->grow;
    TRY(grow_forwards(g, STEP_MIN));
    if (!grow_is_closed(&g->forwards))
        TRY(grow_ask(g, x, user));
    while (!grow_is_closed(&g->forwards) && !grow_is_closed(&g->backwards)) {
        bool forwards = g->forwards.n - g->forwards.next < g->backwards.n - g->backwards.next;
        if (has_met(g))
            TRY(solve(t, x, user, asked, true, out));
        if (out->amount >= asked)
            return NULL;
        TRY(forwards ? grow_forwards(g, step_of(&g->forwards))
                     : grow_backwards(g, step_of(&g->backwards)));
    }
    return solve(t, x, user, asked, false, out);
}

static enum trust_fault fault_of(const struct trust *t, const struct net_node *x, size_t user)
{
    if (x->cert.fault != TRUST_COUNTS)
        return x->left_out ? TRUST_UNKNOWN : x->cert.fault;
    return net_user_stands(&t->net, x, user) ? TRUST_COUNTS : TRUST_USER_REVOKED;
}

err *trust_check(struct trust *t, const struct fingerprint *fpr, struct slice user_id,
                 unsigned asked, struct trust_answer *out)
{
    struct net_node *x = NULL;
    size_t user;
    *out = (struct trust_answer){.fault = TRUST_UNKNOWN};
    TRY(net_by_fingerprint(&t->net, fpr, &x));
    if (x == NULL || !trust_find_user(x, user_id, &user))
        return NULL;
    enum trust_fault fault = fault_of(t, x, user);
    err *e = NULL;
    if (fault == TRUST_COUNTS && t->surveyed)
        e = trustproblem_solve(&t->survey, x, user, asked, false, out);
    else if (fault == TRUST_COUNTS && t->net.opts.gossip)
        e = solve(t, x, user, asked, false, out);
    else if (fault == TRUST_COUNTS)
        e = search(t, x, user, asked, out);
    if (e != NULL)
        trust_answer_clear(out);
    out->fault = fault;
    return e;
}

/* Certificates. */

err *trust_cert(struct trust *t, const struct fingerprint *fpr, const struct trust_cert **out)
{
    struct net_node *x = NULL;
    TRY(net_by_fingerprint(&t->net, fpr, &x));
    *out = x != NULL ? &x->cert : NULL;
    return NULL;
}

const struct trust_certs *trust_roots(const struct trust *t)
{
    return &t->roots;
}

static err *visit_users(const struct net_node *x, trust_visit_user *visit, void *context)
{
    for (size_t i = 0; i < x->dossier.n_users && !x->left_out; i++)
        TRY(visit(context, &x->cert, x->dossier.users[i].id));
    return NULL;
}

err *trust_each_user(struct trust *t, const struct fingerprint *fpr, trust_visit_user *visit,
                     void *context)
{
    struct net_node *x = NULL;
    TRY(net_by_fingerprint(&t->net, fpr, &x));
    return x != NULL ? visit_users(x, visit, context) : NULL;
}

static int by_number(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void rows_clear(struct net_rows *r)
{
    vec_free(r);
}

/* Certificates of those who may introduce others, and all that they speak about. */
static err *reachable_rows(struct trust *t, struct net_rows *out)
{
    for (size_t i = 0; i < t->net.nodes.n; i++) {
        const struct net_node *x = t->net.nodes.items[i];
        if (x->search.depth == 0 || !x->cert.is_here)
            continue;
        TRY(VEC_PUSH(out, x->row));
        TRY(net_signed_by(&t->net, x->key, false, out));
    }
    return NULL;
}

static err *rows_to_visit(struct trust *t, bool all, struct net_rows *out)
{
    TRY(all || t->net.opts.gossip ? net_all_rows(&t->net, out) : reachable_rows(t, out));
    if (out->n > 0)
        qsort(out->items, out->n, sizeof *out->items, by_number);
    size_t n = 0;
    for (size_t i = 0; i < out->n; i++) {
        if (n == 0 || out->items[n - 1] != out->items[i])
            out->items[n++] = out->items[i];
    }
    out->n = n;
    return NULL;
}

/* Before many questions: goes wherever the roots lead. */
static err *survey(struct trust *t)
{
    if (t->surveyed || t->net.opts.gossip)
        return NULL;
    TRY(trustproblem_open(&t->net, &t->scopes, &t->survey));
    TRY(trustflow_survey(t->survey.solver, t->net.nodes.n));
    t->surveyed = true;
    return NULL;
}

err *trust_each(struct trust *t, bool all, trust_visit_user *visit, void *context)
{
    CLEANUP(rows_clear) struct net_rows rows = {0};
    struct net_node *x = NULL;
    TRY(grow_forwards(&t->grow, SIZE_MAX));
    TRY(rows_to_visit(t, all, &rows));
    for (size_t i = 0; i < rows.n; i++)
        TRY(net_by_row(&t->net, rows.items[i], &x));
    TRY(survey(t));
    for (size_t i = 0; i < rows.n; i++) {
        TRY(net_by_row(&t->net, rows.items[i], &x));
        TRY(visit_users(x, visit, context));
    }
    return NULL;
}
