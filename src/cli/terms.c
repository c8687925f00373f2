#include "cli/terms.h"

#include "base/text.h"
#include "base/when.h"

enum {
    SCOPES_SHOWN = 5,
    SCOPE_SHOWN = 100, /* bytes of one */
    UNLIMITED = 255,   /* a depth that nobody reaches */
};

static void separate(struct buf *out, size_t start)
{
    if (out->len > start)
        buf_text(out, ", ");
}

/* A scope of another form is shown as it is, unless somebody has made it very long. */
static void add_scope(struct slice regex, const struct buf *domain, bool first, struct buf *out)
{
    struct slice shown = domain->len > 0 ? buf_view(domain) : regex;
    bool cut = domain->len == 0 && shown.len > SCOPE_SHOWN;
    shown.len = cut ? SCOPE_SHOWN : shown.len;
    buf_text(out, !first ? " or " : domain->len > 0 ? " in " : " who fit ");
    text_escape_to(out, shown);
    buf_text(out, cut ? "..." : "");
}

static void add_scopes(const struct certification_terms *t, struct buf *out)
{
    CLEANUP(buf_clear) struct buf domain = BUF_EMPTY(CERTIFICATION_DOMAIN_MAX);
    struct slice regex;
    size_t cursor = 0, n = 0;
    for (; certification_next_scope(t, &cursor, &regex, &domain); n++) {
        if (n < SCOPES_SHOWN)
            add_scope(regex, &domain, n == 0, out);
    }
    if (n > SCOPES_SHOWN)
        buf_printf(out, " or %zu more", n - SCOPES_SHOWN);
}

static void add_delegation(const struct certification_terms *t, struct buf *out)
{
    buf_text(out, "may certify others");
    add_scopes(t, out);
    if (t->depth == 2)
        buf_text(out, ", who may certify others");
    else if (t->depth == UNLIMITED)
        buf_text(out, ", and so on");
    else if (t->depth > 2)
        buf_printf(out, ", and so on to depth %u", t->depth);
}

void terms_words(const struct certification_terms *t, struct buf *out)
{
    size_t start = out->len;
    char date[WHEN_TEXT_SIZE];
    if (t->depth > 0)
        add_delegation(t, out);
    if (t->amount < CERTIFICATION_FULL) {
        separate(out, start);
        buf_printf(out, "amount %u of %u", t->amount, CERTIFICATION_FULL);
    }
    if (t->local) {
        separate(out, start);
        buf_text(out, "local");
    }
    if (t->expires_at == 0)
        return;
    separate(out, start);
    when_date(t->expires_at, date);
    buf_printf(out, "until %s", date);
}

static void put_scopes(struct report *r, const struct certification_terms *t)
{
    CLEANUP(buf_clear) struct buf domain = BUF_EMPTY(CERTIFICATION_DOMAIN_MAX);
    struct slice regex;
    size_t cursor = 0;
    report_array(r, "scopes");
    while (certification_next_scope(t, &cursor, &regex, &domain)) {
        report_object(r, NULL);
        report_bytes(r, "regex", regex);
        if (domain.len > 0)
            report_bytes(r, "domain", buf_view(&domain));
        else
            report_string(r, "domain", NULL);
        report_end_object(r);
    }
    report_end_array(r);
}

void terms_put(struct report *r, const struct certification_terms *t)
{
    report_bool(r, "local", t->local);
    if (t->expires_at != 0)
        report_time(r, "expires", t->expires_at);
    else
        report_string(r, "expires", NULL);
    report_number(r, "depth", t->depth);
    report_number(r, "amount", t->amount);
    put_scopes(r, t);
}
