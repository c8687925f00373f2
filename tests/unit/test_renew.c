/* Keys brought up to date: what is signed again, for how long, and what is left alone. */
#include "unit.h"
#include "craft.h"
#include "keys.h"

#include "crypto/algo.h"
#include "pgp/edit.h"
#include "pgp/renew.h"

enum { DAY = 86400, YEAR = 365 * DAY, NOW = TEST_NOW };

static const struct key_finder nobody = {0};
static struct cert *before, *after;
static struct bound_cert *bound;

static void clear(void)
{
    bound_cert_free(bound);
    cert_free(after);
    cert_free(before);
    bound = NULL;
    before = after = NULL;
}

static int teardown(void **state)
{
    (void)state;
    clear();
    return 0;
}

static struct renew_params params_at(const struct world *w)
{
    return (struct renew_params){.keys = {.finder = &nobody,
                                          .policy = &policy_default,
                                          .limits = &s2k_default_limits,
                                          .world = w}};
}

/* `before` renewed at a time; `bound` is the result under the default policy. */
static const struct bound_cert *renewed(int64_t at, struct renew_params p)
{
    struct world w = unit_world(at, 7);
    p.keys = params_at(&w).keys;
    cert_free(after);
    bound_cert_free(bound);
    bound = NULL;
    after = NULL;
    OK(renew_key(before, &p, &after));
    OK(bind_cert(after, &policy_default, at, &bound));
    return bound;
}

#define RENEW(at, ...) renewed((at), (struct renew_params){__VA_ARGS__})

static void refused(enum err_kind kind)
{
    struct world w = unit_world(NOW, 7);
    struct renew_params p = params_at(&w);
    FAILS(kind, renew_key(before, &p, &after));
}

static bool is_unchanged(void)
{
    struct buf *a = unit_keep(), *b = unit_keep();
    cert_write(before, CERT_SECRET | CERT_LOCAL, a);
    cert_write(after, CERT_SECRET | CERT_LOCAL, b);
    return slice_equal(buf_view(a), buf_view(b));
}

/* A key of a profile, made at a time. */
static void generated(const char *profile, int64_t at, uint32_t expires_after)
{
    struct world w = unit_world(at, 1);
    const struct slice id = SLICE_TEXT("Alice <alice@example.org>");
    const struct keygen_params p = {.profile = keygen_profile_find(profile),
                                    .user_ids = &id,
                                    .n_user_ids = 1,
                                    .expires_after = expires_after,
                                    .world = &w};
    clear();
    OK(keygen_make(&p, &before));
}

/* The secret part of a crafted key, if it has one. */
static void write_key(const struct component *x, struct buf *out)
{
    struct world w = unit_world(NOW, 3);
    bool primary = x->kind == COMPONENT_PRIMARY;
    for (int i = 0; i < CRAFT_KEYS; i++) {
        const struct craft_key *k = craft_key((enum craft_who)i);
        uint8_t type = primary ? PACKET_SECRET_KEY : PACKET_SECRET_SUBKEY;
        struct buf *body = unit_keep();
        if (!fingerprint_equal(&k->public.fpr, &x->key.fpr))
            continue;
        OK(seckey_write(body, &k->public, type, k->secret, NULL, &w));
        packet_write(out, type, buf_view(body));
        return;
    }
    packet_write(out, x->packet.type, x->packet.body);
}

/* What was crafted, as `before`, with secret parts. */
static void crafted(const struct craft *c)
{
    struct buf *packets = unit_keep();
    clear();
    struct cert *public = craft_cert(c);
    for (size_t i = 0; i < public->components.n; i++) {
        const struct component *x = &public->components.items[i];
        if (x->kind == COMPONENT_PRIMARY || x->kind == COMPONENT_SUBKEY)
            write_key(x, packets);
        else
            packet_write(packets, x->packet.type, x->packet.body);
        for (size_t k = 0; k < x->sigs.n; k++)
            packet_write(packets, PACKET_SIGNATURE, x->sigs.items[k].packet.body);
    }
    OK(cert_parse(buf_view(packets), &before));
    cert_free(public);
}

