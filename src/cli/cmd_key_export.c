/* key export: secret keys for oneself, whole or without the primary secret, and the public
 * part of those that log in with SSH. */
#include "cli/command.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/who.h"
#include "keyring/localroot.h"
#include "pgp/armored.h"
#include "pgp/bind.h"
#include "pgp/edit.h"
#include "pgp/sshkey.h"
#include "stream/input.h"
#include "stream/pump.h"

struct export_opts {
    bool binary, armor, force, ssh, subkeys_only;
    const char *output;
};

static const struct opt opts[] = {
    OPT_TEXT('o', "output", struct export_opts, output, "FILE",
             "write to FILE (readable only for you) instead of standard output", OPT_PLACE),
    OPT_FLAG('f', "force", struct export_opts, force, "replace an existing output file"),
    OPT_FLAG('a', "armor", struct export_opts, armor, "write text; this is the default"),
    OPT_FLAG(0, "binary", struct export_opts, binary, "write bytes instead of text"),
    OPT_FLAG(0, "subkeys-only", struct export_opts, subkeys_only,
             "leave the primary key's secret part out"),
    OPT_FLAG(0, "ssh", struct export_opts, ssh,
             "write the public part of the key that authenticates, for OpenSSH"),
};

static const struct opt_conflict conflicts[] = {
    {"armor", "binary", "choose one"},
    {"ssh", "armor", "OpenSSH has a form of its own"},
    {"ssh", "binary", "OpenSSH has a form of its own"},
    {"ssh", "subkeys-only", "nothing secret is in it anyway"},
    {NULL, NULL, NULL},
};

struct export
{
    struct app *app;
    const struct export_opts *opts;
    struct buf result;
};

static void export_clear(struct export *x)
{
    buf_clear(&x->result);
}

/* What the machine that gets the subkeys will miss. */
static err *remark_on_subkeys(struct app *app, const struct cert *c)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    TRY(bind_cert(c, app->policy, world_now(app->world), &b));
    const struct bound *signing = bound_find_key(b, FLAG_SIGN, PK_SIGNS);
    if (signing != NULL && signing->component->kind == COMPONENT_PRIMARY)
        report_remark(&app->report, "It only decrypts with that: the key that signs is the primary "
                                    "key. bulla key add-subkey --for sign adds another one.");
    return NULL;
}

static err *add_subkeys(struct export *x, const struct cert *c)
{
    AUTO(cert_free) struct cert *subkeys = NULL;
    TRY(edit_without_primary_secret(c, &subkeys));
    cert_write(subkeys, CERT_SECRET, &x->result);
    return remark_on_subkeys(x->app, c);
}

static bool may_authenticate(const struct bound_cert *b)
{
    for (size_t i = 0; i < b->n; i++) {
        if ((b->items[i].key_flags & FLAG_AUTHENTICATE) != 0)
            return true;
    }
    return false;
}

static err *no_ssh_key(const struct bound_cert *b)
{
    char fpr[FPR_TEXT_SIZE];
    fingerprint_text(cert_fingerprint(b->cert), fpr);
    if (bound_problem(b) == NULL && !may_authenticate(b))
        return err_hint(err_new(ERR_CANNOT_SIGN, "%s: no key of it may authenticate", fpr),
                        "bulla key add-subkey --for auth %s adds one", fpr);
    err *e = bound_why_no_key(b, FLAG_AUTHENTICATE, PK_SIGNS, "authenticate");
    return err_wrap(err_as(e, ERR_CANNOT_SIGN), "%s", fpr);
}

/* One line for the authorized_keys of a server, with the user ID behind the key. */
static err *add_ssh(struct export *x, const struct cert *c)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    AUTO(free) char *name = NULL;
    TRY(bind_cert(c, x->app->policy, world_now(x->app->world), &b));
    const struct bound *key = bound_find_key(b, FLAG_AUTHENTICATE, PK_SIGNS);
    if (key == NULL)
        return no_ssh_key(b);
    TRY(who_name(x->app, c, &name));
    TRY(sshkey_write(&key->component->key, &x->result));
    buf_printf(&x->result, " %s\n", name);
    return NULL;
}

/* Of a local root all signatures are local: it would be nothing without them. */
static err *add_whole(struct export *x, const struct cert *c)
{
    struct keyring *k = NULL;
    bool local;
    TRY(app_keyring(x->app, &k));
    TRY(localroot_is(k, cert_fingerprint(c), &local));
    cert_write(c, local ? CERT_SECRET | CERT_LOCAL : CERT_SECRET, &x->result);
    return NULL;
}

static err *add(struct export *x, const char *who)
{
    AUTO(cert_free) struct cert *c = NULL;
    TRY(who_key(x->app, who, WHO_TO_LOOK_AT, &c));
    if (x->opts->ssh)
        TRY(add_ssh(x, c));
    else if (x->opts->subkeys_only)
        TRY(add_subkeys(x, c));
    else
        TRY(add_whole(x, c));
    report_fingerprint(&x->app->report, NULL, cert_fingerprint(c));
    return buf_end(&x->result);
}

static err *add_all(struct export *x, const struct args *args)
{
    report_array(&x->app->report, "exported");
    for (size_t i = 0; i < args->n; i++)
        TRY(add(x, args->items[i]));
    report_end_array(&x->app->report);
    return NULL;
}

static err *write(struct export *x)
{
    const struct export_opts *o = x->opts;
    AUTO(source_close) struct source *s = NULL;
    AUTO(sink_close) struct sink *sink = NULL;
    TRY(input_from_memory(buf_view(&x->result), &s));
    if (!o->binary && !o->ssh)
        TRY(armored_new(TAKE(s), ARMOR_PRIVATE_KEY, &s));
    TRY(o->ssh ? output_open(x->app, o->output, o->force, &sink)
               : output_open_private(x->app, o->output, o->force, &sink));
    TRY(pump(s, sink));
    report_string(&x->app->report, "output", o->output);
    return sink_commit(sink);
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct export_opts *o = options;
    CLEANUP(export_clear)
    struct export x = {.app = app, .opts = o, .result = BUF_EMPTY(SIZE_MAX)};
    output_expect(app, o->output, true);
    if (args->n == 0)
        return err_hint(err_new(ERR_USAGE, "which one?"),
                        "name it by fingerprint, key ID, e-mail or user ID");
    TRY(add_all(&x, args));
    return write(&x);
}

const struct command cmd_key_export = {
    .noun = "key",
    .name = "export",
    .summary = "write a secret key, for yourself on another machine",
    .synopsis = "[--subkeys-only | --ssh] WHO...",
    .details =
        "The secret parts are as well protected in the file as in the keyring: by their "
        "passphrase, if they have one. To give your key to others, use bulla cert export.\n\n"
        "--subkeys-only is for a machine that is to decrypt, and sign with a subkey, but not to "
        "change the key: instead of the primary key's secret part, the file says that it is "
        "elsewhere, as GnuPG does. There is no form for that in version 6 keys: they are "
        "refused.\n\n"
        "--ssh writes nothing secret, but a line for the authorized_keys of a server: the newest "
        "subkey (or primary key) that may authenticate. bulla key add-subkey --for auth makes "
        "one.",
    .examples = "bulla key export -o key.asc work@example.org\n"
                "bulla key export --subkeys-only -o laptop.asc work@example.org\n"
                "bulla key export --ssh work@example.org > work.pub",
    .values = "KEY",
    COMMAND_OPTIONS(opts, struct export_opts),
    .conflicts = conflicts,
    .needs = DATA_ON_STDOUT,
    .run = run,
};
