#include "cli/command.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "cli/output.h"
#include "cli/keywords.h"
#include "cli/passphrase.h"
#include "cli/revocert.h"
#include "cli/userids.h"
#include "pgp/bind.h"
#include "pgp/keygen.h"

struct generate_opts {
    bool no_passphrase, no_user_id, signing_only;
    const char *profile, *passphrase_file, *expires, *revocation_file;
    struct userids_opts userids;
};

static const struct opt opts[] = {
    OPT_WORD(0, "profile", struct generate_opts, profile, "NAME",
             "default (v4, Ed25519), rfc9580 (v6, Ed25519), security (v6, Ed448) or compatibility "
             "(v4, RSA 3072)",
             KEYWORDS_PROFILES),
    OPT_USERIDS(struct generate_opts, userids),
    OPT_FLAG(0, "no-user-id", struct generate_opts, no_user_id,
             "make a key that bears no name; its fingerprint is its name"),
    OPT_FLAG(0, "signing-only", struct generate_opts, signing_only,
             "make no subkey for encryption"),
    OPT_FLAG(0, "no-passphrase", struct generate_opts, no_passphrase,
             "do not protect the secret key"),
    OPT_TEXT(0, "new-passphrase-file", struct generate_opts, passphrase_file, "F",
             "protect it with the passphrase in F: a file, @FD:n or @ENV:NAME", OPT_INPUT),
    OPT_TEXT(0, "expires", struct generate_opts, expires, "WHEN",
             "2y, 18m, 90d, a date, or never; 3y unless said", OPT_ANY),
    OPT_TEXT(0, "revocation-file", struct generate_opts, revocation_file, "FILE",
             "write its revocation certificate to FILE", OPT_PLACE),
};

static const struct opt_conflict conflicts[] = {
    {"no-passphrase", "new-passphrase-file", "choose one"},
    {"no-user-id", "name", "a key without a user ID has no name"},
    {"no-user-id", "email", "a key without a user ID has no address"},
    {NULL, NULL, NULL},
};

static err *choose_profile(const char *name, const struct keygen_profile **out)
{
    *out = &keygen_profiles[0];
    return name != NULL ? keywords_profile(name, out) : NULL;
}

static err *choose_user_ids(const struct generate_opts *o, const struct args *args,
                            struct userids *out)
{
    TRY(userids_collect(&o->userids, args, out));
    if (o->no_user_id && out->n > 0)
        return err_new(ERR_INCOMPATIBLE, "--no-user-id: but there is one");
    if (out->n > 0 || o->no_user_id)
        return NULL;
    return err_hint(err_new(ERR_USAGE, "whose key?"),
                    "bulla key generate \"Your Name <you@example.org>\"");
}

static err *check_place(const char *path)
{
    if (path == NULL)
        return NULL;
    if (output_is_standard(path))
        return err_new(ERR_USAGE, "--revocation-file: it needs a file of its own");
    if (fs_exists(path))
        return err_hint(err_new(ERR_EXISTS, "%s: exists already", path),
                        "choose another name with --revocation-file");
    return NULL;
}

static err *tell(struct app *app, const struct cert *c, const char *revocation)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    AUTO(free) char *name = NULL;
    char fpr[FPR_TEXT_SIZE], date[WHEN_TEXT_SIZE];
    struct report *r = &app->report;
    TRY(bind_cert(c, app->policy, world_now(app->world), &b));
    TRY(text_escape(bound_user_id(b), &name));
    int64_t expires_at = b->items[0].expires_at;
    when_date(expires_at, date);
    fingerprint_text(cert_fingerprint(c), fpr);
    report_say(r, "%s", fpr);
    report_remark(r, "Made a key%s%s, which %s%s.", name[0] != '\0' ? " for " : "", name,
                  expires_at != 0 ? "expires on " : "does not expire", expires_at != 0 ? date : "");
    report_remark(r, "Give others your certificate: bulla cert export %s > me.asc", fpr);
    report_remark(r, "Should the key ever be stolen or lost, %s revokes it: keep a copy elsewhere.",
                  revocation);
    report_fingerprint(r, "fingerprint", cert_fingerprint(c));
    report_string(r, "userid", name[0] != '\0' ? name : NULL);
    if (expires_at != 0)
        report_time(r, "expires", expires_at);
    else
        report_string(r, "expires", NULL);
    report_string(r, "revocation_file", revocation);
    return NULL;
}

