#include "pgp/certification.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/mem.h"
#include "base/text.h"

/* Terms. */

void certification_terms_clear(struct certification_terms *t)
{
    buf_clear(&t->scopes);
}

/* Every program that knows scopes knows this form; GnuPG knows no other. */
static const char scope_start[] = "<[^>]+[@.]", scope_end[] = ">$";

static bool is_label_byte(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c >= 0x80;
}

/* Labels with single dots between them. */
static bool is_domain(struct slice s)
{
    bool in_label = false;
    for (size_t i = 0; i < s.len; i++) {
        bool dot = s.data[i] == '.';
        if (dot ? !in_label : !is_label_byte(s.data[i]))
            return false;
        in_label = !dot;
    }
    return in_label && text_is_utf8(s);
}

static bool has_domain(const struct certification_terms *t, struct slice domain)
{
    CLEANUP(buf_clear) struct buf other = BUF_EMPTY(CERTIFICATION_DOMAIN_MAX);
    struct slice regex;
    size_t cursor = 0;
    while (certification_next_scope(t, &cursor, &regex, &other)) {
        if (slice_equal(buf_view(&other), domain))
            return true;
    }
    return false;
}

static void add_scope(struct certification_terms *t, struct slice domain)
{
    if (has_domain(t, domain))
        return;
    buf_text(&t->scopes, scope_start);
    for (size_t i = 0; i < domain.len; i++) {
        if (domain.data[i] == '.')
            buf_u8(&t->scopes, '\\');
        buf_u8(&t->scopes, domain.data[i]);
    }
    buf_text(&t->scopes, scope_end);
    buf_u8(&t->scopes, 0);
}

/* User IDs have internationalised domains in either form. */
err *certification_add_domain(struct certification_terms *t, const char *domain)
{
    CLEANUP(buf_clear) struct buf lower = BUF_EMPTY(CERTIFICATION_DOMAIN_MAX),
                                  letters = BUF_EMPTY(CERTIFICATION_DOMAIN_MAX);
    AUTO(free) char *shown = NULL;
    TRY(text_escape(slice_of_string(domain), &shown));
    if (!is_domain(slice_of_string(domain)) || strlen(domain) > CERTIFICATION_DOMAIN_MAX)
        return err_hint(err_new(ERR_USAGE, "%s: that is no domain", shown),
                        "write it like example.org, without @");
    text_lower_to(&lower, slice_of_string(domain));
    fold_domain_to(&letters, slice_of_string(domain));
    TRY(buf_end(&lower));
    TRY(buf_end(&letters));
    add_scope(t, buf_view(&lower));
    add_scope(t, buf_view(&letters));
    return buf_end(&t->scopes);
}

/* Undoes what add_scope does; anything else becomes nothing. */
static void read_domain(struct slice regex, struct buf *domain)
{
    const size_t before = sizeof scope_start - 1, behind = sizeof scope_end - 1;
    struct slice start = slice_of(scope_start, before), end = slice_of(scope_end, behind);
    buf_reset(domain);
    if (regex.len <= before + behind || regex.len > before + behind + CERTIFICATION_DOMAIN_MAX ||
        !slice_starts_with(regex, start) ||
        !slice_equal(slice_from(regex, regex.len - behind), end))
        return;
    struct slice middle = slice_of(regex.data + before, regex.len - before - behind);
    for (size_t i = 0; i < middle.len; i++) {
        bool escaped = middle.data[i] == '\\' && i + 1 < middle.len && middle.data[i + 1] == '.';
        i += escaped;
        /* A dot by itself fits any character. */
        buf_u8(domain, middle.data[i] == '.' && !escaped ? '*' : middle.data[i]);
    }
    if (!is_domain(buf_view(domain)))
        buf_reset(domain);
}

bool certification_next_scope(const struct certification_terms *t, size_t *cursor,
                              struct slice *regex, struct buf *domain)
{
    struct slice rest = slice_from(buf_view(&t->scopes), *cursor);
    const uint8_t *zero = rest.len > 0 ? memchr(rest.data, 0, rest.len) : NULL;
    if (zero == NULL)
        return false;
    *regex = slice_of(rest.data, (size_t)(zero - rest.data));
    *cursor += regex->len + 1;
    read_domain(*regex, domain);
    return true;
}

