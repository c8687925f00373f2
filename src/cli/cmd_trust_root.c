/* trust root: whose word the user takes, whoever else says so or not. */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "cli/keywords.h"
#include "cli/prompt.h"
#include "keyring/trust.h"
#include "cli/who.h"
#include "keyring/localroot.h"
#include "pgp/bind.h"

struct root_opts {
    const char *amount;
    bool yes;
};

static const struct opt options_of[] = {
    OPT_TEXT(0, "amount", struct root_opts, amount, "N",
             "with add: how far you rely on it: 1 to 120, which is the default and means "
             "completely",
             OPT_ANY),
    OPT_FLAG('y', "yes", struct root_opts, yes, "with add: do not ask"),
};

static const char *const kinds[] = {
    [TRUST_ROOT] = "root",
    [TRUST_INTRODUCER] = "introducer",
    [TRUST_NEVER] = "never",
    [TRUST_LOCAL] = "local root",
};

/* Which certificate is meant. */

struct named {
    struct fingerprint fpr;
    struct cert *cert; /* with secret parts; NULL: it is not here */
    bool certain;      /* named by its whole fingerprint */
};

static void named_clear(struct named *n)
{
    cert_free(n->cert);
}

/* What is decided about a certificate holds, too, where it is not here, or not yet. */
static err *find_named(struct app *app, const char *who, struct named *out)
{
    struct keyring *k = NULL;
    TRY(app_keyring(app, &k));
    AUTO(cert_free) struct cert *public = NULL;
    err *e = who_cert(app, who, WHO_TO_LOOK_AT, &public);
    if (e == NULL) {
        out->fpr = *cert_fingerprint(public);
        out->certain = who_is_fingerprint(who, public);
        return keyring_get(k, &out->fpr, true, &out->cert);
    }
    if (err_kind_of(e) != ERR_NOT_FOUND || keyring_name_kind(who) != KEYRING_FPR)
        return e;
    err_free(e);
    out->certain = true;
    return keywords_fingerprint(k, who, &out->fpr);
}

/* Keys of one's own count completely. */
static err *check_not_own(const struct named *n, const char *who)
{
    if (n->cert == NULL || !cert_has_secret(n->cert))
        return NULL;
    return err_new(ERR_EXISTS, "%s: a key of yours is a root already, completely", who);
}

/* Without its setting it would be a key of one's own like others. */
static err *check_not_local(struct keyring *k, const struct named *n, const char *who)
{
    char fpr[FPR_TEXT_SIZE];
    bool local;
    TRY(localroot_is(k, &n->fpr, &local));
    if (!local)
        return NULL;
    fingerprint_text(&n->fpr, fpr);
    return err_hint(err_new(ERR_POLICY, "%s: is the local root, by which you accept others", who),
                    "bulla cert unaccept takes back what it says; bulla key delete %s deletes it",
                    fpr);
}

/* Names can be claimed by anybody. */
static err *confirm(struct app *app, const struct named *n, const char *who, bool yes)
{
    AUTO(free) char *name = NULL, *text = NULL;
    char fpr[FPR_TEXT_SIZE];
    if (yes || n->certain)
        return NULL;
    fingerprint_text(&n->fpr, fpr);
    if (!prompt_is_possible())
        return err_hint(err_new(ERR_USAGE, "%s: anybody can use a name; is it %s?", who, fpr),
                        "compare that with the fingerprint that its owner has given you, and name "
                        "it by that; or say --yes");
    TRY(who_name(app, n->cert, &name));
    TRY(mem_printf(&text, "Take the word of\n  %s\n  %s\non whose certificate is whose? (y/N) ",
                   fpr, name));
    TRY(prompt_yes(text, &yes));
    return yes ? NULL : err_new(ERR_INTERRUPTED, "not added");
}

/* Telling. */

struct row {
    const struct trust_setting *setting;
    const char *kind;
    const struct cert *cert; /* or NULL */
};

static err *put_cert_state(struct app *app, const struct cert *c, struct slice *name,
                           char problem[static 512])
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    problem[0] = '\0';
    report_bool(&app->report, "here", c != NULL);
    if (c == NULL)
        return NULL;
    TRY(bind_cert(c, app->policy, world_now(app->world), &b));
    *name = bound_user_id(b); /* borrowed from c */
    report_bytes(&app->report, "userid", *name);
    report_bool(&app->report, "valid", bound_problem(b) == NULL);
    if (bound_problem(b) != NULL)
        report_string(&app->report, "problem", err_text(bound_problem(b), problem, 512));
    return NULL;
}

