#include "feed.h"

#include "kit.h"

#include "cli/command.h"
#include "keyring/agentkey.h"
#include "keyring/backup.h"
#include "keyring/keybox.h"
#include "packet/body.h"
#include "packet/describe.h"
#include "cli/terms.h"
#include "pgp/certfile.h"
#include "pgp/certification.h"
#include "pgp/cleartext.h"
#include "pgp/message.h"
#include "pgp/minimal.h"
#include "pgp/reach.h"
#include "pgp/regex.h"
#include "stream/armor.h"
#include "stream/input.h"

enum {
    TEXT_MAX = 1 << 20, /* a few bytes can expand to many */
    WORDS_MAX = 64,
    SECRETS_MAX = 4, /* unlocked in one certificate */
};

/* A changed message may ask for much; this is enough for small ones. */
static const struct s2k_limits limits = {.argon2_kib = 1 << 10, .work_kib = 1 << 12};

void feed_result_clear(struct feed_result *r)
{
    buf_clear(&r->text);
}

static struct source *open_bytes(const struct feed *f, struct slice bytes)
{
    struct source *s = NULL;
    if (f->in_pieces)
        return kit_pieces(bytes);
    OK(input_from_memory(bytes, &s));
    return s;
}

static struct verify_params verifying(const struct feed *f)
{
    return (struct verify_params){
        .finder = &f->ring.finder, .policy = &policy_default, .world = keys_world()};
}

/* Appends what s has, up to a limit. */
static err *read_text(struct source *s, struct buf *text, bool *all)
{
    struct slice view;
    do {
        TRY(source_fill(s, 1, &view));
        buf_bytes(text, view);
        source_consume(s, view.len);
    } while (view.len > 0 && text->len < TEXT_MAX);
    *all = view.len == 0;
    return buf_end(text);
}

/* True if s could be read to its end, which is the only error that is left. */
static bool ended_well(err *e, struct source *s, struct buf *text)
{
    bool all = false;
    if (e == NULL)
        e = read_text(s, text, &all);
    all = all && e == NULL;
    err_free(e);
    source_close(s);
    return all;
}

/* Armor */

bool feed_dearmor(const struct feed *f, struct slice bytes, struct buf *out)
{
    struct source *s = NULL;
    err *e = armor_open(open_bytes(f, bytes), ARMOR_MANY, &s);
    return ended_well(e, s, out);
}

static void armor_again(const struct feed *f, struct slice bytes, bool with_crc)
{
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(SIZE_MAX), out = BUF_EMPTY(SIZE_MAX);
    struct source *s = NULL;
    OK(armor_encode(open_bytes(f, bytes), ARMOR_MESSAGE, with_crc, &s));
    assert_true(ended_well(NULL, s, &text));
    assert_true(feed_dearmor(f, buf_view(&text), &out));
    SAME(bytes, buf_view(&out));
}

void feed_armor(const struct feed *f, struct slice bytes)
{
    CLEANUP(buf_clear) struct buf out = BUF_EMPTY(SIZE_MAX);
    if (feed_dearmor(f, bytes, &out)) {
        armor_again(f, buf_view(&out), false);
        armor_again(f, buf_view(&out), true);
    }
}

/* Packets */

static err *read_packets(struct source *s)
{
    for (;;) {
        struct packet_header h;
        AUTO(source_close) struct source *body = NULL;
        bool end = false;
        TRY(packet_read_header(s, &h, &end));
        if (end)
            return NULL;
        assert_non_null(packet_name(h.type));
        TRY(body_read_new(s, &h, &body));
        TRY(source_drain(body));
    }
}

/* Every byte belongs to one field, and they come in order. */
static err *take_field(void *context, const struct describe_field *f)
{
    struct slice *rest = context;
    assert_true(f->depth < 64);
    assert_true(text_is_utf8(slice_of_string(f->label)));
    assert_true(text_is_utf8(slice_of_string(f->value)));
    if (f->bytes.len == 0 || f->kind == DESCRIBE_GROUP)
        return NULL;
    assert_ptr_equal(f->bytes.data, rest->data);
    assert_true(f->bytes.len <= rest->len);
    *rest = slice_from(*rest, f->bytes.len);
    return NULL;
}

