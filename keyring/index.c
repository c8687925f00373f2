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

/* Which rows a certificate has. */

struct rows {
    index_visit *visit;
    void *context;
};

static err *key_row(const struct rows *r, const struct component *x, struct slice name)
{
    const struct index_row row = {
        .table = INDEX_KEY, .number = index_number(name), .flag = x->kind == COMPONENT_SUBKEY};
    return r->visit(r->context, &row);
}

static err *key_rows(const struct rows *r, const struct component *x)
{
    TRY(key_row(r, x, SLICE_OF(x->key.id.bytes)));
    return x->key.version < 4 ? key_row(r, x, fingerprint_view(&x->key.fpr)) : NULL;
}

static err *address_row(const struct rows *r, struct slice address)
{
    CLEANUP(buf_clear) struct buf name = BUF_EMPTY(CERT_PACKET_MAX);
    fold_address_to(&name, address);
    TRY(buf_end(&name));
    return r->visit(r->context,
                    &(struct index_row){.table = INDEX_ADDRESS, .name = buf_view(&name)});
}

static err *userid_row(const struct rows *r, struct slice text)
{
    return r->visit(r->context, &(struct index_row){.table = INDEX_USERID, .name = text});
}

/* One that names no key could be anybody's: it leads nowhere. */
bool index_is_by_other(const struct pubkey *primary, const struct cert_sig *s)
{
    return s->parsed && s->sig.flaw == NULL && !key_handle_is_empty(&s->sig.issuer) &&
           !pubkey_matches(primary, &s->sig.issuer);
}

static bool delegates(const struct sig *s)
{
    struct subpacket trust;
    return sig_find(s, SUB_TRUST, &trust) && trust.body.len == 2 && trust.body.data[0] > 0;
}

/* Who speaks about the certificate as a whole, or about a user ID. */
static err *signer_rows(const struct rows *r, const struct cert *c, const struct component *x)
{
    enum sig_type whole = x->kind == COMPONENT_PRIMARY ? SIG_DIRECT_KEY : SIG_CERT_GENERIC;
    for (size_t i = 0; i < x->sigs.n; i++) {
        const struct cert_sig *s = &x->sigs.items[i];
        if (!index_is_by_other(cert_primary(c), s) ||
            !(s->sig.type == whole || sig_is_certification(s->sig.type)))
            continue;
        TRY(r->visit(r->context,
                     &(struct index_row){.table = INDEX_SIGNER,
                                         .number = index_number(SLICE_OF(s->sig.issuer.id.bytes)),
                                         .flag = delegates(&s->sig)}));
    }
    return NULL;
}

err *index_each(const struct cert *c, index_visit *visit, void *context)
{
    const struct rows r = {visit, context};
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(CERT_MAX);
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        struct slice address = x->kind == COMPONENT_USER_ID ? text_email_of(x->packet.body)
                                                            : SLICE_EMPTY;
        if (x->kind == COMPONENT_PRIMARY || x->kind == COMPONENT_SUBKEY)
            TRY(key_rows(&r, x));
        if (address.len > 0)
            TRY(address_row(&r, address));
        if (x->kind == COMPONENT_PRIMARY || x->kind == COMPONENT_USER_ID)
            TRY(signer_rows(&r, c, x));
        if (x->kind != COMPONENT_USER_ID)
            continue;
        fold_text_to(&text, x->packet.body);
        buf_u8(&text, 0);
    }
    TRY(buf_end(&text));
    return text.len > 0 ? userid_row(&r, buf_view(&text)) : NULL;
}

/* How they come and go. */

struct change {
    struct db *db;
    int64_t id; /* of the certificate */
    const char *key, *signer, *address, *userid;
};

static struct change change_to_add(struct db *d, int64_t id)
{
    return (struct change){d,
                           id,
                           "INSERT OR IGNORE INTO key (id, subkey, cert) VALUES (?1, ?2, ?3)",
                           "INSERT OR IGNORE INTO signer (id, delegates, cert) VALUES (?1, ?2, ?3)",
                           "INSERT OR IGNORE INTO address (name, cert) VALUES (?1, ?2)",
                           "INSERT OR REPLACE INTO userid (cert, text) VALUES (?1, ?2)"};
}

static struct change change_to_remove(struct db *d, int64_t id)
{
    return (struct change){d,
                           id,
                           "DELETE FROM key WHERE id = ?1 AND subkey = ?2 AND cert = ?3",
                           "DELETE FROM signer WHERE id = ?1 AND delegates = ?2 AND cert = ?3",
                           "DELETE FROM address WHERE name = ?1 AND cert = ?2",
                           "DELETE FROM userid WHERE cert = ?1"};
}

static err *apply(void *context, const struct index_row *row)
{
    const struct change *x = context;
    AUTO(db_done) struct db_query *q = NULL;
    switch (row->table) {
    case INDEX_KEY:
    case INDEX_SIGNER:
        TRY(db_query(x->db, row->table == INDEX_KEY ? x->key : x->signer, &q));
        db_bind_int(q, 1, row->number);
        db_bind_int(q, 2, row->flag);
        db_bind_int(q, 3, x->id);
        break;
    case INDEX_ADDRESS:
        TRY(db_query(x->db, x->address, &q));
        db_bind_blob(q, 1, row->name);
        db_bind_int(q, 2, x->id);
        break;
    case INDEX_USERID:
        TRY(db_query(x->db, x->userid, &q));
        db_bind_int(q, 1, x->id);
        db_bind_blob(q, 2, row->name);
        break;
    }
    return db_run(q);
}

err *index_add(struct db *d, int64_t id, const struct cert *c)
{
    struct change x = change_to_add(d, id);
    return index_each(c, apply, &x);
}

err *index_remove(struct db *d, int64_t id, const struct cert *c)
{
    struct change x = change_to_remove(d, id);
    return index_each(c, apply, &x);
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

static err *run(struct db *d, const char *sql)
{
    AUTO(db_done) struct db_query *q = NULL;
    TRY(db_query(d, sql, &q));
    return db_run(q);
}

err *index_rebuild(struct db *d)
{
    TRY(run(d, "DELETE FROM key"));
    TRY(run(d, "DELETE FROM signer"));
    TRY(run(d, "DELETE FROM address"));
    TRY(run(d, "DELETE FROM userid"));
    return index_all(d);
}
