/* sop inline-sign */
#include "cli/command.h"
#include "pgp/armored.h"
#include "sop/data.h"
#include "sop/mode.h"
#include "sop/signing.h"

struct sign_opts {
    bool no_armor;
    const char *as;
    struct opt_list passwords;
};

static const struct opt opts[] = {
    OPT_FLAG(0, "no-armor", struct sign_opts, no_armor, "write bytes instead of text"),
    OPT_WORD(0, "as", struct sign_opts, as, "MODE",
             "sign binary data (the default), text, or text that stays readable",
             "binary text clearsigned"),
    OPT_LIST(0, "with-key-password", struct sign_opts, passwords, "F",
             "unlock keys with the password in F", OPT_INPUT),
};

static err *make(struct app *app, enum mode mode, bool no_armor, const struct signing_keys *keys,
                 struct source **out)
{
    struct source *data = NULL, *message = NULL;
    struct sign_params p = {.signers = keys->items,
                            .n_signers = keys->n,
                            .text = mode != MODE_BINARY,
                            .world = app->world};
    TRY(app_pool(app, &p.pool));
    TRY(data_input(app, &data));
    if (mode == MODE_CLEARSIGNED)
        return sign_cleartext(data, &p, out);
    TRY(sign_inline(data, &p, &message));
    if (!no_armor)
        return armored_new(message, ARMOR_MESSAGE, out);
    *out = message;
    return NULL;
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct sign_opts *o = options;
    CLEANUP(passwords_clear) struct passwords passwords = {0};
    CLEANUP(certs_clear) struct certs keys = {.key_passwords = &passwords};
    CLEANUP(signing_keys_clear) struct signing_keys signers = {.n = 0};
    struct source *message = NULL;
    enum mode mode;
    TRY(args_check(args, 1, SIZE_MAX, "KEYS..."));
    TRY(mode_parse(o->as, MODE_CLEARSIGNED, &mode));
    if (mode == MODE_CLEARSIGNED && o->no_armor)
        return err_new(ERR_INCOMPATIBLE, "--as=clearsigned and --no-armor");
    TRY(passwords_read(&o->passwords, &passwords));
    TRY(certs_load(&keys, WANT_KEYS, args->items, args->n));
    TRY(signing_keys_open(app, &keys, &signers));
    TRY(make(app, mode, o->no_armor, &signers, &message));
    return data_put(app, message);
}

const struct command cmd_sop_inline_sign = {
    .noun = "sop",
    .name = "inline-sign",
    .summary = "make a message of data and its signatures",
    .synopsis = "[--as=MODE] KEYS... < DATA > INLINESIGNED",
    .details = "One signature by each of the keys. Text must be UTF-8; with --as=text it gets CR "
               "LF as line ends.",
    .examples = "bulla sop inline-sign alice.key < letter > message\n"
                "bulla sop inline-sign --as=clearsigned alice.key < letter > letter.asc",
    .values = "FILE",
    COMMAND_OPTIONS(opts, struct sign_opts),
    .run = run,
};
