/* trust path: why a certificate is authenticated, or what is missing. */
#include "cli/command.h"

#include "base/when.h"
#include "cli/label.h"
#include "cli/pathtext.h"
#include "cli/picture.h"
#include "cli/trustadvice.h"
#include "cli/trustrows.h"

enum {
    MISSES_SHOWN = 8,
    NODES_MAX = 1000, /* all that carry an answer */
};

struct path_opts {
    struct trusting_opts trusting;
};

static const struct opt path_options[] = {
    OPT_TRUSTING(struct path_opts, trusting),
};

struct question {
    struct trusting trusting;
    struct trusting_users users;
    struct trustrows rows;
    struct trust_edges misses;
    struct terminal terminal;
    struct buf text;
};

static void question_clear(struct question *q)
{
    vec_free(&q->misses);
    trustrows_clear(&q->rows);
    vec_free(&q->users);
    trusting_clear(&q->trusting);
    buf_clear(&q->text);
}

static void heading(struct question *q, const struct trustrow *best)
{
    const struct trust_answer *a = &best->answer;
    struct report *r = &q->trusting.app->report;
    CLEANUP(buf_clear) struct buf name = BUF_EMPTY(SIZE_MAX);
    char fpr[FPR_TEXT_SIZE];
    bool enough = trusting_is_enough(&q->trusting, a->amount);
    label_user(best->user.user_id, q->terminal.columns, terminal_dots(&q->terminal), &name);
    fingerprint_text(&best->user.fpr, fpr);
    report_say(r, "%.*s", (int)name.len, (const char *)name.data);
    report_say(r, "%s", fpr);
    report_say(r, "%s%u%s of %u: %s", q->trusting.opts.gossip ? "gossip: " : "", a->amount,
               a->is_bound ? " or more" : "", q->trusting.asked,
               q->trusting.opts.gossip ? "this is only what somebody says"
               : enough                ? "authenticated"
                                       : "not authenticated");
    if (q->rows.n > 1)
        report_say(r, "(the best of %zu user IDs; name another one to see its paths)", q->rows.n);
}

/* Several paths have a picture of how they come together. */
static err *draw(struct question *q, const struct trustrow *best)
{
    CLEANUP(picture_clear) struct picture p = PICTURE_EMPTY(NODES_MAX);
    const struct trust_cert *subject = NULL;
    TRY(trust_cert(q->trusting.trust, &best->user.fpr, &subject));
    if (subject == NULL || best->answer.paths.n < 2)
        return NULL;
    p.asked = q->trusting.asked;
    p.gossip = q->trusting.opts.gossip;
    p.any_depth = q->trusting.opts.certification_network;
    TRY(picture_add_answer(&p, subject, best->user.user_id, &best->answer));
    buf_u8(&q->text, '\n');
    return picture_text(&p, &q->terminal, &q->text);
}

static err *tell_paths(struct question *q, const struct trustrow *best)
{
    size_t n = best->answer.paths.n;
    TRY(draw(q, best));
    for (size_t i = 0; i < n; i++) {
        const struct trust_path *path = &best->answer.paths.items[i];
        buf_u8(&q->text, '\n');
        if (n > 1)
            buf_printf(&q->text, "path %zu of %zu carries ", i + 1, n);
        else
            buf_text(&q->text, "one path carries ");
        picture_amount(path->amount, &q->text);
        buf_text(&q->text, ":\n");
        pathtext_add(path, best->user.user_id, &q->terminal, &q->text);
    }
    return buf_end(&q->text);
}

static void tell_gap(struct question *q, unsigned amount)
{
    CLEANUP(buf_clear) struct buf words = BUF_EMPTY(SIZE_MAX);
    unsigned missing = q->trusting.asked > amount ? q->trusting.asked - amount : 0;
    if (missing == 0)
        return;
    buf_printf(&words, "%u more %s needed%s", missing, missing == 1 ? "is" : "are",
               q->misses.n > 0 ? "; this does not count yet:" : "");
    buf_u8(&q->text, '\n');
    pathtext_wrap(buf_view(&words), "", &q->terminal, &q->text);
}

/* Where nobody can authenticate it, nothing helps. */
static err *tell_misses(struct question *q, const struct trustrow *best)
{
    const struct trust_answer *a = &best->answer;
    if (a->amount >= q->trusting.asked || a->fault != TRUST_COUNTS)
        return NULL;
    TRY(trustadvice_find(&q->trusting, &best->user, MISSES_SHOWN, &q->misses));
    TRY(trustadvice_put(&q->trusting, &q->misses));
    tell_gap(q, a->amount);
    TRY(trustadvice_add(&q->trusting, &q->misses, &q->terminal, &q->text));
    return buf_end(&q->text);
}

static err *tell(struct question *q, const struct trustrow *best)
{
    struct report *r = &q->trusting.app->report;
    trusttell_put_amount(&q->trusting, &best->user, &best->answer);
    trusttell_put_paths(r, &best->answer);
    heading(q, best);
    TRY(tell_paths(q, best));
    TRY(tell_misses(q, best));
    report_drawing(r, buf_view(&q->text));
    return NULL;
}

static err *run_path(struct app *app, const void *options, const struct args *args)
{
    const struct path_opts *o = options;
    CLEANUP(question_clear)
    struct question q = {.terminal = terminal_of_output(), .text = BUF_EMPTY(REPORT_MAX)};
    TRY(args_check(args, 1, 2, "WHO"));
    TRY(trusting_open(app, &o->trusting, &q.trusting));
    TRY(trusting_find(&q.trusting, args->items[0], args->n > 1 ? args->items[1] : NULL, &q.users));
    TRY(trustrows_ask(&q.trusting, &q.users, &q.rows));
    const struct trustrow *best = trustrows_best(&q.rows);
    if (best != NULL)
        TRY(tell(&q, best));
    return trustrows_verdict(&q.trusting, &q.rows, args->items[0]);
}

const struct command cmd_trust_path = {
    .noun = "trust",
    .name = "path",
    .summary = "show why a certificate is authenticated, or what is missing",
    .synopsis = "WHO [USER-ID]",
    .details =
        "WHO and USER-ID are those of bulla trust check; of several user IDs the one with the "
        "largest amount is shown. All paths from the roots are shown that carry the amount, drawn "
        "together where they are several, and each in words: who certifies whom, who may certify "
        "others, how far, and until when. Where the amount is not enough (110), it says what "
        "does not count yet, why, and what would help, the most helpful first. Lines are drawn "
        "where the locale is one of UTF-8, with colours on a terminal unless NO_COLOR is "
        "set.\n\n" TRUSTING_DETAILS "\n\n" MOMENT_DETAILS,
    .examples = "bulla trust path alice@example.org\n"
                "bulla trust path --at 2027-01-31 alice@example.org\n"
                "bulla trust path --json 0123456789ABCDEF0123456789ABCDEF01234567",
    .values = "CERT",
    COMMAND_OPTIONS(path_options, struct path_opts),
    .run = run_path,
};
