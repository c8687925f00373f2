#include "keyring/trustnet.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "keyring/index.h"
#include "keyring/settings.h"
#include "keyring/store.h"

/* Nodes. */

static void node_free(struct net_node *x)
{
    if (x == NULL)
        return;
    dossier_clear(&x->dossier);
    buf_clear(&x->bytes);
    free(x->edges);
    free(x->judged);
    free(x->self);
    cert_free(x->parsed);
    free(x);
}
AUTO_DEFINE(node_free, struct net_node *)

/* The network owns it from here on. */
static err *add_node(struct net *n, struct net_node *x)
{
    AUTO(node_free) struct net_node *owned = x;
    x->number = (int32_t)n->nodes.n;
    x->first_pair = n->next_pair;
    if (x->dossier.n_statements > (size_t)(INT32_MAX - 1 - n->next_pair) || n->nodes.n >= INT32_MAX)
        return err_new(ERR_LIMIT, "the network of certifications is too large");
    n->next_pair += (int32_t)x->dossier.n_statements + 1;
    TRY(VEC_PUSH(&n->nodes, x));
    owned = NULL;
    return NULL;
}

int32_t net_pair(const struct net_node *x, size_t statement)
{
    return x->first_pair + (int32_t)statement;
}

int32_t net_own_pair(const struct net_node *x)
{
    return x->first_pair + (int32_t)x->dossier.n_statements;
}

/* Reading. */

static err *cert_bytes(struct net *n, int64_t row, struct cert **out)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool found;
    TRY(db_query(n->k->certs, "SELECT bytes FROM cert WHERE id = ?1", &q));
    db_bind_int(q, 1, row);
    TRY(db_step(q, &found));
    if (!found)
        return err_new(ERR_MALFORMED, "the keyring is damaged: its index names what is not there");
    return store_parse(n->k, db_blob(q, 0), false, out);
}

err *net_parse(struct net *n, struct net_node *x)
{
    return x->parsed != NULL ? NULL : cert_bytes(n, x->row, &x->parsed);
}

static err *make_dossier(struct net *n, struct net_node *x)
{
    AUTO(cert_free) struct cert *c = NULL;
    bool current;
    TRY(cert_bytes(n, x->row, &c));
    buf_reset(&x->bytes);
    TRY(dossier_write(c, n->opts.policy, &x->bytes, &x->lasting));
    x->changed = true;
    return dossier_read(buf_view(&x->bytes), n->opts.policy, &x->dossier, &current);
}

/* One that cannot be read is made again: it is only derived. */
static err *read_dossier(struct net *n, struct net_node *x)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool row, current = false;
    TRY(db_query(n->k->certs, "SELECT bytes FROM dossier WHERE cert = ?1", &q));
    db_bind_int(q, 1, x->row);
    TRY(db_step(q, &row));
    if (!row)
        return make_dossier(n, x);
    buf_bytes(&x->bytes, db_blob(q, 0));
    TRY(buf_end(&x->bytes));
    err *e = dossier_read(buf_view(&x->bytes), n->opts.policy, &x->dossier, &current);
    if (err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    err_free(e);
    x->lasting = true;
    return e == NULL && current ? NULL : make_dossier(n, x);
}

static bool is_among(const struct fingerprint *f, const struct fingerprint *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (fingerprint_equal(f, &items[i]))
            return true;
    }
    return false;
}

static void show(const struct net *n, struct net_node *x)
{
    const struct dossier *d = &x->dossier;
    x->now = life_at(d->life.items, d->life.n, n->opts.at);
    x->left_out = is_among(&d->fpr, n->opts.without, n->opts.n_without);
    x->cert.fpr = d->fpr;
    x->cert.is_here = !x->left_out;
    x->cert.fault = TRUST_SUBJECT_INVALID;
    if (d->shown != DOSSIER_NONE)
        x->cert.name = d->users[d->shown].id;
    if (x->left_out)
        x->cert.fault = TRUST_NO_ISSUER;
    else if (life_is_valid(x->now, n->opts.at)) {
        x->cert.fault = TRUST_COUNTS;
        x->cert.valid_until = x->now->expires_at;
    }
}

static err *load_row(struct net *n, int64_t row, struct net_node **out)
{
    AUTO(node_free) struct net_node *x = NULL;
    TRY(MEM_NEW(x));
    x->row = row;
    x->bytes = BUF_EMPTY(CERT_MAX);
    TRY(read_dossier(n, x));
    x->key = index_number(fingerprint_view(&x->dossier.fpr));
    show(n, x);
    *out = x;
    TRY(add_node(n, TAKE(x)));
    return trustmap_put(&n->rows, row, (*out)->number);
}

err *net_by_row(struct net *n, int64_t row, struct net_node **out)
{
    int32_t number = trustmap_get(&n->rows, row);
    if (number < 0)
        return load_row(n, row, out);
    *out = n->nodes.items[number];
    return NULL;
}

