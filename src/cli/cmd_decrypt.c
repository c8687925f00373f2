#include "cli/command.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/batch.h"
#include "cli/job.h"
#include "cli/output.h"
#include "cli/signerfiles.h"
#include "cli/verdicts.h"
#include "crypto/algo.h"
#include "pgp/message.h"
#include "stream/armor.h"
#include "stream/pump.h"

struct decrypt_opts {
    struct opt_list passphrase_files, signers, signer_files;
    bool force, allow_legacy, any_expansion;
    const char *output, *trust, *passphrase_memory;
    struct moment_opts moment;
};

static const struct opt opts[] = {
    OPT_TEXT('o', "output", struct decrypt_opts, output, "FILE",
             "write to FILE; - is standard output", OPT_PLACE),
    OPT_FLAG('f', "force", struct decrypt_opts, force, "replace an existing output file"),
    OPT_LIST(0, "passphrase-file", struct decrypt_opts, passphrase_files, "F",
             "take the key's or message's passphrase from F: a file, @FD:n or @ENV:NAME",
             OPT_INPUT),
    OPT_LIST(0, "signer", struct decrypt_opts, signers, "WHO",
             "accept the message only with a good signature by WHO", OPT_CERT),
    OPT_LIST(0, "signer-file", struct decrypt_opts, signer_files, "CERT",
             "the same, by the certificate in a file", OPT_INPUT),
    OPT_FLAG(0, "allow-legacy", struct decrypt_opts, allow_legacy,
             "open old messages without protection against changes, too"),
    OPT_TEXT(0, "max-passphrase-memory", struct decrypt_opts, passphrase_memory, "SIZE",
             "let a message's passphrase cost as much memory as SIZE (2GiB unless given)", OPT_ANY),
    OPT_FLAG(0, "any-expansion", struct decrypt_opts, any_expansion,
             "let compressed data become more than 1100 times as long"),
    OPT_TRUST(struct decrypt_opts, trust),
    OPT_MOMENT(struct decrypt_opts, moment),
};

static const char *const suffixes[] = {".pgp", ".gpg", ".asc", NULL};

struct decryption {
    struct app *app;
    const struct decrypt_opts *opts;
    struct signer_files signers;
    struct message_params params;
};

static void decryption_clear(struct decryption *x)
{
    signer_files_clear(&x->signers);
}

static err *not_encrypted(void)
{
    return err_hint(err_new(ERR_MALFORMED, "the message is not encrypted"),
                    "bulla verify FILE checks who signed it; bulla inspect FILE shows what it is");
}

static err *open_message(struct task *t, const struct message_params *params, struct message **out)
{
    struct source *s = NULL;
    TRY(job_open(t->app, t->input, "decrypting", &s));
    TRY(armor_open(s, ARMOR_ONE, &s));
    TRY(message_open(s, params, out));
    return message_info(*out)->encrypted ? NULL : not_encrypted();
}

/* What is out cannot be taken back.  Text whose integrity shows only at its end
 * waits for it; so does a signed text, up to a limit, or (if a certain signer is
 * asked for) altogether. */
static err *hold_back(const struct decryption *x, struct message *m, struct sink **sink)
{
    bool deferred = message_body(m)->deferred, asked = x->signers.wanted.n > 0;
    bool is_signed = message_info(m)->n_signatures > 0;
    if (!(*sink)->immediate || !(deferred || asked || is_signed))
        return NULL;
    return sink_hold(TAKE(*sink), deferred || asked ? app_temporary_directory() : NULL, sink);
}

/* As they are called in the report, by enum encdata_kind. */
static const char *const protection_names[] = {"none", "seipd1", "ocb", "seipd2"};

static void report_message(struct report *r, const char *output, const struct message_info *info)
{
    report_string(r, "output", output);
    if (info->encdata.kind == ENCDATA_MDC || info->encdata.kind == ENCDATA_AEAD)
        report_number(r, "seipd", info->encdata.kind == ENCDATA_AEAD ? 2 : 1);
    report_string(r, "protection", protection_names[info->encdata.kind]);
    report_string(r, "cipher", algo_cipher_name(info->cipher));
    report_string(r, "aead",
                  encdata_names_cipher(&info->encdata) ? algo_aead_name(info->encdata.aead) : NULL);
    report_fingerprint(r, "key", &info->key_fpr);
    report_bool(r, "passphrase", info->by_passphrase);
    if (info->encdata.kind == ENCDATA_NOTHING)
        report_warning(r, "Warning: the message is not protected: anybody on the way "
                          "may have changed it");
    if (algo_cipher(info->cipher)->status == ALGO_LEGACY)
        report_warning(r, "Warning: the message is encrypted with %s, which is weak",
                       algo_cipher_name(info->cipher));
}

