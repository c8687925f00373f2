#include "cli/vouching.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/vec.h"
#include "cli/keywords.h"
#include "cli/prompt.h"
#include "cli/who.h"
#include "pgp/edit.h"

void vouching_clear(struct vouching *x)
{
    certifying_clear(&x->common);
    certification_terms_clear(&x->terms);
    free(x->outcomes);
}

err *vouching_read_terms(struct vouching *x, const struct vouching_opts *o)
{
    struct certification_terms *t = &x->terms;
    unsigned depth = 0, amount = CERTIFICATION_FULL;
    *t = CERTIFICATION_TERMS;
    x->opts = o;
    TRY(keywords_number("--depth", o->depth, 255, &depth));
    TRY(keywords_number("--amount", o->amount, CERTIFICATION_FULL, &amount));
    t->depth = (uint8_t)depth;
    t->amount = (uint8_t)amount;
    if (o->expires != NULL)
        TRY(err_wrap(keywords_end(x->common.app, o->expires, &t->expires_at), "--expires"));
    for (size_t i = 0; i < o->domains.n; i++)
        TRY(err_wrap(certification_add_domain(t, o->domains.items[i]), "--domain"));
    return NULL;
}

err *vouching_find_users(struct vouching *x)
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

err *vouching_confirm(const struct vouching *x, const char *who, bool yes,
                      err *(*question)(const struct vouching *x, char **out))
{
    AUTO(free) char *text = NULL;
    char fpr[FPR_TEXT_SIZE];
    bool confirmed = false;
    if (yes || x->common.opts->dry_run || who_is_fingerprint(who, x->common.subject))
        return NULL;
    fingerprint_text(cert_fingerprint(x->common.subject), fpr);
    if (!prompt_is_possible())
        return err_hint(err_new(ERR_USAGE, "%s: anybody can use a name; is it %s?", who, fpr),
                        "compare that with the fingerprint that its owner has given you, and name "
                        "it by that; or say --yes");
    TRY(question(x, &text));
    TRY(prompt_yes(text, &confirmed));
    return confirmed ? NULL : err_new(ERR_INTERRUPTED, "not certified");
}

/* What is to be done about one user ID. */
static err *judge(const struct vouching *x, const struct cert *c, const struct userpick *p,
                  enum vouching_outcome *out)
{
    const struct certifying *common = &x->common;
    CLEANUP(certification_terms_clear) struct certification_terms terms = CERTIFICATION_TERMS;
    const struct component *user;
    struct certification said;
    *out = VOUCHED_NEW;
    TRY(certifying_find_user(c, p->user->packet.body, &user));
    TRY(certification_find(c, user, cert_primary(common->own), &said));
    if (!certification_holds(&said, common->app->policy, common->at))
        return NULL;
    TRY(certification_read_terms(said.newest, &terms));
    *out = certification_same_terms(&terms, &x->terms) ? VOUCHED_ALREADY : VOUCHED_CHANGED;
    return NULL;
}

static err *sign(struct vouching *x, const struct cert *c, const struct slice *ids, size_t n,
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

static err *apply(void *context, const struct cert *c, struct cert **out)
{
    struct vouching *x = context;
    AUTO(free) struct slice *ids = NULL;
    size_t n = 0;
    TRY(MEM_ARRAY(ids, x->common.picks.n + 1));
    for (size_t i = 0; i < x->common.picks.n; i++) {
        const struct userpick *p = &x->common.picks.items[i];
        if (!p->chosen)
            continue;
        TRY(judge(x, c, p, &x->outcomes[i]));
        if (x->outcomes[i] != VOUCHED_ALREADY)
            ids[n++] = p->user->packet.body;
    }
    return n > 0 ? sign(x, c, ids, n, out) : NULL;
}

err *vouching_store(struct vouching *x)
{
    TRY(MEM_ARRAY(x->outcomes, x->common.picks.n));
    return certifying_store(&x->common, apply, x);
}

bool vouching_has_changed(const struct vouching *x)
{
    bool changed = false;
    for (size_t i = 0; i < x->common.picks.n; i++)
        changed |= x->common.picks.items[i].chosen && x->outcomes[i] != VOUCHED_ALREADY;
    return changed;
}

const char *vouching_outcome_name(enum vouching_outcome o)
{
    static const char *const names[] = {
        [VOUCHED_NEW] = "new", [VOUCHED_CHANGED] = "changed", [VOUCHED_ALREADY] = "unchanged"};
    return names[o];
}
