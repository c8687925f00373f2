#include "keyring/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "base/vec.h"
#include "keyring/rows.h"
#include "keyring/settings.h"
#include "keyring/store.h"

struct check {
    struct keyring *k;
    const struct keyring_checker *checker;
    bool fix;
    uint64_t total; /* certificates and secret keys */
    struct rows *rows;
    bool index_is_wrong;
    struct keyring_counts *counts;
};

static err *tell(const struct keyring_checker *checker, const struct keyring_problem *p)
{
    return checker->problem(checker->context, p);
}

static err *damage(const struct check *x, struct slice fpr, const char *what, bool fixed)
{
    return tell(x->checker, &(struct keyring_problem){TROUBLE_DAMAGE, fpr, what, fixed});
}

/* What cannot be read is damage, and told; other errors end the check. */
static err *judge(const struct check *x, struct slice fpr, bool fixed, err *e)
{
    AUTO(err_free) err *why = e;
    char text[512];
    switch (err_kind_of(e)) {
    case ERR_NONE:
        return NULL;
    case ERR_MALFORMED:
    case ERR_UNSUPPORTED:
    case ERR_INTEGRITY:
    case ERR_LIMIT:
        return damage(x, fpr, err_text(why, text, sizeof text), fixed);
    default:
        return TAKE(why);
    }
}

static err *step(struct check *x, const char *what)
{
    const struct keyring_counts *n = x->counts;
    TRY(interrupt_check());
    return x->checker->step(x->checker->context, what, n->certs + n->secrets, x->total);
}

/* The databases. */

/* SQLite's own check: each of its rows is something wrong, but for a lone "ok".  Some versions
 * find NULL where the columns of a primary key do not come first (3.40); there can be
 * none, and every column is looked at with its certificate. */
static bool is_finding(const char *found)
{
    return strcmp(found, "ok") != 0 && strncmp(found, "NULL value in ", 14) != 0;
}

static err *each_finding(struct check *x, struct db *d)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool row;
    TRY(db_query(d, "PRAGMA integrity_check(1000000000)", &q));
    for (;;) {
        AUTO(free) char *found = NULL, *what = NULL;
        TRY(db_step(q, &row));
        if (!row)
            return NULL;
        TRY(mem_string_of(db_blob(q, 0), &found));
        if (!is_finding(found))
            continue;
        TRY(mem_printf(&what, "%s: %s", db_path(d), found));
        TRY(damage(x, SLICE_EMPTY, what, false));
    }
}

static err *check_db(struct check *x, struct db *d)
{
    TRY(interrupt_check());
    return judge(x, SLICE_EMPTY, false, each_finding(x, d));
}

/* Certificates. */

struct row {
    int64_t id; /* 0: there is none */
    struct buf bytes;
};

static void row_clear(struct row *r)
{
    buf_clear(&r->bytes);
}

static err *next_row(struct db *d, struct row *r)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool more;
    TRY(db_query(d, "SELECT id, bytes FROM cert WHERE id > ?1 ORDER BY id LIMIT 1", &q));
    db_bind_int(q, 1, r->id);
    TRY(db_step(q, &more));
    r->id = more ? db_int(q, 0) : 0;
    buf_reset(&r->bytes);
    if (more)
        buf_bytes(&r->bytes, db_blob(q, 1));
    return buf_end(&r->bytes);
}

static err *write_row(struct db *d, int64_t id, const struct cert *c)
{
    AUTO(db_done) struct db_query *q = NULL;
    TRY(store_forget_dossier(d, id));
    TRY(db_query(d, "UPDATE cert SET bytes = ?2 WHERE id = ?1", &q));
    db_bind_int(q, 1, id);
    db_bind_blob(q, 2, buf_view(&c->bytes));
    return db_run(q);
}

static err *remove_row(struct db *d, int64_t id)
{
    AUTO(db_done) struct db_query *q = NULL;
    TRY(store_forget_dossier(d, id));
    TRY(db_query(d, "DELETE FROM cert WHERE id = ?1", &q));
    db_bind_int(q, 1, id);
    return db_run(q);
}

/* Its fingerprint, if at least the primary key can be read. */
static void name_unreadable(struct slice bytes, struct fingerprint *out)
{
    struct reader r = reader_init(bytes, "certificate");
    struct packet p = {0};
    struct pubkey key = {0};
    err *e = packet_next(&r, &p);
    struct reader body = reader_init(p.body, "public key");
    if (e == NULL && p.type == PACKET_PUBLIC_KEY)
        e = pubkey_parse(&body, &key);
    if (e == NULL)
        *out = key.fpr;
    err_free(e);
}

