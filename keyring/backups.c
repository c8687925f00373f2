#include "keyring/backups.h"

#include "keyring/store.h"

err *keyring_note_backup(struct keyring *k, const struct fingerprint *fpr, int64_t made_at)
{
    AUTO(db_done) struct db_query *q = NULL;
    TRY(db_query(k->certs,
                 "INSERT INTO backup (fpr, made_at) VALUES (?1, ?2) "
                 "ON CONFLICT (fpr) DO UPDATE SET made_at = max(made_at, excluded.made_at)",
                 &q));
    db_bind_blob(q, 1, fingerprint_view(fpr));
    db_bind_int(q, 2, made_at);
    return db_run(q);
}

err *keyring_find_backup(struct keyring *k, const struct fingerprint *fpr, int64_t *made_at)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool row;
    *made_at = 0;
    if (k->certs == NULL)
        return NULL;
    TRY(db_query(k->certs, "SELECT made_at FROM backup WHERE fpr = ?1", &q));
    db_bind_blob(q, 1, fingerprint_view(fpr));
    TRY(db_step(q, &row));
    *made_at = row ? db_int(q, 0) : 0;
    return NULL;
}
