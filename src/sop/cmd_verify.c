/* sop verify: detached signatures over standard input. */
#include "cli/command.h"
#include "cli/designator.h"
#include "cli/verdicts.h"
#include "sop/data.h"
#include "sop/range.h"
#include "sop/verifications.h"

struct verify_opts {
    const char *not_before, *not_after;
};

static const struct opt opts[] = {
    OPT_TEXT(0, "not-before", struct verify_opts, not_before, "DATE",
             "accept only signatures made then or later; - is no limit", OPT_ANY),
    OPT_TEXT(0, "not-after", struct verify_opts, not_after, "DATE",
             "accept only signatures made then or earlier; - is no limit", OPT_ANY),
};

static err *judge(struct app *app, const char *signatures, struct certs *certs,
                  struct verdict_list *out)
{
    AUTO(source_close) struct source *sigs = NULL, *data = NULL;
    const struct key_finder finder = certs_finder(certs);
    struct verify_params params = {.finder = &finder, .policy = app->policy, .world = app->world};
    TRY(app_pool(app, &params.pool));
    TRY(designator_open(signatures, &sigs));
    TRY(data_input(app, &data));
    return err_wrap(verify_detached(sigs, data, &params, out), "%s", signatures);
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct verify_opts *o = options;
    CLEANUP(certs_clear) struct certs certs = {0};
    CLEANUP(verdict_list_clear) struct verdict_list verdicts = {0};
    CLEANUP(buf_clear) struct buf lines = BUF_EMPTY(VERIFICATIONS_MAX);
    struct range range;
    TRY(args_check(args, 2, SIZE_MAX, "SIGNATURES CERTS..."));
    TRY(range_parse(o->not_before, o->not_after, app->world, &range));
    TRY(certs_load(&certs, WANT_CERTS, args->items + 1, args->n - 1));
    TRY(judge(app, args->items[0], &certs, &verdicts));
    range_apply(&range, &verdicts);
    TRY(verdicts_report(&app->report, &verdicts, NULL));
    TRY(verifications_require(&verdicts));
    TRY(verifications_write(&verdicts, &certs, &lines));
    return data_put_bytes(app, buf_view(&lines));
}

const struct command cmd_sop_verify = {
    .noun = "sop",
    .name = "verify",
    .summary = "check detached signatures",
    .synopsis = "SIGNATURES CERTS... < DATA > VERIFICATIONS",
    .details =
        "Writes a line for each good signature by one of the certificates. Exit code 3 means "
        "that there is none; --debug tells why.",
    .examples = "bulla sop verify release.sig vendor.cert < release.tar.gz",
    .values = "FILE",
    COMMAND_OPTIONS(opts, struct verify_opts),
    .needs = ONLY_VERIFIES,
    .run = run,
};
