#include "pgp/editor.h"

#include "pgp/changes.h"
#include "pgp/edit.h"
#include "pgp/selfsig.h"

enum {
    AHEAD_MAX = 60
}; /* seconds; what claims to be made later is not ours, or the clock is wrong */

int64_t editor_moment(const struct cert *c, int64_t now)
{
    int64_t at = now;
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        for (size_t k = 0; k < x->sigs.n; k++) {
            const struct cert_sig *s = &x->sigs.items[k];
            if (s->parsed && s->sig.created_at > at && s->sig.created_at <= now + AHEAD_MAX &&
                selfsig_is_by_primary(c, &s->sig))
                at = s->sig.created_at;
        }
    }
    return at;
}

static void editor_clear(struct editor *e)
{
    owner_clear(&e->owner);
    cert_free(e->latest);
    e->latest = NULL;
}

static bool is_signed_at(const struct cert *c, const struct component *x, int64_t at)
{
    for (size_t i = 0; i < x->sigs.n; i++) {
        const struct cert_sig *s = &x->sigs.items[i];
        if (s->parsed && s->sig.created_at == at && selfsig_is_by_primary(c, &s->sig))
            return true;
    }
    return false;
}

static bool is_new_binding(const struct owner *o, const struct component *on, size_t i)
{
    const struct cert_sig *s = &on->sigs.items[i];
    return s->parsed && !sig_is_revocation(s->sig.type) && s->sig.created_at == o->now &&
           selfsig_is_by_primary(o->cert, &s->sig);
}

/* Of what one component was signed with by several edits only the last stays. */
static bool is_outdated(const void *context, const struct component *on, size_t i)
{
    if (!is_new_binding(context, on, i))
        return false;
    for (size_t k = i + 1; k < on->sigs.n; k++) {
        if (is_new_binding(context, on, k))
            return true;
    }
    return false;
}

err *editor_apply(struct editor *e)
{
    struct owner *o = &e->owner;
    AUTO(cert_free) struct cert *all = NULL, *next = NULL;
    TRY(buf_end(&o->packets));
    TRY(edit_add(o->cert, buf_view(&o->packets), &all));
    TRY(edit_without(all, is_outdated, o, &next));
    TRY(owner_read(o, next));
    buf_reset(&o->packets);
    cert_free(e->latest);
    e->latest = TAKE(next);
    return NULL;
}

static bool is_subkey_made_at(const struct component *x, int64_t at)
{
    return x->kind == COMPONENT_SUBKEY && x->key.created_at == at;
}

/* Has something been signed, or a subkey been made, at a moment at which that was done
 * before? */
static bool collides(const struct cert *before, const struct editor *e)
{
    const struct bound_cert *b = e->owner.seen;
    bool made = b->n > before->components.n &&
                is_subkey_made_at(b->items[b->n - 1].component, e->owner.now);
    for (size_t i = 0; i < before->components.n; i++) {
        const struct component *x = &before->components.items[i];
        const struct bound was = {.component = x};
        const struct bound *is = changes_find(b, x);
        if (made && is_subkey_made_at(x, e->owner.now))
            return true;
        if (is != NULL && is_signed_at(b->cert, x, e->owner.now) &&
            changes_count(&was, is->component) > 0)
            return true;
    }
    return false;
}

/* *again where the moment was too early. */
static err *run(const struct cert *c, const struct signer_params *p, int64_t at,
                editor_edits *edits, void *context, struct cert **out, bool *again)
{
    CLEANUP(editor_clear) struct editor e = {0};
    *again = false;
    TRY(owner_open(c, p, at, &e.owner));
    TRY(edits(context, &e));
    *again = collides(c, &e);
    if (*again)
        return NULL;
    if (e.latest == NULL)
        return cert_copy(c, out);
    *out = TAKE(e.latest);
    return NULL;
}

err *editor_run(const struct cert *c, const struct signer_params *p, editor_edits *edits,
                void *context, struct cert **out)
{
    int64_t now = world_now(p->world), at = editor_moment(c, now);
    bool again;
    TRY(run(c, p, at, edits, context, out, &again));
    if (!again)
        return NULL;
    if (at >= now + AHEAD_MAX)
        return err_hint(err_new(ERR_BUSY, "the key has been edited too often within a minute"),
                        "try again later, or make the edits at once: bulla key edit");
    return run(c, p, at + 1, edits, context, out, &again);
}
