/* cert: certify, revoke-certification: what one's own key says of others' user IDs. */
#include "cli/command.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"
#include "base/when.h"
#include "cli/certifying.h"
#include "cli/keywords.h"
#include "cli/prompt.h"
#include "cli/reason.h"
#include "cli/show.h"
#include "cli/terms.h"
#include "cli/who.h"
#include "pgp/edit.h"

/* What has become of what is said about a user ID. */
enum outcome { SAID_NEW, SAID_CHANGED, SAID_ALREADY, TAKEN_BACK };
static const char *const outcome_names[] = {"new", "changed", "unchanged", "revoked"};

/* Telling. */

static err *tell_one(struct app *app, const struct userpick *p, enum outcome outcome,
                     const struct certification_terms *t)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(1 << 17);
    AUTO(free) char *name = NULL, *words = NULL;
    const char *result = outcome_names[outcome];
    terms_words(t, &b);
    TRY(buf_end(&b));
    TRY(mem_string_of(buf_view(&b), &words));
    TRY(show_component_name(p->user, &name));
    report_say(&app->report, "%-9s  %s%s%s", result, name, words[0] != '\0' ? ": " : "", words);
    report_object(&app->report, NULL);
    report_string(&app->report, "result", result);
    report_bytes(&app->report, "userid", p->user->packet.body);
    terms_put(&app->report, t);
    report_end_object(&app->report);
    return NULL;
}

/* What others may need to get. */
static void remark(const struct certifying *x, bool changed, bool public)
{
    struct report *r = &x->app->report;
    char fpr[FPR_TEXT_SIZE];
    fingerprint_text(cert_fingerprint(x->subject), fpr);
    if (!changed)
        report_remark(r, "Nothing to change.");
    else if (x->opts->dry_run)
        report_remark(r, "Nothing was changed: this was a dry run.");
    else if (public)
        report_remark(r, "Others learn of it from the certificate: bulla cert export %s", fpr);
}

/* certify */

struct certify_opts {
    struct certifying_opts common;
    const char *depth, *amount, *expires;
    struct opt_list domains;
    bool local, yes;
};

static const struct opt certify_options[] = {
    OPT_CERTIFYING(struct certify_opts, common),
    OPT_FLAG(0, "all", struct certify_opts, common.all, "every user ID that is valid"),
    OPT_TEXT(0, "expires", struct certify_opts, expires, "WHEN",
             "until when it counts: 2y, a date, or never (the default)", OPT_ANY),
    OPT_FLAG(0, "local", struct certify_opts, local, "for this keyring only: it is not exported"),
    OPT_TEXT(0, "depth", struct certify_opts, depth, "N",
             "its owner may certify others (1), who may certify others (2), ...", OPT_ANY),
    OPT_TEXT(0, "amount", struct certify_opts, amount, "N",
             "how far you rely on it: 1 to 120, which is the default and means completely",
             OPT_ANY),
    OPT_LIST(0, "domain", struct certify_opts, domains, "DOMAIN",
             "with --depth: only people with addresses in DOMAIN and below it", OPT_ANY),
    OPT_FLAG('y', "yes", struct certify_opts, yes, "do not ask"),
};

struct certify {
    struct certifying common;
    const struct certify_opts *opts;
    struct certification_terms terms;
    enum outcome *outcomes; /* for each of the picks */
};

static void certify_clear(struct certify *x)
{
    certifying_clear(&x->common);
    certification_terms_clear(&x->terms);
    free(x->outcomes);
}

static err *read_number(const char *option, const char *text, unsigned long max, uint8_t *out)
{
    char *end = NULL;
    if (text == NULL)
        return NULL;
    unsigned long n = text[0] >= '0' && text[0] <= '9' ? strtoul(text, &end, 10) : 0;
    if (n == 0 || n > max || *end != '\0')
        return err_new(ERR_USAGE, "%s %s: a number from 1 to %lu is needed", option, text, max);
    *out = (uint8_t)n;
    return NULL;
}

static err *read_terms(const struct app *app, const struct certify_opts *o,
                       struct certification_terms *t)
{
    *t = CERTIFICATION_TERMS;
    t->local = o->local;
    TRY(read_number("--depth", o->depth, 255, &t->depth));
    TRY(read_number("--amount", o->amount, CERTIFICATION_FULL, &t->amount));
    if (o->expires != NULL)
        TRY(err_wrap(keywords_end(app, o->expires, &t->expires_at), "--expires"));
    if (o->domains.n > 0 && t->depth == 0)
        return err_hint(err_new(ERR_INCOMPLETE, "--domain: it limits whom others may certify"),
                        "--depth 1 lets them certify");
    for (size_t i = 0; i < o->domains.n; i++)
        TRY(err_wrap(certification_add_domain(t, o->domains.items[i]), "--domain"));
    return NULL;
}

