#include "keyring/trustproblem.h"

#include <stdlib.h>

#include "base/mem.h"
#include "keyring/trustjudge.h"

enum { ROOT_UNLIMITED = 1 << 20 }; /* more than anybody asks for */

/* Edges that are being collected. */
struct collected {
    struct trustflow_edge *items;
    size_t n, capacity;
};

static void collected_clear(struct collected *c)
{
    vec_free(c);
}

static err *add_edge(struct trustproblem *g, struct collected *c, struct trustflow_edge e,
                     struct trust_edge *from)
{
    e.id = (uint32_t)g->edges.n;
    if (g->edges.n >= UINT32_MAX)
        return err_new(ERR_LIMIT, "the network of certifications is too large");
    TRY(VEC_PUSH(&g->edges, from));
    return VEC_PUSH(c, e);
}

/* What the issuer says about the subject that lets a path go on. */
static err *add_delegations(struct trustproblem *g, struct net_node *subject, struct net_range r,
                            struct net_node *issuer, struct collected *c)
{
    TRY(net_judge(g->net, subject, r, issuer));
    for (size_t i = r.first; i < r.first + r.n; i++) {
        struct trust_edge *e = &subject->edges[i];
        unsigned depth = grow_depth(subject, e);
        if (e->issuer != &issuer->cert || e->fault != TRUST_COUNTS || depth == 0)
            continue;
        TRY(add_edge(g, c,
                     (struct trustflow_edge){.from = issuer->number,
                                             .to = subject->number,
                                             .pair = net_pair(subject, r.first),
                                             .depth = (uint8_t)depth,
                                             .amount = e->amount,
                                             .is_scoped = e->depth > 0 && e->scopes.len > 0},
                     e));
    }
    return NULL;
}

static err *collect_delegations(struct trustproblem *g, struct net_node *x, struct collected *c)
{
    for (size_t i = 0; i < x->dossier.n_statements;) {
        struct net_range r = net_range_at(x, i);
        struct net_node *issuer = net_known(g->net, x->dossier.statements[i].issuer);
        for (; issuer != NULL; issuer = issuer->next) {
            if (grow_has(issuer) && issuer->cert.is_here)
                TRY(add_delegations(g, x, r, issuer, c));
        }
        i += r.n;
    }
    return NULL;
}

/* A root that is relied on completely limits nothing: what it says does.  One that is not lends
 * its amount to all that start there, together.  For gossip whoever says something is a root, and
 * nothing leads to it. */
static unsigned room_of_root(const struct net_node *x, bool gossip)
{
    return gossip || x->cert.root >= TRUST_FULL ? ROOT_UNLIMITED : x->cert.root;
}

static err *node(void *context, int32_t number, struct trustflow_node *out)
{
    struct trustproblem *g = context;
    struct net_node *x = g->net->nodes.items[number];
    CLEANUP(collected_clear) struct collected c = {0};
    bool gossip = g->net->opts.gossip;
    if (!gossip)
        TRY(collect_delegations(g, x, &c));
    TRY(VEC_PUSH(&g->lists, c.items));
    *out = (struct trustflow_node){.into = c.items,
                                   .n_into = c.n,
                                   .root = room_of_root(x, gossip),
                                   .limit = gossip ? 0 : x->introducer};
    c = (struct collected){0};
    return NULL;
}

err *trustproblem_open(struct net *n, struct scopes *s, struct trustproblem *out)
{
    *out = (struct trustproblem){.net = n, .scopes = s};
    const struct trustflow_graph graph = {.node = node, .context = out};
    return trustflow_open(&graph, &out->solver);
}

void trustproblem_close(struct trustproblem *g)
{
    trustflow_close(g->solver);
    for (size_t i = 0; i < g->lists.n; i++)
        free(g->lists.items[i]);
    vec_free(&g->lists);
    vec_free(&g->edges);
    err_free(g->failed);
    *g = (struct trustproblem){0};
}

/* The end of a path.  Its scope, if it has one, is about what the subject says in turn
 * [RFC9580 5.2.3.22], not about the user ID that it certifies. */

