/* Messages between keys made on the spot: what one side writes the other reads,
 * and nothing that was touched. */
#include "unit.h"
#include "keys.h"
#include "kit.h"

#include "pgp/bind.h"
#include "pgp/cleartext.h"
#include "pgp/encrypt.h"
#include "pgp/message.h"
#include "stream/armor.h"
#include "stream/input.h"

static struct pool *pool;

static int make_pool(void **state)
{
    (void)state;
    err *e = pool_new(2, &pool);
    err_free(e);
    return e == NULL ? 0 : -1;
}

static int free_pool(void **state)
{
    (void)state;
    pool_free(pool);
    return 0;
}

static const char *const profiles[] = {"default", "rfc9580", "compatibility"};

static struct message_params reading(const struct key_ring *ring)
{
    return (struct message_params){.finder = &ring->finder,
                                   .policy = &policy_default,
                                   .limits = &s2k_default_limits,
                                   .pool = pool,
                                   .world = keys_world()};
}

/* Reads a message; the verdicts stay in *m. */
static err *read_message(struct slice packets, const struct key_ring *ring, struct message **m,
                         struct slice *text)
{
    const struct message_params p = reading(ring);
    struct buf *b = unit_keep();
    struct slice view;
    TRY(message_open(kit_pieces(packets), &p, m));
    err *e;
    do {
        e = source_fill(message_body(*m), 1, &view);
        buf_bytes(b, view);
        source_consume(message_body(*m), view.len);
    } while (e == NULL && view.len > 0);
    *text = buf_view(b);
    return message_finish(*m, e);
}

static struct slice encrypt_with(struct slice plain, const struct cert *to, const char *passphrase,
                                 const struct sign_params *sign, enum encrypt_format format,
                                 uint8_t compression)
{
    AUTO(bound_cert_free) struct bound_cert *bound = NULL;
    AUTO(secret_free) struct secret *pass = NULL;
    struct encrypt_choice choice;
    struct recipient r = {0};
    struct source *s = NULL;
    struct encrypt_params p = {.recipients = &r,
                               .passphrases = &pass,
                               .sign = sign,
                               .format = format,
                               .compression = compression,
                               .world = keys_world(),
                               .pool = pool};
    if (to != NULL) {
        OK(bind_cert(to, &policy_default, TEST_NOW, &bound));
        r.cert = bound;
        p.n_recipients = 1;
    }
    if (passphrase != NULL) {
        OK(secret_of(slice_of_string(passphrase), &pass));
        p.n_passphrases = 1;
    }
    OK(encrypt_message(kit_pieces(plain), &p, &choice, &s));
    return kit_read(s);
}

static void generated_keys_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        AUTO(cert_free) struct cert *c = keys_make(profiles[i], "Alice <alice@example.org>", NULL);
        AUTO(bound_cert_free) struct bound_cert *b = NULL;
        OK(bind_cert(c, &policy_default, TEST_NOW, &b));
        assert_null(bound_problem(b));
        assert_non_null(bound_find_key(b, FLAG_SIGN, PK_SIGNS));
        assert_non_null(bound_find_key(b, FLAG_ENCRYPT, PK_ENCRYPTS));
        assert_int_equal(bound_features(b),
                         i == 2 ? FEATURE_SEIPD1 : FEATURE_SEIPD1 | FEATURE_SEIPD2);
        SAME(bound_user_id(b), SLICE_TEXT("Alice <alice@example.org>"));
        for (size_t k = 0; k < b->n; k++)
            assert_null(b->items[k].problem);
        /* Written and read again it is the same. */
        CLEANUP(buf_clear) struct buf out = BUF_EMPTY(SIZE_MAX);
        cert_write(c, CERT_SECRET, &out);
        SAME(buf_view(&out), buf_view(&c->bytes));
        buf_reset(&out);
        cert_write(c, CERT_PUBLIC, &out);
        AUTO(cert_free) struct cert *public = NULL;
        OK(cert_parse(buf_view(&out), &public));
        assert_false(cert_has_secret(public));
        assert_true(fingerprint_equal(cert_fingerprint(c), cert_fingerprint(public)));
    }
}

