/* sop certify-userid */
#include "base/mem.h"
#include "cli/command.h"
#include "pgp/edit.h"
#include "sop/signing.h"

struct certify_opts {
    bool no_armor, no_require_self_sig;
    struct opt_list user_ids, passwords;
};

static const struct opt opts[] = {
    OPT_FLAG(0, "no-armor", struct certify_opts, no_armor, "write bytes instead of text"),
    OPT_LIST(0, "userid", struct certify_opts, user_ids, "USERID",
             "certify this user ID; needed, may be repeated", OPT_ANY),
    OPT_FLAG(0, "no-require-self-sig", struct certify_opts, no_require_self_sig,
             "also if its owner has not signed the user ID; adds it where it is missing"),
    OPT_LIST(0, "with-key-password", struct certify_opts, passwords, "F",
             "unlock keys with the password in F", OPT_INPUT),
};

static err *user_ids(const struct opt_list *list, struct slice **out)
{
    TRY(MEM_ARRAY(*out, list->n));
    for (size_t i = 0; i < list->n; i++) {
        (*out)[i] = slice_of_string(list->items[i]);
        if ((*out)[i].len == 0)
            return err_new(ERR_USAGE, "the user ID is empty");
    }
    return NULL;
}

static err *certify_all(struct certs *certs, const struct edit_certify *p)
{
    for (size_t i = 0; i < certs->list.n; i++) {
        struct cert *certified = NULL;
        TRY(edit_certify(certs->list.items[i], p, &certified));
        certs_replace(certs, i, certified);
    }
    return NULL;
}

static err *check_command_line(const struct certify_opts *o, const struct args *args)
{
    if (o->user_ids.n == 0)
        return err_new(ERR_MISSING_ARG, "--userid=USERID is missing");
    return args_check(args, 1, SIZE_MAX, "KEYS...");
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct certify_opts *o = options;
    CLEANUP(passwords_clear) struct passwords passwords = {0};
    CLEANUP(certs_clear) struct certs keys = {.key_passwords = &passwords}, certs = {0};
    CLEANUP(signing_keys_clear) struct signing_keys signers = {.n = 0};
    AUTO(free) struct slice *ids = NULL;
    TRY(check_command_line(o, args));
    TRY(user_ids(&o->user_ids, &ids));
    TRY(passwords_read(&o->passwords, &passwords));
    TRY(certs_load(&keys, WANT_KEYS, args->items, args->n));
    TRY(signing_keys_open_certifiers(app, &keys, &signers));
    TRY(certs_read(&certs, WANT_CERTS));
    const struct edit_certify params = {.user_ids = ids,
                                        .n_user_ids = o->user_ids.n,
                                        .signers = signers.items,
                                        .n_signers = signers.n,
                                        .also_unsigned = o->no_require_self_sig,
                                        .policy = app->policy,
                                        .world = app->world};
    TRY(certify_all(&certs, &params));
    return certs_put(app, &certs, CERT_LOCAL, o->no_armor);
}

const struct command cmd_sop_certify_userid = {
    .noun = "sop",
    .name = "certify-userid",
    .summary = "certify that certificates belong to a user ID",
    .synopsis = "--userid=USERID... KEYS... < CERTS > CERTS",
    .details = "Each key certifies each user ID of each certificate. A user ID must stand in the "
               "certificate exactly as it is given, and its owner must have signed it; otherwise "
               "the exit code is 107, and nothing is written.",
    .examples = "bulla sop certify-userid --userid=\"Bob <bob@example.org>\" alice.key < bob.cert "
                "> certified.cert",
    .values = "FILE",
    COMMAND_OPTIONS(opts, struct certify_opts),
    .run = run,
};
