/* A certificate at a point in time: which signatures hold, and what they make of
 * its keys [RFC9580 5.2.3.10].  Revocations are in test_revocation.c, user IDs in
 * test_bind_users.c. */
#include "unit.h"
#include "craft.h"

#include "crypto/algo.h"

enum { START = CRAFT_START, SUBKEYS = CRAFT_SUBKEYS, DAY = 86400, LATER = START + 1000 * DAY };

static struct craft alice(const struct craft_sig *user_sig)
{
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    craft_sign_it(&c, user_sig);
    return c;
}

static const struct craft_sig plain_user = {.type = SIG_CERT_POSITIVE, .at = START, .flags = 3};
static const struct craft_sig direct = {.type = SIG_DIRECT_KEY, .at = START, .flags = 3};

static void expect_key(const struct craft *c, int64_t at, size_t index, const char *problem)
{
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(c, at);
    assert_true(index < v.bound->n);
    PROBLEM(v.bound->items[index].problem, problem);
}

static void expect_cert(const struct craft *c, int64_t at, const char *problem)
{
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(c, at);
    PROBLEM(bound_problem(v.bound), problem);
}

/* How long keys live */

static void primary_keys_expire(void **state)
{
    (void)state;
    struct craft_sig sig = plain_user;
    sig.key_expires = 10 * DAY;
    struct craft c = alice(&sig);
    expect_cert(&c, START - 1, "created in the future, on 2017-07-14");
    expect_cert(&c, START, NULL);
    expect_cert(&c, START + 10 * DAY - 1, NULL);
    expect_cert(&c, START + 10 * DAY, "expired on 2017-07-24");
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, START);
    assert_int_equal(v.bound->items[0].expires_at, START + 10 * DAY);
    assert_int_equal(v.bound->items[0].key_flags, FLAG_CERTIFY | FLAG_SIGN);
    assert_ptr_equal(v.bound->items[0].binding, v.bound->user_sig);
    c = alice(&plain_user);
    expect_cert(&c, UINT32_MAX, NULL);
}

/* From their own creation [RFC9580 5.2.3.13] */
static void subkeys_expire(void **state)
{
    (void)state;
    struct craft c = alice(&plain_user);
    craft_subkey(&c, craft_key(ALICE_ENCRYPT));
    craft_sign_it(&c,
                  &(struct craft_sig){
                      .type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .flags = 12, .key_expires = DAY});
    expect_key(&c, SUBKEYS - 1, 2,
               "the subkey binding signature of 2017-07-14: made in the future");
    expect_key(&c, SUBKEYS, 2, NULL);
    expect_key(&c, SUBKEYS + DAY - 1, 2, NULL);
    expect_key(&c, SUBKEYS + DAY, 2, "expired on 2017-07-15");
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, SUBKEYS);
    assert_int_equal(v.bound->items[2].expires_at, SUBKEYS + DAY);
    assert_ptr_equal(bound_find_key(v.bound, FLAG_ENCRYPT, PK_ENCRYPTS), &v.bound->items[2]);
    CLEANUP(craft_view_clear) struct craft_view after = craft_look(&c, SUBKEYS + DAY);
    assert_null(bound_find_key(after.bound, FLAG_ENCRYPT, PK_ENCRYPTS));
    err *why = bound_why_no_key(after.bound, FLAG_ENCRYPT, PK_ENCRYPTS, "encrypt");
    PROBLEM(why, "which could encrypt: expired on 2017-07-15");
    err_free(why);
}

/* A key is of no use without its primary key. */
static void nothing_is_found_in_an_expired_certificate(void **state)
{
    (void)state;
    struct craft_sig sig = plain_user;
    sig.key_expires = 10 * DAY;
    struct craft c = alice(&sig);
    craft_subkey(&c, craft_key(ALICE_ENCRYPT));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .flags = 12});
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, START + 11 * DAY);
    assert_null(v.bound->items[2].problem);
    assert_null(bound_find_key(v.bound, FLAG_ENCRYPT, PK_ENCRYPTS));
    err *why = bound_why_no_key(v.bound, FLAG_ENCRYPT, PK_ENCRYPTS, "encrypt");
    PROBLEM(why, "the key: expired on 2017-07-24");
    err_free(why);
}

