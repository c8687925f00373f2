#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/authentic.h"
#include "cli/batch.h"
#include "cli/job.h"
#include "cli/output.h"
#include "cli/passphrase.h"
#include "cli/recipients.h"
#include "cli/signers.h"
#include "cli/who.h"
#include "crypto/algo.h"
#include "stream/pump.h"

struct encrypt_opts {
    struct opt_list recipients, recipient_files, passphrase_files, key_passphrase_files, signers;
    bool passphrase, sign, armor, force, no_self, hide;
    const char *output, *profile, *compress, *trust;
};

static const struct opt opts[] = {
    OPT_LIST('r', "recipient", struct encrypt_opts, recipients, "WHO",
             "encrypt to WHO: fingerprint, key ID, e-mail or part of a user ID", OPT_CERT),
    OPT_LIST(0, "recipient-file", struct encrypt_opts, recipient_files, "CERT",
             "encrypt to the certificate in a file", OPT_INPUT),
    OPT_FLAG('p', "passphrase", struct encrypt_opts, passphrase, "encrypt with a passphrase, too"),
    OPT_LIST(0, "passphrase-file", struct encrypt_opts, passphrase_files, "F",
             "take passphrases from F: a file, @FD:n or @ENV:NAME", OPT_INPUT),
    OPT_LIST(0, "key-passphrase-file", struct encrypt_opts, key_passphrase_files, "F",
             "take the signing key's passphrase from F", OPT_INPUT),
    OPT_FLAG('s', "sign", struct encrypt_opts, sign, "sign, too"),
    OPT_LIST('u', "signer", struct encrypt_opts, signers, "WHO", "sign with this key of yours",
             OPT_KEY),
    OPT_FLAG('a', "armor", struct encrypt_opts, armor, "write text instead of bytes"),
    OPT_FLAG('f', "force", struct encrypt_opts, force, "replace an existing output file"),
    OPT_TEXT('o', "output", struct encrypt_opts, output, "FILE",
             "write to FILE; - is standard output", OPT_PLACE),
    OPT_FLAG(0, "no-self", struct encrypt_opts, no_self, "not also to yourself"),
    OPT_FLAG(0, "hide-recipients", struct encrypt_opts, hide,
             "do not tell in the message whom it is for"),
    OPT_TRUST(struct encrypt_opts, trust),
    OPT_WORD(0, "profile", struct encrypt_opts, profile, "NAME",
             "rfc9580 (AEAD) or rfc4880 (for old programs), whatever the recipients announce",
             "rfc9580 rfc4880"),
    OPT_WORD(0, "compress", struct encrypt_opts, compress, "HOW",
             "compress with zip, zlib or bzip2; off unless asked for", "zip zlib bzip2"),
};

/* What is the same for every file. */
struct encryption {
    struct app *app;
    const struct encrypt_opts *opts;
    struct recipients to;
    struct secret *passphrase;
    struct opt_list for_keys; /* passphrase files of signing keys; borrowed */
    struct signers signers;
    struct sign_params sign;
    struct encrypt_params params;
};

static void encryption_clear(struct encryption *x)
{
    recipients_clear(&x->to);
    signers_clear(&x->signers);
    secret_free(x->passphrase);
}

/* One's own certificate, if it can be encrypted to. */
static err *add_self(struct encryption *x, const struct cert *own)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    AUTO(free) char *name = NULL;
    struct cert *copy = NULL;
    TRY(bind_cert(own, x->app->policy, world_now(x->app->world), &b));
    if (bound_find_key(b, FLAG_ENCRYPT, PK_ENCRYPTS) == NULL) {
        TRY(who_name(x->app, own, &name));
        report_remark(&x->app->report, "Not encrypted to yourself: %s has no valid encryption key",
                      name);
        return NULL;
    }
    TRY(cert_copy(own, &copy));
    return recipients_add(x->app, &x->to, copy);
}

/* The sender wants to read the message again: to the signing keys, else to the
 * only key of one's own. */
