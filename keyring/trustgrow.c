#include "keyring/trustgrow.h"

#include "keyring/trustjudge.h"

bool grow_has(const struct net_node *x)
{
    return x->search.depth > 0 || x->search.hops > 0;
}

bool grow_is_closed(const struct grow_queue *q)
{
    return q->next == q->n;
}

unsigned grow_depth(const struct net_node *subject, const struct trust_edge *e)
{
    return subject->introducer > 0 ? TRUST_UNLIMITED : e->depth;
}

/* Forwards. */

/* How far a path can go on from the subject, if it has come to the issuer with so much left. */
static unsigned rest_of(unsigned left, unsigned depth)
{
    unsigned further = left == TRUST_UNLIMITED ? left : left - 1;
    return depth < further ? depth : further;
}

static err *reach(struct grow *g, struct net_node *x, unsigned depth)
{
    struct net_node *known = NULL;
    if (depth <= x->search.depth)
        return NULL;
    TRY(net_find(g->net, x->key, &known)); /* so that net_known has it */
    x->search.depth = depth;
    if (x->search.queued)
        return NULL;
    x->search.queued = true;
    return VEC_PUSH(&g->forwards, x);
}

static err *go_on_to(struct grow *g, struct net_node *issuer, struct net_node *subject)
{
    struct net_range r = net_by_issuer(subject, issuer->key);
    unsigned best = 0;
    TRY(net_judge(g->net, subject, r, issuer));
    for (size_t i = r.first; i < r.first + r.n; i++) {
        const struct trust_edge *e = &subject->edges[i];
        unsigned depth = grow_depth(subject, e);
        if (e->issuer == &issuer->cert && e->fault == TRUST_COUNTS && depth > best)
            best = depth;
    }
    return reach(g, subject, rest_of(issuer->search.depth, best));
}

static err *follow_forwards(struct grow *g, struct net_node *x)
{
    struct net_rows rows = {0};
    x->search.queued = false;
    if (x->search.depth < 2 || !x->cert.is_here)
        return NULL;
    err *e = net_signed_by(g->net, x->key, !g->net->opts.certification_network, &rows);
    for (size_t i = 0; i < rows.n && e == NULL; i++) {
        struct net_node *subject = NULL;
        e = net_by_row(g->net, rows.items[i], &subject);
        if (e == NULL)
            e = go_on_to(g, x, subject);
    }
    vec_free(&rows);
    for (size_t i = 0; i < g->net->introducers.n && e == NULL; i++)
        e = go_on_to(g, x, g->net->introducers.items[i]);
    return e;
}

err *grow_forwards(struct grow *g, size_t max)
{
    for (; max > 0 && !grow_is_closed(&g->forwards); max--)
        TRY(follow_forwards(g, g->forwards.items[g->forwards.next++]));
    return NULL;
}

err *grow_open(struct net *n, struct grow *out)
{
    *out = (struct grow){.net = n};
    for (size_t i = 0; i < n->roots.n; i++)
        TRY(reach(out, n->roots.items[i], TRUST_UNLIMITED));
    return NULL;
}

void grow_close(struct grow *g)
{
    vec_free(&g->forwards);
    vec_free(&g->backwards);
}

/* Backwards. */

static err *reach_back(struct grow *g, struct net_node *x, unsigned hops)
{
    if (x->search.hops > 0)
        return NULL;
    x->search.hops = hops;
    return VEC_PUSH(&g->backwards, x);
}

/* Could one of the statements be followed by so many edges?  Issuers that do not matter are
 * not read. */
static bool may_reach(const struct grow *g, const struct net_node *x, struct net_range r,
                      unsigned hops)
{
    bool any_depth = x->introducer > 0 || g->net->opts.certification_network;
    for (size_t i = r.first; i < r.first + r.n; i++) {
        const struct dossier_statement *s = &x->dossier.statements[i];
        if (s->kind == DOSSIER_SAYS && (any_depth || s->depth >= hops))
            return true;
    }
    return false;
}

static err *go_back_to(struct grow *g, struct net_node *subject, struct net_range r,
                       struct net_node *issuer)
{
    unsigned hops = subject->search.hops;
    TRY(net_judge(g->net, subject, r, issuer));
    for (size_t i = r.first; i < r.first + r.n; i++) {
        const struct trust_edge *e = &subject->edges[i];
        unsigned depth = grow_depth(subject, e);
        if (e->issuer == &issuer->cert && e->fault == TRUST_COUNTS &&
            (depth == TRUST_UNLIMITED || depth >= hops))
            return reach_back(g, issuer, hops + 1);
    }
    return NULL;
}

static err *follow_back(struct grow *g, struct net_node *x)
{
    for (size_t i = 0; i < x->dossier.n_statements;) {
        struct net_range r = net_range_at(x, i);
        struct net_node *issuer = NULL;
        if (may_reach(g, x, r, x->search.hops))
            TRY(net_find(g->net, x->dossier.statements[i].issuer, &issuer));
        for (; issuer != NULL; issuer = issuer->next) {
            if (issuer->cert.is_here)
                TRY(go_back_to(g, x, r, issuer));
        }
        i += r.n;
    }
    return NULL;
}

err *grow_backwards(struct grow *g, size_t max)
{
    for (; max > 0 && !grow_is_closed(&g->backwards); max--)
        TRY(follow_back(g, g->backwards.items[g->backwards.next++]));
    return NULL;
}

static err *start_at(struct grow *g, struct net_node *subject, struct net_range r, size_t user,
                     struct net_node *issuer)
{
    TRY(net_judge(g->net, subject, r, issuer));
    for (size_t i = r.first; i < r.first + r.n; i++) {
        const struct trust_edge *e = &subject->edges[i];
        if (subject->dossier.statements[i].user == user && e->issuer == &issuer->cert &&
            e->fault == TRUST_COUNTS)
            return reach_back(g, issuer, 1);
    }
    return NULL;
}

static bool speaks_for(const struct net_node *x, struct net_range r, size_t user)
{
    for (size_t i = r.first; i < r.first + r.n; i++) {
        if (x->dossier.statements[i].user == user && x->dossier.statements[i].kind == DOSSIER_SAYS)
            return true;
    }
    return false;
}

static void forget(struct grow *g)
{
    for (size_t i = 0; i < g->backwards.n; i++)
        g->backwards.items[i]->search.hops = 0;
    g->backwards.n = g->backwards.next = 0;
}

err *grow_ask(struct grow *g, struct net_node *subject, size_t user)
{
    forget(g);
    if (net_user_is_own(g->net, subject, user))
        TRY(reach_back(g, subject, 1));
    for (size_t i = 0; i < subject->dossier.n_statements;) {
        struct net_range r = net_range_at(subject, i);
        struct net_node *issuer = NULL;
        if (speaks_for(subject, r, user))
            TRY(net_find(g->net, subject->dossier.statements[i].issuer, &issuer));
        for (; issuer != NULL; issuer = issuer->next) {
            if (issuer->cert.is_here)
                TRY(start_at(g, subject, r, user, issuer));
        }
        i += r.n;
    }
    return NULL;
}
