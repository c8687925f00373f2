/* key: what to look after, for cron; and what to bring up to date. */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "cli/keyedit.h"
#include "cli/revocert.h"
#include "cli/show.h"
#include "cli/who.h"
#include "crypto/algo.h"
#include "keyring/backups.h"
#include "pgp/health.h"
#include "pgp/renew.h"
#include "pgp/unlock.h"

/* What a finding is called in JSON and by --ignore; what to do about it, before and (unless
 * NULL) behind the key's fingerprint; and is it lint's business, too? */
static const struct {
    const char *name, *before, *behind;
    bool lint;
} codes[] = {
    [HEALTH_EXPIRED] = {"expired", "bulla key extend --all ", " 2y", false},
    [HEALTH_EXPIRES_SOON] = {"expires-soon", "bulla key extend --all ", " 2y", false},
    [HEALTH_WEAK_SIGNATURE] = {"weak-signature", "bulla key lint --fix ", "", true},
    [HEALTH_WEAK_KEY] = {"weak-key", "replace it: bulla key rotate ", ", or a new key", true},
    [HEALTH_INVALID] = {"invalid", "bulla key show ", " tells more", true},
    [HEALTH_NO_ENCRYPTION] = {"no-encryption", "bulla key add-subkey --for encrypt ", "", false},
    [HEALTH_OLD_PROTECTION] = {"old-protection", "bulla key passphrase ", "", true},
    [HEALTH_NO_REVOCATION] = {"no-revocation-certificate", "bulla key revocation ", "", false},
    [HEALTH_NO_BACKUP] = {"no-backup", "bulla keyring backup -o FILE", NULL, false},
};

struct checking {
    struct app *app;
    const struct opt_list *ignore;
    int64_t within;
    bool lint; /* only what signing again, or a new passphrase or key, mends */
    size_t n_keys;
};

/* One finding. */

/* What is said behind the name. */
static err *describe(const struct health_finding *f, char **out)
{
    const struct bound *x = f->on;
    char date[WHEN_TEXT_SIZE], problem[512];
    when_date(x->expires_at, date);
    switch (f->code) {
    case HEALTH_EXPIRED:
        return mem_printf(out, "expired on %s", date);
    case HEALTH_EXPIRES_SOON:
        return mem_printf(out, "expires on %s", date);
    case HEALTH_WEAK_SIGNATURE:
        return mem_printf(out, "signed with %s, which is too weak today",
                          algo_hash_name(f->sig->hash_algo));
    case HEALTH_WEAK_KEY:
        return mem_strdup("too weak to be used", out);
    case HEALTH_INVALID:
        return mem_printf(out, "not valid: %s", err_text(x->problem, problem, sizeof problem));
    case HEALTH_NO_ENCRYPTION:
        return mem_strdup("cannot be encrypted to any more", out);
    case HEALTH_OLD_PROTECTION:
        return mem_strdup("its passphrase protects it in an old, weak way", out);
    case HEALTH_NO_BACKUP:
        return mem_strdup("in no backup", out);
    default:
        return mem_strdup("no revocation certificate in its place", out);
    }
}

static void put(struct report *r, const struct bound *x, const char *code, const char *text)
{
    report_object(r, NULL);
    report_string(r, "code", code);
    if (x->component->kind == COMPONENT_USER_ID)
        report_bytes(r, "userid", x->component->packet.body);
    else if (x->component->kind != COMPONENT_USER_ATTRIBUTE)
        report_fingerprint(r, "fingerprint", &x->component->key.fpr);
    if (x->expires_at != 0)
        report_time(r, "expires", x->expires_at);
    report_string(r, "text", text);
}

/* Several of a kind that stand together have one hint. */
static err *tell(struct app *app, const struct cert *c, const struct health_finding *f,
                 bool last_of_kind)
{
    AUTO(free) char *name = NULL, *text = NULL, *hint = NULL;
    char fpr[FPR_TEXT_SIZE];
    struct report *r = &app->report;
    fingerprint_text(cert_fingerprint(c), fpr);
    TRY(show_component_name(f->on->component, &name));
    TRY(describe(f, &text));
    bool named = codes[f->code].behind != NULL;
    TRY(mem_printf(&hint, "%s%s%s", codes[f->code].before, named ? fpr : "",
                   named ? codes[f->code].behind : ""));
    report_say(r, "  %s: %s", name, text);
    if (last_of_kind)
        report_say(r, "    hint: %s", hint);
    put(r, f->on, codes[f->code].name, text);
    report_string(r, "hint", hint);
    report_end_object(r);
    return NULL;
}

/* All that is found in a key. */

/* Who makes a key need not make a backup of it on the same day. */
enum { BACKUP_WITHIN = 7 * 24 * 3600 };