/* The features that keep a signature from being signed again for their lack. */
static struct slice new_features(void)
{
    return craft_sub(SUB_FEATURES, false, unit_hex("09"));
}

/* Dave's RSA key, unlike Alice's, signs with any hash. */
static struct craft one_user(enum craft_who who, const struct craft_sig *self)
{
    struct craft c = craft_start(craft_key(who));
    craft_user(&c, "Alice");
    craft_sign_it(&c, self);
    return c;
}

static struct craft modern(enum craft_who who)
{
    return one_user(who, &(struct craft_sig){.type = SIG_CERT_POSITIVE,
                                             .at = CRAFT_START,
                                             .flags = 3,
                                             .hashed = new_features()});
}

static void add_subkey(struct craft *c, enum craft_who who, uint8_t flags, uint32_t key_expires,
                       uint8_t hash)
{
    craft_subkey(c, craft_key(who));
    craft_sign_it(c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING,
                                         .at = CRAFT_SUBKEYS,
                                         .flags = flags,
                                         .key_expires = key_expires,
                                         .hash = hash});
}

static void add_encryption(struct craft *c, enum craft_who who, uint32_t key_expires)
{
    add_subkey(c, who, FLAG_ENCRYPT, key_expires, 0);
}

static void nothing_is_due(void **state)
{
    static const char *const profiles[] = {"default", "rfc9580", "security"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        generated(profiles[i], NOW, 3 * YEAR);
        RENEW(NOW, .revoke_deprecated = true);
        assert_true(is_unchanged());
        RENEW(NOW + 3 * YEAR / 2 - DAY, .revoke_deprecated = true);
        assert_true(is_unchanged());
    }
}

static void what_is_half_over_lives_as_long_again(void **state)
{
    static const char *const profiles[] = {"default", "rfc9580"};
    const int64_t times[] = {NOW + YEAR + DAY, NOW + 2 * YEAR - 1, NOW + 7 * YEAR};
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        generated(profiles[i % 2], NOW, 2 * YEAR);
        const struct bound_cert *b = RENEW(times[i / 2]);
        PROBLEM(bound_problem(b), NULL);
        assert_int_equal(b->items[0].expires_at, times[i / 2] + 2 * YEAR);
        PROBLEM(b->items[2].problem, NULL);
        assert_int_equal(b->items[2].expires_at, times[i / 2] + 2 * YEAR);
        assert_int_equal(after->components.n, before->components.n);
    }
}

static void a_key_that_never_ends_goes_on(void **state)
{
    (void)state;
    generated("default", NOW, 0);
    RENEW(NOW + 20LL * YEAR);
    assert_true(is_unchanged());
}

/* Made when SHA-1 was accepted, or when it was not any more: both are due. */
static void weak_hashes_are_replaced(void **state)
{
    const uint32_t times[] = {CRAFT_START, 1717200000 /* 2024-06-01 */};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct craft c = one_user(
            DAVE, &(struct craft_sig){
                      .type = SIG_CERT_CASUAL,
                      .at = times[i],
                      .flags = 3,
                      .hash = HASH_SHA1,
                      .hashed = unit_joined(new_features(),
                                            craft_sub(SUB_POLICY_URI, false, SLICE_TEXT("x:y")))});
        craft_subkey(&c, craft_key(ALICE_ENCRYPT));
        craft_sign_it(&c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING,
                                              .at = times[i] + 1000,
                                              .flags = 4,
                                              .hash = HASH_SHA1});
        crafted(&c);
        const struct bound_cert *b = RENEW(NOW, .no_added_capabilities = true);
        PROBLEM(bound_problem(b), NULL);
        struct subpacket uri;
        assert_int_equal(b->user_sig->created_at, NOW);
        assert_int_equal(b->user_sig->type, SIG_CERT_CASUAL);
        assert_true(sig_find(b->user_sig, SUB_POLICY_URI, &uri));
        assert_int_equal(b->user_sig->key_flags, 3);
        assert_int_not_equal(b->user_sig->hash_algo, HASH_SHA1);
        PROBLEM(b->items[2].problem, NULL);
        assert_int_equal(b->items[2].key_flags, 4);
        assert_int_not_equal(b->items[2].binding->hash_algo, HASH_SHA1);
        assert_int_equal(after->components.n, 3);
    }
}

