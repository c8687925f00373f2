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
    const struct cert *a, *b;
    struct buf out;
    bool changed; /* b has brought something */
};

/* The same thing, whatever surrounds it. */
static bool same_component(const struct component *a, const struct component *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == COMPONENT_PRIMARY || a->kind == COMPONENT_SUBKEY)
        return fingerprint_equal(&a->key.fpr, &b->key.fpr);
    return a->packet.type == b->packet.type && slice_equal(a->packet.body, b->packet.body);
}

/* Does it stand among the first n of c? */
static bool has_component(const struct cert *c, size_t n, const struct component *like)
{
    for (size_t i = 0; i < n; i++) {
        if (same_component(&c->components.items[i], like))
            return true;
    }
    return false;
}

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
    struct target t = cert_target(m->a, on);
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

/* Everything that stands on components like this one, in both copies. */
static err *merge_component(struct merge *m, const struct component *like)
{
    CLEANUP(entries_clear) struct entries sigs = {0};
    const struct component *packet = like;
    for (int k = 0; k < 2; k++) {
        const struct cert *c = k == 0 ? m->a : m->b;
        for (size_t i = 0; i < c->components.n; i++) {
            const struct component *x = &c->components.items[i];
            if (!same_component(x, like))
                continue;
            if (secret_worth(x) > secret_worth(packet)) {
                packet = x;
                m->changed |= k == 1;
            }
            TRY(add_sigs(&sigs, x, k == 1));
        }
    }
    TRY(drop_copies(m, like, &sigs));
    packet_write(&m->out, packet->packet.type, packet->packet.body);
    write_sigs(m, &sigs);
    return NULL;
}

static err *merge_kind(struct merge *m, enum component_kind kind)
{
    const struct cert *a = m->a, *b = m->b;
    for (size_t i = 0; i < a->components.n; i++) {
        const struct component *x = &a->components.items[i];
        if (x->kind == kind && !has_component(a, i, x))
            TRY(merge_component(m, x));
    }
    for (size_t i = 0; i < b->components.n; i++) {
        const struct component *x = &b->components.items[i];
        bool is_new = x->kind == kind && !has_component(a, a->components.n, x) &&
                      !has_component(b, i, x);
        if (is_new)
            TRY(merge_component(m, x));
        m->changed |= is_new;
    }
    return NULL;
}

static void merge_clear(struct merge *m)
{
    buf_clear(&m->out);
}

err *cert_merge(const struct cert *a, const struct cert *b, struct cert **out, bool *changed)
{
    static const enum component_kind order[] = {COMPONENT_PRIMARY, COMPONENT_USER_ID,
                                                COMPONENT_USER_ATTRIBUTE, COMPONENT_SUBKEY,
                                                COMPONENT_UNKNOWN};
    CLEANUP(merge_clear) struct merge m = {.a = a, .b = b, .out = BUF_EMPTY(CERT_MAX)};
    if (!fingerprint_equal(cert_fingerprint(a), cert_fingerprint(b)))
        return err_new(ERR_BUG, "merging certificates of different keys");
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        TRY(merge_kind(&m, order[i]));
    TRY(buf_end(&m.out));
    TRY(cert_parse(buf_view(&m.out), out));
    *changed = m.changed;
    return NULL;
}
