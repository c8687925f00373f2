/* sop update-key */
#include "cli/command.h"
#include "pgp/edit.h"
#include "pgp/renew.h"
#include "sop/signing.h"

struct update_opts {
    bool no_armor, signing_only, no_added_capabilities, revoke_deprecated;
    struct opt_list passwords, merge;
};

static const struct opt opts[] = {
    OPT_FLAG(0, "no-armor", struct update_opts, no_armor, "write bytes instead of text"),
    OPT_FLAG(0, "signing-only", struct update_opts, signing_only,
             "add no subkey for encryption to a key that never had one"),
    OPT_FLAG(0, "no-added-capabilities", struct update_opts, no_added_capabilities,
             "let the key announce and do nothing that it did not before"),
    OPT_FLAG(0, "revoke-deprecated-keys", struct update_opts, revoke_deprecated,
             "revoke subkeys that are too weak"),
    OPT_LIST(0, "with-key-password", struct update_opts, passwords, "F",
             "unlock keys with the password in F", OPT_INPUT),
    OPT_LIST(0, "merge-certs", struct update_opts, merge, "CERTS",
             "first add what these copies of the certificates know", OPT_INPUT),
};

static err *renew_all(struct app *app, const struct update_opts *o, struct certs *keys)
{
    const struct key_finder finder = certs_finder(keys);
    const struct renew_params params = {.keys = signing_params(app, &finder),
                                        .signing_only = o->signing_only,
                                        .no_added_capabilities = o->no_added_capabilities,
                                        .revoke_deprecated = o->revoke_deprecated};
    for (size_t i = 0; i < keys->list.n; i++) {
        struct cert *renewed = NULL;
        TRY(renew_key(keys->list.items[i], &params, &renewed));
        certs_replace(keys, i, renewed);
    }
    return NULL;
}

/* The copies of others get less credit than the keys themselves. */
static err *absorb(struct app *app, const struct update_opts *o, struct certs *keys)
{
    CLEANUP(certs_clear) struct certs others = {0};
    TRY(certs_load(&others, WANT_CERTS, o->merge.items, o->merge.n));
    for (size_t i = 0; i < others.list.n; i++) {
        struct cert *strong = NULL;
        TRY(edit_without_weak(others.list.items[i], app->policy, &strong));
        certs_replace(&others, i, strong);
    }
    TRY(certs_merge(keys, &others));
    return certs_attach_revokers(keys, &others);
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct update_opts *o = options;
    CLEANUP(passwords_clear) struct passwords passwords = {0};
    CLEANUP(certs_clear) struct certs keys = {.key_passwords = &passwords};
    TRY(args_check(args, 0, 0, NULL));
    TRY(passwords_read(&o->passwords, &passwords));
    TRY(certs_read(&keys, WANT_KEYS));
    TRY(absorb(app, o, &keys));
    TRY(renew_all(app, o, &keys));
    return certs_put(app, &keys, CERT_SECRET | CERT_LOCAL, o->no_armor);
}

const struct command cmd_sop_update_key = {
    .noun = "sop",
    .name = "update-key",
    .summary = "bring keys up to date",
    .synopsis = "< KEYS > KEYS",
    .details =
        "Signs again what was signed with a hash that has become weak, and what has less than half "
        "of its time left, for as long again. Announces SEIPD version 2, and adds a subkey for "
        "encryption where there is none that is strong. A key for which nothing is due comes "
        "out as it is, so that this can run regularly.\n\n"
        "Exit code 103 means that the primary key is weak, revoked or too old, and that only a new "
        "key helps.",
    .examples = "bulla sop update-key < alice.key > fresh.key\n"
                "bulla sop update-key --merge-certs=downloaded.cert < alice.key > fresh.key",
    COMMAND_OPTIONS(opts, struct update_opts),
    .run = run,
};
