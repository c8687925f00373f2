#include "cli/trustrows.h"

#include <stdlib.h>

#include "base/mem.h"

static err *ask_one(struct trusting *x, const struct trusting_user *u, struct trustrows *out)
{
    CLEANUP(trust_answer_clear) struct trust_answer a = {0};
    struct trustrow row = {.user = *u};
    TRY(trust_check(x->trust, &u->fpr, u->user_id, x->asked, &a));
    row.answer = a;
    TRY(VEC_PUSH(out, row));
    a = (struct trust_answer){0};
    return NULL;
}

err *trustrows_ask(struct trusting *x, const struct trusting_users *users, struct trustrows *out)
{
    for (size_t i = 0; i < users->n; i++)
        TRY(ask_one(x, &users->items[i], out));
    return NULL;
}

void trustrows_clear(struct trustrows *rows)
{
    for (size_t i = 0; i < rows->n; i++)
        trust_answer_clear(&rows->items[i].answer);
    vec_free(rows);
}

/* An insertion keeps the order of those that are alike; they are few, and those that anybody
 * has added come to nothing in one step each. */
void trustrows_sort(struct trustrows *rows)
{
    for (size_t i = 1; i < rows->n; i++) {
        const struct trustrow row = rows->items[i];
        size_t to = i;
        for (; to > 0 && rows->items[to - 1].answer.amount < row.answer.amount; to--)
            rows->items[to] = rows->items[to - 1];
        rows->items[to] = row;
    }
}

const struct trustrow *trustrows_best(const struct trustrows *rows)
{
    const struct trustrow *best = NULL;
    for (size_t i = 0; i < rows->n; i++) {
        const struct trustrow *row = &rows->items[i];
        if (best == NULL || row->answer.amount > best->answer.amount)
            best = row;
    }
    return best;
}

err *trustrows_say(const struct trusting *x, const struct trustrow *row)
{
    AUTO(free) char *name = NULL;
    char fpr[FPR_TEXT_SIZE];
    const char *why = trusttell_nobody(row->answer.fault);
    TRY(mem_string_of(row->user.user_id, &name));
    fingerprint_text(&row->user.fpr, fpr);
    report_say(&x->app->report, "%s%3u%s of %u  %s  %s%s%s%s", x->opts.gossip ? "gossip: " : "",
               row->answer.amount, row->answer.is_bound ? "+" : "", x->asked, fpr, name,
               why != NULL ? "  [" : "", why != NULL ? why : "", why != NULL ? "]" : "");
    return NULL;
}

err *trustrows_tell(const struct trusting *x, const struct trustrows *rows, bool paths)
{
    struct report *r = &x->app->report;
    report_array(r, "bindings");
    for (size_t i = 0; i < rows->n; i++) {
        const struct trustrow *row = &rows->items[i];
        TRY(trustrows_say(x, row));
        report_object(r, NULL);
        trusttell_put_amount(x, &row->user, &row->answer);
        if (paths)
            trusttell_put_paths(r, &row->answer);
        report_end_object(r);
    }
    report_end_array(r);
    return NULL;
}

err *trustrows_verdict(const struct trusting *x, const struct trustrows *rows, const char *who)
{
    const struct trustrow *best = trustrows_best(rows);
    if (best == NULL)
        return err_hint(err_new(ERR_UNAUTHENTICATED, "%s: there is no user ID", who),
                        "name one: it can be certified by others");
    if (trusting_is_enough(x, best->answer.amount))
        return NULL;
    return trusttell_miss(x, &best->user, &best->answer);
}
