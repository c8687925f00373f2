#include "cli/signers.h"

#include "base/mem.h"
#include "cli/who.h"
#include "pgp/signer.h"

void signers_clear(struct signers *s)
{
    for (size_t i = 0; i < s->n; i++) {
        secret_free(s->items[i].secret);
        cert_free(s->certs[i]);
    }
    s->n = 0;
}

/* Says whose key it is about; takes why over. */
static err *about(struct app *app, const struct cert *c, err *why)
{
    if (why == NULL)
        return NULL;
    AUTO(free) char *name = NULL;
    err *e = who_name(app, c, &name);
    if (e != NULL) {
        err_free(why);
        return e;
    }
    return err_wrap(why, "%s", name);
}

/* Takes c over, also on failure. */
static err *add(struct app *app, struct cert *c, struct signers *out)
{
    AUTO(cert_free) struct cert *owner = c;
    const struct key_finder finder = app_finder(app);
    const struct signer_params params = {
        .finder = &finder, .policy = app->policy, .limits = &app->limits, .world = app->world};
    TRY(about(app, c, signer_open(c, &params, &out->items[out->n])));
    out->certs[out->n++] = TAKE(owner);
    return NULL;
}

err *signers_open(struct app *app, const struct opt_list *who, struct signers *out)
{
    struct cert *c = NULL;
    if (who->n > SIGNERS_MAX)
        return err_new(ERR_USAGE, "more than %d signers", SIGNERS_MAX);
    if (who->n == 0) {
        TRY(who_own_key(app, "choose one with -u", &c));
        return add(app, c, out);
    }
    for (size_t i = 0; i < who->n; i++) {
        TRY(who_key(app, who->items[i], WHO_TO_USE, &c));
        TRY(add(app, c, out));
    }
    return NULL;
}
