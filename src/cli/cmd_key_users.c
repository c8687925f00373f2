/* key: user IDs. */
#include "base/text.h"
#include "cli/command.h"
#include "cli/keyedit.h"

struct add_opts {
    struct keyedit_opts edit;
    bool primary;
};

static const struct opt add_options[] = {
    OPT_FLAG(0, "primary", struct add_opts, primary, "make it the primary one, which is shown"),
    OPT_KEYEDIT(struct add_opts, edit),
};

struct adding {
    const struct add_opts *opts;
    const struct args *args;
};

static err *add_users(void *context, struct editor *e)
{
    const struct adding *x = context;
    for (size_t i = 1; i < x->args->n; i++)
        TRY(editor_add_user(e, slice_of_string(x->args->items[i]), x->opts->primary && i == 1));
    return NULL;
}

static err *run_add(struct app *app, const void *options, const struct args *args)
{
    struct adding x = {.opts = options, .args = args};
    TRY(args_check(args, 2, SIZE_MAX, "WHO USER-ID..."));
    for (size_t i = 1; i < args->n; i++)
        keyedit_remark_user(app, args->items[i]);
    return keyedit_run_editor(app, &x.opts->edit, args->items[0], add_users, &x);
}

const struct command cmd_key_add_uid = {
    .noun = "key",
    .name = "add-uid",
    .summary = "give your key another user ID",
    .synopsis = "[--primary] WHO \"NAME <E-MAIL>\"...",
    .details =
        "The primary user ID stays the one that it is, unless --primary makes the (first) new one "
        "it. One that was revoked is taken up again.\n\n" KEYEDIT_DETAILS,
    .examples = "bulla key add-uid alice@example.org \"Alice <alice@example.com>\"\n"
                "bulla key add-uid --primary alice@example.org \"Alice "
                "<alice@example.com>\"",
    .values = "KEY",
    COMMAND_OPTIONS(add_options, struct add_opts),
    .needs = NEEDS_WRITE,
    .run = run_add,
};
