#include "mutate.h"

#include "kit.h"

#include "packet/describe.h"
#include "pgp/certfile.h"
#include "pgp/cleartext.h"
#include "pgp/message.h"
#include "stream/armor.h"
#include "stream/input.h"

/* A changed message may ask for much; this is enough for small ones. */
enum { TEXT_MAX = 1 << 20 };
static const struct s2k_limits limits = {.argon2_kib = 1 << 10, .work_kib = 1 << 12};

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

static struct source *memory(struct slice bytes)
{
    struct source *s = NULL;
    OK(input_from_memory(bytes, &s));
    return s;
}

static struct verify_params verifying(const struct mutate_case *c)
{
    return (struct verify_params){
        .finder = &c->ring.finder, .policy = &policy_default, .world = keys_world()};
}

/* Appends what s has, up to a limit. */
static err *read_text(struct source *s, struct buf *text)
{
    struct slice view;
    do {
        TRY(source_fill(s, 1, &view));
        buf_bytes(text, view);
        source_consume(s, view.len);
    } while (view.len > 0 && text->len < TEXT_MAX);
    return buf_end(text);
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
static void check_bound(const struct cert *original, const struct bound_cert *b)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct bound *x = &b->items[i];
        if (x->binding == NULL)
            continue;
        SAME(cert_primary(b->cert)->body, cert_primary(original)->body);
        if (i > 0 || x->binding == b->direct)
            assert_true(was_bound(original, x));
    }
}

/* An unprotected secret part that opens is that of the same public key. */
static void check_secrets(const struct cert *c)
{
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        AUTO(secret_free) struct secret *secret = NULL;
        if (!x->has_secret || x->kind == COMPONENT_UNKNOWN)
            continue;
        err *e = seckey_unlock(&x->secret, NULL, &limits, &secret);
        if (e == NULL)
            OK(pk_check(x->key.algo, x->key.material, secret));
        err_free(e);
    }
}

static void read_cert(const struct cert *original, const struct cert *c)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    CLEANUP(buf_clear) struct buf out = BUF_EMPTY(SIZE_MAX);
    OK(bind_cert(c, &policy_default, TEST_NOW, &b));
    if (original != NULL)
        check_bound(original, b);
    check_secrets(c);
    cert_write(c, CERT_SECRET | CERT_LOCAL, &out);
    AUTO(cert_free) struct cert *again = NULL;
    OK(cert_parse(buf_view(&out), &again));
    assert_int_equal(again->components.n, c->components.n);
}

static void read_certs(const struct cert *original, struct slice bytes)
{
    struct certfile *f = NULL;
    err *e = certfile_open(memory(bytes), &f);
    bool end = false;
    while (e == NULL && !end) {
        AUTO(cert_free) struct cert *c = NULL;
        err *bad = NULL;
        e = certfile_next(f, &c, &bad);
        end = e == NULL && c == NULL && bad == NULL;
        if (c != NULL)
            read_cert(original, c);
        err_free(bad);
    }
    err_free(e);
    certfile_close(f);
}

void mutate_feed_cert(struct mutate_case *c, struct slice bytes)
{
    AUTO(cert_free) struct cert *original = NULL;
    OK(cert_parse(c->packets, &original));
    read_certs(original, bytes);
}

/* Signatures */

static size_t verify(struct mutate_case *c, struct slice bytes)
{
    const struct verify_params p = verifying(c);
    CLEANUP(verdict_list_clear) struct verdict_list verdicts = {0};
    AUTO(source_close) struct source *sigs = memory(bytes), *document = memory(c->text);
    err_free(verify_detached(sigs, document, &p, &verdicts));
    return verdict_count(&verdicts, VERDICT_GOOD);
}

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
    if (verify(c, bytes) == 0)
        return;
    c->accepted++;
    struct source *s = NULL;
    OK(armor_open(memory(bytes), ARMOR_MANY, &s));
    err_free(read_text(s, &packets));
    source_close(s);
    assert_true(has_original(c->packets, buf_view(&packets)));
}