err *certification_read_terms(const struct sig *s, struct certification_terms *out)
{
    struct subpacket p;
    size_t cursor = 0;
    out->local = s->local;
    out->expires_at = sig_expires_at(s);
    if (sig_find(s, SUB_TRUST, &p) && p.body.len == 2) {
        out->depth = p.body.data[0];
        out->amount = p.body.data[1];
    }
    while (sig_next(s, SUB_REGEX, &cursor, &p)) {
        const uint8_t *zero = p.body.len > 0 ? memchr(p.body.data, 0, p.body.len) : NULL;
        p.body.len = zero != NULL ? (size_t)(zero - p.body.data) : p.body.len;
        buf_bytes(&out->scopes, p.body);
        buf_u8(&out->scopes, 0);
    }
    return buf_end(&out->scopes);
}

err *certification_write_terms(const struct certification_terms *t, int64_t at,
                               struct buf *subpackets)
{
    CLEANUP(buf_clear) struct buf unused = BUF_EMPTY(CERTIFICATION_DOMAIN_MAX);
    const uint8_t trust[2] = {t->depth, t->amount};
    struct slice regex;
    size_t cursor = 0;
    if (t->expires_at != 0)
        subpacket_write_u32(subpackets, SUB_EXPIRES, true, (uint32_t)(t->expires_at - at));
    if (t->local)
        subpacket_write_u8(subpackets, SUB_EXPORTABLE, true, 0);
    if (t->depth > 0 || t->amount != CERTIFICATION_FULL)
        subpacket_write(subpackets, SUB_TRUST, true, SLICE_OF(trust));
    while (certification_next_scope(t, &cursor, &regex, &unused))
        subpacket_write(subpackets, SUB_REGEX, true, slice_of(regex.data, regex.len + 1));
    return buf_end(subpackets);
}

bool certification_same_terms(const struct certification_terms *a,
                              const struct certification_terms *b)
{
    return a->depth == b->depth && a->amount == b->amount && a->local == b->local &&
           a->expires_at == b->expires_at &&
           slice_equal(buf_view(&a->scopes), buf_view(&b->scopes));
}

/* What has been said. */

static bool may_be_by(const struct cert_sig *s, const struct pubkey *by)
{
    bool kind = s->parsed && s->sig.flaw == NULL &&
                (sig_is_certification(s->sig.type) || s->sig.type == SIG_CERT_REVOCATION);
    return kind && (key_handle_is_empty(&s->sig.issuer) || pubkey_matches(by, &s->sig.issuer));
}

/* Of two of the same second the later in the certificate; a revocation comes after all of
 * its second. */
static void add(const struct sig *s, struct certification *x)
{
    const struct sig **latest = s->type == SIG_CERT_REVOCATION ? &x->revocation : &x->newest;
    if (*latest == NULL || s->created_at >= (*latest)->created_at)
        *latest = s;
    if (s->created_at > x->last_at)
        x->last_at = s->created_at;
}

static bool is_taken_back(int64_t made_at, const struct certification *x)
{
    return x->revocation != NULL && x->revocation->created_at >= made_at;
}

err *certification_find(const struct cert *c, const struct component *user, const struct pubkey *by,
                        struct certification *out)
{
    const struct target t = cert_target(c, user);
    struct certification x = {0};
    int64_t public_at = -1;
    for (size_t i = 0; i < user->sigs.n; i++) {
        const struct cert_sig *s = &user->sigs.items[i];
        bool good = false;
        if (may_be_by(s, by))
            TRY(target_verify(&t, &s->sig, by, &good));
        if (!good)
            continue;
        add(&s->sig, &x);
        bool public = s->sig.type != SIG_CERT_REVOCATION && !s->sig.local;
        if (public && s->sig.created_at > public_at)
            public_at = s->sig.created_at;
    }
    x.is_public = public_at >= 0 && !is_taken_back(public_at, &x);
    if (x.newest != NULL && !is_taken_back(x.newest->created_at, &x))
        x.revocation = NULL;
    *out = x;
    return NULL;
}

bool certification_holds(const struct certification *x, const struct policy *p, int64_t at)
{
    const struct sig *s = x->newest;
    if (s == NULL || x->revocation != NULL || s->created_at > at)
        return false;
    if (sig_expires_at(s) != 0 && sig_expires_at(s) <= at)
        return false;
    return policy_accepts_hash(p, s->hash_algo, POLICY_CERTS, s->created_at);
}
