/* How much flows from the roots to a user ID: cases that are drawn by hand, random networks
 * beside a search of all paths, and networks made to take long. */
#include "flownet.h"
#include "unit.h"

#include <limits.h>

enum { A, B, C, D, E, F, G, H, I, J };
enum { FULL = 120, ANY = TRUSTFLOW_UNLIMITED };

#define NET(target) CLEANUP(flownet_clear) struct flownet n = flownet_new(target)

/* By hand. */

static void nothing_flows_without_a_final_edge(void **state)
{
    NET(B);
    (void)state;
    flownet_root(&n, A, FULL);
    flownet_edge(&n, A, B, ANY, FULL);
    assert_int_equal(flownet_solve(&n, FULL), 0);
    assert_false(n.flow.is_bound);
}

static void a_root_certifies(void **state)
{
    NET(B);
    (void)state;
    flownet_root(&n, A, 90);
    flownet_final(&n, A, 100);
    assert_int_equal(flownet_solve(&n, FULL), 90);
    assert_int_equal(n.flow.n_paths, 1);
    assert_int_equal(n.flow.paths[0].n_edges, 1);
    assert_int_equal(n.flow.paths[0].root, A);
}

static void depth_ends_a_path(void **state)
{
    NET(D);
    (void)state;
    flownet_root(&n, A, FULL);
    flownet_edge(&n, A, B, 2, 100);
    flownet_edge(&n, B, C, 1, 80);
    flownet_final(&n, C, 90);
    assert_int_equal(flownet_solve(&n, FULL), 80);
    assert_int_equal(n.flow.paths[0].n_edges, 3);
    n.edges.items[n.edges.items[0].from == A ? 0 : 1].depth = 1;
    assert_int_equal(flownet_solve(&n, FULL), 0);
}

static void the_search_ends_at_what_was_asked(void **state)
{
    NET(J);
    (void)state;
    for (int32_t i = A; i < J; i++) {
        flownet_root(&n, i, 20);
        flownet_final(&n, i, 20);
    }
    assert_int_equal(flownet_solve(&n, 30), 40);
    assert_int_equal(n.flow.n_paths, 2);
    assert_int_equal(flownet_solve(&n, UINT_MAX), 180);
    assert_int_equal(flownet_solve(&n, 0), 0);
}

/* Directly from A to B, and over the others around, whose depth falls. */
static void a_roundabout(void **state)
{
    NET(J);
    (void)state;
    flownet_root(&n, A, FULL);
    flownet_edge(&n, A, B, 100, 60);
    flownet_edge(&n, A, C, 6, FULL);
    flownet_edge(&n, C, D, 5, FULL);
    flownet_edge(&n, D, E, 4, FULL);
    flownet_edge(&n, E, F, 3, FULL);
    flownet_edge(&n, F, B, 2, FULL);
    flownet_edge(&n, B, G, 1, FULL);
    flownet_final(&n, G, FULL);
    assert_int_equal(flownet_solve(&n, FULL), FULL);
    assert_int_equal(n.flow.n_paths, 1);
    assert_int_equal(n.flow.paths[0].n_edges, 7);
}

/*   A --> B --> C --> J     each edge 60.  The shortest path, over B and E, is in the way of
 *    \     \          ^     the other two: if it is taken first, nothing is left.
 *     > D --> E ------/     */
static void a_short_path_does_not_steal(void **state)
{
    NET(J);
    (void)state;
    flownet_root(&n, A, FULL);
    flownet_edge(&n, A, B, ANY, 60);
    flownet_edge(&n, A, D, ANY, 60);
    flownet_edge(&n, B, C, ANY, 60);
    flownet_edge(&n, C, F, ANY, 60);
    flownet_edge(&n, B, E, ANY, 60);
    flownet_edge(&n, D, G, ANY, 60);
    flownet_edge(&n, G, E, ANY, 60);
    flownet_final(&n, F, 60);
    flownet_final(&n, E, 60);
    assert_int_equal(flownet_solve(&n, UINT_MAX), 120);
    unsigned in_turn;
    assert_int_equal(flownet_brute(&n, &in_turn), 120);
    assert_int_equal(in_turn, 60);
}

