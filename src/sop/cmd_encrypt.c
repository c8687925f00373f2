/* sop encrypt */
#include <string.h>

#include "base/vec.h"
#include "cli/command.h"
#include "pgp/encrypt.h"
#include "sop/data.h"
#include "sop/mode.h"
#include "sop/profiles.h"
#include "sop/sessionkey.h"
#include "sop/signing.h"
#include "stream/pump.h"

struct encrypt_opts {
    bool no_armor;
    const char *as, *purpose, *profile, *session_key_out;
    struct opt_list passwords, signers, key_passwords;
};

static const struct opt opts[] = {
    OPT_FLAG(0, "no-armor", struct encrypt_opts, no_armor, "write bytes instead of text"),
    OPT_WORD(0, "as", struct encrypt_opts, as, "MODE", "encrypt binary data (the default) or text",
             "binary text"),
    OPT_WORD(0, "for", struct encrypt_opts, purpose, "PURPOSE",
             "take keys that are meant for storage, or for communications",
             "any storage communications"),
    OPT_WORD(0, "profile", struct encrypt_opts, profile, "NAME",
             "what kind of message; list-profiles encrypt lists them", "default rfc9580 rfc4880"),
    OPT_LIST(0, "with-password", struct encrypt_opts, passwords, "F",
             "encrypt with the password in F, too", OPT_INPUT),
    OPT_LIST(0, "sign-with", struct encrypt_opts, signers, "KEYS", "sign with these keys",
             OPT_INPUT),
    OPT_LIST(0, "with-key-password", struct encrypt_opts, key_passwords, "F",
             "unlock the signing keys with the password in F", OPT_INPUT),
    OPT_TEXT(0, "session-key-out", struct encrypt_opts, session_key_out, "F",
             "write the session key to F", OPT_PLACE),
};

struct encryption {
    struct app *app;
    const struct encrypt_opts *opts;
    struct certs certs, signers;
    VEC(struct bound_cert *) bound;
    VEC(struct recipient) recipients;
    struct passwords passwords, key_passwords;
    struct signing_keys signing;
    struct sign_params sign;
    struct encrypt_params params;
    struct secret *session_key;
    struct sink *session_key_out;
};

static void encryption_clear(struct encryption *x)
{
    sink_close(x->session_key_out);
    secret_free(x->session_key);
    signing_keys_clear(&x->signing);
    passwords_clear(&x->key_passwords);
    passwords_clear(&x->passwords);
    vec_free(&x->recipients);
    for (size_t i = 0; i < x->bound.n; i++)
        bound_cert_free(x->bound.items[i]);
    vec_free(&x->bound);
    certs_clear(&x->signers);
    certs_clear(&x->certs);
}

/* Options. */

static err *choose_profile(const char *name, enum encrypt_format *out)
{
    const struct encrypt_profile *p = encrypt_profile_find(name != NULL ? name : "default");
    if (p == NULL)
        return profiles_unknown("encrypt", name);
    *out = p->format;
    return NULL;
}

static err *choose_purpose(const char *name, uint32_t *key_flags)
{
    *key_flags = FLAG_ENCRYPT;
    if (name == NULL || strcmp(name, "any") == 0)
        return NULL;
    if (strcmp(name, "storage") == 0)
        *key_flags = FLAG_ENCRYPT_STORAGE;
    else if (strcmp(name, "communications") == 0)
        *key_flags = FLAG_ENCRYPT_COMMS;
    else
        return err_hint(err_new(ERR_UNKNOWN_OPTION, "--for=%s: no such purpose", name),
                        "--help lists the purposes");
    return NULL;
}

static err *choose(struct encryption *x)
{
    const struct encrypt_opts *o = x->opts;
    enum mode mode;
    TRY(mode_parse(o->as, MODE_TEXT, &mode));
    TRY(choose_purpose(o->purpose, &x->params.key_flags));
    TRY(choose_profile(o->profile, &x->params.format));
    x->params.text = mode == MODE_TEXT;
    x->params.armor = !o->no_armor;
    return NULL;
}

/* Recipients and signers. */

