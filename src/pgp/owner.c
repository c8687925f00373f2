#include "pgp/owner.h"

#include "pgp/keygen.h"
#include "pgp/unlock.h"

enum { BODY_MAX = 1 << 17 };

/* The primary key. */

bool owner_knows(const struct pubkey *key)
{
    return pk_find(key->algo) != NULL && pk_bits(key->algo, key->material) != 0;
}

static err *bad_primary(err *e)
{
    return err_hint(err_wrap(err_as(e, ERR_BAD_PRIMARY), "the primary key"),
                    "make a new key, and revoke this one if it is not yet");
}

static err *check_primary(const struct owner *o)
{
    const struct bound *x = &o->seen->items[0];
    const struct pubkey *key = &x->component->key;
    if (x->revocation != NULL)
        return bad_primary(err_new(ERR_BAD_PRIMARY, "it is revoked"));
    if (key->version != 4 && key->version != 6)
        return bad_primary(
            err_new(ERR_BAD_PRIMARY, "version %u is not written any more", key->version));
    if (key->created_at > o->now)
        return bad_primary(err_new(ERR_BAD_PRIMARY, "it was created in the future"));
    err *e = policy_check_key(o->params.policy, key);
    if (e != NULL)
        return owner_knows(key) ? bad_primary(e) : err_as(e, ERR_UNSUPPORTED);
    if (!pk_can_sign(key->algo))
        return bad_primary(
            err_new(ERR_BAD_PRIMARY, "%s signatures are not made any more", pk_name(key->algo)));
    return NULL;
}

static err *unlock_primary(struct owner *o, const struct cert *c)
{
    const struct signer_params *p = &o->params;
    o->primary = (struct signer){.cert = c, .key = cert_primary(c)};
    err *e = unlock_key_with(c, &c->components.items[0], p->finder, p->limits, &o->primary.secret,
                             &o->passphrase);
    return err_kind_of(e) == ERR_NOT_FOUND ? bad_primary(e) : e;
}

err *owner_read(struct owner *o, const struct cert *c)
{
    struct bound_cert *seen = NULL;
    TRY(bind_cert(c, &o->policy, o->now, &seen));
    bound_cert_free(o->seen);
    o->seen = seen;
    o->cert = c;
    return NULL;
}

err *owner_open(const struct cert *c, const struct signer_params *p, int64_t now, struct owner *out)
{
    out->params = *p;
    out->policy = *p->policy;
    out->policy.sha1_certs_until = INT64_MAX;
    out->now = now;
    out->packets = BUF_EMPTY(CERT_MAX);
    TRY(owner_read(out, c));
    TRY(check_primary(out));
    return unlock_primary(out, c);
}

void owner_clear(struct owner *o)
{
    bound_cert_free(o->seen);
    signer_clear(&o->primary);
    secret_free(o->passphrase);
    buf_clear(&o->packets);
    *o = (struct owner){0};
}

bool owner_speaks_for_key(const struct owner *o, const struct sig *s)
{
    if (cert_primary(o->cert)->version == 6)
        return s == o->seen->direct;
    return s->has_key_flags || s->has_features || s == o->seen->user_sig;
}

/* Signatures. */

static bool is_in(const uint8_t *list, uint8_t type)
{
    while (*list != 0 && *list != type)
        list++;
    return *list != 0;
}

void owner_copy(const struct sig *s, const uint8_t *except, struct buf *subpackets)
{
    static const uint8_t always[] = {SUB_CREATED, SUB_ISSUER, SUB_ISSUER_FPR, SUB_EMBEDDED, 0};
    struct reader r = reader_init(s->hashed, "hashed subpackets");
    while (reader_left(&r) > 0 && !reader_failed(&r)) {
        struct subpacket p = subpacket_next(&r);
        if (!reader_failed(&r) && !is_in(always, p.type) && !is_in(except, p.type))
            subpacket_write(subpackets, p.type, p.critical, p.body);
    }
}

err *owner_sign(struct owner *o, enum sig_type type, const struct component *on,
                const struct buf *subpackets)
{
    TRY(buf_end(subpackets));
    const struct issue i = {.signer = &o->primary,
                            .type = type,
                            .target = cert_target(o->cert, on),
                            .subpackets = buf_view(subpackets),
                            .world = o->params.world,
                            .at = (uint32_t)o->now};
    return issue_packet(&i, &o->packets);
}

err *owner_sign_direct(struct owner *o, uint8_t features, uint32_t expires_after)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(OWNER_SUBPACKETS_MAX);
    const struct bound *x = &o->seen->items[0];
    subpacket_write_u8(&subpackets, SUB_KEY_FLAGS, true, (uint8_t)x->key_flags);
    if (expires_after != 0)
        subpacket_write_u32(&subpackets, SUB_KEY_EXPIRES, true, expires_after);
    keygen_write_preferences(features, &subpackets);
    return owner_sign(o, SIG_DIRECT_KEY, x->component, &subpackets);
}