/* Of what A says about B, 2/50 and 1/70, all is 70, and two edges further come 50. */
static void a_pair_shares_what_it_has(void **state)
{
    NET(J);
    (void)state;
    flownet_root(&n, A, FULL);
    flownet_edge(&n, A, B, 2, 50);
    flownet_edge(&n, A, B, 1, 70);
    flownet_edge(&n, B, C, 1, FULL);
    flownet_final(&n, C, FULL);
    assert_int_equal(flownet_solve(&n, FULL), 50);
    flownet_final(&n, B, FULL);
    assert_int_equal(flownet_solve(&n, FULL), 70);
    n.finals.items[0].amount = 10;
    assert_int_equal(n.finals.items[0].from, B);
    assert_int_equal(flownet_solve(&n, FULL), 60);
}

/* What A says about J as a whole and about its user ID is shared, too. */
static void final_edges_share_with_delegations(void **state)
{
    NET(J);
    (void)state;
    flownet_root(&n, A, FULL);
    flownet_edge(&n, A, J, 1, 50);
    flownet_final(&n, A, 40);
    flownet_final(&n, J, 60);
    assert_int_equal(flownet_solve(&n, FULL), 50);
    n.finals.items[0].amount = 90;
    assert_int_equal(n.finals.items[0].from, A);
    assert_int_equal(flownet_solve(&n, FULL), 90);
    flownet_edge(&n, A, J, 3, 20);
    assert_int_equal(flownet_solve(&n, FULL), 90);
}

static void only_introducers_speak_for_themselves(void **state)
{
    NET(B);
    (void)state;
    flownet_root(&n, A, FULL);
    flownet_final(&n, B, FULL);
    assert_int_equal(flownet_solve(&n, FULL), 0);
    flownet_edge(&n, A, B, 1, 90);
    assert_int_equal(flownet_solve(&n, FULL), 90);
    assert_int_equal(n.flow.paths[0].n_edges, 2);
}

static void a_root_may_be_in_the_middle(void **state)
{
    NET(D);
    (void)state;
    flownet_root(&n, A, 80);
    flownet_root(&n, B, 30);
    flownet_edge(&n, A, B, 2, FULL);
    flownet_edge(&n, B, C, 1, FULL);
    flownet_final(&n, C, FULL);
    assert_int_equal(flownet_solve(&n, FULL), 110);
    assert_int_equal(n.flow.n_paths, 2);
}

static void limits_hold_for_all_that_leaves(void **state)
{
    NET(E);
    (void)state;
    flownet_root(&n, A, FULL);
    flownet_edge(&n, A, B, 2, FULL);
    flownet_limit(&n, B, 60);
    flownet_edge(&n, B, C, 1, 50);
    flownet_edge(&n, B, D, 1, 50);
    flownet_final(&n, C, FULL);
    flownet_final(&n, D, FULL);
    assert_int_equal(flownet_solve(&n, FULL), 60);
    flownet_root(&n, B, FULL);
    assert_int_equal(flownet_solve(&n, FULL), 60);
}

static void limits_around_a_ring(void **state)
{
    NET(J);
    (void)state;
    for (int32_t i = A; i <= C; i++)
        flownet_root(&n, i, FULL);
    for (int32_t i = D; i <= F; i++)
        flownet_limit(&n, i, 1);
    flownet_edge(&n, A, D, ANY, FULL);
    flownet_edge(&n, D, E, ANY, FULL);
    flownet_edge(&n, B, E, ANY, FULL);
    flownet_edge(&n, E, F, ANY, FULL);
    flownet_edge(&n, C, F, ANY, FULL);
    flownet_edge(&n, F, D, ANY, FULL);
    flownet_edge(&n, D, G, 1, FULL);
    flownet_edge(&n, E, G, 1, FULL);
    flownet_edge(&n, F, G, 1, FULL);
    flownet_final(&n, G, FULL);
    assert_int_equal(flownet_solve(&n, FULL), 3);
}

/* A C E G H, A C D E F and B C E F need two each of the edges A C, C E and E F, and no path
 * needs fewer: B does not reach as far as A.  A half of each is more than all of one.  The
 * drawing is in doc/web-of-trust.md. */
static void add_three_paths(struct flownet *n, int32_t first, unsigned amount)
{
    flownet_root(n, first + A, FULL);
    flownet_root(n, first + B, FULL);
    flownet_edge(n, first + A, first + C, 4, amount);
    flownet_edge(n, first + B, first + C, 3, amount);
    flownet_edge(n, first + C, first + D, 3, amount);
    flownet_edge(n, first + D, first + E, 2, amount);
    flownet_edge(n, first + C, first + E, 3, amount);
    flownet_edge(n, first + E, first + F, 1, amount);
    flownet_edge(n, first + E, first + G, 2, amount);
    flownet_edge(n, first + G, first + H, 1, amount);
    flownet_final(n, first + F, amount);
    flownet_final(n, first + H, amount);
}

