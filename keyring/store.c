#include "keyring/store.h"

#include "base/fs.h"
#include "base/mem.h"
#include "keyring/apart.h"
#include "keyring/index.h"
#include "keyring/localroot.h"
#include "keyring/schemas.h"
#include "pgp/prune.h"
#include "pgp/revoker.h"

void keyring_close(struct keyring *k)
{
    if (k == NULL)
        return;
    if (k->secrets != k->certs)
        db_close(k->secrets);
    db_close(k->certs);
    sigcache_save(k->cache);
    sigcache_release(k->cache);
    free(k);
}

/* An absent database is an empty one for readers. */
static err *open_certs(const char *home, enum keyring_mode mode, struct db **out)
{
    AUTO(free) char *path = NULL;
    TRY(fs_join(home, "keyring.db", &path));
    err *e = db_open(path, mode == KEYRING_WRITE ? DB_WRITE : DB_READ, &schema_keyring, out);
    if (mode == KEYRING_READ && err_kind_of(e) == ERR_NOT_FOUND) {
        err_free(e);
        return NULL;
    }
    return e;
}

static err *open_secrets(struct keyring *k, const char *home, enum keyring_mode mode)
{
    if (mode == KEYRING_WRITE)
        TRY(apart_take_over(home, k->certs));
    else
        TRY(apart_open(home, &k->secrets));
    if (k->secrets == NULL)
        k->secrets = k->certs;
    return NULL;
}

static err *open_cache(struct keyring *k, const char *home)
{
    AUTO(free) char *path = NULL;
    TRY(fs_join(home, "verified", &path));
    return sigcache_new(path, &k->cache);
}

err *keyring_open(const char *home, enum keyring_mode mode, struct keyring **out)
{
    AUTO(keyring_close) struct keyring *k = NULL;
    TRY(MEM_NEW(k));
    TRY(mode == KEYRING_WRITE ? fs_private_directory(home) : fs_trusted_directory(home));
    TRY(open_certs(home, mode, &k->certs));
    TRY(open_secrets(k, home, mode));
    TRY(open_cache(k, home));
    *out = TAKE(k);
    return NULL;
}

err *keyring_open_memory(const struct keyring *other, struct keyring **out)
{
    AUTO(keyring_close) struct keyring *k = NULL;
    TRY(MEM_NEW(k));
    TRY(db_open_memory(&schema_keyring, &k->certs));
    k->secrets = k->certs;
    k->cache = other != NULL ? sigcache_hold(other->cache) : NULL;
    *out = TAKE(k);
    return NULL;
}

err *keyring_begin(struct keyring *k)
{
    return db_begin(k->certs);
}

err *keyring_commit(struct keyring *k)
{
    return db_commit(k->certs);
}

void keyring_end_read(struct keyring *k)
{
    if (k->secrets != NULL)
        db_rollback(k->secrets);
    if (k->certs != NULL)
        db_rollback(k->certs);
}

/* Secret keys that are still apart are only read. */
err *keyring_begin_read(struct keyring *k)
{
    if (k->certs != NULL)
        TRY(db_begin_read(k->certs));
    return k->secrets != NULL && k->secrets != k->certs ? db_begin_read(k->secrets) : NULL;
}

/* Writing. */

err *store_find(struct keyring *k, struct slice fpr, int64_t *id, struct cert **out)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool row;
    *id = 0;
    TRY(db_query(k->certs,
                 "SELECT cert.id, cert.bytes FROM key JOIN cert ON cert.id = key.cert "
                 "WHERE key.id = ?1 AND key.subkey = 0 ORDER BY key.cert",
                 &q));
    db_bind_int(q, 1, index_number(fpr));
    while (*id == 0) {
        AUTO(cert_free) struct cert *c = NULL;
        TRY(db_step(q, &row));
        if (!row)
            return NULL;
        TRY(cert_parse(db_blob(q, 1), &c));
        if (!slice_equal(fingerprint_view(cert_fingerprint(c)), fpr))
            continue;
        *id = db_int(q, 0);
        *out = TAKE(c);
    }
    return NULL;
}

err *store_forget_dossier(struct db *d, int64_t id)
{
    AUTO(db_done) struct db_query *q = NULL;
    TRY(db_query(d, "DELETE FROM dossier WHERE cert = ?1", &q));
    db_bind_int(q, 1, id);
    return db_run(q);
}

