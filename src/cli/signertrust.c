#include "cli/signertrust.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"
#include "cli/label.h"
#include "cli/trusttell.h"
#include "keyring/localroot.h"

enum { NAME_COLUMNS = 48, STEP_COLUMNS = 24 };

/* Who is wanted. */

void wanted_signers_clear(struct wanted_signers *w)
{
    vec_free(w);
}

err *wanted_signers_add(struct wanted_signers *w, const struct cert *c, bool is_exact)
{
    const struct wanted_signer x = {*cert_fingerprint(c), is_exact};
    return VEC_PUSH(w, x);
}

bool wanted_signers_made(const struct wanted_signers *w, const struct verdict *v)
{
    for (size_t i = 0; i < w->n; i++) {
        if (fingerprint_equal(&v->primary, &w->items[i].fpr))
            return true;
    }
    return w->n == 0;
}

static bool is_named(const struct wanted_signers *w, const struct verdict *v)
{
    for (size_t i = 0; i < w->n; i++) {
        if (w->items[i].is_exact && fingerprint_equal(&v->primary, &w->items[i].fpr))
            return true;
    }
    return false;
}

/* Judging. */

void signertrust_clear(struct signertrust *t)
{
    err_free(t->miss);
}

void signer_standing_clear(struct signer_standing *s)
{
    authentic_user_clear(&s->user);
    free(s->name);
}

err *signertrust_judge(struct signertrust *t, const struct verdict *v, struct signer_standing *out)
{
    *out = (struct signer_standing){0};
    if (t == NULL || v->status != VERDICT_GOOD)
        return NULL;
    bool named = is_named(t->wanted, v);
    t->sure = t->sure || named || t->authentic->always;
    if (named)
        out->asked = SIGNER_NAMED;
    if (named || t->authentic->always)
        return NULL;
    out->asked = SIGNER_ASKED;
    TRY(authentic_find_user(t->authentic, &v->primary, NULL,
                            v->user_id != NULL ? slice_of_string(v->user_id) : SLICE_EMPTY,
                            &out->user));
    if (authentic_is_sure(&out->user))
        t->sure = true;
    else if (t->miss == NULL)
        t->miss = authentic_miss(t->authentic, &v->primary, &out->user);
    return out->user.user_id.len > 0 ? text_escape(out->user.user_id, &out->name) : NULL;
}

err *signertrust_require(struct signertrust *t)
{
    if (t->sure || t->miss == NULL)
        return NULL;
    return err_wrap(TAKE(t->miss), "the signature is good, but its signer is not certain");
}

/* The path that carries most. */
static const struct trust_path *main_path(const struct trust_answer *a)
{
    const struct trust_path *best = NULL;
    for (size_t i = 0; i < a->paths.n; i++) {
        if (best == NULL || a->paths.items[i].amount > best->amount)
            best = &a->paths.items[i];
    }
    return best;
}

/* Its edges, without what the last of them says about itself. */
static size_t n_steps(const struct trust_path *p)
{
    const struct trust_edge *last = p->n_edges > 0 ? p->edges[p->n_edges - 1] : NULL;
    return p->n_edges - (last != NULL && last->issuer == last->subject);
}

/* In words. */

/* Is the root the user: a key of his own, or the local root? */
enum root_kind { ROOT_OTHER, ROOT_OWN, ROOT_LOCAL };

static err *kind_of_root(struct signertrust *t, const struct trust_cert *root, enum root_kind *out)
{
    CLEANUP(localroots_clear) struct localroots local = {0};
    AUTO(cert_free) struct cert *c = NULL;
    struct keyring *k = t->authentic->net.keyring;
    *out = ROOT_LOCAL;
    TRY(localroots_find(k, &local));
    if (localroots_have(&local, &root->fpr))
        return NULL;
    TRY(keyring_get(k, &root->fpr, true, &c));
    *out = c != NULL && cert_has_secret(c) ? ROOT_OWN : ROOT_OTHER;
    return NULL;
}

static void add_name(const struct trust_cert *c, size_t columns, struct buf *out)
{
    char fpr[FPR_TEXT_SIZE];
    fingerprint_text(&c->fpr, fpr);
    if (c->name.len > 0)
        label_user(c->name, columns, "...", out);
    else
        buf_text(out, fpr);
}

/* "you -> Carol -> Alice", by their names alone. */
static void add_step(const struct trust_cert *c, struct slice user_id, struct buf *out)
{
    struct slice name = label_name_of(user_id.len > 0 ? user_id : c->name);
    buf_text(out, " -> ");
    if (name.len > 0)
        label_cut(name, STEP_COLUMNS, "...", out);
    else
        add_name(c, STEP_COLUMNS, out);
}

