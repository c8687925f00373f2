#include "keyring/trustprice.h"

enum {
    OTHERS_MAX = 16,
    EDGE_COST = 16, /* as effort */
};

#define WORTH (1 - 1e-7)

void trustprice_clear(struct trustprice *p)
{
    vec_free(&p->ends);
    vec_free(&p->heap);
    vec_free(&p->marks);
    vec_free(&p->edges);
}

/* A heap of ends: the cheapest first, of equal ones the shortest. */

static bool is_before(const struct trustprice *p, uint32_t a, uint32_t b)
{
    const struct trustprice_end *x = &p->ends.items[a], *y = &p->ends.items[b];
    return x->cost != y->cost ? x->cost < y->cost : x->hops < y->hops;
}

static err *push(struct trustprice *p, struct trustprice_end end)
{
    uint32_t item = (uint32_t)p->ends.n;
    TRY(VEC_PUSH(&p->ends, end));
    TRY(VEC_PUSH(&p->heap, item));
    size_t at = p->heap.n - 1;
    for (; at > 0 && is_before(p, item, p->heap.items[(at - 1) / 2]); at = (at - 1) / 2)
        p->heap.items[at] = p->heap.items[(at - 1) / 2];
    p->heap.items[at] = item;
    return NULL;
}

static uint32_t pop(struct trustprice *p)
{
    uint32_t top = p->heap.items[0], last = p->heap.items[--p->heap.n];
    size_t at = 0;
    for (size_t child = 1; child < p->heap.n; child = 2 * at + 1) {
        child += child + 1 < p->heap.n &&
                 is_before(p, p->heap.items[child + 1], p->heap.items[child]);
        if (!is_before(p, p->heap.items[child], last))
            break;
        p->heap.items[at] = p->heap.items[child];
        at = child;
    }
    if (p->heap.n > 0)
        p->heap.items[at] = last;
    return top;
}

/* Costs. */

static double price_of(const struct trustroom *r, uint32_t row)
{
    return row == TRUSTROOM_NONE || r->rows.items[row].price < 0 ? 0 : r->rows.items[row].price;
}

static double edge_cost(const struct trustroom *r, const struct trustflow_edge *e, unsigned need)
{
    double cost = 0;
    uint32_t n, first = trustroom_rows(r, e, &n);
    for (uint32_t i = first; i < first + n; i++) {
        if (trustroom_covers(&r->rows.items[i], need))
            cost += price_of(r, i);
    }
    return cost;
}

static double node_cost(const struct trustroom *r, int32_t number, bool as_root)
{
    if ((size_t)number >= r->nodes.n || r->nodes.items[number].question != r->number)
        return 0;
    return price_of(r, as_root ? r->nodes.items[number].root : r->nodes.items[number].limit);
}

/* The search. */

static struct trustpaths_mark *mark_of(struct trustprice *p, int32_t number)
{
    struct trustpaths_mark *m = &p->marks.items[number];
    if (m->sweep != p->sweep)
        *m = (struct trustpaths_mark){.sweep = p->sweep, .hops = TRUSTFLOW_UNLIMITED + 1};
    return m;
}

static err *extend(struct trustprice *p, const struct trustflow_edge *e, uint32_t rest, double cost,
                   unsigned need)
{
    unsigned hops = need < TRUSTFLOW_UNLIMITED ? need + 1 : need;
    if (mark_of(p, e->from)->hops <= hops ||
        trustgraph_reach(p->room->graph, e->from, hops).amount == 0)
        return NULL;
    cost += edge_cost(p->room, e, need) + node_cost(p->room, e->from, false);
    if (cost >= p->worth)
        return NULL;
    return push(p, (struct trustprice_end){cost, e, rest, (uint8_t)hops, false});
}

static err *go_on(struct trustprice *p, uint32_t item)
{
    struct trustprice_end end = p->ends.items[item];
    struct trustflow_node node = trustgraph_at(p->room->graph, end.edge->from)->node;
    for (size_t i = 0; i < node.n_into; i++) {
        const struct trustflow_edge *e = &node.into[i];
        if (e->depth >= end.hops && trustgraph_usable(p->room->question, e))
            TRY(extend(p, e, item, end.cost, end.hops));
    }
    p->effort += node.n_into * EDGE_COST;
    return NULL;
}

static err *reach(struct trustprice *p, uint32_t item)
{
    struct trustprice_end path = p->ends.items[item];
    struct trustpaths_mark *m = mark_of(p, path.edge->from);
    if (m->hops <= path.hops)
        return NULL;
    m->hops = path.hops;
    path.cost += node_cost(p->room, path.edge->from, true);
    path.is_path = true;
    if (trustgraph_at(p->room->graph, path.edge->from)->node.root > 0 && path.cost < p->worth)
        TRY(push(p, path));
    return go_on(p, item);
}

static err *add_route(struct trustprice *p, uint32_t item, struct trustpaths_routes *routes)
{
    p->edges.n = 0;
    for (uint32_t at = item; at != TRUSTROOM_NONE; at = p->ends.items[at].rest)
        TRY(VEC_PUSH(&p->edges, p->ends.items[at].edge));
    return trustpaths_add_route(p->room, p->edges.items, p->edges.n, routes);
}

static err *start(struct trustprice *p)
{
    const struct trustflow_question *q = p->room->question;
    p->sweep++;
    p->ends.n = p->heap.n = 0;
    p->worth = WORTH;
    TRY(VEC_EXTEND(&p->marks, p->room->graph->places.n));
    for (size_t i = 0; i < q->n_finals; i++)
        TRY(extend(p, &q->finals[i], TRUSTROOM_NONE, 0, 0));
    p->effort += q->n_finals * EDGE_COST;
    return NULL;
}

/* Those that were found beside the cheapest: they need not be looked for again. */
static err *add_others(struct trustprice *p, struct trustpaths_routes *routes)
{
    for (size_t i = 0, n = 0; i < p->heap.n && n < OTHERS_MAX; i++) {
        if (!p->ends.items[p->heap.items[i]].is_path)
            continue;
        TRY(add_route(p, p->heap.items[i], routes));
        n++;
    }
    return NULL;
}

err *trustprice_find(struct trustprice *p, struct trustpaths_routes *routes, double *cost)
{
    *cost = 1;
    TRY(start(p));
    while (p->heap.n > 0) {
        if (p->effort > p->effort_max) {
            *cost = 0;
            return NULL;
        }
        uint32_t item = pop(p);
        p->effort += EDGE_COST;
        if (!p->ends.items[item].is_path) {
            TRY(reach(p, item));
            continue;
        }
        *cost = p->ends.items[item].cost;
        TRY(add_route(p, item, routes));
        return add_others(p, routes);
    }
    return NULL;
}
