#include "keyring/trustgraph.h"

#include "base/mem.h"

#include <string.h>

void trustgraph_clear(struct trustgraph *g)
{
    vec_free(&g->places);
    vec_free(&g->known);
    vec_free(&g->pairs_seen);
    vec_free(&g->reaches);
}

/* What the header promises of an edge. */
static bool is_sound(const struct trustflow_edge *e, int32_t to)
{
    return e->from >= 0 && e->to == to && e->pair >= 0 && e->depth > 0 && e->amount > 0 &&
           e->amount <= TRUST_AMOUNT_MAX;
}

static err *look_over(struct trustgraph *g, const struct trustflow_node *node, int32_t number)
{
    int32_t pair = -1, top = number;
    for (size_t i = 0; i < node->n_into; i++) {
        const struct trustflow_edge *e = &node->into[i];
        if (!is_sound(e, number))
            return err_new(ERR_BUG, "trust: an impossible edge");
        top = e->from > top ? e->from : top;
        if (e->pair == pair)
            continue;
        pair = e->pair;
        TRY(VEC_EXTEND(&g->pairs_seen, (size_t)pair + 1));
        if (g->pairs_seen.items[pair])
            return err_new(ERR_BUG, "trust: edges of a pair stand apart");
        g->pairs_seen.items[pair] = true;
    }
    return VEC_EXTEND(&g->places, (size_t)top + 1);
}

err *trustgraph_visit(struct trustgraph *g, int32_t number)
{
    struct trustflow_node node = {0};
    TRY(VEC_EXTEND(&g->places, (size_t)number + 1));
    if (g->places.items[number].is_known)
        return NULL;
    TRY(g->source.node(g->source.context, number, &node));
    TRY(look_over(g, &node, number));
    TRY(VEC_PUSH(&g->known, number));
    g->places.items[number] = (struct trustgraph_place){.node = node, .is_known = true};
    return NULL;
}

/* Everything that may matter. */

struct closing {
    struct trustgraph *g;
    const struct trustflow_question *q;
    VEC(int32_t) numbers; /* as they come: with no more edges to the target than later ones */
};

static void closing_clear(struct closing *c)
{
    for (size_t i = 0; i < c->numbers.n; i++)
        c->g->places.items[c->numbers.items[i]].is_close = false;
    vec_free(&c->numbers);
}

static err *close_one(struct closing *c, int32_t number)
{
    TRY(trustgraph_visit(c->g, number));
    struct trustgraph_place *p = &c->g->places.items[number];
    if (p->is_close)
        return NULL;
    TRY(VEC_PUSH(&c->numbers, number));
    p->is_close = true;
    return NULL;
}

/* Breadth first: who is not reached with the fewest edges is reached with no other number. */
err *trustgraph_close(struct trustgraph *g, const struct trustflow_question *q)
{
    CLEANUP(closing_clear) struct closing c = {.g = g, .q = q};
    for (size_t i = 0; i < q->n_finals; i++)
        TRY(close_one(&c, q->finals[i].from));
    unsigned hops = 1;
    for (size_t i = 0, last = c.numbers.n; i < c.numbers.n; i++) {
        if (i == last) {
            hops += hops < TRUSTFLOW_UNLIMITED;
            last = c.numbers.n;
        }
        struct trustflow_node node = trustgraph_at(g, c.numbers.items[i])->node;
        for (size_t k = 0; k < node.n_into; k++) {
            if (node.into[k].depth >= hops && trustgraph_usable(q, &node.into[k]))
                TRY(close_one(&c, node.into[k].from));
        }
    }
    return NULL;
}
