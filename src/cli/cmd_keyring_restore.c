/* keyring: what is in a backup, and bringing it back. */
#include "cli/command.h"

#include <stdlib.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/when.h"
#include "cli/backupfile.h"
#include "cli/backuprevs.h"
#include "cli/who.h"
#include "keyring/backups.h"
#include "pgp/unlock.h"

#define OPT_PASSPHRASE_FILES(type, field)                                                          \
    OPT_LIST(0, "passphrase-file", type, field, "F",                                               \
             "take the backup's or key's passphrase from F: a file, @FD:n or @ENV:NAME",           \
             OPT_INPUT)

static const char *input_of(const struct args *args)
{
    return args->n > 0 ? args->items[0] : NULL;
}

/* keyring restore */

struct restore_opts {
    struct opt_list passphrase_files;
    bool dry_run;
};

static const struct opt restore_options[] = {
    OPT_PASSPHRASE_FILES(struct restore_opts, passphrase_files),
    OPT_FLAG('n', "dry-run", struct restore_opts, dry_run, "only tell what would change"),
};

struct restore {
    struct app *app;
    bool dry_run;
    struct keyring *k;            /* NULL: a dry run without a keyring, which makes none */
    VEC(struct fingerprint) held; /* the keys whose secret parts are in the backup */
    struct backuprevs revocations;
    uint64_t certs[3], keys[3]; /* by enum keyring_put */
    uint64_t trust_new, trust_kept;
};

static void restore_clear(struct restore *x)
{
    vec_free(&x->held);
    backuprevs_clear(&x->revocations);
}

/* Until the backup is open nothing is changed, and no keyring made: it may be no backup. */
static err *open_keyring(struct restore *x)
{
    AUTO(free) char *path = NULL;
    struct keyring *k = NULL;
    if (x->app->home != NULL) {
        TRY(fs_join(x->app->home, "keyring.db", &path));
        x->app->writes = fs_exists(path);
    }
    return app_keyring(x->app, &k);
}

static err *begin_restore(void *context)
{
    struct restore *x = context;
    if (!x->app->writes && x->dry_run)
        return NULL;
    if (!x->app->writes)
        app_rollback(x->app);
    x->app->writes = true;
    return app_begin(x->app, &x->k);
}

typedef err *put_function(struct keyring *k, const struct cert *c, enum keyring_put *out);

static err *put(struct restore *x, put_function *into, const struct cert *c, enum keyring_put *out)
{
    *out = KEYRING_NEW;
    return x->k != NULL ? into(x->k, c, out) : NULL;
}

static err *restore_key(struct restore *x, const struct cert *c, enum keyring_put *result)
{
    enum keyring_put secret;
    TRY(put(x, keyring_put_key, c, &secret));
    if (*result == KEYRING_UNCHANGED)
        *result = secret;
    x->keys[*result]++;
    for (size_t i = 0; i < c->components.n; i++) {
        if (unlock_is_here(&c->components.items[i]))
            TRY(VEC_PUSH(&x->held, c->components.items[i].key.fpr));
    }
    return NULL;
}

static err *restore_cert(void *context, const struct cert *c)
{
    struct restore *x = context;
    enum keyring_put result;
    TRY(put(x, keyring_put_local, c, &result));
    if (cert_has_secret(c))
        TRY(restore_key(x, c, &result));
    x->certs[result]++;
    return NULL;
}

/* What has been decided here stays. */
static err *restore_setting(void *context, const struct trust_setting *t)
{
    struct restore *x = context;
    bool decided = false;
    if (x->k != NULL)
        TRY(keyring_trust_has(x->k, &t->fpr, &decided));
    x->trust_kept += decided;
    x->trust_new += !decided;
    return x->k != NULL && !decided ? keyring_trust_put(x->k, t) : NULL;
}

static err *restore_revocation(void *context, const struct backup_revocation *r)
{
    return backuprevs_add(&((struct restore *)context)->revocations, r);
}