static err *describe_packets(struct slice packets)
{
    struct reader r = reader_init(packets, "packets");
    while (reader_left(&r) > 0) {
        struct packet p;
        TRY(packet_next(&r, &p));
        struct slice rest = p.body;
        TRY(describe_packet(p.type, p.body, take_field, &rest));
        assert_int_equal(rest.len, 0);
    }
    return NULL;
}

void feed_packets(const struct feed *f, struct slice bytes)
{
    AUTO(source_close) struct source *s = open_bytes(f, bytes);
    err_free(read_packets(s));
    err_free(describe_packets(bytes));
}

/* Certificates */

/* A secret part that opens is that of the same public key. */
static void check_secrets(const struct cert *c, const struct secret *passphrase)
{
    size_t tried = 0;
    for (size_t i = 0; i < c->components.n && tried < SECRETS_MAX; i++) {
        const struct component *x = &c->components.items[i];
        AUTO(secret_free) struct secret *secret = NULL;
        if (!x->has_secret || x->kind == COMPONENT_UNKNOWN)
            continue;
        tried++;
        err *e = seckey_unlock(&x->secret, passphrase, &limits, &secret);
        if (e == NULL)
            OK(pk_check(x->key.algo, x->key.material, secret));
        err_free(e);
    }
}

static struct cert *parsed(struct slice bytes)
{
    struct cert *c = NULL;
    OK(cert_parse(bytes, &c));
    return c;
}

/* What was written reads and is written as the same. */
static void write_again(const struct cert *c)
{
    CLEANUP(buf_clear) struct buf once = BUF_EMPTY(SIZE_MAX), twice = BUF_EMPTY(SIZE_MAX);
    cert_write(c, CERT_SECRET | CERT_LOCAL, &once);
    OK(buf_end(&once));
    AUTO(cert_free) struct cert *again = parsed(buf_view(&once));
    assert_int_equal(again->components.n, c->components.n);
    cert_write(again, CERT_SECRET | CERT_LOCAL, &twice);
    SAME(buf_view(&once), buf_view(&twice));
}

/* Merging brings what there is once; the same again changes nothing. */
static void merge_again(const struct cert *a, const struct cert *b)
{
    AUTO(cert_free) struct cert *both = NULL, *again = NULL;
    bool changed = false;
    if (a == NULL || !slice_equal(cert_primary(a)->body, cert_primary(b)->body))
        return;
    OK(cert_merge(a, b, &both, &changed));
    OK(cert_merge(both, b, &again, &changed));
    assert_false(changed);
    SAME(buf_view(&both->bytes), buf_view(&again->bytes));
}

static bool has_local(const struct cert *c)
{
    for (size_t i = 0; i < c->components.n; i++) {
        for (size_t k = 0; k < c->components.items[i].sigs.n; k++) {
            const struct cert_sig *s = &c->components.items[i].sigs.items[k];
            if (s->parsed && s->sig.local)
                return true;
        }
    }
    return false;
}

/* What is cut down is judged as it was, and not cut down further. */
static void cut_down(const struct bound_cert *whole)
{
    CLEANUP(buf_clear) struct buf once = BUF_EMPTY(SIZE_MAX), twice = BUF_EMPTY(SIZE_MAX);
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    OK(minimal_write(whole, &once));
    AUTO(cert_free) struct cert *less = parsed(buf_view(&once));
    OK(bind_cert(less, &policy_default, TEST_NOW, &b));
    if (has_local(whole->cert))
        return;
    assert_int_equal(bound_problem(b) != NULL, bound_problem(whole) != NULL);
    assert_int_equal(b->items[0].expires_at, whole->items[0].expires_at);
    SAME(bound_user_id(b), bound_user_id(whole));
    OK(minimal_write(b, &twice));
    SAME(buf_view(&once), buf_view(&twice));
}