/* Adds the rows that a query tells. */
static err *collect_rows(struct db_query *q, struct net_rows *out)
{
    for (;;) {
        bool row;
        TRY(db_step(q, &row));
        if (!row)
            return NULL;
        TRY(VEC_PUSH(out, db_int(q, 0)));
    }
}

static void rows_clear(struct net_rows *r)
{
    vec_free(r);
}

static err *rows_of_key(struct net *n, int64_t key, struct net_rows *out)
{
    AUTO(db_done) struct db_query *q = NULL;
    if (n->k->certs == NULL)
        return NULL;
    TRY(db_query(n->k->certs, "SELECT cert FROM key WHERE id = ?1 AND subkey = 0 ORDER BY cert",
                 &q));
    db_bind_int(q, 1, key);
    return collect_rows(q, out);
}

err *net_signed_by(struct net *n, int64_t key, bool delegations, struct net_rows *out)
{
    AUTO(db_done) struct db_query *q = NULL;
    if (n->k->certs == NULL)
        return NULL;
    TRY(db_query(n->k->certs,
                 "SELECT DISTINCT cert FROM signer WHERE id = ?1 AND delegates >= ?2 ORDER BY cert",
                 &q));
    db_bind_int(q, 1, key);
    db_bind_int(q, 2, delegations);
    return collect_rows(q, out);
}

err *net_all_rows(struct net *n, struct net_rows *out)
{
    AUTO(db_done) struct db_query *q = NULL;
    if (n->k->certs == NULL)
        return NULL;
    TRY(db_query(n->k->certs, "SELECT id FROM cert ORDER BY id", &q));
    return collect_rows(q, out);
}

/* One that is not here has only a key ID. */
static err *add_absent(struct net *n, int64_t key, struct net_node **out)
{
    AUTO(node_free) struct net_node *x = NULL;
    TRY(MEM_NEW(x));
    x->key = key;
    x->cert.fault = TRUST_NO_ISSUER;
    x->cert.fpr.len = KEY_ID_LEN;
    for (int i = 0; i < KEY_ID_LEN; i++)
        x->cert.fpr.bytes[i] = (uint8_t)((uint64_t)key >> (8 * (KEY_ID_LEN - 1 - i)));
    *out = x;
    return add_node(n, TAKE(x));
}

static err *load_key(struct net *n, int64_t key, struct net_node **out)
{
    CLEANUP(rows_clear) struct net_rows rows = {0};
    struct net_node *first = NULL;
    TRY(rows_of_key(n, key, &rows));
    for (size_t i = rows.n; i > 0; i--) {
        struct net_node *x = NULL;
        TRY(net_by_row(n, rows.items[i - 1], &x));
        if (x->key != key) /* the table has fingerprints of version 3, too */
            continue;
        x->next = first;
        first = x;
    }
    if (first == NULL)
        TRY(add_absent(n, key, &first));
    *out = first;
    return trustmap_put(&n->keys, key, first->number);
}

struct net_node *net_known(const struct net *n, int64_t key)
{
    int32_t number = trustmap_get(&n->keys, key);
    return number >= 0 ? n->nodes.items[number] : NULL;
}

err *net_find(struct net *n, int64_t key, struct net_node **out)
{
    *out = net_known(n, key);
    return *out != NULL ? NULL : load_key(n, key, out);
}

err *net_by_fingerprint(struct net *n, const struct fingerprint *fpr, struct net_node **out)
{
    struct net_node *x = NULL;
    TRY(net_find(n, index_number(fingerprint_view(fpr)), &x));
    while (x != NULL && !(x->row != 0 && fingerprint_equal(&x->cert.fpr, fpr)))
        x = x->next;
    *out = x;
    return NULL;
}

/* Roots. */

static err *add_root(struct net *n, const struct fingerprint *fpr, unsigned amount)
{
    struct net_node *x = NULL;
    TRY(net_by_fingerprint(n, fpr, &x));
    if (x == NULL) {
        TRY(add_absent(n, index_number(fingerprint_view(fpr)), &x));
        x->cert.fpr = *fpr;
    }
    bool is_new = x->cert.root == 0;
    if (amount > x->cert.root)
        x->cert.root = amount;
    return is_new ? VEC_PUSH(&n->roots, x) : NULL;
}

static err *add_introducer(struct net *n, struct net_node *x, unsigned amount)
{
    x->introducer = amount;
    return VEC_PUSH(&n->introducers, x);
}

