#include "keyring/trustpaths.h"

#include "base/mem.h"

enum {
    PARTS = 8,     /* of what is missing */
    EDGE_COST = 8, /* as effort */
};

void trustpaths_clear(struct trustpaths *p)
{
    vec_free(&p->ends);
    vec_free(&p->marks);
    vec_free(&p->edges);
}

void trustpaths_routes_clear(struct trustpaths_routes *r)
{
    for (size_t i = 0; i < r->n; i++)
        trustroom_route_clear(&r->items[i]);
    vec_free(r);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* How good an amount is: what is enough is best, and what differs little is as good, so that
 * a short path is found before one that carries hardly more. */
static unsigned class_of(const struct trustpaths *p, unsigned amount)
{
    return amount >= p->missing ? PARTS + 1 : amount * PARTS / p->missing + 1;
}

static void find_missing(struct trustpaths *p)
{
    size_t missing = p->sum < p->asked ? p->asked - p->sum : 1;
    p->missing = missing < TRUST_AMOUNT_MAX ? (unsigned)missing : TRUST_AMOUNT_MAX;
}

/* Puts an end into the queue.  With a survey, what it may become: the order is that of the
 * whole paths. */
static err *put(struct trustpaths *p, uint32_t item)
{
    const struct trustpaths_end *end = &p->ends.items[item];
    unsigned amount = end->amount, hops = end->hops;
    if (p->has_survey && end->state != TRUSTPATHS_WHOLE) {
        struct trustgraph_reach r = trustgraph_reach(p->room->graph, end->edge->from, hops);
        amount = least(amount, r.amount);
        hops = least(hops + r.hops, TRUSTFLOW_UNLIMITED);
    }
    return amount == 0 ? NULL : trustbuckets_push(p->buckets, class_of(p, amount), hops, item);
}

static err *add(struct trustpaths *p, struct trustpaths_end end)
{
    end.changes = p->room->changes;
    TRY(VEC_PUSH(&p->ends, end));
    return put(p, (uint32_t)p->ends.n - 1);
}

static struct trustpaths_mark *mark_of(struct trustpaths *p, int32_t number)
{
    struct trustpaths_mark *m = &p->marks.items[number];
    if (m->sweep != p->sweep)
        *m = (struct trustpaths_mark){.sweep = p->sweep, .hops = TRUSTFLOW_UNLIMITED + 1};
    return m;
}

/* Is one as good with at most so many edges there, or in the queue?  That may carry less by
 * now: another sweep will see. */
static bool is_beaten(const struct trustpaths_mark *m, unsigned class, unsigned hops)
{
    return m->hops <= hops || (m->put_class >= class && m->put_hops <= hops);
}

/* Whole paths do not stand in for one another: they differ in their first edge. */
static bool is_whole(struct trustpaths *p, int32_t number)
{
    return trustgraph_at(p->room->graph, number)->node.root > 0 &&
           trustroom_root(p->room, number) > 0;
}

/* The edge in front of `rest`, which starts where it leads. */
static err *extend(struct trustpaths *p, const struct trustflow_edge *e, uint32_t rest,
                   unsigned amount, unsigned need)
{
    unsigned hops = least(need + 1, TRUSTFLOW_UNLIMITED);
    struct trustpaths_mark *m = mark_of(p, e->from);
    bool may_wait = !is_whole(p, e->from);
    if (may_wait && is_beaten(m, class_of(p, least(amount, e->amount)), hops))
        return NULL;
    amount = least(amount, trustroom_edge(p->room, e, need));
    if (amount == 0 || (may_wait && is_beaten(m, class_of(p, amount), hops)))
        return NULL;
    m->put_class = (uint8_t)class_of(p, amount);
    m->put_hops = (uint8_t)hops;
    return add(p, (struct trustpaths_end){
                      .edge = e, .rest = rest, .hops = (uint8_t)hops, .amount = (uint8_t)amount});
}

/* What there is room for now: other paths may have been taken since, and its node is known. */
static unsigned amount_now(struct trustpaths *p, const struct trustpaths_end *end)
{
    unsigned amount = trustroom_limit(p->room, end->edge->from, end->amount);
    if (end->changes == p->room->changes)
        return amount;
    if (end->state == TRUSTPATHS_WHOLE)
        amount = least(amount, trustroom_root(p->room, end->edge->from));
    for (const struct trustpaths_end *at = end; amount > 0; at = &p->ends.items[at->rest]) {
        unsigned need = at->rest == TRUSTROOM_NONE ? 0 : p->ends.items[at->rest].hops;
        amount = least(amount, trustroom_edge(p->room, at->edge, need));
        amount = trustroom_limit(p->room, at->edge->from, amount);
        p->effort += EDGE_COST;
        if (at->rest == TRUSTROOM_NONE)
            break;
    }
    return amount;
}

err *trustpaths_add_route(struct trustroom *room, const struct trustflow_edge **edges, size_t n,
                          struct trustpaths_routes *routes)
{
    struct trustroom_route route = {0};
    TRY(trustroom_route(room, edges, n, &route));
    err *e = VEC_PUSH(routes, route);
    if (e != NULL)
        trustroom_route_clear(&route);
    return e;
}

static err *take(struct trustpaths *p, uint32_t item, struct trustpaths_routes *routes)
{
    p->edges.n = 0;
    for (uint32_t at = item; at != TRUSTROOM_NONE; at = p->ends.items[at].rest)
        TRY(VEC_PUSH(&p->edges, p->ends.items[at].edge));
    TRY(trustpaths_add_route(p->room, p->edges.items, p->edges.n, routes));
    struct trustroom_route *route = &routes->items[routes->n - 1];
    unsigned amount = trustroom_left(p->room, route);
    trustroom_take(p->room, route, amount);
    route->amount = amount;
    p->sum += amount;
    find_missing(p);
    p->effort += route->n_rows + route->n_edges;
    return NULL;
}

static err *go_on(struct trustpaths *p, uint32_t item)
{
    const struct trustpaths_end end = p->ends.items[item];
    struct trustflow_node node = trustgraph_at(p->room->graph, end.edge->from)->node;
    TRY(VEC_EXTEND(&p->marks, p->room->graph->places.n));
    for (size_t i = 0; i < node.n_into; i++) {
        const struct trustflow_edge *e = &node.into[i];
        if (e->depth >= end.hops && trustgraph_usable(p->room->question, e))
            TRY(extend(p, e, item, end.amount, end.hops));
    }
    p->effort += node.n_into * EDGE_COST;
    return NULL;
}

/* At a root: a path. */
static err *add_whole(struct trustpaths *p, uint32_t item, unsigned root)
{
    struct trustpaths_end path = p->ends.items[item];
    path.state = TRUSTPATHS_WHOLE;
    path.amount = (uint8_t)least(path.amount, root);
    return add(p, path);
}

/* Goes on from where no other led from fewer edges; from a root only after the path that
 * starts there, if that carries as much. */
static err *reach(struct trustpaths *p, uint32_t item)
{
    int32_t number = p->ends.items[item].edge->from;
    unsigned hops = p->ends.items[item].hops, root = trustroom_root(p->room, number);
    if (root > 0)
        TRY(add_whole(p, item, root));
    if (mark_of(p, number)->hops <= hops)
        return NULL;
    mark_of(p, number)->hops = (uint16_t)hops;
    p->ends.items[item].state = TRUSTPATHS_REACHED;
    return root > 0 ? put(p, item) : go_on(p, item);
}

static err *step(struct trustpaths *p, uint32_t item, struct trustpaths_routes *routes)
{
    struct trustpaths_end *end = &p->ends.items[item];
    TRY(trustgraph_visit(p->room->graph, end->edge->from));
    unsigned amount = amount_now(p, end);
    bool is_less = amount < end->amount;
    end->amount = (uint8_t)amount;
    end->changes = p->room->changes;
    if (amount == 0)
        return NULL;
    if (is_less)
        return put(p, item);
    switch ((enum trustpaths_state)end->state) {
    case TRUSTPATHS_FOUND:
        return reach(p, item);
    case TRUSTPATHS_REACHED:
        return go_on(p, item);
    case TRUSTPATHS_WHOLE:
        return take(p, item, routes);
    }
    return NULL;
}

static err *start(struct trustpaths *p)
{
    const struct trustflow_question *q = p->room->question;
    p->sweep++;
    p->ends.n = 0;
    find_missing(p);
    trustbuckets_reset(p->buckets);
    trustroom_unmark(p->room);
    TRY(VEC_EXTEND(&p->marks, p->room->graph->places.n));
    for (size_t i = 0; i < q->n_finals; i++)
        TRY(extend(p, &q->finals[i], TRUSTROOM_NONE, TRUST_AMOUNT_MAX, 0));
    p->effort += q->n_finals * EDGE_COST;
    return NULL;
}

err *trustpaths_sweep(struct trustpaths *p, struct trustpaths_routes *routes)
{
    uint32_t item;
    TRY(start(p));
    while (p->sum < p->asked && p->effort <= p->effort_max && trustbuckets_pop(p->buckets, &item)) {
        p->effort += EDGE_COST;
        TRY(step(p, item, routes));
    }
    return NULL;
}
