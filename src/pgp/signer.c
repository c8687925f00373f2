#include "pgp/signer.h"

#include "pgp/unlock.h"

static bool makes_signatures(const struct component *key)
{
    return pk_can_sign(key->key.algo);
}

static bool is_here(const struct component *key)
{
    return makes_signatures(key) && key->has_secret && key->secret.state != SECKEY_ABSENT;
}

/* A key that may sign now and whose secret part is here, though there may be a newer one
 * elsewhere. */
static err *find_key(const struct bound_cert *b, const struct bound **out)
{
    char id[KEY_ID_TEXT_SIZE];
    *out = bound_find_key_that(b, FLAG_SIGN, PK_SIGNS, is_here);
    if (*out != NULL)
        return NULL;
    const struct bound *elsewhere = bound_find_key_that(b, FLAG_SIGN, PK_SIGNS, makes_signatures);
    const struct bound *old = bound_find_key(b, FLAG_SIGN, PK_SIGNS);
    if (elsewhere != NULL) {
        key_id_text(&elsewhere->component->key.id, id);
        return err_new(ERR_NOT_FOUND, "the secret part of key %s is not here", id);
    }
    if (old != NULL)
        return err_new(ERR_CANNOT_SIGN, "%s signatures are not made any more",
                       pk_name(old->component->key.algo));
    return err_as(bound_why_no_key(b, FLAG_SIGN, PK_SIGNS, "sign"), ERR_CANNOT_SIGN);
}

err *signer_open(const struct cert *c, const struct signer_params *p, struct signer *out)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    const struct bound *key = NULL;
    TRY(bind_cert(c, p->policy, world_now(p->world), &b));
    TRY(find_key(b, &key));
    *out = (struct signer){.cert = c, .key = &key->component->key};
    return unlock_key(c, key->component, p->finder, p->limits, &out->secret);
}