static void add_path(const struct trust_path *p, bool from_root, struct buf *out)
{
    buf_text(out, " (you");
    if (from_root)
        add_step(p->root, SLICE_EMPTY, out);
    for (size_t i = 0; i < n_steps(p); i++)
        add_step(p->edges[i]->subject, p->edges[i]->user_id, out);
    buf_u8(out, ')');
}

/* Those who introduce: "by Carol <carol@example.org>, whom you trust (you -> Carol -> Alice)". */
static void add_introducers(const struct trust_path *p, enum root_kind kind, struct buf *out)
{
    size_t n = n_steps(p) - (kind == ROOT_OTHER ? 0 : 1);
    buf_text(out, ", by ");
    add_name(p->edges[n_steps(p) - 1]->issuer, NAME_COLUMNS, out);
    if (n == 1)
        buf_text(out, ", whom you trust");
    add_path(p, kind == ROOT_OTHER, out);
}

/* Where it comes from. */
static err *add_origin(struct signertrust *t, const struct trust_answer *a, struct buf *out)
{
    const struct trust_path *p = main_path(a);
    enum root_kind kind;
    if (p == NULL)
        return NULL;
    TRY(kind_of_root(t, p->root, &kind));
    if (n_steps(p) == 0)
        buf_text(out, kind == ROOT_OTHER ? ", one of your roots" : ", your own key");
    else if (n_steps(p) == 1 && kind != ROOT_OTHER)
        buf_text(out, kind == ROOT_LOCAL ? ", you have accepted it" : ", you have certified it");
    else
        add_introducers(p, kind, out);
    if (a->paths.n > 1)
        buf_printf(out, ", and %zu other path%s", a->paths.n - 1, a->paths.n > 2 ? "s" : "");
    return NULL;
}

static err *say_amount(struct report *r, struct signertrust *t, const struct trust_answer *a)
{
    CLEANUP(buf_clear) struct buf line = BUF_EMPTY(1 << 16);
    buf_printf(&line, "  %sauthenticated: ", a->amount >= TRUST_FULL ? "" : "not ");
    if (a->fault != TRUST_COUNTS)
        buf_text(&line, trusttell_nobody(a->fault));
    else
        buf_printf(&line, "%u of %u", a->amount, TRUST_FULL);
    TRY(add_origin(t, a, &line));
    buf_u8(&line, 0);
    TRY(buf_end(&line));
    report_remark(r, "%s", (const char *)line.data);
    return NULL;
}

/* Where no error tells it. */
static err *say_advice(struct report *r, struct signertrust *t, const struct verdict *v,
                       const struct authentic_user *u)
{
    const struct trusting_user user = {v->primary, u->user_id};
    AUTO(free) char *command = NULL;
    char groups[2 * FPR_TEXT_SIZE];
    trusttell_groups(&v->primary, groups);
    TRY(trusttell_command(&t->authentic->net, &user, &command));
    report_remark(r, "  compare the fingerprint %s, then: %s", groups, command);
    return NULL;
}

err *signertrust_say(struct report *r, struct signertrust *t, const struct verdict *v,
                     const struct signer_standing *s)
{
    const struct trust_answer *a = &s->user.answer;
    if (s->asked == SIGNER_NAMED)
        report_remark(r, "  authorised: you have named this certificate");
    if (s->asked != SIGNER_ASKED || !report_shows_remarks(r))
        return NULL;
    TRY(say_amount(r, t, a));
    bool open = a->fault == TRUST_COUNTS && a->amount < TRUST_FULL;
    return t->advise && open ? say_advice(r, t, v, &s->user) : NULL;
}

/* In JSON. */

static void put_cert(struct report *r, const struct trust_cert *c)
{
    report_object(r, NULL);
    report_fingerprint(r, "fingerprint", &c->fpr);
    if (c->name.len > 0)
        report_bytes(r, "userid", c->name);
    report_end_object(r);
}

void signertrust_put(struct report *r, const struct signer_standing *s)
{
    const struct trust_path *p = main_path(&s->user.answer);
    if (s->asked == SIGNER_NOT_ASKED)
        return;
    report_bool(r, "authenticated", s->asked == SIGNER_NAMED || authentic_is_sure(&s->user));
    report_bool(r, "named", s->asked == SIGNER_NAMED);
    if (s->asked == SIGNER_NAMED)
        return;
    report_number(r, "amount", s->user.answer.amount);
    report_number(r, "required", TRUST_FULL);
    report_array(r, "path");
    if (p != NULL)
        put_cert(r, p->root);
    for (size_t i = 0; p != NULL && i < n_steps(p); i++)
        put_cert(r, p->edges[i]->subject);
    report_end_array(r);
}