/* Who knows who has made it? */
static void md5_is_not_believed(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(DAVE));
    craft_user(&c, "Dave");
    craft_sign_it(&c,
                  &(struct craft_sig){
                      .type = SIG_CERT_POSITIVE, .at = CRAFT_START, .flags = 3, .hash = HASH_MD5});
    crafted(&c);
    const struct bound_cert *b = RENEW(NOW);
    PROBLEM(bound_problem(b), NULL); /* a direct key signature stands in */
    PROBLEM(b->items[1].problem, "MD5");
}

static void forged_signatures_are_not_signed_again(void **state)
{
    (void)state;
    struct craft c = modern(DAVE);
    craft_user(&c, "Mallory");
    craft_sign_it(
        &c, &(struct craft_sig){
                .type = SIG_CERT_POSITIVE, .at = CRAFT_START, .hash = HASH_SHA1, .forged = true});
    add_encryption(&c, ALICE_ENCRYPT, 0);
    craft_subkey(&c, craft_key(BOB));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING,
                                          .at = CRAFT_SUBKEYS,
                                          .hash = HASH_SHA1,
                                          .flags = 12,
                                          .forged = true});
    crafted(&c);
    RENEW(NOW);
    assert_true(is_unchanged());
}

static void weak_signatures_of_other_copies_are_left_out(void **state)
{
    const uint32_t late = 1717200000; /* 2024-06-01 */
    (void)state;
    struct craft c = modern(DAVE);
    craft_sign_it(&c, &(struct craft_sig){
                          .type = SIG_CERT_POSITIVE, .at = CRAFT_START + 1, .hash = HASH_SHA1});
    craft_user(&c, "Mallory");
    craft_sign_it(&c, &(struct craft_sig){
                          .type = SIG_CERT_POSITIVE, .at = late, .flags = 3, .hash = HASH_SHA1});
    craft_sign_it(&c,
                  &(struct craft_sig){.type = SIG_CERT_REVOCATION, .at = late, .hash = HASH_SHA1});
    crafted(&c);
    OK(edit_without_weak(before, &policy_default, &after));
    assert_int_equal(after->components.n, 3);
    assert_int_equal(after->components.items[1].sigs.n, 2);
    assert_int_equal(after->components.items[2].sigs.n, 1);
    assert_int_equal(after->components.items[2].sigs.items[0].sig.type, SIG_CERT_REVOCATION);
    assert_true(cert_has_secret(after));
}

static void features_are_announced(void **state)
{
    (void)state;
    struct craft c = one_user(
        ALICE, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START, .flags = 3});
    add_encryption(&c, ALICE_ENCRYPT, 0);
    crafted(&c);
    const struct bound_cert *b = RENEW(NOW);
    struct slice aead;
    assert_int_equal(bound_features(b), FEATURE_SEIPD1 | FEATURE_SEIPD2);
    assert_true(bound_preference(b, SUB_PREFERRED_AEAD, &aead));
    assert_int_equal(b->items[0].key_flags, 3);
    RENEW(NOW, .no_added_capabilities = true);
    assert_true(is_unchanged());
}

static void a_subkey_for_encryption_is_added(void **state)
{
    (void)state;
    struct craft c = modern(ALICE);
    crafted(&c);
    const struct bound_cert *b = RENEW(NOW);
    const struct bound *key = bound_find_key(b, FLAG_ENCRYPT, PK_ENCRYPTS);
    assert_non_null(key);
    assert_int_equal(key->component->key.created_at, NOW);
    assert_int_equal(key->component->secret.state, SECKEY_UNPROTECTED);
    RENEW(NOW, .signing_only = true);
    assert_true(is_unchanged());
    RENEW(NOW, .no_added_capabilities = true);
    assert_true(is_unchanged());
}