static err *insert_cert(struct keyring *k, const struct cert *c)
{
    AUTO(db_done) struct db_query *q = NULL;
    TRY(db_query(k->certs, "INSERT INTO cert (bytes) VALUES (?1)", &q));
    db_bind_blob(q, 1, buf_view(&c->bytes));
    TRY(db_run(q));
    return index_add(k->certs, db_last_rowid(k->certs), c);
}

/* It keeps its place among the others. */
static err *update_cert(struct keyring *k, int64_t id, const struct cert *before,
                        const struct cert *c)
{
    AUTO(db_done) struct db_query *q = NULL;
    TRY(index_remove(k->certs, id, before));
    TRY(store_forget_dossier(k->certs, id));
    TRY(db_query(k->certs, "UPDATE cert SET bytes = ?2 WHERE id = ?1", &q));
    db_bind_int(q, 1, id);
    db_bind_blob(q, 2, buf_view(&c->bytes));
    TRY(db_run(q));
    return index_add(k->certs, id, c);
}

static err *delete_cert(struct keyring *k, const struct fingerprint *fpr)
{
    AUTO(cert_free) struct cert *c = NULL;
    AUTO(db_done) struct db_query *q = NULL;
    int64_t id;
    TRY(store_find(k, fingerprint_view(fpr), &id, &c));
    if (c == NULL)
        return NULL;
    TRY(index_remove(k->certs, id, c));
    TRY(store_forget_dossier(k->certs, id));
    TRY(db_query(k->certs, "DELETE FROM cert WHERE id = ?1", &q));
    db_bind_int(q, 1, id);
    return db_run(q);
}

/* What the flags (enum cert_write_flags) let through; *out stays NULL if that is all of c, as
 * it is. */
static err *part_of(const struct cert *c, unsigned flags, struct cert **out)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_EMPTY(CERT_MAX);
    cert_write(c, flags, &bytes);
    TRY(buf_end(&bytes));
    return slice_equal(buf_view(&bytes), buf_view(&c->bytes)) ? NULL
                                                              : cert_parse(buf_view(&bytes), out);
}

/* What of a certificate has room; *kept stays NULL if all of it has. */
static err *make_room(struct keyring *k, const struct cert *c, struct cert **kept)
{
    const struct key_finder here = {.context = k, .certs = keyring_find_certs};
    return prune_cert(c, PRUNE_ROOM, &here, kept, &k->left_out);
}

static err *put_new(struct keyring *k, const struct cert *c)
{
    AUTO(cert_free) struct cert *kept = NULL;
    TRY(make_room(k, c, &kept));
    return insert_cert(k, kept != NULL ? kept : c);
}

/* Together with a flood that was cut back before, nothing need change. */
static err *put_merged(struct keyring *k, int64_t id, const struct cert *stored,
                       const struct cert *c, enum keyring_put *out)
{
    AUTO(cert_free) struct cert *merged = NULL, *kept = NULL;
    bool changed;
    TRY(cert_merge(stored, c, &merged, &changed));
    TRY(make_room(k, merged, &kept));
    const struct cert *now = kept != NULL ? kept : merged;
    changed = changed && !slice_equal(buf_view(&stored->bytes), buf_view(&now->bytes));
    *out = changed ? KEYRING_CHANGED : KEYRING_UNCHANGED;
    return changed ? update_cert(k, id, stored, now) : NULL;
}

static err *put_public(struct keyring *k, const struct cert *c, unsigned flags,
                       enum keyring_put *out)
{
    AUTO(cert_free) struct cert *part = NULL, *stored = NULL;
    int64_t id;
    TRY(part_of(c, flags, &part));
    const struct cert *public = part != NULL ? part : c;
    TRY(store_find(k, fingerprint_view(cert_fingerprint(c)), &id, &stored));
    if (stored != NULL)
        return put_merged(k, id, stored, public, out);
    *out = KEYRING_NEW;
    return put_new(k, public);
}

size_t keyring_left_out(const struct keyring *k)
{
    return k->left_out;
}

err *keyring_put_cert(struct keyring *k, const struct cert *c, enum keyring_put *out)
{
    return put_public(k, c, CERT_PUBLIC, out);
}

err *keyring_put_local(struct keyring *k, const struct cert *c, enum keyring_put *out)
{
    return put_public(k, c, CERT_PUBLIC | CERT_LOCAL, out);
}

static uint8_t secret_type(const struct component *x)
{
    return x->kind == COMPONENT_PRIMARY ? PACKET_SECRET_KEY : PACKET_SECRET_SUBKEY;
}

