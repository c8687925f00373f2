#include "keyring/trustroom.h"

#include "base/mem.h"

#include <string.h>

enum { NEED_PAST_ANY = TRUSTFLOW_UNLIMITED + 1 };

void trustroom_clear(struct trustroom *r)
{
    vec_free(&r->rows);
    vec_free(&r->pairs);
    vec_free(&r->nodes);
    vec_free(&r->next_final);
    vec_free(&r->scratch);
}

static struct trustroom_pair *pair_of(struct trustroom *r, int32_t number)
{
    struct trustroom_pair *p = &r->pairs.items[number];
    if (p->question != r->number)
        *p = (struct trustroom_pair){.question = r->number, .final = -1, .delegation = -1};
    return p;
}

static bool is_sound(const struct trustflow_edge *e, int32_t to)
{
    return e->from >= 0 && e->to == to && e->pair >= 0 && e->amount > 0 &&
           e->amount <= TRUST_AMOUNT_MAX;
}

/* A final edge may share its pair with delegations: finds where these are. */
static err *find_delegations(struct trustroom *r, int32_t to)
{
    TRY(trustgraph_visit(r->graph, to));
    struct trustflow_node node = trustgraph_at(r->graph, to)->node;
    for (size_t i = 0; i < node.n_into; i++) {
        size_t pair = (size_t)node.into[i].pair;
        struct trustroom_pair *p = pair < r->pairs.n ? &r->pairs.items[pair] : NULL;
        if (p != NULL && p->question == r->number && p->delegation < 0)
            p->delegation = (int32_t)i;
    }
    return NULL;
}

err *trustroom_start(struct trustroom *r, const struct trustflow_question *q)
{
    r->question = q;
    r->number++;
    r->changes++;
    r->rows.n = 0;
    TRY(VEC_EXTEND(&r->next_final, q->n_finals));
    for (size_t i = 0; i < q->n_finals; i++) {
        const struct trustflow_edge *e = &q->finals[i];
        if (!is_sound(e, q->finals[0].to))
            return err_new(ERR_BUG, "trust: an impossible final edge");
        TRY(VEC_EXTEND(&r->pairs, (size_t)e->pair + 1));
        struct trustroom_pair *p = pair_of(r, e->pair);
        r->next_final.items[i] = p->final;
        p->final = (int32_t)i;
        TRY(VEC_EXTEND(&r->graph->places, (size_t)e->from + 1));
    }
    return q->n_finals == 0 ? NULL : find_delegations(r, q->finals[0].to);
}

/* Rows. */

static err *add_row(struct trustroom *r, unsigned bound, unsigned need, bool has_final)
{
    struct trustroom_row row = {.bound = bound, .need = (uint16_t)need, .has_final = has_final};
    return VEC_PUSH(&r->rows, row);
}

/* The delegations of the edge's pair, good ones or not: they stand together. */
static const struct trustflow_edge *delegations_of(struct trustroom *r,
                                                   const struct trustflow_edge *e, unsigned need,
                                                   size_t *n)
{
    struct trustflow_node node = trustgraph_at(r->graph, e->to)->node;
    const struct trustflow_edge *end = node.into + node.n_into, *first = e, *last = e;
    *n = 0;
    if (need == 0) {
        int32_t at = pair_of(r, e->pair)->delegation;
        if (at < 0)
            return NULL;
        first = last = node.into + at;
    }
    while (first > node.into && first[-1].pair == e->pair)
        first--;
    while (last < end && last->pair == e->pair)
        last++;
    *n = (size_t)(last - first);
    return first;
}

/* The largest amount among the good delegations of each depth or more. */
struct steps {
    uint8_t amounts[TRUSTFLOW_UNLIMITED + 2];
};

static void find_steps(struct trustroom *r, const struct trustflow_edge *e, unsigned need,
                       struct steps *out)
{
    size_t n;
    const struct trustflow_edge *d = delegations_of(r, e, need, &n);
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < n; i++) {
        if (d[i].amount > out->amounts[d[i].depth] && trustgraph_usable(r->question, &d[i]))
            out->amounts[d[i].depth] = d[i].amount;
    }
    for (unsigned depth = TRUSTFLOW_UNLIMITED; depth > 0; depth--) {
        if (out->amounts[depth] < out->amounts[depth + 1])
            out->amounts[depth] = out->amounts[depth + 1];
    }
}

