/* cert: accept, unaccept: what the user knows for certain about others' certificates, said by
 * the local root, which nobody else sees. */
#include "cli/command.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"
#include "cli/terms.h"
#include "cli/vouching.h"
#include "cli/withdrawing.h"
#include "keyring/localroot.h"
#include "pgp/bind.h"
#include "pgp/vouch.h"

#define OPT_DRY_RUN(type, field)                                                                   \
    OPT_FLAG('n', "dry-run", type, field.dry_run, "only show what would change")

/* Who accepts. */

/* The local roots whose secret parts are here. */
static err *find_roots(struct keyring *k, struct cert_list *out)
{
    CLEANUP(localroots_clear) struct localroots l = {0};
    TRY(localroots_find(k, &l));
    for (size_t i = 0; i < l.n; i++) {
        AUTO(cert_free) struct cert *c = NULL;
        TRY(keyring_get(k, &l.items[i], true, &c));
        if (c == NULL || !cert_has_secret(c))
            continue;
        TRY(VEC_PUSH(out, c));
        c = NULL; /* it is the list's now */
    }
    return NULL;
}

/* Has one of the roots accepted a user ID of this address (NULL: any) in c? */
static err *is_accepted(struct app *app, const struct cert *c, const char *address,
                        const struct cert_list *roots, bool *out)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    *out = false;
    if (roots->n == 0)
        return NULL;
    TRY(bind_cert(c, app->policy, world_now(app->world), &b));
    for (size_t i = 0; i < b->n && !*out; i++) {
        const struct component *user = b->items[i].component;
        bool fits = address == NULL;
        if (user->kind != COMPONENT_USER_ID)
            continue;
        if (!fits)
            TRY(keyring_name_fits(address, user->packet.body, &fits));
        for (size_t r = 0; r < roots->n && fits && !*out; r++)
            TRY(vouch_check(b, user, roots->items[r], out));
    }
    return NULL;
}

/* There is more than one root where a backup was restored: then the one that has accepted the
 * certificate already is meant, else the first.  *out stays NULL where there is none; *n is how
 * many have accepted it. */
static err *choose_root(struct app *app, const struct cert *subject, struct cert **out, size_t *n)
{
    CLEANUP(cert_list_clear) struct cert_list roots = {0};
    struct keyring *k = NULL;
    size_t chosen = 0;
    TRY(app_keyring(app, &k));
    TRY(find_roots(k, &roots));
    *n = 0;
    for (size_t i = 0; i < roots.n; i++) {
        const struct cert_list one = {.items = &roots.items[i], .n = 1};
        bool accepted;
        TRY(is_accepted(app, subject, NULL, &one, &accepted));
        if (accepted && (*n)++ == 0)
            chosen = i;
    }
    if (roots.n > 0)
        *out = TAKE(roots.items[chosen]);
    return NULL;
}

/* Where one names the certificate by an address, and no user ID, those of that address are
 * meant. */
static err *choose_users(struct userpicks *picks, const struct args *args, bool all)
{
    bool by_email = args->n == 1 && !all && keyring_name_kind(args->items[0]) == KEYRING_EMAIL;
    const struct args names = {.items = by_email ? args->items : args->items + 1,
                               .n = by_email ? 1 : args->n - 1};
    return err_wrap(userpicks_choose(picks, &names, all), "%s", args->items[0]);
}

/* accept */

struct accept_opts {
    struct certifying_opts common;
    struct vouching_opts terms;
    bool introducer, yes;
};

static const struct opt accept_options[] = {
    OPT_FLAG(0, "all", struct accept_opts, common.all, "every user ID that is valid"),
    OPT_VOUCHING(struct accept_opts, terms),
    OPT_FLAG(0, "introducer", struct accept_opts, introducer,
             "what its owner certifies counts for you, too"),
    OPT_TEXT(0, "depth", struct accept_opts, terms.depth, "N",
             "with --introducer: its owner may certify others (1, the default), who may certify "
             "others (2), ...",
             OPT_ANY),
    OPT_LIST(0, "domain", struct accept_opts, terms.domains, "DOMAIN",
             "with --introducer: only people with addresses in DOMAIN and below it", OPT_ANY),
    OPT_DRY_RUN(struct accept_opts, common),
    OPT_FLAG('y', "yes", struct accept_opts, yes, "do not ask"),
};

/* Another certificate that was accepted for the same address. */
struct rival {
    struct slice address; /* borrowed from the subject */
    struct fingerprint fpr;
};