/* A user ID that does not count must not be certified. */
static err *find_candidates(struct certify *x)
{
    struct app *app = x->common.app;
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    char fpr[FPR_TEXT_SIZE];
    TRY(bind_cert(x->common.subject, app->policy, world_now(app->world), &b));
    fingerprint_text(cert_fingerprint(x->common.subject), fpr);
    if (bound_problem(b) != NULL)
        return err_wrap(err_as(err_copy(bound_problem(b)), ERR_POLICY), "%s", fpr);
    for (size_t i = 0; i < b->n; i++) {
        const struct bound *bound = &b->items[i];
        struct userpick p = {.user = bound->component};
        if (p.user->kind != COMPONENT_USER_ID)
            continue;
        p.problem = err_as(err_copy(bound->problem), ERR_NO_USER_ID);
        err *e = VEC_PUSH(&x->common.picks, p);
        if (e != NULL)
            err_free(p.problem);
        TRY(e);
    }
    return NULL;
}

/* Asking. */

static err *question(const struct certify *x, char **out)
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

/* Names can be claimed by anybody: only a whole fingerprint says which certificate is meant. */
static err *confirm(const struct certify *x, const char *who)
{
    AUTO(free) char *text = NULL;
    char fpr[FPR_TEXT_SIZE];
    bool yes = false;
    if (x->opts->yes || x->opts->common.dry_run || who_is_fingerprint(who, x->common.subject))
        return NULL;
    fingerprint_text(cert_fingerprint(x->common.subject), fpr);
    if (!prompt_is_possible())
        return err_hint(err_new(ERR_USAGE, "%s: anybody can use a name; is it %s?", who, fpr),
                        "compare that with the fingerprint that its owner has given you, and name "
                        "it by that; or say --yes");
    TRY(question(x, &text));
    TRY(prompt_yes(text, &yes));
    return yes ? NULL : err_new(ERR_INTERRUPTED, "not certified");
}

/* Signing. */

/* What is to be done about one user ID. */
static err *judge(const struct certify *x, const struct cert *c, const struct userpick *p,
                  enum outcome *out)
{
    const struct certifying *common = &x->common;
    CLEANUP(certification_terms_clear) struct certification_terms terms = CERTIFICATION_TERMS;
    const struct component *user;
    struct certification said;
    *out = SAID_NEW;
    TRY(certifying_find_user(c, p->user->packet.body, &user));
    TRY(certification_find(c, user, cert_primary(common->own), &said));
    if (!certification_holds(&said, common->app->policy, common->at))
        return NULL;
    TRY(certification_read_terms(said.newest, &terms));
    *out = certification_same_terms(&terms, &x->terms) ? SAID_ALREADY : SAID_CHANGED;
    return NULL;
}

static err *sign(struct certify *x, const struct cert *c, const struct slice *ids, size_t n,
                 struct cert **out)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(1 << 16);
    struct edit_certify p = {.user_ids = ids,
                             .n_user_ids = n,
                             .signers = &x->common.signer,
                             .n_signers = 1,
                             .policy = x->common.app->policy,
                             .world = x->common.app->world,
                             .at = (uint32_t)x->common.at};
    if (x->terms.expires_at != 0 && x->terms.expires_at <= x->common.at)
        return err_new(ERR_USAGE, "--expires %s: that is too soon", x->opts->expires);
    TRY(certification_write_terms(&x->terms, x->common.at, &subpackets));
    p.subpackets = buf_view(&subpackets);
    return edit_certify(c, &p, out);
}

static err *apply_certify(void *context, const struct cert *c, struct cert **out)
{
    struct certify *x = context;
    AUTO(free) struct slice *ids = NULL;
    size_t n = 0;
    TRY(MEM_ARRAY(ids, x->common.picks.n + 1));
    for (size_t i = 0; i < x->common.picks.n; i++) {
        const struct userpick *p = &x->common.picks.items[i];
        if (!p->chosen)
            continue;
        TRY(judge(x, c, p, &x->outcomes[i]));
        if (x->outcomes[i] != SAID_ALREADY)
            ids[n++] = p->user->packet.body;
    }
    return n > 0 ? sign(x, c, ids, n, out) : NULL;
}

static err *tell_certified(const struct certify *x)
{
    struct app *app = x->common.app;
    bool changed = false;
    certifying_put(&x->common);
    report_array(&app->report, "certifications");
    for (size_t i = 0; i < x->common.picks.n; i++) {
        const struct userpick *p = &x->common.picks.items[i];
        if (!p->chosen)
            continue;
        TRY(tell_one(app, p, x->outcomes[i], &x->terms));
        changed |= x->outcomes[i] != SAID_ALREADY;
    }
    report_end_array(&app->report);
    remark(&x->common, changed, !x->terms.local);
    return NULL;
}

