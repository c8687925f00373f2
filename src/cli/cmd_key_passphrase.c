/* key passphrase */
#include "base/text.h"
#include "cli/command.h"
#include "cli/keyedit.h"
#include "cli/passphrase.h"
#include "pgp/edit.h"
#include "pgp/unlock.h"

struct passphrase_opts {
    struct keyedit_opts edit;
    bool no_passphrase;
    const char *fresh, *subkey;
};

static const struct opt opts[] = {
    OPT_TEXT(0, "new-passphrase-file", struct passphrase_opts, fresh, "F",
             "protect it with the passphrase in F: a file, @FD:n or @ENV:NAME", OPT_INPUT),
    OPT_FLAG(0, "no-passphrase", struct passphrase_opts, no_passphrase,
             "do not protect it any more"),
    OPT_TEXT(0, "subkey", struct passphrase_opts, subkey, "FINGERPRINT",
             "change that of this key alone, a subkey or the primary one", OPT_ANY),
    OPT_KEYEDIT(struct passphrase_opts, edit),
};

static const struct opt_conflict conflicts[] = {
    {"no-passphrase", "new-passphrase-file", "choose one"},
    {NULL, NULL, NULL},
};

struct changing {
    const struct passphrase_opts *opts;
    struct secret *fresh; /* NULL: none, or not asked for yet */
};

static void changing_clear(struct changing *x)
{
    secret_free(x->fresh);
}

/* Is it the one that --subkey means? */
static bool is_named(const struct component *x, const char *name)
{
    char fpr[FPR_TEXT_SIZE], id[KEY_ID_TEXT_SIZE];
    if (x->kind != COMPONENT_PRIMARY && x->kind != COMPONENT_SUBKEY)
        return false;
    fingerprint_text(&x->key.fpr, fpr);
    key_id_text(&x->key.id, id);
    struct slice given = slice_of_string(name);
    return text_equal_nocase(given, slice_of_string(fpr)) ||
           text_equal_nocase(given, slice_of_string(id));
}

/* NULL where all are meant. */
static err *choose(const struct cert *c, const char *name, const struct component **out)
{
    char fpr[FPR_TEXT_SIZE];
    *out = NULL;
    for (size_t i = 0; name != NULL && i < c->components.n && *out == NULL; i++) {
        if (is_named(&c->components.items[i], name))
            *out = &c->components.items[i];
    }
    if (name == NULL || *out != NULL)
        return NULL;
    fingerprint_text(cert_fingerprint(c), fpr);
    return err_hint(err_new(ERR_NOT_FOUND, "%s: it has no subkey %s", fpr, name),
                    "bulla key show %s lists them", fpr);
}

/* The old one is asked for first: who does not know it need not think up another one. */
static err *unlock_first(const struct cert *c, const struct component *only,
                         const struct signer_params *p)
{
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        AUTO(secret_free) struct secret *fields = NULL;
        if (unlock_is_here(x) && (only == NULL || x == only))
            return unlock_key(c, x, p->finder, p->limits, &fields);
    }
    return NULL;
}

static err *ask_new(struct changing *x)
{
    return passphrase_new(x->opts->fresh, "the key",
                          "give it with --new-passphrase-file FILE (or @FD:n, @ENV:NAME), or do "
                          "without: --no-passphrase",
                          &x->fresh);
}

static err *apply(void *context, const struct cert *c, const struct signer_params *p,
                  struct cert **out)
{
    struct changing *x = context;
    const struct component *only = NULL;
    TRY(choose(c, x->opts->subkey, &only));
    if (only != NULL && !unlock_is_here(only))
        return unlock_not_here(only);
    if (!x->opts->no_passphrase && x->fresh == NULL) {
        TRY(unlock_first(c, only, p));
        TRY(ask_new(x));
    }
    return edit_passphrase(c, p, only, x->fresh, out);
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct passphrase_opts *o = options;
    CLEANUP(changing_clear) struct changing x = {.opts = o};
    TRY(args_check(args, 1, 1, "WHO"));
    if (o->fresh != NULL)
        TRY(ask_new(&x));
    return keyedit_run(app, &o->edit, args->items[0], apply, &x);
}

const struct command cmd_key_passphrase = {
    .noun = "key",
    .name = "passphrase",
    .summary = "protect a key of yours with another passphrase",
    .synopsis = "[--subkey FINGERPRINT] WHO",
    .details =
        "The primary key and all subkeys get the new passphrase, whatever they had before. Where "
        "they had different ones, each is asked for, or --passphrase-file is repeated. If one of "
        "them cannot be unlocked, nothing is changed. --subkey changes one of them alone.\n\n"
        "Copies of the key elsewhere, and in backups, keep the passphrase that they have.",
    .examples =
        "bulla key passphrase alice@example.org\n"
        "bulla key passphrase --passphrase-file old --new-passphrase-file new alice@example.org\n"
        "bulla key passphrase --no-passphrase --subkey 1122334455667788 alice@example.org",
    .values = "KEY",
    COMMAND_OPTIONS(opts, struct passphrase_opts),
    .conflicts = conflicts,
    .needs = NEEDS_WRITE,
    .run = run,
};
