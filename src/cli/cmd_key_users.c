/* key: user IDs. */
#include "cli/command.h"
#include "cli/keyedit.h"
#include "cli/keywords.h"
#include "cli/reason.h"
#include "cli/userids.h"

/* add-uid */

struct add_opts {
    struct keyedit_opts edit;
    struct userids_opts ids;
    bool primary;
};

static const struct opt add_options[] = {
    OPT_USERIDS(struct add_opts, ids),
    OPT_FLAG(0, "primary", struct add_opts, primary, "make it the primary one, which is shown"),
    OPT_KEYEDIT(struct add_opts, edit),
};

struct adding {
    const struct userids *ids;
    bool primary;
};

static err *add_users(void *context, struct editor *e)
{
    const struct adding *x = context;
    for (size_t i = 0; i < x->ids->n; i++)
        TRY(editor_add_user(e, x->ids->items[i], x->primary && i == 0));
    return NULL;
}

static err *run_add(struct app *app, const void *options, const struct args *args)
{
    const struct add_opts *o = options;
    CLEANUP(userids_clear) struct userids ids = {0};
    TRY(args_check(args, 1, SIZE_MAX, "WHO"));
    const struct args whole = {.items = args->items + 1, .n = args->n - 1};
    TRY(userids_collect(&o->ids, &whole, &ids));
    if (ids.n == 0)
        return err_new(ERR_MISSING_ARG, "an argument is missing: the new USER-ID");
    struct adding x = {.ids = &ids, .primary = o->primary};
    return keyedit_run_editor(app, &o->edit, args->items[0], add_users, &x);
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
                "bulla key add-uid --primary alice@example.org --name "
                "Alice --email alice@example.com",
    .values = "KEY",
    COMMAND_OPTIONS(add_options, struct add_opts),
    .needs = NEEDS_WRITE,
    .run = run_add,
};

/* revoke-uid */

struct revoke_opts {
    struct keyedit_opts edit;
    struct reason_opts reason;
};

static const struct opt revoke_options[] = {
    OPT_WORD(0, "reason", struct revoke_opts, reason.reason, "WHY",
             "invalid (it is not yours any more; the default) or unspecified",
             KEYWORDS_USER_REASONS),
    OPT_TEXT(0, "message", struct revoke_opts, reason.message, "TEXT",
             "more about it, for people to read", OPT_ANY),
    OPT_KEYEDIT(struct revoke_opts, edit),
};

struct revoking {
    const struct args *args;
    enum revocation_reason reason;
    const char *message;
};

static err *revoke_users(void *context, struct editor *e)
{
    const struct revoking *x = context;
    for (size_t i = 1; i < x->args->n; i++)
        TRY(editor_revoke_user(e, slice_of_string(x->args->items[i]), x->reason, x->message));
    return NULL;
}

static err *run_revoke(struct app *app, const void *options, const struct args *args)
{
    const struct revoke_opts *o = options;
    const struct reason_opts only_message = {.message = o->reason.message};
    struct revoking x = {.args = args};
    TRY(args_check(args, 2, SIZE_MAX, "WHO USER-ID..."));
    TRY(reason_parse(&only_message, REVOKED_USER_ID, &x.reason, &x.message));
    TRY(keywords_user_reason(o->reason.reason, &x.reason));
    return keyedit_run_editor(app, &o->edit, args->items[0], revoke_users, &x);
}

const struct command cmd_key_revoke_uid = {
    .noun = "key",
    .name = "revoke-uid",
    .summary = "take a user ID of your key back",
    .synopsis = "[--reason WHY] WHO \"NAME <E-MAIL>\"...",
    .details =
        "Others then do not find or show the key by this name any more. The user ID is written as "
        "bulla key show shows it. The key itself goes on as before; bulla key add-uid takes the "
        "user ID up again.\n\n" KEYEDIT_DETAILS,
    .examples = "bulla key revoke-uid alice@example.com \"Alice <alice@example.org>\"\n"
                "bulla key revoke-uid --dry-run alice@example.com \"Alice <alice@example.org>\"",
    .values = "KEY",
    COMMAND_OPTIONS(revoke_options, struct revoke_opts),
    .needs = NEEDS_WRITE,
    .run = run_revoke,
};
