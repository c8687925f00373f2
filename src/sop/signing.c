#include "sop/signing.h"

#include "pgp/signer.h"

void signing_keys_clear(struct signing_keys *s)
{
    for (size_t i = 0; i < s->n; i++)
        secret_free(s->items[i].secret);
    s->n = 0;
}

static err *open_one(struct app *app, const struct cert *c, const struct key_finder *finder,
                     struct signer *out)
{
    const struct signer_params params = {
        .finder = finder, .policy = app->policy, .limits = &app->limits, .world = app->world};
    err *e = signer_open(c, &params, out);
    return err_kind_of(e) == ERR_NOT_FOUND ? err_as(e, ERR_CANNOT_SIGN) : e;
}

err *signing_keys_open(struct app *app, struct certs *keys, struct signing_keys *out)
{
    const struct key_finder finder = certs_finder(keys);
    if (keys->list.n > SIGNERS_MAX)
        return err_new(ERR_LIMIT, "more than %d signers", SIGNERS_MAX);
    for (size_t i = 0; i < keys->list.n; i++) {
        TRY(err_wrap(open_one(app, keys->list.items[i], &finder, &out->items[i]), "%s",
                     keys->origins.items[i]));
        out->n = i + 1;
    }
    return NULL;
}
