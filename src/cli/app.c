#include "cli/app.h"

#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "stream/input.h"

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* $BULLA_HOME, else $XDG_DATA_HOME/bulla, else ~/.local/share/bulla.  A command
 * that needs no keyring works without any of them. */
static err *find_home(const struct common_opts *common, char **out)
{
    const char *given = common->home != NULL ? common->home : environment("BULLA_HOME");
    if (given != NULL)
        return mem_strdup(given, out);
    if (environment("XDG_DATA_HOME") != NULL)
        return fs_join(environment("XDG_DATA_HOME"), "bulla", out);
    if (environment("HOME") != NULL)
        return fs_join(environment("HOME"), ".local/share/bulla", out);
    return NULL;
}

err *app_init(struct app *app, const char *title, const struct common_opts *common)
{
    *app = (struct app){.title = title,
                        .world = world_system(),
                        .policy = &policy_default,
                        .limits = s2k_default_limits};
    report_init(&app->report, common->json, common->quiet);
    return find_home(common, &app->home);
}

void app_clear(struct app *app)
{
    keyring_close(app->keyring);
    pool_free(app->pool);
    report_clear(&app->report);
    passphrases_clear(&app->passphrases);
    free(app->home);
}

err *app_keyring(struct app *app, struct keyring **out)
{
    if (app->keyring == NULL) {
        if (app->home == NULL)
            return err_hint(err_new(ERR_IO, "where is the keyring? HOME is not set"),
                            "set BULLA_HOME, or give --home DIR");
        TRY(keyring_open(app->home, app->writes ? KEYRING_WRITE : KEYRING_READ, &app->keyring));
    }
    *out = app->keyring;
    return NULL;
}

err *app_begin(struct app *app, struct keyring **out)
{
    TRY(app_keyring(app, out));
    if (!app->in_transaction)
        TRY(keyring_begin(*out));
    app->in_transaction = true;
    return NULL;
}

err *app_commit(struct app *app)
{
    if (!app->in_transaction)
        return NULL;
    app->in_transaction = false;
    return keyring_commit(app->keyring);
}

void app_rollback(struct app *app)
{
    keyring_close(TAKE(app->keyring));
    app->in_transaction = false;
}

err *app_pool(struct app *app, struct pool **out)
{
    if (app->pool == NULL)
        TRY(pool_new(pool_default_threads(), &app->pool));
    *out = app->pool;
    return NULL;
}

err *app_read_ahead(struct app *app, struct source *input)
{
    struct pool *pool = NULL;
    TRY(app_pool(app, &pool));
    input_read_ahead(input, pool);
    return NULL;
}

/* The finder's context is the app, which opens the keyring only if asked. */
static err *find_certs(void *context, const struct key_handle *h, struct cert_list *out)
{
    struct keyring *k = NULL;
    TRY(app_keyring(context, &k));
    return keyring_find_certs(k, h, out);
}

static err *find_secrets(void *context, const struct key_handle *h, struct cert_list *out)
{
    struct keyring *k = NULL;
    TRY(app_keyring(context, &k));
    return keyring_find_secrets(k, h, out);
}

static err *find_passphrase(void *context, const struct passphrase_request *request,
                            struct secret **out)
{
    return passphrases_ask(&((struct app *)context)->passphrases, request, out);
}

void app_set_passphrases(struct app *app, const struct opt_list *files, const char *option)
{
    snprintf(app->passphrase_hint, sizeof app->passphrase_hint,
             "give it with %s FILE (or @FD:n, @ENV:NAME)", option);
    passphrases_init(&app->passphrases, files, app->passphrase_hint);
}

struct key_finder app_finder(struct app *app)
{
    return (struct key_finder){.context = app,
                               .certs = find_certs,
                               .secrets = find_secrets,
                               .passphrase = find_passphrase,
                               .secrets_hint = APP_SECRETS_HINT,
                               .passphrase_hint = app->passphrases.hint};
}

void app_note_failure(struct app *app, err *e)
{
    if (e == NULL)
        return;
    e = err_wrap(e, "%s", app->title);
    app_print_error(e);
    if (app->n_failures++ == 0)
        app->first_failure = err_kind_of(e);
    err_free(e);
}

err *app_failures(const struct app *app, const char *what)
{
    if (app->n_failures == 0)
        return NULL;
    return err_new(app->first_failure, "%zu of the %s failed", app->n_failures, what);
}

void app_print_error(const err *e)
{
    char text[4096] = "bulla: ";
    size_t used = strlen(text);
    err_text(e, text + used, sizeof text - used);
    report_line(stderr, text);
    if (err_hint_of(e) != NULL)
        fprintf(stderr, "hint: %s\n", err_hint_of(e));
}

const char *app_temporary_directory(void)
{
    const char *given = environment("TMPDIR");
    return given != NULL ? given : "/tmp";
}
