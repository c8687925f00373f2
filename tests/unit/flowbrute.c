/* The maximum of a small network of trust: all of its paths, and a simplex method in whole
 * numbers.  It shares nothing with the program. */
#include "flownet.h"
#include "unit.h"

#include <limits.h>

enum { NODES_MAX = 16, NEEDS = NODES_MAX + 1 };

/* A path from its end: nodes[0] certifies the user ID, the last one is the root. */
struct brute_path {
    int32_t nodes[NODES_MAX];
    size_t n;
};

/* What the paths of which `in` is true carry together is at most `bound`. */
struct brute_row {
    unsigned bound;
    bool *in; /* by path */
};

struct brute {
    struct flownet *net;
    unsigned final[NODES_MAX];                  /* the largest of the final edges */
    unsigned most[NODES_MAX][NODES_MAX][NEEDS]; /* from, to: with a need of so much */
    VEC(struct brute_path) paths;
    VEC(struct brute_row) rows;
};

static void read_edges(struct brute *b)
{
    const struct flownet *n = b->net;
    for (size_t i = 0; i < n->finals.n; i++) {
        const struct trustflow_edge *e = &n->finals.items[i];
        if (e->amount > b->final[e->from])
            b->final[e->from] = e->amount;
    }
    for (size_t i = 0; i < n->edges.n; i++) {
        const struct trustflow_edge *e = &n->edges.items[i];
        for (size_t need = 1; need <= e->depth && need < NEEDS; need++) {
            if (e->amount > b->most[e->from][e->to][need])
                b->most[e->from][e->to][need] = e->amount;
        }
    }
}

static void find_paths(struct brute *b, struct brute_path *p, unsigned visited)
{
    int32_t last = p->nodes[p->n - 1];
    if (b->net->roots.items[last] > 0)
        OK(VEC_PUSH(&b->paths, *p));
    for (int32_t i = 0; i < b->net->n_nodes; i++) {
        if ((visited & 1U << i) != 0 || b->most[i][last][p->n] == 0)
            continue;
        p->nodes[p->n++] = i;
        find_paths(b, p, visited | 1U << i);
        p->n--;
    }
}

/* Rows. */

static bool *new_row(struct brute *b, unsigned bound)
{
    struct brute_row row = {bound, calloc(b->paths.n + 1, sizeof(bool))};
    OK(VEC_PUSH(&b->rows, row));
    return row.in;
}

/* The need with which the path uses the pair, 0: it does not. */
static size_t need_of(const struct brute_path *p, int32_t from, int32_t to)
{
    for (size_t i = 1; i < p->n; i++) {
        if (p->nodes[i] == from && p->nodes[i - 1] == to)
            return i;
    }
    return 0;
}

static void add_pair_row(struct brute *b, int32_t from, int32_t to, size_t need, bool with_final)
{
    unsigned bound = need < NEEDS ? b->most[from][to][need] : 0;
    if (with_final && b->final[from] > bound)
        bound = b->final[from];
    bool *in = new_row(b, bound);
    for (size_t i = 0; i < b->paths.n; i++) {
        const struct brute_path *p = &b->paths.items[i];
        in[i] = need_of(p, from, to) >= need || (with_final && p->nodes[0] == from);
    }
}

static void add_node_rows(struct brute *b, int32_t node)
{
    bool *starts = new_row(b, b->net->roots.items[node]);
    for (size_t i = 0; i < b->paths.n; i++)
        starts[i] = b->paths.items[i].nodes[b->paths.items[i].n - 1] == node;
    if (b->net->limits.items[node] == 0)
        return;
    bool *leaves = new_row(b, b->net->limits.items[node]);
    for (size_t i = 0; i < b->paths.n; i++) {
        const struct brute_path *p = &b->paths.items[i];
        for (size_t k = 0; k < p->n; k++)
            leaves[i] = leaves[i] || p->nodes[k] == node;
    }
}

static void find_rows(struct brute *b)
{
    for (int32_t from = 0; from < b->net->n_nodes; from++) {
        add_node_rows(b, from);
        for (int32_t to = 0; to < b->net->n_nodes; to++) {
            bool is_target = to == b->net->target && b->final[from] > 0;
            for (size_t need = 1; need < NEEDS && b->most[from][to][1] > 0; need++) {
                add_pair_row(b, from, to, need, false);
                if (is_target)
                    add_pair_row(b, from, to, need, true);
            }
            if (is_target)
                add_pair_row(b, from, to, NEEDS, true);
        }
    }
}