static err *judge(struct decryption *x, struct task *t, const struct message_info *info)
{
    CLEANUP(signertrust_clear) struct signertrust trust = {
        .authentic = &x->signers.authentic, .wanted = &x->signers.wanted, .advise = true};
    task_enter(t);
    err *e = verdicts_report(&t->app->report, &info->verdicts, &trust);
    task_leave(t);
    TRY(e);
    if (x->signers.wanted.n > 0)
        return verdicts_require(&info->verdicts, &x->signers.wanted);
    return verdicts_refuse_bad(&info->verdicts);
}

static err *decrypt_to(struct decryption *x, struct task *t, const char *output, struct message *m)
{
    AUTO(sink_close) struct sink *sink = NULL;
    TRY(output_open(t->app, output, x->opts->force, &sink));
    TRY(hold_back(x, m, &sink));
    err *e = pump(message_body(m), sink);
    if (err_kind_of(e) == ERR_OUTPUT || err_kind_of(e) == ERR_INTERRUPTED)
        return e;
    TRY(message_finish(m, e));
    report_message(&t->app->report, output, message_info(m));
    TRY(judge(x, t, message_info(m)));
    return task_commit(t, sink);
}

static err *decrypt_one(void *context, struct task *t)
{
    struct decryption *x = context;
    const struct key_finder finder = task_finder(t, &x->signers.finder);
    struct message_params params = x->params;
    AUTO(free) char *name = NULL;
    AUTO(message_close) struct message *m = NULL;
    params.finder = &finder;
    TRY(output_name_without(x->opts->output, t->input, suffixes, &name));
    err *e = open_message(t, &params, &m);
    if (e == NULL)
        e = decrypt_to(x, t, name, m);
    return input_error(e, t->input);
}

/* Argon2 costs what the sender asks for: no more than the user allows. */
static err *allow_memory(struct s2k_limits *limits, const char *size)
{
    uint64_t bytes;
    if (size == NULL)
        return NULL;
    if (!text_parse_size(size, &bytes) || bytes / 1024 > UINT32_MAX)
        return err_hint(err_new(ERR_USAGE, "%s: not a size", size), "write it as 512MiB or 4GiB");
    limits->work_kib *= bytes / 1024 / limits->argon2_kib + 1;
    limits->argon2_kib = (uint32_t)(bytes / 1024);
    return NULL;
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    CLEANUP(decryption_clear) struct decryption x = {.app = app, .opts = options};
    output_expect(app, x.opts->output, args->n == 0 || output_is_standard(args->items[0]));
    if (x.opts->output != NULL && args->n > 1)
        return err_new(ERR_INCOMPATIBLE, "-o and several files: each gets its own output");
    TRY(moment_apply(app, &x.opts->moment));
    TRY(allow_memory(&app->limits, x.opts->passphrase_memory));
    app_set_passphrases(app, &x.opts->passphrase_files, "--passphrase-file");
    TRY(signer_files_open(app, &x.opts->signers, &x.opts->signer_files, x.opts->trust, &x.signers));
    x.params = (struct message_params){.policy = app->policy,
                                       .limits = &app->limits,
                                       .allow_legacy = x.opts->allow_legacy,
                                       .world = app->world,
                                       .any_expansion = x.opts->any_expansion};
    TRY(app_pool(app, &x.params.pool));
    return batch_run(app, args, "decrypting", decrypt_one, &x);
}

const struct command cmd_decrypt = {
    .name = "decrypt",
    .summary = "decrypt messages and show who signed them",
    .synopsis = "[FILE...]",
    .details =
        "FILE.pgp, FILE.gpg or FILE.asc becomes FILE; standard input goes to standard output. "
        "Nothing is written before it is known to be intact: a message that was changed or cut "
        "short leaves no output file.\n\n"
        "A bad signature is refused like a changed message. Text whose signer is not in the "
        "keyring, "
        "or whose signature is not accepted because the key had expired or the hash is weak, "
        "comes out all the same, with exit code 0, unless --signer or --signer-file asks for "
        "somebody. A line under the signature says how certain it is whose it is; the text does "
        "not "
        "wait for that, but a WHO that is no whole fingerprint must be authenticated in your web "
        "of trust (110). To a pipe, long messages are written as they are "
        "found to be authentic; older messages (SEIPD version 1) and those for which a signer "
        "is asked wait in a nameless file in $TMPDIR until they have been "
        "checked.\n\n" MOMENT_DETAILS,
    .examples = "bulla decrypt report.pdf.pgp  # makes report.pdf\n"
                "bulla decrypt < photos.tar.pgp | tar -x\n"
                "bulla decrypt --signer alice@example.org order.txt.asc\n"
                "bulla decrypt --passphrase-file @ENV:SECRET backup.pgp",
    .values = "FILE",
    COMMAND_OPTIONS(opts, struct decrypt_opts),
    .needs = DATA_ON_STDOUT,
    .run = run,
};
