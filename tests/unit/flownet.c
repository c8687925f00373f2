#include "flownet.h"
#include "unit.h"

struct flownet flownet_new(int32_t target)
{
    return (struct flownet){.target = target, .n_nodes = target + 1};
}

static void forget(struct flownet *n)
{
    trustflow_clear(&n->flow);
    trustflow_close(n->solver);
    n->solver = NULL;
}

void flownet_clear(struct flownet *n)
{
    forget(n);
    vec_free(&n->edges);
    vec_free(&n->finals);
    vec_free(&n->roots);
    vec_free(&n->limits);
    vec_free(&n->starts);
    vec_free(&n->asked_for);
}

static void know(struct flownet *n, int32_t node)
{
    n->n_nodes = node >= n->n_nodes ? node + 1 : n->n_nodes;
}

void flownet_root(struct flownet *n, int32_t node, unsigned amount)
{
    know(n, node);
    OK(VEC_EXTEND(&n->roots, (size_t)node + 1));
    n->roots.items[node] = amount;
}

void flownet_limit(struct flownet *n, int32_t node, unsigned amount)
{
    know(n, node);
    OK(VEC_EXTEND(&n->limits, (size_t)node + 1));
    n->limits.items[node] = amount;
}

static void add(struct flownet *n, struct trustflow_edge e)
{
    know(n, e.from);
    know(n, e.to);
    e.id = (uint32_t)n->edges.n;
    OK(VEC_PUSH(&n->edges, e));
}

void flownet_edge(struct flownet *n, int32_t from, int32_t to, unsigned depth, unsigned amount)
{
    add(n, (struct trustflow_edge){
               .from = from, .to = to, .depth = (uint8_t)depth, .amount = (uint8_t)amount});
}

void flownet_scoped(struct flownet *n, int32_t from, int32_t to, unsigned depth, unsigned amount)
{
    flownet_edge(n, from, to, depth, amount);
    n->edges.items[n->edges.n - 1].is_scoped = true;
}

void flownet_final(struct flownet *n, int32_t from, unsigned amount)
{
    struct trustflow_edge e = {.from = from, .to = n->target, .amount = (uint8_t)amount};
    know(n, from);
    OK(VEC_PUSH(&n->finals, e));
}

/* Numbers the pairs. */

static int by_place(const void *a, const void *b)
{
    const struct trustflow_edge *x = a, *y = b;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* The pair of the delegations from here to the target; -1: there are none. */
static int32_t pair_of_final(const struct flownet *n, int32_t from)
{
    size_t low = n->starts.items[n->target], high = n->starts.items[n->target + 1];
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (n->edges.items[middle].from < from)
            low = middle + 1;
        else
            high = middle;
    }
    bool is_one = low < n->starts.items[n->target + 1] && n->edges.items[low].from == from;
    return is_one ? n->edges.items[low].pair : -1;
}

static void number_finals(struct flownet *n)
{
    if (n->finals.n > 0)
        qsort(n->finals.items, n->finals.n, sizeof *n->finals.items, by_place);
    for (size_t i = 0; i < n->finals.n; i++) {
        struct trustflow_edge *e = &n->finals.items[i];
        bool is_new = i == 0 || e[-1].from != e->from;
        int32_t pair = is_new ? pair_of_final(n, e->from) : e[-1].pair;
        e->pair = pair >= 0 ? pair : n->n_pairs++;
        e->id = (uint32_t)(n->edges.n + i);
    }
}

static void sort(struct flownet *n)
{
    n->n_pairs = 0;
    n->starts.n = 0;
    OK(VEC_EXTEND(&n->roots, (size_t)n->n_nodes));
    OK(VEC_EXTEND(&n->limits, (size_t)n->n_nodes));
    OK(VEC_EXTEND(&n->starts, (size_t)n->n_nodes + 1));
    if (n->edges.n > 0)
        qsort(n->edges.items, n->edges.n, sizeof *n->edges.items, by_place);
    for (size_t i = 0; i < n->edges.n; i++) {
        struct trustflow_edge *e = &n->edges.items[i];
        bool is_new = i == 0 || e[-1].from != e->from || e[-1].to != e->to;
        e->pair = is_new ? n->n_pairs++ : e[-1].pair;
        n->starts.items[e->to + 1] = i + 1;
    }
    for (int32_t i = 0; i < n->n_nodes; i++) {
        if (n->starts.items[i + 1] < n->starts.items[i])
            n->starts.items[i + 1] = n->starts.items[i];
    }
    number_finals(n);
}

/* Solves. */

static err *node(void *context, int32_t number, struct trustflow_node *out)
{
    struct flownet *n = context;
    assert_in_range(number, 0, n->n_nodes - 1);
    assert_false(n->asked_for.items[number]);
    n->asked_for.items[number] = true;
    size_t first = n->starts.items[number], end = n->starts.items[number + 1];
    *out = (struct trustflow_node){
        .into = n->edges.n == 0 ? NULL : &n->edges.items[first],
        .n_into = end - first,
        .root = n->roots.items[number],
        .limit = n->limits.items[number],
    };
    return NULL;
}

static bool no_scoped(void *context, const struct trustflow_edge *e)
{
    (void)context;
    assert_true(e->is_scoped);
    return false;
}

