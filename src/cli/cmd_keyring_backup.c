/* keyring backup: all of it in one encrypted file. */
#include "cli/command.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cli/backupfile.h"
#include "cli/backuprevs.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/recipients.h"
#include "keyring/backups.h"
#include "pgp/unlock.h"
#include "stream/pump.h"

struct backup_opts {
    struct opt_list recipients, recipient_files;
    bool passphrase, force;
    const char *passphrase_file, *output, *profile;
};

static const struct opt opts[] = {
    OPT_LIST('r', "recipient", struct backup_opts, recipients, "WHO",
             "encrypt to WHO: fingerprint, key ID, e-mail or part of a user ID", OPT_CERT),
    OPT_LIST(0, "recipient-file", struct backup_opts, recipient_files, "CERT",
             "encrypt to the certificate in a file", OPT_INPUT),
    OPT_FLAG('p', "passphrase", struct backup_opts, passphrase, "encrypt with a passphrase, too"),
    OPT_TEXT(0, "passphrase-file", struct backup_opts, passphrase_file, "F",
             "take the backup's passphrase from F: a file, @FD:n or @ENV:NAME", OPT_INPUT),
    OPT_FLAG('f', "force", struct backup_opts, force, "replace an existing output file"),
    OPT_TEXT('o', "output", struct backup_opts, output, "FILE",
             "write to FILE; - is standard output", OPT_PLACE),
    OPT_WORD(0, "profile", struct backup_opts, profile, "NAME",
             "rfc9580 (AEAD, and passphrases cost memory to guess) or rfc4880 (for old programs), "
             "whatever the recipients announce",
             "rfc9580 rfc4880"),
};

struct backup {
    struct app *app;
    const struct backup_opts *opts;
    struct recipients to;
    struct secret *passphrase;
    struct backuprevs revocations;
    struct backup_content content;
};

static void backup_clear(struct backup *x)
{
    recipients_clear(&x->to);
    secret_free(x->passphrase);
    backuprevs_clear(&x->revocations);
    backup_content_clear(&x->content);
}

/* For whom. */

static bool uses_passphrase(const struct backup_opts *o)
{
    return o->passphrase || o->recipients.n + o->recipient_files.n == 0;
}

/* Are all who can open it here, so that who has lost this keyring cannot? */
static err *is_locked_in(struct backup *x, bool *out)
{
    struct keyring *k = NULL;
    TRY(app_keyring(x->app, &k));
    *out = x->passphrase == NULL;
    for (size_t i = 0; i < x->to.certs.n && *out; i++) {
        AUTO(cert_free) struct cert *c = NULL;
        TRY(keyring_get(k, cert_fingerprint(x->to.certs.items[i]), true, &c));
        *out = false;
        for (size_t n = 0; c != NULL && n < c->components.n; n++)
            *out = *out || unlock_is_here(&c->components.items[n]);
    }
    return NULL;
}

static err *choose_keys(struct backup *x)
{
    const struct backup_opts *o = x->opts;
    bool locked_in;
    if (o->passphrase_file != NULL && !uses_passphrase(o))
        return err_hint(err_new(ERR_INCOMPATIBLE, "--passphrase-file: the backup gets no "
                                                  "passphrase"),
                        "add -p to encrypt with the passphrase, too");
    TRY(recipients_find(x->app, &x->to, &o->recipients, &o->recipient_files, NULL));
    if (uses_passphrase(o))
        TRY(passphrase_new(o->passphrase_file, "the backup",
                           "give it with --passphrase-file FILE (or @FD:n, @ENV:NAME), or name a "
                           "recipient with -r",
                           &x->passphrase));
    TRY(is_locked_in(x, &locked_in));
    if (locked_in)
        report_warning(&x->app->report, "Warning: whoever opens the backup needs a key that is in "
                                        "it: keep that elsewhere, too, or add a passphrase (-p)");
    return NULL;
}

/* Writing. */

static err *open_plain(struct backup *x, struct source **out)
{
    struct keyring *k = NULL;
    TRY(app_keyring(x->app, &k));
    TRY(backup_source_new(k, world_now(x->app->world), x->revocations.items.items,
                          x->revocations.items.n, &x->content, out));
    bool shown = !x->app->report.json && !x->app->report.quiet && progress_is_possible();
    return shown ? progress_new(TAKE(*out), "backing up", 0, out) : NULL;
}

static err *open_message(struct backup *x, struct encrypt_choice *choice, struct source **out)
{
    struct encrypt_params params = {.recipients = x->to.items.items,
                                    .n_recipients = x->to.items.n,
                                    .passphrases = &x->passphrase,
                                    .n_passphrases = x->passphrase != NULL,
                                    .armor = output_wants_text(x->opts->output),
                                    .world = x->app->world};
    struct source *plain = NULL;
    TRY(recipients_format(x->opts->profile, &params.format));
    TRY(app_pool(x->app, &params.pool));
    TRY(open_plain(x, &plain));
    return encrypt_message(plain, &params, choice, out);
}