static void keys_without_user_id_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        AUTO(cert_free) struct cert *c = keys_make(profiles[i], NULL, NULL);
        AUTO(bound_cert_free) struct bound_cert *b = NULL;
        OK(bind_cert(c, &policy_default, TEST_NOW, &b));
        assert_null(bound_problem(b));
        assert_non_null(bound_find_key(b, FLAG_ENCRYPT, PK_ENCRYPTS));
    }
}

static void check_round_trip(struct cert *key, const char *passphrase, struct slice plain,
                             enum encrypt_format format, uint8_t compression)
{
    struct key_ring ring = {.certs = {key}, .passphrases = {passphrase}};
    AUTO(message_close) struct message *m = NULL;
    struct slice text;
    keys_ring(&ring);
    struct slice message = encrypt_with(plain, key, NULL, NULL, format, compression);
    OK(read_message(message, &ring, &m, &text));
    SAME(text, plain);
    assert_true(message_info(m)->encrypted);
    assert_int_equal(message_info(m)->compressed, compression != COMPRESSION_NONE);
    if (format != ENCRYPT_BY_RECIPIENTS)
        assert_int_equal(message_info(m)->encdata.kind,
                         format == ENCRYPT_SEIPD1 ? ENCDATA_MDC : ENCDATA_AEAD);
}

static void messages_open_again(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 1000, 600000};
    for (size_t i = 0; i < 3; i++) {
        AUTO(cert_free) struct cert *key = keys_make(profiles[i], "a", NULL);
        for (size_t k = 0; k < 4; k++) {
            struct slice plain = kit_data(sizes[k]);
            check_round_trip(key, NULL, plain, ENCRYPT_BY_RECIPIENTS, COMPRESSION_NONE);
            check_round_trip(key, NULL, plain, ENCRYPT_SEIPD1, (uint8_t)k);
            check_round_trip(key, NULL, plain, ENCRYPT_SEIPD2, (uint8_t)(3 - k));
        }
    }
}

static void protected_keys_open_with_the_right_passphrase(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        AUTO(cert_free) struct cert *key = keys_make(profiles[i], "a", "secret");
        AUTO(message_close) struct message *m = NULL, *m2 = NULL, *m3 = NULL;
        struct slice text, message = encrypt_with(SLICE_TEXT("hi"), key, NULL, NULL,
                                                  ENCRYPT_BY_RECIPIENTS, COMPRESSION_NONE);
        struct key_ring ring = {.certs = {key}, .passphrases = {"wrong", "secret"}};
        keys_ring(&ring);
        OK(read_message(message, &ring, &m, &text));
        SAME(text, SLICE_TEXT("hi"));
        assert_int_equal(ring.asked, 2);
        ring.passphrases[1] = NULL;
        FAILS(ERR_LOCKED, read_message(message, &ring, &m2, &text));
        ring.certs[0] = NULL;
        FAILS(ERR_CANNOT_DECRYPT, read_message(message, &ring, &m3, &text));
    }
}

static void passphrases_open_messages(void **state)
{
    (void)state;
    for (int format = ENCRYPT_BY_RECIPIENTS; format <= ENCRYPT_SEIPD2; format++) {
        AUTO(message_close) struct message *m = NULL, *m2 = NULL;
        struct slice text, message = encrypt_with(SLICE_TEXT("hi"), NULL, "open sesame", NULL,
                                                  (enum encrypt_format)format, COMPRESSION_NONE);
        struct key_ring ring = {.passphrases = {"no", "open sesame"}};
        keys_ring(&ring);
        OK(read_message(message, &ring, &m, &text));
        SAME(text, SLICE_TEXT("hi"));
        assert_int_equal(message_info(m)->encdata.kind,
                         format == ENCRYPT_SEIPD2 ? ENCDATA_AEAD : ENCDATA_MDC);
        assert_true(message_info(m)->by_passphrase);
        ring.passphrases[1] = NULL;
        FAILS(ERR_CANNOT_DECRYPT, read_message(message, &ring, &m2, &text));
    }
}

