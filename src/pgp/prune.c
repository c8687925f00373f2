#include "pgp/prune.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pgp/revoker.h"
#include "pgp/selfsig.h"

/* In the order in which they get room. */
enum rank { RANK_OWNER, RANK_KNOWN, RANK_REVOKES, RANK_UNKNOWN, RANK_ALONE, RANK_FALSE };

/* How many signatures by a key at hand come first, on each component: he who is known must
 * not crowd out the others either. */
enum { KNOWN_MOST = 4 };

/* A signature, or a component by itself. */
struct item {
    const struct component *on;
    const struct cert_sig *sig; /* NULL: the component */
    size_t component;           /* its index */
    size_t order;
    enum rank rank;
    bool kept;
};

struct prune {
    const struct cert *cert;
    struct cert *copy; /* that, if it needs revokers attached */
    const struct key_finder *finder;
    struct revoker_list revokers;
    struct {
        struct item *items;
        size_t n, capacity;
    } all;
    bool *stays; /* by component: it is written */
    size_t room;
};

static void prune_clear(struct prune *p)
{
    revoker_list_clear(&p->revokers);
    cert_free(p->copy);
    vec_free(&p->all);
    free(p->stays);
}

/* Room, roughly: without the header. */
static size_t size_of(const struct item *x)
{
    return x->sig != NULL ? x->sig->packet.body.len : x->on->packet.body.len;
}

static err *is_owners(const struct prune *p, const struct component *on, const struct cert_sig *s,
                      bool *out)
{
    const struct target t = cert_target(p->cert, on);
    const struct fingerprint *missing;
    *out = false;
    if (!s->parsed)
        return NULL;
    if (selfsig_is_by_primary(p->cert, &s->sig))
        TRY(target_verify(&t, &s->sig, cert_primary(p->cert), out));
    if (!*out && sig_is_revocation(s->sig.type))
        TRY(revoker_verify(&p->revokers, p->cert, on, &s->sig, out, &missing));
    return NULL;
}

/* The component, and its signatures; it stays if its owner has signed it. */
static err *add_component(struct prune *p, size_t index)
{
    const struct component *on = &p->cert->components.items[index];
    struct item x = {.on = on, .component = index, .order = p->all.n, .rank = RANK_ALONE};
    p->stays[index] = on->kind == COMPONENT_PRIMARY;
    TRY(VEC_PUSH(&p->all, x));
    for (size_t i = 0; i < on->sigs.n; i++) {
        bool owners;
        x.sig = &on->sigs.items[i];
        x.order = p->all.n;
        TRY(is_owners(p, on, x.sig, &owners));
        x.rank = owners ? RANK_OWNER : RANK_UNKNOWN;
        p->stays[index] |= owners;
        TRY(VEC_PUSH(&p->all, x));
    }
    return NULL;
}

/* The bytes that share the room. */
static size_t others_size(const struct prune *p)
{
    size_t size = 0;
    for (size_t i = 0; i < p->all.n; i++) {
        const struct item *x = &p->all.items[i];
        bool owners = x->sig != NULL ? x->rank == RANK_OWNER : p->stays[x->component];
        size += owners ? 0 : size_of(x);
    }
    return size;
}

/* What others have certified. */

static uint32_t made_at(const struct item *x)
{
    return x->sig != NULL && x->sig->parsed ? x->sig->sig.created_at : 0;
}

static int by_age(const struct item *a, const struct item *b)
{
    if (made_at(a) != made_at(b))
        return made_at(a) < made_at(b) ? 1 : -1;
    return (a->order > b->order) - (a->order < b->order);
}

static bool has_maker(const struct item *x)
{
    return x->rank == RANK_UNKNOWN && x->sig->parsed && x->on->kind != COMPONENT_UNKNOWN &&
           !key_handle_is_empty(&x->sig->sig.issuer);
}

static int compare_makers(const struct item *a, const struct item *b)
{
    return memcmp(a->sig->sig.issuer.id.bytes, b->sig->sig.issuer.id.bytes, KEY_ID_LEN);
}

/* Those that say who made them first, by maker and component, the newest first. */
static int by_maker(const void *x, const void *y)
{
    const struct item *a = x, *b = y;
    bool a_has = has_maker(a), b_has = has_maker(b);
    if (a_has != b_has)
        return a_has ? -1 : 1;
    int order = a_has ? compare_makers(a, b) : 0;
    if (order == 0)
        order = (a->component > b->component) - (a->component < b->component);
    return order != 0 ? order : by_age(a, b);
}

static err *is_by_one_of(const struct prune *p, const struct item *x,
                         const struct cert_list *makers, bool *good)
{
    const struct target t = cert_target(p->cert, x->on);
    *good = false;
    for (size_t i = 0; i < makers->n && !*good; i++)
        TRY(target_verify(&t, &x->sig->sig, cert_primary(makers->items[i]), good));
    return NULL;
}

