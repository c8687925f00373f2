/* Out of memory: messages and signatures, both ways. */
#include "fault.h"

#include "keys.h"
#include "kit.h"

#include "pgp/cleartext.h"
#include "pgp/encrypt.h"
#include "pgp/message.h"
#include "stream/armor.h"
#include "stream/input.h"

/* What the jobs work on, and what comes out of them. */
struct bench {
    struct cert *key;
    struct signer signer;
    struct key_ring ring;
    struct slice text, input;
    enum encrypt_format format;
    struct buf out;
    struct verdict_list verdicts;
};

static const char *const profiles[] = {"default", "rfc9580"};

static void bench_init(struct bench *b, const char *profile)
{
    *b = (struct bench){.key = keys_make(profile, "Alice", NULL), .out = BUF_EMPTY(SIZE_MAX)};
    b->signer = keys_signer(b->key);
    b->ring.certs[0] = b->key;
    b->text = kit_data(3000);
    keys_ring(&b->ring);
}

static void bench_clear(struct bench *b)
{
    secret_free(b->signer.secret);
    cert_free(b->key);
    buf_clear(&b->out);
    verdict_list_clear(&b->verdicts);
}

static struct verify_params verifying(const struct bench *b)
{
    return (struct verify_params){
        .finder = &b->ring.finder, .policy = &policy_default, .world = keys_world()};
}

static struct sign_params signing(const struct bench *b)
{
    return (struct sign_params){.signers = &b->signer, .n_signers = 1, .world = keys_world()};
}

/* Everything that s has, behind what is there; s is closed. */
static err *read_all(struct source *s, struct buf *out)
{
    AUTO(source_close) struct source *owner = s;
    struct slice view;
    do {
        TRY(source_fill(owner, 1, &view));
        buf_bytes(out, view);
        source_consume(owner, view.len);
    } while (view.len > 0);
    return buf_end(out);
}

/* The output, which lives on; the bench is as before. */
static struct slice take_output(struct bench *b)
{
    struct slice made = unit_joined(buf_view(&b->out), SLICE_EMPTY);
    buf_clear(&b->out);
    return made;
}

static void drop(struct bench *b)
{
    buf_clear(&b->out);
    verdict_list_clear(&b->verdicts);
}

/* Where reading is wrong, the text is not there or the verdict is not good. */
static void check_read(void *context, bool done)
{
    struct bench *b = context;
    if (done) {
        SAME(buf_view(&b->out), b->text);
        assert_int_equal(b->verdicts.n, 1);
        assert_int_equal(b->verdicts.items[0].status, VERDICT_GOOD);
    }
    drop(b);
}

/* Messages */

static err *encrypt_job(void *context)
{
    struct bench *b = context;
    AUTO(pool_free) struct pool *pool = NULL;
    AUTO(bound_cert_free) struct bound_cert *to = NULL;
    const struct sign_params sign = signing(b);
    struct recipient r = {0};
    struct encrypt_choice choice;
    struct source *s = NULL;
    struct encrypt_params p = {.recipients = &r,
                               .n_recipients = 1,
                               .sign = &sign,
                               .format = b->format,
                               .compression = COMPRESSION_ZLIB,
                               .armor = true,
                               .world = keys_world()};
    TRY(pool_new(0, &pool));
    p.pool = pool;
    TRY(bind_cert(b->key, &policy_default, TEST_NOW, &to));
    r.cert = to;
    TRY(input_from_memory(b->text, &s));
    TRY(encrypt_message(TAKE(s), &p, &choice, &s));
    return read_all(s, &b->out);
}

static err *decrypt_job(void *context)
{
    struct bench *b = context;
    AUTO(pool_free) struct pool *pool = NULL;
    AUTO(message_close) struct message *m = NULL;
    struct source *s = NULL, *body = NULL;
    struct message_params p = {.finder = &b->ring.finder,
                               .policy = &policy_default,
                               .limits = &s2k_default_limits,
                               .world = keys_world()};
    TRY(pool_new(0, &pool));
    p.pool = pool;
    TRY(input_from_memory(b->input, &s));
    TRY(armor_open(TAKE(s), ARMOR_ONE, &s));
    TRY(message_open(TAKE(s), &p, &m));
    TRY(source_borrow(message_body(m), &body));
    TRY(message_finish(m, read_all(body, &b->out)));
    for (size_t i = 0; i < message_info(m)->verdicts.n; i++) {
        const struct verdict v = {.status = message_info(m)->verdicts.items[i].status};
        TRY(VEC_PUSH(&b->verdicts, v));
    }
    return NULL;
}