/* A job that looks in the wrong place must not write nothing, day after day. */
static err *check_content(const struct backup *x)
{
    const struct backup_summary *s = &x->content.summary;
    return s->certs + s->settings > 0
               ? NULL
               : err_new(ERR_NOT_FOUND, "%s: the keyring is empty", x->app->home);
}

/* What is in the way of the file is told before a passphrase is asked for. */
static err *write_file(struct backup *x, struct encrypt_choice *choice)
{
    AUTO(source_close) struct source *message = NULL;
    AUTO(sink_close) struct sink *sink = NULL;
    TRY(output_open_private(x->app, x->opts->output, x->opts->force, &sink));
    TRY(choose_keys(x));
    TRY(backuprevs_read(x->app, &x->revocations));
    TRY(open_message(x, choice, &message));
    TRY(pump(message, sink));
    TRY(check_content(x));
    return sink_commit(sink);
}

/* Afterwards. */

static err *note_keys(struct backup *x)
{
    struct keyring *k = NULL;
    app_rollback(x->app); /* it was open for reading */
    x->app->writes = true;
    TRY(app_begin(x->app, &k));
    for (size_t i = 0; i < x->content.held.n; i++)
        TRY(keyring_note_backup(k, &x->content.held.items[i], x->content.summary.made_at));
    return app_commit(x->app);
}

/* The backup is there, whatever comes now: a keyring that can only be read has one, too. */
static bool note(struct backup *x)
{
    char text[512];
    AUTO(err_free) err *e = x->content.held.n > 0 ? note_keys(x) : NULL;
    if (e == NULL)
        return true;
    app_rollback(x->app);
    report_remark(&x->app->report,
                  "It could not be noted in the keyring, and key check will not know of it: %s",
                  err_text(e, text, sizeof text));
    return false;
}

static err *tell(struct backup *x, const struct encrypt_choice *choice, bool noted)
{
    AUTO(free) char *text = NULL;
    struct report *r = &x->app->report;
    const struct backup_content *c = &x->content;
    TRY(backupfile_describe(&c->summary, &text));
    report_remark(r, "Backup of %s: %s", x->app->home, text);
    report_string(r, "output", x->opts->output);
    report_number(r, "seipd", choice->seipd_version);
    report_bool(r, "passphrase", x->passphrase != NULL);
    backupfile_report(r, &c->summary);
    report_number(r, "left_out", (int64_t)c->left);
    report_bool(r, "noted", noted);
    if (c->left > 0)
        report_warning(r,
                       "Warning: %llu secret keys are not in it, since their certificates are not "
                       "here; bulla keyring check names them",
                       (unsigned long long)c->left);
    return NULL;
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    CLEANUP(backup_clear) struct backup x = {.app = app, .opts = options};
    struct encrypt_choice choice;
    backuprevs_init(&x.revocations);
    TRY(args_check(args, 0, 0, ""));
    output_expect(app, x.opts->output, true);
    TRY(write_file(&x, &choice));
    return tell(&x, &choice, note(&x));
}

const struct command cmd_keyring_backup = {
    .noun = "keyring",
    .name = "backup",
    .summary = "write all of the keyring into one encrypted file",
    .synopsis = "[-r WHO...] [-o FILE]",
    .details =
        "The file has your keys, whose secret parts are protected by their passphrases as they are "
        "here, all certificates, with signatures that are only for you, whom you trust to certify "
        "keys, and the revocation certificates beside the keyring: all as it is at one moment, "
        "whatever other processes write. bulla keyring restore brings it back, bulla keyring "
        "verify-backup tells whether that would work.\n\n"
        "It is encrypted with a passphrase, which is asked for where no --passphrase-file is "
        "named, "
        "or to recipients (-r), whose secret keys must not be here alone: who has lost this "
        "keyring needs another copy of one to open the backup. Anybody can encrypt a file to a "
        "recipient, and so make another backup in the place of this one: only a passphrase makes "
        "sure who it is from.\n\n"
        "Other OpenPGP programs decrypt the file, too, and import the keys and certificates "
        "in it.\n\n"
        "bulla key check tells which keys are in no backup.",
    .examples =
        "bulla keyring backup -o /media/stick/bulla.backup\n"
        "bulla keyring backup -f --passphrase-file ~/.backup-pass -o bulla.backup  # for cron\n"
        "bulla keyring backup -r offline@example.org | ssh host 'cat > bulla.backup'",
    COMMAND_OPTIONS(opts, struct backup_opts),
    .needs = DATA_ON_STDOUT,
    .run = run,
};
