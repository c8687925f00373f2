#include "cli/command.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cli/batch.h"
#include "cli/job.h"
#include "cli/output.h"
#include "cli/signers.h"
#include "pgp/armored.h"
#include "stream/input.h"
#include "stream/pump.h"

struct sign_opts {
    struct opt_list signers, passphrase_files;
    bool cleartext, is_inline, text, armor, force;
    const char *output;
};

static const struct opt opts[] = {
    OPT_LIST('u', "signer", struct sign_opts, signers, "WHO", "sign with this key of yours",
             OPT_KEY),
    OPT_FLAG(0, "cleartext", struct sign_opts, cleartext,
             "write the text with the signature below it"),
    OPT_FLAG(0, "inline", struct sign_opts, is_inline, "write one message with data and signature"),
    OPT_FLAG(0, "text", struct sign_opts, text,
             "sign text, whose line ends may change on the way (with --inline they become CR LF)"),
    OPT_FLAG('a', "armor", struct sign_opts, armor, "write text instead of bytes"),
    OPT_FLAG('f', "force", struct sign_opts, force, "replace an existing output file"),
    OPT_TEXT('o', "output", struct sign_opts, output, "FILE", "write to FILE; - is standard output",
             OPT_PLACE),
    OPT_LIST(0, "passphrase-file", struct sign_opts, passphrase_files, "F",
             "take the key's passphrase from F: a file, @FD:n or @ENV:NAME", OPT_INPUT),
};

static const struct opt_conflict conflicts[] = {
    {"cleartext", "inline", "choose one"},
    {NULL, NULL, NULL},
};

struct signing_job {
    struct app *app;
    const struct sign_opts *opts;
    struct signers signers;
    struct sign_params params;
};

static void signing_job_clear(struct signing_job *x)
{
    signers_clear(&x->signers);
}

/* The signatures alone, which are small. */
static err *detached(const struct signing_job *x, const char *input, struct source *document,
                     struct source **out)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(SIZE_MAX);
    TRY(input_error(sign_detached(document, &x->params, &packets), input));
    return input_from_copy(buf_view(&packets), out);
}

static err *make(const struct signing_job *x, struct task *t, bool text, struct source **out)
{
    AUTO(source_close) struct source *document = NULL;
    struct source *made = NULL;
    TRY(job_open(t->app, t->input, "signing", &document));
    if (x->opts->cleartext)
        return sign_cleartext(TAKE(document), &x->params, out);
    if (x->opts->is_inline)
        TRY(sign_inline(TAKE(document), &x->params, &made));
    else
        TRY(detached(x, t->input, document, &made));
    if (text)
        return armored_new(made, x->opts->is_inline ? ARMOR_MESSAGE : ARMOR_SIGNATURE, out);
    *out = made;
    return NULL;
}

static const char *suffix_of(const struct sign_opts *o)
{
    return o->cleartext || o->armor ? ".asc" : o->is_inline ? ".pgp" : ".sig";
}

static err *signing_error(err *e, const char *input)
{
    if (err_kind_of(e) == ERR_EXPECTED_TEXT)
        e = err_hint(e, "sign it with --inline, or beside the file without --cleartext");
    return input_error(e, input);
}

static err *sign_one(void *context, struct task *t)
{
    const struct signing_job *x = context;
    AUTO(free) char *name = NULL;
    AUTO(source_close) struct source *made = NULL;
    AUTO(sink_close) struct sink *sink = NULL;
    TRY(output_name(x->opts->output, t->input, suffix_of(x->opts), &name));
    TRY(output_open(t->app, name, x->opts->force, &sink));
    TRY(make(x, t, x->opts->armor || output_wants_text(name), &made));
    TRY(signing_error(pump(made, sink), t->input));
    TRY(task_commit(t, sink));
    report_string(&t->app->report, "output", name);
    return NULL;
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    CLEANUP(signing_job_clear) struct signing_job x = {.app = app, .opts = options};
    output_expect(app, x.opts->output, args->n == 0 || output_is_standard(args->items[0]));
    if (x.opts->output != NULL && args->n > 1)
        return err_new(ERR_INCOMPATIBLE, "-o and several files: each gets its own output");
    app_set_passphrases(app, &x.opts->passphrase_files, "--passphrase-file");
    TRY(signers_open(app, &x.opts->signers, &x.signers));
    x.params = (struct sign_params){.signers = x.signers.items,
                                    .n_signers = x.signers.n,
                                    .text = x.opts->text,
                                    .world = app->world};
    TRY(app_pool(app, &x.params.pool));
    report_array(&app->report, "signers");
    for (size_t i = 0; i < x.signers.n; i++)
        report_fingerprint(&app->report, NULL, cert_fingerprint(x.signers.certs[i]));
    report_end_array(&app->report);
    return batch_run(app, args, "signing", sign_one, &x);
}

const struct command cmd_sign = {
    .name = "sign",
    .summary = "sign files: beside them, around them, or below the text",
    .synopsis = "[FILE...]",
    .details =
        "The signature of FILE goes to FILE.sig (FILE.asc with -a) beside it, and FILE stays as "
        "it is. With --inline, data and signature become one message, FILE.pgp; with "
        "--cleartext, a text stays readable in FILE.asc. Standard input goes to standard "
        "output.\n\n"
        "Without -u the only key of your own signs.",
    .examples = "bulla sign release.tar.gz  # makes release.tar.gz.sig\n"
                "bulla sign --cleartext note.txt  # makes note.txt.asc\n"
                "git archive HEAD | bulla sign -u work@example.org > head.tar.sig",
    .values = "FILE",
    COMMAND_OPTIONS(opts, struct sign_opts),
    .conflicts = conflicts,
    .needs = DATA_ON_STDOUT,
    .run = run,
};
