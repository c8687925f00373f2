#include "keyring/trustlp.h"

#include "base/mem.h"

#include <string.h>

enum {
    TABLE_MAX = 1 << 22,   /* numbers */
    NUDGE_STEPS = 1 << 16, /* different ones */
    ROUTE_COST = 8,        /* as effort */
};

#define NUDGE 1e-7
#define TINY  1e-8

void trustlp_clear(struct trustlp *lp)
{
    vec_free(&lp->rows);
    vec_free(&lp->basis);
    vec_free(&lp->tight);
    vec_free(&lp->table);
    vec_free(&lp->prices);
    vec_free(&lp->direction);
    vec_free(&lp->is_basic);
}

void trustlp_start(struct trustlp *lp)
{
    lp->rows.n = lp->basis.n = lp->tight.n = lp->table.n = 0;
    lp->prices.n = lp->is_basic.n = lp->stride = lp->effort = 0;
    lp->sum = 0;
    lp->is_full = false;
}

/* The table grows. */

static err *resize(struct trustlp *lp, size_t stride)
{
    size_t n = lp->basis.n, old = lp->stride;
    if (n * stride > TABLE_MAX) {
        lp->is_full = true;
        return NULL;
    }
    TRY(VEC_EXTEND(&lp->table, n * stride));
    double *t = lp->table.items;
    for (size_t i = n; stride != old && i-- > 0;) {
        memmove(&t[i * stride], &t[i * old], lp->tight.n * sizeof *t);
        memset(&t[i * stride + lp->tight.n], 0, (stride - lp->tight.n) * sizeof *t);
    }
    lp->stride = stride;
    return NULL;
}

static double nudge(size_t i)
{
    uint32_t mixed = (uint32_t)i * UINT32_C(2654435761) >> 16;
    return NUDGE * (1 + (double)mixed / NUDGE_STEPS);
}

/* Rows that the room has got since: with all their slack. */
static err *add_rows(struct trustlp *lp)
{
    for (size_t i = lp->rows.n; i < lp->room->rows.n; i++) {
        double bound = lp->room->rows.items[i].bound, nudged = bound + nudge(i);
        TRY(VEC_PUSH(&lp->rows, ((struct trustlp_row){bound, nudged, (uint32_t)i, false})));
        lp->rows.items[i].at = (uint32_t)lp->basis.n;
        TRY(VEC_PUSH(&lp->basis, ((struct trustlp_basic){nudged, (uint32_t)i, false})));
    }
    TRY(VEC_EXTEND(&lp->direction, lp->rows.n));
    TRY(VEC_EXTEND(&lp->is_basic, lp->routes->n));
    return resize(lp, lp->stride);
}

/* Prices. */

static void find_prices(struct trustlp *lp)
{
    size_t n = lp->tight.n;
    for (size_t c = 0; c < n; c++)
        lp->prices.items[c] = 0;
    for (size_t i = 0; i < lp->basis.n; i++) {
        const double *row = &lp->table.items[i * lp->stride];
        for (size_t c = 0; lp->basis.items[i].is_route && c < n; c++)
            lp->prices.items[c] += row[c];
    }
    for (size_t i = 0; i < lp->rows.n; i++)
        lp->room->rows.items[i].price = 0;
    lp->sum = 0;
    for (size_t c = 0; c < n; c++) {
        lp->room->rows.items[lp->tight.items[c]].price = lp->prices.items[c];
        lp->sum += lp->prices.items[c] * lp->rows.items[lp->tight.items[c]].bound;
    }
    lp->effort += lp->basis.n + n * n;
}

/* What may be changed, and how much is won by each unit of it. */
struct entering {
    double gain;
    uint32_t item; /* a route, or a column of the table: its row gets slack */
    bool is_route;
};