/* No key is here without its revocation certificate: so that comes first, and goes again
 * where the keyring cannot be written. */
static err *store(struct app *app, const struct cert *c, struct slice revocation,
                  const struct generate_opts *o)
{
    AUTO(free) char *path = NULL;
    struct keyring *k = NULL;
    enum keyring_put result;
    TRY(app_begin(app, &k));
    TRY(keyring_put_key(k, c, &result));
    TRY(revocert_write(app, c, revocation, o->revocation_file, false, &path));
    err *e = app_commit(app);
    if (e != NULL)
        unlink(path);
    TRY(e);
    return tell(app, c, path);
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct generate_opts *o = options;
    CLEANUP(userids_clear) struct userids ids = {0};
    CLEANUP(buf_clear) struct buf revocation = BUF_EMPTY(CERT_PACKET_MAX);
    AUTO(secret_free) struct secret *passphrase = NULL;
    AUTO(cert_free) struct cert *c = NULL;
    struct keygen_params p = {
        .world = app->world, .signing_only = o->signing_only, .revocation = &revocation};
    TRY(choose_profile(o->profile, &p.profile));
    TRY(choose_user_ids(o, args, &ids));
    TRY(when_parse_end(o->expires != NULL ? o->expires : "3y", world_now(app->world),
                       &p.expires_after));
    TRY(check_place(o->revocation_file));
    if (!o->no_passphrase)
        TRY(passphrase_new(o->passphrase_file, "the key",
                           "give it with --new-passphrase-file FILE (or @FD:n, @ENV:NAME), or do "
                           "without: --no-passphrase",
                           &passphrase));
    p.user_ids = ids.items;
    p.n_user_ids = ids.n;
    p.passphrase = passphrase;
    TRY(keygen_make(&p, &c));
    return store(app, c, buf_view(&revocation), o);
}

const struct command cmd_key_generate = {
    .noun = "key",
    .name = "generate",
    .summary = "make a new key of your own",
    .synopsis = "[--profile NAME] [--expires WHEN] \"NAME <E-MAIL>\"...",
    .details =
        "Makes a primary key that certifies and signs and a subkey for encryption, and stores "
        "them in the keyring. The secret parts are protected by a passphrase, which is asked for "
        "at the terminal.\n\n"
        "A user ID says whose key it is. It is given as one argument, or in parts: --name, "
        "combined "
        "with each --email. The first user ID is the one that is shown. --separate keeps names and "
        "addresses apart, so that others can vouch for the one without the other; some "
        "mail programs then show an address alone.\n\n"
        "A revocation certificate is written beside the keyring, to revocations/FINGERPRINT.asc, "
        "or "
        "to the --revocation-file. It makes the key void when you have lost it or its "
        "passphrase, and so it does in the hands of anybody else: keep a copy in a safe place. "
        "bulla cert import FILE puts it into force.",
    .examples = "bulla key generate \"Alice <alice@example.org>\"\n"
                "bulla key generate --name Alice --email alice@example.org --email a@work.example\n"
                "bulla key generate --expires never --no-passphrase \"Backup of host7\"\n"
                "bulla key generate --signing-only --no-user-id --no-passphrase\n"
                "bulla key generate --new-passphrase-file @ENV:PASS --profile rfc9580 \"Bob "
                "<bob@example.org>\"",
    COMMAND_OPTIONS(opts, struct generate_opts),
    .conflicts = conflicts,
    .needs = NEEDS_WRITE,
    .run = run,
};
