/* trust check, identify, lookup: whose certificate is it, and which one is whose. */
#include "cli/command.h"
#include "cli/keywords.h"
#include "cli/trustrows.h"

#include "base/text.h"

struct check_opts {
    struct trusting_opts trusting;
    bool email;
};

static const struct opt check_options[] = {
    OPT_FLAG(0, "email", struct check_opts, email,
             "what is named is an e-mail address, whatever name stands before it"),
    OPT_TRUSTING(struct check_opts, trusting),
};

struct look_opts {
    struct trusting_opts trusting;
};

static const struct opt look_options[] = {
    OPT_TRUSTING(struct look_opts, trusting),
};

/* A question that is put to the network. */
struct question {
    struct trusting trusting;
    struct trusting_users users;
    struct trustrows rows;
};

static void question_clear(struct question *q)
{
    trustrows_clear(&q->rows);
    vec_free(&q->users);
    trusting_clear(&q->trusting);
}

/* check */

/* The issue of a check is that of its best user ID. */
static void put_best(const struct question *q)
{
    const struct trustrow *best = trustrows_best(&q->rows);
    if (best == NULL)
        return;
    trusttell_put_amount(&q->trusting, &best->user, &best->answer);
    trusttell_put_paths(&q->trusting.app->report, &best->answer);
}

static bool is_address(const char *name)
{
    return text_email_of(slice_of_string(name)).len > 0;
}

static err *check_arguments(const struct check_opts *o, const struct args *args)
{
    TRY(args_check(args, 1, 2, "WHO"));
    const char *named = args->items[args->n - 1];
    if (o->email && !is_address(named))
        return err_new(ERR_USAGE, "--email: %s is no address", named);
    return NULL;
}

static err *run_check(struct app *app, const void *options, const struct args *args)
{
    const struct check_opts *o = options;
    CLEANUP(question_clear) struct question q = {0};
    TRY(check_arguments(o, args));
    TRY(trusting_open(app, &o->trusting, &q.trusting));
    TRY(trusting_find(&q.trusting, args->items[0], args->n > 1 ? args->items[1] : NULL, &q.users));
    TRY(trustrows_ask(&q.trusting, &q.users, &q.rows));
    put_best(&q);
    TRY(trustrows_tell(&q.trusting, &q.rows, true));
    return trustrows_verdict(&q.trusting, &q.rows, args->items[0]);
}

/* identify, lookup */

static err *answer_best_first(struct question *q, const char *who)
{
    TRY(trustrows_ask(&q->trusting, &q->users, &q->rows));
    trustrows_sort(&q->rows);
    TRY(trustrows_tell(&q->trusting, &q->rows, false));
    return trustrows_verdict(&q->trusting, &q->rows, who);
}

static err *run_identify(struct app *app, const void *options, const struct args *args)
{
    const struct look_opts *o = options;
    CLEANUP(question_clear) struct question q = {0};
    struct fingerprint fpr;
    TRY(args_check(args, 1, 1, "FPR"));
    TRY(trusting_open(app, &o->trusting, &q.trusting));
    TRY(keywords_fingerprint(q.trusting.keyring, args->items[0], &fpr));
    TRY(trusting_find(&q.trusting, args->items[0], NULL, &q.users));
    return answer_best_first(&q, args->items[0]);
}

static err *run_lookup(struct app *app, const void *options, const struct args *args)
{
    const struct look_opts *o = options;
    CLEANUP(question_clear) struct question q = {0};
    TRY(args_check(args, 1, 1, "EMAIL"));
    const char *address = args->items[0];
    if (!is_address(address))
        return err_new(ERR_USAGE, "%s: an e-mail address is needed", address);
    TRY(trusting_open(app, &o->trusting, &q.trusting));
    TRY(trusting_find_all(&q.trusting, address, &q.users));
    return answer_best_first(&q, address);
}

const struct command cmd_trust_check = {
    .noun = "trust",
    .name = "check",
    .summary = "tell whether a certificate belongs to whom it names",
    .synopsis = "[--email] WHO [USER-ID]",
    .details =
        "WHO is a fingerprint, then all user IDs of that certificate are looked at; or an e-mail "
        "address, @domain or part of a user ID, then those that have it. USER-ID, whole or by its "
        "address, asks about one alone, which the owner need not have signed. Each is shown with "
        "the amount that reaches it from the roots: 120 is complete. Success means that one of "
        "those that are shown is authenticated; 110 that none is, and what to do about it. Where "
        "an address fits several certificates, the one that is authenticated is "
        "meant.\n\n" TRUSTING_DETAILS "\n\n" MOMENT_DETAILS,
    .examples = "bulla trust check alice@example.org\n"
                "bulla trust check 0123456789ABCDEF0123456789ABCDEF01234567 \"Alice "
                "<alice@example.org>\"\n"
                "bulla trust check --amount 60 --at 2027-01-31 alice@example.org",
    .values = "CERT",
    COMMAND_OPTIONS(check_options, struct check_opts),
    .run = run_check,
};

const struct command cmd_trust_identify = {
    .noun = "trust",
    .name = "identify",
    .summary = "tell to whom a certificate belongs",
    .synopsis = "FPR",
    .details = "All user IDs of the certificate with the amounts that reach them, the largest "
               "first. Success means that one of them is authenticated; 110 that none "
               "is.\n\n" TRUSTING_DETAILS,
    .examples = "bulla trust identify 0123456789ABCDEF0123456789ABCDEF01234567",
    .values = "CERT",
    COMMAND_OPTIONS(look_options, struct look_opts),
    .run = run_identify,
};

const struct command cmd_trust_lookup = {
    .noun = "trust",
    .name = "lookup",
    .summary = "tell which certificates belong to an e-mail address",
    .synopsis = "EMAIL",
    .details = "All certificates that have the address in a user ID, valid or not, the one with "
               "the largest amount first. Success means that one is authenticated; 110 that none "
               "is, 112 that there is none.\n\n" TRUSTING_DETAILS,
    .examples = "bulla trust lookup alice@example.org",
    .values = "CERT",
    COMMAND_OPTIONS(look_options, struct look_opts),
    .run = run_lookup,
};
