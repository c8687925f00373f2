#include "mutate.h"

#include "packet/packet.h"

void mutate(struct mutate_case *c, size_t step, mutate_feed *feed)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    buf_bytes(&b, c->original);
    for (size_t i = 0; i < b.len; i += step) {
        const uint8_t bit = (uint8_t)(1 << (i * 5 + i / 8) % 8);
        b.data[i] ^= bit;
        feed(c, buf_view(&b));
        b.data[i] ^= bit;
    }
    for (size_t n = 0; n < b.len; n += step)
        feed(c, slice_of(b.data, n));
}

/* Certificates */

static bool hashes_the_same(const struct sig *a, const struct sig *b)
{
    return a->version == b->version && a->type == b->type && a->hash_algo == b->hash_algo &&
           a->created_at == b->created_at && slice_equal(a->signed_part, b->signed_part) &&
           slice_equal(a->salt, b->salt) && slice_equal(a->fields, b->fields);
}

static struct slice target_of(const struct component *x)
{
    bool is_key = x->kind == COMPONENT_PRIMARY || x->kind == COMPONENT_SUBKEY;
    return is_key ? x->key.body : x->packet.body;
}

/* Has one of the original's components this content and this signature? */
static bool was_bound(const struct cert *original, const struct bound *x)
{
    for (size_t i = 0; i < original->components.n; i++) {
        const struct component *o = &original->components.items[i];
        bool same = o->kind == x->component->kind &&
                    slice_equal(target_of(o), target_of(x->component));
        for (size_t k = 0; same && k < o->sigs.n; k++) {
            if (o->sigs.items[k].parsed && hashes_the_same(&o->sigs.items[k].sig, x->binding))
                return true;
        }
    }
    return false;
}

/* The primary key's binding may be a user ID's. */
static void check_bound(void *context, const struct bound_cert *b)
{
    const struct cert *original = context;
    for (size_t i = 0; i < b->n; i++) {
        const struct bound *x = &b->items[i];
        if (x->binding == NULL)
            continue;
        SAME(cert_primary(b->cert)->body, cert_primary(original)->body);
        if (i > 0 || x->binding == b->direct)
            assert_true(was_bound(original, x));
    }
}

void mutate_feed_cert(struct mutate_case *c, struct slice bytes)
{
    AUTO(cert_free) struct cert *original = NULL;
    OK(cert_parse(c->packets, &original));
    feed_certs(&c->feed, bytes, check_bound, original);
}

/* Signatures */

/* Is there a signature in these packets with the value that the original has,
 * over the same? */
static bool has_original(struct slice original, struct slice packets)
{
    struct reader o = reader_init(original, "original"), r = reader_init(packets, "changed");
    struct packet wanted, p;
    struct sig first, s;
    OK(packet_next(&o, &wanted));
    OK(sig_parse(wanted.body, &first));
    while (reader_left(&r) > 0) {
        err *e = packet_next(&r, &p);
        bool read = e == NULL;
        err_free(e);
        if (!read)
            return false;
        e = sig_parse(p.body, &s);
        bool same = e == NULL && hashes_the_same(&first, &s) &&
                    memcmp(first.left16, s.left16, 2) == 0;
        err_free(e);
        if (same)
            return true;
    }
    return false;
}

void mutate_feed_detached(struct mutate_case *c, struct slice bytes)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(SIZE_MAX);
    c->feed.document = c->text;
    if (feed_detached(&c->feed, bytes) == 0)
        return;
    c->accepted++;
    feed_dearmor(&c->feed, bytes, &packets);
    assert_true(has_original(c->packets, buf_view(&packets)));
}

void mutate_feed_cleartext(struct mutate_case *c, struct slice bytes)
{
    CLEANUP(feed_result_clear) struct feed_result r;
    feed_cleartext(&c->feed, bytes, &r);
    if (r.n_good == 0)
        return;
    c->accepted++;
    SAME(buf_view(&r.text), c->text);
}

void mutate_feed_message(struct mutate_case *c, struct slice bytes)
{
    CLEANUP(feed_result_clear) struct feed_result r;
    feed_message(&c->feed, bytes, &r);
    if (!r.whole || (r.n_good == 0 && !r.encrypted))
        return;
    c->accepted++;
    SAME(buf_view(&r.text), c->text);
}

void mutate_feed_all(struct mutate_case *c, struct slice bytes)
{
    feed_all(&c->feed, bytes);
}
