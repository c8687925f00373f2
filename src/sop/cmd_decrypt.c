/* sop decrypt */
#include "cli/command.h"
#include "cli/verdicts.h"
#include "pgp/message.h"
#include "sop/certs.h"
#include "sop/data.h"
#include "sop/range.h"
#include "sop/sessionkey.h"
#include "sop/verifications.h"
#include "stream/armor.h"
#include "stream/pump.h"
#include "stream/spool.h"

struct decrypt_opts {
    const char *session_key_out, *verifications_out, *not_before, *not_after;
    struct opt_list session_keys, passwords, key_passwords, signers;
};

static const struct opt opts[] = {
    OPT_LIST(0, "with-password", struct decrypt_opts, passwords, "F",
             "decrypt with the password in F", OPT_INPUT),
    OPT_LIST(0, "with-key-password", struct decrypt_opts, key_passwords, "F",
             "unlock keys with the password in F", OPT_INPUT),
    OPT_LIST(0, "with-session-key", struct decrypt_opts, session_keys, "F",
             "decrypt with the session key in F", OPT_INPUT),
    OPT_TEXT(0, "session-key-out", struct decrypt_opts, session_key_out, "F",
             "write the session key to F", OPT_PLACE),
    OPT_LIST(0, "verify-with", struct decrypt_opts, signers, "CERTS",
             "check signatures by these certificates", OPT_INPUT),
    OPT_TEXT(0, "verifications-out", struct decrypt_opts, verifications_out, "F",
             "write a line for each good signature to F", OPT_PLACE),
    OPT_TEXT(0, "verify-out", struct decrypt_opts, verifications_out, "F",
             "the same, by its older name", OPT_PLACE),
    OPT_TEXT(0, "verify-not-before", struct decrypt_opts, not_before, "DATE",
             "accept only signatures made then or later; - is no limit", OPT_ANY),
    OPT_TEXT(0, "verify-not-after", struct decrypt_opts, not_after, "DATE",
             "accept only signatures made then or earlier; - is no limit", OPT_ANY),
};

struct decryption {
    struct app *app;
    const struct decrypt_opts *opts;
    struct passwords passwords, key_passwords;
    struct certs keys, signers;
    struct session_keys session_keys;
    struct range range;
    struct key_finder finder;
    struct message_params params;
    struct spool *ciphertext; /* where it may have to be read again */
    struct sink *session_key_out, *verifications_out;
};

static void decryption_clear(struct decryption *x)
{
    sink_close(x->session_key_out);
    sink_close(x->verifications_out);
    spool_free(x->ciphertext);
    session_keys_clear(&x->session_keys);
    certs_clear(&x->signers);
    certs_clear(&x->keys);
    passwords_clear(&x->key_passwords);
    passwords_clear(&x->passwords);
}

/* Who asks for signatures to be checked must look at the outcome, and the other way
 * round. */
static err *check_options(const struct decrypt_opts *o, const struct args *args)
{
    bool checks = o->signers.n > 0;
    if (args->n + o->passwords.n + o->session_keys.n == 0)
        return err_hint(err_new(ERR_MISSING_ARG, "nothing to decrypt with"),
                        "name KEYS, --with-password=F or --with-session-key=F");
    if (checks && o->verifications_out == NULL)
        return err_new(ERR_INCOMPLETE, "--verify-with needs --verifications-out");
    if (!checks && o->verifications_out != NULL)
        return err_new(ERR_INCOMPLETE, "--verifications-out needs --verify-with");
    if (!checks && (o->not_before != NULL || o->not_after != NULL))
        return err_new(ERR_INCOMPLETE, "--verify-not-before and -after need --verify-with");
    return NULL;
}

static err *prepare(struct decryption *x, const struct args *args)
{
    const struct decrypt_opts *o = x->opts;
    TRY(range_parse(o->not_before, o->not_after, x->app->world, &x->range));
    TRY(passwords_read(&o->passwords, &x->passwords));
    TRY(passwords_read(&o->key_passwords, &x->key_passwords));
    TRY(session_keys_read(&o->session_keys, &x->session_keys));
    TRY(certs_load(&x->keys, WANT_KEYS, args->items, args->n));
    TRY(certs_load(&x->signers, WANT_CERTS, o->signers.items, o->signers.n));
    x->keys.signers = &x->signers;
    x->keys.key_passwords = &x->key_passwords;
    x->keys.message_passwords = &x->passwords;
    x->keys.password_hint = "--with-password=F is for messages, --with-key-password=F for keys";
    x->finder = certs_finder(&x->keys);
    x->params = (struct message_params){.finder = &x->finder,
                                        .policy = x->app->policy,
                                        .limits = &x->app->limits,
                                        .world = x->app->world};
    TRY(app_pool(x->app, &x->params.pool));
    TRY(data_aside(o->session_key_out, true, &x->session_key_out));
    return data_aside(o->verifications_out, false, &x->verifications_out);
}

