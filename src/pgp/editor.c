#include "pgp/editor.h"

#include "pgp/edit.h"
#include "pgp/selfsig.h"

enum { WAIT_MAX = 2 }; /* seconds */

/* Has the owner signed something at that moment? */
static bool has_signed_at(const struct cert *c, int64_t at)
{
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        for (size_t k = 0; k < x->sigs.n; k++) {
            const struct cert_sig *s = &x->sigs.items[k];
            if (s->parsed && s->sig.created_at == at && selfsig_is_by_primary(c, &s->sig))
                return true;
        }
    }
    return false;
}

/* Somebody else's signatures may claim to be ours, and many moments. */
static int64_t free_moment(const struct cert *c, int64_t now)
{
    int64_t at = now;
    while (at < now + WAIT_MAX && has_signed_at(c, at))
        at++;
    return at;
}

err *editor_open(const struct cert *c, const struct signer_params *p, struct editor *out)
{
    int64_t at = free_moment(c, world_now(p->world));
    TRY(owner_open(c, p, at, &out->owner));
    return world_wait(p->world, at);
}

void editor_clear(struct editor *e)
{
    owner_clear(&e->owner);
    cert_free(e->latest);
    e->latest = NULL;
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

err *editor_finish(struct editor *e, struct cert **out)
{
    if (e->latest == NULL)
        return cert_copy(e->owner.cert, out);
    *out = TAKE(e->latest);
    return NULL;
}
