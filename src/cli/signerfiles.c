#include "cli/signerfiles.h"

#include "base/vec.h"
#include "pgp/revoker.h"

void signer_files_clear(struct signer_files *s)
{
    cert_list_clear(&s->certs);
    wanted_signers_clear(&s->wanted);
    authentic_clear(&s->authentic);
}

/* Where certificates were given as files only, the keyring is not asked at all. */
static err *find_certs(void *context, const struct key_handle *h, struct cert_list *out)
{
    struct signer_files *s = context;
    for (size_t i = 0; i < s->certs.n; i++) {
        struct cert *copy = NULL;
        if (!cert_has_key(s->certs.items[i], h))
            continue;
        TRY(cert_copy(s->certs.items[i], &copy));
        TRY(VEC_PUSH(out, copy));
    }
    if (!s->asks_keyring)
        return NULL;
    const struct key_finder keyring = app_finder(s->app);
    return keyring.certs(keyring.context, h, out);
}

static err *find_secrets(void *context, const struct key_handle *h, struct cert_list *out)
{
    const struct key_finder keyring = app_finder(((struct signer_files *)context)->app);
    return keyring.secrets(keyring.context, h, out);
}

static err *find_passphrase(void *context, const struct passphrase_request *request,
                            struct secret **out)
{
    const struct key_finder keyring = app_finder(((struct signer_files *)context)->app);
    return keyring.passphrase(keyring.context, request, out);
}

static err *add_file(struct signer_files *s, const char *path)
{
    AUTO(cert_free) struct cert *c = NULL;
    TRY(who_from_file(path, &c));
    TRY(wanted_signers_add(&s->wanted, c, true));
    TRY(VEC_PUSH(&s->certs, c));
    c = NULL;
    return NULL;
}

static err *add_named(struct signer_files *s, const char *who)
{
    AUTO(cert_free) struct cert *c = NULL;
    TRY(authentic_cert(&s->authentic, who, WHO_TO_LOOK_AT, &c));
    return wanted_signers_add(&s->wanted, c, who_is_fingerprint(who, c));
}

err *signer_files_open(struct app *app, const struct opt_list *who, const struct opt_list *files,
                       const char *trust, struct signer_files *out)
{
    *out = (struct signer_files){.app = app, .asks_keyring = files->n == 0 || who->n > 0};
    out->finder = (struct key_finder){.context = out,
                                      .certs = find_certs,
                                      .secrets = find_secrets,
                                      .passphrase = find_passphrase,
                                      .secrets_hint = APP_SECRETS_HINT,
                                      .passphrase_hint = app->passphrases.hint};
    TRY(authentic_open(app, trust, &out->authentic));
    for (size_t i = 0; i < files->n; i++)
        TRY(add_file(out, files->items[i]));
    for (size_t i = 0; i < who->n; i++)
        TRY(add_named(out, who->items[i]));
    authentic_rest(&out->authentic);
    for (size_t i = 0; i < out->certs.n; i++)
        TRY(revoker_attach(out->certs.items[i], &out->finder));
    return NULL;
}
