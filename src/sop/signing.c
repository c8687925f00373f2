#include "sop/signing.h"

void signing_keys_clear(struct signing_keys *s)
{
    for (size_t i = 0; i < s->n; i++)
        signer_clear(&s->items[i]);
    s->n = 0;
}

struct signer_params signing_params(const struct app *app, const struct key_finder *finder)
{
    return (struct signer_params){
        .finder = finder, .policy = app->policy, .limits = &app->limits, .world = app->world};
}

typedef err *opener(const struct cert *c, const struct signer_params *p, struct signer *out);

/* A secret part that is elsewhere cannot do what is asked, either. */
static err *open_all(struct app *app, struct certs *keys, opener *open, enum err_kind absent,
                     struct signing_keys *out)
{
    const struct key_finder finder = certs_finder(keys);
    const struct signer_params params = signing_params(app, &finder);
    if (keys->list.n > SIGNERS_MAX)
        return err_new(ERR_LIMIT, "more than %d signers", SIGNERS_MAX);
    for (size_t i = 0; i < keys->list.n; i++) {
        err *e = open(keys->list.items[i], &params, &out->items[i]);
        if (err_kind_of(e) == ERR_NOT_FOUND)
            e = err_as(e, absent);
        TRY(err_wrap(e, "%s", keys->origins.items[i]));
        out->n = i + 1;
    }
    return NULL;
}

err *signing_keys_open(struct app *app, struct certs *keys, struct signing_keys *out)
{
    return open_all(app, keys, signer_open, ERR_CANNOT_SIGN, out);
}

err *signing_keys_open_certifiers(struct app *app, struct certs *keys, struct signing_keys *out)
{
    return open_all(app, keys, signer_open_certifier, ERR_CANNOT_CERTIFY, out);
}