static void of_two_subkeys_the_newer_lives_on(void **state)
{
    (void)state;
    struct craft c = modern(ALICE);
    add_encryption(&c, DAVE, YEAR); /* made before the other one */
    add_encryption(&c, ALICE_ENCRYPT, 2 * YEAR);
    crafted(&c);
    const struct bound_cert *b = RENEW(CRAFT_SUBKEYS + YEAR - DAY);
    assert_true(is_unchanged());
    b = RENEW(CRAFT_SUBKEYS + 3 * YEAR / 2);
    PROBLEM(b->items[2].problem, "expired");
    PROBLEM(b->items[3].problem, NULL);
    assert_true(b->items[3].expires_at > CRAFT_SUBKEYS + 3 * YEAR);
    b = RENEW(NOW);
    PROBLEM(b->items[2].problem, "expired");
    PROBLEM(b->items[3].problem, NULL);
}

static void replaced_subkeys_rest(void **state)
{
    (void)state;
    struct craft c = modern(DAVE);
    add_subkey(&c, BOB, FLAG_ENCRYPT, YEAR, HASH_SHA1);
    add_encryption(&c, ALICE_ENCRYPT, 0);
    crafted(&c);
    RENEW(NOW);
    assert_true(is_unchanged());
    /* One that does less does not replace. */
    c = modern(ALICE);
    add_encryption(&c, DAVE, YEAR);
    add_subkey(&c, ALICE_ENCRYPT, FLAG_ENCRYPT_COMMS, 0, 0);
    crafted(&c);
    PROBLEM(RENEW(NOW)->items[2].problem, NULL);
}

/* One with a subkey that signs. */
static void signing(enum craft_who primary, uint8_t hash, enum craft_who subkey, uint8_t back_hash)
{
    struct craft c = modern(primary);
    add_encryption(&c, ALICE_ENCRYPT, 0);
    craft_subkey(&c, craft_key(subkey));
    const struct craft_sig back = {
        .type = SIG_PRIMARY_BINDING, .at = CRAFT_SUBKEYS, .hash = back_hash};
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING,
                                          .at = CRAFT_SUBKEYS,
                                          .flags = FLAG_SIGN,
                                          .hash = hash,
                                          .embedded = craft_back(&c, craft_key(subkey), &back)});
    crafted(&c);
}

static void check_confirmed_again(void)
{
    const struct bound_cert *b = RENEW(NOW);
    const struct sig *binding = b->items[3].binding;
    struct subpacket embedded;
    struct sig back;
    size_t cursor = 0;
    PROBLEM(b->items[3].problem, NULL);
    assert_int_equal(binding->created_at, NOW);
    assert_true(sig_next_embedded(binding, &cursor, &embedded));
    OK(sig_parse(embedded.body, &back));
    assert_int_equal(back.created_at, NOW);
    assert_int_not_equal(back.hash_algo, HASH_SHA1);
    assert_false(sig_next_embedded(binding, &cursor, &embedded));
}

static void a_subkey_that_signs_confirms_again(void **state)
{
    (void)state;
    signing(DAVE, HASH_SHA1, ALICE_SIGN, 0);
    check_confirmed_again();
    signing(ALICE, 0, DAVE, HASH_SHA1);
    check_confirmed_again();
    signing(ALICE, 0, DAVE, 0);
    RENEW(NOW);
    assert_true(is_unchanged());
}

static void what_is_revoked_stays_so(void **state)
{
    (void)state;
    struct craft c = modern(DAVE);
    craft_user(&c, "Alice at work");
    craft_sign_it(&c,
                  &(struct craft_sig){
                      .type = SIG_CERT_POSITIVE, .at = CRAFT_START, .flags = 3, .hash = HASH_SHA1});
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_REVOCATION,
                                          .at = CRAFT_START + DAY,
                                          .reason = SLICE_TEXT("\x20")});
    add_subkey(&c, BOB, FLAG_ENCRYPT, 0, HASH_SHA1);
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_SUBKEY_REVOCATION,
                                          .at = CRAFT_SUBKEYS + DAY,
                                          .reason = SLICE_TEXT("\x01")});
    add_encryption(&c, ALICE_ENCRYPT, 0);
    crafted(&c);
    RENEW(NOW);
    assert_true(is_unchanged());
}

