#include "keyring/dossier.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/digest.h"
#include "keyring/index.h"
#include "pgp/certification.h"

enum { POLICY_LEN = 28 };

static void free_states(struct dossier_states *s)
{
    free(s->items);
}

void dossier_clear(struct dossier *d)
{
    free_states(&d->life);
    for (size_t i = 0; d->users != NULL && i < d->n_users; i++)
        free_states(&d->users[i].life);
    free(d->users);
    free(d->statements);
    *d = (struct dossier){0};
}

err *dossier_digest(struct slice cert, uint8_t out[static DOSSIER_DIGEST])
{
    uint8_t digest[DIGEST_MAX];
    TRY(digest_of(HASH_SHA256, cert, digest));
    memcpy(out, digest, DOSSIER_DIGEST);
    return NULL;
}

static void write_policy(struct buf *b, const struct policy *p)
{
    buf_u64(b, (uint64_t)p->md5_until);
    buf_u64(b, (uint64_t)p->sha1_data_until);
    buf_u64(b, (uint64_t)p->sha1_certs_until);
    buf_u32(b, p->rsa_bits_min);
}

/* Making. */

/* A statement before it has its place. */
struct draft {
    const struct sig *sig;
    uint32_t user, component, place;
    int64_t issuer;
};

struct drafts {
    struct draft *items;
    size_t n, capacity;
};

static void drafts_clear(struct drafts *d)
{
    vec_free(d);
}

static int in_order(const void *x, const void *y)
{
    const struct draft *a = x, *b = y;
    if (a->issuer != b->issuer)
        return a->issuer < b->issuer ? -1 : 1;
    if (a->user != b->user)
        return a->user < b->user ? -1 : 1;
    if (a->sig->created_at != b->sig->created_at)
        return a->sig->created_at > b->sig->created_at ? -1 : 1;
    return (a->place < b->place) - (a->place > b->place);
}

static bool is_statement(const struct component *x, const struct sig *s)
{
    if (s->type == SIG_CERT_REVOCATION)
        return true;
    return x->kind == COMPONENT_PRIMARY ? s->type == SIG_DIRECT_KEY : sig_is_certification(s->type);
}

static err *collect_from(const struct cert *c, size_t component, uint32_t user, struct drafts *out)
{
    const struct component *x = &c->components.items[component];
    for (size_t i = 0; i < x->sigs.n; i++) {
        const struct cert_sig *s = &x->sigs.items[i];
        if (!index_is_by_other(cert_primary(c), s) || !is_statement(x, &s->sig))
            continue;
        TRY(VEC_PUSH(out, ((struct draft){
                              .sig = &s->sig,
                              .user = user,
                              .component = (uint32_t)component,
                              .place = (uint32_t)i,
                              .issuer = index_number(SLICE_OF(s->sig.issuer.id.bytes)),
                          })));
    }
    return NULL;
}

static err *collect(const struct cert *c, struct drafts *out)
{
    uint32_t user = 0;
    TRY(collect_from(c, 0, DOSSIER_NONE, out));
    for (size_t i = 1; i < c->components.n; i++) {
        if (c->components.items[i].kind == COMPONENT_USER_ID)
            TRY(collect_from(c, i, user++, out));
    }
    if (out->n > 0)
        qsort(out->items, out->n, sizeof *out->items, in_order);
    return NULL;
}

static void write_states(struct buf *b, const struct life *l)
{
    buf_u16(b, (uint16_t)l->states.n);
    for (size_t i = 0; i < l->states.n; i++) {
        const struct life_state *s = &l->states.items[i];
        buf_u8(b, (uint8_t)((s->ok ? 1 : 0) | (s->hard ? 2 : 0)));
        buf_u64(b, (uint64_t)s->from);
        buf_u64(b, (uint64_t)s->revoked_at);
        buf_u64(b, (uint64_t)s->expires_at);
    }
}

static void write_users(struct buf *b, const struct cert *c, const struct life_list *lives)
{
    uint32_t n = 0;
    for (size_t i = 0; i < c->components.n; i++)
        n += c->components.items[i].kind == COMPONENT_USER_ID;
    buf_u32(b, n);
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        if (x->kind != COMPONENT_USER_ID)
            continue;
        buf_u32(b, (uint32_t)x->packet.body.len);
        buf_bytes(b, x->packet.body);
        write_states(b, &lives->items[i]);
    }
}