struct accept {
    struct vouching v;
    VEC(struct rival) rivals;
    bool root_is_new;
};

static void accept_clear(struct accept *x)
{
    vouching_clear(&x->v);
    vec_free(&x->rivals);
}

static err *read_terms(struct vouching *x, const struct accept_opts *o)
{
    if (!o->introducer && (o->terms.depth != NULL || o->terms.domains.n > 0))
        return err_hint(err_new(ERR_INCOMPLETE, "--%s: it is about whom others may certify",
                                o->terms.depth != NULL ? "depth" : "domain"),
                        "--introducer lets them certify");
    TRY(vouching_read_terms(x, &o->terms));
    x->terms.local = true;
    if (o->introducer && o->terms.depth == NULL)
        x->terms.depth = 1;
    return NULL;
}

static bool is_known_rival(const struct accept *x, const struct rival *r)
{
    for (size_t i = 0; i < x->rivals.n; i++) {
        const struct rival *known = &x->rivals.items[i];
        if (fingerprint_equal(&known->fpr, &r->fpr) && slice_equal(known->address, r->address))
            return true;
    }
    return false;
}

static err *add_rival(struct accept *x, struct slice address, const struct cert *c)
{
    const struct rival r = {address, *cert_fingerprint(c)};
    AUTO(free) char *shown = NULL;
    char fpr[FPR_TEXT_SIZE];
    if (is_known_rival(x, &r))
        return NULL;
    TRY(text_escape(address, &shown));
    fingerprint_text(&r.fpr, fpr);
    report_warning(&x->v.common.app->report,
                   "Warning: you have accepted another certificate for %s: %s", shown, fpr);
    return VEC_PUSH(&x->rivals, r);
}

static err *find_rivals_of(struct accept *x, struct keyring *k, struct slice address,
                           const struct cert_list *roots)
{
    CLEANUP(cert_list_clear) struct cert_list found = {0};
    AUTO(free) char *name = NULL;
    TRY(mem_string_of(address, &name));
    TRY(keyring_find(k, name, false, &found));
    for (size_t i = 0; i < found.n; i++) {
        const struct cert *c = found.items[i];
        bool accepted;
        if (fingerprint_equal(cert_fingerprint(c), cert_fingerprint(x->v.common.subject)))
            continue;
        TRY(is_accepted(x->v.common.app, c, name, roots, &accepted));
        if (accepted)
            TRY(add_rival(x, address, c));
    }
    return NULL;
}

static err *find_rivals(struct accept *x)
{
    CLEANUP(cert_list_clear) struct cert_list roots = {0};
    struct keyring *k = NULL;
    TRY(app_keyring(x->v.common.app, &k));
    TRY(find_roots(k, &roots));
    for (size_t i = 0; i < x->v.common.picks.n && roots.n > 0; i++) {
        const struct userpick *p = &x->v.common.picks.items[i];
        const struct slice address = text_email_of(p->user->packet.body);
        if (p->chosen && address.len > 0)
            TRY(find_rivals_of(x, k, address, &roots));
    }
    return NULL;
}

/* In groups, as one reads it out. */
static void add_fingerprint(struct buf *b, const struct fingerprint *f)
{
    char fpr[FPR_TEXT_SIZE];
    fingerprint_text(f, fpr);
    for (size_t i = 0; fpr[i] != '\0'; i++) {
        if (i > 0 && i % 4 == 0)
            buf_u8(b, ' ');
        buf_u8(b, (uint8_t)fpr[i]);
    }
}

/* What is said beyond whose the certificate is, with something before it; all that is accepted
 * is local. */
static void add_words(const struct vouching *x, const char *before, struct buf *b)
{
    struct certification_terms more = x->terms; /* its scopes are borrowed */
    more.local = false;
    more.amount = CERTIFICATION_FULL;
    if (more.depth == 0 && more.expires_at == 0)
        return;
    buf_text(b, before);
    terms_words(&more, b);
}

static err *question(const struct vouching *x, char **out)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(1 << 20);
    buf_text(&b, "Have you compared the fingerprint\n  ");
    add_fingerprint(&b, cert_fingerprint(x->common.subject));
    buf_text(&b, "\nwith one that you have from its owner, who is");
    for (size_t i = 0; i < x->common.picks.n; i++) {
        const struct userpick *p = &x->common.picks.items[i];
        if (!p->chosen)
            continue;
        buf_text(&b, "\n  ");
        text_escape_to(&b, p->user->packet.body);
    }
    add_words(x, x->terms.depth > 0 ? "\nand " : ", ", &b);
    buf_text(&b, "? (y/N) ");
    TRY(buf_end(&b));
    return mem_string_of(buf_view(&b), out);
}

