#include "cli/command.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cli/batch.h"
#include "cli/job.h"
#include "cli/output.h"
#include "cli/signerfiles.h"
#include "cli/verdicts.h"
#include "packet/packet.h"
#include "pgp/cleartext.h"
#include "pgp/message.h"
#include "stream/armor.h"
#include "stream/pump.h"

struct verify_opts {
    struct opt_list signers, signer_files;
    bool each, force, any_expansion;
    const char *output, *trust;
    struct moment_opts moment;
};

static const struct opt opts[] = {
    OPT_LIST(0, "signer", struct verify_opts, signers, "WHO", "accept only a good signature by WHO",
             OPT_CERT),
    OPT_LIST(0, "signer-file", struct verify_opts, signer_files, "CERT",
             "the same, by the certificate in a file; the keyring is not needed", OPT_INPUT),
    OPT_FLAG(0, "each", struct verify_opts, each,
             "verify each of these: a signature beside its file, or a signed text"),
    OPT_TEXT('o', "output", struct verify_opts, output, "FILE",
             "write what was signed to FILE; - is standard output", OPT_PLACE),
    OPT_FLAG('f', "force", struct verify_opts, force, "replace an existing output file"),
    OPT_FLAG(0, "any-expansion", struct verify_opts, any_expansion,
             "let compressed data become more than 1100 times as long"),
    OPT_TRUST(struct verify_opts, trust),
    OPT_MOMENT(struct verify_opts, moment),
};

static const struct opt_conflict conflicts[] = {
    {"each", "output", "several files, one output: verify them one by one"},
    {NULL, NULL, NULL},
};

static const char *const suffixes[] = {".sig", ".asc", ".pgp", ".gpg", NULL};

struct verification {
    struct app *app;
    const struct verify_opts *opts;
    struct signer_files signers;
    struct pool *pool;
};

static void verification_clear(struct verification *x)
{
    signer_files_clear(&x->signers);
}

/* One of the files. */
struct verifying {
    const struct verify_opts *opts;
    struct signer_files *signers;
    struct task *task;
    struct key_finder finder;
    struct verify_params params;
};

static void verifying_init(struct verifying *x, struct verification *all, struct task *t)
{
    const struct app *app = all->app;
    *x = (struct verifying){.opts = all->opts, .signers = &all->signers, .task = t};
    x->finder = task_finder(t, &all->signers.finder);
    x->params = (struct verify_params){
        .finder = &x->finder, .policy = app->policy, .world = app->world, .pool = all->pool};
}

static err *judge(struct verifying *x, const struct verdict_list *verdicts)
{
    CLEANUP(signertrust_clear) struct signertrust trust = {.authentic = &x->signers->authentic,
                                                           .wanted = &x->signers->wanted};
    task_enter(x->task);
    err *e = verdicts_report(&x->task->app->report, verdicts, &trust);
    task_leave(x->task);
    TRY(e);
    TRY(verdicts_require(verdicts, &x->signers->wanted));
    return x->signers->wanted.n == 0 ? signertrust_require(&trust) : NULL;
}

/* It may be the other file, or there may be another one. */
static err *with_usage(err *e)
{
    if (err_kind_of(e) != ERR_NO_DATA)
        return e;
    return err_hint(e, "bulla verify SIGNATURE FILE checks a file with its signature");
}

/* Detached. */

static err *open_document(struct verifying *x, const char *name, struct source **out)
{
    if (x->opts->output != NULL)
        return err_new(ERR_INCOMPATIBLE, "--output: what was signed is %s already", name);
    report_string(&x->task->app->report, "kind", "detached");
    report_string(&x->task->app->report, "document", input_title(name));
    return job_open(x->task->app, name, "verifying", out);
}

static err *verify_pair(struct verifying *x, const char *signature, const char *document)
{
    AUTO(source_close) struct source *sigs = NULL, *data = NULL;
    CLEANUP(verdict_list_clear) struct verdict_list verdicts = {0};
    TRY(input_open(signature, &sigs));
    TRY(open_document(x, document, &data));
    TRY(input_error(with_usage(verify_detached(sigs, data, &x->params, &verdicts)), signature));
    return input_error(judge(x, &verdicts), document);
}