/* Opening: with each of the session keys, then with keys and passwords. */

/* With a key of the right length that is another message's, the data looks damaged. */
static err *wrong_session_key(err *e)
{
    if (err_kind_of(e) != ERR_INTEGRITY)
        return e;
    err_free(e);
    return err_new(ERR_CANNOT_DECRYPT, "the session key is not that of the message");
}

/* Takes ciphertext over, also on failure. */
static err *open_with(struct decryption *x, const struct session *key, struct source *ciphertext,
                      struct message **out)
{
    x->params.session = key;
    TRY(armor_open(ciphertext, ARMOR_ONE, &ciphertext));
    err *e = message_open(ciphertext, &x->params, out);
    return key != NULL ? wrong_session_key(e) : e;
}

static bool has_other_ways(const struct decryption *x)
{
    return x->keys.list.n + x->passwords.n > 0;
}

/* Is this one the last to be tried? */
static bool is_last(const struct decryption *x, size_t i)
{
    return i == x->session_keys.n || (i + 1 == x->session_keys.n && !has_other_ways(x));
}

static err *open_somehow(struct decryption *x, struct message **out)
{
    for (size_t i = 0;; i++) {
        const struct session *key = i < x->session_keys.n ? &x->session_keys.items[i] : NULL;
        struct source *again = NULL;
        TRY(spool_source(x->ciphertext, &again));
        err *e = open_with(x, key, again, out);
        if (err_kind_of(e) != ERR_CANNOT_DECRYPT || is_last(x, i))
            return e;
        err_free(e);
    }
}

/* What is not supported, or not protected against changes, is not decrypted. */
static err *cannot(err *e)
{
    enum err_kind kind = err_kind_of(e);
    bool not_here = kind == ERR_UNSUPPORTED || kind == ERR_POLICY;
    return not_here ? err_as(e, ERR_CANNOT_DECRYPT) : e;
}

static err *open_message(struct decryption *x, struct message **out)
{
    AUTO(source_close) struct source *ciphertext = NULL;
    TRY(data_input(x->app, &ciphertext));
    if (x->session_keys.n == 0)
        return open_with(x, NULL, TAKE(ciphertext), out);
    TRY(spool_new(app_temporary_directory(), &x->ciphertext));
    TRY(spool_fill(x->ciphertext, ciphertext));
    return open_somehow(x, out);
}

/* Results. */

static err *put_verifications(struct decryption *x, struct message *m)
{
    CLEANUP(verdict_list_clear) struct verdict_list verdicts = {0};
    CLEANUP(buf_clear) struct buf lines = BUF_EMPTY(VERIFICATIONS_MAX);
    message_take_verdicts(m, &verdicts);
    range_apply(&x->range, &verdicts);
    TRY(verdicts_report(&x->app->report, &verdicts, NULL));
    TRY(verifications_write(&verdicts, &x->signers, &lines));
    return data_aside_put(x->verifications_out, buf_view(&lines));
}

static err *decrypt(struct decryption *x)
{
    AUTO(message_close) struct message *m = NULL;
    AUTO(sink_close) struct sink *k = NULL;
    TRY(cannot(open_message(x, &m)));
    const struct session *session = message_session(m);
    if (session == NULL)
        return err_hint(err_new(ERR_MALFORMED, "the message is not encrypted"),
                        "bulla sop inline-verify checks who signed it");
    TRY(data_output(x->app, &k));
    err *e = pump(message_body(m), k);
    if (err_kind_of(e) == ERR_OUTPUT || err_kind_of(e) == ERR_INTERRUPTED)
        return e;
    TRY(message_finish(m, e));
    TRY(put_verifications(x, m));
    TRY(session_key_put(x->session_key_out, session->cipher, session->key));
    return sink_commit(k);
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    CLEANUP(decryption_clear) struct decryption x = {.app = app, .opts = options};
    TRY(check_options(options, args));
    TRY(prepare(&x, args));
    return decrypt(&x);
}

const struct command cmd_sop_decrypt = {
    .noun = "sop",
    .name = "decrypt",
    .summary = "decrypt a message",
    .synopsis = "[KEYS...] < CIPHERTEXT > DATA",
    .details =
        "One of the keys, passwords or session keys must open the message; all are tried. What "
        "was changed or cut short yields nothing but exit code 41. A message that nobody has "
        "signed, or somebody else, is decrypted all the same: look whether the file of "
        "--verifications-out is empty.",
    .examples = "bulla sop decrypt alice.key < message > letter\n"
                "bulla sop decrypt --verify-with=bob.cert --verifications-out=signers alice.key "
                "< message > letter",
    .values = "FILE",
    COMMAND_OPTIONS(opts, struct decrypt_opts),
    .run = run,
};