/* The files are there before the keyring is changed, or gone again. */
static err *finish(struct restore *x, int64_t made_at)
{
    for (size_t i = 0; i < x->held.n; i++)
        TRY(keyring_note_backup(x->k, &x->held.items[i], made_at));
    err *e = backuprevs_write(x->app, &x->revocations);
    if (e == NULL)
        e = app_commit(x->app);
    if (e != NULL)
        backuprevs_undo(&x->revocations);
    return e;
}

static void tell_put(struct report *r, const char *title, const char *name, const uint64_t n[3])
{
    report_remark(r, "%-13s new: %llu, changed: %llu, unchanged: %llu", title,
                  (unsigned long long)n[KEYRING_NEW], (unsigned long long)n[KEYRING_CHANGED],
                  (unsigned long long)n[KEYRING_UNCHANGED]);
    report_object(r, name);
    report_number(r, "new", (int64_t)n[KEYRING_NEW]);
    report_number(r, "changed", (int64_t)n[KEYRING_CHANGED]);
    report_number(r, "unchanged", (int64_t)n[KEYRING_UNCHANGED]);
    report_end_object(r);
}

static void tell_restored(struct restore *x)
{
    struct report *r = &x->app->report;
    report_object(r, "restored");
    tell_put(r, "certificates", "certificates", x->certs);
    tell_put(r, "own keys", "keys", x->keys);
    report_remark(r, "%-13s new: %llu, kept as they are: %llu", "trust",
                  (unsigned long long)x->trust_new, (unsigned long long)x->trust_kept);
    report_object(r, "trust");
    report_number(r, "new", (int64_t)x->trust_new);
    report_number(r, "kept", (int64_t)x->trust_kept);
    report_end_object(r);
    if (!x->dry_run) {
        report_remark(r, "%-13s new: %zu", "revocations", x->revocations.written.n);
        report_number(r, "revocations", (int64_t)x->revocations.written.n);
    }
    report_end_object(r);
}

static err *run_restore(struct app *app, const void *options, const struct args *args)
{
    const struct restore_opts *o = options;
    CLEANUP(restore_clear) struct restore x = {.app = app, .dry_run = o->dry_run};
    const struct backupfile_reader reader = {
        .visitor = {&x, restore_cert, restore_setting, restore_revocation},
        .begin = begin_restore,
        .believes = true};
    struct backup_summary summary;
    char date[WHEN_TEXT_SIZE];
    backuprevs_init(&x.revocations);
    TRY(args_check(args, 0, 1, "FILE"));
    app_set_passphrases(app, &o->passphrase_files, "--passphrase-file");
    TRY(open_keyring(&x));
    TRY(backupfile_read(app, input_of(args), &reader, &summary));
    if (o->dry_run)
        app_rollback(app);
    else
        TRY(finish(&x, summary.made_at));
    when_date(summary.made_at, date);
    report_remark(&app->report,
                  "%s the backup made on %s:", o->dry_run ? "Not restored (dry run):" : "Restored",
                  date);
    report_time(&app->report, "made", summary.made_at);
    report_bool(&app->report, "dry_run", o->dry_run);
    tell_restored(&x);
    return NULL;
}

const struct command cmd_keyring_restore = {
    .noun = "keyring",
    .name = "restore",
    .summary = "bring a backup back",
    .synopsis = "[FILE]",
    .details =
        "Puts what bulla keyring backup has written into the keyring: all of it, or, if anything "
        "fails, nothing. It is merged with what is here, which is never lost: secret keys that "
        "are here stay as they are, and so does what you have decided about trust.\n\n"
        "The backup is decrypted with its passphrase or with a key that is here. Nothing is "
        "restored before all of it is known to be intact. Whom you trust is in it, too: do not "
        "restore a backup that others may have made.",
    .examples = "bulla keyring restore /media/stick/bulla.backup\n"
                "bulla keyring restore --home new --dry-run --json bulla.backup",
    .values = "FILE",
    COMMAND_OPTIONS(restore_options, struct restore_opts),
    .run = run_restore,
};

