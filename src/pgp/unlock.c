#include "pgp/unlock.h"

static err *locked(const struct key_finder *finder, const struct pubkey *k, bool any)
{
    char id[KEY_ID_TEXT_SIZE];
    key_id_text(&k->id, id);
    if (any)
        return err_hint(err_new(ERR_LOCKED, "key %s: wrong passphrase", id),
                        "check the passphrase and try again");
    return finder_hint(finder, err_new(ERR_LOCKED, "key %s is protected by a passphrase", id));
}

static err *ask(const struct key_finder *finder, const struct passphrase_request *request,
                struct secret **out)
{
    if (finder->passphrase == NULL)
        return NULL;
    return finder->passphrase(finder->context, request, out);
}

bool unlock_is_here(const struct component *key)
{
    return key->has_secret && key->secret.state != SECKEY_ABSENT;
}

err *unlock_not_here(const struct component *key)
{
    char id[KEY_ID_TEXT_SIZE];
    key_id_text(&key->key.id, id);
    if (key->has_secret && seckey_is_on_card(&key->secret))
        return err_hint(err_new(ERR_NO_CARD, "the secret part of key %s is on a card", id),
                        "cards are not supported: use the program that knows this one");
    return err_new(ERR_NOT_FOUND, "the secret part of key %s is not here", id);
}

err *unlock_key_with(const struct cert *c, const struct component *key,
                     const struct key_finder *finder, const struct s2k_limits *limits,
                     struct secret **out, struct secret **passphrase)
{
    struct passphrase_request request = {
        .purpose = PASSPHRASE_FOR_KEY, .cert = c, .key = &key->key};
    if (!unlock_is_here(key))
        return unlock_not_here(key);
    if (key->secret.state == SECKEY_UNPROTECTED)
        return seckey_unlock(&key->secret, NULL, limits, out);
    for (;; request.attempt++) {
        AUTO(secret_free) struct secret *offered = NULL;
        TRY(ask(finder, &request, &offered));
        if (offered == NULL)
            return locked(finder, &key->key, request.attempt > 0);
        err *e = seckey_unlock(&key->secret, offered, limits, out);
        if (e == NULL)
            *passphrase = TAKE(offered);
        if (err_kind_of(e) != ERR_LOCKED)
            return e;
        err_free(e);
    }
}

err *unlock_key(const struct cert *c, const struct component *key, const struct key_finder *finder,
                const struct s2k_limits *limits, struct secret **out)
{
    AUTO(secret_free) struct secret *passphrase = NULL;
    if (finder->unlock != NULL)
        return finder->unlock(finder->context, c, key, limits, out);
    return unlock_key_with(c, key, finder, limits, out, &passphrase);
}
