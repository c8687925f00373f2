/* Robustness: bits turned over and ends cut off, in every vector of the RFC.  No
 * reader dies or hangs, and nothing that was changed is taken for the original. */
#include "unit.h"
#include "corpus.h"
#include "kit.h"
#include "mutate.h"

#include <unistd.h>

enum { SECONDS_MAX = 300 }; /* then something hangs; sanitizers take their time */

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

/* A case about a file of the RFC, read as it stands or without its armor, with a
 * key to open or verify it. */
static struct mutate_case case_of(const char *file, bool armored, struct slice text,
                                  struct cert *key)
{
    struct slice whole = unit_vector(file), packets = corpus_packets(whole);
    return (struct mutate_case){.original = armored ? whole : packets,
                                .text = text,
                                .packets = packets,
                                .feed = {.ring = {.certs = {key}}, .pool = pool}};
}

static struct cert *key_in(const char *file)
{
    struct cert *c = NULL;
    OK(cert_parse(corpus_packets(unit_vector(file)), &c));
    return c;
}

/* The original is accepted, so that the claims about the others mean something;
 * of those `at_most` are, for reasons that the caller gives. */
static void run(struct mutate_case *c, mutate_feed *feed, size_t at_most)
{
    keys_ring(&c->feed.ring);
    feed(c, c->original);
    assert_int_equal(c->accepted, 1);
    mutate(c, 1, feed);
    if (c->accepted > 1 + at_most)
        print_error("%zu changed inputs were accepted\n", c->accepted - 1);
    assert_true(c->accepted <= 1 + at_most);
}

/* Every reader, every vector */

static void feed_file(void *context, const char *path, struct slice bytes)
{
    struct mutate_case *c = context;
    if (strstr(path, "README") != NULL)
        return;
    c->original = bytes;
    mutate(c, bytes.len > 1000 ? 3 : 1, mutate_feed_all);
    c->original = corpus_packets(bytes);
    mutate(c, 1, mutate_feed_all);
}

static void readers_survive_every_vector(void **state)
{
    (void)state;
    AUTO(cert_free) struct cert *key = key_in("rfc9580/A.4-v6-secret-key.asc");
    struct mutate_case c = {.text = SLICE_TEXT("OpenPGP"),
                            .feed = {.ring = {.certs = {key}}, .pool = pool}};
    keys_ring(&c.feed.ring);
    assert_true(corpus_vectors(feed_file, &c) >= 30);
}

/* Nothing that was changed is accepted */

static void changed_certificates(void **state)
{
    (void)state;
    static const char *const files[] = {
        "rfc9580/A.1-v4-ed25519legacy-pubkey.asc", "rfc9580/A.3-v6-certificate.asc",
        "rfc9580/A.4-v6-secret-key.asc", "rfc9580/A.5-v6-secret-key-locked.asc"};
    for (size_t i = 0; i < 4; i++) {
        struct mutate_case binary = case_of(files[i], false, SLICE_EMPTY, NULL);
        struct mutate_case armored = case_of(files[i], true, SLICE_EMPTY, NULL);
        mutate(&binary, 1, mutate_feed_cert);
        mutate(&armored, 1, mutate_feed_cert);
    }
}

/* Armor has room for changes: headers, and the checksum, which nobody checks. */
static void changed_detached_signature(void **state)
{
    (void)state;
    static const char file[] = "rfc9580/A.2-v4-ed25519legacy-signature.asc";
    AUTO(cert_free) struct cert *key = key_in("rfc9580/A.1-v4-ed25519legacy-pubkey.asc");
    struct mutate_case binary = case_of(file, false, SLICE_TEXT("OpenPGP"), key);
    struct mutate_case armored = case_of(file, true, SLICE_TEXT("OpenPGP"), key);
    run(&binary, mutate_feed_detached, 1);
    run(&armored, mutate_feed_detached, 4);
}

static void changed_document(void **state)
{
    (void)state;
    static const char file[] = "rfc9580/A.2-v4-ed25519legacy-signature.asc";
    AUTO(cert_free) struct cert *key = key_in("rfc9580/A.1-v4-ed25519legacy-pubkey.asc");
    for (size_t bit = 0; bit < 8 * 7; bit++) {
        struct slice text = unit_flipped(SLICE_TEXT("OpenPGP"), bit);
        struct mutate_case c = case_of(file, false, text, key);
        keys_ring(&c.feed.ring);
        mutate_feed_detached(&c, c.original);
        assert_int_equal(c.accepted, 0);
    }
}

static void changed_cleartext(void **state)
{
    (void)state;
    AUTO(cert_free) struct cert *key = key_in("rfc9580/A.3-v6-certificate.asc");
    struct slice text = unit_vector("rfc9580/A.6-document.txt");
    struct mutate_case c = case_of("rfc9580/A.6-cleartext-signed.asc", true, text, key);
    run(&c, mutate_feed_cleartext, 8);
}

/* The one-pass packet's algorithm, issuer and flag are hints (34 octets), the
 * literal packet's header is not hashed (6). */
static void changed_inline_signature(void **state)
{
    (void)state;
    AUTO(cert_free) struct cert *key = key_in("rfc9580/A.3-v6-certificate.asc");
    struct slice text = unit_vector("rfc9580/A.6-document.txt");
    static const char file[] = "rfc9580/A.7-inline-signed.asc";
    struct mutate_case binary = case_of(file, false, text, key);
    struct mutate_case armored = case_of(file, true, text, key);
    run(&binary, mutate_feed_message, 40);
    run(&armored, mutate_feed_message, 60);
}

static void changed_encrypted_message(void **state)
{
    (void)state;
    AUTO(cert_free) struct cert *key = key_in("rfc9580/A.4-v6-secret-key.asc");
    static const char file[] = "rfc9580/A.8-x25519-aead-ocb-message.asc";
    struct slice text = unit_vector("rfc9580/hello-world.txt");
    struct mutate_case binary = case_of(file, false, text, key);
    struct mutate_case armored = case_of(file, true, text, key);
    run(&binary, mutate_feed_message, 2);
    run(&armored, mutate_feed_message, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_survive_every_vector),
        cmocka_unit_test(changed_certificates),
        cmocka_unit_test(changed_detached_signature),
        cmocka_unit_test(changed_document),
        cmocka_unit_test(changed_cleartext),
        cmocka_unit_test(changed_inline_signature),
        cmocka_unit_test(changed_encrypted_message),
    };
    return cmocka_run_group_tests_name("mutate", tests, make_pool, free_pool);
}
