/* key: when it ends. */
#include "cli/command.h"
#include "cli/keyedit.h"
#include "cli/keywords.h"

/* "[WHO] WHEN" */
static err *read_args(struct app *app, const struct args *args, const char **who, int64_t *ends_at)
{
    TRY(args_check(args, 1, 2, "WHEN"));
    *who = args->n == 2 ? args->items[0] : NULL;
    return keywords_end(app, args->items[args->n - 1], ends_at);
}

/* expire */

struct expire_opts {
    struct keyedit_opts edit;
    struct opt_list subkeys;
};

static const struct opt expire_options[] = {
    OPT_LIST(0, "subkey", struct expire_opts, subkeys, "SUBKEY",
             "this subkey (fingerprint or key ID) instead of the key itself", OPT_ANY),
    OPT_KEYEDIT(struct expire_opts, edit),
};

struct ending {
    const struct opt_list *subkeys;
    int64_t ends_at;
};

static err *expire(void *context, struct editor *e)
{
    const struct ending *x = context;
    if (x->subkeys->n == 0)
        return editor_set_end(e, NULL, x->ends_at);
    for (size_t i = 0; i < x->subkeys->n; i++) {
        struct key_handle subkey;
        TRY(keywords_subkey(x->subkeys->items[i], &subkey));
        TRY(editor_set_end(e, &subkey, x->ends_at));
    }
    return NULL;
}

static err *run_expire(struct app *app, const void *options, const struct args *args)
{
    const struct expire_opts *o = options;
    struct ending x = {.subkeys = &o->subkeys};
    const char *who = NULL;
    TRY(read_args(app, args, &who, &x.ends_at));
    return keyedit_run_editor(app, &o->edit, who, expire, &x);
}

const struct command cmd_key_expire = {
    .noun = "key",
    .name = "expire",
    .summary = "set when your key, or a subkey, expires",
    .synopsis = "[--subkey SUBKEY] [WHO] WHEN",
    .details =
        "WHEN is a length of time from now (90d, 6w, 18m, 2y), a date (2030-01-31), or never. It "
        "may be sooner or later than before, and a key that has expired is good again. Subkeys "
        "end when the key does, or when they were to end themselves if that is sooner; bulla "
        "key extend moves them, too.\n\n" KEYEDIT_DETAILS,
    .examples = "bulla key expire alice@example.org 2y\n"
                "bulla key expire alice@example.org 2030-12-31\n"
                "bulla key expire --subkey 0123456789ABCDEF alice@example.org never",
    .values = "KEY",
    COMMAND_OPTIONS(expire_options, struct expire_opts),
    .needs = NEEDS_WRITE,
    .run = run_expire,
};

/* extend */

struct extend_opts {
    struct keyedit_opts edit;
    bool all;
};

static const struct opt extend_options[] = {
    OPT_FLAG('a', "all", struct extend_opts, all,
             "also subkeys in whose place there is a newer one"),
    OPT_KEYEDIT(struct extend_opts, edit),
};

struct extension {
    bool all;
    int64_t ends_at;
};

static err *extend(void *context, struct editor *e)
{
    const struct extension *x = context;
    return editor_extend(e, x->all, x->ends_at);
}

static err *run_extend(struct app *app, const void *options, const struct args *args)
{
    const struct extend_opts *o = options;
    struct extension x = {.all = o->all};
    const char *who = NULL;
    TRY(read_args(app, args, &who, &x.ends_at));
    return keyedit_run_editor(app, &o->edit, who, extend, &x);
}

const struct command cmd_key_extend = {
    .noun = "key",
    .name = "extend",
    .summary = "let your key and its subkeys live longer",
    .synopsis = "[--all] [WHO] WHEN",
    .details =
        "Moves the end of the key and of the subkeys that are in use to WHEN, as in bulla key "
        "expire, also if they have expired already. What is to end later than that stays as it "
        "is, and so does what is revoked or too weak. Without --all, a subkey ends as it was to "
        "end if there is a newer one that does all that it does.\n\n" KEYEDIT_DETAILS,
    .examples = "bulla key extend 2y\n"
                "bulla key extend --all alice@example.org 2y\n"
                "bulla key extend --passphrase-file @ENV:PASS alice@example.org 1y",
    .values = "KEY",
    COMMAND_OPTIONS(extend_options, struct extend_opts),
    .needs = NEEDS_WRITE,
    .run = run_extend,
};
