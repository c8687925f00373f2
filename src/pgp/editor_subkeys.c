/* editor.h: subkeys. */
#include "pgp/editor.h"
#include "pgp/revocation.h"

static err *about(err *e, const struct bound *x)
{
    char fpr[FPR_TEXT_SIZE];
    fingerprint_text(&x->component->key.fpr, fpr);
    return err_wrap(e, "subkey %s", fpr);
}

err *editor_find_subkey(const struct editor *e, const struct key_handle *h,
                        const struct bound **out)
{
    char name[FPR_TEXT_SIZE];
    const struct bound_cert *b = e->owner.seen;
    key_handle_text(h, name);
    for (size_t i = 0; i < b->n; i++) {
        const struct bound *x = &b->items[i];
        if (x->component->kind != COMPONENT_SUBKEY || !pubkey_matches(&x->component->key, h))
            continue;
        *out = x;
        return NULL;
    }
    if (pubkey_matches(cert_primary(b->cert), h))
        return err_new(ERR_USAGE, "%s is the primary key, no subkey", name);
    return err_hint(err_new(ERR_NOT_FOUND, "there is no subkey %s", name),
                    "bulla key show lists them");
}

/* What kind. */

static err *choose_profile(const struct editor *e, const struct editor_subkey *s,
                           const struct keygen_profile **out)
{
    const struct pubkey *primary = e->owner.primary.key;
    *out = s->profile != NULL ? s->profile : keygen_profile_like(primary);
    if ((*out)->version == primary->version)
        return NULL;
    return err_hint(err_new(ERR_PROFILE, "profile %s is for keys of version %u, not %u",
                            (*out)->name, (*out)->version, primary->version),
                    "a key and its subkeys have the same version");
}

static struct newkey_kind kind_of(const struct keygen_profile *p, uint8_t key_flags)
{
    if ((key_flags & FLAG_ENCRYPT) != 0)
        return keygen_subkey_kind(p);
    return (struct newkey_kind){p->version, p->primary_algo, p->primary_variant};
}

/* With the key, unless something else is wanted or the key is past its end. */
static int64_t end_of(const struct editor *e, const struct editor_subkey *s)
{
    int64_t key_ends_at = e->owner.seen->items[0].expires_at;
    if (s->has_end)
        return s->ends_at;
    return key_ends_at > e->owner.now ? key_ends_at : 0;
}

static err *write_subkey(struct editor *e, const struct editor_subkey *s)
{
    const struct keygen_profile *profile = NULL;
    const struct pubkey born = {.created_at = (uint32_t)e->owner.now};
    uint32_t expires_after;
    TRY(choose_profile(e, s, &profile));
    TRY(editor_time_after(&born, end_of(e, s), &expires_after));
    const struct newkey_kind kind = kind_of(profile, s->key_flags);
    return owner_add_subkey(&e->owner, &kind, s->key_flags, expires_after);
}

err *editor_add_subkey(struct editor *e, const struct editor_subkey *s)
{
    TRY(write_subkey(e, s));
    return editor_apply(e);
}

/* In another one's place. */

static bool is_replaced(const struct bound *x, const struct editor_subkey *by)
{
    return owner_owns(x) && (x->key_flags & by->key_flags) != 0 &&
           (x->key_flags & ~(uint32_t)by->key_flags) == 0;
}

/* A second ago, since some programs take a key to be valid in its last second; but later than
 * it was made. */
static int64_t soonest_end(const struct editor *e, const struct bound *x)
{
    int64_t made = x->component->key.created_at;
    return made < e->owner.now - 1 ? e->owner.now - 1 : made + 1;
}

static bool ends_later(const struct bound *x, int64_t at)
{
    return x->expires_at == 0 || x->expires_at > at;
}

err *editor_rotate_subkey(struct editor *e, const struct editor_subkey *s, int64_t retire_at)
{
    const struct bound_cert *b = e->owner.seen;
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++) {
        const struct bound *x = &b->items[i];
        if (!is_replaced(x, s))
            continue;
        int64_t end = retire_at == 0 ? soonest_end(e, x) : retire_at;
        n++;
        if (retire_at != EDITOR_KEEP && ends_later(x, end))
            TRY(editor_end_subkey(e, x, end));
    }
    if (n == 0)
        return err_hint(
            err_new(ERR_NOT_FOUND, "there is no subkey whose place a new one could take"),
            "bulla key add-subkey adds one");
    TRY(write_subkey(e, s));
    return editor_apply(e);
}

/* Revoking. */

err *editor_revoke_subkey(struct editor *e, const struct key_handle *subkey,
                          enum revocation_reason reason, const char *words)
{
    const struct bound *x = NULL;
    TRY(editor_find_subkey(e, subkey, &x));
    bool worse = x->revocation != NULL && revocation_reason_is_hard((uint8_t)reason) &&
                 !revocation_is_hard(x->revocation);
    if (x->revocation != NULL && !worse)
        return about(err_new(ERR_EXISTS, "it is revoked already"), x);
    TRY(owner_revoke(&e->owner, x->component, reason, words));
    return editor_apply(e);
}