/* The body of the secret packet that there is for this key of c; empty if none. */
static err *stored_secret(struct keyring *k, const struct cert *c, const struct component *x,
                          struct buf *body)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool row;
    TRY(db_query(k->secrets, "SELECT body FROM secret WHERE cert = ?1 AND fpr = ?2 AND type = ?3",
                 &q));
    db_bind_blob(q, 1, fingerprint_view(cert_fingerprint(c)));
    db_bind_blob(q, 2, fingerprint_view(&x->key.fpr));
    db_bind_int(q, 3, secret_type(x));
    TRY(db_step(q, &row));
    if (row)
        buf_bytes(body, db_blob(q, 0));
    return buf_end(body);
}

/* Does a secret key packet only say that the secret is elsewhere? */
static err *is_absent(uint8_t type, struct slice body, bool *out)
{
    struct seckey k;
    struct reader r = reader_init(body, "secret key");
    TRY(seckey_parse(&r, type, &k));
    *out = k.state == SECKEY_ABSENT;
    return NULL;
}

/* A secret that is here stays as it is: whoever writes a packet that looks like a
 * locked key of ours must not be able to take its place. */
static err *may_store(struct keyring *k, const struct cert *c, const struct component *x, bool *out)
{
    CLEANUP(buf_clear) struct buf stored = BUF_EMPTY(CERT_PACKET_MAX);
    bool absent = true;
    TRY(stored_secret(k, c, x, &stored));
    if (stored.len > 0)
        TRY(is_absent(secret_type(x), buf_view(&stored), &absent));
    *out = stored.len == 0 || (absent && x->secret.state != SECKEY_ABSENT);
    return NULL;
}

static err *write_secret(struct keyring *k, const struct cert *c, const struct component *x)
{
    AUTO(db_done) struct db_query *q = NULL;
    TRY(db_query(k->secrets,
                 "INSERT OR REPLACE INTO secret (fpr, cert, type, body) VALUES (?1, ?2, ?3, ?4)",
                 &q));
    db_bind_blob(q, 1, fingerprint_view(&x->key.fpr));
    db_bind_blob(q, 2, fingerprint_view(cert_fingerprint(c)));
    db_bind_int(q, 3, x->packet.type);
    db_bind_blob(q, 4, x->packet.body);
    return db_run(q);
}

static err *put_secret(struct keyring *k, const struct cert *c, const struct component *x,
                       bool *changed)
{
    bool may;
    TRY(may_store(k, c, x, &may));
    if (!may)
        return NULL;
    *changed = true;
    return write_secret(k, c, x);
}

/* What only says that the secret is elsewhere takes nobody's place. */
static err *replace_secret(struct keyring *k, const struct cert *c, const struct component *x,
                           bool *changed)
{
    CLEANUP(buf_clear) struct buf stored = BUF_EMPTY(CERT_PACKET_MAX);
    TRY(stored_secret(k, c, x, &stored));
    bool keep = stored.len > 0 && x->secret.state == SECKEY_ABSENT;
    if (keep || slice_equal(buf_view(&stored), x->packet.body))
        return NULL;
    *changed = true;
    return write_secret(k, c, x);
}

typedef err *secret_writer(struct keyring *k, const struct cert *c, const struct component *x,
                           bool *changed);

static err *each_secret(struct keyring *k, const struct cert *c, secret_writer *write,
                        enum keyring_put *out)
{
    bool changed = false;
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        if (x->has_secret && x->kind != COMPONENT_UNKNOWN)
            TRY(write(k, c, x, &changed));
    }
    if (changed && *out == KEYRING_UNCHANGED)
        *out = KEYRING_CHANGED;
    return NULL;
}

err *keyring_put_key(struct keyring *k, const struct cert *c, enum keyring_put *out)
{
    TRY(keyring_put_cert(k, c, out));
    return each_secret(k, c, put_secret, out);
}

err *keyring_replace_key(struct keyring *k, const struct cert *c)
{
    enum keyring_put result;
    TRY(keyring_put_local(k, c, &result));
    return each_secret(k, c, replace_secret, &result);
}

static err *delete_secrets(struct keyring *k, const struct fingerprint *fpr)
{
    AUTO(db_done) struct db_query *q = NULL;
    TRY(db_query(k->secrets, "DELETE FROM secret WHERE cert = ?1", &q));
    db_bind_blob(q, 1, fingerprint_view(fpr));
    return db_run(q);
}

err *keyring_delete(struct keyring *k, const struct fingerprint *fpr, bool secret_only, bool *found)
{
    AUTO(cert_free) struct cert *c = NULL;
    TRY(keyring_get(k, fpr, true, &c));
    *found = c != NULL && (!secret_only || cert_has_secret(c));
    TRY(delete_secrets(k, fpr));
    return secret_only ? NULL : delete_cert(k, fpr);
}