static void halves_of_paths_are_more_than_whole_ones(void **state)
{
    NET(I);
    unsigned in_turn;
    (void)state;
    add_three_paths(&n, 0, 60);
    assert_int_equal(flownet_solve(&n, FULL), 90);
    assert_int_equal(n.flow.n_paths, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(n.flow.paths[i].amount == 30);
    assert_int_equal(flownet_brute(&n, &in_turn), 90);
    assert_int_equal(in_turn, 60);
}

static void amounts_are_whole_where_they_can_be(void **state)
{
    NET(I);
    (void)state;
    add_three_paths(&n, 0, 61);
    assert_int_equal(flownet_solve(&n, FULL), 91);
    for (size_t i = 0; i < n.flow.n_paths; i++)
        assert_true(n.flow.paths[i].amount == (unsigned)n.flow.paths[i].amount);
}

static void halves_of_one_are_fractions(void **state)
{
    enum { SECOND = 10 };
    NET(2 * SECOND);
    (void)state;
    add_three_paths(&n, 0, 1);
    assert_int_equal(flownet_solve(&n, FULL), 1);
    assert_int_equal(n.flow.n_paths, 1);
    add_three_paths(&n, SECOND, 1);
    assert_int_equal(flownet_solve(&n, FULL), 3);
    assert_int_equal(n.flow.n_paths, 6);
}

/* Depth shares what plain flows do not: to spare the deep edge for those who need it is
 * another matter than which edge is full. */
static void depth_is_spared_for_who_needs_it(void **state)
{
    NET(J);
    (void)state;
    flownet_root(&n, A, FULL);
    flownet_edge(&n, A, B, 3, 40);
    flownet_edge(&n, A, C, 2, 40);
    flownet_edge(&n, B, D, 2, 40);
    flownet_edge(&n, C, D, 1, 40);
    flownet_edge(&n, D, E, 1, 40);
    flownet_final(&n, D, 40);
    flownet_final(&n, E, 40);
    assert_int_equal(flownet_solve(&n, FULL), 80);
}

static void edges_out_of_scope_are_not_used(void **state)
{
    NET(C);
    (void)state;
    flownet_root(&n, A, FULL);
    flownet_edge(&n, A, B, 1, 50);
    flownet_scoped(&n, A, B, ANY, 70);
    flownet_final(&n, B, FULL);
    assert_int_equal(flownet_solve(&n, FULL), 70);
    assert_int_equal(flownet_solve_without_scoped(&n, FULL), 50);
    n.edges.items[0].is_scoped = n.edges.items[1].is_scoped = true;
    assert_int_equal(flownet_solve(&n, FULL), 70);
    assert_int_equal(flownet_solve_without_scoped(&n, FULL), 0);
}

static void only_what_matters_is_read(void **state)
{
    NET(C);
    (void)state;
    flownet_root(&n, A, FULL);
    flownet_edge(&n, A, B, 1, FULL);
    flownet_final(&n, B, FULL);
    flownet_edge(&n, D, A, ANY, FULL);
    flownet_edge(&n, E, D, ANY, FULL);
    assert_int_equal(flownet_solve(&n, FULL), FULL);
    assert_true(n.asked_for.items[A] && n.asked_for.items[B]);
    assert_false(n.asked_for.items[D] || n.asked_for.items[E]);
}

static err *bad_node(void *context, int32_t number, struct trustflow_node *out)
{
    out->into = context;
    out->n_into = number == 1 ? 3 : 0;
    return number == 0 ? err_new(ERR_IO, "unreadable") : NULL;
}

static void broken_promises_are_errors(void **state)
{
    struct trustflow_edge in[3] = {{.from = 2, .to = 1, .pair = 0, .depth = 9, .amount = 9},
                                   {.from = 3, .to = 1, .pair = 1, .depth = 9, .amount = 9},
                                   {.from = 2, .to = 1, .pair = 0, .depth = 9, .amount = 9}};
    struct trustflow_edge final = {.from = 1, .to = 4, .pair = 7, .amount = 9};
    struct trustflow_graph g = {bad_node, in};
    struct trustflow_question q = {.finals = &final, .n_finals = 1, .asked = 9};
    AUTO(trustflow_close) struct trustflow_solver *s = NULL;
    struct trustflow flow;
    (void)state;
    OK(trustflow_open(&g, &s));
    FAILS(ERR_BUG, trustflow_solve(s, &q, &flow));
    final.from = 0;
    FAILS(ERR_IO, trustflow_solve(s, &q, &flow));
    final.amount = 121;
    FAILS(ERR_BUG, trustflow_solve(s, &q, &flow));
}

/* At random. */

struct dice {
    uint64_t state;
};

static unsigned throw(struct dice * d, unsigned sides)
{
    d->state = d->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(d->state >> 33) % sides;
}

static unsigned amount(struct dice *d, unsigned kinds)
{
    return 1 + throw(d, kinds) * 119 / kinds;
}

/* Throws are in statements of their own: in which order arguments are worked out differs. */
static void any_root(struct flownet *n, struct dice *d, unsigned nodes, unsigned kinds)
{
    unsigned much = throw(d, 2) ? FULL : amount(d, kinds);
    flownet_root(n, (int32_t) throw(d, nodes), much);
}

static void any_edge(struct flownet *n, struct dice *d, unsigned nodes, unsigned kinds)
{
    unsigned much = amount(d, kinds);
    unsigned depth = throw(d, 6) == 0 ? ANY : 1 + throw(d, 4);
    unsigned to = throw(d, nodes);
    flownet_edge(n, (int32_t) throw(d, nodes), (int32_t)to, depth, much);
}

static void build_any(struct flownet *n, struct dice *d)
{
    unsigned nodes = 3 + throw(d, 5), kinds = 1 + throw(d, 40), much;
    *n = flownet_new((int32_t) throw(d, nodes));
    for (unsigned i = 1 + throw(d, 3); i > 0; i--)
        any_root(n, d, nodes, kinds);
    for (unsigned i = 3 + throw(d, 14); i > 0; i--)
        any_edge(n, d, nodes, kinds);
    for (unsigned i = 1 + throw(d, 4); i > 0; i--) {
        much = amount(d, kinds);
        flownet_final(n, (int32_t) throw(d, nodes), much);
    }
    if (throw(d, 4) != 0)
        return;
    much = amount(d, kinds);
    flownet_limit(n, (int32_t) throw(d, nodes), much);
}

/* The roots in front, the end at the back, many edges forward and across, of depths that
 * barely reach: paths are in each other's way. */
static void build_crowded(struct flownet *n, struct dice *d)
{
    enum { NODES = 7, FRONT = 3, SMALL = 30 };
    unsigned kinds = 1 + throw(d, 4);
    *n = flownet_new(NODES);
    for (int32_t i = 0; i < FRONT; i++)
        flownet_root(n, i, FULL);
    for (unsigned i = 14 + throw(d, 10); i > 0; i--) {
        unsigned from = throw(d, NODES), to = throw(d, NODES);
        if (to + 1 < from)
            continue;
        unsigned much = (1 + throw(d, kinds)) * SMALL;
        flownet_edge(n, (int32_t)from, (int32_t)to, 1 + throw(d, 2 + NODES - to) * 2 / 3, much);
    }
    for (unsigned i = 2 + throw(d, 3); i > 0; i--)
        flownet_final(n, (int32_t)(FRONT - 1 + throw(d, NODES - FRONT + 1)), FULL);
    for (unsigned i = throw(d, 3); i > 0; i--)
        flownet_limit(n, (int32_t) throw(d, NODES), SMALL);
}

static void random_ones_are_exact(void **state)
{
    enum { NETS = 4000 };
    struct dice d = {1};
    size_t n_flowing = 0, n_more = 0;
    (void)state;
    for (int i = 0; i < NETS; i++) {
        CLEANUP(flownet_clear) struct flownet n;
        (i % 2 == 0 ? build_any : build_crowded)(&n, &d);
        unsigned in_turn, found = flownet_solve(&n, UINT_MAX);
        unsigned most = flownet_brute(&n, &in_turn);
        if (found != most)
            print_message("network %d: %u, but %u can flow\n", i, found, most);
        assert_int_equal(found, most);
        assert_false(n.flow.is_bound);
        assert_true(in_turn <= found);
        n_flowing += found > 0;
        n_more += found > in_turn;
    }
    assert_true(n_flowing > NETS / 2);
    assert_true(n_more > NETS / 50);
}

/* Made to take long.  The effort is about nanoseconds. */

enum { EFFORT_OF_A_SECOND = 600 * 1000 * 1000 };

static void parallel_paths(void **state)
{
    enum { PATHS = 10000 };
    NET(PATHS + 1);
    (void)state;
    flownet_root(&n, 0, 2 * PATHS);
    for (int32_t i = 1; i <= PATHS; i++) {
        flownet_edge(&n, 0, i, 1, 1);
        flownet_final(&n, i, 1);
    }
    assert_int_equal(flownet_solve(&n, FULL), FULL);
    assert_int_equal(flownet_solve(&n, UINT_MAX), PATHS);
    assert_false(n.flow.is_bound);
    assert_in_range(n.flow.effort, PATHS, 100 * PATHS);
}

static void a_long_chain(void **state)
{
    enum { LENGTH = 300 };
    NET(LENGTH);
    (void)state;
    flownet_root(&n, 0, FULL);
    for (int32_t i = 0; i + 1 < LENGTH; i++)
        flownet_edge(&n, i, i + 1, ANY, FULL);
    flownet_final(&n, LENGTH - 1, FULL);
    assert_int_equal(flownet_solve(&n, FULL), FULL);
    assert_int_equal(n.flow.paths[0].n_edges, LENGTH);
    n.edges.items[LENGTH - 1 - 254].depth = 254;
    assert_int_equal(flownet_solve(&n, FULL), FULL);
    n.edges.items[LENGTH - 1 - 255].depth = 254;
    assert_int_equal(flownet_solve(&n, FULL), 0);
}

static void cliques_in_a_chain(void **state)
{
    enum { CLIQUES = 12, SIZE = 10 };
    NET(CLIQUES * SIZE);
    (void)state;
    flownet_root(&n, 0, FULL);
    for (int32_t i = 0; i < CLIQUES * SIZE; i++) {
        for (int32_t k = i / SIZE * SIZE; k < (i / SIZE + 1) * SIZE; k++) {
            if (k != i)
                flownet_edge(&n, i, k, ANY, 100);
        }
        if (i % SIZE == SIZE - 1 && i + 1 < CLIQUES * SIZE)
            flownet_edge(&n, i, i + 1, ANY, 70);
    }
    flownet_final(&n, CLIQUES * SIZE - 1, FULL);
    assert_int_equal(flownet_solve(&n, FULL), 70);
    assert_false(n.flow.is_bound);
    assert_true(n.flow.effort < EFFORT_OF_A_SECOND / 100);
}

static void all_certify_all(void **state)
{
    enum { NODES = 200 };
    NET(NODES);
    struct dice d = {1};
    (void)state;
    for (int32_t i = 0; i < 3; i++)
        flownet_root(&n, i, 100 * FULL);
    for (int32_t i = 0; i < NODES; i++) {
        for (int32_t k = 0; k < NODES; k++) {
            unsigned much = amount(&d, FULL);
            flownet_edge(&n, i, k, throw(&d, 5) ? 1 + throw(&d, 6) : ANY, much);
        }
        if (i >= NODES / 2)
            flownet_final(&n, i, amount(&d, FULL));
    }
    unsigned certified = 0;
    for (size_t i = 0; i < n.finals.n; i++)
        certified += n.finals.items[i].amount;
    assert_int_equal(flownet_solve(&n, UINT_MAX), certified);
    assert_false(n.flow.is_bound);
    assert_true(n.flow.effort < EFFORT_OF_A_SECOND / 100);
}

/* Layers, with edges to the one before, within and to the next, of depths that barely reach,
 * or do not: what is the most here can only be found by the linear program. */
static void build_layers(struct flownet *n)
{
    enum { LAYERS = 7, WIDTH = 60, NODES = LAYERS * WIDTH };
    struct dice d = {1};
    *n = flownet_new(NODES);
    for (int32_t i = 0; i < NODES; i++) {
        int32_t layer = i / WIDTH, first = layer > 0 ? (layer - 1) * WIDTH : 0;
        if (layer == 0)
            flownet_root(n, i, 100 * FULL);
        if (layer == LAYERS - 1)
            flownet_final(n, i, FULL);
        for (int32_t k = first; k < (layer + 2) * WIDTH && k < NODES; k++) {
            if (throw(&d, 10) != 0)
                continue;
            unsigned much = 2 * (1 + throw(&d, 60));
            flownet_edge(n, i, k, 1 + throw(&d, (unsigned)(LAYERS - k / WIDTH + 1)), much);
        }
    }
}

enum { MOST_IN_LAYERS = 3394 };

static void depths_that_barely_reach(void **state)
{
    CLEANUP(flownet_clear) struct flownet n;
    (void)state;
    build_layers(&n);
    assert_int_equal(flownet_solve(&n, UINT_MAX), MOST_IN_LAYERS);
    assert_false(n.flow.is_bound);
    assert_true(n.flow.effort < EFFORT_OF_A_SECOND / 10);
}

/* What was found until then is a flow. */
static void the_effort_has_a_limit(void **state)
{
    CLEANUP(flownet_clear) struct flownet n;
    (void)state;
    build_layers(&n);
    n.effort_max = 1;
    assert_int_equal(flownet_solve(&n, UINT_MAX), 0);
    assert_true(n.flow.is_bound);
    n.effort_max = EFFORT_OF_A_SECOND / 1000;
    assert_in_range(flownet_solve(&n, UINT_MAX), 1, MOST_IN_LAYERS - 1);
    assert_true(n.flow.is_bound);
    n.effort_max *= 10;
    assert_in_range(flownet_solve(&n, UINT_MAX), 1, MOST_IN_LAYERS - 1);
    assert_true(n.flow.is_bound);
}

static void many_final_edges(void **state)
{
    enum { FINALS = 50000 };
    NET(FINALS);
    (void)state;
    flownet_root(&n, 0, FULL);
    for (int32_t i = 0; i < FINALS; i++)
        flownet_final(&n, i, 1 + (unsigned)i % FULL);
    assert_int_equal(flownet_solve(&n, FULL), 1);
    flownet_edge(&n, 0, FINALS - 1, 1, 90);
    flownet_edge(&n, 0, FINALS, 1, 90);
    flownet_final(&n, 0, 1);
    assert_int_equal(flownet_solve(&n, FULL), 81);
    assert_true(n.flow.effort < EFFORT_OF_A_SECOND / 100);
}

static void many_edges_of_one_pair(void **state)
{
    enum { EDGES = 50000 };
    NET(C);
    (void)state;
    flownet_root(&n, A, FULL);
    for (unsigned i = 0; i < EDGES; i++)
        flownet_edge(&n, A, B, 1 + i % ANY, 1 + (EDGES - i) % FULL);
    flownet_final(&n, B, FULL);
    assert_int_equal(flownet_solve(&n, FULL), FULL);
    assert_true(n.flow.effort < EFFORT_OF_A_SECOND / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_flows_without_a_final_edge),
        cmocka_unit_test(a_root_certifies),
        cmocka_unit_test(depth_ends_a_path),
        cmocka_unit_test(the_search_ends_at_what_was_asked),
        cmocka_unit_test(a_roundabout),
        cmocka_unit_test(a_short_path_does_not_steal),
        cmocka_unit_test(a_pair_shares_what_it_has),
        cmocka_unit_test(final_edges_share_with_delegations),
        cmocka_unit_test(only_introducers_speak_for_themselves),
        cmocka_unit_test(a_root_may_be_in_the_middle),
        cmocka_unit_test(limits_hold_for_all_that_leaves),
        cmocka_unit_test(limits_around_a_ring),
        cmocka_unit_test(halves_of_paths_are_more_than_whole_ones),
        cmocka_unit_test(amounts_are_whole_where_they_can_be),
        cmocka_unit_test(halves_of_one_are_fractions),
        cmocka_unit_test(depth_is_spared_for_who_needs_it),
        cmocka_unit_test(edges_out_of_scope_are_not_used),
        cmocka_unit_test(only_what_matters_is_read),
        cmocka_unit_test(broken_promises_are_errors),
        cmocka_unit_test(random_ones_are_exact),
        cmocka_unit_test(parallel_paths),
        cmocka_unit_test(a_long_chain),
        cmocka_unit_test(cliques_in_a_chain),
        cmocka_unit_test(all_certify_all),
        cmocka_unit_test(depths_that_barely_reach),
        cmocka_unit_test(the_effort_has_a_limit),
        cmocka_unit_test(many_final_edges),
        cmocka_unit_test(many_edges_of_one_pair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
