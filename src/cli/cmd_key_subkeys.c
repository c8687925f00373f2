/* key: subkeys. */
#include <string.h>

#include "cli/command.h"
#include "cli/keyedit.h"
#include "cli/keywords.h"
#include "cli/reason.h"

/* What a new subkey is to be. */
struct subkey_opts {
    const char *uses, *profile, *expires;
};

#define OPT_SUBKEY(type, field)                                                                    \
    OPT_WORD(0, "for", type, field.uses, "USE", "encrypt (the default), sign, auth, or sign,auth", \
             KEYWORDS_USES),                                                                       \
        OPT_WORD(0, "profile", type, field.profile, "NAME",                                        \
                 "of the kind that keys of this profile have; that of the key unless said",        \
                 KEYWORDS_PROFILES),                                                               \
        OPT_TEXT(0, "expires", type, field.expires, "WHEN",                                        \
                 "2y, 18m, 90d, a date, or never; with the key unless said", OPT_ANY)

static err *read_subkey(struct app *app, const struct subkey_opts *o, struct editor_subkey *out)
{
    TRY(keywords_uses(o->uses != NULL ? o->uses : "encrypt", &out->key_flags));
    if (o->profile != NULL)
        TRY(keywords_profile(o->profile, &out->profile));
    out->has_end = o->expires != NULL;
    return out->has_end ? keywords_end(app, o->expires, &out->ends_at) : NULL;
}

/* add-subkey */

struct add_opts {
    struct keyedit_opts edit;
    struct subkey_opts subkey;
};

static const struct opt add_options[] = {
    OPT_SUBKEY(struct add_opts, subkey),
    OPT_KEYEDIT(struct add_opts, edit),
};

static err *add_subkey(void *context, struct editor *e)
{
    return editor_add_subkey(e, context);
}

static const char *who_of(const struct args *args)
{
    return args->n > 0 ? args->items[0] : NULL;
}

static err *run_add(struct app *app, const void *options, const struct args *args)
{
    const struct add_opts *o = options;
    struct editor_subkey s = {0};
    TRY(args_check(args, 0, 1, NULL));
    TRY(read_subkey(app, &o->subkey, &s));
    return keyedit_run_editor(app, &o->edit, who_of(args), add_subkey, &s);
}

const struct command cmd_key_add_subkey = {
    .noun = "key",
    .name = "add-subkey",
    .summary = "give your key another subkey",
    .synopsis = "[--for USE] [WHO]",
    .details =
        "Of several subkeys for the same thing, the newest is used; bulla key rotate retires the "
        "others as well. A subkey for sign or auth is of the kind of the primary key. It gets "
        "the passphrase of the primary key.\n\n" KEYEDIT_DETAILS,
    .examples = "bulla key add-subkey --for sign alice@example.org\n"
                "bulla key add-subkey --for auth --expires 1y alice@example.org",
    .values = "KEY",
    COMMAND_OPTIONS(add_options, struct add_opts),
    .needs = NEEDS_WRITE,
    .run = run_add,
};

/* rotate */

struct rotate_opts {
    struct keyedit_opts edit;
    struct subkey_opts subkey;
    const char *retire;
};

static const struct opt rotate_options[] = {
    OPT_SUBKEY(struct rotate_opts, subkey),
    OPT_TEXT(0, "retire", struct rotate_opts, retire, "WHEN",
             "the old ones end then: now, 30d, a date, or never; unless said, those for encryption "
             "now, others never",
             OPT_ANY),
    OPT_KEYEDIT(struct rotate_opts, edit),
};

struct rotation {
    struct editor_subkey subkey;
    int64_t retire_at;
};

static err *rotate(void *context, struct editor *e)
{
    const struct rotation *r = context;
    return editor_rotate_subkey(e, &r->subkey, r->retire_at);
}

