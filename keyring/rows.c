#include "keyring/rows.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/vec.h"

/* One table, read along. */
struct cursor {
    struct db_query *q;
    bool row; /* q stands at one */
};

enum { TABLES = 4 };

struct rows {
    struct cursor cursors[TABLES]; /* by enum index_table */
    size_t strays;
};

/* Each with the certificate's number first, then what tells its rows apart. */
static const char *const in_order[TABLES] = {
    [INDEX_KEY] = "SELECT cert, id, subkey FROM key ORDER BY cert",
    [INDEX_SIGNER] = "SELECT cert, id, delegates FROM signer ORDER BY cert",
    [INDEX_ADDRESS] = "SELECT cert, name FROM address ORDER BY cert",
    [INDEX_USERID] = "SELECT cert, text FROM userid ORDER BY cert",
};

err *rows_open(struct db *d, struct rows **out)
{
    AUTO(rows_close) struct rows *r = NULL;
    TRY(MEM_NEW(r));
    for (int i = 0; i < TABLES; i++) {
        TRY(db_query(d, in_order[i], &r->cursors[i].q));
        TRY(db_step(r->cursors[i].q, &r->cursors[i].row));
    }
    *out = TAKE(r);
    return NULL;
}

void rows_close(struct rows *r)
{
    if (r == NULL)
        return;
    for (int i = 0; i < TABLES; i++)
        db_done(r->cursors[i].q);
    free(r);
}

/* Rows of one certificate, as bytes that can be compared. */
struct list {
    struct buf bytes;
    VEC(size_t) ends;
};

static void list_clear(struct list *l)
{
    buf_clear(&l->bytes);
    vec_free(&l->ends);
}

static err *add(void *context, const struct index_row *row)
{
    struct list *l = context;
    buf_u8(&l->bytes, (uint8_t)row->table);
    buf_u64(&l->bytes, (uint64_t)row->number);
    buf_u8(&l->bytes, row->flag);
    buf_bytes(&l->bytes, row->name);
    TRY(buf_end(&l->bytes));
    return VEC_PUSH(&l->ends, l->bytes.len);
}

static err *add_found(struct list *l, enum index_table table, struct db_query *q)
{
    struct index_row row = {.table = table};
    if (table == INDEX_KEY || table == INDEX_SIGNER) {
        row.number = db_int(q, 1);
        row.flag = db_int(q, 2) != 0;
    } else {
        row.name = db_blob(q, 1);
    }
    return add(l, &row);
}

/* Adds the rows of `id`, passing by those of smaller numbers. */
static err *read_along(struct rows *r, enum index_table table, int64_t id, struct list *l)
{
    struct cursor *at = &r->cursors[table];
    while (at->row && db_int(at->q, 0) <= id) {
        if (db_int(at->q, 0) == id)
            TRY(add_found(l, table, at->q));
        else
            r->strays++;
        TRY(db_step(at->q, &at->row));
    }
    return NULL;
}

/* Comparing. */

struct sorted {
    struct slice *items;
    size_t n;
};

static void sorted_clear(struct sorted *s)
{
    free(s->items);
}

static int by_bytes(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

/* In order, each once: two user IDs may have the same address. */
static err *sort(const struct list *l, struct sorted *out)
{
    size_t start = 0;
    TRY(MEM_ARRAY(out->items, l->ends.n + 1));
    for (size_t i = 0; i < l->ends.n; i++) {
        out->items[i] = slice_of(l->bytes.data + start, l->ends.items[i] - start);
        start = l->ends.items[i];
    }
    qsort(out->items, l->ends.n, sizeof *out->items, by_bytes);
    for (size_t i = 0; i < l->ends.n; i++) {
        if (out->n == 0 || !slice_equal(out->items[out->n - 1], out->items[i]))
            out->items[out->n++] = out->items[i];
    }
    return NULL;
}

static struct rows_difference difference(const struct sorted *expected, const struct sorted *found)
{
    struct rows_difference d = {0};
    size_t i = 0, j = 0;
    while (i < expected->n || j < found->n) {
        int order = i == expected->n ? 1
                    : j == found->n  ? -1
                                     : slice_compare(expected->items[i], found->items[j]);
        d.missing += order < 0;
        d.wrong += order > 0;
        i += order <= 0;
        j += order >= 0;
    }
    return d;
}

err *rows_compare(struct rows *r, int64_t id, const struct cert *c, struct rows_difference *out)
{
    CLEANUP(list_clear) struct list expected = {.bytes = BUF_EMPTY(SIZE_MAX)};
    CLEANUP(list_clear) struct list found = {.bytes = BUF_EMPTY(SIZE_MAX)};
    CLEANUP(sorted_clear) struct sorted a = {0};
    CLEANUP(sorted_clear) struct sorted b = {0};
    if (c != NULL)
        TRY(index_each(c, add, &expected));
    for (int i = 0; i < TABLES; i++)
        TRY(read_along(r, (enum index_table)i, id, &found));
    TRY(sort(&expected, &a));
    TRY(sort(&found, &b));
    *out = difference(&a, &b);
    return NULL;
}

err *rows_end(struct rows *r, size_t *strays)
{
    for (int i = 0; i < TABLES; i++) {
        while (r->cursors[i].row) {
            r->strays++;
            TRY(db_step(r->cursors[i].q, &r->cursors[i].row));
        }
    }
    *strays = r->strays;
    return NULL;
}