static bool is_recipient(const struct encryption *x, const struct cert *c)
{
    for (size_t i = 0; i < x->bound.n; i++) {
        if (fingerprint_equal(cert_fingerprint(x->bound.items[i]->cert), cert_fingerprint(c)))
            return true;
    }
    return false;
}

static err *add_recipient(struct encryption *x, const struct cert *c)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    if (is_recipient(x, c))
        return NULL;
    TRY(bind_cert(c, x->app->policy, world_now(x->app->world), &b));
    const struct recipient r = {.cert = b};
    TRY(VEC_PUSH(&x->bound, b));
    b = NULL;
    return VEC_PUSH(&x->recipients, r);
}

static err *take_recipients(struct encryption *x, const struct args *args)
{
    const struct opt_list *names = &x->opts->passwords;
    for (size_t i = 0; i < names->n; i++) {
        AUTO(secret_free) struct secret *s = NULL;
        TRY(passwords_new(names->items[i], &s));
        TRY(VEC_PUSH(&x->passwords, s));
        s = NULL;
    }
    TRY(certs_load(&x->certs, WANT_CERTS, args->items, args->n));
    if (x->certs.passed_over != NULL)
        return err_as(TAKE(x->certs.passed_over), ERR_CANNOT_ENCRYPT);
    for (size_t i = 0; i < x->certs.list.n; i++)
        TRY(add_recipient(x, x->certs.list.items[i]));
    x->params.recipients = x->recipients.items;
    x->params.n_recipients = x->recipients.n;
    x->params.passphrases = x->passwords.items;
    x->params.n_passphrases = x->passwords.n;
    return NULL;
}

static err *take_signers(struct encryption *x)
{
    const struct encrypt_opts *o = x->opts;
    TRY(passwords_read(&o->key_passwords, &x->key_passwords));
    x->signers.key_passwords = &x->key_passwords;
    TRY(certs_load(&x->signers, WANT_KEYS, o->signers.items, o->signers.n));
    TRY(signing_keys_open(x->app, &x->signers, &x->signing));
    x->sign = (struct sign_params){
        .signers = x->signing.items, .n_signers = x->signing.n, .world = x->app->world};
    x->params.sign = x->signing.n > 0 ? &x->sign : NULL;
    return NULL;
}

static err *prepare(struct encryption *x, const struct args *args)
{
    if (args->n + x->opts->passwords.n == 0)
        return err_hint(err_new(ERR_MISSING_ARG, "for whom?"), "name CERTS, or --with-password=F");
    TRY(choose(x));
    TRY(take_recipients(x, args));
    TRY(take_signers(x));
    TRY(data_aside(x->opts->session_key_out, true, &x->session_key_out));
    x->params.world = x->app->world;
    x->params.session_key = &x->session_key;
    return app_pool(x->app, &x->params.pool);
}

static err *encrypt(struct encryption *x)
{
    AUTO(source_close) struct source *message = NULL;
    AUTO(sink_close) struct sink *k = NULL;
    struct source *plain = NULL;
    struct encrypt_choice choice;
    TRY(data_input(x->app, &plain));
    TRY(encrypt_message(plain, &x->params, &choice, &message));
    TRY(data_output(x->app, &k));
    TRY(pump(message, k));
    TRY(session_key_put(x->session_key_out, choice.cipher, x->session_key));
    return sink_commit(k);
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    CLEANUP(encryption_clear) struct encryption x = {.app = app, .opts = options};
    TRY(prepare(&x, args));
    return encrypt(&x);
}

const struct command cmd_sop_encrypt = {
    .noun = "sop",
    .name = "encrypt",
    .summary = "encrypt a message",
    .synopsis = "[CERTS...] < DATA > CIPHERTEXT",
    .details =
        "Each of the certificates and each of the passwords opens the message. If one of the "
        "certificates cannot be encrypted to, there is no message (exit code 17). Text must be "
        "UTF-8, and gets CR LF as line ends.",
    .examples = "bulla sop encrypt bob.cert < letter > message\n"
                "bulla sop encrypt --sign-with=alice.key bob.cert carol.cert < letter > message\n"
                "bulla sop encrypt --with-password=@ENV:PASS < letter > message",
    .values = "FILE",
    COMMAND_OPTIONS(opts, struct encrypt_opts),
    .run = run,
};