err *owner_revoke(struct owner *o, const struct component *on, enum revocation_reason reason,
                  const char *words)
{
    const struct issue i = {.signer = &o->primary,
                            .target = cert_target(o->cert, on),
                            .world = o->params.world,
                            .at = (uint32_t)o->now};
    if (on->kind == COMPONENT_SUBKEY)
        packet_write(&o->packets, PACKET_PUBLIC_SUBKEY, on->key.body);
    else if (on->kind != COMPONENT_PRIMARY)
        packet_write(&o->packets, on->packet.type, on->packet.body);
    return issue_revocation(&i, reason, words, &o->packets);
}

/* Subkeys. */

bool owner_owns(const struct bound *x)
{
    bool is_key = x->component->kind == COMPONENT_SUBKEY;
    return is_key && x->binding != NULL && x->revocation == NULL;
}

bool owner_finds_strong(const struct owner *o, const struct pubkey *key)
{
    return policy_accepts_key(o->params.policy, key);
}

bool owner_has_newer(const struct owner *o, const struct bound *subkey)
{
    for (size_t i = 0; i < o->seen->n; i++) {
        const struct bound *y = &o->seen->items[i];
        if (y == subkey || !owner_owns(y) || !owner_finds_strong(o, &y->component->key))
            continue;
        uint32_t made = subkey->component->key.created_at, later = y->component->key.created_at;
        bool newer = later > made || (later == made && y > subkey);
        if (newer && (subkey->key_flags & ~y->key_flags) == 0)
            return true;
    }
    return false;
}

err *owner_confirm(struct owner *o, const struct pubkey *subkey, const struct secret *secret,
                   struct buf *subpackets)
{
    const struct component on = {.kind = COMPONENT_SUBKEY, .key = *subkey};
    CLEANUP(signer_clear) struct signer signer = {.key = subkey};
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(BODY_MAX);
    const struct issue back = {.signer = &signer,
                               .type = SIG_PRIMARY_BINDING,
                               .target = cert_target(o->cert, &on),
                               .world = o->params.world,
                               .at = (uint32_t)o->now};
    TRY(secret_of(secret_view(secret), &signer.secret));
    TRY(issue_body(&back, &body));
    subpacket_write(subpackets, SUB_EMBEDDED, true, buf_view(&body));
    return NULL;
}

static err *confirm_again(struct owner *o, const struct component *subkey, struct buf *subpackets)
{
    AUTO(secret_free) struct secret *secret = NULL;
    TRY(unlock_key(o->cert, subkey, o->params.finder, o->params.limits, &secret));
    return owner_confirm(o, &subkey->key, secret, subpackets);
}

static void copy_confirmations(const struct sig *binding, struct buf *subpackets)
{
    struct subpacket embedded;
    size_t cursor = 0;
    while (sig_next_embedded(binding, &cursor, &embedded))
        subpacket_write(subpackets, SUB_EMBEDDED, embedded.critical, embedded.body);
}

static bool signs(const struct bound *x)
{
    return x->binding->has_key_flags && (x->binding->key_flags & FLAG_SIGN) != 0;
}

err *owner_bind_again(struct owner *o, const struct bound *subkey, struct buf *subpackets)
{
    const struct component *on = subkey->component;
    if (signs(subkey) && unlock_is_here(on) && pk_can_sign(on->key.algo))
        TRY(confirm_again(o, on, subpackets));
    else
        copy_confirmations(subkey->binding, subpackets);
    packet_write(&o->packets, PACKET_PUBLIC_SUBKEY, on->key.body);
    return owner_sign(o, SIG_SUBKEY_BINDING, on, subpackets);
}

err *owner_add_subkey(struct owner *o, const struct newkey_kind *kind, uint8_t key_flags,
                      uint32_t expires_after)
{
    CLEANUP(newkey_clear) struct newkey k = {0};
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(OWNER_SUBPACKETS_MAX);
    const struct world *w = o->params.world;
    TRY(newkey_make(kind, (uint32_t)o->now, w, &k));
    TRY(newkey_write(&k, PACKET_SECRET_SUBKEY, o->passphrase, w, &o->packets));
    subpacket_write_u8(&subpackets, SUB_KEY_FLAGS, true, key_flags);
    if (expires_after != 0)
        subpacket_write_u32(&subpackets, SUB_KEY_EXPIRES, true, expires_after);
    if ((key_flags & (FLAG_SIGN | FLAG_AUTHENTICATE)) != 0)
        TRY(owner_confirm(o, &k.public, k.secret, &subpackets));
    const struct component subkey = {.kind = COMPONENT_SUBKEY, .key = k.public};
    return owner_sign(o, SIG_SUBKEY_BINDING, &subkey, &subpackets);
}