/* keyring verify-backup */

struct verify_opts {
    struct opt_list passphrase_files;
};

static const struct opt verify_options[] = {
    OPT_PASSPHRASE_FILES(struct verify_opts, passphrase_files),
};

struct verify {
    struct app *app;
    VEC(struct fingerprint) held; /* the keys whose secret parts are in the backup */
    uint64_t n_missing;           /* keys that are here and not in it */
};

static void verify_clear(struct verify *x)
{
    vec_free(&x->held);
}

static err *begin_verify(void *context)
{
    (void)context;
    return NULL;
}

static err *see_cert(void *context, const struct cert *c)
{
    struct verify *x = context;
    for (size_t i = 0; i < c->components.n; i++) {
        if (unlock_is_here(&c->components.items[i]))
            TRY(VEC_PUSH(&x->held, c->components.items[i].key.fpr));
    }
    return NULL;
}

static err *see_setting(void *context, const struct trust_setting *t)
{
    (void)context;
    (void)t;
    return NULL;
}

static err *see_revocation(void *context, const struct backup_revocation *r)
{
    (void)context;
    (void)r;
    return NULL;
}

static bool is_held(const struct verify *x, const struct fingerprint *fpr)
{
    for (size_t i = 0; i < x->held.n; i++) {
        if (fingerprint_equal(&x->held.items[i], fpr))
            return true;
    }
    return false;
}

static err *compare(void *context, const struct cert *c)
{
    struct verify *x = context;
    struct report *r = &x->app->report;
    AUTO(free) char *name = NULL;
    bool missing = false;
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *on = &c->components.items[i];
        missing = missing || (unlock_is_here(on) && !is_held(x, &on->key.fpr));
    }
    x->n_missing += missing;
    if (!missing)
        return NULL;
    TRY(who_name(x->app, c, &name));
    if (x->n_missing == 1)
        report_say(r, "%s", "keys here that are not in it, or not with all their subkeys:");
    report_say(r, "  %s", name);
    report_fingerprint(r, NULL, cert_fingerprint(c));
    return NULL;
}

static err *compare_all(struct verify *x)
{
    struct keyring *k = NULL;
    TRY(app_keyring(x->app, &k));
    report_array(&x->app->report, "missing");
    TRY(keyring_each(k, true, compare, x));
    report_end_array(&x->app->report);
    return NULL;
}

static err *run_verify(struct app *app, const void *options, const struct args *args)
{
    const struct verify_opts *o = options;
    CLEANUP(verify_clear) struct verify x = {.app = app};
    const struct backupfile_reader reader = {.visitor = {&x, see_cert, see_setting, see_revocation},
                                             .begin = begin_verify};
    AUTO(free) char *text = NULL;
    struct backup_summary summary;
    char when[WHEN_TEXT_SIZE];
    TRY(args_check(args, 0, 1, "FILE"));
    app_set_passphrases(app, &o->passphrase_files, "--passphrase-file");
    TRY(backupfile_read(app, input_of(args), &reader, &summary));
    TRY(backupfile_describe(&summary, &text));
    when_text(summary.made_at, when);
    report_say(&app->report, "made %s", when);
    report_say(&app->report, "%s", text);
    backupfile_report(&app->report, &summary);
    return compare_all(&x);
}

const struct command cmd_keyring_verify_backup = {
    .noun = "keyring",
    .name = "verify-backup",
    .summary = "see whether a backup can be restored, and what is in it",
    .synopsis = "[FILE]",
    .details = "Decrypts what bulla keyring backup has written, with its passphrase or with a key "
               "that is here, and reads all of it, but restores nothing. It tells when the backup "
               "was made, what is in it, and which of your keys here are not.",
    .examples = "bulla keyring verify-backup /media/stick/bulla.backup\n"
                "bulla keyring verify-backup --json --passphrase-file pass bulla.backup",
    .values = "FILE",
    COMMAND_OPTIONS(verify_options, struct verify_opts),
    .run = run_verify,
};
