/* cert: certify, revoke-certification: what one's own key says of others' user IDs. */
#include "cli/command.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/keywords.h"
#include "cli/reason.h"
#include "cli/show.h"
#include "cli/terms.h"
#include "cli/vouching.h"
#include "cli/who.h"
#include "cli/withdrawing.h"

/* Telling. */

static err *tell_one(struct app *app, const struct userpick *p, const char *result,
                     const struct certification_terms *t)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(1 << 17);
    AUTO(free) char *name = NULL, *words = NULL;
    terms_words(t, &b);
    TRY(buf_end(&b));
    TRY(mem_string_of(buf_view(&b), &words));
    TRY(show_component_name(p->user, &name));
    report_say(&app->report, "%-9s  %s%s%s", result, name, words[0] != '\0' ? ": " : "", words);
    certifying_put_user(&app->report, p, result, t);
    return NULL;
}

/* certify */

struct certify_opts {
    struct certifying_opts common;
    struct vouching_opts terms;
    bool local, yes;
};

static const struct opt certify_options[] = {
    OPT_CERTIFYING(struct certify_opts, common),
    OPT_FLAG(0, "all", struct certify_opts, common.all, "every user ID that is valid"),
    OPT_FLAG(0, "local", struct certify_opts, local, "for this keyring only: it is not exported"),
    OPT_TEXT(0, "depth", struct certify_opts, terms.depth, "N",
             "its owner may certify others (1), who may certify others (2), ...", OPT_ANY),
    OPT_VOUCHING(struct certify_opts, terms),
    OPT_LIST(0, "domain", struct certify_opts, terms.domains, "DOMAIN",
             "with --depth: only people with addresses in DOMAIN and below it", OPT_ANY),
    OPT_FLAG('y', "yes", struct certify_opts, yes, "do not ask"),
};

/* Asking. */

static err *question(const struct vouching *x, char **out)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(1 << 20);
    AUTO(free) char *own = NULL;
    char fpr[FPR_TEXT_SIZE];
    TRY(who_name(x->common.app, x->common.own, &own));
    fingerprint_text(cert_fingerprint(x->common.subject), fpr);
    buf_printf(&b, "Certify that the certificate\n  %s\nbelongs to", fpr);
    for (size_t i = 0; i < x->common.picks.n; i++) {
        const struct userpick *p = &x->common.picks.items[i];
        if (!p->chosen)
            continue;
        buf_text(&b, "\n  ");
        text_escape_to(&b, p->user->packet.body);
    }
    buf_printf(&b, "\nwith the key of %s?", own);
    if (x->terms.depth > 0) {
        buf_text(&b, "\nIts owner ");
        terms_words(&x->terms, &b);
        buf_u8(&b, '.');
    }
    buf_text(&b, "\nCompare the fingerprint with one that the owner has given you. (y/N) ");
    TRY(buf_end(&b));
    return mem_string_of(buf_view(&b), out);
}

static err *tell_certified(const struct vouching *x)
{
    struct app *app = x->common.app;
    certifying_put(&x->common);
    report_array(&app->report, "certifications");
    for (size_t i = 0; i < x->common.picks.n; i++) {
        const struct userpick *p = &x->common.picks.items[i];
        if (p->chosen)
            TRY(tell_one(app, p, vouching_outcome_name(x->outcomes[i]), &x->terms));
    }
    report_end_array(&app->report);
    certifying_remark(&x->common, vouching_has_changed(x), !x->terms.local);
    return NULL;
}

static err *read_terms(struct vouching *x, const struct certify_opts *o)
{
    TRY(vouching_read_terms(x, &o->terms));
    x->terms.local = o->local;
    if (o->terms.domains.n > 0 && x->terms.depth == 0)
        return err_hint(err_new(ERR_INCOMPLETE, "--domain: it limits whom others may certify"),
                        "--depth 1 lets them certify");
    return NULL;
}

static err *run_certify(struct app *app, const void *options, const struct args *args)
{
    const struct certify_opts *o = options;
    CLEANUP(vouching_clear) struct vouching x = {.common = {.app = app, .opts = &o->common}};
    TRY(args_check(args, 1, SIZE_MAX, "WHO"));
    const struct args names = {.items = args->items + 1, .n = args->n - 1};
    TRY(read_terms(&x, o));
    TRY(certifying_find(&x.common, args->items[0]));
    TRY(vouching_find_users(&x));
    TRY(err_wrap(userpicks_choose(&x.common.picks, &names, o->common.all), "%s", args->items[0]));
    TRY(vouching_confirm(&x, args->items[0], o->yes, question));
    TRY(certifying_unlock(&x.common));
    TRY(vouching_store(&x));
    return tell_certified(&x);
}