static void read_terms(const struct cert *c)
{
    for (size_t i = 0; i < c->components.n; i++) {
        for (size_t k = 0; k < c->components.items[i].sigs.n; k++) {
            CLEANUP(certification_terms_clear) struct certification_terms t = CERTIFICATION_TERMS;
            CLEANUP(buf_clear) struct buf words = BUF_EMPTY(1 << 16);
            const struct cert_sig *s = &c->components.items[i].sigs.items[k];
            if (!s->parsed)
                continue;
            OK(certification_read_terms(&s->sig, &t));
            terms_words(&t, &words);
            OK(buf_end(&words));
        }
    }
}

static void read_cert(const struct cert *c, const struct secret *passphrase, feed_cert_seen *seen,
                      void *context)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    OK(bind_cert(c, &policy_default, TEST_NOW, &b));
    assert_true(reach_of(b).readers <= READERS_UNKNOWN);
    cut_down(b);
    read_terms(c);
    if (seen != NULL)
        seen(context, b);
    check_secrets(c, passphrase);
    write_again(c);
    merge_again(c, c);
}

void feed_certs(const struct feed *f, struct slice bytes, feed_cert_seen *seen, void *context)
{
    AUTO(secret_free) struct secret *passphrase = unit_secret(SLICE_TEXT("password"));
    AUTO(cert_free) struct cert *last = NULL;
    struct certfile *file = NULL;
    err *e = certfile_open(open_bytes(f, bytes), &file);
    bool end = false;
    while (e == NULL && !end) {
        struct cert *c = NULL;
        err *bad = NULL;
        e = certfile_next(file, &c, &bad);
        end = e == NULL && c == NULL && bad == NULL;
        err_free(bad);
        if (c == NULL)
            continue;
        read_cert(c, passphrase, seen, context);
        merge_again(last, c);
        cert_free(last);
        last = c;
    }
    err_free(e);
    certfile_close(file);
}

void feed_keybox(const struct feed *f, struct slice bytes)
{
    AUTO(secret_free) struct secret *passphrase = unit_secret(SLICE_TEXT("password"));
    AUTO(keybox_close) struct keybox *k = NULL;
    err *e = keybox_open(open_bytes(f, bytes), &k);
    bool end = false;
    while (e == NULL && !end) {
        AUTO(cert_free) struct cert *c = NULL;
        err *bad = NULL;
        e = keybox_next(k, &c, &bad);
        end = e == NULL && c == NULL && bad == NULL;
        err_free(bad);
        if (c != NULL)
            read_cert(c, passphrase, NULL, NULL);
    }
    err_free(e);
}

/* Protected ones are opened in test_agentkey: a secret that was, costs a second to protect
 * anew. */
static void write_agentkey(const struct agentkey *k, const struct pubkey *p)
{
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(1 << 20);
    AUTO(secret_free) struct secret *wrong = unit_secret(SLICE_TEXT("wrong"));
    struct seckey packet;
    err *e = agentkey_write(k, p, PACKET_SECRET_KEY, wrong, &limits, keys_world(), &body);
    if (e == NULL) {
        assert_int_not_equal(agentkey_form(k), AGENTKEY_SEALED);
        struct reader r = reader_init(buf_view(&body), "packet");
        OK(seckey_parse(&r, PACKET_SECRET_KEY, &packet));
        SAME(packet.public.body, p->body);
    }
    err_free(e);
}

static err *count_cert(void *context, const struct cert *c)
{
    struct backup_summary *n = context;
    assert_true(c->components.n > 0);
    n->certs++;
    n->keys += cert_has_secret(c);
    return NULL;
}

static err *count_setting(void *context, const struct trust_setting *t)
{
    assert_true(trust_setting_is_sound(t));
    ((struct backup_summary *)context)->settings++;
    return NULL;
}

static err *count_revocation(void *context, const struct backup_revocation *r)
{
    assert_true(r->fpr.version > 0);
    ((struct backup_summary *)context)->revocations++;
    return NULL;
}