static err *add_selves(struct encryption *x)
{
    AUTO(cert_free) struct cert *own = NULL;
    for (size_t i = 0; i < x->signers.n; i++)
        TRY(add_self(x, x->signers.certs[i]));
    if (x->signers.n > 0)
        return NULL;
    /* Where recipients come from files, there may be no keyring to speak of. */
    if (x->app->home == NULL)
        return NULL;
    err *e = who_own_key(x->app, "choose one with -u", &own);
    if (err_kind_of(e) == ERR_AMBIGUOUS)
        report_remark(&x->app->report, "Not encrypted to yourself: you have several keys; choose "
                                       "with -u, or add -r");
    if (err_kind_of(e) == ERR_AMBIGUOUS || err_kind_of(e) == ERR_NOT_FOUND) {
        err_free(e);
        return NULL;
    }
    TRY(e);
    return add_self(x, own);
}

static bool signs(const struct encrypt_opts *o)
{
    return o->sign || o->signers.n > 0;
}

/* Who gives a passphrase expects that it protects something. */
static err *check_use(const struct encrypt_opts *o, bool for_message)
{
    if (o->passphrase_files.n > 0 && !for_message && !signs(o))
        return err_hint(err_new(ERR_INCOMPATIBLE, "--passphrase-file: the message gets no "
                                                  "passphrase, and nobody signs"),
                        "add -p to encrypt with the passphrase, too");
    if (o->key_passphrase_files.n > 0 && !signs(o))
        return err_hint(err_new(ERR_INCOMPATIBLE, "--key-passphrase-file: nobody signs"),
                        "add -s to sign the message");
    return NULL;
}

/* The message gets a passphrase with -p, or where nothing else would open it; the
 * first --passphrase-file is then that. */
static err *take_passphrase(struct encryption *x)
{
    const struct encrypt_opts *o = x->opts;
    bool only = o->recipients.n + o->recipient_files.n == 0 && o->passphrase_files.n > 0;
    TRY(check_use(o, o->passphrase || only));
    x->for_keys = o->passphrase_files;
    if (o->passphrase || only) {
        bool given = o->passphrase_files.n > 0;
        TRY(passphrase_new(given ? o->passphrase_files.items[0] : NULL, "the message",
                           "give it with --passphrase-file FILE (or @FD:n, @ENV:NAME)",
                           &x->passphrase));
        if (given)
            x->for_keys = (struct opt_list){o->passphrase_files.items + 1,
                                            o->passphrase_files.n - 1};
    }
    if (o->key_passphrase_files.n > 0)
        x->for_keys = o->key_passphrase_files;
    app_set_passphrases(x->app, &x->for_keys, "--key-passphrase-file");
    return NULL;
}

static err *choose_compression(struct encryption *x)
{
    static const char *const names[] = {"none", "zip", "zlib", "bzip2"};
    const char *name = x->opts->compress;
    for (uint8_t i = 0; name != NULL && i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            x->params.compression = i;
            return NULL;
        }
    }
    if (name != NULL)
        return err_new(ERR_USAGE, "--compress: %s: not zip, zlib or bzip2", name);
    return NULL;
}

static err *prepare(struct encryption *x)
{
    const struct encrypt_opts *o = x->opts;
    bool sign = signs(o);
    TRY(recipients_format(o->profile, &x->params.format));
    TRY(choose_compression(x));
    TRY(take_passphrase(x));
    TRY(recipients_find(x->app, &x->to, &o->recipients, &o->recipient_files, o->trust));
    if (x->to.items.n == 0 && x->passphrase == NULL)
        return err_hint(err_new(ERR_USAGE, "for whom?"),
                        "name a recipient with -r WHO, or use a passphrase with -p");
    if (sign)
        TRY(signers_open(x->app, &o->signers, &x->signers));
    if (x->to.items.n > 0 && !o->no_self)
        TRY(add_selves(x));
    x->sign = (struct sign_params){
        .signers = x->signers.items, .n_signers = x->signers.n, .world = x->app->world};
    x->params.sign = sign ? &x->sign : NULL;
    x->params.recipients = x->to.items.items;
    x->params.n_recipients = x->to.items.n;
    x->params.passphrases = &x->passphrase;
    x->params.n_passphrases = x->passphrase != NULL;
    x->params.world = x->app->world;
    return app_pool(x->app, &x->params.pool);
}

