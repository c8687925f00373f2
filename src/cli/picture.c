#include "cli/picture.h"

#include "base/text.h"
#include "cli/label.h"
#include "cli/trustwords.h"

enum { SHORT_ID_LEN = 8 }; /* octets */

void picture_clear(struct picture *p)
{
    vec_free(&p->nodes);
    vec_free(&p->edges);
    buf_clear(&p->title);
}

int picture_find(const struct picture *p, const struct fingerprint *fpr)
{
    for (size_t i = 0; i < p->nodes.n; i++) {
        if (fingerprint_equal(&p->nodes.items[i].cert->fpr, fpr))
            return (int)i;
    }
    return PICTURE_NONE;
}

err *picture_add_cert(struct picture *p, const struct trust_cert *c, int *index)
{
    struct picture_node n = {.cert = c, .name = c->name};
    int found = picture_find(p, &c->fpr);
    if (found == PICTURE_NONE && p->nodes.n < p->max_nodes) {
        TRY(VEC_PUSH(&p->nodes, n));
        found = (int)p->nodes.n - 1;
    }
    if (index != NULL)
        *index = found;
    return NULL;
}

void picture_judge(struct picture *p, size_t node, unsigned amount)
{
    p->nodes.items[node].is_judged = true;
    p->nodes.items[node].amount = amount;
}

bool picture_edge_counts(const struct picture_edge *e)
{
    return e->edge->fault == TRUST_COUNTS || e->flow > 0;
}

/* Certifications of several user IDs, say. */
static bool is_alike(const struct picture_edge *a, const struct picture_edge *b)
{
    return a->from == b->from && a->to == b->to && a->edge->fault == b->edge->fault &&
           (a->edge->depth > 0) == (b->edge->depth > 0);
}

/* The same thing said, however it was judged. */
static bool is_same(const struct trust_edge *a, const struct trust_edge *b)
{
    return a == b || (a->depth == b->depth && a->amount == b->amount &&
                      a->created_at == b->created_at && a->expires_at == b->expires_at &&
                      slice_equal(a->user_id, b->user_id) && slice_equal(a->scopes, b->scopes));
}

static bool is_stronger(const struct trust_edge *a, const struct trust_edge *b)
{
    return a->amount != b->amount ? a->amount > b->amount : a->depth > b->depth;
}

/* What carries the answer is shown, rather than what says more. */
static void join(struct picture_edge *old, const struct picture_edge *new)
{
    bool instead = new->flow > 0 && old->flow <= 0;
    if (!is_same(old->edge, new->edge))
        old->n++;
    if (instead || ((new->flow > 0) == (old->flow > 0) && is_stronger(new->edge, old->edge)))
        old->edge = new->edge;
    old->flow += new->flow;
}

static err *add_edge(struct picture *p, const struct picture_edge *new)
{
    for (size_t i = 0; i < p->edges.n; i++) {
        struct picture_edge *old = &p->edges.items[i];
        bool same = old->from == new->from && old->to == new->to &&is_same(old->edge, new->edge);
        if (!same && (p->apart || !is_alike(old, new)))
            continue;
        join(old, new);
        return NULL;
    }
    if (p->edges.n < p->max_edges)
        return VEC_PUSH(&p->edges, *new);
    p->edges_left_out++;
    return NULL;
}

static err *add_between(struct picture *p, const struct trust_edge *e, double flow)
{
    int from, to;
    TRY(picture_add_cert(p, e->issuer, &from));
    TRY(picture_add_cert(p, e->subject, &to));
    if (from == PICTURE_NONE || to == PICTURE_NONE) {
        p->nodes_left_out++;
        return NULL;
    }
    const struct picture_edge new = {
        .from = (size_t)from, .to = (size_t)to, .edge = e, .n = 1, .flow = flow};
    return add_edge(p, &new);
}

static bool is_about_itself(const struct trust_edge *e)
{
    return fingerprint_equal(&e->issuer->fpr, &e->subject->fpr);
}

static err *add_path(struct picture *p, const struct trust_path *path)
{
    TRY(picture_add_cert(p, path->root, NULL));
    for (size_t i = 0; i < path->n_edges; i++) {
        const struct trust_edge *e = path->edges[i];
        if (is_about_itself(e))
            continue;
        TRY(add_between(p, e, path->amount));
        int issuer = picture_find(p, &e->issuer->fpr);
        if (issuer != PICTURE_NONE)
            p->nodes.items[issuer].introduces = true;
    }
    return NULL;
}