static void solve(struct flownet *n, unsigned asked, bool survey, bool without_scoped)
{
    struct trustflow_graph g = {node, n};
    struct trustflow_question q = {
        .finals = n->finals.items,
        .n_finals = n->finals.n,
        .asked = asked,
        .effort_max = n->effort_max,
    };
    q.usable = without_scoped ? no_scoped : NULL;
    forget(n);
    n->asked_for.n = 0;
    OK(VEC_EXTEND(&n->asked_for, (size_t)n->n_nodes));
    OK(trustflow_open(&g, &n->solver));
    if (survey)
        OK(trustflow_survey(n->solver, (size_t)n->n_nodes));
    OK(trustflow_solve(n->solver, &q, &n->flow));
    /* Nothing stays of a question. */
    unsigned first = n->flow.amount;
    trustflow_clear(&n->flow);
    OK(trustflow_solve(n->solver, &q, &n->flow));
    if (n->flow.amount < asked && !n->flow.is_bound)
        assert_int_equal(n->flow.amount, first);
}

/* Checks. */

static void check_path(const struct flownet *n, const struct trustflow_path *p)
{
    assert_true(p->n_edges > 0);
    assert_int_equal(p->root, p->edges[0]->from);
    assert_true(p->amount > 0);
    assert_true(p->amount <= n->roots.items[p->root] + 1e-6);
    for (size_t i = 0; i < p->n_edges; i++) {
        const struct trustflow_edge *e = p->edges[i];
        size_t need = p->n_edges - 1 - i;
        bool is_final = e >= n->finals.items && e < n->finals.items + n->finals.n;
        assert_int_equal(is_final, need == 0);
        assert_true(p->amount <= e->amount + 1e-6);
        if (need > 0) {
            assert_int_equal(e->to, p->edges[i + 1]->from);
            assert_true(e->depth == TRUSTFLOW_UNLIMITED || e->depth >= need);
        }
    }
}

/* What a pair carries, with needs of 1 to NEEDS - 1 or more. */
enum { NEEDS = 16 };

struct load {
    double final, needs[NEEDS];
    unsigned final_max, maxima[NEEDS];
};

static unsigned larger(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

static void add_loads(const struct flownet *n, struct load *loads, double *starts, double *leaves)
{
    for (size_t i = 0; i < n->flow.n_paths; i++) {
        const struct trustflow_path *p = &n->flow.paths[i];
        starts[p->root] += p->amount;
        for (size_t k = 0; k < p->n_edges; k++) {
            struct load *l = &loads[p->edges[k]->pair];
            size_t need = p->n_edges - 1 - k;
            leaves[p->edges[k]->from] += p->amount;
            if (need == 0)
                l->final += p->amount;
            for (size_t m = 1; m <= need && m < NEEDS; m++)
                l->needs[m] += p->amount;
        }
    }
}

static void add_maxima(const struct flownet *n, struct load *loads, bool without_scoped)
{
    for (size_t i = 0; i < n->finals.n; i++) {
        struct load *l = &loads[n->finals.items[i].pair];
        l->final_max = larger(l->final_max, n->finals.items[i].amount);
    }
    for (size_t i = 0; i < n->edges.n; i++) {
        const struct trustflow_edge *e = &n->edges.items[i];
        struct load *l = &loads[e->pair];
        for (size_t m = 1; m <= e->depth && m < NEEDS && !(without_scoped && e->is_scoped); m++)
            l->maxima[m] = larger(l->maxima[m], e->amount);
    }
}

static void check(const struct flownet *n, bool without_scoped)
{
    struct load *loads = calloc((size_t)n->n_pairs + 1, sizeof *loads);
    double *starts = calloc((size_t)n->n_nodes, sizeof *starts), sum = 0;
    double *leaves = calloc((size_t)n->n_nodes, sizeof *leaves);
    for (size_t i = 0; i < n->flow.n_paths; i++) {
        check_path(n, &n->flow.paths[i]);
        sum += n->flow.paths[i].amount;
    }
    assert_int_equal(n->flow.amount, (unsigned)(sum + 1e-5));
    add_loads(n, loads, starts, leaves);
    add_maxima(n, loads, without_scoped);
    for (int32_t i = 0; i < n->n_nodes; i++) {
        assert_true(starts[i] <= n->roots.items[i] + 1e-6);
        assert_true(n->limits.items[i] == 0 || leaves[i] <= n->limits.items[i] + 1e-6);
    }
    for (int32_t i = 0; i < n->n_pairs; i++) {
        assert_true(loads[i].final <= loads[i].final_max + 1e-6);
        for (size_t m = 1; m < NEEDS; m++) {
            unsigned either = larger(loads[i].final_max, loads[i].maxima[m]);
            assert_true(loads[i].needs[m] <= loads[i].maxima[m] + 1e-6);
            assert_true(loads[i].final + loads[i].needs[m] <= either + 1e-6);
        }
    }
    free(loads);
    free(starts);
    free(leaves);
}

static unsigned solve_both(struct flownet *n, unsigned asked, bool without_scoped)
{
    sort(n);
    solve(n, asked, true, without_scoped);
    check(n, without_scoped);
    unsigned surveyed = n->flow.amount;
    bool is_bound = n->flow.is_bound;
    solve(n, asked, false, without_scoped);
    check(n, without_scoped);
    if (surveyed < asked && !is_bound && !n->flow.is_bound)
        assert_int_equal(n->flow.amount, surveyed);
    return n->flow.amount;
}

unsigned flownet_solve(struct flownet *n, unsigned asked)
{
    return solve_both(n, asked, false);
}

unsigned flownet_solve_without_scoped(struct flownet *n, unsigned asked)
{
    return solve_both(n, asked, true);
}
