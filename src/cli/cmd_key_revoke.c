/* key: revoking one, and the certificate to do so later. */
#include "cli/command.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cli/keyedit.h"
#include "cli/output.h"
#include "cli/prompt.h"
#include "cli/reason.h"
#include "cli/revocert.h"
#include "cli/who.h"
#include "pgp/edit.h"
#include "pgp/revocation.h"

/* Revoking. */

struct revoke_opts {
    struct keyedit_opts edit;
    struct reason_opts reason;
    bool yes;
};

static const struct opt revoke_options[] = {
    OPT_REASON(struct revoke_opts, reason),
    OPT_FLAG('y', "yes", struct revoke_opts, yes, "do not ask"),
    OPT_KEYEDIT(struct revoke_opts, edit),
};

struct revoking {
    struct app *app;
    bool confirmed;
    enum revocation_reason reason;
    const char *message;
};

static err *confirm(struct revoking *x, const struct cert *c)
{
    AUTO(free) char *name = NULL, *question = NULL;
    char fpr[FPR_TEXT_SIZE];
    if (x->confirmed)
        return NULL;
    TRY(who_name(x->app, c, &name));
    fingerprint_text(cert_fingerprint(c), fpr);
    if (!prompt_is_possible())
        return err_hint(err_new(ERR_USAGE, "%s: revoke it?", name),
                        "there is no terminal to ask at: say --yes");
    TRY(mem_printf(&question, "Revoke the key\n  %s  %s\nas %s? %s (y/N) ", fpr, name,
                   sig_revocation_reason_name((uint8_t)x->reason),
                   revocation_reason_is_hard((uint8_t)x->reason)
                       ? "All that it has ever signed becomes void, and nothing undoes that."
                       : "Nobody will encrypt to it any more; what it has signed stays good."));
    TRY(prompt_yes(question, &x->confirmed));
    return x->confirmed ? NULL : err_new(ERR_INTERRUPTED, "not revoked");
}

/* A key that was merely retired can have been stolen later. */
static err *check_unrevoked(const struct revoking *x, const struct cert *c)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    AUTO(err_free) err *problem = NULL;
    char fpr[FPR_TEXT_SIZE], reason[512];
    TRY(bind_cert(c, x->app->policy, world_now(x->app->world), &b));
    const struct sig *s = b->items[0].revocation;
    if (s == NULL)
        return NULL;
    if (revocation_reason_is_hard((uint8_t)x->reason) && !revocation_is_hard(s))
        return NULL;
    problem = revocation_problem(c, s);
    fingerprint_text(cert_fingerprint(c), fpr);
    return err_new(ERR_EXISTS, "%s: it is %s", fpr, err_text(problem, reason, sizeof reason));
}

static err *apply(void *context, const struct cert *c, const struct signer_params *p,
                  struct cert **out)
{
    struct revoking *x = context;
    TRY(check_unrevoked(x, c));
    TRY(confirm(x, c));
    return edit_revoke(c, p, x->reason, x->message, out);
}

static err *run_revoke(struct app *app, const void *options, const struct args *args)
{
    const struct revoke_opts *o = options;
    struct revoking x = {.app = app, .confirmed = o->yes || o->edit.dry_run};
    TRY(args_check(args, 1, 1, "WHO"));
    if (o->reason.reason == NULL)
        return err_hint(err_new(ERR_MISSING_ARG, "--reason is missing: why?"),
                        "compromised, superseded, retired or unspecified: bulla help key revoke");
    TRY(reason_parse(&o->reason, REVOKED_NO_REASON, &x.reason, &x.message));
    return keyedit_run(app, &o->edit, args->items[0], apply, &x);
}