err *picture_add_answer(struct picture *p, const struct trust_cert *subject, struct slice user_id,
                        const struct trust_answer *a)
{
    int target;
    TRY(picture_add_cert(p, subject, &target));
    if (target != PICTURE_NONE) {
        p->nodes.items[target].is_target = true;
        p->nodes.items[target].name = user_id;
        picture_judge(p, (size_t)target, a->amount);
    }
    for (size_t i = 0; i < a->paths.n; i++)
        TRY(add_path(p, &a->paths.items[i]));
    return NULL;
}

static bool is_wanted(const struct picture *p, const struct trust_edge *e, bool only_between)
{
    if (is_about_itself(e) || (e->fault != TRUST_COUNTS && !p->all_broken))
        return false;
    return !only_between || (picture_find(p, &e->issuer->fpr) != PICTURE_NONE &&
                             picture_find(p, &e->subject->fpr) != PICTURE_NONE);
}

err *picture_add_edges(struct picture *p, const struct trust_edges *edges, bool only_between)
{
    for (size_t i = 0; i < edges->n; i++) {
        if (is_wanted(p, edges->items[i], only_between))
            TRY(add_between(p, edges->items[i], 0));
    }
    return NULL;
}

enum picture_state picture_state_of(const struct picture *p, const struct picture_node *n)
{
    if (!n->cert->is_here)
        return PICTURE_ABSENT;
    if (n->cert->fault != TRUST_COUNTS)
        return PICTURE_INVALID;
    if (n->cert->root > 0)
        return PICTURE_ROOT;
    if (n->is_judged && n->amount > 0 && !p->gossip)
        return n->amount >= p->asked ? PICTURE_REACHED : PICTURE_PARTLY;
    if (n->is_target)
        return PICTURE_MISSED;
    return n->introduces ? PICTURE_INTRODUCER : PICTURE_PLAIN;
}

const char *picture_state_words(enum picture_state s)
{
    static const char *const words[] = {
        [PICTURE_ROOT] = "root",
        [PICTURE_INTRODUCER] = "introducer",
        [PICTURE_REACHED] = "authenticated",
        [PICTURE_PARTLY] = "partly authenticated",
        [PICTURE_MISSED] = "not authenticated",
        [PICTURE_PLAIN] = "other",
        [PICTURE_INVALID] = "not valid",
        [PICTURE_ABSENT] = "not here",
    };
    return words[s];
}

void picture_short_id(const struct picture_node *n, struct buf *out)
{
    struct slice f = fingerprint_view(&n->cert->fpr);
    struct key_id id = fingerprint_key_id(&n->cert->fpr);
    if (key_id_is_zero(&id)) /* no more than that is known */
        text_hex_to(out, slice_of(f.data, f.len < SHORT_ID_LEN ? f.len : SHORT_ID_LEN));
    else
        text_hex_to(out, SLICE_OF(id.bytes));
}

void picture_label(const struct picture_node *n, size_t columns, const char *dots, struct buf *out)
{
    if (n->name.len > 0)
        label_user(n->name, columns, dots, out);
    else
        picture_short_id(n, out);
}

double picture_edge_weight(const struct picture_edge *e)
{
    return e->flow > 0 ? e->flow : e->edge->amount;
}

void picture_amount(double amount, struct buf *out)
{
    buf_printf(out, "%.*f", amount == (unsigned)amount ? 0 : 1, amount);
}

void picture_edge_amount(const struct picture_edge *e, struct buf *out)
{
    picture_amount(picture_edge_weight(e), out);
    if (e->flow > 0 && e->flow < e->edge->amount)
        buf_printf(out, " of %u", e->edge->amount);
}

void picture_edge_details(const struct picture *p, const struct picture_edge *e, struct buf *out)
{
    if (!picture_edge_counts(e))
        trustwords_reason(e->edge, out);
    else
        trustwords_limits(e->edge, !p->any_depth, out);
}

void picture_cut_note(const struct picture *p, struct buf *out)
{
    size_t n = p->nodes_left_out + p->edges_left_out;
    if (n > 0)
        buf_printf(out, "not all is drawn: %zu %s out, the limit is %zu certificates", n,
                   n == 1 ? "edge is left" : "edges are left", p->max_nodes);
    if (p->passed_over > 0)
        buf_printf(out, "%s%zu %s back or across %s not drawn: --all-edges draws %s",
                   n > 0 ? "; " : "", p->passed_over, p->passed_over == 1 ? "edge" : "edges",
                   p->passed_over == 1 ? "is" : "are", p->passed_over == 1 ? "it" : "them");
}
