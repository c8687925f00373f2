/* sop inline-detach */
#include "cli/command.h"
#include "pgp/armored.h"
#include "sop/data.h"
#include "sop/inlinesigned.h"
#include "stream/input.h"
#include "stream/pump.h"

struct detach_opts {
    bool no_armor;
    const char *signatures_out;
};

static const struct opt opts[] = {
    OPT_FLAG(0, "no-armor", struct detach_opts, no_armor, "write signatures as bytes"),
    OPT_TEXT(0, "signatures-out", struct detach_opts, signatures_out, "F",
             "write the signatures to F", OPT_PLACE),
};

static err *put_signatures(const struct buf *signatures, bool no_armor, struct sink *k)
{
    AUTO(source_close) struct source *s = NULL;
    TRY(input_from_memory(buf_view(signatures), &s));
    if (!no_armor)
        TRY(armored_new(TAKE(s), ARMOR_SIGNATURE, &s));
    TRY(pump(s, k));
    return sink_commit(k);
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct detach_opts *o = options;
    CLEANUP(buf_clear) struct buf signatures = BUF_EMPTY(SIZE_MAX);
    AUTO(sink_close) struct sink *aside = NULL, *k = NULL;
    TRY(args_check(args, 0, 0, NULL));
    if (o->signatures_out == NULL)
        return err_new(ERR_MISSING_ARG, "--signatures-out=F");
    TRY(data_aside(o->signatures_out, false, &aside));
    TRY(data_output(app, &k));
    TRY(inlinesigned_split(app, k, &signatures));
    if (signatures.len == 0)
        return err_new(ERR_MALFORMED, "the message is not signed");
    TRY(put_signatures(&signatures, o->no_armor, aside));
    return sink_commit(k);
}

const struct command cmd_sop_inline_detach = {
    .noun = "sop",
    .name = "inline-detach",
    .summary = "take a signed message apart: data and signatures",
    .synopsis = "--signatures-out=F < INLINESIGNED > DATA",
    .details = "Nothing is checked. What comes out is in the form in which it was signed: the "
               "lines of a cleartext signed text have no blanks at their ends.",
    .examples = "bulla sop inline-detach --signatures-out=letter.sig < message > letter",
    COMMAND_OPTIONS(opts, struct detach_opts),
    .run = run,
};