const struct command cmd_key_revoke = {
    .noun = "key",
    .name = "revoke",
    .summary = "take a key of yours back, as a whole",
    .synopsis = "--reason WHY [--message TEXT] [--yes] WHO",
    .details = REASON_DETAILS
    "\n\nThe key must be unlocked for it. Where that is not possible any more, its revocation "
    "certificate does the same: bulla cert import FILE. The secret key stays, to decrypt old "
    "messages with.\n\n"
    "It asks first, unless --yes says that it need not. Others know nothing of it until they "
    "get the certificate again. --dry-run only shows what would change.",
    .examples =
        "bulla key revoke --reason superseded --message \"use 0123...CDEF\" old@example.org\n"
        "bulla key revoke --reason compromised --yes --passphrase-file pass alice@example.org",
    .values = "KEY",
    COMMAND_OPTIONS(revoke_options, struct revoke_opts),
    .needs = NEEDS_WRITE,
    .run = run_revoke,
};

/* The certificate. */

struct certificate_opts {
    struct opt_list passphrase_files;
    struct reason_opts reason;
    const char *output;
    bool force;
};

static const struct opt certificate_options[] = {
    OPT_TEXT('o', "output", struct certificate_opts, output, "FILE",
             "write to FILE instead of its place beside the keyring", OPT_PLACE),
    OPT_FLAG('f', "force", struct certificate_opts, force, "replace an existing file"),
    OPT_REASON(struct certificate_opts, reason),
    OPT_LIST(0, "passphrase-file", struct certificate_opts, passphrase_files, "F",
             "take the key's passphrase from F: a file, @FD:n or @ENV:NAME", OPT_INPUT),
};

static err *make(struct app *app, const struct cert *c, const struct certificate_opts *o,
                 struct buf *packets)
{
    const struct key_finder finder = app_finder(app);
    const struct signer_params params = {
        .finder = &finder, .policy = app->policy, .limits = &app->limits, .world = app->world};
    enum revocation_reason reason;
    const char *message;
    TRY(reason_parse(&o->reason, REVOKED_NO_REASON, &reason, &message));
    return edit_revocation_certificate(c, &params, reason, message, packets);
}

static err *check_output(const char *path)
{
    if (path != NULL && output_is_standard(path))
        return err_new(ERR_USAGE, "-o -: a revocation certificate needs a file of its own");
    return NULL;
}

static err *run_certificate(struct app *app, const void *options, const struct args *args)
{
    const struct certificate_opts *o = options;
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(CERT_PACKET_MAX);
    AUTO(cert_free) struct cert *c = NULL;
    AUTO(free) char *path = NULL;
    TRY(args_check(args, 1, 1, "WHO"));
    TRY(check_output(o->output));
    app_set_passphrases(app, &o->passphrase_files, "--passphrase-file");
    TRY(who_key(app, args->items[0], WHO_TO_LOOK_AT, &c));
    TRY(make(app, c, o, &packets));
    TRY(revocert_write(app, c, buf_view(&packets), o->output, o->force, &path));
    report_remark(&app->report, "Wrote %s: keep a copy where only you get at it.", path);
    report_fingerprint(&app->report, "fingerprint", cert_fingerprint(c));
    report_string(&app->report, "revocation_file", path);
    return NULL;
}

const struct command cmd_key_revocation = {
    .noun = "key",
    .name = "revocation",
    .summary = "write a revocation certificate, to revoke a key later",
    .synopsis = "[-o FILE] WHO",
    .details =
        "For a key that has come from elsewhere, or whose revocation certificate is gone; "
        "bulla key generate writes one with each new key. Nothing happens to the key until "
        "somebody imports the file (bulla cert import FILE): then the key is void. The file goes "
        "to "
        "revocations/FINGERPRINT.asc beside the keyring unless -o says "
        "otherwise.\n\n" REASON_DETAILS
        " Unless said otherwise it is unspecified, since nobody knows yet what will have happened.",
    .examples = "bulla key revocation alice@example.org\n"
                "bulla key revocation -o /media/usb/revoke-alice.asc alice@example.org",
    .values = "KEY",
    COMMAND_OPTIONS(certificate_options, struct certificate_opts),
    .run = run_certificate,
};
