#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/job.h"
#include "cli/output.h"
#include "pgp/armored.h"
#include "stream/pump.h"

struct armor_opts {
    bool force;
    const char *output, *label;
};

#define LABELS "message key public-key signature"

static const struct opt armor_options[] = {
    OPT_WORD(0, "label", struct armor_opts, label, "KIND",
             "what it is: message, key, public-key or signature; found out if not given", LABELS),
    OPT_TEXT('o', "output", struct armor_opts, output, "FILE",
             "write to FILE instead of standard output", OPT_PLACE),
    OPT_FLAG('f', "force", struct armor_opts, force, "replace an existing output file"),
};

static const struct opt dearmor_options[] = {
    OPT_TEXT('o', "output", struct armor_opts, output, "FILE",
             "write to FILE instead of standard output", OPT_PLACE),
    OPT_FLAG('f', "force", struct armor_opts, force, "replace an existing output file"),
};

static err *sniff(struct source *s, enum armor_kind *out)
{
    return err_hint(err_wrap(armored_kind(s, out), "not OpenPGP packets"),
                    "is it text already? --label says what it is if not");
}

static err *choose_label(const char *name, struct source *s, enum armor_kind *out)
{
    if (name == NULL)
        return sniff(s, out);
    if (strcmp(name, "message") == 0)
        *out = ARMOR_MESSAGE;
    else if (strcmp(name, "key") == 0)
        *out = ARMOR_PRIVATE_KEY;
    else if (strcmp(name, "public-key") == 0)
        *out = ARMOR_PUBLIC_KEY;
    else if (strcmp(name, "signature") == 0)
        *out = ARMOR_SIGNATURE;
    else
        return err_new(ERR_USAGE, "--label: %s: not one of: " LABELS, name);
    return NULL;
}

static err *check_args(const struct args *args, const char **input)
{
    *input = args->n == 1 ? args->items[0] : NULL;
    return args->n > 1 ? err_new(ERR_USAGE, "one file at a time") : NULL;
}

static err *write_out(struct app *app, const struct armor_opts *o, const char *input,
                      struct source *s)
{
    AUTO(sink_close) struct sink *sink = NULL;
    TRY(output_open(app, o->output, o->force, &sink));
    TRY(input_error(pump(s, sink), input));
    report_string(&app->report, "input", input_title(input));
    report_string(&app->report, "output", o->output);
    return sink_commit(sink);
}

static err *run_armor(struct app *app, const void *options, const struct args *args)
{
    const struct armor_opts *o = options;
    AUTO(source_close) struct source *s = NULL;
    enum armor_kind kind = ARMOR_MESSAGE;
    const char *input;
    output_expect(app, o->output, true);
    TRY(check_args(args, &input));
    TRY(job_open(app, input, "converting", &s));
    TRY(input_error(choose_label(o->label, s, &kind), input));
    TRY(input_error(armored_new(TAKE(s), kind, &s), input));
    return write_out(app, o, input, s);
}

static err *run_dearmor(struct app *app, const void *options, const struct args *args)
{
    AUTO(source_close) struct source *s = NULL;
    const struct armor_opts *o = options;
    const char *input;
    output_expect(app, o->output, true);
    TRY(check_args(args, &input));
    TRY(job_open(app, input, "converting", &s));
    TRY(input_error(armor_decode(TAKE(s), ARMOR_NONE, ARMOR_MANY, &s), input));
    return write_out(app, o, input, s);
}

const struct command cmd_armor = {
    .name = "armor",
    .summary = "turn OpenPGP bytes into text (radix-64)",
    .synopsis = "[FILE]",
    .examples = "bulla armor message.pgp > message.asc\n"
                "bulla armor -o key.asc key.pgp",
    .values = "FILE",
    COMMAND_OPTIONS(armor_options, struct armor_opts),
    .needs = DATA_ON_STDOUT,
    .run = run_armor,
};

const struct command cmd_dearmor = {
    .name = "dearmor",
    .summary = "turn OpenPGP text back into bytes",
    .synopsis = "[FILE]",
    .examples = "bulla dearmor message.asc > message.pgp",
    .values = "FILE",
    COMMAND_OPTIONS(dearmor_options, struct armor_opts),
    .needs = DATA_ON_STDOUT,
    .run = run_dearmor,
};
