#include "pgp/changes.h"

#include "pgp/selfsig.h"

static bool is_same(const struct component *a, const struct component *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == COMPONENT_PRIMARY || a->kind == COMPONENT_SUBKEY)
        return fingerprint_equal(&a->key.fpr, &b->key.fpr);
    return a->packet.type == b->packet.type && slice_equal(a->packet.body, b->packet.body);
}

const struct bound *changes_find(const struct bound_cert *b, const struct component *x)
{
    for (size_t i = 0; i < b->n; i++) {
        if (is_same(b->items[i].component, x))
            return &b->items[i];
    }
    return NULL;
}

bool changes_is_new(const struct bound *before, const struct sig *s)
{
    for (size_t i = 0; before != NULL && i < before->component->sigs.n; i++) {
        const struct cert_sig *old = &before->component->sigs.items[i];
        if (old->parsed && slice_equal(old->sig.body, s->body))
            return false;
    }
    return true;
}

size_t changes_count(const struct bound *before, const struct component *after)
{
    size_t n = 0;
    for (size_t i = 0; i < after->sigs.n; i++) {
        const struct cert_sig *s = &after->sigs.items[i];
        n += s->parsed && changes_is_new(before, &s->sig);
    }
    return n;
}

static bool is_new_by_owner(const struct cert *c, const struct bound *before,
                            const struct cert_sig *s)
{
    return s->parsed && selfsig_is_by_primary(c, &s->sig) && changes_is_new(before, &s->sig);
}

const struct sig *changes_revocation(const struct cert *c, const struct bound *before,
                                     const struct component *after)
{
    for (size_t i = 0; i < after->sigs.n; i++) {
        const struct cert_sig *s = &after->sigs.items[i];
        if (is_new_by_owner(c, before, s) && sig_is_revocation(s->sig.type))
            return &s->sig;
    }
    return NULL;
}

/* Has the owner signed anything new here? */
static bool is_signed(const struct cert *c, const struct bound *before,
                      const struct component *after)
{
    for (size_t i = 0; i < after->sigs.n; i++) {
        if (is_new_by_owner(c, before, &after->sigs.items[i]))
            return true;
    }
    return false;
}

static bool holds(const struct bound_cert *after, const struct bound *before, const struct bound *x)
{
    bool primary = x->component->kind == COMPONENT_PRIMARY;
    const struct sig *binding = primary ? after->direct : x->binding;
    if (x->revocation != NULL && changes_revocation(after->cert, before, x->component) != NULL)
        return true;
    return binding != NULL && changes_is_new(before, binding);
}

static err *does_not_hold(const struct bound *x, const err *problem)
{
    char reason[512], fpr[FPR_TEXT_SIZE] = "user ID";
    if (x->component->kind == COMPONENT_PRIMARY || x->component->kind == COMPONENT_SUBKEY)
        fingerprint_text(&x->component->key.fpr, fpr);
    if (problem == NULL)
        problem = x->note;
    err_text(problem, reason, sizeof reason);
    return err_new(ERR_POLICY, "%s would not be valid afterwards%s%s", fpr,
                   reason[0] != '\0' ? ": " : "", reason);
}

err *changes_check(const struct bound_cert *before, const struct bound_cert *after)
{
    for (size_t i = 0; i < after->n; i++) {
        const struct bound *x = &after->items[i], *y = changes_find(before, x->component);
        if (is_signed(after->cert, y, x->component) && !holds(after, y, x))
            return does_not_hold(x, x->problem);
    }
    bool breaks = bound_problem(before) == NULL && bound_problem(after) != NULL &&
                  after->items[0].revocation == NULL;
    return breaks ? does_not_hold(&after->items[0], bound_problem(after)) : NULL;
}
