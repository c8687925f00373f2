#include "cli/trustwords.h"

#include "base/text.h"
#include "base/when.h"
#include "cli/label.h"
#include "cli/terms.h"

enum { SCOPE_COLUMNS = 32 };

static const char *const labels[] = {
    [TRUST_COUNTS] = "counts",
    [TRUST_UNVERIFIED] = "not verified",
    [TRUST_BAD] = "not genuine",
    [TRUST_WEAK] = "weak hash",
    [TRUST_NOT_YET] = "made later",
    [TRUST_EXPIRED] = "expired",
    [TRUST_TAKEN_BACK] = "revoked",
    [TRUST_REPLACED] = "replaced",
    [TRUST_NOTHING] = "trusts no longer",
    [TRUST_NO_ISSUER] = "issuer is not here",
    [TRUST_ISSUER_INVALID] = "issuer was not valid",
    [TRUST_ISSUER_REFUSED] = "issuer is never trusted",
    [TRUST_SUBJECT_INVALID] = "is not valid",
    [TRUST_USER_REVOKED] = "user ID is revoked",
    [TRUST_OUT_OF_SCOPE] = "for other user IDs",
    [TRUST_TOO_SHORT] = "too short",
    [TRUST_ISSUER_UNTRUSTED] = "no root relies on issuer",
    [TRUST_UNKNOWN] = "no such user ID",
};

void trustwords_reason(const struct trust_edge *e, struct buf *out)
{
    char date[WHEN_TEXT_SIZE] = "";
    if (e->fault == TRUST_EXPIRED && e->expires_at != 0)
        when_date(e->expires_at, date);
    else if (e->fault == TRUST_NOT_YET)
        when_date(e->created_at, date);
    buf_printf(out, "%s%s%s", labels[e->fault], date[0] != '\0' ? " " : "", date);
}

/* The limits as those of a certification that is about to be made. */
static struct certification_terms terms_of(const struct trust_edge *e)
{
    struct certification_terms t = CERTIFICATION_TERMS;
    t.depth = e->depth;
    t.amount = e->amount;
    t.expires_at = e->expires_at;
    buf_bytes(&t.scopes, e->scopes);
    return t;
}

void trustwords_sentence(const struct trust_edge *e, struct buf *out)
{
    CLEANUP(certification_terms_clear) struct certification_terms t = terms_of(e);
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(SIZE_MAX);
    terms_words(&t, &text);
    buf_text(out, e->depth > 0 ? "certifies; " : text.len > 0 ? "certifies, " : "certifies");
    buf_bytes(out, buf_view(&text));
}

/* The first scope, and how many there are besides. */
static void add_scopes(const struct certification_terms *t, struct buf *out)
{
    CLEANUP(buf_clear) struct buf domain = BUF_EMPTY(CERTIFICATION_DOMAIN_MAX);
    struct slice regex;
    size_t cursor = 0, n = 0;
    for (; certification_next_scope(t, &cursor, &regex, &domain); n++) {
        if (n > 0)
            continue;
        buf_text(out, domain.len > 0 ? "in " : "fits ");
        label_cut(domain.len > 0 ? buf_view(&domain) : regex, SCOPE_COLUMNS, "..", out);
    }
    if (n > 1)
        buf_printf(out, " or %zu more", n - 1);
}

static void separate(struct buf *out, size_t start)
{
    if (out->len > start)
        buf_text(out, ", ");
}

void trustwords_limits(const struct trust_edge *e, bool depth, struct buf *out)
{
    CLEANUP(certification_terms_clear) struct certification_terms t = terms_of(e);
    size_t start = out->len;
    char date[WHEN_TEXT_SIZE];
    if (depth && e->depth == TRUST_UNLIMITED)
        buf_text(out, "any depth");
    else if (depth && e->depth > 0)
        buf_printf(out, "depth %u", e->depth);
    if (e->scopes.len > 0) {
        separate(out, start);
        add_scopes(&t, out);
    }
    if (e->expires_at == 0 || e->fault == TRUST_EXPIRED)
        return;
    separate(out, start);
    when_date(e->expires_at, date);
    buf_printf(out, "until %s", date);
}

bool trustwords_options(const struct trust_edge *e, struct buf *out)
{
    CLEANUP(certification_terms_clear) struct certification_terms t = terms_of(e);
    CLEANUP(buf_clear) struct buf domain = BUF_EMPTY(CERTIFICATION_DOMAIN_MAX);
    struct slice regex;
    size_t cursor = 0;
    if (e->depth > 0)
        buf_printf(out, " --depth %u", e->depth);
    if (e->amount < TRUST_FULL)
        buf_printf(out, " --amount %u", e->amount);
    while (certification_next_scope(&t, &cursor, &regex, &domain)) {
        if (domain.len == 0)
            return false;
        buf_text(out, " --domain ");
        text_escape_to(out, buf_view(&domain));
    }
    return true;
}