static const struct trustflow_edge *best_final(const struct trustroom *r,
                                               const struct trustroom_pair *p)
{
    const struct trustflow_edge *best = NULL;
    for (int32_t i = p->final; i >= 0; i = r->next_final.items[i]) {
        const struct trustflow_edge *e = &r->question->finals[i];
        if (best == NULL || e->amount > best->amount)
            best = e;
    }
    return best;
}

/* Those from a need on where less can be carried than before it.  What is final counts
 * among them while they are the larger ones, and then once for all that is left. */
static err *add_steps(struct trustroom *r, const struct steps *s, unsigned final)
{
    bool has_final = final > 0;
    for (unsigned need = 1; need <= TRUSTFLOW_UNLIMITED && s->amounts[need] > 0; need++) {
        unsigned amount = s->amounts[need];
        if (need > 1 && amount == s->amounts[need - 1])
            continue;
        if (has_final) {
            TRY(add_row(r, amount > final ? amount : final, need, true));
            has_final = amount > final;
        }
        if (amount < final || final == 0)
            TRY(add_row(r, amount, need, false));
    }
    return has_final ? add_row(r, final, NEED_PAST_ANY, true) : NULL;
}

static err *open_pair(struct trustroom *r, const struct trustflow_edge *e, unsigned need)
{
    TRY(VEC_EXTEND(&r->pairs, (size_t)e->pair + 1));
    struct trustroom_pair *p = pair_of(r, e->pair);
    if (p->n_rows > 0)
        return NULL;
    struct steps s;
    find_steps(r, e, need, &s);
    const struct trustflow_edge *final = best_final(r, p);
    p->first_row = (uint32_t)r->rows.n;
    TRY(add_steps(r, &s, final == NULL ? 0 : final->amount));
    p->n_rows = (uint32_t)r->rows.n - p->first_row;
    return NULL;
}

static err *open_node(struct trustroom *r, int32_t number, struct trustroom_node **out)
{
    TRY(VEC_EXTEND(&r->nodes, (size_t)number + 1));
    struct trustroom_node *n = &r->nodes.items[number];
    if (n->question != r->number)
        *n = (struct trustroom_node){r->number, TRUSTROOM_NONE, TRUSTROOM_NONE};
    *out = n;
    return NULL;
}

/* Room. */

static unsigned left_in(struct trustroom_row *row, unsigned amount)
{
    unsigned left = row->bound > row->used ? row->bound - row->used : 0;
    row->is_marked = row->is_marked || left == 0;
    return left < amount ? left : amount;
}

unsigned trustroom_edge(struct trustroom *r, const struct trustflow_edge *e, unsigned need)
{
    unsigned amount = e->amount;
    uint32_t n, first = trustroom_rows(r, e, &n);
    for (uint32_t i = 0; i < n && amount > 0; i++) {
        struct trustroom_row *row = &r->rows.items[first + i];
        if (trustroom_covers(row, need))
            amount = left_in(row, amount);
    }
    return amount;
}

/* NULL: nothing has touched the node. */
static const struct trustroom_node *node_of(const struct trustroom *r, int32_t number)
{
    if ((size_t)number >= r->nodes.n || r->nodes.items[number].question != r->number)
        return NULL;
    return &r->nodes.items[number];
}

unsigned trustroom_root(struct trustroom *r, int32_t number)
{
    unsigned root = trustgraph_at(r->graph, number)->node.root;
    const struct trustroom_node *n = node_of(r, number);
    return n == NULL || n->root == TRUSTROOM_NONE ? root : left_in(&r->rows.items[n->root], root);
}

unsigned trustroom_limit(struct trustroom *r, int32_t number, unsigned amount)
{
    unsigned limit = trustgraph_at(r->graph, number)->node.limit;
    if (limit == 0)
        return amount;
    const struct trustroom_node *n = node_of(r, number);
    return n == NULL || n->limit == TRUSTROOM_NONE ? (limit < amount ? limit : amount)
                                                   : left_in(&r->rows.items[n->limit], amount);
}

void trustroom_unmark(struct trustroom *r)
{
    for (size_t i = 0; i < r->rows.n; i++)
        r->rows.items[i].is_marked = false;
}