/* The members of a setting in the current object, and a line. */
static err *tell(struct app *app, const struct row *row)
{
    AUTO(free) char *name = NULL;
    char fpr[FPR_TEXT_SIZE], amount[16] = "-", problem[512];
    struct slice user_id = SLICE_EMPTY;
    unsigned n = row->setting->amount;
    fingerprint_text(&row->setting->fpr, fpr);
    if (n > 0)
        snprintf(amount, sizeof amount, "%u", n);
    report_fingerprint(&app->report, "fingerprint", &row->setting->fpr);
    report_string(&app->report, "kind", row->kind);
    report_number(&app->report, "amount", n);
    TRY(put_cert_state(app, row->cert, &user_id, problem));
    TRY(mem_string_of(user_id, &name));
    report_say(&app->report, "%3s  %-10s  %s  %s%s%s%s", amount, row->kind, fpr,
               row->cert == NULL ? "[not in the keyring]" : name, problem[0] != '\0' ? "  [" : "",
               problem, problem[0] != '\0' ? "]" : "");
    return NULL;
}

static err *tell_named(struct app *app, const struct named *n, const struct trust_setting *t,
                       const char *kind)
{
    const struct row row = {t, kind, n->cert};
    return tell(app, &row);
}

/* add, never */

static err *add(struct app *app, const struct root_opts *o, const char *who, enum trust_kind kind)
{
    CLEANUP(named_clear) struct named n = {0};
    struct trust_setting t = {.kind = kind, .amount = TRUST_FULL};
    struct keyring *k = NULL;
    TRY(keywords_number("--amount", o->amount, TRUST_FULL, &t.amount));
    t.amount = kind == TRUST_NEVER ? 0 : t.amount;
    TRY(find_named(app, who, &n));
    if (kind == TRUST_ROOT)
        TRY(check_not_own(&n, who));
    TRY(confirm(app, &n, who, o->yes));
    t.fpr = n.fpr;
    TRY(app_begin(app, &k));
    TRY(check_not_local(k, &n, who));
    TRY(keyring_trust_put(k, &t));
    return tell_named(app, &n, &t, kinds[kind]);
}

static err *run_add(struct app *app, const struct root_opts *o, const char *who)
{
    return add(app, o, who, TRUST_ROOT);
}

static err *run_never(struct app *app, const struct root_opts *o, const char *who)
{
    return add(app, o, who, TRUST_NEVER);
}

/* remove */

static err *nothing_decided(const struct named *n, const char *who)
{
    char fpr[FPR_TEXT_SIZE];
    fingerprint_text(&n->fpr, fpr);
    if (n->cert != NULL && cert_has_secret(n->cert))
        return err_hint(err_new(ERR_NOT_FOUND, "%s: a root because it is a key of yours", who),
                        "what it says counts no longer with: bulla trust root never %s", fpr);
    return err_hint(err_new(ERR_NOT_FOUND, "%s: is no root", who),
                    "bulla trust root list shows those that there are");
}

static err *run_remove(struct app *app, const struct root_opts *o, const char *who)
{
    CLEANUP(named_clear) struct named n = {0};
    const struct trust_setting none = {0};
    struct trust_setting t = none;
    struct keyring *k = NULL;
    bool found;
    (void)o;
    TRY(find_named(app, who, &n));
    TRY(app_begin(app, &k));
    TRY(check_not_local(k, &n, who));
    TRY(keyring_trust_remove(k, &n.fpr, &found));
    if (!found)
        return nothing_decided(&n, who);
    t.fpr = n.fpr;
    return tell_named(app, &n, &t, "removed");
}

/* list */

struct listing {
    struct app *app;
    struct keyring *keyring;
    VEC(struct fingerprint) refused;
};

static void listing_clear(struct listing *l)
{
    vec_free(&l->refused);
}

static err *list_one(const struct listing *l, const struct row *row)
{
    report_object(&l->app->report, NULL);
    TRY(tell(l->app, row));
    report_end_object(&l->app->report);
    return NULL;
}

