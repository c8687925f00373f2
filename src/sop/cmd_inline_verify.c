/* sop inline-verify */
#include "cli/command.h"
#include "cli/verdicts.h"
#include "sop/data.h"
#include "sop/inlinesigned.h"
#include "sop/range.h"
#include "sop/verifications.h"

struct verify_opts {
    const char *not_before, *not_after, *verifications_out;
};

static const struct opt opts[] = {
    OPT_TEXT(0, "not-before", struct verify_opts, not_before, "DATE",
             "accept only signatures made then or later; - is no limit", OPT_ANY),
    OPT_TEXT(0, "not-after", struct verify_opts, not_after, "DATE",
             "accept only signatures made then or earlier; - is no limit", OPT_ANY),
    OPT_TEXT(0, "verifications-out", struct verify_opts, verifications_out, "F",
             "write a line for each good signature to F", OPT_PLACE),
};

static err *put_verifications(const struct verdict_list *verdicts, const struct certs *certs,
                              struct sink *k)
{
    CLEANUP(buf_clear) struct buf lines = BUF_EMPTY(VERIFICATIONS_MAX);
    TRY(verifications_write(verdicts, certs, &lines));
    return data_aside_put(k, buf_view(&lines));
}

static err *verify(struct app *app, const struct range *range, struct certs *certs,
                   struct sink *aside)
{
    CLEANUP(verdict_list_clear) struct verdict_list verdicts = {0};
    AUTO(sink_close) struct sink *k = NULL;
    const struct key_finder finder = certs_finder(certs);
    TRY(data_output(app, &k));
    TRY(inlinesigned_verify(app, &finder, k, &verdicts));
    range_apply(range, &verdicts);
    TRY(verdicts_report(&app->report, &verdicts, NULL));
    TRY(verifications_require(&verdicts));
    TRY(put_verifications(&verdicts, certs, aside));
    return sink_commit(k);
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct verify_opts *o = options;
    CLEANUP(certs_clear) struct certs certs = {0};
    AUTO(sink_close) struct sink *aside = NULL;
    struct range range;
    TRY(args_check(args, 1, SIZE_MAX, "CERTS..."));
    TRY(range_parse(o->not_before, o->not_after, app->world, &range));
    TRY(certs_load(&certs, WANT_CERTS, args->items, args->n));
    TRY(data_aside(o->verifications_out, false, &aside));
    return verify(app, &range, &certs, aside);
}

const struct command cmd_sop_inline_verify = {
    .noun = "sop",
    .name = "inline-verify",
    .summary = "check a signed message and write what it says",
    .synopsis = "CERTS... < INLINESIGNED > DATA",
    .details = "The data comes out only if one of the certificates has made a good signature; "
               "otherwise the exit code is 3, and --debug tells why.",
    .examples = "bulla sop inline-verify --verifications-out=signers bob.cert < message > letter",
    .values = "FILE",
    COMMAND_OPTIONS(opts, struct verify_opts),
    .needs = ONLY_VERIFIES,
    .run = run,
};