static void signatures_in_messages_are_judged(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        AUTO(cert_free) struct cert *alice = keys_make(profiles[i], "Alice", NULL);
        AUTO(cert_free) struct cert *bob = keys_make(profiles[i], "Bob", NULL);
        AUTO(message_close) struct message *m = NULL, *m2 = NULL;
        struct signer signer = keys_signer(alice);
        const struct sign_params sign = {.signers = &signer, .n_signers = 1, .world = keys_world()};
        struct slice text, message = encrypt_with(SLICE_TEXT("hi"), bob, NULL, &sign,
                                                  ENCRYPT_BY_RECIPIENTS, COMPRESSION_NONE);
        struct key_ring ring = {.certs = {bob, alice}};
        keys_ring(&ring);
        OK(read_message(message, &ring, &m, &text));
        SAME(text, SLICE_TEXT("hi"));
        assert_int_equal(message_info(m)->verdicts.n, 1);
        const struct verdict *v = &message_info(m)->verdicts.items[0];
        assert_int_equal(v->status, VERDICT_GOOD);
        assert_string_equal(v->user_id, "Alice");
        assert_true(fingerprint_equal(&v->primary, cert_fingerprint(alice)));
        ring.certs[1] = NULL;
        OK(read_message(message, &ring, &m2, &text));
        assert_int_equal(message_info(m2)->verdicts.items[0].status, VERDICT_UNKNOWN_SIGNER);
        secret_free(signer.secret);
    }
}

