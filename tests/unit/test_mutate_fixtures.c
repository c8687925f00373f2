/* Robustness, as in test_mutate.c, with the files of other programs: every kind of
 * key, signature and message, and what has crashed others. */
#include "unit.h"
#include "corpus.h"
#include "kit.h"
#include "mutate.h"

#include <unistd.h>

enum { SECONDS_MAX = 300 };

static struct pool *pool;

static int make_pool(void **state)
{
    (void)state;
    alarm(SECONDS_MAX);
    err *e = pool_new(0, &pool);
    err_free(e);
    return e == NULL ? 0 : -1;
}

static int free_pool(void **state)
{
    (void)state;
    pool_free(pool);
    return 0;
}

static struct cert *key_in(const char *file)
{
    struct cert *c = NULL;
    OK(cert_parse(corpus_packets(unit_specdata(file)), &c));
    return c;
}

/* About so many bytes are changed, and so many ends cut off. */
static size_t step_for(struct slice s, size_t times)
{
    return s.len < times ? 1 : s.len / times;
}

/* Certificates and keys */

static void changed_certificates(void **state)
{
    (void)state;
    static const char *const files[] = {
        "interop-certificates/alice.pgp",
        "interop-certificates/alice-secret.pgp",
        "interop-certificates/bob.pgp",
        "interop-certificates/carol.pgp",
        "interop-certificates/john.pgp",
        "interop-certificates/ricarda.pgp",
        "fixtures/keys-ecc/ecc-p256-sec.asc",
        "fixtures/keys-ecc/ecc-p384-sec.asc",
        "fixtures/keys-ecc/ecc-p521-sec.asc",
        "fixtures/keys-ecc/ecc-25519-photo-pub.asc",
        "fixtures/keys-new-formats/v4-ed25519-x25519-tsk.asc",
        "fixtures/keys-new-formats/v6-ed448-x448-tsk.asc",
        "fixtures/keys-new-formats/v6-nistp-tsk.asc",
        "fixtures/keys-protection/gnu-card-s2k-101-2.pgp",
        "fixtures/keys-validity/five-octet-subpacket-lengths.cert",
        "fixtures/keys-v3/pgp263-test.pub.asc",
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct slice packets = corpus_packets(unit_specdata(files[i]));
        struct mutate_case c = {.original = packets, .packets = packets};
        mutate_feed_cert(&c, packets);
        mutate(&c, step_for(packets, 250), mutate_feed_cert);
    }
}

/* Messages and signatures */

struct sample {
    const char *file, *key;
    struct slice text;
    mutate_feed *feed;
    size_t at_most; /* changed ones may be accepted: headers, hints, armor */
};

static void run(const struct sample *s)
{
    struct slice whole = unit_specdata(s->file), packets = corpus_packets(whole);
    AUTO(cert_free) struct cert *key = key_in(s->key);
    struct mutate_case c = {
        .text = s->text, .packets = packets, .feed = {.ring = {.certs = {key}}, .pool = pool}};
    c.original = s->feed == mutate_feed_cleartext ? whole : packets;
    keys_ring(&c.feed.ring);
    s->feed(&c, c.original);
    if (c.accepted != 1)
        print_error("%s is not accepted\n", s->file);
    assert_int_equal(c.accepted, 1);
    mutate(&c, step_for(c.original, 400), s->feed);
    if (c.accepted > 1 + s->at_most)
        print_error("%s: %zu changed inputs were accepted\n", s->file, c.accepted - 1);
    assert_true(c.accepted <= 1 + s->at_most);
}

#define NEW(name) "fixtures/keys-new-formats/" name

static void changed_encrypted_messages(void **state)
{
    (void)state;
    const struct slice hello = SLICE_TEXT("hello world\n");
    const struct sample samples[] = {
        {NEW("v4-ed25519-x25519-enc-seipdv1.msg"), NEW("v4-ed25519-x25519-tsk.asc"), hello,
         mutate_feed_message, 0},
        {NEW("v4-ed25519-x25519-enc-seipdv2.msg"), NEW("v4-ed25519-x25519-tsk.asc"), hello,
         mutate_feed_message, 0},
        {NEW("v6-ed25519-x448-enc-seipdv2.msg"), NEW("v6-ed25519-x448-tsk.asc"), hello,
         mutate_feed_message, 0},
        {NEW("v6-ed448-x448-enc-seipdv1.msg"), NEW("v6-ed448-x448-tsk.asc"), hello,
         mutate_feed_message, 0},
        {NEW("v6-nistp-enc-seipdv2.msg"), NEW("v6-nistp-tsk.asc"), hello, mutate_feed_message, 0},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        run(&samples[i]);
}

static void changed_signatures(void **state)
{
    (void)state;
    static const char v3[] = "fixtures/signatures-v3/bob-v3-binary.sig";
    static const char bob[] = "interop-certificates/bob.pgp";
    struct slice document = unit_specdata("fixtures/signatures-v3/document.txt");
    const struct slice hello = SLICE_TEXT("hello world\n");
    const struct sample samples[] = {
        {v3, bob, document, mutate_feed_detached, 0},
        {"fixtures/signatures-v3/bob-v3-inline-onepass.pgp", bob, document, mutate_feed_message,
         40},
        {NEW("v4-ed25519-x25519-csf.msg"), NEW("v4-ed25519-x25519-tsk.asc"), hello,
         mutate_feed_cleartext, 20},
        {NEW("v6-ed448-x448-csf.msg"), NEW("v6-ed448-x448-tsk.asc"), hello, mutate_feed_cleartext,
         20},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        run(&samples[i]);
}

/* Every reader, every file */

static void feed_file(void *context, const char *path, struct slice bytes)
{
    struct mutate_case *c = context;
    (void)path;
    c->original = bytes;
    mutate_feed_all(c, bytes);
    mutate(c, step_for(bytes, 30), mutate_feed_all);
    c->original = corpus_packets(bytes);
    mutate(c, step_for(c->original, 30), mutate_feed_all);
}

/* Compression bombs are left to the tests of messages. */
static void readers_survive_every_fixture(void **state)
{
    (void)state;
    static const char *const folders[] = {"armor",
                                          "cleartext",
                                          "fuzz",
                                          "keys-dsa-elgamal",
                                          "keys-ecc",
                                          "keys-librepgp",
                                          "keys-new-formats",
                                          "keys-protection",
                                          "keys-rsa",
                                          "keys-v3",
                                          "keys-validity",
                                          "messages-aead-librepgp",
                                          "messages-encrypted",
                                          "messages-s2k-generated",
                                          "messages-signed",
                                          "signatures-v3",
                                          "trust-signatures"};
    AUTO(cert_free) struct cert *key = key_in("interop-certificates/alice-secret.pgp");
    struct mutate_case c = {.text = SLICE_TEXT("hello"),
                            .feed = {.ring = {.certs = {key}}, .pool = pool}};
    size_t n = 0;
    keys_ring(&c.feed.ring);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        AUTO(free) char *path = NULL;
        OK(mem_printf(&path, "fixtures/%s", folders[i]));
        n += corpus_specdata(path, feed_file, &c);
    }
    assert_true(n > 180);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changed_certificates),
        cmocka_unit_test(changed_encrypted_messages),
        cmocka_unit_test(changed_signatures),
        cmocka_unit_test(readers_survive_every_fixture),
    };
    return cmocka_run_group_tests_name("mutate fixtures", tests, make_pool, free_pool);
}
