/* What is said, whether it counts or not, and what is missing. */
#include <stdlib.h>

#include "base/mem.h"
#include "keyring/trustjudge.h"
#include "keyring/trustshare.h"

/* How much is looked at to find out what is missing. */
enum { FORWARDS_MAX = 20000, ISSUERS_MAX = 200 };

/* The edge, with a fault that it has for the question at hand. */
static err *with_fault(struct trust *t, const struct trust_edge *e, enum trust_fault fault,
                       const struct trust_edge **out)
{
    AUTO(free) struct trust_edge *copy = NULL;
    *out = e;
    if (e->fault == fault)
        return NULL;
    TRY(MEM_NEW(copy));
    *copy = *e;
    copy->fault = fault;
    TRY(VEC_PUSH(&t->judged, copy));
    *out = TAKE(copy);
    return NULL;
}

/* A scope is about what the subject says of the user ID, not about what is said of it. */
static err *judge_scope(struct trust *t, const struct trust_edge *e, const struct trust_edge **out)
{
    bool fits = true;
    if (e->fault == TRUST_COUNTS && e->depth > 0 && !slice_equal(e->user_id, t->scopes.user_id))
        TRY(scopes_fit(&t->scopes, e->scopes, &fits));
    return with_fault(t, e, fits ? e->fault : TRUST_OUT_OF_SCOPE, out);
}

/* What one issuer says about a certificate; each edge is told to visit. */
typedef err *visit_edge(void *context, struct net_node *subject, size_t statement,
                        struct net_node *issuer);

static err *each_by(struct trust *t, struct net_node *subject, struct net_range r,
                    struct net_node *issuer, visit_edge *visit, void *context)
{
    TRY(net_judge(&t->net, subject, r, issuer));
    for (size_t i = r.first; i < r.first + r.n; i++) {
        if (subject->edges[i].issuer == &issuer->cert)
            TRY(visit(context, subject, i, issuer));
    }
    return NULL;
}

static err *each_of_key(struct trust *t, struct net_node *subject, struct net_range r,
                        struct net_node *issuer, visit_edge *visit, void *context)
{
    for (; issuer != NULL; issuer = issuer->next)
        TRY(each_by(t, subject, r, issuer, visit, context));
    return NULL;
}

/* All edges to and from a certificate. */

struct collecting {
    struct trust *t;
    struct trust_edges *out;
    bool scoped;
};

static err *collect(void *context, struct net_node *subject, size_t i, struct net_node *issuer)
{
    const struct collecting *x = context;
    const struct trust_edge *e = &subject->edges[i];
    (void)issuer;
    if (x->scoped)
        TRY(judge_scope(x->t, e, &e));
    return VEC_PUSH(x->out, e);
}

err *trust_edges_to(struct trust *t, const struct fingerprint *fpr, const struct slice *of_user,
                    struct trust_edges *out)
{
    struct collecting x = {t, out, of_user != NULL};
    struct net_node *subject = NULL;
    if (of_user != NULL)
        scopes_ask(&t->scopes, *of_user);
    TRY(net_by_fingerprint(&t->net, fpr, &subject));
    for (size_t i = 0; subject != NULL && i < subject->dossier.n_statements;) {
        struct net_range r = net_range_at(subject, i);
        struct net_node *issuer = NULL;
        TRY(net_find(&t->net, subject->dossier.statements[i].issuer, &issuer));
        TRY(each_of_key(t, subject, r, issuer, collect, &x));
        i += r.n;
    }
    return NULL;
}

static void rows_clear(struct net_rows *r)
{
    vec_free(r);
}

