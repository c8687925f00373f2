#include "pgp/cert.h"

#include "base/mem.h"

void cert_free(struct cert *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->components.n; i++)
        vec_free(&c->components.items[i].sigs);
    vec_free(&c->components);
    for (size_t i = 0; i < c->revokers.n; i++)
        cert_free(c->revokers.items[i]);
    vec_free(&c->revokers);
    buf_clear(&c->bytes);
    sigcache_release(c->cache);
    free(c);
}

const struct pubkey *cert_primary(const struct cert *c)
{
    return &c->components.items[0].key;
}

const struct fingerprint *cert_fingerprint(const struct cert *c)
{
    return &cert_primary(c)->fpr;
}

bool cert_has_secret(const struct cert *c)
{
    for (size_t i = 0; i < c->components.n; i++) {
        if (c->components.items[i].has_secret)
            return true;
    }
    return false;
}

bool cert_has_key(const struct cert *c, const struct key_handle *h)
{
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        bool is_key = x->kind == COMPONENT_PRIMARY || x->kind == COMPONENT_SUBKEY;
        if (is_key && pubkey_matches(&x->key, h))
            return true;
    }
    return false;
}

struct target cert_target(const struct cert *c, const struct component *on)
{
    struct target t = {.primary = cert_primary(c)->body, .cache = c->cache};
    if (on->kind == COMPONENT_SUBKEY)
        t.subkey = on->key.body;
    t.has_user = on->kind == COMPONENT_USER_ID || on->kind == COMPONENT_USER_ATTRIBUTE;
    t.is_attribute = on->kind == COMPONENT_USER_ATTRIBUTE;
    if (t.has_user)
        t.user = on->packet.body;
    return t;
}

struct slice cert_any_user_id(const struct cert *c)
{
    for (size_t i = 0; i < c->components.n; i++) {
        if (c->components.items[i].kind == COMPONENT_USER_ID)
            return c->components.items[i].packet.body;
    }
    return SLICE_EMPTY;
}

/* Parsing. */

static err *parse_key(const struct packet *p, struct component *out)
{
    struct reader r = reader_init(p->body, packet_name(p->type));
    if (packet_is_secret(p->type)) {
        out->has_secret = true;
        TRY(seckey_parse(&r, p->type, &out->secret));
        out->key = out->secret.public;
        return NULL;
    }
    TRY(pubkey_parse(&r, &out->key));
    return reader_end(&r);
}

static err *start_primary(struct cert *c, const struct packet *p)
{
    struct component primary = {.kind = COMPONENT_PRIMARY, .packet = *p};
    if (!packet_is_primary_key(p->type))
        return err_new(ERR_MALFORMED, "a certificate starts with a key, not with a %s packet",
                       packet_name(p->type));
    TRY(parse_key(p, &primary));
    return VEC_PUSH(&c->components, primary);
}

/* A subkey that is not understood stays as it is.  One of another version than
 * the primary key cannot belong to it [RFC9580 10.1.1, 10.1.3]. */