static err *add_certifications(struct trustproblem *g, struct net_node *subject, struct net_range r,
                               size_t user, struct net_node *issuer, struct collected *c)
{
    TRY(net_judge(g->net, subject, r, issuer));
    for (size_t i = r.first; i < r.first + r.n; i++) {
        struct trust_edge *e = &subject->edges[i];
        if (subject->dossier.statements[i].user != user || e->issuer != &issuer->cert ||
            e->fault != TRUST_COUNTS)
            continue;
        TRY(add_edge(g, c,
                     (struct trustflow_edge){.from = issuer->number,
                                             .to = subject->number,
                                             .pair = net_pair(subject, r.first),
                                             .amount = e->amount},
                     e));
    }
    return NULL;
}

static err *make_self(struct net_node *x, size_t user)
{
    if (x->self == NULL)
        TRY(MEM_ARRAY(x->self, x->dossier.n_users + 1));
    x->self[user] = (struct trust_edge){.issuer = &x->cert,
                                        .subject = &x->cert,
                                        .user_id = x->dossier.users[user].id,
                                        .amount = TRUST_FULL};
    return NULL;
}

/* What a certificate says about itself counts where it may introduce others. */
static err *add_own_word(struct trustproblem *g, struct net_node *x, size_t user,
                         struct collected *c)
{
    if (g->net->opts.gossip || !grow_has(x) || !net_user_is_own(g->net, x, user))
        return NULL;
    TRY(make_self(x, user));
    return add_edge(
        g, c,
        (struct trustflow_edge){
            .from = x->number, .to = x->number, .pair = net_own_pair(x), .amount = TRUST_FULL},
        &x->self[user]);
}

/* For gossip, everybody who says something is asked. */
static err *issuer_of(struct trustproblem *g, int64_t key, struct net_node **out)
{
    *out = net_known(g->net, key);
    return *out == NULL && g->net->opts.gossip ? net_find(g->net, key, out) : NULL;
}

static err *collect_finals(struct trustproblem *g, struct net_node *x, size_t user,
                           struct collected *c)
{
    TRY(add_own_word(g, x, user, c));
    for (size_t i = 0; i < x->dossier.n_statements;) {
        struct net_range r = net_range_at(x, i);
        struct net_node *issuer = NULL;
        TRY(issuer_of(g, x->dossier.statements[i].issuer, &issuer));
        for (; issuer != NULL; issuer = issuer->next) {
            bool matters = issuer->cert.is_here && (g->net->opts.gossip || grow_has(issuer));
            if (matters)
                TRY(add_certifications(g, x, r, user, issuer, c));
        }
        i += r.n;
    }
    return NULL;
}

/* Answers. */

static err *take_path(const struct trustproblem *g, const struct trustflow_path *p,
                      struct trust_answer *out)
{
    struct trust_path path = {
        .root = &g->net->nodes.items[p->root]->cert, .n_edges = p->n_edges, .amount = p->amount};
    AUTO(free) const struct trust_edge **edges = NULL;
    TRY(MEM_ARRAY(edges, p->n_edges + 1));
    for (size_t i = 0; i < p->n_edges; i++)
        edges[i] = g->edges.items[p->edges[i]->id];
    path.edges = edges;
    TRY(VEC_PUSH(&out->paths, path));
    edges = NULL;
    return NULL;
}

static err *take_answer(const struct trustproblem *g, const struct trustflow *f,
                        struct trust_answer *out)
{
    out->amount = f->amount;
    out->is_bound = f->is_bound;
    for (size_t i = 0; i < f->n_paths; i++)
        TRY(take_path(g, &f->paths[i], out));
    return NULL;
}

static bool usable(void *context, const struct trustflow_edge *e)
{
    struct trustproblem *g = context;
    bool fits = false;
    err *why = scopes_fit(g->scopes, g->edges.items[e->id]->scopes, &fits);
    if (g->failed == NULL)
        g->failed = why;
    else
        err_free(why);
    return fits;
}

err *trustproblem_solve(struct trustproblem *g, struct net_node *subject, size_t user,
                        unsigned asked, bool roughly, struct trust_answer *out)
{
    CLEANUP(collected_clear) struct collected finals = {0};
    CLEANUP(trustflow_clear) struct trustflow flow = {0};
    scopes_ask(g->scopes, subject->dossier.users[user].id);
    TRY(collect_finals(g, subject, user, &finals));
    const struct trustflow_question q = {.finals = finals.items,
                                         .n_finals = finals.n,
                                         .asked = asked,
                                         .roughly = roughly,
                                         .usable = usable,
                                         .context = g};
    TRY(trustflow_solve(g->solver, &q, &flow));
    if (g->failed != NULL)
        return TAKE(g->failed);
    return take_answer(g, &flow, out);
}
