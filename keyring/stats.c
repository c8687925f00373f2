#include "keyring/stats.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "keyring/store.h"

/* A number that the database tells. */
static err *ask(struct db *d, const char *sql, uint64_t *out)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool row;
    TRY(db_query(d, sql, &q));
    TRY(db_step(q, &row));
    *out = row ? (uint64_t)db_int(q, 0) : 0;
    return NULL;
}

/* A certificate that has been read, by its row. */
struct large {
    int64_t id;
    uint64_t len;
};

struct counting {
    struct keyring_stats *stats;
    struct large largest[STATS_LARGEST]; /* the largest first */
};

static void note_size(struct counting *x, int64_t id, uint64_t len)
{
    size_t n = x->stats->n_largest, at = n;
    while (at > 0 && x->largest[at - 1].len < len)
        at--;
    if (at == STATS_LARGEST)
        return;
    x->stats->n_largest = n == STATS_LARGEST ? n : n + 1;
    for (size_t i = x->stats->n_largest - 1; i > at; i--)
        x->largest[i] = x->largest[i - 1];
    x->largest[at] = (struct large){id, len};
}

static err *count_packets(struct keyring_stats *s, struct slice bytes)
{
    struct reader r = reader_init(bytes, "certificate");
    while (reader_left(&r) > 0) {
        struct packet p;
        TRY(packet_next(&r, &p));
        s->signatures += p.type == PACKET_SIGNATURE;
        s->user_ids += p.type == PACKET_USER_ID || p.type == PACKET_USER_ATTRIBUTE;
    }
    return NULL;
}

static err *count_certs(struct counting *x, struct db *d,
                        err *(*step)(void *context, uint64_t done, uint64_t total), void *context)
{
    AUTO(db_done) struct db_query *q = NULL;
    uint64_t total;
    bool row;
    TRY(ask(d, "SELECT count(*) FROM cert", &total));
    TRY(db_query(d, "SELECT id, bytes FROM cert", &q));
    for (;;) {
        TRY(interrupt_check());
        TRY(db_step(q, &row));
        if (!row)
            return NULL;
        note_size(x, db_int(q, 0), db_blob(q, 1).len);
        TRY(err_hint(count_packets(x->stats, db_blob(q, 1)), "bulla keyring check --fix"));
        x->stats->certs++;
        if (step != NULL)
            TRY(step(context, x->stats->certs, total));
    }
}

static err *name_large(struct db *d, const struct large *l, struct stats_large *out)
{
    AUTO(db_done) struct db_query *q = NULL;
    AUTO(cert_free) struct cert *c = NULL;
    bool row;
    TRY(db_query(d, "SELECT bytes FROM cert WHERE id = ?1", &q));
    db_bind_int(q, 1, l->id);
    TRY(db_step(q, &row));
    TRY(cert_parse(db_blob(q, 0), &c));
    *out = (struct stats_large){*cert_fingerprint(c), l->len};
    return NULL;
}

static err *count_rest(struct db *d, struct keyring_stats *s)
{
    uint64_t version, backup_at;
    TRY(ask(d, "SELECT count(*) FROM trust", &s->settings));
    TRY(ask(d, "SELECT max(made_at) FROM backup", &backup_at));
    TRY(ask(d, "PRAGMA user_version", &version));
    TRY(ask(d, "PRAGMA page_count", &s->pages));
    TRY(ask(d, "PRAGMA freelist_count", &s->free_pages));
    s->backup_at = (int64_t)backup_at;
    s->version = (int)version;
    return ask(d, "PRAGMA page_size", &s->page_len);
}

static err *count(struct keyring *k, err *(*step)(void *context, uint64_t done, uint64_t total),
                  void *context, struct keyring_stats *out)
{
    struct counting x = {.stats = out};
    if (k->secrets != NULL) {
        TRY(ask(k->secrets, "SELECT count(*) FROM secret", &out->secrets));
        TRY(ask(k->secrets, "SELECT count(DISTINCT cert) FROM secret", &out->keys));
    }
    if (k->certs == NULL)
        return NULL;
    TRY(count_certs(&x, k->certs, step, context));
    for (size_t i = 0; i < out->n_largest; i++)
        TRY(name_large(k->certs, &x.largest[i], &out->largest[i]));
    return count_rest(k->certs, out);
}

err *keyring_count(struct keyring *k, err *(*step)(void *context, uint64_t done, uint64_t total),
                   void *context, struct keyring_stats *out)
{
    *out = (struct keyring_stats){0};
    TRY(keyring_begin_read(k));
    err *e = count(k, step, context, out);
    keyring_end_read(k);
    return e;
}

static err *size_of(const char *home, const char *name, uint64_t *out)
{
    AUTO(free) char *path = NULL;
    struct stat st;
    TRY(fs_join(home, name, &path));
    *out = stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
    return NULL;
}

err *keyring_measure(const char *home, struct keyring_sizes *out)
{
    TRY(size_of(home, "keyring.db", &out->database));
    return size_of(home, "keyring.db-wal", &out->log);
}

err *keyring_compact(struct keyring *k, bool *whole)
{
    return db_compact(k->certs, whole);
}
