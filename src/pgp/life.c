#include "pgp/life.h"

#include <stdlib.h>

#include "base/mem.h"
#include "pgp/revocation.h"

void life_clear(struct life *l)
{
    vec_free(&l->states);
}

void life_list_clear(struct life_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        life_clear(&l->items[i]);
    free(l->items);
    *l = (struct life_list){0};
}

/* What the owner says. */

/* Only what the owner signs changes his certificate, or a revoker of his.  A hint that is not
 * signed is believed: whoever has put a wrong one there could as well have left the signature
 * out, and many certificates have thousands by others whose issuer is no more than a hint. */
static bool may_change(const struct cert *c, const struct sig *s)
{
    return key_handle_is_empty(&s->issuer) || pubkey_matches(cert_primary(c), &s->issuer) ||
           s->type == SIG_KEY_REVOCATION;
}

static err *keep_own(const struct cert *c, struct component *x)
{
    const struct component all = *x;
    x->sigs.items = NULL;
    x->sigs.n = x->sigs.capacity = 0;
    for (size_t i = 0; i < all.sigs.n; i++) {
        const struct cert_sig *s = &all.sigs.items[i];
        if (s->parsed && may_change(c, &s->sig))
            TRY(VEC_PUSH(&x->sigs, *s));
    }
    return NULL;
}

/* The certificate without what others say, in arrays of its own; all else is borrowed. */
static err *own_part(const struct cert *c, struct cert *out)
{
    out->revokers = c->revokers;
    out->cache = c->cache;
    for (size_t i = 0; i < c->components.n; i++) {
        TRY(VEC_PUSH(&out->components, c->components.items[i]));
        struct component *x = &out->components.items[i];
        TRY(keep_own(c, x));
    }
    return NULL;
}

static void own_part_clear(struct cert *own)
{
    for (size_t i = 0; i < own->components.n; i++)
        vec_free(&own->components.items[i].sigs);
    vec_free(&own->components);
}

/* When something may change. */

struct moments {
    int64_t *items;
    size_t n, capacity;
};

static void moments_clear(struct moments *m)
{
    vec_free(m);
}

static err *add_signature(struct moments *m, const struct sig *s)
{
    int64_t end = sig_expires_at(s);
    TRY(VEC_PUSH(m, (int64_t)s->created_at));
    return end != 0 ? VEC_PUSH(m, end) : NULL;
}

static int by_time(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* In order, each once. */
static err *find_moments(const struct cert *c, struct moments *m)
{
    TRY(VEC_PUSH(m, (int64_t)cert_primary(c)->created_at));
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        for (size_t k = 0; k < x->sigs.n; k++)
            TRY(add_signature(m, &x->sigs.items[k].sig));
    }
    qsort(m->items, m->n, sizeof *m->items, by_time);
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++) {
        if (n == 0 || m->items[n - 1] != m->items[i])
            m->items[n++] = m->items[i];
    }
    m->n = n;
    return NULL;
}

/* States. */

/* Whether it is expired or revoked is told apart from whether it is otherwise good. */
static struct life_state state_of_key(const struct bound_cert *b)
{
    const struct bound *x = &b->items[0];
    struct life_state s = {.from = b->at, .expires_at = x->expires_at};
    bool over = x->revocation != NULL || (x->expires_at != 0 && x->expires_at <= b->at);
    s.ok = x->problem == NULL || (over && policy_accepts_key(b->policy, &x->component->key));
    if (x->revocation != NULL) {
        s.revoked_at = x->revocation->created_at;
        s.hard = revocation_is_hard(x->revocation);
    }
    return s;
}

/* A name that is taken back by its owner is taken back, whatever the reason. */
static struct life_state state_of_user(const struct bound_cert *b, const struct bound *x)
{
    return (struct life_state){.from = b->at,
                               .ok = x->problem == NULL,
                               .revoked_at = x->revocation != NULL ? x->revocation->created_at : 0};
}

static bool is_same(const struct life_state *a, const struct life_state *b)
{
    return a->ok == b->ok && a->hard == b->hard && a->revoked_at == b->revoked_at &&
           a->expires_at == b->expires_at;
}

static err *add_state(struct life *l, const struct life_state *s)
{
    if (l->states.n > 0 && is_same(&l->states.items[l->states.n - 1], s))
        return NULL;
    return VEC_PUSH(&l->states, *s);
}

static err *add_moment(const struct cert *c, const struct policy *p, int64_t at,
                       struct life_list *out)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    TRY(bind_cert(c, p, at, &b));
    out->shown = b->user != NULL ? (size_t)(b->user - b->items) : 0;
    for (size_t i = 0; i < b->n; i++) {
        struct life_state s;
        if (i > 0 && b->items[i].component->kind != COMPONENT_USER_ID)
            continue;
        s = i == 0 ? state_of_key(b) : state_of_user(b, &b->items[i]);
        TRY(add_state(&out->items[i], &s));
    }
    return NULL;
}

err *life_of_cert(const struct cert *c, const struct policy *p, struct life_list *out)
{
    CLEANUP(own_part_clear) struct cert own = {0};
    CLEANUP(moments_clear) struct moments m = {0};
    CLEANUP(life_list_clear) struct life_list made = {0};
    TRY(MEM_ARRAY(made.items, c->components.n));
    made.n = c->components.n;
    TRY(own_part(c, &own));
    TRY(find_moments(&own, &m));
    for (size_t i = m.n > LIFE_STATES_MAX ? m.n - LIFE_STATES_MAX : 0; i < m.n; i++)
        TRY(add_moment(&own, p, m.items[i], &made));
    *out = made;
    made = (struct life_list){0};
    return NULL;
}

const struct life_state *life_at(const struct life_state *states, size_t n, int64_t at)
{
    const struct life_state *found = NULL;
    for (size_t i = 0; i < n && states[i].from <= at; i++)
        found = &states[i];
    return found;
}

bool life_is_valid(const struct life_state *s, int64_t at)
{
    if (s == NULL || !s->ok || s->hard)
        return false;
    if (s->revoked_at != 0 && s->revoked_at <= at)
        return false;
    return s->expires_at == 0 || at < s->expires_at;
}
