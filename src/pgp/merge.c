/* cert_merge: the union of two copies of a certificate.
 *
 * The result keeps the order of the first: primary key, user IDs, subkeys, each
 * followed by its signatures; what only the second has comes behind its kind.  What
 * stands several times in a copy becomes one.
 */
#include "pgp/cert.h"

#include <stdlib.h>

#include "base/mem.h"
#include "crypto/algo.h"

struct merge {
    const struct cert *base; /* the copy whose primary key signatures are checked with */
    struct buf out;
    bool changed; /* b has brought something */
};

/* Signatures of one component, gathered from both copies. */

struct entry {
    const struct cert_sig *sig;
    size_t order;
    bool from_b, dropped;
};

struct entries {
    struct entry *items;
    size_t n, capacity;
};

static void entries_clear(struct entries *l)
{
    vec_free(l);
}

static err *add_sigs(struct entries *l, const struct component *x, bool from_b)
{
    for (size_t i = 0; i < x->sigs.n; i++) {
        const struct entry e = {.sig = &x->sigs.items[i], .order = l->n, .from_b = from_b};
        TRY(VEC_PUSH(l, e));
    }
    return NULL;
}

/* What identifies a signature: all of it but the unhashed area, which anybody can
 * change. */
static int compare_identity(const struct cert_sig *a, const struct cert_sig *b)
{
    if (a->parsed != b->parsed)
        return a->parsed ? 1 : -1;
    if (!a->parsed)
        return slice_compare(a->packet.body, b->packet.body);
    int order = slice_compare(a->sig.fields, b->sig.fields);
    return order != 0 ? order : slice_compare(a->sig.signed_part, b->sig.signed_part);
}

static int by_order(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    return (a->order > b->order) - (a->order < b->order);
}

/* Equal ones stand side by side, the first of them first. */
static int by_identity(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    int order = compare_identity(a->sig, b->sig);
    return order != 0 ? order : by_order(x, y);
}

/* Does the subkey confirm its binding in either area of the signature? */
static err *is_confirmed(const struct target *t, const struct component *on, const struct sig *s,
                         bool *out)
{
    struct subpacket embedded;
    size_t cursor = 0;
    *out = false;
    while (!*out && sig_next_embedded(s, &cursor, &embedded)) {
        struct sig back;
        err *e = sig_parse(embedded.body, &back);
        bool form = e == NULL && back.type == SIG_PRIMARY_BINDING;
        if (err_kind_of(e) == ERR_NO_MEMORY)
            return e;
        err_free(e);
        if (form)
            TRY(target_verify(t, &back, &on->key, out));
    }
    return NULL;
}

/* Of two copies of a signature the first stays, but for one thing: whoever has
 * stripped the subkey's confirmation from the unhashed area must not shut out the
 * sound copy. */
static err *is_better(const struct merge *m, const struct component *on, const struct cert_sig *x,
                      const struct cert_sig *than, bool *out)
{
    struct target t = cert_target(m->base, on);
    bool has, had = true;
    *out = false;
    if (on->kind != COMPONENT_SUBKEY || !x->parsed || slice_equal(x->sig.body, than->sig.body))
        return NULL;
    TRY(is_confirmed(&t, on, &than->sig, &had));
    if (had)
        return NULL;
    TRY(is_confirmed(&t, on, &x->sig, &has));
    *out = has;
    return NULL;
}

static err *drop_copies(const struct merge *m, const struct component *on, struct entries *l)
{
    struct entry *kept = NULL;
    if (l->n == 0)
        return NULL;
    qsort(l->items, l->n, sizeof *l->items, by_identity);
    for (size_t i = 0; i < l->n; i++) {
        struct entry *e = &l->items[i];
        bool better;
        if (kept == NULL || compare_identity(kept->sig, e->sig) != 0) {
            kept = e;
            continue;
        }
        e->dropped = true;
        TRY(is_better(m, on, e->sig, kept->sig, &better));
        if (better) {
            kept->sig = e->sig;
            kept->from_b |= e->from_b;
        }
    }
    qsort(l->items, l->n, sizeof *l->items, by_order);
    return NULL;
}

static void write_sigs(struct merge *m, const struct entries *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct entry *e = &l->items[i];
        if (e->dropped)
            continue;
        packet_write(&m->out, PACKET_SIGNATURE, e->sig->packet.body);
        m->changed |= e->from_b;
    }
}

