/* editor.h: when the key and its subkeys end. */
#include "pgp/editor.h"

static const uint8_t ends[] = {SUB_KEY_EXPIRES, SUB_EXPIRES, 0};

err *editor_time_after(const struct pubkey *key, int64_t ends_at, uint32_t *out)
{
    int64_t after = ends_at - (int64_t)key->created_at;
    *out = 0;
    if (ends_at == 0)
        return NULL;
    if (after <= 0)
        return err_new(ERR_USAGE, "it cannot end before it was made");
    if (after > UINT32_MAX)
        return err_new(ERR_USAGE, "that is too far in the future for OpenPGP");
    *out = (uint32_t)after;
    return NULL;
}

/* What a signature says, with another end of the key that it is about. */
static void copy_with_end(const struct sig *s, uint32_t expires_after, struct buf *subpackets)
{
    owner_copy(s, ends, subpackets);
    if (expires_after != 0)
        subpacket_write_u32(subpackets, SUB_KEY_EXPIRES, true, expires_after);
}

/* Subkeys. */

err *editor_end_subkey(struct editor *e, const struct bound *subkey, int64_t ends_at)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(OWNER_SUBPACKETS_MAX);
    uint32_t expires_after;
    TRY(editor_time_after(&subkey->component->key, ends_at, &expires_after));
    copy_with_end(subkey->binding, expires_after, &subpackets);
    return owner_bind_again(&e->owner, subkey, &subpackets);
}

static err *check_owned(const struct bound *x)
{
    char fpr[FPR_TEXT_SIZE];
    if (owner_owns(x))
        return NULL;
    fingerprint_text(&x->component->key.fpr, fpr);
    return err_wrap(err_copy(x->problem), "subkey %s", fpr);
}

/* The primary key. */

static err *sign_user_again(struct editor *e, const struct bound *x, uint32_t expires_after)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(OWNER_SUBPACKETS_MAX);
    const struct component *on = x->component;
    copy_with_end(x->binding, expires_after, &subpackets);
    packet_write(&e->owner.packets, on->packet.type, on->packet.body);
    return owner_sign(&e->owner, (enum sig_type)x->binding->type, on, &subpackets);
}

static bool is_valid_user(const struct bound *x, bool or_attribute)
{
    enum component_kind kind = x->component->kind;
    bool is_user = kind == COMPONENT_USER_ID || (or_attribute && kind == COMPONENT_USER_ATTRIBUTE);
    return is_user && x->problem == NULL;
}

static bool has_valid_user(const struct bound_cert *b)
{
    for (size_t i = 0; i < b->n; i++) {
        if (is_valid_user(&b->items[i], false))
            return true;
    }
    return false;
}

static err *end_users(struct editor *e, uint32_t expires_after)
{
    const struct bound_cert *b = e->owner.seen;
    for (size_t i = 0; i < b->n; i++) {
        if (is_valid_user(&b->items[i], true))
            TRY(sign_user_again(e, &b->items[i], expires_after));
    }
    return NULL;
}

static err *end_direct(struct editor *e, uint32_t expires_after)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(OWNER_SUBPACKETS_MAX);
    const struct bound_cert *b = e->owner.seen;
    if (b->direct == NULL)
        return owner_sign_direct(&e->owner, (uint8_t)(bound_features(b) | FEATURE_SEIPD1),
                                 expires_after);
    copy_with_end(b->direct, expires_after, &subpackets);
    return owner_sign(&e->owner, SIG_DIRECT_KEY, b->items[0].component, &subpackets);
}

static err *write_end(struct editor *e, int64_t ends_at)
{
    const struct pubkey *key = e->owner.primary.key;
    const struct bound_cert *b = e->owner.seen;
    uint32_t expires_after;
    TRY(editor_time_after(key, ends_at, &expires_after));
    if (key->version == 6 || b->direct != NULL || !has_valid_user(b))
        TRY(end_direct(e, expires_after));
    return key->version == 4 ? end_users(e, expires_after) : NULL;
}

/* A revoked user ID goes on saying when a v4 key ends where no other is left, and must not be
 * signed again. */
static err *check_end(const struct editor *e, int64_t ends_at)
{
    if (e->owner.seen->items[0].expires_at == ends_at)
        return NULL;
    return err_hint(err_new(ERR_POLICY, "only a revoked user ID says when the key ends"),
                    "add another one first: bulla key add-uid");
}

err *editor_set_end(struct editor *e, const struct key_handle *subkey, int64_t ends_at)
{
    const struct bound *x = NULL;
    if (subkey == NULL) {
        TRY(write_end(e, ends_at));
        TRY(editor_apply(e));
        return check_end(e, ends_at);
    }
    TRY(editor_find_subkey(e, subkey, &x));
    TRY(check_owned(x));
    TRY(editor_end_subkey(e, x, ends_at));
    return editor_apply(e);
}

/* Later. */

static bool ends_sooner(const struct bound *x, int64_t than)
{
    return x->expires_at != 0 && (than == 0 || x->expires_at < than);
}

err *editor_extend(struct editor *e, bool all, int64_t ends_at)
{
    const struct owner *o = &e->owner;
    bool extends_key = ends_sooner(&o->seen->items[0], ends_at);
    if (extends_key)
        TRY(write_end(e, ends_at));
    for (size_t i = 0; i < o->seen->n; i++) {
        const struct bound *x = &o->seen->items[i];
        bool meant = owner_owns(x) && owner_finds_strong(o, &x->component->key) &&
                     (all || !owner_has_newer(o, x));
        if (meant && ends_sooner(x, ends_at))
            TRY(editor_end_subkey(e, x, ends_at));
    }
    TRY(editor_apply(e));
    return extends_key ? check_end(e, ends_at) : NULL;
}