const struct command cmd_cert_certify = {
    .noun = "cert",
    .name = "certify",
    .summary = "sign that a certificate belongs to whom it names",
    .synopsis = "[-u WHO] [--local] [--expires WHEN] WHO [USER-ID...]",
    .details =
        "WHO is best the whole fingerprint, which you have compared with one that the owner has "
        "given you. Any other name anybody could have put into a certificate: so it is shown and "
        "asked about at the terminal, or --yes is needed. A user ID is given whole or by its "
        "e-mail address; where the certificate has only one, it need not be named.\n\n"
        "--local keeps it to this keyring. --depth makes its owner an introducer, whose own "
        "certifications count for you as well; --domain limits that to people with addresses in "
        "some domains (GnuPG heeds one of several), --amount makes it count in part: three of 40 "
        "make a whole.\n\n"
        "A certification takes the place of an earlier one by the same key. One that would say the "
        "same is not made again. Refused are user IDs that are revoked or that the owner has not "
        "signed (107), certificates that are revoked or expired (114), and a key of yours that "
        "cannot certify (109).",
    .examples = "bulla cert certify 0123456789ABCDEF0123456789ABCDEF01234567\n"
                "bulla cert certify --local --expires 1y bob@example.org\n"
                "bulla cert certify --depth 1 --domain example.org ca@example.org",
    .values = "CERT",
    COMMAND_OPTIONS(certify_options, struct certify_opts),
    .needs = NEEDS_WRITE,
    .run = run_certify,
};

/* revoke-certification */

struct revoke_opts {
    struct certifying_opts common;
    struct reason_opts reason;
};

static const struct opt revoke_options[] = {
    OPT_CERTIFYING(struct revoke_opts, common),
    OPT_FLAG(0, "all", struct revoke_opts, common.all, "every user ID that the key has certified"),
    OPT_WORD(0, "reason", struct revoke_opts, reason.reason, "WHY",
             "invalid (the user ID was right once) or unspecified (it never was; the default)",
             KEYWORDS_USER_REASONS),
    OPT_TEXT(0, "message", struct revoke_opts, reason.message, "TEXT",
             "more about it, for people to read", OPT_ANY),
};

static err *read_reason(const struct reason_opts *o, struct withdrawing *x)
{
    const struct reason_opts only_message = {.message = o->message};
    TRY(reason_parse(&only_message, REVOKED_NO_REASON, &x->reason, &x->message));
    return o->reason != NULL ? keywords_user_reason(o->reason, &x->reason) : NULL;
}

static err *tell_revoked(const struct withdrawing *x)
{
    const struct certifying *common = &x->common;
    certifying_put(common);
    report_array(&common->app->report, "certifications");
    for (size_t i = 0; i < common->picks.n; i++) {
        const struct userpick *p = &common->picks.items[i];
        CLEANUP(certification_terms_clear) struct certification_terms t = CERTIFICATION_TERMS;
        struct certification said;
        if (!p->chosen)
            continue;
        TRY(certification_find(common->subject, p->user, cert_primary(common->own), &said));
        TRY(certification_read_terms(said.newest, &t));
        TRY(tell_one(common->app, p, "revoked", &t));
    }
    report_end_array(&common->app->report);
    certifying_remark(common, true, x->public);
    return NULL;
}

static err *run_revoke(struct app *app, const void *options, const struct args *args)
{
    const struct revoke_opts *o = options;
    CLEANUP(withdrawing_clear)
    struct withdrawing x = {.common = {.app = app, .opts = &o->common}};
    TRY(args_check(args, 1, SIZE_MAX, "WHO"));
    const struct args names = {.items = args->items + 1, .n = args->n - 1};
    TRY(read_reason(&o->reason, &x));
    TRY(certifying_find(&x.common, args->items[0]));
    TRY(withdrawing_find_users(&x));
    TRY(err_wrap(userpicks_choose(&x.common.picks, &names, o->common.all), "%s", args->items[0]));
    TRY(certifying_unlock(&x.common));
    TRY(certifying_store(&x.common, withdrawing_apply, &x));
    return tell_revoked(&x);
}

const struct command cmd_cert_revoke_certification = {
    .noun = "cert",
    .name = "revoke-certification",
    .summary = "take back what you have certified",
    .synopsis = "[-u WHO] [--reason WHY] [--message TEXT] WHO [USER-ID...]",
    .details =
        "For user IDs that your key has certified; where that is one, it need not be named. What "
        "was local is revoked locally; otherwise others learn of it from the certificate, which "
        "bulla cert export writes. bulla cert certify certifies it again. After --reason invalid "
        "what was certified counts for the time before. There is nothing to revoke (107) where "
        "the key has certified nothing, or it has expired.",
    .examples =
        "bulla cert revoke-certification bob@example.org\n"
        "bulla cert revoke-certification --reason invalid --message \"left us\" bob@example.org",
    .values = "CERT",
    COMMAND_OPTIONS(revoke_options, struct revoke_opts),
    .needs = NEEDS_WRITE,
    .run = run_revoke,
};