/* Which signature holds */

static void signatures_expire(void **state)
{
    (void)state;
    struct craft_sig sig = plain_user;
    sig.expires = DAY;
    struct craft c = alice(&sig);
    expect_cert(&c, START + DAY - 1, NULL);
    expect_cert(&c, START + DAY, "no valid self-signature");
    /* Where an older one is for ever, that holds again. */
    c = alice(&plain_user);
    craft_sign_it(&c, &(struct craft_sig){
                          .type = SIG_CERT_POSITIVE, .at = START + 1, .flags = 1, .expires = DAY});
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, START + DAY);
    CLEANUP(craft_view_clear) struct craft_view after = craft_look(&c, START + 1 + DAY);
    assert_int_equal(v.bound->items[0].key_flags, FLAG_CERTIFY);
    assert_int_equal(after.bound->items[0].key_flags, FLAG_CERTIFY | FLAG_SIGN);
}

static void expect_expiry(const struct craft *c, int64_t at, int64_t expires_at)
{
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(c, at);
    assert_int_equal(v.bound->items[0].expires_at, expires_at);
}

/* Whatever their order in the certificate, the newest that is good and not of the
 * future holds [RFC9580 5.2.3.10]. */
static void the_newest_signature_holds(void **state)
{
    (void)state;
    static const unsigned orders[][3] = {{1, 2, 3}, {3, 2, 1}, {2, 3, 1}};
    for (size_t i = 0; i < 3; i++) {
        struct craft c = craft_start(craft_key(ALICE));
        craft_user(&c, "Alice");
        for (size_t k = 0; k < 3; k++) {
            uint32_t n = orders[i][k];
            craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE,
                                                  .at = START + n * DAY,
                                                  .key_expires = n * 100 * DAY});
        }
        expect_cert(&c, START + DAY - 1, "no valid self-signature");
        expect_expiry(&c, START + DAY, START + 100 * DAY);
        expect_expiry(&c, START + 2 * DAY, START + 200 * DAY);
        expect_expiry(&c, LATER, START + 300 * DAY);
        /* A forgery is passed over. */
        craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE,
                                              .at = START + 4 * DAY,
                                              .key_expires = 400 * DAY,
                                              .forged = true});
        expect_expiry(&c, LATER, START + 300 * DAY);
    }
}

static void expect_note(const struct craft *c, int64_t at, size_t index, const char *note)
{
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(c, at);
    PROBLEM(v.bound->items[index].problem, NULL);
    PROBLEM(v.bound->items[index].note, note);
}

/* One that is passed over is told, with the reason; one that is still to come is not. */
static void what_is_passed_over_is_noted(void **state)
{
    (void)state;
    struct craft_sig newer = {.type = SIG_CERT_POSITIVE, .at = START + DAY, .expires = DAY};
    struct craft c = alice(&plain_user);
    expect_note(&c, LATER, 1, NULL);
    craft_sign_it(&c, &newer);
    expect_note(&c, START, 1, NULL);
    expect_note(&c, START + DAY, 1, NULL);
    expect_note(&c, LATER, 1,
                "not accepted, so that an older one holds: the positive certification signature "
                "of 2017-07-15: expired");
    newer = (struct craft_sig){.type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .flags = 12};
    craft_subkey(&c, craft_key(ALICE_ENCRYPT));
    craft_sign_it(&c, &newer);
    newer.at = SUBKEYS + DAY;
    newer.forged = true;
    craft_sign_it(&c, &newer);
    expect_note(&c, LATER, 2, "the subkey binding signature of 2017-07-15: the signature is wrong");
    c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, &direct);
    newer = direct;
    newer.at = START + DAY;
    newer.forged = true;
    craft_sign_it(&c, &newer);
    expect_note(&c, LATER, 0, "the direct key signature of 2017-07-15: the signature is wrong");
}

