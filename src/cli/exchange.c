#include "cli/exchange.h"

#include <stdlib.h>

#include "base/interrupt.h"
#include "base/mem.h"
#include "base/vec.h"
#include "cli/job.h"
#include "cli/output.h"
#include "cli/prompt.h"
#include "cli/show.h"
#include "cli/who.h"
#include "keyring/localroot.h"
#include "pgp/armored.h"
#include "pgp/minimal.h"
#include "stream/input.h"
#include "stream/pump.h"

static err *need_names(const struct args *args)
{
    return args->n > 0 ? NULL
                       : err_hint(err_new(ERR_USAGE, "which one?"),
                                  "name it by fingerprint, key ID, e-mail or user ID");
}

static err *find_named(struct app *app, bool secret, const char *who, struct cert **out)
{
    return secret ? who_key(app, who, WHO_TO_LOOK_AT, out)
                  : who_cert(app, who, WHO_TO_LOOK_AT, out);
}

static err *is_local_root(struct app *app, const struct cert *c, bool *out)
{
    struct keyring *k = NULL;
    TRY(app_keyring(app, &k));
    return localroot_is(k, cert_fingerprint(c), out);
}

/* Listing. */

static err *list_one(void *context, const struct cert *c)
{
    TRY(interrupt_check());
    return show_row(context, c);
}

static err *list_found(struct app *app, bool secret, const char *who)
{
    CLEANUP(cert_list_clear) struct cert_list found = {0};
    TRY(who_all(app, who, secret, &found));
    for (size_t i = 0; i < found.n; i++)
        TRY(show_row(app, found.items[i]));
    return NULL;
}

err *exchange_list(struct app *app, bool secret, const struct args *args)
{
    struct keyring *k = NULL;
    err *e = NULL;
    TRY(app_keyring(app, &k));
    report_array(&app->report, secret ? "keys" : "certificates");
    if (args->n == 0)
        e = keyring_each(k, secret, list_one, app);
    for (size_t i = 0; i < args->n && e == NULL; i++)
        e = list_found(app, secret, args->items[i]);
    report_end_array(&app->report);
    return e;
}

err *exchange_show(struct app *app, bool secret, const struct args *args)
{
    TRY(need_names(args));
    report_array(&app->report, secret ? "keys" : "certificates");
    for (size_t i = 0; i < args->n; i++) {
        AUTO(cert_free) struct cert *c = NULL;
        TRY(find_named(app, secret, args->items[i], &c));
        if (i > 0)
            report_say(&app->report, "%s", "");
        report_object(&app->report, NULL);
        TRY(show_cert(app, c));
        report_end_object(&app->report);
    }
    report_end_array(&app->report);
    return NULL;
}

/* Export. */

struct export
{
    struct app *app;
    const struct export_opts *opts;
    struct buf packets;
};

static void export_clear(struct export *x)
{
    buf_clear(&x->packets);
}

static err *write_minimal(struct export *x, const struct cert *c)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    TRY(bind_cert(c, x->app->policy, world_now(x->app->world), &b));
    return minimal_write(b, &x->packets);
}

static err *add_cert(void *context, const struct cert *c)
{
    struct export *x = context;
    TRY(interrupt_check());
    if (x->opts->minimal)
        TRY(write_minimal(x, c));
    else
        cert_write(c, x->opts->local ? CERT_LOCAL : CERT_PUBLIC, &x->packets);
    report_fingerprint(&x->app->report, NULL, cert_fingerprint(c));
    return buf_end(&x->packets);
}

/* Nothing of a local root is for others. */
static err *add_named(struct export *x, const struct cert *c)
{
    char fpr[FPR_TEXT_SIZE];
    bool local;
    TRY(is_local_root(x->app, c, &local));
    fingerprint_text(cert_fingerprint(c), fpr);
    if (local && !x->opts->local)
        return err_hint(err_new(ERR_POLICY, "%s: is a local root, which is not for others", fpr),
                        "--local writes it, for another home of yours");
    return add_cert(x, c);
}

static err *collect(struct export *x, const struct args *args)
{
    struct keyring *k = NULL;
    TRY(app_keyring(x->app, &k));
    if (args->n == 0)
        TRY(keyring_each(k, false, add_cert, x));
    for (size_t i = 0; i < args->n; i++) {
        AUTO(cert_free) struct cert *c = NULL;
        TRY(find_named(x->app, false, args->items[i], &c));
        TRY(add_named(x, c));
    }
    if (x->packets.len == 0)
        return err_new(ERR_NOT_FOUND, "the keyring is empty");
    return NULL;
}