static void report_file(struct report *r, const char *output, const struct encrypt_choice *c)
{
    report_string(r, "output", output);
    report_number(r, "seipd", c->seipd_version);
    report_string(r, "cipher", algo_cipher_name(c->cipher));
    report_string(r, "aead", c->seipd_version == 2 ? algo_aead_name(c->aead) : NULL);
}

static err *encrypt_one(void *context, struct task *t)
{
    const struct encryption *x = context;
    const struct encrypt_opts *o = x->opts;
    AUTO(free) char *name = NULL;
    AUTO(sink_close) struct sink *sink = NULL;
    AUTO(source_close) struct source *message = NULL;
    struct source *plain = NULL;
    struct encrypt_params params = x->params;
    struct encrypt_choice choice;
    TRY(output_name(o->output, t->input, o->armor ? ".asc" : ".pgp", &name));
    TRY(job_open(t->app, t->input, "encrypting", &plain));
    params.armor = o->armor || output_wants_text(name);
    TRY(encrypt_message(plain, &params, &choice, &message));
    TRY(output_open(t->app, name, o->force, &sink));
    TRY(input_error(pump(message, sink), t->input));
    TRY(task_commit(t, sink));
    report_file(&t->app->report, name, &choice);
    return NULL;
}

static err *report_recipients(struct encryption *x)
{
    struct report *r = &x->app->report;
    report_array(r, "recipients");
    for (size_t i = 0; i < x->to.certs.n; i++)
        report_fingerprint(r, NULL, cert_fingerprint(x->to.certs.items[i]));
    report_end_array(r);
    report_bool(r, "passphrase", x->passphrase != NULL);
    report_bool(r, "signed", x->params.sign != NULL);
    return NULL;
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    CLEANUP(encryption_clear) struct encryption x = {.app = app, .opts = options};
    x.to.hide = x.opts->hide;
    output_expect(app, x.opts->output, args->n == 0 || output_is_standard(args->items[0]));
    if (x.opts->output != NULL && args->n > 1)
        return err_new(ERR_INCOMPATIBLE, "-o and several files: each gets its own output");
    TRY(prepare(&x));
    TRY(report_recipients(&x));
    return batch_run(app, args, "encrypting", encrypt_one, &x);
}

const struct command cmd_encrypt = {
    .name = "encrypt",
    .summary = "encrypt files so that only the recipients can read them",
    .synopsis = "-r WHO... [FILE...]",
    .details =
        "FILE becomes FILE.pgp (FILE.asc with -a) beside it; standard input goes to standard "
        "output. The message can be read by every recipient, by whoever knows the passphrase "
        "(-p), and by yourself.\n\n"
        "A recipient named by the whole fingerprint, or a certificate file, is taken as it is. By "
        "any other name it must be certain whose key it is: your own, or one that the roots of "
        "your web of trust authenticate (bulla trust check WHO). If it is not, nothing is "
        "written, the exit code is 110, and the error names the command that accepts the "
        "certificate. Of several that have the same address the one that is authenticated is "
        "meant; the others are told.\n\n"
        "With -p, or without recipients, the first --passphrase-file is the message's; others "
        "are for signing keys. Passphrases come from the terminal where no file is named.",
    .examples = "bulla encrypt -r alice@example.org report.pdf  # makes report.pdf.pgp\n"
                "bulla encrypt -r alice@example.org -s report.pdf  # signed, too\n"
                "tar -c photos | bulla encrypt -r 0x1234567890ABCDEF > photos.tar.pgp\n"
                "bulla encrypt -p notes.txt  # with a passphrase only\n"
                "bulla encrypt --recipient-file bob.asc letter.txt  # without importing it",
    .values = "FILE",
    COMMAND_OPTIONS(opts, struct encrypt_opts),
    .needs = DATA_ON_STDOUT,
    .run = run,
};