err *trust_edges_from(struct trust *t, const struct fingerprint *fpr, struct trust_edges *out)
{
    CLEANUP(rows_clear) struct net_rows rows = {0};
    struct collecting x = {t, out, false};
    struct net_node *issuer = NULL;
    TRY(net_by_fingerprint(&t->net, fpr, &issuer));
    if (issuer != NULL)
        TRY(net_signed_by(&t->net, issuer->key, false, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        struct net_node *subject = NULL;
        TRY(net_by_row(&t->net, rows.items[i], &subject));
        TRY(each_by(t, subject, net_by_issuer(subject, issuer->key), issuer, collect, &x));
    }
    return NULL;
}

/* What is missing. */

struct miss {
    const struct trust_edge *edge;
    unsigned rank; /* 0: the most helpful */
};

enum {
    RANK_BROKEN,     /* a certification by somebody who is trusted */
    RANK_DELEGATION, /* somebody certifies it to whom a trusted one could delegate */
    RANK_UNTRUSTED,  /* somebody certifies it to whom nothing leads */
    RANK_ABSENT,     /* somebody who is not here */
};

struct missing {
    struct trust *t;
    size_t user;
    struct miss *items;
    size_t n, capacity;
};

static void missing_clear(struct missing *m)
{
    vec_free(m);
}

static err *add(struct missing *m, const struct trust_edge *e, enum trust_fault fault,
                unsigned rank)
{
    const struct trust_edge *shown;
    TRY(with_fault(m->t, e, fault, &shown));
    return VEC_PUSH(m, ((struct miss){shown, rank}));
}

/* One that looks as if it had failed for another reason may not be genuine at all. */
static err *is_genuine(struct missing *m, struct net_node *subject, size_t i,
                       struct net_node *issuer, bool *out)
{
    if (issuer->cert.is_here)
        TRY(net_verify(&m->t->net, subject, i, issuer));
    *out = subject->edges[i].fault != TRUST_BAD;
    return NULL;
}

/* A way from somebody who is trusted to somebody who is not. */
static err *note_delegation(void *context, struct net_node *subject, size_t i,
                            struct net_node *issuer)
{
    struct missing *m = context;
    const struct trust_edge *e = &subject->edges[i];
    bool genuine, fits;
    if (issuer->search.depth == 0)
        return NULL;
    TRY(is_genuine(m, subject, i, issuer, &genuine));
    if (!genuine || e->fault == TRUST_REPLACED)
        return NULL;
    TRY(scopes_fit(&m->t->scopes, e->scopes, &fits));
    enum trust_fault fault = e->fault != TRUST_COUNTS ? e->fault
                             : fits                   ? TRUST_TOO_SHORT
                                                      : TRUST_OUT_OF_SCOPE;
    return add(m, e, fault, RANK_DELEGATION);
}

static err *note_ways_to(struct missing *m, struct net_node *x)
{
    for (size_t i = 0; i < x->dossier.n_statements;) {
        struct net_range r = net_range_at(x, i);
        TRY(each_of_key(m->t, x, r, net_known(&m->t->net, x->dossier.statements[i].issuer),
                        note_delegation, m));
        i += r.n;
    }
    return NULL;
}

/* One that counts, by somebody to whom no path leads. */
static err *note_untrusted(struct missing *m, const struct trust_edge *e, struct net_node *issuer)
{
    size_t before = m->n;
    TRY(note_ways_to(m, issuer));
    return m->n == before ? add(m, e, TRUST_ISSUER_UNTRUSTED, RANK_UNTRUSTED) : NULL;
}

static err *note_certification(void *context, struct net_node *subject, size_t i,
                               struct net_node *issuer)
{
    struct missing *m = context;
    const struct trust_edge *e = &subject->edges[i];
    bool genuine;
    if (subject->dossier.statements[i].user != m->user || e->fault == TRUST_REPLACED)
        return NULL;
    if (!issuer->cert.is_here)
        return add(m, e, e->fault, RANK_ABSENT);
    TRY(is_genuine(m, subject, i, issuer, &genuine));
    if (!genuine)
        return NULL;
    if (issuer->search.depth > 0)
        return e->fault == TRUST_COUNTS ? NULL : add(m, e, e->fault, RANK_BROKEN);
    return e->fault == TRUST_COUNTS ? note_untrusted(m, e, issuer) : NULL;
}

/* Issuers that are known come first; not all of the others need be read. */
static err *look_at_subject(struct missing *m, struct net_node *x)
{
    size_t found = 0;
    for (size_t i = 0; i < x->dossier.n_statements;) {
        struct net_range r = net_range_at(x, i);
        struct net_node *issuer = net_known(&m->t->net, x->dossier.statements[i].issuer);
        if (issuer == NULL && found++ < ISSUERS_MAX)
            TRY(net_find(&m->t->net, x->dossier.statements[i].issuer, &issuer));
        TRY(each_of_key(m->t, x, r, issuer, note_certification, m));
        i += r.n;
    }
    return NULL;
}

/* The most helpful first, then those that could bring the most. */
static int by_help(const void *x, const void *y)
{
    const struct miss *a = x, *b = y;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->edge->amount != b->edge->amount)
        return a->edge->amount > b->edge->amount ? -1 : 1;
    return slice_compare(fingerprint_view(&a->edge->issuer->fpr),
                         fingerprint_view(&b->edge->issuer->fpr));
}

err *trust_misses(struct trust *t, const struct fingerprint *fpr, struct slice user_id, size_t max,
                  struct trust_edges *out)
{
    CLEANUP(missing_clear) struct missing m = {.t = t};
    struct net_node *x = NULL;
    TRY(net_by_fingerprint(&t->net, fpr, &x));
    if (x == NULL || !trust_find_user(x, user_id, &m.user))
        return NULL;
    TRY(grow_forwards(&t->grow, FORWARDS_MAX));
    scopes_ask(&t->scopes, user_id);
    TRY(look_at_subject(&m, x));
    if (m.n > 0)
        qsort(m.items, m.n, sizeof *m.items, by_help);
    for (size_t i = 0; i < m.n && i < max; i++)
        TRY(VEC_PUSH(out, m.items[i].edge));
    return NULL;
}
