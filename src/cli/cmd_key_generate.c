#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "cli/passphrase.h"
#include "pgp/bind.h"
#include "pgp/keygen.h"

struct generate_opts {
    bool no_passphrase;
    const char *profile, *passphrase_file, *expires;
};

static const struct opt opts[] = {
    OPT_WORD(0, "profile", struct generate_opts, profile, "NAME",
             "default (v4, Ed25519), rfc9580 (v6, Ed25519), security (v6, Ed448) or compatibility "
             "(v4, RSA 3072)",
             "default rfc9580 security compatibility"),
    OPT_FLAG(0, "no-passphrase", struct generate_opts, no_passphrase,
             "do not protect the secret key"),
    OPT_TEXT(0, "new-passphrase-file", struct generate_opts, passphrase_file, "F",
             "protect it with the passphrase in F: a file, @FD:n or @ENV:NAME", OPT_INPUT),
    OPT_TEXT(0, "expires", struct generate_opts, expires, "WHEN",
             "2y, 18m, 90d, a date, or never; 3y unless said", OPT_ANY),
};

static const struct opt_conflict conflicts[] = {
    {"no-passphrase", "new-passphrase-file", "choose one"},
    {NULL, NULL, NULL},
};

static err *choose_profile(const char *name, const struct keygen_profile **out)
{
    *out = name == NULL ? &keygen_profiles[0] : keygen_profile_find(name);
    if (*out == NULL)
        return err_hint(err_new(ERR_PROFILE, "%s: no such profile", name),
                        "there are: default, rfc9580, security, compatibility");
    return NULL;
}

static err *user_ids(const struct args *args, struct slice **out)
{
    if (args->n == 0)
        return err_hint(err_new(ERR_USAGE, "whose key?"),
                        "bulla key generate \"Your Name <you@example.org>\"");
    TRY(MEM_ARRAY(*out, args->n));
    for (size_t i = 0; i < args->n; i++)
        (*out)[i] = slice_of_string(args->items[i]);
    return NULL;
}

static err *tell(struct app *app, const struct cert *c)
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
    report_remark(r, "Made a key for %s, which %s%s.", name,
                  expires_at != 0 ? "expires on " : "does not expire", expires_at != 0 ? date : "");
    report_remark(r, "Give others your certificate: bulla cert export %s > me.asc", fpr);
    report_fingerprint(r, "fingerprint", cert_fingerprint(c));
    report_string(r, "userid", name);
    if (expires_at != 0)
        report_time(r, "expires", expires_at);
    else
        report_string(r, "expires", NULL);
    return NULL;
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct generate_opts *o = options;
    AUTO(free) struct slice *ids = NULL;
    AUTO(secret_free) struct secret *passphrase = NULL;
    AUTO(cert_free) struct cert *c = NULL;
    struct keygen_params p = {.world = app->world, .n_user_ids = args->n};
    struct keyring *k = NULL;
    enum keyring_put result;
    TRY(choose_profile(o->profile, &p.profile));
    TRY(user_ids(args, &ids));
    TRY(when_parse_end(o->expires != NULL ? o->expires : "3y", world_now(app->world),
                       &p.expires_after));
    if (!o->no_passphrase)
        TRY(passphrase_new(o->passphrase_file, "the key",
                           "give it with --new-passphrase-file FILE (or @FD:n, @ENV:NAME), or do "
                           "without: --no-passphrase",
                           &passphrase));
    p.user_ids = ids;
    p.passphrase = passphrase;
    TRY(keygen_make(&p, &c));
    TRY(app_begin(app, &k));
    TRY(keyring_put_key(k, c, &result));
    return tell(app, c);
}

const struct command cmd_key_generate = {
    .noun = "key",
    .name = "generate",
    .summary = "make a new key of your own",
    .synopsis = "[--profile NAME] [--expires WHEN] \"NAME <E-MAIL>\"...",
    .details =
        "Makes a primary key that certifies and signs and a subkey for encryption, and stores "
        "them in the keyring. The secret parts are protected by a passphrase, which is asked for "
        "at the terminal.",
    .examples = "bulla key generate \"Alice <alice@example.org>\"\n"
                "bulla key generate --expires never --no-passphrase \"Backup of host7\"\n"
                "bulla key generate --new-passphrase-file @ENV:PASS --profile rfc9580 \"Bob "
                "<bob@example.org>\"",
    COMMAND_OPTIONS(opts, struct generate_opts),
    .conflicts = conflicts,
    .needs = NEEDS_WRITE,
    .run = run,
};
