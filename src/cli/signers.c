#include "cli/signers.h"

#include "base/mem.h"
#include "cli/who.h"
#include "pgp/bind.h"
#include "pgp/unlock.h"

void signers_clear(struct signers *s)
{
    for (size_t i = 0; i < s->n; i++) {
        secret_free(s->items[i].secret);
        cert_free(s->certs[i]);
    }
    s->n = 0;
}

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
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    const struct key_finder finder = app_finder(app);
    const struct bound *key = NULL;
    struct signer *s = &out->items[out->n];
    TRY(bind_cert(c, app->policy, world_now(app->world), &b));
    TRY(about(app, c, find_key(b, &key)));
    *s = (struct signer){.cert = c, .key = &key->component->key};
    TRY(unlock_key(c, key->component, &finder, &app->limits, &s->secret));
    out->certs[out->n++] = TAKE(owner);
    return NULL;
}

err *signers_open(struct app *app, const struct opt_list *who, struct signers *out)
{
    struct cert *c = NULL;
    if (who->n > SIGNERS_MAX)
        return err_new(ERR_USAGE, "more than %d signers", SIGNERS_MAX);
    if (who->n == 0) {
        TRY(who_own_key(app, &c));
        return add(app, c, out);
    }
    for (size_t i = 0; i < who->n; i++) {
        TRY(who_key(app, who->items[i], WHO_TO_USE, &c));
        TRY(add(app, c, out));
    }
    return NULL;
}