static void every_touched_bit_is_noticed(void **state)
{
    (void)state;
    AUTO(cert_free) struct cert *key = keys_make("default", "a", NULL);
    struct key_ring ring = {.certs = {key}};
    keys_ring(&ring);
    for (int format = ENCRYPT_SEIPD1; format <= ENCRYPT_SEIPD2; format++) {
        struct slice message = encrypt_with(SLICE_TEXT("attack at dawn"), key, NULL, NULL,
                                            (enum encrypt_format)format, COMPRESSION_NONE);
        CLEANUP(buf_clear) struct buf copy = BUF_EMPTY(SIZE_MAX);
        buf_bytes(&copy, message);
        for (size_t bit = 0; bit < message.len * 8; bit++) {
            AUTO(message_close) struct message *m = NULL;
            struct slice text;
            copy.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
            err *e = read_message(buf_view(&copy), &ring, &m, &text);
            if (e == NULL)
                fail_msg("bit %zu of %zu went unnoticed", bit, message.len * 8);
            err_free(e);
            copy.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        for (size_t len = 0; len < message.len; len++) {
            AUTO(message_close) struct message *m = NULL;
            struct slice text;
            err *e = read_message(slice_of(message.data, len), &ring, &m, &text);
            assert_non_null(e);
            err_free(e);
        }
    }
}

static void check_verdict(const struct verdict_list *l, enum verdict_status status)
{
    assert_int_equal(l->n, 1);
    assert_int_equal(l->items[0].status, status);
}

/* What GnuPG 2.2 needs where there is no checksum: padding, whatever the size. */
static void armored_old_messages_end_in_padding(void **state)
{
    (void)state;
    AUTO(cert_free) struct cert *key = keys_make("default", "a", NULL);
    AUTO(bound_cert_free) struct bound_cert *bound = NULL;
    struct key_ring ring = {.certs = {key}};
    keys_ring(&ring);
    OK(bind_cert(key, &policy_default, TEST_NOW, &bound));
    const struct recipient r = {.cert = bound};
    const struct encrypt_params p = {.recipients = &r,
                                     .n_recipients = 1,
                                     .armor = true,
                                     .format = ENCRYPT_SEIPD1,
                                     .world = keys_world(),
                                     .pool = pool};
    for (size_t size = 0; size < 9000; size += size < 700 ? 1 : 97) {
        struct encrypt_choice choice;
        AUTO(message_close) struct message *m = NULL;
        struct source *s = NULL;
        struct slice plain = kit_data(size), text;
        OK(encrypt_message(kit_pieces(plain), &p, &choice, &s));
        struct slice armored = kit_read(s);
        assert_non_null(memmem(armored.data, armored.len, "=\n-----END", 10));
        OK(armor_decode(kit_pieces(armored), ARMOR_NONE, ARMOR_ONE, &s));
        OK(read_message(kit_read(s), &ring, &m, &text));
        SAME(text, plain);
    }
}

/* A signed message of several chunks, slots and blocks, made with the same random numbers. */
static struct slice make_message(const struct cert *key, const struct signer *signers, size_t n,
                                 enum encrypt_format format, unsigned threads)
{
    AUTO(bound_cert_free) struct bound_cert *bound = NULL;
    AUTO(pool_free) struct pool *some = NULL;
    const struct world world = unit_world(TEST_NOW, 7);
    struct encrypt_choice choice;
    struct source *s = NULL;
    OK(pool_new(threads, &some));
    OK(bind_cert(key, &policy_default, TEST_NOW, &bound));
    const struct recipient r = {.cert = bound};
    const struct sign_params sign = {.signers = signers, .n_signers = n, .world = &world};
    const struct encrypt_params p = {.recipients = &r,
                                     .n_recipients = 1,
                                     .sign = &sign,
                                     .format = format,
                                     .world = &world,
                                     .pool = some};
    OK(encrypt_message(kit_pieces(kit_data(3000017)), &p, &choice, &s));
    return kit_read(s);
}

static void threads_do_not_change_a_message(void **state)
{
    static const unsigned threads[] = {1, 2, 8};
    static const enum encrypt_format formats[] = {ENCRYPT_SEIPD1, ENCRYPT_SEIPD2};
    (void)state;
    AUTO(cert_free) struct cert *alice = keys_make("default", "Alice", NULL);
    AUTO(cert_free) struct cert *bob = keys_make("rfc9580", "Bob", NULL);
    struct signer signers[] = {keys_signer(alice), keys_signer(bob)};
    for (size_t f = 0; f < 2; f++) {
        struct slice alone = make_message(alice, signers, 2, formats[f], 0);
        for (size_t i = 0; i < 3; i++)
            SAME(make_message(alice, signers, 2, formats[f], threads[i]), alone);
    }
    signer_clear(&signers[0]);
    signer_clear(&signers[1]);
}

static void detached_signatures(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        for (int text = 0; text < 2; text++) {
            AUTO(cert_free) struct cert *alice = keys_make(profiles[i], "Alice", NULL);
            struct signer signer = keys_signer(alice);
            const struct sign_params p = {
                .signers = &signer, .n_signers = 1, .text = text == 1, .world = keys_world()};
            struct key_ring ring = {.certs = {alice}};
            CLEANUP(buf_clear) struct buf sig = BUF_EMPTY(SIZE_MAX);
            keys_ring(&ring);
            AUTO(source_close) struct source *document = kit_pieces(SLICE_TEXT("a\nb\r\n"));
            OK(sign_detached(document, &p, &sig));

            const struct verify_params v = {
                .finder = &ring.finder, .policy = &policy_default, .world = keys_world()};
            static const char *const documents[] = {"a\nb\r\n", "a\r\nb\n", "a\nc\r\n"};
            for (int k = 0; k < 3; k++) {
                CLEANUP(verdict_list_clear) struct verdict_list verdicts = {0};
                AUTO(source_close) struct source *sigs = kit_pieces(buf_view(&sig));
                AUTO(source_close) struct source *doc = kit_pieces(slice_of_string(documents[k]));
                OK(verify_detached(sigs, doc, &v, &verdicts));
                check_verdict(&verdicts, k == 0 || (k == 1 && text) ? VERDICT_GOOD : VERDICT_BAD);
            }
            secret_free(signer.secret);
        }
    }
}