/* Of a key whose primary part is in no backup, nothing more is said. */
static err *look_for_backups(struct checking *x, struct health *h)
{
    struct keyring *k = NULL;
    bool none = false;
    TRY(app_keyring(x->app, &k));
    for (size_t i = 0; i < h->seen->n && !none; i++) {
        const struct component *c = h->seen->items[i].component;
        const struct health_finding f = {.code = HEALTH_NO_BACKUP, .on = &h->seen->items[i]};
        int64_t made_at;
        bool due = (int64_t)c->key.created_at + BACKUP_WITHIN <= world_now(x->app->world);
        if (!unlock_is_here(c) || !due)
            continue;
        TRY(keyring_find_backup(k, &c->key.fpr, &made_at));
        if (made_at == 0)
            TRY(VEC_PUSH(&h->findings, f));
        none = made_at == 0 && c->kind == COMPONENT_PRIMARY;
    }
    return NULL;
}

/* A machine that has only subkeys of it does not revoke it. */
static err *look_for_revocation(struct checking *x, struct health *h)
{
    AUTO(free) char *path = NULL;
    const struct bound *primary = &h->seen->items[0];
    const struct health_finding f = {.code = HEALTH_NO_REVOCATION, .on = primary};
    if (!unlock_is_here(primary->component))
        return NULL;
    TRY(revocert_path(x->app, &primary->component->key.fpr, &path));
    return fs_exists(path) ? NULL : VEC_PUSH(&h->findings, f);
}

static err *look_beside(struct checking *x, struct health *h)
{
    if (x->lint || h->seen->items[0].revocation != NULL)
        return NULL;
    TRY(look_for_revocation(x, h));
    return look_for_backups(x, h);
}

static bool is_ignored(const struct checking *x, unsigned code)
{
    for (size_t i = 0; i < x->ignore->n; i++) {
        if (strcmp(x->ignore->items[i], codes[code].name) == 0)
            return true;
    }
    return x->lint && !codes[code].lint;
}

static err *look(struct checking *x, const struct cert *c, struct health *out)
{
    size_t n = 0;
    int64_t now = world_now(x->app->world);
    TRY(health_look(c, x->app->policy, now, x->within, out));
    TRY(look_beside(x, out));
    for (size_t i = 0; i < out->findings.n; i++) {
        if (!is_ignored(x, out->findings.items[i].code))
            out->findings.items[n++] = out->findings.items[i];
    }
    out->findings.n = n;
    return NULL;
}

static err *check_key(struct checking *x, const struct cert *c)
{
    CLEANUP(health_clear) struct health h = {0};
    AUTO(free) char *name = NULL;
    struct report *r = &x->app->report;
    TRY(look(x, c, &h));
    if (h.findings.n == 0)
        return NULL;
    x->n_keys++;
    TRY(who_name(x->app, c, &name));
    report_say(r, "%s", name);
    report_object(r, NULL);
    report_fingerprint(r, "fingerprint", cert_fingerprint(c));
    report_bytes(r, "userid", bound_user_id(h.seen));
    report_array(r, "findings");
    for (size_t i = 0; i < h.findings.n; i++) {
        const struct health_finding *f = &h.findings.items[i];
        bool last = i + 1 == h.findings.n || f[1].code != f->code;
        TRY(tell(x->app, c, f, last));
    }
    report_end_array(r);
    report_end_object(r);
    return NULL;
}

/* All keys. */

static err *check_ignored(const struct opt_list *ignore)
{
    for (size_t i = 0; i < ignore->n; i++) {
        bool known = false;
        for (unsigned k = 0; k < HEALTH_CODES; k++)
            known = known || strcmp(codes[k].name, ignore->items[i]) == 0;
        if (!known)
            return err_hint(
                err_new(ERR_USAGE, "--ignore %s: there is no such finding", ignore->items[i]),
                "bulla help key check lists them");
    }
    return NULL;
}

/* Those that are named, or all of one's own. */
static err *find_keys(struct app *app, const struct args *args, struct cert_list *out)
{
    struct keyring *k = NULL;
    TRY(app_keyring(app, &k));
    if (args->n == 0)
        return keyring_find_keys(k, out);
    for (size_t i = 0; i < args->n; i++) {
        AUTO(cert_free) struct cert *c = NULL;
        TRY(who_key(app, args->items[i], WHO_TO_LOOK_AT, &c));
        TRY(VEC_PUSH(out, c));
        c = NULL;
    }
    return NULL;
}

static err *check_all(struct checking *x, const struct args *args)
{
    CLEANUP(cert_list_clear) struct cert_list keys = {0};
    TRY(find_keys(x->app, args, &keys));
    report_array(&x->app->report, "keys");
    for (size_t i = 0; i < keys.n; i++)
        TRY(check_key(x, keys.items[i]));
    report_end_array(&x->app->report);
    if (x->n_keys == 0)
        return NULL;
    return err_new(ERR_ATTENTION, "%zu of %zu keys need attention", x->n_keys, keys.n);
}

/* key check */

struct check_opts {
    const char *within;
    struct opt_list ignore;
};

static const struct opt check_options[] = {
    OPT_TEXT(0, "within", struct check_opts, within, "TIME",
             "tell what expires within TIME; 30d unless said", OPT_ANY),
    OPT_LIST(0, "ignore", struct check_opts, ignore, "FINDING",
             "say nothing of this kind; may be repeated", OPT_ANY),
};