size_t trustroom_marked(const struct trustroom *r)
{
    size_t sum = 0;
    for (size_t i = 0; i < r->rows.n; i++)
        sum += r->rows.items[i].is_marked ? r->rows.items[i].bound : 0;
    return sum;
}

/* Routes. */

static unsigned need_at(size_t i, size_t n_edges)
{
    size_t after = n_edges - 1 - i;
    return after < TRUSTFLOW_UNLIMITED ? (unsigned)after : TRUSTFLOW_UNLIMITED;
}

static const struct trustflow_edge *best_of(struct trustroom *r, const struct trustflow_edge *e,
                                            unsigned need)
{
    if (need == 0)
        return best_final(r, pair_of(r, e->pair));
    size_t n;
    const struct trustflow_edge *d = delegations_of(r, e, need, &n);
    for (size_t i = 0; i < n; i++) {
        if (d[i].depth >= need && d[i].amount > e->amount && trustgraph_usable(r->question, &d[i]))
            e = &d[i];
    }
    return e;
}

static err *touch_edge(struct trustroom *r, const struct trustflow_edge *e, unsigned need)
{
    TRY(open_pair(r, e, need));
    const struct trustroom_pair *p = pair_of(r, e->pair);
    for (uint32_t i = p->first_row; i < p->first_row + p->n_rows; i++) {
        if (trustroom_covers(&r->rows.items[i], need))
            TRY(VEC_PUSH(&r->scratch, i));
    }
    return NULL;
}

static err *touch_bound(struct trustroom *r, uint32_t *row, unsigned bound)
{
    if (*row == TRUSTROOM_NONE) {
        TRY(add_row(r, bound, 0, false));
        *row = (uint32_t)r->rows.n - 1;
    }
    return VEC_PUSH(&r->scratch, *row);
}

static err *touch_nodes(struct trustroom *r, const struct trustflow_edge **edges, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct trustroom_node *node;
        struct trustflow_node known = trustgraph_at(r->graph, edges[i]->from)->node;
        if (i > 0 && known.limit == 0)
            continue;
        TRY(open_node(r, edges[i]->from, &node));
        if (i == 0)
            TRY(touch_bound(r, &node->root, known.root));
        if (known.limit > 0)
            TRY(touch_bound(r, &node->limit, known.limit));
    }
    return NULL;
}

err *trustroom_route(struct trustroom *r, const struct trustflow_edge **edges, size_t n_edges,
                     struct trustroom_route *out)
{
    CLEANUP(trustroom_route_clear) struct trustroom_route route = {.root = edges[0]->from};
    r->scratch.n = 0;
    TRY(touch_nodes(r, edges, n_edges));
    TRY(MEM_ARRAY(route.edges, n_edges));
    for (size_t i = 0; i < n_edges; i++) {
        route.edges[i] = best_of(r, edges[i], need_at(i, n_edges));
        TRY(touch_edge(r, edges[i], need_at(i, n_edges)));
    }
    TRY(MEM_ARRAY(route.rows, r->scratch.n));
    memcpy(route.rows, r->scratch.items, r->scratch.n * sizeof *route.rows);
    route.n_edges = n_edges;
    route.n_rows = r->scratch.n;
    *out = route;
    route.edges = NULL;
    route.rows = NULL;
    return NULL;
}

void trustroom_route_clear(struct trustroom_route *route)
{
    free(route->edges);
    free(route->rows);
    *route = (struct trustroom_route){0};
}

unsigned trustroom_left(const struct trustroom *r, const struct trustroom_route *route)
{
    unsigned amount = TRUST_AMOUNT_MAX;
    for (size_t i = 0; i < route->n_rows; i++) {
        const struct trustroom_row *row = &r->rows.items[route->rows[i]];
        unsigned left = row->bound > row->used ? row->bound - row->used : 0;
        amount = left < amount ? left : amount;
    }
    return amount;
}

void trustroom_take(struct trustroom *r, const struct trustroom_route *route, unsigned amount)
{
    for (size_t i = 0; i < route->n_rows; i++)
        r->rows.items[route->rows[i]].used += amount;
    r->changes++;
}

void trustroom_empty(struct trustroom *r)
{
    for (size_t i = 0; i < r->rows.n; i++)
        r->rows.items[i].used = 0;
    r->changes++;
}