/* What cannot be read stands in the way of whatever reads all certificates. */
static err *check_unreadable(struct check *x, const struct row *r, err *why)
{
    struct fingerprint fpr = {0};
    struct rows_difference ignored;
    why = err_wrap(why,
                   x->fix ? "certificate number %lld cannot be read, and was removed"
                          : "certificate number %lld cannot be read",
                   (long long)r->id);
    name_unreadable(buf_view(&r->bytes), &fpr);
    TRY(judge(x, fingerprint_view(&fpr), x->fix, why));
    TRY(rows_compare(x->rows, r->id, NULL, &ignored));
    x->index_is_wrong = true;
    return x->fix ? remove_row(x->k->certs, r->id) : NULL;
}

/* As it would be written, with all that is kept. */
static err *canonical(const struct cert *c, struct cert **out)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(CERT_MAX);
    cert_write(c, CERT_PUBLIC | CERT_LOCAL, &b);
    TRY(buf_end(&b));
    return cert_parse(buf_view(&b), out);
}

static err *check_form(struct check *x, const struct row *r, const struct cert *c)
{
    AUTO(cert_free) struct cert *proper = NULL;
    TRY(canonical(c, &proper));
    if (slice_equal(buf_view(&proper->bytes), buf_view(&r->bytes)))
        return NULL;
    TRY(damage(x, fingerprint_view(cert_fingerprint(c)), "it is not stored as it would be written",
               x->fix));
    return x->fix ? write_row(x->k->certs, r->id, proper) : NULL;
}

/* Says how many of the index's rows are not those of the certificate. */
static err *check_index(struct check *x, const struct row *r, const struct cert *c)
{
    AUTO(free) char *what = NULL;
    struct rows_difference n;
    TRY(rows_compare(x->rows, r->id, c, &n));
    if (n.missing == 0 && n.wrong == 0)
        return NULL;
    x->index_is_wrong = true;
    TRY(mem_printf(&what, "its index lacks %zu entries, and has %zu that are wrong", n.missing,
                   n.wrong));
    return damage(x, fingerprint_view(cert_fingerprint(c)), what, x->fix);
}

/* No certificate is there twice.  The first is what is found. */
static err *check_once(struct check *x, const struct row *r, const struct cert *c)
{
    AUTO(cert_free) struct cert *first = NULL;
    struct slice fpr = fingerprint_view(cert_fingerprint(c));
    enum keyring_put put;
    int64_t id;
    TRY(store_find(x->k, fpr, &id, &first));
    if (id == 0 || id >= r->id) /* 0: the index lacks it */
        return NULL;
    TRY(damage(x, fpr, "it is here twice", x->fix));
    x->index_is_wrong = true;
    if (!x->fix)
        return NULL;
    TRY(remove_row(x->k->certs, r->id));
    return keyring_put_local(x->k, c, &put);
}

static err *check_row(struct check *x, const struct row *r)
{
    AUTO(cert_free) struct cert *c = NULL;
    err *e = cert_parse(buf_view(&r->bytes), &c);
    if (e != NULL)
        return check_unreadable(x, r, e);
    TRY(check_index(x, r, c));
    TRY(check_form(x, r, c));
    return check_once(x, r, c);
}

static err *each_row(struct check *x)
{
    CLEANUP(row_clear) struct row r = {.bytes = BUF_EMPTY(CERT_MAX)};
    for (;;) {
        TRY(next_row(x->k->certs, &r));
        if (r.id == 0)
            return NULL;
        x->counts->certs++;
        TRY(check_row(x, &r));
        TRY(step(x, "certificates"));
    }
}

static err *check_strays(struct check *x)
{
    AUTO(free) char *what = NULL;
    size_t n;
    TRY(rows_end(x->rows, &n));
    if (n == 0)
        return NULL;
    x->index_is_wrong = true;
    TRY(mem_printf(&what, "the index has %zu entries of certificates that are not here", n));
    return damage(x, SLICE_EMPTY, what, x->fix);
}

static err *with_rows(struct check *x)
{
    TRY(rows_open(x->k->certs, &x->rows));
    TRY(each_row(x));
    return check_strays(x);
}

static err *check_certs(struct check *x)
{
    TRY(check_db(x, x->k->certs));
    err *e = with_rows(x);
    rows_close(TAKE(x->rows));
    TRY(judge(x, SLICE_EMPTY, false, e));
    if (!x->fix || !x->index_is_wrong)
        return NULL;
    TRY(step(x, "the index"));
    return judge(x, SLICE_EMPTY, false, index_rebuild(x->k->certs));
}

/* What the user has decided. */

static err *look_at_setting(void *context, const struct trust_setting *t)
{
    return trust_setting_is_sound(t)
               ? NULL
               : damage(context, fingerprint_view(&t->fpr), "its trust setting is none", false);
}

/* Secret keys. */

/* The component of the certificate that a secret packet belongs to; NULL: none. */
static const struct component *find_component(const struct cert *c, struct slice fpr, uint8_t type)
{
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *at = &c->components.items[i];
        enum component_kind kind = type == PACKET_SECRET_KEY ? COMPONENT_PRIMARY : COMPONENT_SUBKEY;
        if (at->kind == kind && slice_equal(fingerprint_view(&at->key.fpr), fpr))
            return at;
    }
    return NULL;
}

