/* sop change-key-password */
#include "cli/command.h"
#include "pgp/edit.h"
#include "sop/signing.h"

struct change_opts {
    bool no_armor;
    const char *new_password;
    struct opt_list old_passwords;
};

static const struct opt opts[] = {
    OPT_FLAG(0, "no-armor", struct change_opts, no_armor, "write bytes instead of text"),
    OPT_TEXT(0, "new-key-password", struct change_opts, new_password, "F",
             "protect all keys with the password in F", OPT_INPUT),
    OPT_LIST(0, "old-key-password", struct change_opts, old_passwords, "F",
             "unlock keys with the password in F", OPT_INPUT),
};

static err *change_all(struct app *app, struct certs *keys, const struct secret *password)
{
    const struct key_finder finder = certs_finder(keys);
    const struct signer_params params = signing_params(app, &finder);
    for (size_t i = 0; i < keys->list.n; i++) {
        struct cert *changed = NULL;
        TRY(edit_passphrase(keys->list.items[i], &params, NULL, password, &changed));
        certs_replace(keys, i, changed);
    }
    return NULL;
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct change_opts *o = options;
    CLEANUP(passwords_clear) struct passwords old = {0};
    CLEANUP(certs_clear) struct certs keys = {.key_passwords = &old,
                                              .password_hint = "give it with --old-key-password=F"};
    AUTO(secret_free) struct secret *password = NULL;
    TRY(args_check(args, 0, 0, NULL));
    TRY(passwords_read(&o->old_passwords, &old));
    TRY(passwords_new(o->new_password, &password));
    TRY(certs_read(&keys, WANT_KEYS));
    TRY(change_all(app, &keys, password));
    return certs_put(app, &keys, CERT_SECRET | CERT_LOCAL, o->no_armor);
}

const struct command cmd_sop_change_key_password = {
    .noun = "sop",
    .name = "change-key-password",
    .summary = "protect keys with another password, or with none",
    .synopsis = "< KEYS > KEYS",
    .details = "Without --new-key-password the keys end up unprotected. All their parts get the "
               "same password; if one cannot be unlocked, nothing is written.",
    .examples = "bulla sop change-key-password --old-key-password=old --new-key-password=new "
                "< alice.key > new.key",
    COMMAND_OPTIONS(opts, struct change_opts),
    .run = run,
};