static err *apply_setting(void *context, const struct trust_setting *t)
{
    struct net *n = context;
    struct net_node *x = NULL;
    if (t->kind == TRUST_ROOT || t->kind == TRUST_LOCAL)
        return n->opts.roots != NULL ? NULL : add_root(n, &t->fpr, t->amount);
    TRY(net_by_fingerprint(n, &t->fpr, &x));
    if (x != NULL && t->kind == TRUST_INTRODUCER && n->opts.roots == NULL)
        return add_introducer(n, x, t->amount);
    if (x != NULL && t->kind == TRUST_NEVER)
        x->refused = true;
    return NULL;
}

/* Keys of one's own: whoever can use them is the user. */
static err *add_own(struct net *n)
{
    AUTO(db_done) struct db_query *q = NULL;
    if (n->k->secrets == NULL)
        return NULL;
    TRY(db_query(n->k->secrets, "SELECT DISTINCT cert FROM secret ORDER BY cert", &q));
    for (;;) {
        struct net_node *x = NULL;
        bool row;
        TRY(db_step(q, &row));
        if (!row)
            return NULL;
        TRY(net_find(n, index_number(db_blob(q, 0)), &x));
        for (; x != NULL; x = x->next) {
            if (x->row != 0 && !x->refused &&
                slice_equal(fingerprint_view(&x->cert.fpr), db_blob(q, 0)))
                TRY(add_root(n, &x->cert.fpr, TRUST_FULL));
        }
    }
}

static int by_fingerprint(const void *a, const void *b)
{
    const struct net_node *x = *(struct net_node *const *)a, *y = *(struct net_node *const *)b;
    return slice_compare(fingerprint_view(&x->cert.fpr), fingerprint_view(&y->cert.fpr));
}

static err *find_roots(struct net *n)
{
    TRY(keyring_trust_each(n->k, apply_setting, n));
    for (size_t i = 0; i < n->opts.n_roots; i++)
        TRY(add_root(n, &n->opts.roots[i].fpr, n->opts.roots[i].amount));
    if (n->opts.roots == NULL)
        TRY(add_own(n));
    if (n->roots.n > 0)
        qsort(n->roots.items, n->roots.n, sizeof *n->roots.items, by_fingerprint);
    return NULL;
}

err *net_open(struct keyring *k, const struct trust_opts *o, struct net *out)
{
    *out = (struct net){.k = k, .opts = *o};
    err *e = find_roots(out);
    if (e != NULL)
        net_close(out);
    return e;
}

void net_close(struct net *n)
{
    for (size_t i = 0; i < n->nodes.n; i++)
        node_free(n->nodes.items[i]);
    vec_free(&n->nodes);
    vec_free(&n->roots);
    vec_free(&n->introducers);
    trustmap_clear(&n->rows);
    trustmap_clear(&n->keys);
}

/* Storing. */

/* Is it about the certificate as it is now?  Another process may have changed that. */
static err *is_current(struct net *n, const struct net_node *x, bool *out)
{
    AUTO(db_done) struct db_query *q = NULL;
    uint8_t digest[DOSSIER_DIGEST];
    bool row;
    *out = false;
    TRY(db_query(n->k->certs, "SELECT bytes FROM cert WHERE id = ?1", &q));
    db_bind_int(q, 1, x->row);
    TRY(db_step(q, &row));
    if (!row)
        return NULL;
    TRY(dossier_digest(db_blob(q, 0), digest));
    *out = slice_equal(x->dossier.digest, SLICE_OF(digest));
    return NULL;
}

static err *save_node(struct net *n, const struct net_node *x)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool current;
    TRY(is_current(n, x, &current));
    if (!current)
        return NULL;
    TRY(db_query(n->k->certs, "INSERT OR REPLACE INTO dossier (cert, bytes) VALUES (?1, ?2)", &q));
    db_bind_int(q, 1, x->row);
    db_bind_blob(q, 2, buf_view(&x->bytes));
    return db_run(q);
}

static err *save_nodes(struct net *n)
{
    for (size_t i = 0; i < n->nodes.n; i++) {
        const struct net_node *x = n->nodes.items[i];
        if (x->row != 0 && x->changed && x->lasting)
            TRY(save_node(n, x));
    }
    return NULL;
}

static bool is_worth_it(const struct net *n)
{
    for (size_t i = 0; i < n->nodes.n; i++) {
        const struct net_node *x = n->nodes.items[i];
        if (x->row != 0 && x->changed && x->lasting)
            return true;
    }
    return false;
}

/* A question waits for no writer, and needs not to be able to write: what cannot be stored is
 * found out again the next time. */
void net_save(struct net *n)
{
    bool begun = false;
    if (n->k->certs == NULL || !is_worth_it(n))
        return;
    err *e = db_begin_at_once(n->k->certs, &begun);
    if (e == NULL && begun)
        e = save_nodes(n);
    if (e == NULL && begun)
        e = db_commit(n->k->certs);
    if (e != NULL && begun)
        db_rollback(n->k->certs);
    err_free(e);
}
