#include "cli/show.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "cli/certifiers.h"
#include "cli/summary.h"
#include "cli/who.h"
#include "crypto/algo.h"

static const struct {
    uint32_t flag;
    const char *name;
} flag_names[] = {{FLAG_CERTIFY, "certify"},
                  {FLAG_SIGN, "sign"},
                  {FLAG_ENCRYPT, "encrypt"},
                  {FLAG_AUTHENTICATE, "authenticate"}};

/* "certify, sign" */
void show_flags_text(uint32_t flags, char text[static SHOW_FLAGS_MAX])
{
    size_t used = 0;
    snprintf(text, SHOW_FLAGS_MAX, "do nothing");
    for (size_t i = 0; i < sizeof flag_names / sizeof *flag_names; i++) {
        if ((flags & flag_names[i].flag) == 0)
            continue;
        int n = snprintf(text + used, SHOW_FLAGS_MAX - used, "%s%s", used > 0 ? ", " : "",
                         flag_names[i].name);
        used += n > 0 ? (size_t)n : 0;
    }
}

void show_flags(struct report *r, uint32_t flags)
{
    report_array(r, "flags");
    for (size_t i = 0; i < sizeof flag_names / sizeof *flag_names; i++) {
        if ((flags & flag_names[i].flag) != 0)
            report_string(r, NULL, flag_names[i].name);
    }
    report_end_array(r);
}

static void expiry_text(int64_t at, char text[static WHEN_TEXT_SIZE + 16])
{
    char date[WHEN_TEXT_SIZE];
    when_date(at, date);
    if (at == 0)
        snprintf(text, WHEN_TEXT_SIZE + 16, "does not expire");
    else
        snprintf(text, WHEN_TEXT_SIZE + 16, "expires %s", date);
}

static void put_problem(struct report *r, const err *problem)
{
    char text[512];
    report_bool(r, "valid", problem == NULL);
    if (problem != NULL)
        report_string(r, "problem", err_text(problem, text, sizeof text));
    if (err_hint_of(problem) != NULL)
        report_string(r, "hint", err_hint_of(problem));
}

static void say_error(struct report *r, const char *what, const err *e)
{
    char text[512];
    report_say(r, "        %s: %s", what, err_text(e, text, sizeof text));
    if (err_hint_of(e) != NULL)
        report_say(r, "          hint: %s", err_hint_of(e));
}

/* Why a part of a certificate is valid, or why not.  It is of no use where the whole is
 * not. */
static void say_validity(struct report *r, const struct bound_cert *b, const struct bound *x)
{
    char made[WHEN_TEXT_SIZE];
    bool whole = bound_problem(b) == NULL;
    if (x->problem != NULL) {
        say_error(r, "NOT VALID", x->problem);
    } else if (x->binding != NULL) {
        when_date(x->binding->created_at, made);
        report_say(r, "        %s by the %s signature of %s, %s%s", whole ? "valid" : "bound",
                   sig_type_name(x->binding->type), made, algo_hash_name(x->binding->hash_algo),
                   whole ? "" : "; but the key is not valid");
    }
    if (x->note != NULL)
        say_error(r, "note", x->note);
}

static void put_signature(struct report *r, const char *name, const struct sig *s)
{
    if (s == NULL)
        return;
    report_object(r, name);
    report_string(r, "type", sig_type_name(s->type));
    report_time(r, "made", s->created_at);
    report_string(r, "hash", algo_hash_name(s->hash_algo));
    report_end_object(r);
}

static void put_validity(struct report *r, const struct bound *x)
{
    char text[512];
    put_problem(r, x->problem);
    put_signature(r, "binding", x->binding);
    put_signature(r, "revocation", x->revocation);
    if (x->note != NULL)
        report_string(r, "note", err_text(x->note, text, sizeof text));
}

static void put_lifetime(struct report *r, int64_t created_at, int64_t expires_at)
{
    report_time(r, "created", created_at);
    if (expires_at != 0)
        report_time(r, "expires", expires_at);
    else
        report_string(r, "expires", NULL);
}

err *show_component_name(const struct component *x, char **out)
{
    char fpr[FPR_TEXT_SIZE];
    AUTO(free) char *shown = NULL;
    switch (x->kind) {
    case COMPONENT_PRIMARY:
    case COMPONENT_SUBKEY:
        fingerprint_text(&x->key.fpr, fpr);
        return mem_printf(out, "%s %s", x->kind == COMPONENT_PRIMARY ? "key" : "subkey", fpr);
    case COMPONENT_USER_ID:
        TRY(text_escape(x->packet.body, &shown));
        return mem_printf(out, "user ID %s", shown);
    default:
        return mem_printf(out, "%s",
                          x->kind == COMPONENT_USER_ATTRIBUTE ? "user attribute" : "unknown part");
    }
}

