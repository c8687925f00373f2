#include "cli/trusttell.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static const struct {
    const char *name, *words;
} faults[] = {
    [TRUST_COUNTS] = {NULL, NULL},
    [TRUST_UNVERIFIED] = {"unverified", "has not been verified"},
    [TRUST_BAD] = {"bad", "is not genuine"},
    [TRUST_WEAK] = {"weak", "uses a hash that is too weak"},
    [TRUST_NOT_YET] = {"not-yet", "was made later"},
    [TRUST_EXPIRED] = {"expired", "has expired"},
    [TRUST_TAKEN_BACK] = {"revoked", "has been revoked"},
    [TRUST_REPLACED] = {"replaced", "was replaced by a newer one"},
    [TRUST_NOTHING] = {"nothing", "says that its issuer trusts no longer"},
    [TRUST_NO_ISSUER] = {"no-issuer", "is by a key whose certificate is not here"},
    [TRUST_ISSUER_INVALID] = {"issuer-invalid", "is by a key that was not valid then"},
    [TRUST_ISSUER_REFUSED] = {"issuer-refused", "is by a key that you never trust"},
    [TRUST_SUBJECT_INVALID] = {"subject-invalid", "is about a certificate that is not valid"},
    [TRUST_USER_REVOKED] = {"user-revoked", "is about a user ID that is revoked"},
    [TRUST_OUT_OF_SCOPE] = {"out-of-scope", "is for other user IDs only"},
    [TRUST_TOO_SHORT] = {"too-short", "does not reach that far"},
    [TRUST_ISSUER_UNTRUSTED] = {"issuer-untrusted", "is by a key that no root relies on"},
    [TRUST_UNKNOWN] = {"unknown", "is about a user ID that is not here"},
};

const char *trusttell_fault(enum trust_fault f)
{
    return faults[f].words;
}

const char *trusttell_fault_name(enum trust_fault f)
{
    return faults[f].name;
}

void trusttell_put_amount(const struct trusting *x, const struct trusting_user *u,
                          const struct trust_answer *a)
{
    struct report *r = &x->app->report;
    report_fingerprint(r, "fingerprint", &u->fpr);
    report_bytes(r, "userid", u->user_id);
    report_number(r, "amount", a->amount);
    report_number(r, "required", x->asked);
    report_bool(r, "authenticated", trusting_is_enough(x, a->amount));
    if (a->is_bound)
        report_bool(r, "at_least", true);
    if (a->fault != TRUST_COUNTS)
        report_string(r, "fault", trusttell_fault_name(a->fault));
    if (x->opts.gossip)
        report_bool(r, "gossip", true);
}

static void put_scopes(struct report *r, struct slice scopes)
{
    report_array(r, "scopes");
    while (scopes.len > 0) {
        const uint8_t *end = memchr(scopes.data, 0, scopes.len);
        size_t len = end != NULL ? (size_t)(end - scopes.data) : scopes.len;
        report_bytes(r, NULL, slice_of(scopes.data, len));
        scopes = slice_from(scopes, len + 1);
    }
    report_end_array(r);
}

void trusttell_put_edge(struct report *r, const struct trust_edge *e)
{
    report_fingerprint(r, "issuer", &e->issuer->fpr);
    report_fingerprint(r, "subject", &e->subject->fpr);
    if (e->user_id.len > 0)
        report_bytes(r, "userid", e->user_id);
    report_number(r, "depth", e->depth);
    report_number(r, "amount", e->amount);
    report_time(r, "created", e->created_at);
    if (e->expires_at != 0)
        report_time(r, "expires", e->expires_at);
    put_scopes(r, e->scopes);
    if (e->fault != TRUST_COUNTS)
        report_string(r, "fault", trusttell_fault_name(e->fault));
}