static struct entering find_entering(const struct trustlp *lp)
{
    struct entering best = {.gain = TINY};
    for (uint32_t c = 0; c < lp->tight.n; c++) {
        if (-lp->prices.items[c] > best.gain)
            best = (struct entering){-lp->prices.items[c], c, false};
    }
    for (uint32_t i = 0; i < lp->is_basic.n; i++) {
        const struct trustroom_route *route = &lp->routes->items[i];
        double gain = 1;
        for (size_t k = 0; k < route->n_rows && !lp->is_basic.items[i]; k++)
            gain -= lp->room->rows.items[route->rows[k]].price;
        if (!lp->is_basic.items[i] && gain > best.gain)
            best = (struct entering){gain, i, true};
    }
    return best;
}

/* Steps. */

static void add_column(struct trustlp *lp, size_t c)
{
    for (size_t i = 0; i < lp->basis.n; i++)
        lp->direction.items[i] += lp->table.items[i * lp->stride + c];
    lp->effort += lp->basis.n;
}

/* By how much each variable of the basis falls for each unit of the one that enters. */
static void find_direction(struct trustlp *lp, struct entering in)
{
    memset(lp->direction.items, 0, lp->basis.n * sizeof *lp->direction.items);
    if (!in.is_route) {
        add_column(lp, in.item);
        return;
    }
    const struct trustroom_route *route = &lp->routes->items[in.item];
    for (size_t k = 0; k < route->n_rows; k++) {
        const struct trustlp_row *row = &lp->rows.items[route->rows[k]];
        if (row->is_tight)
            add_column(lp, row->at);
        else
            lp->direction.items[row->at] += 1;
    }
}

/* The place of the variable that is used up first; of equal ones that with the largest part,
 * for the sake of precision.  basis.n: there is none. */
static size_t find_leaving(const struct trustlp *lp)
{
    size_t best = lp->basis.n;
    double least = 0;
    for (size_t i = 0; i < lp->basis.n; i++) {
        double d = lp->direction.items[i];
        if (d <= TINY)
            continue;
        double ratio = lp->basis.items[i].value / d;
        bool is_equal = best < lp->basis.n && ratio <= least + TINY * NUDGE;
        if (best == lp->basis.n || ratio < least - TINY * NUDGE ||
            (is_equal && d > lp->direction.items[best])) {
            best = i;
            least = ratio;
        }
    }
    return best;
}

static void eliminate(struct trustlp *lp, size_t p)
{
    size_t n = lp->tight.n;
    double *pivot_row = &lp->table.items[p * lp->stride], pivot = lp->direction.items[p];
    double step = lp->basis.items[p].value / pivot;
    for (size_t c = 0; c < n; c++)
        pivot_row[c] /= pivot;
    for (size_t i = 0; i < lp->basis.n; i++) {
        double d = lp->direction.items[i], *row = &lp->table.items[i * lp->stride];
        if (i == p || d == 0)
            continue;
        for (size_t c = 0; c < n; c++)
            row[c] -= d * pivot_row[c];
        double value = lp->basis.items[i].value - d * step;
        lp->basis.items[i].value = value > 0 ? value : 0;
        lp->effort += n;
    }
    lp->basis.items[p].value = step;
    lp->effort += lp->basis.n + n;
}

/* The column of a row whose slack has left the basis, put at c. */
static void set_column(struct trustlp *lp, size_t c, size_t p, uint32_t row)
{
    double pivot = lp->direction.items[p];
    for (size_t i = 0; i < lp->basis.n; i++) {
        double d = lp->direction.items[i];
        lp->table.items[i * lp->stride + c] = i == p ? 1 / pivot : -d / pivot;
    }
    lp->tight.items[c] = row;
    lp->rows.items[row].is_tight = true;
    lp->rows.items[row].at = (uint32_t)c;
}