/* Signatures that name the same maker, n of them.  He is the owner if he is not at hand:
 * then they would have been good already. */
static err *rank_makers(struct prune *p, struct item *items, size_t n)
{
    CLEANUP(cert_list_clear) struct cert_list makers = {0};
    const struct key_handle h = {.id = items->sig->sig.issuer.id};
    bool owner = cert_has_key(p->cert, &h);
    size_t known = 0;
    if (!owner)
        TRY(p->finder->certs(p->finder->context, &h, &makers));
    for (size_t i = 0; i < n && (owner || makers.n > 0); i++) {
        bool good;
        if (i > 0 && items[i].component != items[i - 1].component)
            known = 0;
        if (known == KNOWN_MOST)
            continue;
        TRY(is_by_one_of(p, &items[i], &makers, &good));
        items[i].rank = good ? RANK_KNOWN : RANK_FALSE;
        known += good;
    }
    return NULL;
}

static err *rank_others(struct prune *p)
{
    struct item *items = p->all.items;
    size_t n;
    qsort(items, p->all.n, sizeof *items, by_maker);
    for (size_t i = 0; i < p->all.n && has_maker(&items[i]); i += n) {
        for (n = 1; i + n < p->all.n && has_maker(&items[i + n]) &&
                    compare_makers(&items[i], &items[i + n]) == 0;)
            n++;
        TRY(rank_makers(p, &items[i], n));
    }
    return NULL;
}

/* Giving room. */

static enum rank final_rank(const struct item *x)
{
    bool revokes = x->rank == RANK_UNKNOWN && x->sig->parsed && sig_is_revocation(x->sig->sig.type);
    return revokes ? RANK_REVOKES : x->rank;
}

static int by_rank(const void *x, const void *y)
{
    const struct item *a = x, *b = y;
    enum rank of_a = final_rank(a), of_b = final_rank(b);
    return of_a != of_b ? (of_a > of_b) - (of_a < of_b) : by_age(a, b);
}

static int by_order(const void *x, const void *y)
{
    const struct item *a = x, *b = y;
    return (a->order > b->order) - (a->order < b->order);
}

/* A signature brings its component with it. */
static void give_room(struct prune *p, struct item *x)
{
    bool *stays = &p->stays[x->component];
    size_t size = x->sig != NULL ? size_of(x) : 0;
    if (x->rank == RANK_OWNER) {
        x->kept = true;
        return;
    }
    if (!*stays)
        size += x->on->packet.body.len;
    x->kept = x->rank != RANK_FALSE && size <= p->room;
    if (!x->kept)
        return;
    p->room -= size;
    *stays = true;
}

static err *write_kept(const struct prune *p, struct cert **out, size_t *left_out)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(CERT_MAX);
    for (size_t i = 0; i < p->all.n; i++) {
        const struct item *x = &p->all.items[i];
        bool kept = x->sig != NULL ? x->kept : p->stays[x->component];
        const struct packet *packet = x->sig != NULL ? &x->sig->packet : &x->on->packet;
        if (kept)
            packet_write(&b, packet->type, packet->body);
        else
            ++*left_out;
    }
    TRY(buf_end(&b));
    return cert_parse(buf_view(&b), out);
}

/* Those whom the owner has named may revoke: they are looked for. */
static err *attach_revokers(struct prune *p)
{
    TRY(revoker_list_of(p->cert, &p->revokers));
    if (p->revokers.n == 0)
        return NULL;
    TRY(cert_copy(p->cert, &p->copy));
    p->cert = p->copy;
    return revoker_attach(p->copy, p->finder);
}

err *prune_cert(const struct cert *c, size_t room, const struct key_finder *f, struct cert **out,
                size_t *left_out)
{
    CLEANUP(prune_clear) struct prune p = {.cert = c, .finder = f, .room = room};
    *out = NULL;
    *left_out = 0;
    if (c->bytes.len <= room)
        return NULL;
    TRY(attach_revokers(&p));
    TRY(MEM_ARRAY(p.stays, c->components.n));
    for (size_t i = 0; i < c->components.n; i++)
        TRY(add_component(&p, i));
    if (others_size(&p) <= room)
        return NULL;
    TRY(rank_others(&p));
    qsort(p.all.items, p.all.n, sizeof *p.all.items, by_rank);
    for (size_t i = 0; i < p.all.n; i++)
        give_room(&p, &p.all.items[i]);
    qsort(p.all.items, p.all.n, sizeof *p.all.items, by_order);
    return write_kept(&p, out, left_out);
}