void trusttell_put_paths(struct report *r, const struct trust_answer *a)
{
    report_array(r, "paths");
    for (size_t i = 0; i < a->paths.n; i++) {
        const struct trust_path *p = &a->paths.items[i];
        report_object(r, NULL);
        report_fraction(r, "amount", p->amount);
        report_fingerprint(r, "root", &p->root->fpr);
        report_array(r, "certifications");
        for (size_t e = 0; e < p->n_edges; e++) {
            report_object(r, NULL);
            trusttell_put_edge(r, p->edges[e]);
            report_end_object(r);
        }
        report_end_array(r);
        report_end_object(r);
    }
    report_end_array(r);
}

void trusttell_groups(const struct fingerprint *fpr, char text[static 2 * FPR_TEXT_SIZE])
{
    char digits[FPR_TEXT_SIZE];
    size_t n = 0;
    fingerprint_text(fpr, digits);
    for (size_t i = 0; digits[i] != '\0'; i++) {
        if (i > 0 && i % 4 == 0)
            text[n++] = ' ';
        text[n++] = digits[i];
    }
    text[n] = '\0';
}

const char *trusttell_nobody(enum trust_fault f)
{
    switch (f) {
    case TRUST_COUNTS:
        return NULL;
    case TRUST_USER_REVOKED:
        return "the user ID is revoked";
    case TRUST_UNKNOWN:
        return "the certificate has no such user ID";
    default:
        return "the certificate is not valid";
    }
}

static err *miss(const struct trusting *x, const char *name, const struct trust_answer *a)
{
    if (a->fault != TRUST_COUNTS)
        return err_new(ERR_UNAUTHENTICATED, "%s: not authenticated: %s", name,
                       trusttell_nobody(a->fault));
    return err_new(ERR_UNAUTHENTICATED, "%s: %snot authenticated: %u of %u", name,
                   x->opts.gossip ? "gossip: " : "", a->amount, x->asked);
}

static err *count_user(void *context, const struct trust_cert *c, struct slice user_id)
{
    (void)c;
    (void)user_id;
    ++*(size_t *)context;
    return NULL;
}

/* Others choose their addresses: this one is to be typed into a shell. */
static bool is_harmless(struct slice address)
{
    bool ok = address.len > 0 && address.data[0] != '-';
    for (size_t i = 0; i < address.len; i++) {
        uint8_t c = address.data[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        ok = ok && (letter || (c >= '0' && c <= '9') || (c != '\0' && strchr("@.-_+", c) != NULL));
    }
    return ok;
}

err *trusttell_command(const struct trusting *x, const struct trusting_user *u, char **out)
{
    const struct slice address = text_email_of(u->user_id);
    AUTO(free) char *name = NULL;
    char fpr[FPR_TEXT_SIZE];
    size_t n = 0;
    fingerprint_text(&u->fpr, fpr);
    TRY(trust_each_user(x->trust, &u->fpr, count_user, &n));
    TRY(mem_string_of(n > 1 && is_harmless(address) ? address : SLICE_EMPTY, &name));
    return mem_printf(out, "bulla cert accept %s%s%s", fpr, name[0] != '\0' ? " " : "", name);
}

err *trusttell_miss(const struct trusting *x, const struct trusting_user *u,
                    const struct trust_answer *a)
{
    AUTO(free) char *name = NULL, *command = NULL;
    char fpr[FPR_TEXT_SIZE], groups[2 * FPR_TEXT_SIZE];
    fingerprint_text(&u->fpr, fpr);
    trusttell_groups(&u->fpr, groups);
    TRY(text_escape(u->user_id, &name));
    TRY(trusttell_command(x, u, &command));
    err *e = miss(x, name, a);
    if (x->opts.gossip)
        return err_hint(e, "what anybody says proves nothing: ask without --gossip");
    if (a->fault != TRUST_COUNTS)
        return err_hint(e, "bulla cert show %s says why", fpr);
    return err_hint(e,
                    "compare this fingerprint with one that the owner has given you:\n"
                    "  %s\n"
                    "if it is the same: %s",
                    groups, command);
}