/* One path after the other, the short ones first. */
static unsigned take_in_turn(const struct brute *b)
{
    unsigned sum = 0, *left = calloc(b->rows.n + 1, sizeof *left);
    for (size_t i = 0; i < b->rows.n; i++)
        left[i] = b->rows.items[i].bound;
    for (size_t k = 0; k < b->paths.n * NODES_MAX; k++) {
        size_t path = k % b->paths.n;
        unsigned amount = UINT_MAX;
        if (b->paths.items[path].n != k / b->paths.n + 1)
            continue;
        for (size_t i = 0; i < b->rows.n; i++) {
            if (b->rows.items[i].in[path] && left[i] < amount)
                amount = left[i];
        }
        for (size_t i = 0; i < b->rows.n; i++)
            left[i] -= b->rows.items[i].in[path] ? amount : 0;
        sum += amount;
    }
    free(left);
    return sum;
}

/* The simplex method with Bland's rule.  All numbers of the table have one denominator, the
 * last pivot, and stay whole: they are determinants. */
struct table {
    size_t n_rows, n_columns; /* without that of the sum, and that of the values */
    int64_t *cells, denominator;
    size_t *in_row, *in_column; /* variables: paths, then slacks */
};

static int64_t *cell(const struct table *t, size_t row, size_t column)
{
    return &t->cells[row * (t->n_columns + 1) + column];
}

static void fill(struct table *t, const struct brute *b)
{
    t->denominator = 1;
    for (size_t c = 0; c < t->n_columns; c++) {
        *cell(t, t->n_rows, c) = -1;
        t->in_column[c] = c;
    }
    for (size_t r = 0; r < t->n_rows; r++) {
        for (size_t c = 0; c < t->n_columns; c++)
            *cell(t, r, c) = b->rows.items[r].in[c];
        *cell(t, r, t->n_columns) = b->rows.items[r].bound;
        t->in_row[r] = t->n_columns + r;
    }
}

static void pivot(struct table *t, size_t row, size_t column)
{
    int64_t p = *cell(t, row, column);
    for (size_t r = 0; r <= t->n_rows; r++) {
        int64_t factor = *cell(t, r, column);
        for (size_t c = 0; c <= t->n_columns && r != row; c++) {
            if (c == column)
                continue;
            __int128 x = (__int128)*cell(t, r, c) * p - (__int128)factor * *cell(t, row, c);
            assert_true(x % t->denominator == 0);
            x /= t->denominator;
            assert_true(x <= INT64_MAX && x >= INT64_MIN);
            *cell(t, r, c) = (int64_t)x;
        }
        *cell(t, r, column) = r == row ? t->denominator : -factor;
    }
    t->denominator = p;
    size_t variable = t->in_row[row];
    t->in_row[row] = t->in_column[column];
    t->in_column[column] = variable;
}

/* n_columns: the sum is the largest. */
static size_t entering(const struct table *t)
{
    size_t best = t->n_columns;
    for (size_t c = 0; c < t->n_columns; c++) {
        if (*cell(t, t->n_rows, c) < 0 &&
            (best == t->n_columns || t->in_column[c] < t->in_column[best]))
            best = c;
    }
    return best;
}

static size_t leaving(const struct table *t, size_t column)
{
    size_t best = t->n_rows;
    for (size_t r = 0; r < t->n_rows; r++) {
        if (*cell(t, r, column) <= 0)
            continue;
        __int128 now = 0, old = 1;
        if (best < t->n_rows) {
            now = (__int128)*cell(t, r, t->n_columns) * *cell(t, best, column);
            old = (__int128)*cell(t, best, t->n_columns) * *cell(t, r, column);
        }
        if (now < old || (now == old && t->in_row[r] < t->in_row[best]))
            best = r;
    }
    assert_true(best < t->n_rows);
    return best;
}

static unsigned maximum(const struct brute *b)
{
    struct table t = {.n_rows = b->rows.n, .n_columns = b->paths.n};
    t.cells = calloc((t.n_rows + 1) * (t.n_columns + 1), sizeof *t.cells);
    t.in_row = calloc(t.n_rows + 1, sizeof *t.in_row);
    t.in_column = calloc(t.n_columns + 1, sizeof *t.in_column);
    fill(&t, b);
    for (size_t c = entering(&t); c < t.n_columns; c = entering(&t))
        pivot(&t, leaving(&t, c), c);
    unsigned result = (unsigned)(*cell(&t, t.n_rows, t.n_columns) / t.denominator);
    free(t.cells);
    free(t.in_row);
    free(t.in_column);
    return result;
}

unsigned flownet_brute(struct flownet *n, unsigned *shortest_first)
{
    struct brute b = {.net = n};
    assert_true(n->n_nodes <= NODES_MAX);
    read_edges(&b);
    for (int32_t i = 0; i < n->n_nodes; i++) {
        struct brute_path p = {.nodes = {i}, .n = 1};
        if (b.final[i] > 0)
            find_paths(&b, &p, 1U << i);
    }
    find_rows(&b);
    *shortest_first = take_in_turn(&b);
    unsigned result = maximum(&b);
    for (size_t i = 0; i < b.rows.n; i++)
        free(b.rows.items[i].in);
    vec_free(&b.rows);
    vec_free(&b.paths);
    return result;
}
