/* key: one's own secret keys. */
#include "cli/command.h"
#include "cli/exchange.h"
#include "cli/import.h"

struct delete_opts {
    bool yes;
};

struct look_opts {
    struct moment_opts moment;
};

static const struct opt look_options[] = {
    OPT_MOMENT(struct look_opts, moment),
};

static const struct opt delete_options[] = {
    OPT_FLAG('y', "yes", struct delete_opts, yes, "do not ask"),
};

static err *run_list(struct app *app, const void *options, const struct args *args)
{
    TRY(moment_apply(app, &((const struct look_opts *)options)->moment));
    return exchange_list(app, true, args);
}

static err *run_show(struct app *app, const void *options, const struct args *args)
{
    TRY(moment_apply(app, &((const struct look_opts *)options)->moment));
    return exchange_show(app, true, args);
}

static err *run_import(struct app *app, const void *options, const struct args *args)
{
    (void)options;
    return import_files(app, IMPORT_KEYS, args);
}

static err *run_delete(struct app *app, const void *options, const struct args *args)
{
    return exchange_delete(app, true, ((const struct delete_opts *)options)->yes, args);
}

const struct command cmd_key_list = {
    .noun = "key",
    .name = "list",
    .summary = "list your own keys",
    .synopsis = "[WHO...]",
    .examples = "bulla key list\n"
                "bulla key list --json",
    .values = "KEY",
    COMMAND_OPTIONS(look_options, struct look_opts),
    .run = run_list,
};

const struct command cmd_key_show = {
    .noun = "key",
    .name = "show",
    .summary = "show one of your own keys",
    .synopsis = "WHO...",
    .examples = "bulla key show work@example.org",
    .values = "KEY",
    COMMAND_OPTIONS(look_options, struct look_opts),
    .run = run_show,
};

const struct command cmd_key_import = {
    .noun = "key",
    .name = "import",
    .summary = "add secret keys from files to the keyring",
    .synopsis = "[FILE...]",
    .details = "The secret parts stay protected by the passphrase that they have.",
    .examples = "bulla key import key.asc\n"
                "gpg --export-secret-keys me@example.org | bulla key import",
    .values = "FILE",
    .needs = NEEDS_WRITE,
    .run = run_import,
};

const struct command cmd_key_delete = {
    .noun = "key",
    .name = "delete",
    .summary = "remove a secret key; its certificate stays",
    .synopsis = "[--yes] WHO...",
    .examples = "bulla key delete old@example.org",
    .values = "KEY",
    COMMAND_OPTIONS(delete_options, struct delete_opts),
    .needs = NEEDS_WRITE,
    .run = run_delete,
};
