#include "cli/trustadvice.h"

#include "base/text.h"
#include "base/when.h"
#include "cli/label.h"
#include "cli/pathtext.h"
#include "cli/trusttell.h"
#include "cli/trustwords.h"

enum {
    NAME_COLUMNS = 60,
    ALIKE = 8, /* misses that are looked at for each that is told */
};

static bool is_alike(const struct trust_edge *a, const struct trust_edge *b)
{
    return a->fault == b->fault && (a->depth > 0) == (b->depth > 0) &&
           fingerprint_equal(&a->issuer->fpr, &b->issuer->fpr) &&
           fingerprint_equal(&a->subject->fpr, &b->subject->fpr);
}

static bool has_alike(const struct trust_edges *edges, size_t n, const struct trust_edge *e)
{
    for (size_t i = 0; i < n; i++) {
        if (is_alike(edges->items[i], e))
            return true;
    }
    return false;
}

err *trustadvice_find(const struct trusting *x, const struct trusting_user *u, size_t max,
                      struct trust_edges *out)
{
    size_t kept = 0;
    TRY(trust_misses(x->trust, &u->fpr, u->user_id, ALIKE * max, out));
    for (size_t i = 0; i < out->n && kept < max; i++) {
        if (!has_alike(out, kept, out->items[i]))
            out->items[kept++] = out->items[i];
    }
    out->n = kept;
    return NULL;
}

static void add_name(const struct trust_cert *c, struct buf *out)
{
    char fpr[FPR_TEXT_SIZE];
    fingerprint_text(&c->fpr, fpr);
    if (c->name.len > 0)
        label_user(c->name, NAME_COLUMNS, "...", out);
    else
        buf_text(out, fpr);
}

static err *is_own_key(const struct trusting *x, const struct fingerprint *fpr, bool *own)
{
    AUTO(cert_free) struct cert *c = NULL;
    TRY(keyring_get(x->keyring, fpr, true, &c));
    *own = c != NULL && cert_has_secret(c);
    return NULL;
}

/* One's own key can say it again, and no more than that; anybody else has to be asked. */
static err *say_again(const struct trusting *x, const struct trust_edge *e, struct buf *out)
{
    CLEANUP(buf_clear) struct buf options = BUF_EMPTY(SIZE_MAX);
    char issuer[FPR_TEXT_SIZE], subject[FPR_TEXT_SIZE];
    bool own;
    TRY(is_own_key(x, &e->issuer->fpr, &own));
    fingerprint_text(&e->issuer->fpr, issuer);
    fingerprint_text(&e->subject->fpr, subject);
    if (own && trustwords_options(e, &options)) {
        buf_printf(out, "bulla cert certify -u %s%.*s %s", issuer, (int)options.len,
                   (const char *)options.data, subject);
        return NULL;
    }
    buf_text(out, "ask ");
    add_name(e->issuer, out);
    buf_text(out, " to certify it again");
    return NULL;
}

static void with_fingerprint(const char *before, const struct fingerprint *f, const char *behind,
                             struct buf *out)
{
    char fpr[FPR_TEXT_SIZE];
    fingerprint_text(f, fpr);
    buf_printf(out, "%s%s%s", before, fpr, behind);
}

static void from_date(const struct trust_edge *e, struct buf *out)
{
    char date[WHEN_TEXT_SIZE];
    when_date(e->created_at, date);
    buf_printf(out, "it counts from %s on", date);
}

err *trustadvice_for(const struct trusting *x, const struct trust_edge *e, struct buf *out)
{
    switch (e->fault) {
    case TRUST_BAD:
    case TRUST_WEAK:
    case TRUST_EXPIRED:
    case TRUST_TAKEN_BACK:
        return say_again(x, e, out);
    case TRUST_NOT_YET:
        from_date(e, out);
        return NULL;
    case TRUST_NO_ISSUER:
        with_fingerprint("get the certificate ", &e->issuer->fpr, ": bulla cert import FILE", out);
        return NULL;
    case TRUST_ISSUER_INVALID:
        with_fingerprint("if it was renewed, get it again: bulla cert import FILE, then bulla "
                         "cert show ",
                         &e->issuer->fpr, "", out);
        return NULL;
    case TRUST_SUBJECT_INVALID:
        with_fingerprint("if it was renewed, get it again: bulla cert import FILE, then bulla "
                         "cert show ",
                         &e->subject->fpr, "", out);
        return NULL;
    case TRUST_ISSUER_REFUSED:
        with_fingerprint("bulla trust root remove ", &e->issuer->fpr, "", out);
        return NULL;
    case TRUST_ISSUER_UNTRUSTED:
        with_fingerprint("if you rely on it: bulla cert accept --introducer ", &e->issuer->fpr, "",
                         out);
        return NULL;
    case TRUST_TOO_SHORT:
    case TRUST_OUT_OF_SCOPE:
        with_fingerprint("if you rely on it that far: bulla cert accept --introducer ",
                         &e->subject->fpr, "", out);
        return NULL;
    default:
        return NULL;
    }
}

/* "Emil <emil@example.org> certifies Dora ..., but that has expired (2026-01-31)". */
static void describe(const struct trust_edge *e, struct buf *out)
{
    char date[WHEN_TEXT_SIZE];
    add_name(e->issuer, out);
    buf_u8(out, ' ');
    trustwords_sentence(e, out);
    buf_text(out, ": ");
    if (e->depth == 0 && e->user_id.len > 0)
        label_user(e->user_id, NAME_COLUMNS, "...", out);
    else
        add_name(e->subject, out);
    if (e->fault == TRUST_COUNTS)
        return;
    if (e->fault == TRUST_TOO_SHORT && e->depth == 0)
        buf_text(out, "; but that does not let it certify others");
    else
        buf_printf(out, "; but that %s", trusttell_fault(e->fault));
    when_date(e->created_at, date);
    if (e->fault == TRUST_NOT_YET)
        buf_printf(out, ", on %s", date);
}

static err *add_one(const struct trusting *x, const struct trust_edge *e, const struct terminal *t,
                    struct buf *out)
{
    CLEANUP(buf_clear) struct buf words = BUF_EMPTY(SIZE_MAX), advice = BUF_EMPTY(SIZE_MAX);
    describe(e, &words);
    TRY(trustadvice_for(x, e, &advice));
    pathtext_wrap(buf_view(&words), t->utf8 ? "╌ " : "- ", t, out);
    pathtext_wrap(buf_view(&advice), t->utf8 ? "  → " : "  > ", t, out);
    return NULL;
}

err *trustadvice_add(const struct trusting *x, const struct trust_edges *misses,
                     const struct terminal *t, struct buf *out)
{
    for (size_t i = 0; i < misses->n; i++)
        TRY(add_one(x, misses->items[i], t, out));
    return NULL;
}

err *trustadvice_put(const struct trusting *x, const struct trust_edges *misses)
{
    struct report *r = &x->app->report;
    report_array(r, "misses");
    for (size_t i = 0; i < misses->n; i++) {
        CLEANUP(buf_clear) struct buf advice = BUF_EMPTY(SIZE_MAX);
        TRY(trustadvice_for(x, misses->items[i], &advice));
        report_object(r, NULL);
        trusttell_put_edge(r, misses->items[i]);
        if (advice.len > 0)
            report_bytes(r, "advice", buf_view(&advice));
        report_end_object(r);
    }
    report_end_array(r);
    return NULL;
}
