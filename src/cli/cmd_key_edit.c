/* key edit: several edits at once. */
#include "cli/command.h"

#include <string.h>

#include "base/mem.h"
#include "cli/keyedit.h"
#include "cli/keywords.h"
#include "cli/reason.h"

struct edit_opts {
    struct keyedit_opts edit;
    struct opt_list add_users, revoke_users, add_subkeys, rotate, revoke_subkeys, expire_subkeys;
    const char *primary_user, *expire, *extend;
    struct reason_opts reason;
};

static const struct opt opts[] = {
    OPT_LIST(0, "add-uid", struct edit_opts, add_users, "USER-ID", "add a user ID", OPT_ANY),
    OPT_TEXT(0, "primary-uid", struct edit_opts, primary_user, "USER-ID",
             "make this user ID the primary one, which is shown", OPT_ANY),
    OPT_LIST(0, "revoke-uid", struct edit_opts, revoke_users, "USER-ID", "take a user ID back",
             OPT_ANY),
    OPT_TEXT(0, "expire", struct edit_opts, expire, "WHEN",
             "the key expires then: 2y, 18m, 90d, a date, or never", OPT_ANY),
    OPT_TEXT(0, "extend", struct edit_opts, extend, "WHEN",
             "the key and the subkeys in use live at least until then", OPT_ANY),
    OPT_LIST(0, "rotate", struct edit_opts, rotate, "USE",
             "put a new subkey in the place of those for encrypt, sign or auth", OPT_ANY),
    OPT_LIST(0, "add-subkey", struct edit_opts, add_subkeys, "USE",
             "add a subkey for encrypt, sign, auth, or sign,auth", OPT_ANY),
    OPT_LIST(0, "expire-subkey", struct edit_opts, expire_subkeys, "SUBKEY=WHEN",
             "a subkey (fingerprint or key ID) expires then", OPT_ANY),
    OPT_LIST(0, "revoke-subkey", struct edit_opts, revoke_subkeys, "SUBKEY",
             "declare a subkey void", OPT_ANY),
    OPT_REASON(struct edit_opts, reason),
    OPT_KEYEDIT(struct edit_opts, edit),
};

static const struct opt_conflict conflicts[] = {
    {"expire", "extend", "choose one"},
    {NULL, NULL, NULL},
};

struct edits {
    struct app *app;
    const struct edit_opts *opts;
    enum revocation_reason reason; /* for subkeys */
    const char *message;
};

/* User IDs: one that is added may be made the primary one, and the last one be replaced. */
static err *edit_users(const struct edits *x, struct editor *e)
{
    const struct edit_opts *o = x->opts;
    for (size_t i = 0; i < o->add_users.n; i++)
        TRY(editor_add_user(e, slice_of_string(o->add_users.items[i]), false));
    if (o->primary_user != NULL)
        TRY(editor_set_primary_user(e, slice_of_string(o->primary_user)));
    for (size_t i = 0; i < o->revoke_users.n; i++)
        TRY(editor_revoke_user(e, slice_of_string(o->revoke_users.items[i]), REVOKED_USER_ID,
                               x->message));
    return NULL;
}

/* Before new subkeys, which end with the key. */
static err *edit_end(const struct edits *x, struct editor *e)
{
    int64_t ends_at;
    if (x->opts->expire != NULL) {
        TRY(keywords_end(x->app, x->opts->expire, &ends_at));
        return editor_set_end(e, NULL, ends_at);
    }
    if (x->opts->extend == NULL)
        return NULL;
    TRY(keywords_end(x->app, x->opts->extend, &ends_at));
    return editor_extend(e, false, ends_at);
}

