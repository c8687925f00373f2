/* sop revoke-key */
#include "cli/command.h"
#include "pgp/edit.h"
#include "sop/signing.h"

struct revoke_opts {
    bool no_armor;
    struct opt_list passwords;
};

static const struct opt opts[] = {
    OPT_FLAG(0, "no-armor", struct revoke_opts, no_armor, "write bytes instead of text"),
    OPT_LIST(0, "with-key-password", struct revoke_opts, passwords, "F",
             "unlock keys with the password in F", OPT_INPUT),
};

static err *revoke_all(struct app *app, struct certs *keys)
{
    const struct key_finder finder = certs_finder(keys);
    const struct signer_params params = signing_params(app, &finder);
    for (size_t i = 0; i < keys->list.n; i++) {
        struct cert *revoked = NULL;
        err *e = edit_revoke(keys->list.items[i], &params, REVOKED_NO_REASON, "", &revoked);
        if (err_kind_of(e) == ERR_NOT_FOUND)
            e = err_as(e, ERR_CANNOT_SIGN);
        TRY(e);
        certs_replace(keys, i, revoked);
    }
    return NULL;
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct revoke_opts *o = options;
    CLEANUP(passwords_clear) struct passwords passwords = {0};
    CLEANUP(certs_clear) struct certs keys = {.key_passwords = &passwords};
    TRY(args_check(args, 0, 0, NULL));
    TRY(passwords_read(&o->passwords, &passwords));
    TRY(certs_read(&keys, WANT_KEYS));
    TRY(revoke_all(app, &keys));
    return certs_put(app, &keys, CERT_PUBLIC, o->no_armor);
}

const struct command cmd_sop_revoke_key = {
    .noun = "sop",
    .name = "revoke-key",
    .summary = "make revoked certificates of keys",
    .synopsis = "< KEYS > CERTS",
    .details =
        "The certificate of each key, revoked for ever and without a reason: whoever gets it "
        "relies on nothing any more that the key has signed, or will. Keep it in a safe "
        "place for the day when the key is lost, or pass it on at once.",
    .examples = "bulla sop revoke-key < alice.key > alice-revoked.cert",
    COMMAND_OPTIONS(opts, struct revoke_opts),
    .run = run,
};
