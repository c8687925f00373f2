#include "cli/command.h"

static err *run(struct app *app, const void *options, const struct args *args)
{
    (void)options;
    if (args->n > 0)
        return err_new(ERR_USAGE, "takes no arguments");
    report_say(&app->report, "bulla %s", BULLA_VERSION);
    report_string(&app->report, "version", BULLA_VERSION);
    return NULL;
}

const struct command cmd_version = {
    .name = "version",
    .summary = "show the version of this program",
    .synopsis = "",
    .examples = "bulla version",
    .run = run,
};