/* It has what it claims to have. */
void feed_backup(const struct feed *f, struct slice bytes)
{
    struct backup_summary n = {0}, claim;
    const struct backup_visitor v = {&n, count_cert, count_setting, count_revocation};
    AUTO(source_close) struct source *s = open_bytes(f, bytes);
    err *e = backup_read(s, &v, &claim);
    n.made_at = claim.made_at;
    if (e == NULL)
        assert_memory_equal(&n, &claim, sizeof n);
    err_free(e);
}

void feed_agentkey(const struct feed *f, struct slice bytes)
{
    AUTO(agentkey_free) struct agentkey *k = NULL;
    err *e = agentkey_parse(bytes, &k);
    for (size_t i = 0; e == NULL && i < KEY_RING_MAX && f->ring.certs[i] != NULL; i++) {
        for (size_t n = 0; n < f->ring.certs[i]->components.n; n++) {
            const struct component *x = &f->ring.certs[i]->components.items[n];
            if (x->kind == COMPONENT_PRIMARY || x->kind == COMPONENT_SUBKEY)
                write_agentkey(k, &x->key);
        }
    }
    err_free(e);
}

/* Signatures */

size_t feed_detached(const struct feed *f, struct slice bytes)
{
    const struct verify_params p = verifying(f);
    CLEANUP(verdict_list_clear) struct verdict_list verdicts = {0};
    AUTO(source_close) struct source *sigs = open_bytes(f, bytes);
    AUTO(source_close) struct source *document = open_bytes(f, f->document);
    err_free(verify_detached(sigs, document, &p, &verdicts));
    return verdict_count(&verdicts, VERDICT_GOOD);
}

void feed_cleartext(const struct feed *f, struct slice bytes, struct feed_result *out)
{
    const struct verify_params p = verifying(f);
    CLEANUP(verdict_list_clear) struct verdict_list verdicts = {0};
    AUTO(spool_free) struct spool *spool = NULL;
    AUTO(source_close) struct source *in = open_bytes(f, bytes);
    struct source *text = NULL;
    enum armor_kind kind = ARMOR_NONE;
    *out = (struct feed_result){.text = BUF_EMPTY(SIZE_MAX)};
    OK(spool_new("/tmp", &spool));
    err *e = armor_find(in, &kind);
    if (e == NULL && kind == ARMOR_SIGNED_MESSAGE)
        e = cleartext_verify(in, &p, spool, &verdicts);
    out->whole = e == NULL && kind == ARMOR_SIGNED_MESSAGE;
    err_free(e);
    OK(spool_source(spool, &text));
    assert_true(ended_well(NULL, text, &out->text) || out->text.len >= TEXT_MAX);
    out->n_good = out->whole ? verdict_count(&verdicts, VERDICT_GOOD) : 0;
}

/* Messages */

static err *read_body(struct message *m, struct buf *text, bool *all)
{
    err *e = read_text(message_body(m), text, all);
    return e != NULL || *all ? message_finish(m, e) : NULL;
}

void feed_message(const struct feed *f, struct slice bytes, struct feed_result *out)
{
    const struct message_params p = {.finder = &f->ring.finder,
                                     .policy = &policy_default,
                                     .limits = &limits,
                                     .allow_legacy = f->allow_legacy,
                                     .pool = f->pool,
                                     .world = keys_world()};
    AUTO(message_close) struct message *m = NULL;
    struct source *packets = NULL;
    bool all = false;
    *out = (struct feed_result){.text = BUF_EMPTY(SIZE_MAX)};
    err *e = armor_open(open_bytes(f, bytes), ARMOR_ONE, &packets);
    if (e == NULL)
        e = message_open(packets, &p, &m);
    if (e == NULL)
        e = read_body(m, &out->text, &all);
    out->whole = e == NULL && all;
    err_free(e);
    if (out->whole) {
        out->n_good = verdict_count(&message_info(m)->verdicts, VERDICT_GOOD);
        out->encrypted = message_info(m)->encrypted;
    }
}

/* Small things */

