#include "keyring/settings.h"

#include <string.h>

#include "keyring/store.h"

enum { NAME_MAX_LEN = 1 + FPR_MAX };

/* trust.fpr in schema.sql */
static struct slice name_of(const struct fingerprint *f, uint8_t name[static NAME_MAX_LEN])
{
    name[0] = f->version;
    memcpy(name + 1, f->bytes, f->len);
    return slice_of(name, 1U + f->len);
}

bool trust_setting_is_sound(const struct trust_setting *t)
{
    if (t->kind == TRUST_NEVER)
        return t->amount == 0;
    return t->kind >= TRUST_ROOT && t->kind <= TRUST_LOCAL && t->amount >= 1 && t->amount <= 120;
}

err *keyring_trust_put(struct keyring *k, const struct trust_setting *t)
{
    AUTO(db_done) struct db_query *q = NULL;
    uint8_t name[NAME_MAX_LEN];
    TRY(db_query(k->certs, "INSERT OR REPLACE INTO trust (fpr, kind, amount) VALUES (?1, ?2, ?3)",
                 &q));
    db_bind_blob(q, 1, name_of(&t->fpr, name));
    db_bind_int(q, 2, t->kind);
    db_bind_int(q, 3, t->amount);
    return db_run(q);
}

err *keyring_trust_has(struct keyring *k, const struct fingerprint *fpr, bool *out)
{
    AUTO(db_done) struct db_query *q = NULL;
    uint8_t name[NAME_MAX_LEN];
    *out = false;
    if (k->certs == NULL)
        return NULL;
    TRY(db_query(k->certs, "SELECT 1 FROM trust WHERE fpr = ?1", &q));
    db_bind_blob(q, 1, name_of(fpr, name));
    return db_step(q, out);
}

err *keyring_trust_remove(struct keyring *k, const struct fingerprint *fpr, bool *found)
{
    AUTO(db_done) struct db_query *q = NULL;
    uint8_t name[NAME_MAX_LEN];
    TRY(keyring_trust_has(k, fpr, found));
    TRY(db_query(k->certs, "DELETE FROM trust WHERE fpr = ?1", &q));
    db_bind_blob(q, 1, name_of(fpr, name));
    return db_run(q);
}

static err *read_setting(struct db_query *q, struct trust_setting *out)
{
    struct slice name = db_blob(q, 0);
    if (name.len == 0 || !fingerprint_from(name.data[0], slice_from(name, 1), &out->fpr))
        return err_new(ERR_MALFORMED, "the keyring is damaged: a trust setting for no key");
    out->kind = (enum trust_kind)db_int(q, 1);
    out->amount = (unsigned)db_int(q, 2);
    return NULL;
}

err *keyring_trust_each(struct keyring *k,
                        err *(*visit)(void *context, const struct trust_setting *t), void *context)
{
    AUTO(db_done) struct db_query *q = NULL;
    struct trust_setting t;
    bool row;
    if (k->certs == NULL)
        return NULL;
    TRY(db_query(k->certs, "SELECT fpr, kind, amount FROM trust ORDER BY fpr", &q));
    for (;;) {
        TRY(db_step(q, &row));
        if (!row)
            return NULL;
        TRY(read_setting(q, &t));
        TRY(visit(context, &t));
    }
}