static err *run_certify(struct app *app, const void *options, const struct args *args)
{
    const struct certify_opts *o = options;
    CLEANUP(certify_clear)
    struct certify x = {.common = {.app = app, .opts = &o->common}, .opts = o};
    TRY(args_check(args, 1, SIZE_MAX, "WHO"));
    const struct args names = {.items = args->items + 1, .n = args->n - 1};
    TRY(read_terms(app, o, &x.terms));
    TRY(certifying_find(&x.common, args->items[0]));
    TRY(find_candidates(&x));
    TRY(err_wrap(userpicks_choose(&x.common.picks, &names, o->common.all), "%s", args->items[0]));
    TRY(confirm(&x, args->items[0]));
    TRY(certifying_unlock(&x.common));
    TRY(MEM_ARRAY(x.outcomes, x.common.picks.n));
    TRY(certifying_store(&x.common, apply_certify, &x));
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

struct revoke {
    struct certifying common;
    enum revocation_reason reason;
    const char *message;
    bool public; /* others may know of what is revoked */
};

static void revoke_clear(struct revoke *x)
{
    certifying_clear(&x->common);
}

static err *read_reason(const struct reason_opts *o, struct revoke *x)
{
    const struct reason_opts only_message = {.message = o->message};
    TRY(reason_parse(&only_message, REVOKED_NO_REASON, &x->reason, &x->message));
    return o->reason != NULL ? keywords_user_reason(o->reason, &x->reason) : NULL;
}

/* Why there is nothing to take back; NULL: there is something. */
static err *nothing_said(const struct revoke *x, const struct certification *said)
{
    char fpr[FPR_TEXT_SIZE], date[WHEN_TEXT_SIZE];
    const struct sig *s = said->newest;
    fingerprint_text(cert_fingerprint(x->common.own), fpr);
    if (s == NULL)
        return err_hint(err_new(ERR_NO_USER_ID, "%s has not certified it", fpr),
                        "-u chooses another key of yours; bulla cert show tells who has");
    when_date(said->revocation != NULL ? said->revocation->created_at : sig_expires_at(s), date);
    if (said->revocation != NULL)
        return err_new(ERR_EXISTS, "what %s said of it was revoked on %s", fpr, date);
    if (sig_expires_at(s) != 0 && sig_expires_at(s) <= world_now(x->common.app->world))
        return err_new(ERR_NO_USER_ID, "what %s said of it has expired on %s", fpr, date);
    return NULL;
}

static err *find_certified(struct revoke *x)
{
    const struct cert *c = x->common.subject;
    for (size_t i = 0; i < c->components.n; i++) {
        struct userpick p = {.user = &c->components.items[i]};
        struct certification said;
        if (p.user->kind != COMPONENT_USER_ID)
            continue;
        TRY(certification_find(c, p.user, cert_primary(x->common.own), &said));
        p.problem = nothing_said(x, &said);
        err *e = VEC_PUSH(&x->common.picks, p);
        if (e != NULL)
            err_free(p.problem);
        TRY(e);
    }
    return NULL;
}

/* What nobody else knows of is revoked where nobody else sees it. */
static err *revoke_one(struct revoke *x, const struct cert *c, struct slice id, struct cert **out)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(1 << 8);
    const struct component *user;
    struct certification said;
    TRY(certifying_find_user(c, id, &user));
    TRY(certification_find(c, user, cert_primary(x->common.own), &said));
    x->public |= said.is_public;
    if (!said.is_public)
        subpacket_write_u8(&subpackets, SUB_EXPORTABLE, true, 0);
    TRY(buf_end(&subpackets));
    const struct edit_certify p = {.user_ids = &id,
                                   .n_user_ids = 1,
                                   .signers = &x->common.signer,
                                   .n_signers = 1,
                                   .subpackets = buf_view(&subpackets),
                                   .world = x->common.app->world,
                                   .at = (uint32_t)x->common.at};
    return edit_uncertify(c, &p, x->reason, x->message, out);
}

static err *apply_revoke(void *context, const struct cert *c, struct cert **out)
{
    struct revoke *x = context;
    AUTO(cert_free) struct cert *latest = NULL;
    for (size_t i = 0; i < x->common.picks.n; i++) {
        const struct userpick *p = &x->common.picks.items[i];
        struct cert *next = NULL;
        if (!p->chosen)
            continue;
        TRY(revoke_one(x, latest != NULL ? latest : c, p->user->packet.body, &next));
        cert_free(latest);
        latest = next;
    }
    *out = TAKE(latest);
    return NULL;
}

static err *tell_revoked(const struct revoke *x)
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
        TRY(tell_one(common->app, p, TAKEN_BACK, &t));
    }
    report_end_array(&common->app->report);
    remark(common, true, x->public);
    return NULL;
}

static err *run_revoke(struct app *app, const void *options, const struct args *args)
{
    const struct revoke_opts *o = options;
    CLEANUP(revoke_clear)
    struct revoke x = {.common = {.app = app, .opts = &o->common}};
    TRY(args_check(args, 1, SIZE_MAX, "WHO"));
    const struct args names = {.items = args->items + 1, .n = args->n - 1};
    TRY(read_reason(&o->reason, &x));
    TRY(certifying_find(&x.common, args->items[0]));
    TRY(find_certified(&x));
    TRY(err_wrap(userpicks_choose(&x.common.picks, &names, o->common.all), "%s", args->items[0]));
    TRY(certifying_unlock(&x.common));
    TRY(certifying_store(&x.common, apply_revoke, &x));
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