/* Signatures by a subkey that has ended since are good, but some programs have their doubts. */
static err *read_retirement(struct app *app, const char *when, uint8_t key_flags, int64_t *out)
{
    *out = (key_flags & FLAG_ENCRYPT) != 0 ? 0 : EDITOR_KEEP;
    if (when == NULL)
        return NULL;
    *out = 0;
    if (strcmp(when, "now") == 0)
        return NULL;
    TRY(keywords_end(app, when, out));
    if (*out == 0)
        *out = EDITOR_KEEP;
    return NULL;
}

static err *run_rotate(struct app *app, const void *options, const struct args *args)
{
    const struct rotate_opts *o = options;
    struct rotation r = {0};
    TRY(args_check(args, 0, 1, NULL));
    TRY(read_subkey(app, &o->subkey, &r.subkey));
    TRY(read_retirement(app, o->retire, r.subkey.key_flags, &r.retire_at));
    return keyedit_run_editor(app, &o->edit, who_of(args), rotate, &r);
}

const struct command cmd_key_rotate = {
    .noun = "key",
    .name = "rotate",
    .summary = "put a new subkey in the place of an old one",
    .synopsis = "[--for USE] [--retire WHEN] [WHO]",
    .details =
        "Makes a new subkey for encryption, and lets the old one end: whoever has your new "
        "certificate encrypts to the new subkey. The secret part of the old one stays, so that "
        "what was encrypted to it can be read; it is needed for that as long as you keep such "
        "messages. On your other devices, import the key again: bulla key export.\n\n"
        "With --for sign, the new subkey signs from now on, and the old one stays good for "
        "what it has signed. A subkey that is in wrong hands must be revoked instead: bulla key "
        "revoke-subkey --reason compromised.\n\n" KEYEDIT_DETAILS,
    .examples = "bulla key rotate alice@example.org\n"
                "bulla key rotate --for sign --retire 30d alice@example.org\n"
                "bulla key rotate --dry-run",
    .values = "KEY",
    COMMAND_OPTIONS(rotate_options, struct rotate_opts),
    .needs = NEEDS_WRITE,
    .run = run_rotate,
};

/* revoke-subkey */

struct revoke_opts {
    struct keyedit_opts edit;
    struct reason_opts reason;
};

static const struct opt revoke_options[] = {
    OPT_REASON(struct revoke_opts, reason),
    OPT_KEYEDIT(struct revoke_opts, edit),
};

struct revoking {
    const struct args *args;
    enum revocation_reason reason;
    const char *message;
};

static err *revoke_subkeys(void *context, struct editor *e)
{
    const struct revoking *x = context;
    for (size_t i = 1; i < x->args->n; i++) {
        struct key_handle subkey;
        TRY(keywords_subkey(x->args->items[i], &subkey));
        TRY(editor_revoke_subkey(e, &subkey, x->reason, x->message));
    }
    return NULL;
}

static err *run_revoke(struct app *app, const void *options, const struct args *args)
{
    const struct revoke_opts *o = options;
    struct revoking x = {.args = args};
    TRY(args_check(args, 2, SIZE_MAX, "WHO SUBKEY..."));
    TRY(reason_parse(&o->reason, REVOKED_NO_REASON, &x.reason, &x.message));
    return keyedit_run_editor(app, &o->edit, args->items[0], revoke_subkeys, &x);
}

const struct command cmd_key_revoke_subkey = {
    .noun = "key",
    .name = "revoke-subkey",
    .summary = "declare a subkey of your key void",
    .synopsis = "[--reason WHY] WHO SUBKEY...",
    .details =
        "SUBKEY is a fingerprint or key ID, as bulla key show lists them. The secret part stays, "
        "and decrypts what was encrypted to it.\n\n" REASON_DETAILS "\n\n" KEYEDIT_DETAILS,
    .examples = "bulla key revoke-subkey --reason superseded alice@example.org 0123456789ABCDEF\n"
                "bulla key revoke-subkey --reason compromised alice@example.org "
                "0123456789ABCDEF",
    .values = "KEY",
    COMMAND_OPTIONS(revoke_options, struct revoke_opts),
    .needs = NEEDS_WRITE,
    .run = run_revoke,
};
