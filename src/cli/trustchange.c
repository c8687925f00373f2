#include "cli/trustchange.h"

#include <stdlib.h>

#include "base/interrupt.h"
#include "base/mem.h"

void trustchange_side_clear(struct trustchange_side *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->items[i].user_id);
    vec_free(s);
}

static err *add_user(void *context, const struct trust_cert *c, struct slice user_id)
{
    const struct trusting_user u = {c->fpr, user_id};
    return VEC_PUSH((struct trusting_users *)context, u);
}

/* Both sides go only as far as what is asked for. */
static err *look_at(struct trust *t, const struct trusting_user *u, unsigned asked,
                    struct trustchange_side *out)
{
    CLEANUP(trust_answer_clear) struct trust_answer a = {0};
    struct trustchange_entry entry = {.fpr = u->fpr, .len = u->user_id.len};
    TRY(interrupt_check());
    TRY(trust_check(t, &u->fpr, u->user_id, asked, &a));
    entry.amount = a.amount < asked ? a.amount : asked;
    if (entry.amount == 0)
        return NULL;
    TRY(mem_string_of(u->user_id, &entry.user_id));
    err *e = VEC_PUSH(out, entry);
    if (e != NULL)
        free(entry.user_id);
    return e;
}

static int compare(const struct trustchange_entry *a, const struct trustchange_entry *b)
{
    int order = slice_compare(fingerprint_view(&a->fpr), fingerprint_view(&b->fpr));
    return order != 0 ? order
                      : slice_compare(slice_of(a->user_id, a->len), slice_of(b->user_id, b->len));
}

static int compare_entries(const void *a, const void *b)
{
    return compare(a, b);
}

err *trustchange_look(const struct trusting *x, const struct trust_opts *o,
                      struct trustchange_side *out)
{
    AUTO(trust_close) struct trust *t = NULL;
    struct trusting_users users = {0};
    TRY(trust_open(x->keyring, o, &t));
    err *e = trust_each(t, false, add_user, &users);
    for (size_t i = 0; i < users.n && e == NULL; i++)
        e = look_at(t, &users.items[i], x->asked, out);
    vec_free(&users);
    if (out->n > 0)
        qsort(out->items, out->n, sizeof *out->items, compare_entries);
    return e;
}

/* Telling. */

enum { GAINED, LOST, MORE, LESS, N_CHANGES };
static const struct {
    const char *name, *words;
} changes[] = {
    [GAINED] = {"gained", "authenticated"},
    [LOST] = {"lost", "not authenticated any more"},
    [MORE] = {"more", "more"},
    [LESS] = {"less", "less"},
};

static size_t change_of(const struct trusting *x, unsigned before, unsigned after)
{
    if (after >= x->asked && !x->opts.gossip)
        return GAINED;
    if (before >= x->asked && !x->opts.gossip)
        return LOST;
    return after > before ? MORE : LESS;
}

static void tell_one(const struct trusting *x, const struct trustchange_entry *u, unsigned before,
                     unsigned after, size_t n[static N_CHANGES])
{
    struct report *r = &x->app->report;
    char fpr[FPR_TEXT_SIZE];
    size_t change = change_of(x, before, after);
    fingerprint_text(&u->fpr, fpr);
    report_say(r, "%3u -> %-3u  %s  %s  [%s]", before, after, fpr, u->user_id,
               changes[change].words);
    report_object(r, NULL);
    report_fingerprint(r, "fingerprint", &u->fpr);
    report_bytes(r, "userid", slice_of(u->user_id, u->len));
    report_number(r, "before", before);
    report_number(r, "after", after);
    report_string(r, "change", changes[change].name);
    report_end_object(r);
    n[change]++;
}

static void summarize(struct report *r, const struct trusting *x, const size_t n[static N_CHANGES])
{
    for (size_t i = 0; i < N_CHANGES; i++)
        report_number(r, changes[i].name, (int64_t)n[i]);
    report_number(r, "required", x->asked);
    if (x->opts.gossip)
        report_bool(r, "gossip", true);
    size_t rest = n[MORE] + n[LESS];
    if (n[GAINED] + n[LOST] + rest == 0)
        report_remark(r, "Nothing would change.");
    else
        report_remark(r,
                      "%zu would be authenticated, %zu not any more, %zu others reach another "
                      "amount.",
                      n[GAINED], n[LOST], rest);
}

err *trustchange_tell(const struct trusting *x, const struct trustchange_side *before,
                      const struct trustchange_side *after)
{
    struct report *r = &x->app->report;
    size_t n[N_CHANGES] = {0}, b = 0, a = 0;
    report_array(r, "changes");
    while (b < before->n || a < after->n) {
        const struct trustchange_entry *old = b < before->n ? &before->items[b] : NULL;
        const struct trustchange_entry *new = a < after->n ? &after->items[a] : NULL;
        int order = old == NULL ? 1 : new == NULL ? -1 : compare(old, new);
        unsigned was = order <= 0 ? old->amount : 0, is = order >= 0 ? new->amount : 0;
        b += order <= 0;
        a += order >= 0;
        if (was != is)
            tell_one(x, order <= 0 ? old : new, was, is, n);
    }
    report_end_array(r);
    summarize(r, x, n);
    return NULL;
}
