/* sop sign: detached signatures over standard input. */
#include "base/text.h"
#include "cli/command.h"
#include "crypto/algo.h"
#include "sop/data.h"
#include "sop/mode.h"
#include "sop/signing.h"

struct sign_opts {
    bool no_armor;
    const char *as, *micalg_out;
    struct opt_list passwords;
};

static const struct opt opts[] = {
    OPT_FLAG(0, "no-armor", struct sign_opts, no_armor, "write bytes instead of text"),
    OPT_WORD(0, "as", struct sign_opts, as, "MODE", "sign binary data (the default) or text",
             "binary text"),
    OPT_TEXT(0, "micalg-out", struct sign_opts, micalg_out, "F",
             "write what a mail's header calls the hash to F", OPT_PLACE),
    OPT_LIST(0, "with-key-password", struct sign_opts, passwords, "F",
             "unlock keys with the password in F", OPT_INPUT),
};

/* "pgp-sha512", or nothing if the signatures have different ones. */
static err *micalg(const struct signing_keys *s, struct buf *out)
{
    uint8_t hash = sigmaker_hash(&s->items[0]);
    for (size_t i = 1; i < s->n; i++) {
        if (sigmaker_hash(&s->items[i]) != hash)
            return NULL;
    }
    buf_text(out, "pgp-");
    text_lower_to(out, slice_of_string(algo_hash_name(hash)));
    return buf_end(out);
}

static err *sign(struct app *app, bool text, const struct signing_keys *s, struct buf *out)
{
    AUTO(source_close) struct source *data = NULL;
    struct sign_params p = {
        .signers = s->items, .n_signers = s->n, .text = text, .world = app->world};
    TRY(app_pool(app, &p.pool));
    TRY(text ? data_input_text(app, &data) : data_input(app, &data));
    return sign_detached(data, &p, out);
}

static err *put_micalg(const struct signing_keys *s, struct sink *k)
{
    CLEANUP(buf_clear) struct buf name = BUF_EMPTY(64);
    TRY(micalg(s, &name));
    return data_aside_put(k, buf_view(&name));
}

static err *run(struct app *app, const void *options, const struct args *args)
{
    const struct sign_opts *o = options;
    CLEANUP(passwords_clear) struct passwords passwords = {0};
    CLEANUP(certs_clear) struct certs keys = {.key_passwords = &passwords};
    CLEANUP(signing_keys_clear) struct signing_keys signers = {.n = 0};
    CLEANUP(buf_clear) struct buf signatures = BUF_EMPTY(SIZE_MAX);
    AUTO(sink_close) struct sink *aside = NULL;
    enum mode mode;
    TRY(args_check(args, 1, SIZE_MAX, "KEYS..."));
    TRY(mode_parse(o->as, MODE_TEXT, &mode));
    TRY(passwords_read(&o->passwords, &passwords));
    TRY(certs_load(&keys, WANT_KEYS, args->items, args->n));
    TRY(signing_keys_open(app, &keys, &signers));
    TRY(data_aside(o->micalg_out, false, &aside));
    TRY(sign(app, mode == MODE_TEXT, &signers, &signatures));
    TRY(put_micalg(&signers, aside));
    return data_put_packets(app, buf_view(&signatures), ARMOR_SIGNATURE, o->no_armor);
}

const struct command cmd_sop_sign = {
    .noun = "sop",
    .name = "sign",
    .summary = "make detached signatures",
    .synopsis = "[--as=MODE] KEYS... < DATA > SIGNATURES",
    .details =
        "One signature by each of the keys. Text must be UTF-8, and may have other line ends "
        "when it is verified.",
    .examples = "bulla sop sign alice.key < letter > letter.sig",
    .values = "FILE",
    COMMAND_OPTIONS(opts, struct sign_opts),
    .run = run,
};