static size_t read_cleartext(struct mutate_case *c, struct slice bytes, struct buf *text)
{
    const struct verify_params p = verifying(c);
    CLEANUP(verdict_list_clear) struct verdict_list verdicts = {0};
    AUTO(spool_free) struct spool *spool = NULL;
    AUTO(source_close) struct source *in = memory(bytes), *out = NULL;
    enum armor_kind kind = ARMOR_NONE;
    OK(spool_new("/tmp", &spool));
    err *e = armor_find(in, &kind);
    if (e == NULL && kind == ARMOR_SIGNED_MESSAGE)
        e = cleartext_verify(in, &p, spool, &verdicts);
    err_free(e);
    OK(spool_source(spool, &out));
    OK(read_text(out, text));
    return e == NULL ? verdict_count(&verdicts, VERDICT_GOOD) : 0;
}

void mutate_feed_cleartext(struct mutate_case *c, struct slice bytes)
{
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(SIZE_MAX);
    if (read_cleartext(c, bytes, &text) == 0)
        return;
    c->accepted++;
    SAME(buf_view(&text), c->text);
}

/* Messages */

/* False if the message could not be read to its good end. */
static bool read_message(struct mutate_case *c, struct slice bytes, struct buf *text,
                         size_t *n_good, bool *encrypted)
{
    const struct message_params p = {.finder = &c->ring.finder,
                                     .policy = &policy_default,
                                     .limits = &limits,
                                     .pool = c->pool,
                                     .world = keys_world()};
    AUTO(message_close) struct message *m = NULL;
    struct source *packets = NULL;
    err *e = armor_open(memory(bytes), ARMOR_ONE, &packets);
    if (e == NULL)
        e = message_open(packets, &p, &m);
    if (e == NULL)
        e = message_finish(m, read_text(message_body(m), text));
    bool whole = e == NULL;
    err_free(e);
    if (whole) {
        *n_good = verdict_count(&message_info(m)->verdicts, VERDICT_GOOD);
        *encrypted = message_info(m)->encrypted;
    }
    return whole;
}

void mutate_feed_message(struct mutate_case *c, struct slice bytes)
{
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(SIZE_MAX);
    size_t n_good = 0;
    bool encrypted = false;
    if (!read_message(c, bytes, &text, &n_good, &encrypted) || (n_good == 0 && !encrypted))
        return;
    c->accepted++;
    SAME(buf_view(&text), c->text);
}

/* Inspection */

static err *take_line(void *context, unsigned depth, const char *label, const char *value,
                      struct slice bytes)
{
    (void)context;
    (void)bytes;
    assert_true(depth < 64);
    assert_non_null(label);
    assert_true(value == NULL || text_is_utf8(slice_of_string(value)));
    return NULL;
}

static void inspect(struct slice packets)
{
    struct reader r = reader_init(packets, "packets");
    while (reader_left(&r) > 0) {
        struct packet p;
        err *e = packet_next(&r, &p);
        if (e == NULL)
            e = describe_packet(p.type, p.body, take_line, NULL);
        bool stop = e != NULL;
        err_free(e);
        if (stop)
            return;
    }
}

void mutate_feed_all(struct mutate_case *c, struct slice bytes)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(SIZE_MAX), text = BUF_EMPTY(SIZE_MAX);
    struct source *s = NULL;
    size_t n_good;
    bool encrypted;
    err *e = armor_open(memory(bytes), ARMOR_MANY, &s);
    if (e == NULL)
        e = read_text(s, &packets);
    err_free(e);
    source_close(s);
    inspect(buf_view(&packets));
    read_certs(NULL, bytes);
    verify(c, bytes);
    read_message(c, bytes, &text, &n_good, &encrypted);
    read_cleartext(c, bytes, &text);
}
