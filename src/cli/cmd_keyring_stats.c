/* keyring: how much is in it, and taking less room. */
#include "cli/command.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "cli/progress.h"
#include "cli/who.h"
#include "keyring/stats.h"

/* keyring stats */

static err *step(void *tally, uint64_t done, uint64_t total)
{
    tally_step(tally, "certificates", done, total);
    return NULL;
}

static err *count(struct app *app, struct keyring_stats *out)
{
    struct keyring *k = NULL;
    struct tally tally;
    TRY(app_keyring(app, &k));
    tally_start(&tally, "counting", !app->report.json && !app->report.quiet);
    err *e = keyring_count(k, step, &tally, out);
    tally_end(&tally);
    return e;
}

/* One figure, for people and in JSON. */
static void tell(struct report *r, const char *title, const char *member, uint64_t n)
{
    report_say(r, "%-16s %12llu", title, (unsigned long long)n);
    report_number(r, member, (int64_t)n);
}

static void tell_counts(struct report *r, const struct keyring_stats *s)
{
    tell(r, "certificates", "certificates", s->certs);
    tell(r, "user IDs", "userids", s->user_ids);
    tell(r, "signatures", "signatures", s->signatures);
    tell(r, "own keys", "keys", s->keys);
    tell(r, "secret parts", "secret_keys", s->secrets);
    tell(r, "trust settings", "trust", s->settings);
}

static void tell_room(struct report *r, const struct keyring_stats *s,
                      const struct keyring_sizes *sizes)
{
    tell(r, "bytes", "bytes", sizes->database);
    tell(r, "bytes of log", "log_bytes", sizes->log);
    tell(r, "bytes free", "free_bytes", s->free_pages * s->page_len);
    tell(r, "format version", "version", (uint64_t)s->version);
}

static void tell_backup(struct report *r, int64_t at)
{
    char text[WHEN_TEXT_SIZE] = "never";
    if (at != 0)
        when_text(at, text);
    report_say(r, "%-16s %s", "last backup", text);
    if (at != 0)
        report_time(r, "last_backup", at);
    else
        report_string(r, "last_backup", NULL);
}

static err *tell_large(struct app *app, const struct stats_large *l)
{
    AUTO(cert_free) struct cert *c = NULL;
    AUTO(free) char *name = NULL;
    struct keyring *k = NULL;
    char fpr[FPR_TEXT_SIZE];
    TRY(app_keyring(app, &k));
    TRY(keyring_get(k, &l->fpr, false, &c));
    if (c == NULL) /* somebody has deleted it meanwhile */
        return NULL;
    TRY(who_name(app, c, &name));
    fingerprint_text(&l->fpr, fpr);
    report_say(&app->report, "  %10llu  %s  %s", (unsigned long long)l->len, fpr, name);
    report_object(&app->report, NULL);
    report_fingerprint(&app->report, "fingerprint", &l->fpr);
    report_number(&app->report, "bytes", (int64_t)l->len);
    report_end_object(&app->report);
    return NULL;
}

static err *tell_largest(struct app *app, const struct keyring_stats *s)
{
    if (s->n_largest > 0)
        report_say(&app->report, "%s", "the largest certificates, in bytes:");
    report_array(&app->report, "largest");
    for (size_t i = 0; i < s->n_largest; i++)
        TRY(tell_large(app, &s->largest[i]));
    report_end_array(&app->report);
    return NULL;
}

static err *run_stats(struct app *app, const void *options, const struct args *args)
{
    struct keyring_stats stats;
    struct keyring_sizes sizes;
    (void)options;
    TRY(args_check(args, 0, 0, ""));
    TRY(count(app, &stats));
    TRY(keyring_measure(app->home, &sizes));
    tell_counts(&app->report, &stats);
    tell_room(&app->report, &stats, &sizes);
    tell_backup(&app->report, stats.backup_at);
    return tell_largest(app, &stats);
}

const struct command cmd_keyring_stats = {
    .noun = "keyring",
    .name = "stats",
    .summary = "tell how much is in the keyring, and how much room it takes",
    .synopsis = "",
    .details = "Counts certificates, their user IDs and signatures, your own keys, and what you "
               "have decided about trust; tells how large the files are, how much of that is "
               "free, which certificates are the largest, and when the last backup was made. "
               "Every certificate is read.",
    .examples = "bulla keyring stats\n"
                "bulla keyring stats --json | jq .certificates",
    .run = run_stats,
};

/* keyring compact */

static err *run_compact(struct app *app, const void *options, const struct args *args)
{
    struct report *r = &app->report;
    struct keyring_sizes before, after;
    struct keyring *k = NULL;
    bool whole;
    (void)options;
    TRY(args_check(args, 0, 0, ""));
    TRY(app_keyring(app, &k));
    TRY(keyring_measure(app->home, &before));
    TRY(keyring_compact(k, &whole));
    TRY(keyring_measure(app->home, &after));
    report_remark(r, "The keyring took %llu bytes, and takes %llu now",
                  (unsigned long long)(before.database + before.log),
                  (unsigned long long)(after.database + after.log));
    report_number(r, "before", (int64_t)(before.database + before.log));
    report_number(r, "after", (int64_t)(after.database + after.log));
    report_bool(r, "log_emptied", whole);
    if (!whole)
        report_remark(r, "The log stays for now: another process uses the keyring");
    return NULL;
}

const struct command cmd_keyring_compact = {
    .noun = "keyring",
    .name = "compact",
    .summary = "give back the room of what was deleted",
    .synopsis = "",
    .details = "Writes the database anew, without what has been deleted from it. Others can read "
               "the keyring meanwhile, and writers wait. It can be killed at any moment: nothing "
               "is lost. In the directory of the keyring, and in $TMPDIR, there must be as much "
               "room as the keyring takes.",
    .examples = "bulla keyring compact\n"
                "bulla keyring stats --json | jq .free_bytes  # what it would give back, at least",
    .needs = NEEDS_WRITE,
    .run = run_compact,
};