/* Questions are over: the root is made, and says it, in one transaction. */
static err *use_root(struct accept *x)
{
    struct app *app = x->v.common.app;
    struct keyring *k = NULL;
    struct cert *root = NULL;
    size_t n;
    TRY(app_begin(app, &k));
    TRY(choose_root(app, x->v.common.subject, &root, &n));
    x->root_is_new = root == NULL;
    if (root == NULL)
        TRY(localroot_make(k, app->world, &root));
    return certifying_use_local(&x->v.common, root);
}

static err *tell_accepted_one(const struct vouching *x, const struct userpick *p,
                              enum vouching_outcome outcome)
{
    struct report *r = &x->common.app->report;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(1 << 17);
    AUTO(free) char *name = NULL, *words = NULL;
    char fpr[FPR_TEXT_SIZE];
    add_words(x, ", ", &b);
    TRY(buf_end(&b));
    TRY(mem_string_of(buf_view(&b), &words));
    TRY(text_escape(p->user->packet.body, &name));
    fingerprint_text(cert_fingerprint(x->common.subject), fpr);
    report_say(r, "%s: %s: %s (amount %u of %u%s)",
               outcome == VOUCHED_ALREADY ? "accepted already" : "accepted", name, fpr,
               x->terms.amount, CERTIFICATION_FULL, words);
    certifying_put_user(r, p, vouching_outcome_name(outcome), &x->terms);
    return NULL;
}

static void tell_rivals(const struct accept *x)
{
    struct report *r = &x->v.common.app->report;
    report_array(r, "accepted_before");
    for (size_t i = 0; i < x->rivals.n; i++) {
        report_object(r, NULL);
        report_bytes(r, "email", x->rivals.items[i].address);
        report_fingerprint(r, "fingerprint", &x->rivals.items[i].fpr);
        report_end_object(r);
    }
    report_end_array(r);
}

static err *tell_accepted(const struct accept *x)
{
    const struct certifying *common = &x->v.common;
    struct report *r = &common->app->report;
    certifying_put(common);
    report_array(r, "certifications");
    for (size_t i = 0; i < common->picks.n; i++) {
        if (common->picks.items[i].chosen)
            TRY(tell_accepted_one(&x->v, &common->picks.items[i], x->v.outcomes[i]));
    }
    report_end_array(r);
    tell_rivals(x);
    report_bool(r, "new_root", x->root_is_new);
    certifying_remark(common, vouching_has_changed(&x->v), false);
    if (x->root_is_new && !common->opts->dry_run)
        report_remark(r, "It counts in this keyring only: a local root was made for that.");
    return NULL;
}

static err *run_accept(struct app *app, const void *options, const struct args *args)
{
    const struct accept_opts *o = options;
    CLEANUP(accept_clear)
    struct accept x = {.v.common = {.app = app, .opts = &o->common}};
    TRY(args_check(args, 1, SIZE_MAX, "WHO"));
    TRY(read_terms(&x.v, o));
    TRY(certifying_find_subject(&x.v.common, args->items[0]));
    TRY(vouching_find_users(&x.v));
    TRY(choose_users(&x.v.common.picks, args, o->common.all));
    TRY(find_rivals(&x));
    TRY(vouching_confirm(&x.v, args->items[0], o->yes, question));
    TRY(use_root(&x));
    TRY(vouching_store(&x.v));
    if (o->common.dry_run)
        app_rollback(app);
    return tell_accepted(&x);
}

