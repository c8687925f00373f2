#include "cli/keyedit.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"
#include "base/when.h"
#include "cli/keydiff.h"
#include "cli/who.h"
#include "pgp/changes.h"

/* Passphrases that were typed for this edit: those that fitted unlock the key's other
 * parts, too, and must not be asked for while others wait. */
struct memory {
    struct app *app;
    struct secret **items;
    size_t n, capacity;
    size_t known; /* of them, when the request at hand began */
    bool silent;  /* ask nobody any more */
};

static void memory_clear(struct memory *m)
{
    for (size_t i = 0; i < m->n; i++)
        secret_free(m->items[i]);
    vec_free(m);
}

static err *remember(struct memory *m, const struct secret *typed)
{
    struct secret *copy = NULL;
    TRY(secret_of(secret_view(typed), &copy));
    err *e = VEC_PUSH(m, copy);
    if (e != NULL)
        secret_free(copy);
    return e;
}

/* What was typed last for this request was wrong. */
static void forget_last(struct memory *m)
{
    secret_free(m->items[--m->n]);
}

static err *type_one(struct memory *m, const struct passphrase_request *request,
                     struct secret **out)
{
    struct passphrase_request first = *request;
    first.attempt -= (unsigned)m->known;
    if (m->n > m->known)
        forget_last(m);
    if (m->silent)
        return NULL;
    TRY(passphrases_ask(&m->app->passphrases, &first, out));
    return *out != NULL ? remember(m, *out) : NULL;
}

static err *offer(void *context, const struct passphrase_request *request, struct secret **out)
{
    struct memory *m = context;
    const struct opt_list *files = m->app->passphrases.files;
    if (files != NULL && files->n > 0)
        return passphrases_ask(&m->app->passphrases, request, out);
    if (request->attempt == 0)
        m->known = m->n;
    if (request->attempt < m->known)
        return secret_of(secret_view(m->items[request->attempt]), out);
    return type_one(m, request, out);
}

/* The edit. */

struct keyedit {
    struct app *app;
    const struct keyedit_opts *opts;
    keyedit_apply *apply;
    void *context;
    struct memory memory;
    struct cert *before, *after;
    struct bound_cert *was, *is;
    int64_t counts_at; /* from when on the new state counts */
};

static void forget_states(struct keyedit *x)
{
    bound_cert_free(x->was);
    bound_cert_free(x->is);
    cert_free(x->before);
    cert_free(x->after);
    x->was = x->is = NULL;
    x->before = x->after = NULL;
}

static void keyedit_clear(struct keyedit *x)
{
    forget_states(x);
    memory_clear(&x->memory);
}

/* Takes the key over, and makes its new state. */
static err *edit(struct keyedit *x, struct cert *c)
{
    struct app *app = x->app;
    const struct key_finder finder = {.context = &x->memory,
                                      .passphrase = offer,
                                      .secrets_hint = APP_SECRETS_HINT,
                                      .passphrase_hint = app->passphrases.hint};
    const struct signer_params params = {
        .finder = &finder, .policy = app->policy, .limits = &app->limits, .world = app->world};
    forget_states(x);
    x->before = c;
    TRY(x->apply(x->context, c, &params, &x->after));
    x->counts_at = editor_moment(x->after, world_now(app->world));
    TRY(bind_cert(x->before, app->policy, x->counts_at, &x->was));
    TRY(bind_cert(x->after, app->policy, x->counts_at, &x->is));
    return changes_check(x->was, x->is);
}

static bool has_changed(const struct cert *a, const struct cert *b)
{
    return !slice_equal(buf_view(&a->bytes), buf_view(&b->bytes));
}

/* The key as it is now, while nobody else can change it. */
static err *read_again(struct keyedit *x, struct keyring *k, struct cert **out)
{
    char fpr[FPR_TEXT_SIZE];
    AUTO(cert_free) struct cert *fresh = NULL;
    fingerprint_text(cert_fingerprint(x->before), fpr);
    TRY(keyring_get(k, cert_fingerprint(x->before), true, &fresh));
    if (fresh == NULL || !cert_has_secret(fresh))
        return err_new(ERR_NOT_FOUND, "%s: another process has deleted it", fpr);
    *out = TAKE(fresh);
    return NULL;
}

static err *store(struct keyedit *x)
{
    AUTO(cert_free) struct cert *fresh = NULL;
    struct keyring *k = NULL;
    TRY(app_begin(x->app, &k));
    TRY(read_again(x, k, &fresh));
    x->memory.silent = true;
    if (has_changed(x->before, fresh))
        TRY(edit(x, TAKE(fresh)));
    TRY(keyring_replace_key(k, x->after));
    TRY(app_commit(x->app));
    return world_wait(x->app->world, x->counts_at);
}

/* What follows from the edit, and may not have been thought of. */

static bool is_in_use(const struct bound_cert *b, const struct bound *x)
{
    return x == bound_find_key(b, FLAG_ENCRYPT, PK_ENCRYPTS) ||
           x == bound_find_key(b, FLAG_SIGN, PK_SIGNS);
}

static void warning(struct report *r, const char *text)
{
    report_warning(r, "Warning: %s", text);
    report_string(r, NULL, text);
}

