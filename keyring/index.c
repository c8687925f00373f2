#include "keyring/index.h"

#include <string.h>

#include "base/fold.h"
#include "base/text.h"

int64_t index_number(struct slice name)
{
    const uint8_t *at = name.data + (name.len == FPR_V4_LEN ? FPR_V4_LEN - KEY_ID_LEN : 0);
    uint64_t number = 0;
    for (int i = 0; i < KEY_ID_LEN; i++)
        number = number << 8 | at[i];
    return (int64_t)number;
}

/* How rows come and go. */
struct rows {
    struct db *db;
    int64_t id; /* of the certificate */
    const char *key, *address, *userid;
};

static struct rows rows_to_add(struct db *d, int64_t id)
{
    return (struct rows){d, id, "INSERT OR IGNORE INTO key (id, subkey, cert) VALUES (?1, ?2, ?3)",
                         "INSERT OR IGNORE INTO address (name, cert) VALUES (?1, ?2)",
                         "INSERT OR REPLACE INTO userid (cert, text) VALUES (?1, ?2)"};
}

static struct rows rows_to_remove(struct db *d, int64_t id)
{
    return (struct rows){d, id, "DELETE FROM key WHERE id = ?1 AND subkey = ?2 AND cert = ?3",
                         "DELETE FROM address WHERE name = ?1 AND cert = ?2",
                         "DELETE FROM userid WHERE cert = ?1"};
}

static err *key_row(const struct rows *r, const struct component *x, struct slice name)
{
    AUTO(db_done) struct db_query *q = NULL;
    TRY(db_query(r->db, r->key, &q));
    db_bind_int(q, 1, index_number(name));
    db_bind_int(q, 2, x->kind == COMPONENT_SUBKEY);
    db_bind_int(q, 3, r->id);
    return db_run(q);
}

static err *key_rows(const struct rows *r, const struct component *x)
{
    TRY(key_row(r, x, SLICE_OF(x->key.id.bytes)));
    return x->key.version < 4 ? key_row(r, x, fingerprint_view(&x->key.fpr)) : NULL;
}

static err *address_row(const struct rows *r, struct slice address)
{
    AUTO(db_done) struct db_query *q = NULL;
    CLEANUP(buf_clear) struct buf name = BUF_EMPTY(CERT_PACKET_MAX);
    fold_address_to(&name, address);
    TRY(buf_end(&name));
    TRY(db_query(r->db, r->address, &q));
    db_bind_blob(q, 1, buf_view(&name));
    db_bind_int(q, 2, r->id);
    return db_run(q);
}

static err *userid_row(const struct rows *r, struct slice text)
{
    AUTO(db_done) struct db_query *q = NULL;
    TRY(db_query(r->db, r->userid, &q));
    db_bind_int(q, 1, r->id);
    db_bind_blob(q, 2, text);
    return db_run(q);
}

static err *each_row(const struct rows *r, const struct cert *c)
{
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(CERT_MAX);
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        struct slice address = x->kind == COMPONENT_USER_ID ? text_email_of(x->packet.body)
                                                            : SLICE_EMPTY;
        if (x->kind == COMPONENT_PRIMARY || x->kind == COMPONENT_SUBKEY)
            TRY(key_rows(r, x));
        if (address.len > 0)
            TRY(address_row(r, address));
        if (x->kind != COMPONENT_USER_ID)
            continue;
        fold_text_to(&text, x->packet.body);
        buf_u8(&text, 0);
    }
    TRY(buf_end(&text));
    return text.len > 0 ? userid_row(r, buf_view(&text)) : NULL;
}

err *index_add(struct db *d, int64_t id, const struct cert *c)
{
    const struct rows r = rows_to_add(d, id);
    return each_row(&r, c);
}

err *index_remove(struct db *d, int64_t id, const struct cert *c)
{
    const struct rows r = rows_to_remove(d, id);
    return each_row(&r, c);
}

err *index_all(struct db *d)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool row;
    TRY(db_query(d, "SELECT id, bytes FROM cert ORDER BY id", &q));
    for (;;) {
        AUTO(cert_free) struct cert *c = NULL;
        TRY(db_step(q, &row));
        if (!row)
            return NULL;
        TRY(cert_parse(db_blob(q, 1), &c));
        TRY(index_add(d, db_int(q, 0), c));
    }
}