/* Moves the last column to c. */
static void drop_column(struct trustlp *lp, size_t c)
{
    size_t last = --lp->tight.n;
    lp->prices.n = last;
    for (size_t i = 0; i < lp->basis.n; i++) {
        double *row = &lp->table.items[i * lp->stride];
        row[c] = row[last];
        row[last] = 0;
    }
    lp->tight.items[c] = lp->tight.items[last];
    if (c < last)
        lp->rows.items[lp->tight.items[c]].at = (uint32_t)c;
}

static err *append_column(struct trustlp *lp, size_t p, uint32_t row)
{
    size_t c = lp->tight.n;
    TRY(VEC_PUSH(&lp->tight, row));
    TRY(VEC_EXTEND(&lp->prices, c + 1));
    set_column(lp, c, p, row);
    return NULL;
}

/* Exchanges a variable of the basis for the one that enters. */
static err *exchange(struct trustlp *lp, struct entering in, size_t p)
{
    struct trustlp_basic out = lp->basis.items[p];
    uint32_t freed = in.is_route ? 0 : lp->tight.items[in.item];
    eliminate(lp, p);
    lp->basis.items[p].is_route = in.is_route;
    lp->basis.items[p].item = in.is_route ? in.item : freed;
    if (in.is_route) {
        lp->is_basic.items[in.item] = true;
    } else {
        lp->rows.items[freed].is_tight = false;
        lp->rows.items[freed].at = (uint32_t)p;
    }
    if (out.is_route)
        lp->is_basic.items[out.item] = false;
    if (!out.is_route && !in.is_route)
        set_column(lp, in.item, p, out.item);
    else if (!in.is_route)
        drop_column(lp, in.item);
    else if (!out.is_route)
        return append_column(lp, p, out.item);
    return NULL;
}

err *trustlp_solve(struct trustlp *lp, size_t effort_left)
{
    size_t effort_max = lp->effort + effort_left;
    TRY(add_rows(lp));
    while (!lp->is_full) {
        find_prices(lp);
        struct entering in = find_entering(lp);
        lp->effort += lp->is_basic.n * ROUTE_COST;
        if (in.gain <= TINY || lp->effort > effort_max)
            break;
        if (lp->tight.n == lp->stride)
            TRY(resize(lp, lp->stride * 2 + 8));
        find_direction(lp, in);
        size_t p = find_leaving(lp);
        if (p == lp->basis.n || lp->is_full)
            break;
        TRY(exchange(lp, in, p));
    }
    return NULL;
}

/* The result. */

static double true_value(const struct trustlp *lp, size_t place)
{
    double value = 0;
    for (size_t c = 0; c < lp->tight.n; c++)
        value += lp->table.items[place * lp->stride + c] * lp->rows.items[lp->tight.items[c]].bound;
    return value > 0 ? value : 0;
}

/* By how much the fullest row is overfull, at least 1: what rounding has done. */
static err *find_excess(const struct trustlp *lp, const struct trustpaths_routes *routes,
                        double *out)
{
    AUTO(free) double *used = NULL;
    TRY(MEM_ARRAY(used, lp->rows.n + 1));
    *out = 1;
    for (size_t i = 0; i < routes->n; i++) {
        for (size_t k = 0; k < routes->items[i].n_rows; k++)
            used[routes->items[i].rows[k]] += routes->items[i].amount;
    }
    for (size_t i = 0; i < lp->rows.n; i++) {
        if (used[i] > *out * lp->rows.items[i].bound)
            *out = used[i] / lp->rows.items[i].bound;
    }
    return NULL;
}

err *trustlp_amounts(struct trustlp *lp, struct trustpaths_routes *routes)
{
    double excess;
    for (size_t i = 0; i < routes->n; i++)
        routes->items[i].amount = 0;
    for (size_t i = 0; i < lp->basis.n; i++) {
        if (lp->basis.items[i].is_route)
            routes->items[lp->basis.items[i].item].amount = true_value(lp, i);
    }
    TRY(find_excess(lp, routes, &excess));
    for (size_t i = 0; i < routes->n; i++)
        routes->items[i].amount /= excess;
    return NULL;
}
