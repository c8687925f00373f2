#include "pgp/revoker.h"

/* Class, algorithm, fingerprint [RFC9580 5.2.3.23]. */
enum { CLASS_REVOKER = 0x80, REVOCATION_KEY_LEN = 2 + FPR_V4_LEN };

static bool read_revoker(struct slice body, struct fingerprint *out)
{
    return body.len == REVOCATION_KEY_LEN && (body.data[0] & CLASS_REVOKER) != 0 &&
           fingerprint_from(4, slice_from(body, 2), out);
}

static err *add_named(const struct sig *s, struct revoker_list *out)
{
    struct subpacket p;
    struct fingerprint f;
    size_t cursor = 0;
    while (sig_next(s, SUB_REVOCATION_KEY, &cursor, &p)) {
        if (read_revoker(p.body, &f))
            TRY(VEC_PUSH(out, f));
    }
    return NULL;
}

/* Each such signature is verified once: a flood of forged ones must not cost more. */
err *revoker_list_of(const struct cert *c, struct revoker_list *out)
{
    const struct component *primary = &c->components.items[0];
    struct target t = cert_target(c, primary);
    if (primary->key.version != 4)
        return NULL;
    for (size_t i = 0; i < primary->sigs.n; i++) {
        const struct cert_sig *s = &primary->sigs.items[i];
        struct subpacket p;
        bool good = false;
        if (s->parsed && s->sig.type == SIG_DIRECT_KEY && sig_find(&s->sig, SUB_REVOCATION_KEY, &p))
            TRY(target_verify(&t, &s->sig, &primary->key, &good));
        if (good)
            TRY(add_named(&s->sig, out));
    }
    return NULL;
}

void revoker_list_clear(struct revoker_list *l)
{
    vec_free(l);
}

/* Whom the handle means; NULL if nobody of the list. */
static const struct fingerprint *find_named(const struct revoker_list *l,
                                            const struct key_handle *h)
{
    for (size_t i = 0; i < l->n; i++) {
        struct key_id id = fingerprint_key_id(&l->items[i]);
        if (key_handle_matches(h, &l->items[i], &id))
            return &l->items[i];
    }
    return NULL;
}

static const struct cert *find_attached(const struct cert *c, const struct fingerprint *f)
{
    for (size_t i = 0; i < c->revokers.n; i++) {
        if (fingerprint_equal(cert_fingerprint(c->revokers.items[i]), f))
            return c->revokers.items[i];
    }
    return NULL;
}

err *revoker_verify(const struct revoker_list *l, const struct cert *c, const struct component *on,
                    const struct sig *s, bool *good, const struct fingerprint **missing)
{
    struct target t = cert_target(c, on);
    const struct fingerprint *named = find_named(l, &s->issuer);
    const struct cert *by = named != NULL ? find_attached(c, named) : NULL;
    *good = false;
    *missing = by == NULL ? named : NULL;
    return by == NULL ? NULL : target_verify(&t, s, cert_primary(by), good);
}

/* Attaching. */

/* Without revokers of its own: keys that name one another would have no end. */
static err *bare_copy(const struct cert *c, struct cert **out)
{
    return cert_parse(buf_view(&c->bytes), out);
}

static err *attach(struct cert *c, const struct cert *revoker)
{
    AUTO(cert_free) struct cert *copy = NULL;
    TRY(bare_copy(revoker, &copy));
    TRY(VEC_PUSH(&c->revokers, copy));
    copy = NULL;
    return NULL;
}

static err *attach_named(struct cert *c, const struct fingerprint *f, const struct key_finder *from)
{
    CLEANUP(cert_list_clear) struct cert_list found = {0};
    struct key_handle h = key_handle_of(f);
    TRY(from->certs(from->context, &h, &found));
    for (size_t i = 0; i < found.n; i++) {
        if (fingerprint_equal(cert_fingerprint(found.items[i]), f))
            return attach(c, found.items[i]);
    }
    return NULL;
}

static err *attach_maker(struct cert *c, const struct sig *s, const struct revoker_list *l,
                         const struct key_finder *from)
{
    const struct fingerprint *named = find_named(l, &s->issuer);
    if (!sig_is_revocation(s->type) || named == NULL || find_attached(c, named) != NULL)
        return NULL;
    return attach_named(c, named, from);
}

err *revoker_attach(struct cert *c, const struct key_finder *f)
{
    CLEANUP(revoker_list_clear) struct revoker_list l = {0};
    TRY(revoker_list_of(c, &l));
    for (size_t i = 0; i < c->components.n && l.n > 0; i++) {
        const struct component *x = &c->components.items[i];
        for (size_t k = 0; k < x->sigs.n; k++) {
            if (x->sigs.items[k].parsed)
                TRY(attach_maker(c, &x->sigs.items[k].sig, &l, f));
        }
    }
    return NULL;
}

static err *find_in_list(void *context, const struct key_handle *h, struct cert_list *out)
{
    const struct cert_list *l = context;
    for (size_t i = 0; i < l->n; i++) {
        AUTO(cert_free) struct cert *copy = NULL;
        if (!pubkey_matches(cert_primary(l->items[i]), h))
            continue;
        TRY(bare_copy(l->items[i], &copy));
        TRY(VEC_PUSH(out, copy));
        copy = NULL;
    }
    return NULL;
}

err *revoker_attach_among(struct cert_list *l)
{
    const struct key_finder f = {.context = l, .certs = find_in_list};
    for (size_t i = 0; i < l->n; i++)
        TRY(revoker_attach(l->items[i], &f));
    return NULL;
}