/* A secret part is worth more than none, and one that is there more than one
 * that is only announced. */
static int secret_worth(const struct component *x)
{
    return !x->has_secret ? 0 : x->secret.state == SECKEY_ABSENT ? 1 : 2;
}

/* Components, gathered from both copies: those that are the same thing stand side by
 * side, the first of them first. */

struct part {
    const struct component *x;
    size_t order;
    bool from_b;
};

struct parts {
    struct part *items;
    size_t n, capacity;
};

static void parts_clear(struct parts *l)
{
    vec_free(l);
}

static err *add_parts(struct parts *l, const struct cert *c, bool from_b)
{
    for (size_t i = 0; i < c->components.n; i++) {
        const struct part p = {.x = &c->components.items[i], .order = l->n, .from_b = from_b};
        TRY(VEC_PUSH(l, p));
    }
    return NULL;
}

/* The same thing, whatever surrounds it. */
static int compare_components(const struct component *a, const struct component *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->kind == COMPONENT_PRIMARY || a->kind == COMPONENT_SUBKEY)
        return slice_compare(fingerprint_view(&a->key.fpr), fingerprint_view(&b->key.fpr));
    if (a->packet.type != b->packet.type)
        return a->packet.type < b->packet.type ? -1 : 1;
    return slice_compare(a->packet.body, b->packet.body);
}

static int by_likeness(const void *x, const void *y)
{
    const struct part *a = x, *b = y;
    int order = compare_components(a->x, b->x);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

/* A run of equal parts. */
struct group {
    const struct part *parts;
    size_t n;
};

struct groups {
    struct group *items;
    size_t n, capacity;
};

static void groups_clear(struct groups *l)
{
    vec_free(l);
}

static int by_place(const void *x, const void *y)
{
    const struct part *a = ((const struct group *)x)->parts, *b = ((const struct group *)y)->parts;
    if (a->x->kind != b->x->kind)
        return a->x->kind < b->x->kind ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

/* Groups of equal parts, in the order in which they are to be written. */
static err *group_parts(struct parts *l, struct groups *out)
{
    qsort(l->items, l->n, sizeof *l->items, by_likeness);
    for (size_t i = 0; i < l->n; i++) {
        struct group *last = out->n > 0 ? &out->items[out->n - 1] : NULL;
        if (last != NULL && compare_components(last->parts->x, l->items[i].x) == 0) {
            last->n++;
            continue;
        }
        const struct group g = {.parts = &l->items[i], .n = 1};
        TRY(VEC_PUSH(out, g));
    }
    qsort(out->items, out->n, sizeof *out->items, by_place);
    return NULL;
}

/* One component with everything that stands on it in both copies. */
static err *write_group(struct merge *m, const struct group *g)
{
    CLEANUP(entries_clear) struct entries sigs = {0};
    const struct component *first = g->parts->x, *packet = first;
    m->changed |= g->parts->from_b;
    for (size_t i = 0; i < g->n; i++) {
        const struct part *p = &g->parts[i];
        if (secret_worth(p->x) > secret_worth(packet)) {
            packet = p->x;
            m->changed |= p->from_b;
        }
        TRY(add_sigs(&sigs, p->x, p->from_b));
    }
    TRY(drop_copies(m, first, &sigs));
    packet_write(&m->out, packet->packet.type, packet->packet.body);
    write_sigs(m, &sigs);
    return NULL;
}

static void merge_clear(struct merge *m)
{
    buf_clear(&m->out);
}

err *cert_merge(const struct cert *a, const struct cert *b, struct cert **out, bool *changed)
{
    CLEANUP(merge_clear) struct merge m = {.base = a, .out = BUF_EMPTY(CERT_MAX)};
    CLEANUP(parts_clear) struct parts parts = {0};
    CLEANUP(groups_clear) struct groups groups = {0};
    if (!fingerprint_equal(cert_fingerprint(a), cert_fingerprint(b)))
        return err_new(ERR_BUG, "merging certificates of different keys");
    TRY(add_parts(&parts, a, false));
    TRY(add_parts(&parts, b, true));
    TRY(group_parts(&parts, &groups));
    for (size_t i = 0; i < groups.n; i++)
        TRY(write_group(&m, &groups.items[i]));
    TRY(buf_end(&m.out));
    TRY(cert_parse(buf_view(&m.out), out));
    *changed = m.changed;
    return NULL;
}