void feed_s2k(const struct feed *f, struct slice bytes)
{
    struct reader r = reader_init(bytes, "S2K");
    CLEANUP(buf_clear) struct buf written = BUF_EMPTY(SIZE_MAX);
    AUTO(secret_free) struct secret *passphrase = NULL, *key = NULL;
    struct s2k s;
    (void)f;
    err *e = s2k_parse(&r, &s);
    if (e == NULL) {
        s2k_write(&s, &written);
        SAME(slice_of(bytes.data, reader_offset(&r)), buf_view(&written));
        passphrase = unit_secret(reader_rest(&r));
        e = s2k_derive(&s, passphrase, CIPHER_KEY_MAX, &limits, &key);
        assert_true((e == NULL) == (key != NULL));
    }
    err_free(e);
}

static err *parse_words(int argc, const char *const *argv)
{
    const struct command *c = NULL;
    struct common_opts common = {0};
    struct args args = {0};
    int words = 0;
    TRY(command_find(argc, argv, &c, &words));
    AUTO(free) void *opts = mem_zeroed(1, c->opts_size);
    err *e = opt_parse(&c->table, command_shared_opts(c), argc - words, argv + words, opts, &common,
                       &args);
    if (e == NULL)
        e = opt_check_conflicts(&c->table, opts, c->conflicts);
    if (e == NULL)
        e = opt_check_inputs(&c->table, opts, &args, true);
    opt_free(&c->table, opts, &args);
    return e;
}

void feed_options(const struct feed *f, struct slice bytes)
{
    AUTO(free) char *text = NULL;
    const char *argv[WORDS_MAX + 1] = {0};
    int argc = 0;
    (void)f;
    OK(mem_string_of(bytes, &text));
    for (size_t at = 0; at < bytes.len && argc < WORDS_MAX; at += strlen(text + at) + 1)
        argv[argc++] = text + at;
    if (argc > 0)
        err_free(parse_words(argc, argv));
}

static bool matches(struct slice expression, struct slice text)
{
    AUTO(regex_free) struct regex *r = NULL;
    bool once = false, twice = false;
    OK(regex_new(expression, &r));
    OK(regex_match(r, text, &once));
    OK(regex_match(r, text, &twice));
    assert_int_equal(once, twice);
    return once;
}

static bool matches_within(const char *before, struct slice expression, const char *behind,
                           struct slice text)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    buf_text(&b, before);
    buf_bytes(&b, expression);
    buf_text(&b, behind);
    return matches(buf_view(&b), text);
}

/* What has a meaning has the same in parentheses.  A long text only takes time. */
void feed_regex(const struct feed *f, struct slice bytes)
{
    const uint8_t *zero = bytes.len == 0 ? NULL : memchr(bytes.data, 0, bytes.len);
    const struct slice expression = zero == NULL
                                        ? bytes
                                        : slice_of(bytes.data, (size_t)(zero - bytes.data));
    const struct slice rest = slice_from(bytes, expression.len + 1);
    const struct slice text = slice_of(rest.data, rest.len < REGEX_MAX ? rest.len : REGEX_MAX);
    AUTO(regex_free) struct regex *r = NULL;
    (void)f;
    err *e = regex_new(expression, &r);
    if (e == NULL && expression.len < REGEX_MAX - 3) {
        const bool found = matches(expression, text);
        assert_int_equal(matches_within("(", expression, ")", text), found);
        assert_int_equal(matches_within(".*(", expression, ")", text), found);
        assert_true(matches_within("", expression, "|", text));
    }
    err_free(e);
}

void feed_all(const struct feed *f, struct slice bytes)
{
    CLEANUP(buf_clear) struct buf packets = BUF_EMPTY(SIZE_MAX);
    CLEANUP(feed_result_clear) struct feed_result message, cleartext;
    feed_armor(f, bytes);
    feed_dearmor(f, bytes, &packets);
    feed_packets(f, buf_view(&packets));
    feed_certs(f, bytes, NULL, NULL);
    feed_detached(f, bytes);
    feed_message(f, bytes, &message);
    feed_cleartext(f, bytes, &cleartext);
}