err *exchange_export(struct app *app, const struct export_opts *o, const struct args *args)
{
    CLEANUP(export_clear)
    struct export x = {.app = app, .opts = o, .packets = BUF_EMPTY(SIZE_MAX)};
    AUTO(source_close) struct source *s = NULL;
    AUTO(sink_close) struct sink *sink = NULL;
    output_expect(app, o->output, true);
    report_array(&app->report, "exported");
    err *e = collect(&x, args);
    report_end_array(&app->report);
    TRY(e);
    TRY(input_from_memory(buf_view(&x.packets), &s));
    if (!o->binary)
        TRY(armored_new(TAKE(s), ARMOR_PUBLIC_KEY, &s));
    TRY(output_open(app, o->output, o->force, &sink));
    TRY(pump(s, sink));
    report_string(&app->report, "output", o->output);
    return sink_commit(sink);
}

/* Deletion. */

static err *confirm(struct app *app, const struct cert *c, bool secret)
{
    AUTO(free) char *name = NULL, *question = NULL;
    char fpr[FPR_TEXT_SIZE];
    bool yes = false;
    TRY(who_name(app, c, &name));
    fingerprint_text(cert_fingerprint(c), fpr);
    if (!prompt_is_possible())
        return err_hint(err_new(ERR_USAGE, "%s: delete it?", name),
                        "there is no terminal to ask at: say --yes");
    TRY(mem_printf(&question, "Delete %s\n  %s  %s\n%s(y/N) ",
                   secret ? "the SECRET key" : "the certificate", fpr, name,
                   secret ? "It cannot be brought back, nor can messages to it be read. " : ""));
    TRY(prompt_yes(question, &yes));
    return yes ? NULL : err_new(ERR_INTERRUPTED, "not deleted");
}

/* The certificate of a secret key stays, so that the key does not become useless. */
static err *check_no_secret(struct app *app, const struct cert *c, const char *who)
{
    AUTO(cert_free) struct cert *own = NULL;
    struct keyring *k = NULL;
    TRY(app_keyring(app, &k));
    TRY(keyring_get(k, cert_fingerprint(c), true, &own));
    if (own != NULL && cert_has_secret(own))
        return err_hint(err_new(ERR_POLICY, "%s: its secret key is here", who),
                        "bulla key delete %s deletes that first", who);
    return NULL;
}

static bool is_listed(const struct cert_list *l, const struct cert *c)
{
    for (size_t i = 0; i < l->n; i++) {
        if (fingerprint_equal(cert_fingerprint(l->items[i]), cert_fingerprint(c)))
            return true;
    }
    return false;
}

static err *warn_of(struct app *app, const struct cert *c)
{
    bool local;
    TRY(is_local_root(app, c, &local));
    if (local)
        report_warning(&app->report, "Warning: this is the local root: what you have accepted with "
                                     "bulla cert accept counts no more without it");
    return NULL;
}

/* What is named, each once; asked for unless `yes`. */
static err *choose_doomed(struct app *app, bool secret, bool yes, const struct args *args,
                          struct cert_list *out)
{
    for (size_t i = 0; i < args->n; i++) {
        AUTO(cert_free) struct cert *c = NULL;
        TRY(find_named(app, secret, args->items[i], &c));
        if (!secret)
            TRY(check_no_secret(app, c, args->items[i]));
        if (is_listed(out, c))
            continue;
        TRY(warn_of(app, c));
        TRY(VEC_PUSH(out, c));
        c = NULL; /* it is the list's now */
    }
    for (size_t i = 0; i < out->n && !yes; i++)
        TRY(confirm(app, out->items[i], secret));
    return NULL;
}

static err *delete_one(struct app *app, bool secret, const struct cert *c)
{
    struct keyring *k = NULL;
    char fpr[FPR_TEXT_SIZE];
    bool found;
    fingerprint_text(cert_fingerprint(c), fpr);
    TRY(app_begin(app, &k));
    if (!secret) /* it may have come since it was looked for */
        TRY(check_no_secret(app, c, fpr));
    TRY(localroot_delete(k, cert_fingerprint(c), &found));
    if (!found)
        TRY(keyring_delete(k, cert_fingerprint(c), secret, &found));
    return found ? NULL : err_new(ERR_NOT_FOUND, "%s: another process has deleted it", fpr);
}

err *exchange_delete(struct app *app, bool secret, bool yes, const struct args *args)
{
    CLEANUP(cert_list_clear) struct cert_list doomed = {0};
    TRY(need_names(args));
    TRY(choose_doomed(app, secret, yes, args, &doomed));
    for (size_t i = 0; i < doomed.n; i++)
        TRY(delete_one(app, secret, doomed.items[i]));
    TRY(app_commit(app));
    report_array(&app->report, "deleted");
    for (size_t i = 0; i < doomed.n; i++)
        report_fingerprint(&app->report, NULL, cert_fingerprint(doomed.items[i]));
    report_end_array(&app->report);
    return NULL;
}