/* A key of one's own is a root without it. */
static err *list_setting(void *context, const struct trust_setting *t)
{
    struct listing *l = context;
    AUTO(cert_free) struct cert *c = NULL;
    TRY(keyring_get(l->keyring, &t->fpr, true, &c));
    if (t->kind == TRUST_ROOT && c != NULL && cert_has_secret(c))
        return NULL;
    if (t->kind == TRUST_NEVER)
        TRY(VEC_PUSH(&l->refused, t->fpr));
    const struct row row = {t, kinds[t->kind], c};
    return list_one(l, &row);
}

static err *list_own(void *context, const struct cert *c)
{
    const struct listing *l = context;
    const struct trust_setting t = {*cert_fingerprint(c), TRUST_ROOT, TRUST_FULL};
    const struct row row = {&t, "own key", c};
    for (size_t i = 0; i < l->refused.n; i++) {
        if (fingerprint_equal(&l->refused.items[i], &t.fpr))
            return NULL;
    }
    return list_one(l, &row);
}

/* It changes nothing, and need not create a keyring. */
static err *run_list(struct app *app)
{
    CLEANUP(listing_clear) struct listing l = {.app = app};
    app->writes = false;
    TRY(app_keyring(app, &l.keyring));
    report_array(&app->report, "roots");
    TRY(keyring_trust_each(l.keyring, list_setting, &l));
    TRY(keyring_each(l.keyring, true, list_own, &l));
    report_end_array(&app->report);
    return NULL;
}

typedef err *change(struct app *app, const struct root_opts *o, const char *who);

/* What is told has been committed. */
static err *change_each(struct app *app, const struct root_opts *o, const struct args *args,
                        change *each)
{
    TRY(args_check(args, 2, SIZE_MAX, "WHO"));
    report_hold(&app->report);
    report_array(&app->report, "roots");
    for (size_t i = 1; i < args->n; i++) {
        report_object(&app->report, NULL);
        TRY(each(app, o, args->items[i]));
        report_end_object(&app->report);
    }
    report_end_array(&app->report);
    TRY(app_commit(app));
    report_release(&app->report);
    return NULL;
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct root_opts *o = options;
    const char *what = args->n > 0 ? args->items[0] : "";
    bool adds = strcmp(what, "add") == 0;
    if (!adds && o->amount != NULL)
        return err_new(ERR_USAGE, "--amount: only with add");
    if (adds)
        return change_each(app, o, args, run_add);
    if (strcmp(what, "remove") == 0)
        return change_each(app, o, args, run_remove);
    if (strcmp(what, "never") == 0)
        return change_each(app, o, args, run_never);
    if (strcmp(what, "list") != 0)
        return err_hint(err_new(ERR_USAGE, "what about the roots?"), "add, remove, never or list");
    TRY(args_check(args, 1, 1, ""));
    return run_list(app);
}

const struct command cmd_trust_root = {
    .noun = "trust",
    .name = "root",
    .summary = "choose whose word counts on whose certificate is whose",
    .synopsis = "list | add [--amount N] WHO... | remove WHO... | never WHO...",
    .details =
        "What a root certifies counts, and so does what those certify whom it has made "
        "introducers. Your own keys are roots; add makes others so, as a company's or a "
        "project's certification key, completely or with an amount: 60 of two of them make the "
        "120 that are asked for, and so do 40 of three. WHO is best the whole fingerprint, also "
        "of a certificate that is not in the keyring yet; any other name anybody could have put "
        "into one, so it is shown and asked about at the terminal, or --yes is needed.\n\n"
        "never lets nothing count that this certificate says, whoever relies on it. remove takes "
        "add and never back. list shows your own keys, too, and what was taken over from GnuPG: "
        "there an introducer counts once it is authenticated itself.",
    .examples = "bulla trust root list\n"
                "bulla trust root add 0123456789ABCDEF0123456789ABCDEF01234567\n"
                "bulla trust root add --amount 60 ca@example.org\n"
                "bulla trust root remove ca@example.org",
    .values = "CERT",
    .verbs = "list add remove never",
    COMMAND_OPTIONS(options_of, struct root_opts),
    .needs = NEEDS_WRITE,
    .run = run,
};