/* Nothing that is wrong with a newer signature hides the older one: each is taken as
 * if it were not there [RFC9580 5.2.3.10, 5.2.5]. */
static void what_is_wrong_hides_nothing(void **state)
{
    (void)state;
    struct slice notation = unit_hex("80000000 0003 0001 612E62 63");
    const uint8_t type = SIG_CERT_POSITIVE;
    const uint32_t limit = (uint32_t)policy_default.sha1_certs_until, now = limit + DAY;
    const struct craft_sig newer[] = {
        {.type = type, .forged = true},
        {.type = type, .expires = DAY},
        {.type = type, .at = now + 1},
        {.type = type, .by = craft_key(BOB)},
        {.type = SIG_DIRECT_KEY},
        {.type = SIG_SUBKEY_BINDING},
        {.type = SIG_BINARY},
        {.type = type, .hashed = craft_sub(99, true, unit_hex("00"))},
        {.type = type, .hashed = craft_sub(SUB_NOTATION, true, notation)},
        {.type = type, .hashed = craft_sub(SUB_EXPIRES, true, unit_hex("00"))},
        {.type = type, .hash = HASH_SHA1, .at = limit},
        {.type = type, .hash = HASH_MD5},
    };
    for (size_t i = 0; i < sizeof newer / sizeof *newer; i++) {
        struct craft c = craft_start(craft_key(DAVE)); /* RSA signs with any hash */
        struct craft_sig sig = newer[i];
        sig.at = sig.at != 0 ? sig.at : START + DAY;
        sig.key_expires = DAY; /* what it would say */
        craft_user(&c, "Dave");
        craft_sign_it(&c, &plain_user);
        craft_sign_it(&c, &sig);
        CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, now);
        PROBLEM(bound_problem(v.bound), NULL);
        assert_int_equal(v.bound->items[1].binding->created_at, START);
        assert_int_equal(v.bound->items[0].expires_at, 0);
    }
}

static void of_the_same_second_the_last_holds(void **state)
{
    (void)state;
    struct craft_sig sig = plain_user;
    sig.key_expires = DAY;
    struct craft c = alice(&sig);
    sig.key_expires = 2 * DAY;
    craft_sign_it(&c, &sig);
    expect_expiry(&c, START, START + 2 * DAY);
}

static void signatures_from_before_the_key_do_not_hold(void **state)
{
    (void)state;
    struct craft_sig sig = plain_user;
    sig.at = START - 1;
    struct craft c = alice(&sig);
    expect_cert(&c, LATER, "no valid self-signature");
    expect_key(&c, LATER, 1, "made before the key");
    c = alice(&plain_user);
    craft_subkey(&c, craft_key(ALICE_ENCRYPT));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING, .at = SUBKEYS - 1});
    expect_key(&c, LATER, 2, "made before the key");
}

static void expect_no_binding(struct craft_sig sig, const char *why)
{
    struct craft c = alice(&sig);
    expect_key(&c, LATER, 1, why);
    expect_cert(&c, LATER, "no valid self-signature");
}

static void what_does_not_bind_a_user_id(void **state)
{
    (void)state;
    struct craft_sig sig = plain_user;
    sig.forged = true;
    expect_no_binding(sig, "the signature is wrong");
    sig = plain_user;
    sig.by = craft_key(BOB); /* says so, and is not looked at */
    expect_no_binding(sig, "no valid self-signature");
    sig = plain_user;
    sig.type = SIG_DIRECT_KEY;
    expect_no_binding(sig, "no valid self-signature");
    sig = plain_user;
    sig.hashed = craft_sub(100, true, SLICE_EMPTY);
    expect_no_binding(sig, "a critical subpacket that is not understood");
    sig = plain_user;
    sig.bare = true;
    expect_no_binding(sig, "it does not say when it was made");
    for (int type = SIG_CERT_GENERIC; type <= SIG_CERT_POSITIVE; type++) {
        sig = plain_user;
        sig.type = (uint8_t)type;
        struct craft c = alice(&sig);
        expect_cert(&c, LATER, NULL);
    }
}

