#include "cli/recipients.h"

#include "cli/authentic.h"
#include "pgp/revoker.h"

void recipients_clear(struct recipients *r)
{
    for (size_t i = 0; i < r->bound.n; i++)
        bound_cert_free(r->bound.items[i]);
    vec_free(&r->bound);
    vec_free(&r->items);
    cert_list_clear(&r->certs);
}

static bool is_there(const struct recipients *r, const struct cert *c)
{
    for (size_t i = 0; i < r->certs.n; i++) {
        if (fingerprint_equal(cert_fingerprint(r->certs.items[i]), cert_fingerprint(c)))
            return true;
    }
    return false;
}

err *recipients_add(struct app *app, struct recipients *r, struct cert *c)
{
    AUTO(cert_free) struct cert *owner = c;
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    const struct key_finder keyring = app_finder(app);
    if (is_there(r, c))
        return NULL;
    TRY(revoker_attach(c, &keyring));
    TRY(bind_cert(c, app->policy, world_now(app->world), &b));
    const struct recipient item = {.cert = b, .hidden = r->hide};
    TRY(VEC_PUSH(&r->certs, owner));
    owner = NULL;
    TRY(VEC_PUSH(&r->bound, b));
    b = NULL;
    return VEC_PUSH(&r->items, item);
}

static err *find_named(struct app *app, struct recipients *r, const struct opt_list *names,
                       const char *trust)
{
    CLEANUP(authentic_clear) struct authentic a = {0};
    struct cert *c = NULL;
    TRY(authentic_open(app, trust, &a));
    for (size_t i = 0; i < names->n; i++) {
        TRY(authentic_cert(&a, names->items[i], WHO_TO_USE, &c));
        TRY(recipients_add(app, r, c));
    }
    claims_tell(&app->report, &a.claims);
    return NULL;
}

err *recipients_find(struct app *app, struct recipients *r, const struct opt_list *names,
                     const struct opt_list *files, const char *trust)
{
    struct cert *c = NULL;
    if (names->n > 0 || trust != NULL)
        TRY(find_named(app, r, names, trust));
    for (size_t i = 0; i < files->n; i++) {
        TRY(who_from_file(files->items[i], &c));
        TRY(recipients_add(app, r, c));
    }
    return NULL;
}

err *recipients_format(const char *profile, enum encrypt_format *out)
{
    const char *name = profile != NULL ? profile : "default";
    const struct encrypt_profile *p = encrypt_profile_find(name);
    if (p == NULL)
        return err_hint(err_new(ERR_PROFILE, "%s: no such profile", name),
                        "there are: default, rfc9580, rfc4880");
    *out = p->format;
    return NULL;
}