static void warn_of_short_subkeys(struct report *r, const struct bound_cert *was,
                                  const struct bound_cert *is)
{
    char fpr[FPR_TEXT_SIZE], date[WHEN_TEXT_SIZE], text[256];
    int64_t end = is->items[0].expires_at;
    bool later = was->items[0].expires_at != 0 && (end == 0 || end > was->items[0].expires_at);
    for (size_t i = 1; later && i < is->n; i++) {
        const struct bound *x = &is->items[i];
        bool sooner = x->expires_at != 0 && (end == 0 || x->expires_at < end);
        if (!sooner || !is_in_use(is, x))
            continue;
        fingerprint_text(&x->component->key.fpr, fpr);
        when_date(x->expires_at, date);
        snprintf(text, sizeof text,
                 "subkey %s expires on %s already; bulla key extend moves it, too", fpr, date);
        warning(r, text);
    }
}

/* Names without any address are no mistake. */
static err *warn_of_addresses(struct report *r, const struct bound_cert *was,
                              const struct bound_cert *is)
{
    for (size_t i = 0; i < is->n; i++) {
        const struct component *x = is->items[i].component;
        AUTO(free) char *shown = NULL, *text = NULL;
        if (x->kind != COMPONENT_USER_ID || changes_find(was, x) != NULL)
            continue;
        TRY(text_escape(x->packet.body, &shown));
        if (strpbrk(shown, "@<>") == NULL || text_email_of(x->packet.body).len > 0)
            continue;
        TRY(mem_printf(&text,
                       "%s has no e-mail address that looks like one; people write "
                       "\"Name <name@example.org>\"",
                       shown));
        warning(r, text);
    }
    return NULL;
}

static void warn_of_losses(struct report *r, const struct bound_cert *was,
                           const struct bound_cert *is)
{
    if (was->primary_user != NULL && is->primary_user == NULL)
        warning(r, "the key has no valid user ID any more");
    if (bound_problem(is) != NULL)
        return;
    if (bound_find_key(was, FLAG_ENCRYPT, PK_ENCRYPTS) != NULL &&
        bound_find_key(is, FLAG_ENCRYPT, PK_ENCRYPTS) == NULL)
        warning(r, "nobody can encrypt to the key any more; bulla key add-subkey adds a subkey "
                   "for that");
    if (bound_find_key(was, FLAG_SIGN, PK_SIGNS) != NULL &&
        bound_find_key(is, FLAG_SIGN, PK_SIGNS) == NULL)
        warning(r, "the key cannot sign any more; bulla key add-subkey --for sign adds a subkey "
                   "for that");
}

static err *warn(struct report *r, const struct bound_cert *was, const struct bound_cert *is)
{
    report_array(r, "warnings");
    TRY(warn_of_addresses(r, was, is));
    warn_of_losses(r, was, is);
    warn_of_short_subkeys(r, was, is);
    report_end_array(r);
    return NULL;
}

/* Has anything changed that others can see? */
static err *is_public(const struct keyedit *x, bool *out)
{
    CLEANUP(buf_clear) struct buf before = BUF_EMPTY(CERT_MAX), after = BUF_EMPTY(CERT_MAX);
    cert_write(x->before, CERT_PUBLIC, &before);
    cert_write(x->after, CERT_PUBLIC, &after);
    TRY(buf_end(&before));
    TRY(buf_end(&after));
    *out = !slice_equal(buf_view(&before), buf_view(&after));
    return NULL;
}

static err *tell(struct keyedit *x)
{
    struct report *r = &x->app->report;
    char fpr[FPR_TEXT_SIZE];
    size_t n;
    bool public;
    TRY(is_public(x, &public));
    report_fingerprint(r, "fingerprint", cert_fingerprint(x->before));
    report_bool(r, "dry_run", x->opts->dry_run);
    TRY(keydiff_show(x->app, x->was, x->is, &n));
    TRY(warn(r, x->was, x->is));
    fingerprint_text(cert_fingerprint(x->before), fpr);
    if (n == 0)
        report_remark(r, "Nothing to change.");
    else if (x->opts->dry_run)
        report_remark(r, "Nothing was changed: this was a dry run.");
    else if (public)
        report_remark(r, "Give others your certificate again: bulla cert export %s > me.asc", fpr);
    return NULL;
}

err *keyedit_run(struct app *app, const struct keyedit_opts *o, const char *who,
                 keyedit_apply *apply, void *context)
{
    CLEANUP(keyedit_clear)
    struct keyedit x = {.app = app, .opts = o, .apply = apply, .context = context};
    struct cert *c = NULL;
    x.memory.app = app;
    app_set_passphrases(app, &o->passphrase_files, "--passphrase-file");
    if (who != NULL)
        TRY(who_key(app, who, WHO_TO_LOOK_AT, &c));
    else
        TRY(who_own_key(app, "name the one that you mean", &c));
    TRY(edit(&x, c));
    if (!o->dry_run)
        TRY(store(&x));
    return tell(&x);
}

/* With an editor. */

struct editing {
    editor_edits *edits;
    void *context;
};

static err *apply_edits(void *context, const struct cert *c, const struct signer_params *p,
                        struct cert **out)
{
    const struct editing *x = context;
    return editor_run(c, p, x->edits, x->context, out);
}

err *keyedit_run_editor(struct app *app, const struct keyedit_opts *o, const char *who,
                        editor_edits *edits, void *context)
{
    struct editing x = {.edits = edits, .context = context};
    return keyedit_run(app, o, who, apply_edits, &x);
}