/* A signature by another key does not hold, although it names this one. */
static void issuers_are_not_believed(void **state)
{
    (void)state;
    struct buf *issuer = unit_keep();
    subpacket_write_u32(issuer, SUB_CREATED, true, START);
    subpacket_write_fingerprint(issuer, SUB_ISSUER_FPR, false, &craft_key(ALICE)->public.fpr);
    struct craft_sig sig = {
        .type = SIG_CERT_POSITIVE, .bare = true, .hashed = buf_view(issuer), .by = craft_key(BOB)};
    expect_no_binding(sig, "the signature is wrong");
    /* And one that names nobody is tried. */
    sig.by = NULL;
    sig.hashed = craft_sub(SUB_CREATED, true, slice_of(issuer->data + 2, 4));
    struct craft c = alice(&sig);
    expect_cert(&c, LATER, NULL);
}

/* Versions */

/* [RFC9580 5.2.3.10] */
static void v6_keys_need_a_direct_key_signature(void **state)
{
    (void)state;
    struct craft_sig user = {.type = SIG_CERT_POSITIVE, .at = START, .key_expires = 5 * DAY};
    struct craft c = craft_start(craft_key(CAROL));
    craft_user(&c, "Carol");
    craft_sign_it(&c, &user);
    expect_cert(&c, START, "v6 key without a valid direct key signature");
    c = craft_start(craft_key(CAROL));
    expect_cert(&c, START, "v6 key without a valid direct key signature");
    struct craft_sig bad = direct;
    bad.forged = true;
    craft_sign_it(&c, &bad);
    expect_cert(&c, START,
                "v6 key without a valid direct key signature: the direct key signature of "
                "2017-07-14: the signature is wrong");

    /* It is the one that speaks for the key. */
    struct craft_sig sig = direct;
    sig.key_expires = 9 * DAY;
    c = craft_start(craft_key(CAROL));
    craft_sign_it(&c, &sig);
    craft_user(&c, "Carol");
    craft_sign_it(&c, &user);
    expect_cert(&c, START, NULL);
    expect_expiry(&c, START, START + 9 * DAY);
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, START);
    assert_non_null(v.bound->direct);
    assert_ptr_equal(v.bound->items[0].binding, v.bound->direct);
}

/* A v6 key makes v6 signatures only, and no other key does [RFC9580 10.3.2.2]. */
static void versions_of_keys_and_signatures_fit(void **state)
{
    (void)state;
    struct craft_sig sig = direct;
    struct craft c = craft_start(craft_key(CAROL));
    sig.version = 4;
    sig.bare = true; /* the issuer's fingerprint would give it away before */
    sig.hashed = craft_sub(SUB_CREATED, true, unit_hex("59682F00"));
    craft_sign_it(&c, &sig);
    expect_cert(&c, LATER, "the signature is wrong");
    c = craft_start(craft_key(ALICE));
    sig.version = 6;
    craft_sign_it(&c, &sig);
    expect_cert(&c, LATER, "the signature is wrong");
    sig.version = 4;
    c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, &sig);
    expect_cert(&c, LATER, NULL);
}

static void v4_keys_need_no_user_id(void **state)
{
    (void)state;
    struct craft_sig sig = direct;
    sig.key_expires = DAY;
    struct craft c = craft_start(craft_key(ALICE));
    expect_cert(&c, LATER, NULL); /* stripped by a key server */
    craft_sign_it(&c, &sig);
    expect_cert(&c, START, NULL);
    expect_expiry(&c, START, START + DAY);
    expect_cert(&c, LATER, "expired");
    sig.forged = true;
    c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, &sig);
    expect_cert(
        &c, START,
        "no valid self-signature: the direct key signature of 2017-07-14: the signature is wrong");
    c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    expect_cert(&c, START, "no valid self-signature");
}

