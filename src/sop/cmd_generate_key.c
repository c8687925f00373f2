/* sop generate-key */
#include <stdlib.h>

#include "base/mem.h"
#include "cli/command.h"
#include "pgp/keygen.h"
#include "sop/data.h"
#include "sop/passwords.h"
#include "sop/profiles.h"

struct generate_opts {
    bool no_armor, signing_only;
    const char *password, *profile;
};

static const struct opt opts[] = {
    OPT_FLAG(0, "no-armor", struct generate_opts, no_armor, "write bytes instead of text"),
    OPT_TEXT(0, "with-key-password", struct generate_opts, password, "F",
             "protect the key with the password in F", OPT_INPUT),
    OPT_WORD(0, "profile", struct generate_opts, profile, "NAME",
             "what kind of key; list-profiles generate-key lists them",
             "default rfc9580 security compatibility"),
    OPT_FLAG(0, "signing-only", struct generate_opts, signing_only, "make no key for encryption"),
};

static err *choose_profile(const char *name, const struct keygen_profile **out)
{
    *out = keygen_profile_find(name != NULL ? name : "default");
    return *out != NULL ? NULL : profiles_unknown("generate-key", name);
}

static err *user_ids(const struct args *args, struct slice **out)
{
    TRY(MEM_ARRAY(*out, args->n + 1));
    for (size_t i = 0; i < args->n; i++)
        (*out)[i] = slice_of_string(args->items[i]);
    return NULL;
}

static err *put(struct app *app, const struct cert *c, bool no_armor)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(CERT_MAX);
    cert_write(c, CERT_SECRET, &packets);
    TRY(buf_end(&packets));
    return data_put_packets(app, buf_view(&packets), ARMOR_PRIVATE_KEY, no_armor);
}

/* It never expires: nothing here could tell in time that it is about to. */
static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct generate_opts *o = options;
    AUTO(free) struct slice *ids = NULL;
    AUTO(secret_free) struct secret *password = NULL;
    AUTO(cert_free) struct cert *c = NULL;
    struct keygen_params p = {
        .world = app->world, .n_user_ids = args->n, .signing_only = o->signing_only};
    TRY(choose_profile(o->profile, &p.profile));
    TRY(user_ids(args, &ids));
    TRY(passwords_new(o->password, &password));
    p.user_ids = ids;
    p.passphrase = password;
    TRY(keygen_make(&p, &c));
    return put(app, c, o->no_armor);
}

const struct command cmd_sop_generate_key = {
    .noun = "sop",
    .name = "generate-key",
    .summary = "make a new secret key",
    .synopsis = "[USERID...] > KEYS",
    .details = "A primary key that certifies and signs and, unless --signing-only, a subkey for "
               "encryption. Neither expires.",
    .examples =
        "bulla sop generate-key \"Alice <alice@example.org>\" > alice.key\n"
        "bulla sop generate-key --profile=rfc9580 --with-key-password=@ENV:PASS > alice.key",
    COMMAND_OPTIONS(opts, struct generate_opts),
    .run = run,
};
