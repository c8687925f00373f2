#include "cli/command.h"

#include "base/text.h"
#include "cli/progress.h"
#include "keyring/check.h"

struct check_opts {
    bool fix;
};

static const struct opt opts[] = {
    OPT_FLAG(0, "fix", struct check_opts, fix,
             "make the index again, close files to others, and remove what cannot be read"),
};

struct check {
    struct app *app;
    bool fix;
    struct tally tally;
    uint64_t n[3]; /* problems that remain, by enum keyring_trouble */
    uint64_t fixed;
};

static const char *const trouble_names[] = {"damage", "leftover", "permission"};

static err *tell(void *context, const struct keyring_problem *p)
{
    struct check *x = context;
    struct report *r = &x->app->report;
    CLEANUP(buf_clear) struct buf fpr = BUF_EMPTY(256);
    tally_end(&x->tally);
    text_hex_to(&fpr, p->fpr);
    TRY(buf_end(&fpr));
    x->fixed += p->fixed;
    x->n[p->kind] += !p->fixed;
    report_say(r, "%s%.*s%s%s", p->fixed ? "fixed: " : "", (int)fpr.len, (const char *)fpr.data,
               fpr.len > 0 ? ": " : "", p->what);
    report_object(r, NULL);
    report_string(r, "kind", trouble_names[p->kind]);
    if (p->fpr.len > 0)
        report_bytes(r, "certificate", buf_view(&fpr));
    else
        report_string(r, "certificate", NULL);
    report_string(r, "problem", p->what);
    report_bool(r, "fixed", p->fixed);
    report_end_object(r);
    return NULL;
}

static err *step(void *context, const char *what, uint64_t done, uint64_t total)
{
    tally_step(&((struct check *)context)->tally, what, done, total);
    return NULL;
}

static err *check(struct check *x, struct keyring_counts *n)
{
    const struct keyring_checker checker = {x, tell, step};
    struct keyring *k = NULL;
    if (x->fix)
        TRY(app_begin(x->app, &k));
    else
        TRY(app_keyring(x->app, &k));
    TRY(keyring_check(k, x->fix, &checker, n));
    return keyring_check_files(x->app->home, n->secrets > 0, x->fix, &checker);
}

static void sum_up(struct check *x, const struct keyring_counts *n)
{
    struct report *r = &x->app->report;
    report_number(r, "certificates", (int64_t)n->certs);
    report_number(r, "secret_keys", (int64_t)n->secrets);
    report_number(r, "fixed", (int64_t)x->fixed);
    report_remark(r, "Checked: %llu certificates, %llu secret keys and subkeys.%s",
                  (unsigned long long)n->certs, (unsigned long long)n->secrets,
                  x->n[0] + x->n[1] + x->n[2] + x->fixed == 0 ? " All is well." : "");
}

/* Damage is what every command would call malformed; the rest wants to be looked after. */
static err *judge(const struct check *x)
{
    unsigned long long damage = x->n[TROUBLE_DAMAGE],
                       rest = x->n[TROUBLE_LEFTOVER] + x->n[TROUBLE_PERMISSION];
    if (damage > 0)
        return err_hint(
            err_new(ERR_MALFORMED, "%s: %llu problems", x->app->home, damage + rest),
            x->fix ? "bring back what is lost from a copy: bulla key import or cert import FILE"
                   : "bulla keyring check --fix");
    if (x->n[TROUBLE_LEFTOVER] > 0)
        return err_hint(err_new(ERR_ATTENTION, "%s: %llu problems", x->app->home, rest),
                        "import the certificates of those secret keys: bulla cert import FILE");
    if (rest > 0)
        return err_hint(err_new(ERR_ATTENTION, "%s: %llu problems", x->app->home, rest),
                        "bulla keyring check --fix takes these permissions away");
    return NULL;
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    struct check x = {.app = app, .fix = ((const struct check_opts *)options)->fix};
    struct keyring_counts n = {0};
    TRY(args_check(args, 0, 0, ""));
    app->writes = x.fix;
    tally_start(&x.tally, "checking", !app->report.json && !app->report.quiet);
    if (x.fix) /* what is fixed is fixed when it is committed */
        report_hold(&app->report);
    report_array(&app->report, "problems");
    err *e = check(&x, &n);
    tally_end(&x.tally);
    report_end_array(&app->report);
    TRY(e);
    sum_up(&x, &n);
    TRY(app_commit(app));
    report_release(&app->report);
    return judge(&x);
}

const struct command cmd_keyring_check = {
    .noun = "keyring",
    .name = "check",
    .summary = "look for damage in the keyring, and repair it",
    .synopsis = "[--fix]",
    .details =
        "Looks at the databases, at every certificate and what the index says of it, at every "
        "secret key, and at who may read and write the files. Tells what is wrong, and of which "
        "certificate; changes nothing. Exit code 41: something is damaged; 115: nothing is, but a "
        "secret key is here without its certificate, or others may do what they should not.\n\n"
        "--fix makes the index again from the certificates, takes permissions away that others "
        "should not have, and removes certificates that cannot be read: import these again. "
        "Secret keys are never removed.",
    .examples = "bulla keyring check\n"
                "bulla keyring check --fix",
    COMMAND_OPTIONS(opts, struct check_opts),
    .run = run,
};