/* The issuer that is named, as far as it is: the verdict will be about it, if it is. */
static void write_about(struct buf *b, const struct key_handle *h)
{
    size_t n = h->fpr.version != 0 && h->fpr.len < DOSSIER_ID ? h->fpr.len : DOSSIER_ID;
    if (h->fpr.version == 0)
        n = 0;
    buf_bytes(b, slice_of(h->fpr.bytes, n));
    buf_fill(b, 0, DOSSIER_ID - n);
}

static err *write_statement(struct buf *b, const struct draft *d)
{
    CLEANUP(certification_terms_clear) struct certification_terms terms = CERTIFICATION_TERMS;
    TRY(certification_read_terms(d->sig, &terms));
    buf_u8(b, DOSSIER_UNKNOWN);
    buf_u8(b, d->sig->type == SIG_CERT_REVOCATION ? DOSSIER_REVOKES : DOSSIER_SAYS);
    write_about(b, &d->sig->issuer);
    buf_u64(b, (uint64_t)d->issuer);
    buf_u32(b, d->user);
    buf_u32(b, d->sig->created_at);
    buf_u64(b, (uint64_t)terms.expires_at);
    buf_u8(b, terms.depth);
    buf_u8(b, terms.amount < CERTIFICATION_FULL ? terms.amount : CERTIFICATION_FULL);
    buf_u8(b, d->sig->hash_algo);
    buf_u32(b, d->component);
    buf_u32(b, d->place);
    buf_u32(b, (uint32_t)terms.scopes.len);
    buf_bytes(b, buf_view(&terms.scopes));
    return NULL;
}

static err *write_statements(struct buf *b, const struct cert *c)
{
    CLEANUP(drafts_clear) struct drafts drafts = {0};
    TRY(collect(c, &drafts));
    buf_u32(b, (uint32_t)drafts.n);
    for (size_t i = 0; i < drafts.n; i++)
        TRY(write_statement(b, &drafts.items[i]));
    return NULL;
}

/* The number among user IDs of the one to show; the first where none is good. */
static void write_shown(struct buf *b, const struct cert *c, const struct life_list *lives)
{
    uint32_t n = 0, shown = DOSSIER_NONE;
    for (size_t i = 0; i < c->components.n; i++) {
        if (c->components.items[i].kind != COMPONENT_USER_ID)
            continue;
        if (i == lives->shown || shown == DOSSIER_NONE)
            shown = n;
        n++;
    }
    buf_u32(b, shown);
}

/* A revocation that may be by a designated revoker, who need not be here yet. */
static bool may_be_revoked(const struct cert *c)
{
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        for (size_t k = 0; k < x->sigs.n; k++) {
            const struct cert_sig *s = &x->sigs.items[k];
            if (s->parsed && s->sig.type == SIG_KEY_REVOCATION &&
                index_is_by_other(cert_primary(c), s))
                return true;
        }
    }
    return false;
}

err *dossier_write(const struct cert *c, const struct policy *p, struct buf *out, bool *lasting)
{
    CLEANUP(life_list_clear) struct life_list lives = {0};
    const struct fingerprint *fpr = cert_fingerprint(c);
    uint8_t digest[DOSSIER_DIGEST];
    TRY(life_of_cert(c, p, &lives));
    TRY(dossier_digest(buf_view(&c->bytes), digest));
    buf_u8(out, DOSSIER_VERSION);
    write_policy(out, p);
    buf_bytes(out, SLICE_OF(digest));
    buf_u8(out, fpr->version);
    buf_u8(out, fpr->len);
    buf_bytes(out, fingerprint_view(fpr));
    buf_u32(out, cert_primary(c)->created_at);
    write_shown(out, c, &lives);
    write_states(out, &lives.items[0]);
    write_users(out, c, &lives);
    TRY(write_statements(out, c));
    *lasting = !may_be_revoked(c);
    return buf_end(out);
}

/* Reading. */

static err *read_states(struct reader *r, struct dossier_states *out)
{
    size_t n = reader_u16(r);
    TRY(MEM_ARRAY(out->items, n + 1));
    for (; out->n < n && reader_left(r) > 0; out->n++) {
        struct life_state *s = &out->items[out->n];
        uint8_t flags = reader_u8(r);
        s->ok = (flags & 1) != 0;
        s->hard = (flags & 2) != 0;
        s->from = (int64_t)reader_u64(r);
        s->revoked_at = (int64_t)reader_u64(r);
        s->expires_at = (int64_t)reader_u64(r);
    }
    return NULL;
}