/* The file that FILE.sig signs is FILE. */
static err *name_of_document(const char *signature, char **out)
{
    AUTO(free) char *name = NULL;
    err *e = output_is_standard(signature) ? err_new(ERR_USAGE, "-")
                                           : output_name_without(NULL, signature, suffixes, &name);
    if (e == NULL && fs_exists(name)) {
        *out = TAKE(name);
        return NULL;
    }
    err_free(e);
    return err_hint(err_new(ERR_USAGE, "a detached signature: where is the file that it signs?"),
                    "bulla verify SIGNATURE FILE");
}

static err *verify_beside(struct verifying *x, struct message *m, const char *signature)
{
    AUTO(free) char *document = NULL;
    AUTO(source_close) struct source *data = NULL;
    TRY(input_error(name_of_document(signature, &document), signature));
    TRY(open_document(x, document, &data));
    TRY(message_set_document(m, data));
    TRY(message_finish(m, source_drain(message_body(m))));
    return input_error(judge(x, &message_info(m)->verdicts), document);
}

/* Inline: the text waits until it has been judged. */

static err *open_output(struct verifying *x, struct sink **out)
{
    if (x->opts->output == NULL)
        return sink_to_nowhere(out);
    TRY(output_open(x->task->app, x->opts->output, x->opts->force, out));
    return (*out)->immediate ? sink_hold(TAKE(*out), app_temporary_directory(), out) : NULL;
}

static err *verify_inline(struct verifying *x, struct message *m)
{
    AUTO(sink_close) struct sink *sink = NULL;
    if (message_info(m)->n_signatures == 0)
        return err_new(ERR_NO_SIGNATURE, "the message is not signed");
    report_string(&x->task->app->report, "kind", "inline");
    TRY(open_output(x, &sink));
    err *e = pump(message_body(m), sink);
    if (err_kind_of(e) == ERR_OUTPUT || err_kind_of(e) == ERR_INTERRUPTED)
        return e;
    TRY(message_finish(m, e));
    TRY(judge(x, &message_info(m)->verdicts));
    return task_commit(x->task, sink);
}

static err *verify_packets(struct verifying *x, struct source *packets, const char *input)
{
    const struct message_params params = {.finder = x->params.finder,
                                          .policy = x->params.policy,
                                          .limits = &x->task->app->limits,
                                          .world = x->params.world,
                                          .any_expansion = x->opts->any_expansion,
                                          .only_signed = true};
    AUTO(message_close) struct message *m = NULL;
    TRY(input_error(with_usage(message_open(packets, &params, &m)), input));
    if (message_info(m)->detached)
        return verify_beside(x, m, input);
    return input_error(verify_inline(x, m), input);
}

/* Cleartext. */

static err *write_text(struct verifying *x, const struct spool *text)
{
    AUTO(source_close) struct source *s = NULL;
    AUTO(sink_close) struct sink *sink = NULL;
    if (x->opts->output == NULL)
        return NULL;
    TRY(spool_source(text, &s));
    TRY(output_open(x->task->app, x->opts->output, x->opts->force, &sink));
    TRY(pump(s, sink));
    return sink_commit(sink);
}

static err *verify_cleartext(struct verifying *x, struct source *s)
{
    AUTO(spool_free) struct spool *text = NULL;
    CLEANUP(verdict_list_clear) struct verdict_list verdicts = {0};
    report_string(&x->task->app->report, "kind", "cleartext");
    TRY(spool_new(app_temporary_directory(), &text));
    TRY(cleartext_verify(s, &x->params, text, &verdicts));
    TRY(judge(x, &verdicts));
    return write_text(x, text);
}

/* Which of these is it? */

static err *find_armor(struct source *s, enum armor_kind *kind)
{
    bool text;
    *kind = ARMOR_NONE;
    TRY(armor_is_text(s, &text));
    if (!text)
        return NULL;
    TRY(armor_find(s, kind));
    return *kind != ARMOR_NONE ? NULL : err_new(ERR_NO_DATA, "no OpenPGP data found");
}

