#include "pgp/minimal.h"

/* Local signatures are not for others [RFC9580 5.2.3.19]. */
static bool is_public(const struct sig *s)
{
    return s != NULL && !s->local;
}

static void write_sig(const struct sig *s, struct buf *packets)
{
    if (is_public(s))
        packet_write(packets, PACKET_SIGNATURE, s->body);
}

/* Without it, the revocation by a designated revoker would be a stranger's. */
static err *names_revoker(const struct bound_cert *b, const struct cert_sig *s, bool *out)
{
    const struct component *primary = b->items[0].component;
    const struct target t = cert_target(b->cert, primary);
    struct subpacket revoker;
    *out = false;
    if (!s->parsed || s->sig.type != SIG_DIRECT_KEY || &s->sig == b->direct ||
        !sig_find(&s->sig, SUB_REVOCATION_KEY, &revoker))
        return NULL;
    return target_verify(&t, &s->sig, &primary->key, out);
}

static err *write_primary(const struct bound_cert *b, struct buf *packets)
{
    const struct component *primary = b->items[0].component;
    packet_write(packets, PACKET_PUBLIC_KEY, primary->key.body);
    write_sig(b->items[0].revocation, packets);
    write_sig(b->direct, packets);
    for (size_t i = 0; i < primary->sigs.n; i++) {
        bool wanted;
        TRY(names_revoker(b, &primary->sigs.items[i], &wanted));
        if (wanted)
            write_sig(&primary->sigs.items[i].sig, packets);
    }
    return NULL;
}

static bool is_wanted(const struct bound_cert *b, const struct bound *x)
{
    if (!is_public(x->binding))
        return false;
    switch (x->component->kind) {
    case COMPONENT_USER_ID:
        return x->problem == NULL || x == b->user;
    case COMPONENT_SUBKEY:
        return x->problem == NULL || x->revocation != NULL;
    default:
        return false;
    }
}

static void write_component(const struct bound *x, struct buf *packets)
{
    if (x->component->kind == COMPONENT_SUBKEY)
        packet_write(packets, PACKET_PUBLIC_SUBKEY, x->component->key.body);
    else
        packet_write(packets, PACKET_USER_ID, x->component->packet.body);
    write_sig(x->revocation, packets);
    write_sig(x->binding, packets);
}

/* Without what its owner has signed badly it would look like a bare one, which is valid. */
static bool is_badly_signed(const struct bound_cert *b)
{
    const struct bound *x = &b->items[0];
    bool expired = x->expires_at != 0 && x->expires_at <= b->at;
    return x->problem != NULL && x->revocation == NULL && !expired;
}

err *minimal_write(const struct bound_cert *b, struct buf *packets)
{
    if (is_badly_signed(b)) {
        cert_write(b->cert, CERT_PUBLIC, packets);
        return buf_end(packets);
    }
    TRY(write_primary(b, packets));
    for (size_t i = 1; i < b->n; i++) {
        if (is_wanted(b, &b->items[i]))
            write_component(&b->items[i], packets);
    }
    return buf_end(packets);
}