/* Reading. */

/* The certificate with the secret packets that came with it. */
static err *with_secrets(struct keyring *k, const struct cert *c, struct cert **out)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_EMPTY(CERT_MAX);
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        CLEANUP(buf_clear) struct buf body = BUF_EMPTY(CERT_PACKET_MAX);
        if (x->kind == COMPONENT_PRIMARY || x->kind == COMPONENT_SUBKEY)
            TRY(stored_secret(k, c, x, &body));
        if (body.len > 0)
            packet_write(&bytes, secret_type(x), buf_view(&body));
        else
            packet_write(&bytes, x->packet.type, x->packet.body);
        for (size_t s = 0; s < x->sigs.n; s++)
            packet_write(&bytes, PACKET_SIGNATURE, x->sigs.items[s].packet.body);
    }
    TRY(buf_end(&bytes));
    return cert_parse(buf_view(&bytes), out);
}

/* A certificate by its primary key, for revoker_attach. */
static err *find_revoker(void *context, const struct key_handle *h, struct cert_list *out)
{
    AUTO(cert_free) struct cert *c = NULL;
    int64_t id;
    TRY(store_find(context, fingerprint_view(&h->fpr), &id, &c));
    if (c == NULL)
        return NULL;
    TRY(VEC_PUSH(out, c));
    c = NULL;
    return NULL;
}

/* Takes public over. */
static err *complete(struct keyring *k, struct cert *public, bool secret, struct cert **out)
{
    AUTO(cert_free) struct cert *bare = public, *c = NULL;
    const struct key_finder revokers = {.context = k, .certs = find_revoker};
    if (secret && k->secrets != NULL)
        TRY(with_secrets(k, bare, &c));
    else
        c = TAKE(bare);
    c->cache = sigcache_hold(k->cache);
    TRY(revoker_attach(c, &revokers));
    *out = TAKE(c);
    return NULL;
}

err *store_parse(struct keyring *k, struct slice bytes, bool secret, struct cert **out)
{
    AUTO(cert_free) struct cert *public = NULL;
    TRY(cert_parse(bytes, &public));
    return complete(k, TAKE(public), secret, out);
}

static err *get_by_bytes(struct keyring *k, struct slice fpr, bool secret, struct cert **out)
{
    AUTO(cert_free) struct cert *public = NULL;
    int64_t id;
    *out = NULL;
    if (k->certs == NULL)
        return NULL;
    TRY(store_find(k, fpr, &id, &public));
    return public != NULL ? complete(k, TAKE(public), secret, out) : NULL;
}

err *keyring_get(struct keyring *k, const struct fingerprint *fpr, bool secret, struct cert **out)
{
    return get_by_bytes(k, fingerprint_view(fpr), secret, out);
}

static err *each_cert(struct keyring *k, const struct localroots *hidden, keyring_visit *visit,
                      void *context)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool row;
    if (k->certs == NULL)
        return NULL;
    TRY(db_query(k->certs, "SELECT bytes FROM cert ORDER BY id", &q));
    for (;;) {
        AUTO(cert_free) struct cert *c = NULL;
        TRY(db_step(q, &row));
        if (!row)
            return NULL;
        TRY(store_parse(k, db_blob(q, 0), false, &c));
        if (!localroots_have(hidden, cert_fingerprint(c)))
            TRY(visit(context, c));
    }
}

/* Few of the certificates have secret parts: those are asked for by name. */
static err *each_key(struct keyring *k, const struct localroots *hidden, keyring_visit *visit,
                     void *context)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool row;
    if (k->secrets == NULL)
        return NULL;
    TRY(db_query(k->secrets, "SELECT DISTINCT cert FROM secret", &q));
    for (;;) {
        AUTO(cert_free) struct cert *c = NULL;
        TRY(db_step(q, &row));
        if (!row)
            return NULL;
        TRY(get_by_bytes(k, db_blob(q, 0), true, &c));
        if (c != NULL && cert_has_secret(c) && !localroots_have(hidden, cert_fingerprint(c)))
            TRY(visit(context, c));
    }
}

err *keyring_each(struct keyring *k, bool secret, keyring_visit *visit, void *context)
{
    CLEANUP(localroots_clear) struct localroots hidden = {0};
    TRY(localroots_find(k, &hidden));
    return secret ? each_key(k, &hidden, visit, context) : each_cert(k, &hidden, visit, context);
}
