/* The part of trustgraph.h that looks from the roots on. */
#include "keyring/trustgraph.h"

#include "base/mem.h"

/* Amounts that differ by less count as equal, so that roots are not far where they need not
 * be. */
enum { STEP = 15 };

/* One found on the way. */
struct found {
    int32_t number;
    struct trustgraph_reach reach;
};

struct survey {
    struct trustgraph *g;
    struct trustbuckets *buckets;
    VEC(struct found) found;
    VEC(struct found) kept;            /* larger amounts first */
    VEC(uint8_t) depths;               /* by node: the most that was kept */
    VEC(uint32_t) starts;              /* by node: where its edges begin in `out` */
    const struct trustflow_edge **out; /* all edges, by where they come from */
};

static void survey_clear(struct survey *s)
{
    vec_free(&s->found);
    vec_free(&s->kept);
    vec_free(&s->depths);
    vec_free(&s->starts);
    free(s->out);
}

/* Sorts the edges of all known nodes by counting. */
static err *turn_round(struct survey *s)
{
    const struct trustgraph *g = s->g;
    size_t n = 0;
    TRY(VEC_EXTEND(&s->starts, g->places.n + 2));
    uint32_t *starts = s->starts.items + 1; /* moves down by one while the edges are put */
    for (size_t i = 0; i < g->known.n; i++) {
        const struct trustflow_node *node = &trustgraph_at(g, g->known.items[i])->node;
        for (size_t k = 0; k < node->n_into; k++)
            starts[node->into[k].from + 1]++;
        n += node->n_into;
    }
    for (size_t i = 1; i <= g->places.n; i++)
        starts[i] += starts[i - 1];
    TRY(MEM_ARRAY(s->out, n + 1));
    for (size_t i = 0; i < g->known.n; i++) {
        const struct trustflow_node *node = &trustgraph_at(g, g->known.items[i])->node;
        for (size_t k = 0; k < node->n_into; k++)
            s->out[starts[node->into[k].from]++] = &node->into[k];
    }
    return NULL;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Takes a reach into the queue unless the node has a better one. */
static err *offer(struct survey *s, int32_t number, struct trustgraph_reach r)
{
    unsigned limit = trustgraph_at(s->g, number)->node.limit;
    r.amount = (uint8_t)(limit > 0 ? least(limit, r.amount) : r.amount);
    if (r.depth <= s->depths.items[number])
        return NULL;
    TRY(VEC_PUSH(&s->found, ((struct found){number, r})));
    return trustbuckets_push(s->buckets, r.amount / STEP, TRUSTFLOW_UNLIMITED - r.depth,
                             (uint32_t)s->found.n - 1);
}

static err *go_on(struct survey *s, const struct found *f)
{
    unsigned left = f->reach.depth == TRUSTFLOW_UNLIMITED ? TRUSTFLOW_UNLIMITED
                                                          : (unsigned)f->reach.depth - 1;
    for (uint32_t i = s->starts.items[f->number]; i < s->starts.items[f->number + 1]; i++) {
        const struct trustflow_edge *e = s->out[i];
        struct trustgraph_reach r = {
            .amount = (uint8_t)least(f->reach.amount, e->amount),
            .depth = (uint8_t)least(left, e->depth),
            .hops = (uint8_t)least(f->reach.hops + 1U, UINT8_MAX),
        };
        if (r.depth > 0)
            TRY(offer(s, e->to, r));
    }
    return NULL;
}

static err *start_at_roots(struct survey *s)
{
    for (size_t i = 0; i < s->g->known.n; i++) {
        int32_t number = s->g->known.items[i];
        unsigned root = trustgraph_at(s->g, number)->node.root;
        struct trustgraph_reach r = {
            .amount = (uint8_t)least(root, TRUST_AMOUNT_MAX),
            .depth = TRUSTFLOW_UNLIMITED,
        };
        if (root > 0)
            TRY(offer(s, number, r));
    }
    return NULL;
}

/* Amounts fall as they come out, so that what is kept later must reach deeper. */
static err *spread(struct survey *s)
{
    uint32_t item;
    while (trustbuckets_pop(s->buckets, &item)) {
        struct found f = s->found.items[item];
        if (f.reach.depth <= s->depths.items[f.number])
            continue;
        s->depths.items[f.number] = f.reach.depth;
        TRY(VEC_PUSH(&s->kept, f));
        TRY(go_on(s, &f));
    }
    return NULL;
}

/* Puts what was kept together by nodes, in the order in which it came. */
static err *note(struct survey *s)
{
    struct trustgraph *g = s->g;
    TRY(VEC_EXTEND(&g->reaches, s->kept.n));
    for (size_t i = 0; i < g->known.n; i++)
        g->places.items[g->known.items[i]].n_reaches = 0;
    for (size_t i = 0; i < s->kept.n; i++)
        g->places.items[s->kept.items[i].number].n_reaches++;
    uint32_t first = 0;
    for (size_t i = 0; i < g->known.n; i++) {
        struct trustgraph_place *p = &g->places.items[g->known.items[i]];
        p->first_reach = first;
        first += p->n_reaches;
        p->n_reaches = 0;
    }
    for (size_t i = 0; i < s->kept.n; i++) {
        struct trustgraph_place *p = &g->places.items[s->kept.items[i].number];
        g->reaches.items[p->first_reach + p->n_reaches++] = s->kept.items[i].reach;
    }
    g->n_surveyed = g->known.n;
    return NULL;
}

err *trustgraph_survey(struct trustgraph *g, struct trustbuckets *b)
{
    CLEANUP(survey_clear) struct survey s = {.g = g, .buckets = b};
    if (g->n_surveyed == g->known.n)
        return NULL;
    trustbuckets_reset(b);
    TRY(VEC_EXTEND(&s.depths, g->places.n));
    TRY(turn_round(&s));
    TRY(start_at_roots(&s));
    TRY(spread(&s));
    return note(&s);
}

struct trustgraph_reach trustgraph_reach(const struct trustgraph *g, int32_t number, unsigned hops)
{
    const struct trustgraph_place *p = trustgraph_at(g, number);
    for (uint32_t i = 0; i < p->n_reaches; i++) {
        struct trustgraph_reach r = g->reaches.items[p->first_reach + i];
        if (r.depth >= hops)
            return r;
    }
    return (struct trustgraph_reach){0};
}
