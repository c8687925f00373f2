/* trust list: all that is known about whose certificate is whose. */
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/trustrows.h"

#include "base/interrupt.h"
#include "keyring/localroot.h"

struct list_opts {
    struct trusting_opts trusting;
    bool all;
};

static const struct opt options_of[] = {
    OPT_FLAG(0, "all", struct list_opts, all, "also those that nothing reaches"),
    OPT_TRUSTING(struct list_opts, trusting),
};

struct listing {
    struct trusting trusting;
    struct trusting_users users;
    struct localroots hidden;
    bool all;
    size_t n_shown, n_authenticated;
};

static void listing_clear(struct listing *l)
{
    vec_free(&l->users);
    localroots_clear(&l->hidden);
    trusting_clear(&l->trusting);
}

/* Whose the local root is, nobody need ask. */
static err *add_user(void *context, const struct trust_cert *c, struct slice user_id)
{
    struct listing *l = context;
    const struct trusting_user u = {c->fpr, user_id};
    return localroots_have(&l->hidden, &c->fpr) ? NULL : VEC_PUSH(&l->users, u);
}

static err *collect(struct listing *l, const struct args *args)
{
    TRY(localroots_find(l->trusting.keyring, &l->hidden));
    if (args->n == 0)
        return trust_each(l->trusting.trust, l->all, add_user, l);
    for (size_t i = 0; i < args->n; i++)
        TRY(trusting_find_all(&l->trusting, args->items[i], &l->users));
    return NULL;
}

/* Each is shown as soon as it is known. */
static err *list_one(struct listing *l, const struct trusting_user *u, struct tally *t)
{
    CLEANUP(trust_answer_clear) struct trust_answer a = {0};
    const struct trusting *x = &l->trusting;
    TRY(interrupt_check());
    TRY(trust_check(x->trust, &u->fpr, u->user_id, x->asked, &a));
    if (a.amount == 0 && !l->all)
        return NULL;
    const struct trustrow row = {*u, a};
    l->n_shown++;
    l->n_authenticated += trusting_is_enough(x, a.amount);
    tally_end(t);
    TRY(trustrows_say(x, &row));
    report_object(&x->app->report, NULL);
    trusttell_put_amount(x, u, &a);
    report_end_object(&x->app->report);
    return NULL;
}

static err *list_each(struct listing *l)
{
    const struct report *r = &l->trusting.app->report;
    struct tally t;
    err *e = NULL;
    tally_start(&t, "asking", progress_is_possible() && !r->quiet && !r->json);
    for (size_t i = 0; i < l->users.n && e == NULL; i++) {
        tally_step(&t, "user IDs", i, l->users.n);
        e = list_one(l, &l->users.items[i], &t);
    }
    tally_end(&t);
    return e;
}

static void summarize(const struct listing *l)
{
    struct report *r = &l->trusting.app->report;
    report_number(r, "shown", (int64_t)l->n_shown);
    report_number(r, "authenticated", (int64_t)l->n_authenticated);
    report_number(r, "required", l->trusting.asked);
    if (l->n_shown == 0)
        report_remark(r, "Nothing is reached from the roots: bulla trust root list shows these.");
    else
        report_remark(r, "%zu user ID%s, %zu of them authenticated", l->n_shown,
                      l->n_shown == 1 ? "" : "s", l->n_authenticated);
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct list_opts *o = options;
    CLEANUP(listing_clear) struct listing l = {.all = o->all};
    TRY(trusting_open(app, &o->trusting, &l.trusting));
    TRY(collect(&l, args));
    report_array(&app->report, "bindings");
    TRY(list_each(&l));
    report_end_array(&app->report);
    summarize(&l);
    return NULL;
}

const struct command cmd_trust_list = {
    .noun = "trust",
    .name = "list",
    .summary = "list whose certificate is whose",
    .synopsis = "[--all] [WHO...]",
    .details = "The user IDs of all certificates, or of those that WHO names, with the amounts "
               "that reach them from the roots, in the order of bulla cert list. Those that "
               "nothing reaches are left out unless --all is given.\n\n" TRUSTING_DETAILS
               "\n\n" MOMENT_DETAILS,
    .examples = "bulla trust list\n"
                "bulla trust list --all @example.org\n"
                "bulla trust list --keyring debian-keyring.pgp --root "
                "0123456789ABCDEF0123456789ABCDEF01234567",
    .values = "CERT",
    COMMAND_OPTIONS(options_of, struct list_opts),
    .run = run,
};
