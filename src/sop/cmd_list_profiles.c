/* sop list-profiles */
#include "cli/command.h"
#include "sop/data.h"
#include "sop/profiles.h"

static err *run(struct app *app, const void *options, const struct args *args)
{
    CLEANUP(buf_clear) struct buf lines = BUF_EMPTY(1 << 16);
    (void)options;
    TRY(args_check(args, 1, 1, "SUBCOMMAND"));
    TRY(profiles_list(args->items[0], &lines));
    return data_put_bytes(app, buf_view(&lines));
}

const struct command cmd_sop_list_profiles = {
    .noun = "sop",
    .name = "list-profiles",
    .summary = "list the profiles of a subcommand",
    .synopsis = "SUBCOMMAND > PROFILES",
    .details = "Only generate-key and encrypt have profiles. The first is the one that is used "
               "without --profile.",
    .examples = "bulla sop list-profiles generate-key",
    .run = run,
};
