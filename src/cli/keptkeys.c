#include "cli/keptkeys.h"

void kept_keys_init(struct kept_keys *k)
{
    *k = (struct kept_keys){0};
    pthread_mutex_init(&k->mutex, NULL);
}

void kept_keys_clear(struct kept_keys *k)
{
    for (size_t i = 0; i < k->keys.n; i++)
        secret_free(k->keys.items[i].fields);
    vec_free(&k->keys);
    pthread_mutex_destroy(&k->mutex);
}

static const struct kept_key *find(const struct kept_keys *k, const struct component *key)
{
    for (size_t i = 0; i < k->keys.n; i++) {
        if (fingerprint_equal(&k->keys.items[i].fpr, &key->key.fpr))
            return &k->keys.items[i];
    }
    return NULL;
}

static err *keep(struct kept_keys *k, const struct component *key, const struct secret *fields)
{
    struct kept_key kept = {.fpr = key->key.fpr};
    TRY(secret_of(secret_view(fields), &kept.fields));
    err *e = VEC_PUSH(&k->keys, kept);
    if (e != NULL)
        secret_free(kept.fields);
    return e;
}

static err *unlock(struct kept_keys *k, const struct cert *c, const struct component *key,
                   const struct key_finder *finder, const struct s2k_limits *limits,
                   struct secret **out)
{
    AUTO(secret_free) struct secret *fields = NULL;
    const struct kept_key *kept = find(k, key);
    if (kept != NULL)
        return secret_of(secret_view(kept->fields), out);
    TRY(unlock_key(c, key, finder, limits, &fields));
    TRY(keep(k, key, fields));
    *out = TAKE(fields);
    return NULL;
}

err *kept_keys_unlock(struct kept_keys *k, const struct cert *c, const struct component *key,
                      const struct key_finder *finder, const struct s2k_limits *limits,
                      struct secret **out)
{
    if (!unlock_is_here(key))
        return unlock_key(c, key, finder, limits, out);
    pthread_mutex_lock(&k->mutex);
    err *e = unlock(k, c, key, finder, limits, out);
    pthread_mutex_unlock(&k->mutex);
    return e;
}