static err *start_subkey(struct cert *c, const struct packet *p)
{
    struct component subkey = {.kind = COMPONENT_SUBKEY, .packet = *p};
    err *e = parse_key(p, &subkey);
    if (err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    bool usable = e == NULL && subkey.key.version == cert_primary(c)->version;
    err_free(e);
    if (!usable)
        subkey = (struct component){.kind = COMPONENT_UNKNOWN, .packet = *p};
    return VEC_PUSH(&c->components, subkey);
}

static err *add_sig(struct cert *c, const struct packet *p)
{
    struct component *last = &c->components.items[c->components.n - 1];
    struct cert_sig s = {.packet = *p};
    err *e = sig_parse(p->body, &s.sig);
    if (err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    s.parsed = e == NULL;
    err_free(e);
    return VEC_PUSH(&last->sigs, s);
}

static err *add_component(struct cert *c, const struct packet *p, enum component_kind kind)
{
    struct component plain = {.kind = kind, .packet = *p};
    return VEC_PUSH(&c->components, plain);
}

static err *add_packet(struct cert *c, const struct packet *p)
{
    switch (p->type) {
    case PACKET_SIGNATURE:
        return add_sig(c, p);
    case PACKET_USER_ID:
        return add_component(c, p, COMPONENT_USER_ID);
    case PACKET_USER_ATTRIBUTE:
        return add_component(c, p, COMPONENT_USER_ATTRIBUTE);
    case PACKET_PUBLIC_SUBKEY:
    case PACKET_SECRET_SUBKEY:
        return start_subkey(c, p);
    case PACKET_MARKER:
    case PACKET_PADDING:
    case PACKET_TRUST:
        return NULL; /* not part of the certificate [RFC9580 5.8, 5.10, 5.14] */
    default:
        break;
    }
    if (packet_is_critical(p->type))
        return err_new(ERR_MALFORMED, "a %s packet (type %u) inside a certificate",
                       packet_name(p->type), p->type);
    return add_component(c, p, COMPONENT_UNKNOWN);
}

static err *parse_packets(struct cert *c)
{
    struct reader r = reader_init(buf_view(&c->bytes), "certificate");
    struct packet p;
    do {
        if (reader_left(&r) == 0)
            return err_new(ERR_MALFORMED, "no key found");
        TRY(packet_next(&r, &p));
    } while (p.type == PACKET_MARKER || p.type == PACKET_PADDING);
    TRY(start_primary(c, &p));
    while (reader_left(&r) > 0) {
        TRY(packet_next(&r, &p));
        TRY(add_packet(c, &p));
    }
    return NULL;
}

err *cert_parse(struct slice bytes, struct cert **out)
{
    AUTO(cert_free) struct cert *c = NULL;
    TRY(MEM_NEW(c));
    c->bytes = BUF_EMPTY(CERT_MAX);
    buf_bytes(&c->bytes, bytes);
    TRY(buf_end(&c->bytes));
    TRY(parse_packets(c));
    *out = TAKE(c);
    return NULL;
}

err *cert_copy(const struct cert *c, struct cert **out)
{
    AUTO(cert_free) struct cert *copy = NULL;
    TRY(cert_parse(buf_view(&c->bytes), &copy));
    copy->cache = sigcache_hold(c->cache);
    for (size_t i = 0; i < c->revokers.n; i++) {
        AUTO(cert_free) struct cert *revoker = NULL;
        TRY(cert_copy(c->revokers.items[i], &revoker));
        TRY(VEC_PUSH(&copy->revokers, revoker));
        revoker = NULL;
    }
    *out = TAKE(copy);
    return NULL;
}

/* Writing. */

static void write_component(const struct component *x, unsigned flags, struct buf *b)
{
    bool is_key = x->kind == COMPONENT_PRIMARY || x->kind == COMPONENT_SUBKEY;
    bool secret = packet_is_secret(x->packet.type);
    if (!secret || (flags & CERT_SECRET) != 0)
        packet_write(b, x->packet.type, x->packet.body);
    else if (is_key)
        packet_write(b, x->kind == COMPONENT_PRIMARY ? PACKET_PUBLIC_KEY : PACKET_PUBLIC_SUBKEY,
                     x->key.body);
}

void cert_write(const struct cert *c, unsigned flags, struct buf *b)
{
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        /* The public part of a secret subkey that is not understood is unknown. */
        if (x->kind == COMPONENT_UNKNOWN && packet_is_secret(x->packet.type) &&
            (flags & CERT_SECRET) == 0)
            continue;
        write_component(x, flags, b);
        for (size_t k = 0; k < x->sigs.n; k++) {
            const struct cert_sig *s = &x->sigs.items[k];
            if (!s->parsed || !s->sig.local || (flags & CERT_LOCAL) != 0)
                packet_write(b, PACKET_SIGNATURE, s->packet.body);
        }
    }
}