const struct command cmd_cert_accept = {
    .noun = "cert",
    .name = "accept",
    .summary = "say that you have compared a fingerprint: the certificate is whose it says",
    .synopsis = "[--introducer [--domain DOMAIN...]] [--amount N] WHO [USER-ID...]",
    .details =
        "From then on the certificate is used for that person, here and by you alone: a "
        "certification that is never exported says it, by a local root that is made for that and "
        "needs no passphrase. To vouch for somebody before others, use bulla cert certify.\n\n"
        "WHO is best the whole fingerprint, which you have compared with one that you have from "
        "the owner. Any other name anybody could have put into a certificate: so the fingerprint "
        "is shown and asked about at the terminal, or --yes is needed. A user ID is given whole or "
        "by its e-mail address. It need not be named where WHO is an address, or where the "
        "certificate has only one.\n\n"
        "--introducer lets its owner introduce others to you: whom he or she certifies is "
        "accepted as well; --domain limits that to people with addresses in some domains. With "
        "an --amount below 120 it takes several to make a whole: three of 40.\n\n"
        "What is accepted again takes the place of what was said before; bulla cert unaccept takes "
        "it back. Refused are user IDs that are revoked or that the owner has not signed (107), "
        "and certificates that are revoked or expired (114).",
    .examples = "bulla cert accept 0123456789ABCDEF0123456789ABCDEF01234567\n"
                "bulla cert accept bob@example.org\n"
                "bulla cert accept --amount 40 --expires 1y bob@example.org\n"
                "bulla cert accept --introducer --domain example.org ca@example.org",
    .values = "CERT",
    COMMAND_OPTIONS(accept_options, struct accept_opts),
    .needs = NEEDS_WRITE,
    .run = run_accept,
};

/* unaccept */

struct unaccept_opts {
    struct certifying_opts common;
};

static const struct opt unaccept_options[] = {
    OPT_FLAG(0, "all", struct unaccept_opts, common.all, "every user ID that you have accepted"),
    OPT_DRY_RUN(struct unaccept_opts, common),
};

static err *find_acceptor(struct withdrawing *x, const char *who, size_t *n)
{
    struct cert *root = NULL;
    TRY(choose_root(x->common.app, x->common.subject, &root, n));
    if (root == NULL)
        return err_new(ERR_NO_USER_ID, "%s: you have not accepted it", who);
    return certifying_use_local(&x->common, root);
}

static err *tell_unaccepted(const struct withdrawing *x)
{
    const struct certifying *common = &x->common;
    struct report *r = &common->app->report;
    char fpr[FPR_TEXT_SIZE];
    fingerprint_text(cert_fingerprint(common->subject), fpr);
    certifying_put(common);
    report_array(r, "certifications");
    for (size_t i = 0; i < common->picks.n; i++) {
        const struct userpick *p = &common->picks.items[i];
        CLEANUP(certification_terms_clear) struct certification_terms t = CERTIFICATION_TERMS;
        AUTO(free) char *name = NULL;
        struct certification said;
        if (!p->chosen)
            continue;
        TRY(certification_find(common->subject, p->user, cert_primary(common->own), &said));
        TRY(certification_read_terms(said.newest, &t));
        TRY(text_escape(p->user->packet.body, &name));
        report_say(r, "not accepted any more: %s: %s", name, fpr);
        certifying_put_user(r, p, "revoked", &t);
    }
    report_end_array(r);
    certifying_remark(common, true, false);
    return NULL;
}

static err *run_unaccept(struct app *app, const void *options, const struct args *args)
{
    const struct unaccept_opts *o = options;
    CLEANUP(withdrawing_clear)
    struct withdrawing x = {
        .common = {.app = app, .opts = &o->common}, .reason = REVOKED_NO_REASON, .message = ""};
    size_t n_roots;
    TRY(args_check(args, 1, SIZE_MAX, "WHO"));
    TRY(certifying_find_subject(&x.common, args->items[0]));
    TRY(find_acceptor(&x, args->items[0], &n_roots));
    TRY(withdrawing_find_users(&x));
    TRY(choose_users(&x.common.picks, args, o->common.all));
    TRY(certifying_store(&x.common, withdrawing_apply, &x));
    if (n_roots > 1)
        report_warning(&app->report,
                       "Warning: another local root, of a backup, has accepted it too: say it "
                       "once more");
    return tell_unaccepted(&x);
}

const struct command cmd_cert_unaccept = {
    .noun = "cert",
    .name = "unaccept",
    .summary = "take back that you have accepted a certificate",
    .synopsis = "WHO [USER-ID...]",
    .details =
        "For user IDs that bulla cert accept has accepted, with all that was said of them: "
        "an introducer introduces nobody any more. Where WHO is an address, or only one "
        "user ID was accepted, it need not be named. It is as if it had never been accepted; "
        "it can be accepted again. There is nothing to take back (107) where nothing was "
        "accepted, or it has expired.",
    .examples = "bulla cert unaccept bob@example.org\n"
                "bulla cert unaccept --all 0123456789ABCDEF0123456789ABCDEF01234567",
    .values = "CERT",
    COMMAND_OPTIONS(unaccept_options, struct unaccept_opts),
    .needs = NEEDS_WRITE,
    .run = run_unaccept,
};
