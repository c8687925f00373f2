#include "pgp/signer.h"

#include "pgp/unlock.h"

static bool makes_signatures(const struct component *key)
{
    return pk_can_sign(key->key.algo);
}

static bool is_here(const struct component *key)
{
    return makes_signatures(key) && unlock_is_here(key);
}

/* A key that may sign now and whose secret part is here, though there may be a newer one
 * elsewhere. */
static err *find_key(const struct bound_cert *b, const struct bound **out)
{
    *out = bound_find_key_that(b, FLAG_SIGN, PK_SIGNS, is_here);
    if (*out != NULL)
        return NULL;
    const struct bound *elsewhere = bound_find_key_that(b, FLAG_SIGN, PK_SIGNS, makes_signatures);
    const struct bound *old = bound_find_key(b, FLAG_SIGN, PK_SIGNS);
    if (elsewhere != NULL)
        return unlock_not_here(elsewhere->component);
    if (old != NULL)
        return err_new(ERR_CANNOT_SIGN, "%s signatures are not made any more",
                       pk_name(old->component->key.algo));
    return err_as(bound_why_no_key(b, FLAG_SIGN, PK_SIGNS, "sign"), ERR_CANNOT_SIGN);
}

err *signer_open(const struct cert *c, const struct signer_params *p, struct signer *out)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    const struct bound *key = NULL;
    struct slice hashes = SLICE_EMPTY;
    TRY(bind_cert(c, p->policy, world_now(p->world), &b));
    TRY(find_key(b, &key));
    bound_preference(b, SUB_PREFERRED_HASHES, &hashes);
    *out = (struct signer){.cert = c, .key = &key->component->key};
    out->hash = sigmaker_preferred_hash(out->key, hashes);
    /* Asked once: the question to the CPU costs as much as a file. */
    out->hash = sigmaker_hash(out);
    return unlock_key(c, key->component, p->finder, p->limits, &out->secret);
}

/* Only the primary key certifies here, though a subkey might [RFC9580 5.2.3.29]: others
 * do not look for those. */
static err *check_certifier(const struct bound_cert *b)
{
    const struct bound *primary = &b->items[0];
    if (bound_problem(b) != NULL)
        return err_as(bound_why_no_key(b, FLAG_CERTIFY, PK_SIGNS, "certify"), ERR_CANNOT_CERTIFY);
    if (!pk_can_sign(primary->component->key.algo))
        return err_new(ERR_CANNOT_CERTIFY, "%s signatures are not made any more",
                       pk_name(primary->component->key.algo));
    return NULL;
}

err *signer_open_certifier(const struct cert *c, const struct signer_params *p, struct signer *out)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    const struct component *primary = &c->components.items[0];
    TRY(bind_cert(c, p->policy, world_now(p->world), &b));
    TRY(check_certifier(b));
    *out = (struct signer){.cert = c, .key = &primary->key};
    return unlock_key(c, primary, p->finder, p->limits, &out->secret);
}