/* A number of things that take at least so many bytes each. */
static size_t read_count(struct reader *r, size_t each)
{
    size_t n = reader_u32(r);
    if (n > reader_left(r) / each)
        reader_fail(r);
    return reader_failed(r) ? 0 : n;
}

static err *read_users(struct reader *r, struct dossier *out)
{
    size_t n = read_count(r, 6);
    TRY(MEM_ARRAY(out->users, n + 1));
    for (; out->n_users < n; out->n_users++) {
        struct dossier_user *u = &out->users[out->n_users];
        u->id = reader_bytes(r, reader_u32(r));
        TRY(read_states(r, &u->life));
    }
    return NULL;
}

enum { STATEMENT_LEN = 61 };

static void read_statement(struct reader *r, struct dossier_statement *s)
{
    s->place = reader_offset(r);
    s->verdict = (enum dossier_verdict)reader_u8(r);
    s->kind = (enum dossier_kind)reader_u8(r);
    s->about = reader_bytes(r, DOSSIER_ID).data;
    s->issuer = (int64_t)reader_u64(r);
    s->user = reader_u32(r);
    s->created_at = reader_u32(r);
    s->expires_at = (int64_t)reader_u64(r);
    s->depth = reader_u8(r);
    s->amount = reader_u8(r);
    s->hash = reader_u8(r);
    s->component = reader_u32(r);
    s->sig = reader_u32(r);
    s->scopes = reader_bytes(r, reader_u32(r));
}

static err *read_statements(struct reader *r, struct dossier *out)
{
    size_t n = read_count(r, STATEMENT_LEN);
    TRY(MEM_ARRAY(out->statements, n + 1));
    for (; out->n_statements < n && !reader_failed(r); out->n_statements++) {
        struct dossier_statement *s = &out->statements[out->n_statements];
        read_statement(r, s);
        if (s->verdict > DOSSIER_BAD || s->kind > DOSSIER_REVOKES ||
            (s->user != DOSSIER_NONE && s->user >= out->n_users))
            reader_fail(r);
    }
    return NULL;
}

static err *read_rest(struct reader *r, struct dossier *out)
{
    out->digest = reader_bytes(r, DOSSIER_DIGEST);
    uint8_t version = reader_u8(r);
    if (!fingerprint_from(version, reader_bytes(r, reader_u8(r)), &out->fpr))
        reader_fail(r);
    out->created_at = reader_u32(r);
    out->shown = reader_u32(r);
    TRY(read_states(r, &out->life));
    TRY(read_users(r, out));
    TRY(read_statements(r, out));
    if (out->shown != DOSSIER_NONE && out->shown >= out->n_users)
        reader_fail(r);
    return reader_end(r);
}

err *dossier_read(struct slice bytes, const struct policy *p, struct dossier *out, bool *current)
{
    CLEANUP(buf_clear) struct buf policy = BUF_EMPTY(POLICY_LEN);
    struct reader r = reader_init(bytes, "what the web of trust knows of a certificate");
    uint8_t version = reader_u8(&r);
    struct slice made_by = reader_bytes(&r, POLICY_LEN);
    write_policy(&policy, p);
    TRY(buf_end(&policy));
    *current = version == DOSSIER_VERSION && slice_equal(made_by, buf_view(&policy));
    if (!*current)
        return NULL;
    err *e = read_rest(&r, out);
    if (e != NULL)
        dossier_clear(out);
    return e;
}

void dossier_note(uint8_t *bytes, struct dossier_statement *s, enum dossier_verdict verdict,
                  const struct fingerprint *about)
{
    size_t n = about->len < DOSSIER_ID ? about->len : DOSSIER_ID;
    uint8_t *at = bytes + s->place;
    at[0] = (uint8_t)verdict;
    memset(at + 2, 0, DOSSIER_ID);
    memcpy(at + 2, about->bytes, n);
    s->verdict = verdict;
}

bool dossier_is_about(const struct dossier_statement *s, const struct fingerprint *f)
{
    size_t n = f->len < DOSSIER_ID ? f->len : DOSSIER_ID;
    return memcmp(s->about, f->bytes, n) == 0;
}
