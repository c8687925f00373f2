#include "cli/summary.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "pgp/reach.h"

static err *say_who(struct app *app, const struct bound_cert *b)
{
    AUTO(free) char *name = NULL;
    size_t others = 0;
    char more[32] = "";
    for (size_t i = 0; i < b->n; i++) {
        const struct bound *x = &b->items[i];
        others += x->component->kind == COMPONENT_USER_ID && x->problem == NULL && x != b->user;
    }
    TRY(text_escape(bound_user_id(b), &name));
    if (others > 0)
        snprintf(more, sizeof more, ", and %zu more", others);
    report_say(&app->report, "who     %s%s", b->user != NULL ? name : "(no user ID)", more);
    report_bytes(&app->report, "userid", bound_user_id(b));
    return NULL;
}

static void say_until(struct app *app, const struct bound_cert *b)
{
    char text[512], date[WHEN_TEXT_SIZE];
    const struct bound *primary = &b->items[0];
    struct report *r = &app->report;
    when_date(primary->expires_at, date);
    if (primary->problem != NULL)
        report_say(r, "until   not valid: %s", err_text(primary->problem, text, sizeof text));
    else
        report_say(r, "until   %s", primary->expires_at != 0 ? date : "does not expire");
    if (primary->expires_at != 0)
        report_time(r, "expires", primary->expires_at);
    else
        report_string(r, "expires", NULL);
}

static const char *strength_word(unsigned bits)
{
    if (bits < 112)
        return "weak";
    if (bits < 128)
        return "fair";
    return bits < 192 ? "strong" : "very strong";
}

static void say_strength(struct app *app, const struct reach *x)
{
    struct report *r = &app->report;
    char kind[PK_DESCRIPTION_MAX] = "";
    report_object(r, "strength");
    if (x->strength == 0) {
        report_say(r, "level   not known");
        report_string(r, "bits", NULL);
        report_string(r, "word", NULL);
        report_end_object(r);
        return;
    }
    pubkey_describe(&x->weakest->component->key, kind);
    report_say(r, "level   %s, like a %u-bit key (%s)", strength_word(x->strength), x->strength,
               kind);
    report_number(r, "bits", x->strength);
    report_string(r, "word", strength_word(x->strength));
    report_end_object(r);
}

static void say_quantum(struct app *app, const struct reach *x)
{
    struct report *r = &app->report;
    bool both = x->quantum_safe_encryption && x->quantum_safe_signatures;
    const char *words = both                         ? "safe from quantum computers"
                        : x->quantum_safe_encryption ? "encryption is safe from quantum computers, "
                                                       "signatures are not"
                        : x->quantum_safe_signatures ? "signatures are safe from quantum "
                                                       "computers, encryption is not"
                                                     : "not safe from quantum computers";
    report_say(r, "quantum %s", words);
    report_object(r, "quantum_safe");
    report_bool(r, "encryption", x->quantum_safe_encryption);
    report_bool(r, "signatures", x->quantum_safe_signatures);
    report_end_object(r);
}

/* As measured with the programs of doc/interop.md. */
static const struct {
    const char *code, *words;
} readers[] = {
    [READERS_ALL] = {"all", "every OpenPGP program"},
    [READERS_OLDER] = {"older",
                       "GnuPG and older programs; newer ones have given up DSA and Elgamal"},
    [READERS_BRAINPOOL] = {"brainpool",
                           "GnuPG, RNP, GopenPGP and OpenPGP.js; many builds of Sequoia and rPGP "
                           "lack brainpool curves"},
    [READERS_SECP256K1] = {"secp256k1", "GnuPG and RNP; most others refuse secp256k1"},
    [READERS_RFC9580] = {"rfc9580",
                         "programs of RFC 9580: Sequoia, rPGP, GopenPGP, OpenPGP.js; not GnuPG"},
    [READERS_LIBREPGP] = {"librepgp", "GnuPG 2.3 and later; hardly any other program"},
    [READERS_ANCIENT] = {"ancient", "programs of the nineties, and GnuPG 1"},
    [READERS_POST_QUANTUM] = {"post-quantum",
                              "the few programs that know post-quantum algorithms; not this one"},
    [READERS_UNKNOWN] = {"unknown", "programs that know its algorithm; this one does not"},
};

static void say_readers(struct app *app, const struct bound_cert *b, const struct reach *x)
{
    struct report *r = &app->report;
    report_say(r, "used by %s (version %u)", readers[x->readers].words,
               cert_primary(b->cert)->version);
    report_object(r, "readers");
    report_string(r, "code", readers[x->readers].code);
    report_string(r, "words", readers[x->readers].words);
    report_end_object(r);
}

err *summary_show(struct app *app, const struct bound_cert *b)
{
    const struct reach x = reach_of(b);
    TRY(say_who(app, b));
    say_until(app, b);
    say_strength(app, &x);
    say_quantum(app, &x);
    say_readers(app, b, &x);
    return NULL;
}