/* Several signatures beside a file may each have their own armor. */
static err *verify_one(struct verifying *x, const char *input)
{
    AUTO(source_close) struct source *s = NULL;
    struct source *packets = NULL;
    enum armor_kind kind;
    TRY(job_open(x->task->app, input, "verifying", &s));
    TRY(input_error(with_usage(find_armor(s, &kind)), input));
    if (kind == ARMOR_NONE)
        return verify_packets(x, TAKE(s), input);
    if (kind == ARMOR_SIGNED_MESSAGE)
        return input_error(verify_cleartext(x, s), input);
    TRY(armor_decode(TAKE(s), kind, kind == ARMOR_SIGNATURE ? ARMOR_MANY : ARMOR_ONE, &packets));
    return verify_packets(x, packets, input);
}

static err *verify_each(void *context, struct task *t)
{
    struct verifying x;
    verifying_init(&x, context, t);
    return verify_one(&x, t->input);
}

static err *check_files(const struct verify_opts *o, const struct args *args)
{
    if (o->each && args->n == 0)
        return err_hint(err_new(ERR_USAGE, "--each: which files?"), "bulla verify --each *.sig");
    if (!o->each && args->n > 2)
        return err_hint(err_new(ERR_USAGE, "too many files"),
                        "bulla verify SIGNATURE FILE, or bulla verify --each SIGNATURE...");
    return NULL;
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    CLEANUP(verification_clear) struct verification x = {.app = app, .opts = options};
    output_expect(app, x.opts->output, false);
    TRY(check_files(x.opts, args));
    TRY(moment_apply(app, &x.opts->moment));
    TRY(signer_files_open(app, &x.opts->signers, &x.opts->signer_files, x.opts->trust, &x.signers));
    TRY(app_pool(app, &x.pool));
    if (x.opts->each)
        return batch_run(app, args, "verifying", verify_each, &x);
    struct task t = {.app = app, .input = args->n > 0 ? args->items[0] : NULL, .asks = true};
    struct verifying one;
    verifying_init(&one, &x, &t);
    return args->n == 2 ? verify_pair(&one, t.input, args->items[1]) : verify_one(&one, t.input);
}

const struct command cmd_verify = {
    .name = "verify",
    .summary = "check who signed a file, and that it is unchanged",
    .synopsis = "SIGNATURE [FILE] | FILE | --each FILE...",
    .details =
        "With a detached signature, checks FILE (which may be left out if it lies beside "
        "FILE.sig or FILE.asc). Otherwise checks a signed message or a cleartext signed text; "
        "-o writes what was signed, and only if the signature is good. With --each any number of "
        "signatures, each beside its file, and of signed texts are verified, several at a time, "
        "and told in their order.\n\n"
        "Exit code 0 means that there is a good signature, and that it is certain whose: by WHO "
        "or the certificate named if there is one, else by somebody whom the roots of your web "
        "of trust authenticate (bulla trust check WHO). 110 means that a signature is good, but "
        "not certain whose it is: nothing is written, and the error names the command that "
        "accepts the signer's certificate. 3 means that there is no good signature, or none by "
        "WHO.\n\n"
        "A whole fingerprint after --signer, or a certificate file, is taken as it is; by any "
        "other name WHO must be authenticated, too. Of somebody whose certificate has expired or "
        "been revoked nobody is certain, unless --at goes back to when it was "
        "valid.\n\n" MOMENT_DETAILS,
    .examples =
        "bulla verify release.tar.gz.sig release.tar.gz\n"
        "bulla verify --signer-file vendor.asc release.tar.gz.sig\n"
        "bulla verify --each *.sig  # one that fails does not keep the others from being verified\n"
        "bulla verify -o note.txt note.txt.asc  # a cleartext or inline signed text\n"
        "bulla verify --signer 0x1234567890ABCDEF sums.sig - < sums\n"
        "bulla verify --policy-as-of 2012-06-01 archive.sig archive  # on the shelf since then",
    .values = "FILE",
    COMMAND_OPTIONS(opts, struct verify_opts),
    .conflicts = conflicts,
    .needs = DATA_ON_STDOUT,
    .run = run,
};