static enum verdict_status verdict_at(int64_t at, struct slice sig, struct key_ring *ring)
{
    const struct world then = unit_world(at, 0);
    const struct verify_params v = {
        .finder = &ring->finder, .policy = &policy_default, .world = &then};
    CLEANUP(verdict_list_clear) struct verdict_list verdicts = {0};
    AUTO(source_close) struct source *sigs = kit_pieces(sig);
    AUTO(source_close) struct source *doc = kit_pieces(SLICE_TEXT("text"));
    OK(verify_detached(sigs, doc, &v, &verdicts));
    assert_int_equal(verdicts.n, 1);
    return verdicts.items[0].status;
}

static void the_clock_of_a_signer_may_be_a_little_fast(void **state)
{
    (void)state;
    AUTO(cert_free) struct cert *alice = keys_make("default", "Alice", NULL);
    struct signer signer = keys_signer(alice);
    const struct sign_params p = {.signers = &signer, .n_signers = 1, .world = keys_world()};
    struct key_ring ring = {.certs = {alice}};
    CLEANUP(buf_clear) struct buf sig = BUF_EMPTY(SIZE_MAX);
    AUTO(source_close) struct source *document = kit_pieces(SLICE_TEXT("text"));
    keys_ring(&ring);
    OK(sign_detached(document, &p, &sig));
    static const int ahead[] = {0, 1, CLOCK_SKEW_SECONDS, CLOCK_SKEW_SECONDS + 1, 1000000};
    for (size_t i = 0; i < sizeof ahead / sizeof *ahead; i++)
        assert_int_equal(verdict_at(TEST_NOW - ahead[i], buf_view(&sig), &ring),
                         i < 3 ? VERDICT_GOOD : VERDICT_REJECTED);
    secret_free(signer.secret);
}

static void inline_signatures(void **state)
{
    (void)state;
    AUTO(cert_free) struct cert *alice = keys_make("default", "Alice", NULL);
    AUTO(cert_free) struct cert *bob = keys_make("rfc9580", "Bob", NULL);
    struct signer signers[2] = {keys_signer(alice), keys_signer(bob)};
    const struct sign_params p = {.signers = signers, .n_signers = 2, .world = keys_world()};
    struct key_ring ring = {.certs = {alice, bob}};
    AUTO(message_close) struct message *m = NULL;
    struct source *s = NULL;
    struct slice text;
    keys_ring(&ring);
    OK(sign_inline(kit_pieces(SLICE_TEXT("hello")), &p, &s));
    struct slice message = kit_read(s);
    OK(read_message(message, &ring, &m, &text));
    SAME(text, SLICE_TEXT("hello"));
    assert_int_equal(verdict_count(&message_info(m)->verdicts, VERDICT_GOOD), 2);

    /* A changed text is bad for both. */
    CLEANUP(buf_clear) struct buf copy = BUF_EMPTY(SIZE_MAX);
    AUTO(message_close) struct message *m2 = NULL;
    buf_bytes(&copy, message);
    uint8_t *at = memmem(copy.data, copy.len, "hello", 5);
    at[0] = 'j';
    OK(read_message(buf_view(&copy), &ring, &m2, &text));
    assert_int_equal(verdict_count(&message_info(m2)->verdicts, VERDICT_BAD), 2);
    secret_free(signers[0].secret);
    secret_free(signers[1].secret);
}

