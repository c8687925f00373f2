/* editor.h: user IDs. */
#include "base/mem.h"
#include "base/text.h"
#include "pgp/editor.h"
#include "pgp/keygen.h"

static const struct bound *find_user(const struct editor *e, struct slice id)
{
    const struct bound_cert *b = e->owner.seen;
    for (size_t i = 0; i < b->n; i++) {
        const struct component *x = b->items[i].component;
        if (x->kind == COMPONENT_USER_ID && slice_equal(x->packet.body, id))
            return &b->items[i];
    }
    return NULL;
}

static err *about(err *e, struct slice id)
{
    AUTO(free) char *shown = NULL;
    err *none = text_escape(id, &shown);
    if (none == NULL)
        return err_wrap(e, "%s", shown);
    err_free(e);
    return none;
}

static err *get_user(const struct editor *e, struct slice id, const struct bound **out)
{
    *out = find_user(e, id);
    if (*out != NULL)
        return NULL;
    return err_hint(about(err_new(ERR_NO_USER_ID, "there is no such user ID"), id),
                    "write it as bulla key show shows it");
}

/* Signing. */

/* With these subpackets, and marked as primary or not. */
static err *sign_user(struct editor *e, const struct component *on, enum sig_type type,
                      struct buf *subpackets, bool primary)
{
    if (primary)
        subpacket_write_u8(subpackets, SUB_PRIMARY_USER_ID, false, 1);
    packet_write(&e->owner.packets, on->packet.type, on->packet.body);
    return owner_sign(&e->owner, type, on, subpackets);
}

/* The same signature again, marked as primary or not. */
static err *mark_user(struct editor *e, const struct bound *x, bool primary)
{
    static const uint8_t mark[] = {SUB_PRIMARY_USER_ID, 0};
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(OWNER_SUBPACKETS_MAX);
    owner_copy(x->binding, mark, &subpackets);
    return sign_user(e, x->component, (enum sig_type)x->binding->type, &subpackets, primary);
}

static bool is_user_that_holds(const struct bound *x)
{
    return x->component->kind == COMPONENT_USER_ID && x->problem == NULL;
}

/* The mark goes to one user ID, and away from the others. */
static err *move_mark(struct editor *e, const struct bound *to)
{
    const struct bound_cert *b = e->owner.seen;
    for (size_t i = 0; i < b->n; i++) {
        const struct bound *x = &b->items[i];
        if (x != to && is_user_that_holds(x) && x->binding->primary_uid)
            TRY(mark_user(e, x, false));
    }
    return to == NULL ? NULL : mark_user(e, to, true);
}

err *editor_set_primary_user(struct editor *e, struct slice id)
{
    const struct bound *user = NULL;
    TRY(get_user(e, id, &user));
    if (user->problem != NULL)
        return err_as(about(err_copy(user->problem), id), ERR_NO_USER_ID);
    TRY(move_mark(e, user));
    return editor_apply(e);
}

/* Adding. */

/* What a new user ID of a v4 key says about it [RFC9580 5.2.3.10]: what the primary one
 * does, and when the key ends. */
static err *write_info(const struct editor *e, struct buf *subpackets)
{
    static const uint8_t about_other[] = {SUB_KEY_EXPIRES, SUB_PRIMARY_USER_ID, SUB_EXPIRES,
                                          SUB_EXPORTABLE,  SUB_REVOCABLE,       SUB_NOTATION,
                                          SUB_POLICY_URI,  SUB_SIGNERS_USER_ID, 0};
    const struct bound_cert *b = e->owner.seen;
    const struct sig *like = b->user_sig != NULL ? b->user_sig : b->direct;
    uint32_t expires_after;
    if (cert_primary(b->cert)->version != 4)
        return NULL;
    if (like != NULL)
        owner_copy(like, about_other, subpackets);
    TRY(editor_time_after(e->owner.primary.key, b->items[0].expires_at, &expires_after));
    if (expires_after != 0)
        subpacket_write_u32(subpackets, SUB_KEY_EXPIRES, true, expires_after);
    return NULL;
}

/* Where nobody is marked, the newest is the primary one. */
static err *keep_primary_user(struct editor *e)
{
    const struct bound *user = e->owner.seen->primary_user;
    return user == NULL || user->binding->primary_uid ? NULL : mark_user(e, user, true);
}

err *editor_add_user(struct editor *e, struct slice id, bool primary)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(OWNER_SUBPACKETS_MAX);
    const struct component new = {.kind = COMPONENT_USER_ID,
                                  .packet = {.type = PACKET_USER_ID, .body = id}};
    const struct bound *there = find_user(e, id);
    TRY(keygen_check_user_id(id));
    if (there != NULL && there->problem == NULL)
        return about(err_new(ERR_EXISTS, "the key has this user ID already"), id);
    if (primary)
        TRY(move_mark(e, NULL));
    else
        TRY(keep_primary_user(e));
    bool alone = e->owner.seen->primary_user == NULL;
    TRY(write_info(e, &subpackets));
    TRY(sign_user(e, &new, SIG_CERT_POSITIVE, &subpackets, primary || alone));
    return editor_apply(e);
}

/* Revoking. */

err *editor_revoke_user(struct editor *e, struct slice id, enum revocation_reason reason,
                        const char *words)
{
    const struct bound *user = NULL;
    TRY(get_user(e, id, &user));
    if (user->revocation != NULL)
        return about(err_new(ERR_EXISTS, "it is revoked already"), id);
    TRY(owner_revoke(&e->owner, user->component, reason, words));
    return editor_apply(e);
}