static err *leftover(struct check *x, struct slice cert, const char *what)
{
    return tell(x->checker, &(struct keyring_problem){TROUBLE_LEFTOVER, cert, what, false});
}

static err *check_owner(struct check *x, struct slice cert, struct slice fpr,
                        const struct seckey *key)
{
    AUTO(cert_free) struct cert *c = NULL;
    int64_t id = 0;
    if (x->k->certs != NULL)
        TRY(store_find(x->k, cert, &id, &c));
    if (id == 0)
        return leftover(x, cert, "a secret key is here, but not its certificate");
    const struct component *owner = find_component(c, fpr, key->packet_type);
    if (owner == NULL)
        return leftover(x, cert, "a secret subkey is here that its certificate does not have");
    if (!slice_equal(owner->key.body, key->public.body))
        return damage(x, cert, "a secret key differs from its public part", false);
    return NULL;
}

static err *check_secret(struct check *x, struct db_query *q)
{
    struct slice cert = db_blob(q, 0), fpr = db_blob(q, 1);
    struct reader r = reader_init(db_blob(q, 3), "secret key");
    struct seckey key;
    err *e = seckey_parse(&r, (uint8_t)db_int(q, 2), &key);
    if (e != NULL)
        return judge(x, cert, false, e);
    if (!slice_equal(fpr, fingerprint_view(&key.public.fpr)))
        return damage(x, cert, "a secret key is stored under a fingerprint that is not its own",
                      false);
    return judge(x, cert, false, check_owner(x, cert, fpr, &key));
}

static err *each_secret(struct check *x)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool row;
    TRY(db_query(x->k->secrets, "SELECT cert, fpr, type, body FROM secret", &q));
    for (;;) {
        TRY(db_step(q, &row));
        if (!row)
            return NULL;
        x->counts->secrets++;
        TRY(check_secret(x, q));
        TRY(step(x, "secret keys"));
    }
}

static err *count(struct db *d, const char *sql, uint64_t *n)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool row;
    if (d == NULL)
        return NULL;
    TRY(db_query(d, sql, &q));
    TRY(db_step(q, &row));
    *n += (uint64_t)db_int(q, 0);
    return NULL;
}

static err *check_secrets(struct check *x)
{
    if (x->k->secrets == NULL)
        return NULL;
    if (x->k->secrets != x->k->certs)
        TRY(check_db(x, x->k->secrets));
    return judge(x, SLICE_EMPTY, false, each_secret(x));
}

/* The secret keys last: their certificates are found by the index. */
static err *check_all(struct check *x)
{
    struct keyring *k = x->k;
    TRY(judge(x, SLICE_EMPTY, false, count(k->secrets, "SELECT count(*) FROM secret", &x->total)));
    TRY(judge(x, SLICE_EMPTY, false, count(k->certs, "SELECT count(*) FROM cert", &x->total)));
    if (k->certs != NULL) {
        TRY(check_certs(x));
        TRY(judge(x, SLICE_EMPTY, false, keyring_trust_each(k, look_at_setting, x)));
    }
    return check_secrets(x);
}

err *keyring_check(struct keyring *k, bool fix, const struct keyring_checker *checker,
                   struct keyring_counts *out)
{
    struct check x = {.k = k, .checker = checker, .fix = fix, .counts = out};
    *out = (struct keyring_counts){0};
    if (fix)
        return check_all(&x);
    TRY(keyring_begin_read(k));
    err *e = check_all(&x);
    keyring_end_read(k);
    return e;
}

/* Files. */

static err *unsafe(const struct keyring_checker *checker, const char *path, const char *what,
                   bool fixed)
{
    AUTO(free) char *text = NULL;
    TRY(mem_printf(&text, "%s: %s", path, what));
    return tell(checker, &(struct keyring_problem){TROUBLE_PERMISSION, SLICE_EMPTY, text, fixed});
}

/* `forbidden` are permission bits. */
static err *check_file(const char *home, const char *name, mode_t forbidden, bool fix,
                       const struct keyring_checker *checker)
{
    AUTO(free) char *path = NULL;
    struct stat st;
    TRY(fs_join(home, name, &path));
    if (stat(path, &st) != 0)
        return NULL;
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return unsafe(checker, path, "it belongs to another user", false);
    if ((st.st_mode & forbidden) == 0)
        return NULL;
    bool fixed = fix && chmod(path, st.st_mode & 07777 & ~(forbidden | 077)) == 0;
    return unsafe(checker, path,
                  (st.st_mode & forbidden & 022) != 0 ? "others may write to it"
                                                      : "others may read it",
                  fixed);
}

err *keyring_check_files(const char *home, bool secret, bool fix,
                         const struct keyring_checker *checker)
{
    static const char *const names[] = {"keyring.db", "keyring.db-wal", "keyring.db-shm",
                                        "secrets.db"};
    TRY(check_file(home, ".", 022, fix, checker));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        TRY(check_file(home, names[i], secret ? 077 : 022, fix, checker));
    return NULL;
}