/* In v4 the user ID's signature says more than the direct key signature, which
 * fills in what it is silent about. */
static void v4_direct_key_signatures_fill_in(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, &(struct craft_sig){
                          .type = SIG_DIRECT_KEY, .at = START, .flags = 2, .key_expires = DAY});
    craft_user(&c, "Alice");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = START, .flags = 1});
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, START);
    assert_int_equal(v.bound->items[0].key_flags, FLAG_CERTIFY);
    assert_int_equal(v.bound->items[0].expires_at, START + DAY);
}

static void the_sooner_expiry_of_v4_keys_counts(void **state)
{
    (void)state;
    static const uint32_t days[][3] = {{1, 2, 1}, {2, 1, 1}, {0, 3, 3}, {3, 0, 3}};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        struct craft c = craft_start(craft_key(ALICE));
        craft_sign_it(&c, &(struct craft_sig){.type = SIG_DIRECT_KEY,
                                              .at = START,
                                              .key_expires = days[i][0] * DAY});
        craft_user(&c, "Alice");
        craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE,
                                              .at = START,
                                              .key_expires = days[i][1] * DAY});
        expect_expiry(&c, START, START + (int64_t)days[i][2] * DAY);
    }
}

/* Hashes */

/* By when it was made, not by when it is looked at [RFC9580 9.5]. */
static void sha1_was_good_for_some_time(void **state)
{
    (void)state;
    const uint32_t limit = (uint32_t)policy_default.sha1_certs_until;
    struct craft_sig sig = plain_user;
    struct craft c = craft_start(craft_key(DAVE));
    craft_user(&c, "Dave");
    sig.hash = HASH_SHA1;
    sig.at = limit - 1;
    sig.key_expires = (limit - START) * 2;
    craft_sign_it(&c, &sig);
    expect_cert(&c, limit + DAY, NULL);
    expect_expiry(&c, limit + DAY, (int64_t)START + sig.key_expires);
    sig.at = limit;
    sig.key_expires *= 2;
    craft_sign_it(&c, &sig);
    expect_expiry(&c, limit + DAY, (int64_t)START + sig.key_expires / 2);
    c = craft_start(craft_key(DAVE));
    craft_user(&c, "Dave");
    craft_sign_it(&c, &sig);
    expect_cert(&c, limit + DAY, "no valid self-signature");
    expect_key(&c, limit + DAY, 1, "made with SHA1, which is not accepted since");
    sig.hash = HASH_MD5;
    sig.at = START;
    c = craft_start(craft_key(DAVE));
    craft_user(&c, "Dave");
    craft_sign_it(&c, &sig);
    expect_key(&c, START, 1, "made with MD5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(primary_keys_expire),
        cmocka_unit_test(subkeys_expire),
        cmocka_unit_test(nothing_is_found_in_an_expired_certificate),
        cmocka_unit_test(signatures_expire),
        cmocka_unit_test(the_newest_signature_holds),
        cmocka_unit_test(what_is_passed_over_is_noted),
        cmocka_unit_test(what_is_wrong_hides_nothing),
        cmocka_unit_test(of_the_same_second_the_last_holds),
        cmocka_unit_test(signatures_from_before_the_key_do_not_hold),
        cmocka_unit_test(what_does_not_bind_a_user_id),
        cmocka_unit_test(issuers_are_not_believed),
        cmocka_unit_test(v6_keys_need_a_direct_key_signature),
        cmocka_unit_test(versions_of_keys_and_signatures_fit),
        cmocka_unit_test(v4_keys_need_no_user_id),
        cmocka_unit_test(v4_direct_key_signatures_fill_in),
        cmocka_unit_test(the_sooner_expiry_of_v4_keys_counts),
        cmocka_unit_test(sha1_was_good_for_some_time),
    };
    return cmocka_run_group_tests_name("bind", tests, NULL, NULL);
}
