#include "keyring/localroot.h"

#include "base/vec.h"
#include "keyring/store.h"
#include "pgp/keygen.h"

void localroots_clear(struct localroots *l)
{
    vec_free(l);
}

/* Whoever lists certificates asks for these first: what is damaged is passed over. */
err *localroots_find(struct keyring *k, struct localroots *out)
{
    AUTO(db_done) struct db_query *q = NULL;
    bool row;
    if (k->certs == NULL)
        return NULL;
    TRY(db_query(k->certs, "SELECT fpr FROM trust WHERE kind = ?1 ORDER BY fpr", &q));
    db_bind_int(q, 1, TRUST_LOCAL);
    for (;;) {
        struct fingerprint f;
        TRY(db_step(q, &row));
        if (!row)
            return NULL;
        const struct slice name = db_blob(q, 0);
        if (name.len > 0 && fingerprint_from(name.data[0], slice_from(name, 1), &f))
            TRY(VEC_PUSH(out, f));
    }
}

bool localroots_have(const struct localroots *l, const struct fingerprint *fpr)
{
    for (size_t i = 0; i < l->n; i++) {
        if (fingerprint_equal(&l->items[i], fpr))
            return true;
    }
    return false;
}

err *localroot_is(struct keyring *k, const struct fingerprint *fpr, bool *out)
{
    CLEANUP(localroots_clear) struct localroots l = {0};
    TRY(localroots_find(k, &l));
    *out = localroots_have(&l, fpr);
    return NULL;
}

err *localroot_get(struct keyring *k, struct cert **out)
{
    CLEANUP(localroots_clear) struct localroots l = {0};
    *out = NULL;
    TRY(localroots_find(k, &l));
    for (size_t i = 0; i < l.n && *out == NULL; i++) {
        AUTO(cert_free) struct cert *c = NULL;
        TRY(keyring_get(k, &l.items[i], true, &c));
        if (c != NULL && cert_has_secret(c))
            *out = TAKE(c);
    }
    return NULL;
}

static err *make(struct keyring *k, const struct world *w)
{
    const struct slice name = SLICE_TEXT("Local trust root");
    const struct keygen_params p = {.profile = &keygen_profiles[0],
                                    .user_ids = &name,
                                    .n_user_ids = 1,
                                    .only_local = true,
                                    .world = w};
    AUTO(cert_free) struct cert *c = NULL;
    enum keyring_put result;
    TRY(keygen_make(&p, &c));
    TRY(keyring_put_local(k, c, &result));
    TRY(keyring_put_key(k, c, &result));
    const struct trust_setting t = {*cert_fingerprint(c), TRUST_LOCAL, 120};
    return keyring_trust_put(k, &t);
}

err *localroot_make(struct keyring *k, const struct world *w, struct cert **out)
{
    TRY(localroot_get(k, out));
    if (*out != NULL)
        return NULL;
    TRY(make(k, w));
    return localroot_get(k, out);
}

err *localroot_delete(struct keyring *k, const struct fingerprint *fpr, bool *found)
{
    bool was_there;
    TRY(localroot_is(k, fpr, found));
    if (!*found)
        return NULL;
    TRY(keyring_trust_remove(k, fpr, &was_there));
    return keyring_delete(k, fpr, false, &was_there);
}