static err *add_subkeys(const struct edits *x, struct editor *e)
{
    const struct edit_opts *o = x->opts;
    for (size_t i = 0; i < o->rotate.n; i++) {
        struct editor_subkey s = {0};
        TRY(keywords_uses(o->rotate.items[i], &s.key_flags));
        TRY(editor_rotate_subkey(e, &s, (s.key_flags & FLAG_ENCRYPT) != 0 ? 0 : EDITOR_KEEP));
    }
    for (size_t i = 0; i < o->add_subkeys.n; i++) {
        struct editor_subkey s = {0};
        TRY(keywords_uses(o->add_subkeys.items[i], &s.key_flags));
        TRY(editor_add_subkey(e, &s));
    }
    return NULL;
}

/* "SUBKEY=WHEN" */
static err *end_subkey(const struct edits *x, struct editor *e, const char *text)
{
    struct key_handle subkey;
    int64_t ends_at;
    AUTO(free) char *name = NULL;
    const char *when = strchr(text, '=');
    if (when == NULL)
        return err_new(ERR_USAGE, "--expire-subkey %s: write it as SUBKEY=WHEN", text);
    TRY(mem_string_of(slice_of(text, (size_t)(when - text)), &name));
    TRY(keywords_subkey(name, &subkey));
    TRY(keywords_end(x->app, when + 1, &ends_at));
    return editor_set_end(e, &subkey, ends_at);
}

static err *edit_subkeys(const struct edits *x, struct editor *e)
{
    const struct edit_opts *o = x->opts;
    struct key_handle subkey;
    for (size_t i = 0; i < o->expire_subkeys.n; i++)
        TRY(end_subkey(x, e, o->expire_subkeys.items[i]));
    for (size_t i = 0; i < o->revoke_subkeys.n; i++) {
        TRY(keywords_subkey(o->revoke_subkeys.items[i], &subkey));
        TRY(editor_revoke_subkey(e, &subkey, x->reason, x->message));
    }
    return NULL;
}

static err *edit_all(void *context, struct editor *e)
{
    TRY(edit_users(context, e));
    TRY(edit_end(context, e));
    TRY(add_subkeys(context, e));
    return edit_subkeys(context, e);
}

static bool is_nothing(const struct edit_opts *o)
{
    return o->add_users.n + o->revoke_users.n + o->add_subkeys.n + o->rotate.n +
                   o->revoke_subkeys.n + o->expire_subkeys.n ==
               0 &&
           o->primary_user == NULL && o->expire == NULL && o->extend == NULL;
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct edit_opts *o = options;
    struct edits x = {.app = app, .opts = o};
    TRY(args_check(args, 0, 1, NULL));
    if (is_nothing(o))
        return err_hint(err_new(ERR_USAGE, "what is to be changed?"),
                        "for example: bulla key edit --add-uid \"Alice <alice@example.org>\"");
    TRY(reason_parse(&o->reason, REVOKED_NO_REASON, &x.reason, &x.message));
    return keyedit_run_editor(app, &o->edit, args->n > 0 ? args->items[0] : NULL, edit_all, &x);
}

const struct command cmd_key_edit = {
    .noun = "key",
    .name = "edit",
    .summary = "change several things of your key at once",
    .synopsis = "[OPTION...] [WHO]",
    .details =
        "Each option does what the command of its name does; either all of them are done, "
        "or, if one of them cannot be, none. They are done in the order in which they are "
        "listed here, whatever the order on the command line. --reason is for subkeys, --message "
        "for all that is revoked.\n\n" KEYEDIT_DETAILS,
    .examples = "bulla key edit alice@example.org --add-uid \"Alice <alice@example.com>\" --expire "
                "2030-12-31\n"
                "bulla key edit alice@example.org --primary-uid \"Alice <alice@example.com>\"\n"
                "bulla key edit --dry-run alice@example.org --extend 2y --rotate encrypt\n"
                "bulla key edit alice@example.org --add-subkey sign --expire 2030-12-31",
    .values = "KEY",
    COMMAND_OPTIONS(opts, struct edit_opts),
    .conflicts = conflicts,
    .needs = NEEDS_WRITE,
    .run = run,
};