static err *run_check(struct app *app, const void *options, const struct args *args)
{
    const struct check_opts *o = options;
    struct checking x = {.app = app, .ignore = &o->ignore};
    TRY(check_ignored(&o->ignore));
    TRY(err_wrap(when_parse_duration(o->within != NULL ? o->within : "30d", &x.within),
                 "--within"));
    return check_all(&x, args);
}

const struct command cmd_key_check = {
    .noun = "key",
    .name = "check",
    .summary = "tell which of your keys need attention",
    .synopsis = "[--within TIME] [WHO...]",
    .details =
        "For cron: says nothing and exits with 0 where all is well; else says what to do, and "
        "exits "
        "with 115. Without WHO it looks at all of your keys; those that are revoked need nothing, "
        "nor do subkeys that a newer one has replaced.\n\n"
        "It finds: expired; expires-soon; weak-signature, made with SHA-1 say; weak-key; invalid, "
        "a part that its owner has signed, but not validly; no-encryption, where there once was a "
        "subkey for it; old-protection by the passphrase; no-revocation-certificate, in the "
        "directory revocations beside the keyring; no-backup, a key or subkey (a replaced one, "
        "too: it reads old messages) older than a week that no bulla keyring backup has held. Who "
        "copies the keyring in another way says "
        "--ignore no-backup. These are the names for --ignore and the codes "
        "in JSON.",
    .examples = "bulla key check\n"
                "bulla key check --within 60d --ignore no-revocation-certificate alice@example.org",
    .values = "KEY",
    COMMAND_OPTIONS(check_options, struct check_opts),
    .run = run_check,
};

/* key lint */

struct lint_opts {
    struct keyedit_opts edit;
    bool fix;
    struct opt_list ignore;
};

static const struct opt lint_options[] = {
    OPT_FLAG(0, "fix", struct lint_opts, fix, "sign again what is signed too weakly"),
    OPT_LIST(0, "ignore", struct lint_opts, ignore, "FINDING",
             "say nothing of this kind; may be repeated", OPT_ANY),
    OPT_KEYEDIT(struct lint_opts, edit),
};

static err *sign_again(void *context, const struct cert *c, const struct signer_params *p,
                       struct cert **out)
{
    const struct renew_params params = {.keys = *p, .only_weak = true};
    (void)context;
    return renew_key(c, &params, out);
}

/* A key for which nothing is due is not unlocked. */
static err *fix_key(struct checking *x, const struct lint_opts *o, const struct cert *c)
{
    CLEANUP(health_clear) struct health h = {0};
    char fpr[FPR_TEXT_SIZE];
    bool due = false;
    TRY(look(x, c, &h));
    for (size_t i = 0; i < h.findings.n; i++)
        due = due || health_is_mended_by_signing(h.findings.items[i].code);
    if (!due)
        return NULL;
    fingerprint_text(cert_fingerprint(c), fpr);
    report_object(&x->app->report, NULL);
    err *e = keyedit_run(x->app, &o->edit, fpr, sign_again, NULL);
    report_end_object(&x->app->report);
    return err_wrap(e, "%s", fpr);
}

static err *fix_all(struct checking *x, const struct lint_opts *o, const struct args *args)
{
    CLEANUP(cert_list_clear) struct cert_list keys = {0};
    TRY(find_keys(x->app, args, &keys));
    report_array(&x->app->report, "fixed");
    for (size_t i = 0; i < keys.n; i++) {
        err *e = fix_key(x, o, keys.items[i]);
        if (err_kind_of(e) == ERR_INTERRUPTED || keys.n == 1)
            TRY(e);
        app_note_failure(x->app, e);
    }
    report_end_array(&x->app->report);
    return NULL;
}

/* What remains is told after what was fixed. */
static err *run_lint(struct app *app, const void *options, const struct args *args)
{
    const struct lint_opts *o = options;
    struct checking x = {.app = app, .ignore = &o->ignore, .lint = true};
    TRY(check_ignored(&o->ignore));
    app->writes = o->fix;
    if (o->fix)
        TRY(fix_all(&x, o, args));
    TRY(app_failures(app, "keys"));
    return o->fix && o->edit.dry_run ? NULL : check_all(&x, args);
}

const struct command cmd_key_lint = {
    .noun = "key",
    .name = "lint",
    .summary = "find what is out of date in your keys, and sign it again",
    .synopsis = "[--fix] [WHO...]",
    .details =
        "Finds what rests on SHA-1 or is too weak otherwise: weak-signature, weak-key, invalid, "
        "old-protection, as bulla key check calls them; exits with 115 if there is any. Without "
        "WHO it looks at all of your keys.\n\n"
        "--fix signs again what is signed too weakly, with all that it said before: nothing is "
        "extended, and the key announces nothing new. Since you have the key in hand, that goes "
        "for "
        "SHA-1 signatures of any date, also for those that nobody accepts any more; "
        "MD5 is never believed. What --fix cannot mend is told afterwards.\n\n" KEYEDIT_DETAILS,
    .examples = "bulla key lint\n"
                "bulla key lint --fix --passphrase-file pass alice@example.org",
    .values = "KEY",
    COMMAND_OPTIONS(lint_options, struct lint_opts),
    .needs = NEEDS_WRITE,
    .run = run_lint,
};