err *show_row(struct app *app, const struct cert *c)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    AUTO(free) char *name = NULL;
    char fpr[FPR_TEXT_SIZE], date[WHEN_TEXT_SIZE], problem[512] = "";
    TRY(bind_cert(c, app->policy, world_now(app->world), &b));
    TRY(text_escape(bound_user_id(b), &name));
    fingerprint_text(cert_fingerprint(c), fpr);
    when_date(cert_primary(c)->created_at, date);
    err_text(bound_problem(b), problem, sizeof problem);
    report_say(&app->report, "%-40s  %s  %s%s%s%s", fpr, date,
               name[0] != '\0' ? name : "(no user ID)", problem[0] != '\0' ? "  [" : "", problem,
               problem[0] != '\0' ? "]" : "");
    report_object(&app->report, NULL);
    report_fingerprint(&app->report, "fingerprint", cert_fingerprint(c));
    report_bytes(&app->report, "userid", bound_user_id(b));
    put_lifetime(&app->report, cert_primary(c)->created_at, b->items[0].expires_at);
    report_bool(&app->report, "secret", cert_has_secret(c));
    put_problem(&app->report, bound_problem(b));
    report_end_object(&app->report);
    return NULL;
}

static const char *secret_text(const struct component *x)
{
    if (!x->has_secret)
        return "";
    switch (x->secret.state) {
    case SECKEY_UNPROTECTED:
        return "; secret part here, not protected";
    case SECKEY_PROTECTED:
        return "; secret part here, protected";
    default:
        return "; secret part elsewhere";
    }
}

static void show_key(struct app *app, const struct bound_cert *b, const struct bound *x)
{
    const struct pubkey *k = &x->component->key;
    bool primary = x->component->kind == COMPONENT_PRIMARY;
    char fpr[FPR_TEXT_SIZE], kind[PK_DESCRIPTION_MAX], date[WHEN_TEXT_SIZE], flags[SHOW_FLAGS_MAX];
    char expiry[WHEN_TEXT_SIZE + 16];
    struct report *r = &app->report;
    fingerprint_text(&k->fpr, fpr);
    pubkey_describe(k, kind);
    when_date(k->created_at, date);
    show_flags_text(x->key_flags, flags);
    expiry_text(x->expires_at, expiry);
    report_say(r, "%s  %s", primary ? "key   " : "subkey", fpr);
    report_say(r, "        %s, v%u, made %s, %s; may %s%s", kind, k->version, date, expiry, flags,
               secret_text(x->component));
    say_validity(r, b, x);
    report_object(r, NULL);
    report_fingerprint(r, "fingerprint", &k->fpr);
    report_string(r, "algorithm", kind);
    report_number(r, "version", k->version);
    report_bool(r, "primary", primary);
    put_lifetime(r, k->created_at, x->expires_at);
    show_flags(r, x->key_flags);
    report_bool(r, "secret", x->component->has_secret);
    if (x->component->has_secret)
        report_bool(r, "protected", x->component->secret.state == SECKEY_PROTECTED);
    put_validity(r, x);
    report_end_object(r);
}

static err *show_user(struct app *app, const struct bound_cert *b, const struct bound *x)
{
    bool primary = x == b->primary_user;
    AUTO(free) char *name = NULL;
    struct report *r = &app->report;
    TRY(text_escape(x->component->packet.body, &name));
    report_say(r, "user    %s%s", name, primary ? "  (primary)" : "");
    say_validity(r, b, x);
    report_object(r, NULL);
    report_bytes(r, "userid", x->component->packet.body);
    report_bool(r, "primary", primary);
    put_validity(r, x);
    TRY(certifiers_show(app, b->cert, x->component));
    report_end_object(r);
    return NULL;
}

static bool is_key(const struct bound *x)
{
    return x->component->kind == COMPONENT_PRIMARY || x->component->kind == COMPONENT_SUBKEY;
}

static void show_unknown(struct app *app, const struct bound_cert *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++)
        n += b->items[i].component->kind == COMPONENT_UNKNOWN;
    if (n > 0)
        report_say(&app->report, "other   %zu parts that are not understood (kept)", n);
    report_number(&app->report, "unknown_parts", (int64_t)n);
}

err *show_cert(struct app *app, const struct cert *c)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    struct report *r = &app->report;
    TRY(bind_cert(c, app->policy, world_now(app->world), &b));
    report_fingerprint(r, "fingerprint", cert_fingerprint(c));
    TRY(summary_show(app, b));
    report_array(r, "keys");
    for (size_t i = 0; i < b->n; i++) {
        if (is_key(&b->items[i]))
            show_key(app, b, &b->items[i]);
    }
    report_end_array(r);
    report_array(r, "userids");
    for (size_t i = 0; i < b->n; i++) {
        if (b->items[i].component->kind == COMPONENT_USER_ID)
            TRY(show_user(app, b, &b->items[i]));
    }
    report_end_array(r);
    report_bool(r, "seipd2", (bound_features(b) & FEATURE_SEIPD2) != 0);
    put_problem(r, bound_problem(b));
    show_unknown(app, b);
    return NULL;
}
