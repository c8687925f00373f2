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
#include "pgp/armored.h"
#include "pgp/certfile.h"
#include "stream/input.h"
#include "stream/pump.h"
#include "stream/spool.h"

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

/* Import. */

struct import {
    struct app *app;
    bool secret;
    size_t n[3]; /* by enum keyring_put */
    size_t rejected;
};

static const char *const put_names[] = {"new", "changed", "unchanged"};

static err *reject(struct import *x, const char *file, const err *why)
{
    char text[1024];
    err_text(why, text, sizeof text);
    x->rejected++;
    report_warning(&x->app->report, "rejected   %s: %s", file, text);
    report_object(&x->app->report, NULL);
    report_string(&x->app->report, "result", "rejected");
    report_string(&x->app->report, "file", file);
    report_string(&x->app->report, "reason", text);
    report_end_object(&x->app->report);
    return NULL;
}

static err *tell(struct import *x, const struct cert *c, enum keyring_put result)
{
    AUTO(free) char *name = NULL;
    char fpr[FPR_TEXT_SIZE];
    TRY(mem_string_of(cert_any_user_id(c), &name));
    fingerprint_text(cert_fingerprint(c), fpr);
    x->n[result]++;
    report_remark(&x->app->report, "%-9s  %s  %s", put_names[result], fpr,
                  name[0] != '\0' ? name : "(no user ID)");
    report_object(&x->app->report, NULL);
    report_string(&x->app->report, "result", put_names[result]);
    report_fingerprint(&x->app->report, "fingerprint", cert_fingerprint(c));
    report_bytes(&x->app->report, "userid", cert_any_user_id(c));
    report_bool(&x->app->report, "secret", cert_has_secret(c));
    report_end_object(&x->app->report);
    return NULL;
}

static err *import_cert(struct import *x, const char *file, const struct cert *c)
{
    struct keyring *k = NULL;
    enum keyring_put result;
    TRY(app_begin(x->app, &k));
    if (x->secret && !cert_has_secret(c)) {
        AUTO(err_free) err *why = err_new(ERR_MALFORMED, "no secret key in it; bulla cert import "
                                                         "takes certificates");
        return reject(x, file, why);
    }
    if (!x->secret && cert_has_secret(c))
        report_remark(&x->app->report,
                      "The secret key in %s is left out; bulla key import takes "
                      "it, too",
                      file);
    TRY(x->secret ? keyring_put_key(k, c, &result) : keyring_put_cert(k, c, &result));
    return tell(x, c, result);
}

static size_t n_taken(const struct import *x)
{
    return x->n[KEYRING_NEW] + x->n[KEYRING_CHANGED] + x->n[KEYRING_UNCHANGED];
}

static err *import_certs(struct import *x, const char *title, struct certfile *f)
{
    size_t taken = n_taken(x), rejected = x->rejected;
    for (;;) {
        AUTO(cert_free) struct cert *c = NULL;
        AUTO(err_free) err *bad = NULL;
        TRY(interrupt_check());
        TRY(err_wrap(certfile_next(f, &c, &bad), "%s", title));
        if (bad != NULL)
            TRY(reject(x, title, bad));
        else if (c != NULL)
            TRY(import_cert(x, title, c));
        else
            break;
    }
    if (n_taken(x) > taken)
        return NULL;
    return err_new(ERR_MALFORMED, "%s: %s", title,
                   x->rejected > rejected ? "nothing could be imported" : "no certificate found");
}

/* A pipe is read to its end before the keyring is locked for writing. */
static err *import_file(void *context, const char *name)
{
    struct import *x = context;
    AUTO(certfile_close) struct certfile *f = NULL;
    struct source *input = NULL;
    TRY(job_open(x->app, name, "importing", &input));
    if (!input_is_regular(name))
        TRY(spool_whole(TAKE(input), app_temporary_directory(), &input));
    TRY(input_error(certfile_open(input, &f), name));
    return import_certs(x, input_title(name), f);
}

/* What was reported as imported stays, whatever comes after it. */
err *exchange_import(struct app *app, bool secret, const struct args *args)
{
    struct import x = {.app = app, .secret = secret};
    report_array(&app->report, "imported");
    AUTO(err_free) err *e = job_each(app, args, import_file, &x);
    report_end_array(&app->report);
    for (int i = 0; i < 3; i++)
        report_number(&app->report, put_names[i], (int64_t)x.n[i]);
    report_number(&app->report, "rejected", (int64_t)x.rejected);
    TRY(app_commit(app));
    return TAKE(e);
}

/* Export. */

struct export
{
    struct app *app;
    bool secret;
    struct buf packets;
};

static void export_clear(struct export *x)
{
    buf_clear(&x->packets);
}

static err *add_cert(void *context, const struct cert *c)
{
    struct export *x = context;
    TRY(interrupt_check());
    cert_write(c, x->secret ? CERT_SECRET : CERT_PUBLIC, &x->packets);
    report_fingerprint(&x->app->report, NULL, cert_fingerprint(c));
    return buf_end(&x->packets);
}

static err *collect(struct export *x, const struct args *args)
{
    struct keyring *k = NULL;
    TRY(app_keyring(x->app, &k));
    if (args->n == 0 && x->secret)
        return need_names(args);
    if (args->n == 0)
        TRY(keyring_each(k, false, add_cert, x));
    for (size_t i = 0; i < args->n; i++) {
        AUTO(cert_free) struct cert *c = NULL;
        TRY(find_named(x->app, x->secret, args->items[i], &c));
        TRY(add_cert(x, c));
    }
    if (x->packets.len == 0)
        return err_new(ERR_NOT_FOUND, "the keyring is empty");
    return NULL;
}

err *exchange_export(struct app *app, bool secret, const struct export_opts *o,
                     const struct args *args)
{
    CLEANUP(export_clear)
    struct export x = {.app = app, .secret = secret, .packets = BUF_EMPTY(SIZE_MAX)};
    AUTO(source_close) struct source *s = NULL;
    AUTO(sink_close) struct sink *sink = NULL;
    output_expect(app, o->output, true);
    report_array(&app->report, "exported");
    err *e = collect(&x, args);
    report_end_array(&app->report);
    TRY(e);
    TRY(input_from_memory(buf_view(&x.packets), &s));
    if (!o->binary)
        TRY(armored_new(TAKE(s), secret ? ARMOR_PRIVATE_KEY : ARMOR_PUBLIC_KEY, &s));
    TRY(secret ? output_open_private(app, o->output, o->force, &sink)
               : output_open(app, o->output, o->force, &sink));
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