static void verify_cleartext(struct slice message, const struct key_ring *ring,
                             enum verdict_status expected, const char *text)
{
    const struct verify_params v = {
        .finder = &ring->finder, .policy = &policy_default, .world = keys_world()};
    CLEANUP(verdict_list_clear) struct verdict_list verdicts = {0};
    AUTO(spool_free) struct spool *spool = NULL;
    AUTO(source_close) struct source *in = kit_pieces(message);
    enum armor_kind kind;
    struct source *out = NULL;
    OK(spool_new("/tmp", &spool));
    OK(armor_find(in, &kind));
    assert_int_equal(kind, ARMOR_SIGNED_MESSAGE);
    OK(cleartext_verify(in, &v, spool, &verdicts));
    check_verdict(&verdicts, expected);
    OK(spool_source(spool, &out));
    SAME(kit_read(out), slice_of_string(text));
}

static void cleartext_signatures(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        AUTO(cert_free) struct cert *alice = keys_make(profiles[i], "Alice", NULL);
        struct signer signer = keys_signer(alice);
        const struct sign_params p = {.signers = &signer, .n_signers = 1, .world = keys_world()};
        struct key_ring ring = {.certs = {alice}};
        struct source *s = NULL;
        keys_ring(&ring);
        OK(sign_cleartext(kit_pieces(SLICE_TEXT("- dash \r\n\nlast")), &p, &s));
        struct slice message = kit_read(s);
        verify_cleartext(message, &ring, VERDICT_GOOD, "- dash\n\nlast");

        CLEANUP(buf_clear) struct buf copy = BUF_EMPTY(SIZE_MAX);
        buf_bytes(&copy, message);
        uint8_t *at = memmem(copy.data, copy.len, "last", 4);
        at[0] = 'p';
        verify_cleartext(buf_view(&copy), &ring, VERDICT_BAD, "- dash\n\npast");
        secret_free(signer.secret);
    }
}

static void merged_certificates_have_both(void **state)
{
    (void)state;
    AUTO(cert_free) struct cert *key = keys_make("default", "Alice", NULL);
    CLEANUP(buf_clear) struct buf bytes = BUF_EMPTY(SIZE_MAX);
    AUTO(cert_free) struct cert *bare = NULL, *merged = NULL, *again = NULL;
    bool changed;
    /* The certificate without its last two packets: subkey and binding. */
    cert_write(key, CERT_PUBLIC, &bytes);
    struct reader r = reader_init(buf_view(&bytes), "cert");
    struct packet p = {0};
    for (int i = 0; i < 3; i++)
        OK(packet_next(&r, &p));
    OK(cert_parse(slice_of(bytes.data, reader_offset(&r)), &bare));
    assert_int_equal(bare->components.n, 2);

    OK(cert_merge(bare, key, &merged, &changed));
    assert_true(changed);
    assert_int_equal(merged->components.n, 3);
    assert_true(cert_has_secret(merged));
    OK(cert_merge(merged, bare, &again, &changed));
    assert_false(changed);
    SAME(buf_view(&again->bytes), buf_view(&merged->bytes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generated_keys_hold),
        cmocka_unit_test(keys_without_user_id_hold),
        cmocka_unit_test(messages_open_again),
        cmocka_unit_test(protected_keys_open_with_the_right_passphrase),
        cmocka_unit_test(passphrases_open_messages),
        cmocka_unit_test(signatures_in_messages_are_judged),
        cmocka_unit_test(every_touched_bit_is_noticed),
        cmocka_unit_test(armored_old_messages_end_in_padding),
        cmocka_unit_test(threads_do_not_change_a_message),
        cmocka_unit_test(detached_signatures),
        cmocka_unit_test(the_clock_of_a_signer_may_be_a_little_fast),
        cmocka_unit_test(inline_signatures),
        cmocka_unit_test(cleartext_signatures),
        cmocka_unit_test(merged_certificates_have_both),
    };
    return cmocka_run_group_tests_name("pgp", tests, make_pool, free_pool);
}