/* What is made must open again. */
static void check_encrypted(void *context, bool done)
{
    struct bench *b = context;
    if (done) {
        b->input = take_output(b);
        OK(decrypt_job(b));
        check_read(b, true);
    }
    drop(b);
}

static void encrypting(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        for (int format = ENCRYPT_SEIPD1; format <= ENCRYPT_SEIPD2; format++) {
            CLEANUP(bench_clear) struct bench b;
            bench_init(&b, profiles[i]);
            b.format = (enum encrypt_format)format;
            assert_true(fault_run(encrypt_job, check_encrypted, &b) > 30);
        }
    }
}

static void decrypting(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        for (int format = ENCRYPT_SEIPD1; format <= ENCRYPT_SEIPD2; format++) {
            CLEANUP(bench_clear) struct bench b;
            bench_init(&b, profiles[i]);
            b.format = (enum encrypt_format)format;
            OK(encrypt_job(&b));
            b.input = take_output(&b);
            assert_true(fault_run(decrypt_job, check_read, &b) > 30);
        }
    }
}

/* Signatures */

static err *sign_job(void *context)
{
    struct bench *b = context;
    const struct sign_params p = signing(b);
    AUTO(source_close) struct source *document = NULL;
    TRY(input_from_memory(b->text, &document));
    return sign_detached(document, &p, &b->out);
}

static err *verify_job(void *context)
{
    struct bench *b = context;
    const struct verify_params p = verifying(b);
    AUTO(source_close) struct source *document = NULL, *sigs = NULL;
    TRY(input_from_memory(b->text, &document));
    TRY(input_from_memory(b->input, &sigs));
    TRY(verify_detached(sigs, document, &p, &b->verdicts));
    buf_bytes(&b->out, b->text);
    return buf_end(&b->out);
}

static void check_signed(void *context, bool done)
{
    struct bench *b = context;
    if (done) {
        b->input = take_output(b);
        OK(verify_job(b));
        check_read(b, true);
    }
    drop(b);
}

static void signing_detached(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        CLEANUP(bench_clear) struct bench b;
        bench_init(&b, profiles[i]);
        assert_true(fault_run(sign_job, check_signed, &b) > 5);
    }
}

static void verifying_detached(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        CLEANUP(bench_clear) struct bench b;
        bench_init(&b, profiles[i]);
        OK(sign_job(&b));
        b.input = take_output(&b);
        assert_true(fault_run(verify_job, check_read, &b) > 15);
    }
}

static err *cleartext_job(void *context)
{
    struct bench *b = context;
    const struct sign_params p = signing(b);
    struct source *s = NULL;
    TRY(input_from_memory(b->text, &s));
    TRY(sign_cleartext(TAKE(s), &p, &s));
    return read_all(s, &b->out);
}

static err *read_cleartext_job(void *context)
{
    struct bench *b = context;
    const struct verify_params p = verifying(b);
    AUTO(spool_free) struct spool *text = NULL;
    AUTO(source_close) struct source *s = NULL;
    struct source *out = NULL;
    enum armor_kind kind;
    TRY(input_from_memory(b->input, &s));
    TRY(spool_new("/tmp", &text));
    TRY(armor_find(s, &kind));
    TRY(cleartext_verify(s, &p, text, &b->verdicts));
    TRY(spool_source(text, &out));
    return read_all(out, &b->out);
}

static void check_cleartext(void *context, bool done)
{
    struct bench *b = context;
    if (done) {
        b->input = take_output(b);
        OK(read_cleartext_job(b));
        check_read(b, true);
    }
    drop(b);
}

static void cleartext_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        CLEANUP(bench_clear) struct bench b;
        bench_init(&b, profiles[i]);
        b.text = SLICE_TEXT("- one\ntwo\n\nthree");
        assert_true(fault_run(cleartext_job, check_cleartext, &b) > 15);
        OK(cleartext_job(&b));
        b.input = take_output(&b);
        assert_true(fault_run(read_cleartext_job, check_read, &b) > 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(encrypting),          FAULT_TEST(decrypting),
        FAULT_TEST(signing_detached),    FAULT_TEST(verifying_detached),
        FAULT_TEST(cleartext_both_ways),
    };
    return cmocka_run_group_tests_name("fault messages", tests, NULL, NULL);
}