/* Elgamal: p of 2048 bits, g, y. */
static const struct craft_key *elgamal(void)
{
    static struct craft_key k;
    struct buf *material = unit_keep(), *body = unit_keep();
    buf_u16(material, 2048);
    buf_fill(material, 0xFF, 256);
    buf_u16(material, 2);
    buf_u8(material, 2);
    buf_u16(material, 2048);
    buf_fill(material, 0xFE, 256);
    pubkey_write(body, 4, CRAFT_SUBKEYS, PK_ELGAMAL, buf_view(material));
    struct reader r = reader_init(buf_view(body), "Elgamal");
    OK(pubkey_parse(&r, &k.public));
    return &k;
}

static void deprecated_subkeys_are_replaced_and_revoked_if_asked(void **state)
{
    (void)state;
    struct craft c = modern(ALICE);
    craft_subkey(&c, elgamal());
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING, .at = CRAFT_SUBKEYS, .flags = 12});
    crafted(&c);
    const struct bound_cert *b = RENEW(NOW, .signing_only = true);
    assert_int_equal(after->components.n, 4);
    assert_null(b->items[2].revocation);
    assert_non_null(bound_find_key(b, FLAG_ENCRYPT, PK_ENCRYPTS));
    b = RENEW(NOW, .revoke_deprecated = true);
    assert_non_null(b->items[2].revocation);
    PROBLEM(b->items[2].problem, "superseded");
    assert_non_null(bound_find_key(b, FLAG_ENCRYPT, PK_ENCRYPTS));
}

static void bad_primary_keys(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_KEY_REVOCATION, .at = CRAFT_START});
    crafted(&c);
    refused(ERR_BAD_PRIMARY);
    c = modern(ALICE);
    clear();
    before = craft_cert(&c); /* without its secret part */
    refused(ERR_BAD_PRIMARY);
    generated("default", NOW + DAY, 0);
    refused(ERR_BAD_PRIMARY);
}

static void bare_keys_get_a_direct_key_signature(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(CAROL));
    crafted(&c);
    const struct bound_cert *b = RENEW(NOW);
    PROBLEM(bound_problem(b), NULL);
    assert_non_null(b->direct);
    assert_int_equal(b->items[0].key_flags, FLAG_CERTIFY | FLAG_SIGN);
    assert_non_null(bound_find_key(b, FLAG_ENCRYPT, PK_ENCRYPTS));
}

int main(void)
{
    pk_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(nothing_is_due, teardown),
        cmocka_unit_test_teardown(what_is_half_over_lives_as_long_again, teardown),
        cmocka_unit_test_teardown(a_key_that_never_ends_goes_on, teardown),
        cmocka_unit_test_teardown(weak_hashes_are_replaced, teardown),
        cmocka_unit_test_teardown(md5_is_not_believed, teardown),
        cmocka_unit_test_teardown(forged_signatures_are_not_signed_again, teardown),
        cmocka_unit_test_teardown(weak_signatures_of_other_copies_are_left_out, teardown),
        cmocka_unit_test_teardown(features_are_announced, teardown),
        cmocka_unit_test_teardown(a_subkey_for_encryption_is_added, teardown),
        cmocka_unit_test_teardown(of_two_subkeys_the_newer_lives_on, teardown),
        cmocka_unit_test_teardown(replaced_subkeys_rest, teardown),
        cmocka_unit_test_teardown(a_subkey_that_signs_confirms_again, teardown),
        cmocka_unit_test_teardown(what_is_revoked_stays_so, teardown),
        cmocka_unit_test_teardown(deprecated_subkeys_are_replaced_and_revoked_if_asked, teardown),
        cmocka_unit_test_teardown(bad_primary_keys, teardown),
        cmocka_unit_test_teardown(bare_keys_get_a_direct_key_signature, teardown),
    };
    return cmocka_run_group_tests_name("renew", tests, NULL, NULL);
}
