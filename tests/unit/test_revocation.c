/* Revocations: of certificates, subkeys and user IDs, before and after they were
 * made [RFC9580 5.2.3.31]. */
#include "unit.h"
#include "craft.h"

#include "crypto/algo.h"

enum { START = CRAFT_START, SUBKEYS = CRAFT_SUBKEYS, DAY = 86400 };
enum { REVOKED = START + 100 * DAY, LATER = START + 1000 * DAY };

/* Primary key, user ID, subkey for encryption, subkey for signatures. */
enum { PRIMARY, USER, ENCRYPT, SIGN };

static const struct craft_sig user = {.type = SIG_CERT_POSITIVE, .at = START, .flags = 1};

/* With a signature on one of them. */
static struct craft alice(int on, const struct craft_sig *sig)
{
    struct craft c = craft_start(craft_key(ALICE));
    if (on == PRIMARY)
        craft_sign_it(&c, sig);
    craft_user(&c, "Alice");
    craft_sign_it(&c, &user);
    if (on == USER)
        craft_sign_it(&c, sig);
    craft_subkey(&c, craft_key(ALICE_ENCRYPT));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .flags = 12});
    if (on == ENCRYPT)
        craft_sign_it(&c, sig);
    craft_subkey(&c, craft_key(ALICE_SIGN));
    struct slice back = craft_back(&c, craft_key(ALICE_SIGN), &(struct craft_sig){.at = SUBKEYS});
    craft_sign_it(&c, &(struct craft_sig){
                          .type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .flags = 2, .embedded = back});
    return c;
}

static const uint8_t types[] = {SIG_KEY_REVOCATION, SIG_CERT_REVOCATION, SIG_SUBKEY_REVOCATION};

/* Only component `on` is revoked, or none. */
static void expect(const struct craft *c, int64_t at, int on, const char *problem)
{
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(c, at);
    assert_int_equal(v.bound->n, 4);
    for (int i = PRIMARY; i <= SIGN; i++) {
        PROBLEM(v.bound->items[i].problem, i == on ? problem : NULL);
        assert_int_equal(v.bound->items[i].revocation != NULL, i == on && problem != NULL);
    }
}

struct reason {
    struct slice body;
    bool soft;
    const char *text;
};

static size_t reasons(const struct reason **out)
{
    static struct reason all[7];
    all[0] = (struct reason){SLICE_EMPTY, false, "revoked on 2017-10-22: no reason given"};
    all[1] = (struct reason){SLICE_TEXT("\x00"), false, "revoked on 2017-10-22: no reason given"};
    all[2] = (struct reason){SLICE_TEXT("\x02stolen"), false, ": compromised: stolen"};
    all[3] = (struct reason){SLICE_TEXT("\x64mine"), false, ": no reason given: mine"};
    all[4] = (struct reason){SLICE_TEXT("\x01"), true, "revoked on 2017-10-22: superseded"};
    all[5] = (struct reason){SLICE_TEXT("\x03see new\n key"), true, ": retired: see new\\x0A key"};
    all[6] = (struct reason){SLICE_TEXT("\x63"), false, ": no reason given"};
    *out = all;
    return 7;
}

/* The owner has signed the key again after it was retired: then it is in use again, unless
 * it may have been in wrong hands.  What was signed in between is not good. */
static void retired_keys_are_taken_up_again(void **state)
{
    (void)state;
    const struct reason *r;
    size_t n = reasons(&r);
    for (size_t i = 0; i < n; i++) {
        const char *problem = r[i].text, *again = r[i].soft ? NULL : problem;
        const struct craft_sig direct = {.type = SIG_DIRECT_KEY, .at = REVOKED + DAY, .flags = 3};
        struct craft_sig revocation = {
            .type = SIG_KEY_REVOCATION, .at = REVOKED, .reason = r[i].body};
        struct craft c = craft_start(craft_key(ALICE));
        craft_sign_it(&c, &revocation);
        craft_sign_it(&c, &(struct craft_sig){.type = SIG_DIRECT_KEY, .at = START, .flags = 3});
        craft_sign_it(&c, &direct);
        craft_subkey(&c, craft_key(ALICE_ENCRYPT));
        revocation.type = SIG_SUBKEY_REVOCATION;
        craft_sign_it(&c, &revocation);
        struct craft_sig binding = {.type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .flags = 12};
        craft_sign_it(&c, &binding);
        binding.at = REVOKED + DAY;
        craft_sign_it(&c, &binding);
        for (int on = 0; on < 2; on++) {
            CLEANUP(craft_view_clear) struct craft_view then = craft_look(&c, REVOKED + DAY - 1);
            CLEANUP(craft_view_clear) struct craft_view now = craft_look(&c, REVOKED + DAY);
            PROBLEM(then.bound->items[on].problem, problem);
            PROBLEM(now.bound->items[on].problem, again);
        }
    }
}

/* Somebody has only added it to the end of the file. */
static void a_key_revocation_counts_wherever_it_stands(void **state)
{
    (void)state;
    struct craft c = alice(-1, NULL);
    expect(&c, LATER, -1, NULL);
    c.target = (struct target){.primary = c.target.primary};
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_KEY_REVOCATION, .at = REVOKED});
    expect(&c, LATER, PRIMARY, "revoked on");
}

/* A signature of the same second does not take it back. */
static void not_by_a_signature_that_is_as_old(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, &(struct craft_sig){
                          .type = SIG_KEY_REVOCATION, .at = REVOKED, .reason = SLICE_TEXT("\x03")});
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_DIRECT_KEY, .at = REVOKED, .flags = 3});
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
    PROBLEM(v.bound->items[0].problem, "retired");
}

/* A hard revocation counts at all times: nobody knows since when the key has been
 * in wrong hands.  A soft one leaves what was done before it. */
static void keys_are_revoked(void **state)
{
    (void)state;
    static const int components[] = {PRIMARY, ENCRYPT};
    const struct reason *r;
    size_t n = reasons(&r);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < 2; k++) {
            const int on = components[k];
            struct craft c = alice(
                on, &(struct craft_sig){.type = types[on], .at = REVOKED, .reason = r[i].body});
            expect(&c, SUBKEYS, on, r[i].soft ? NULL : r[i].text);
            expect(&c, REVOKED - 1, on, r[i].soft ? NULL : r[i].text);
            expect(&c, REVOKED, on, r[i].text);
            expect(&c, LATER, on, r[i].text);
        }
    }
}

static void nothing_is_found_in_a_revoked_certificate(void **state)
{
    (void)state;
    struct craft c = alice(PRIMARY, &(struct craft_sig){.type = SIG_KEY_REVOCATION, .at = REVOKED});
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
    PROBLEM(bound_problem(v.bound), "revoked on 2017-10-22");
    assert_null(bound_find_key(v.bound, FLAG_ENCRYPT, PK_ENCRYPTS));
    assert_null(bound_find_key(v.bound, FLAG_SIGN, PK_SIGNS));
    err *why = bound_why_no_key(v.bound, FLAG_SIGN, PK_SIGNS, "sign");
    PROBLEM(why, "the key: revoked on 2017-10-22");
    err_free(why);
}

/* A revoked subkey costs only itself. */
static void other_subkeys_stay(void **state)
{
    (void)state;
    struct craft c = alice(ENCRYPT,
                           &(struct craft_sig){.type = SIG_SUBKEY_REVOCATION, .at = REVOKED});
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
    assert_null(bound_find_key(v.bound, FLAG_ENCRYPT, PK_ENCRYPTS));
    assert_ptr_equal(bound_find_key(v.bound, FLAG_SIGN, PK_SIGNS), &v.bound->items[SIGN]);
    err *why = bound_why_no_key(v.bound, FLAG_ENCRYPT, PK_ENCRYPTS, "encrypt");
    PROBLEM(why, "which could encrypt: revoked on 2017-10-22");
    err_free(why);
}

/* A soft one may expire, and then is as if it had never been made. */
static void revocations_may_expire(void **state)
{
    (void)state;
    struct craft_sig soft = {
        .type = SIG_SUBKEY_REVOCATION, .at = REVOKED, .reason = SLICE_TEXT("\x01"), .expires = DAY};
    struct craft c = alice(ENCRYPT, &soft);
    expect(&c, REVOKED + DAY - 1, ENCRYPT, "superseded");
    expect(&c, REVOKED + DAY, ENCRYPT, NULL);
    struct craft_sig hard = soft;
    hard.reason = SLICE_TEXT("\x02");
    c = alice(ENCRYPT, &hard);
    expect(&c, REVOKED + DAY, ENCRYPT, "compromised");
}

static void expect_ignored(int on, const struct craft_sig *sig)
{
    struct craft c = alice(on, sig);
    expect(&c, SUBKEYS, on, NULL);
    expect(&c, LATER, on, NULL);
}

static void what_is_no_revocation(void **state)
{
    (void)state;
    for (int on = PRIMARY; on <= ENCRYPT; on++) {
        for (int t = 0; t < 3; t++) {
            struct craft_sig sig = {.type = types[t], .at = REVOKED};
            if (t != on)
                expect_ignored(on, &sig); /* of another kind of component */
            sig.type = types[on];
            sig.forged = true;
            expect_ignored(on, &sig);
            sig.forged = false;
            sig.by = craft_key(BOB);
            expect_ignored(on, &sig);
            /* It claims to be by the right key. */
            struct buf *claim = unit_keep();
            subpacket_write_u32(claim, SUB_CREATED, true, REVOKED);
            subpacket_write_fingerprint(claim, SUB_ISSUER_FPR, false,
                                        &craft_key(ALICE)->public.fpr);
            sig.bare = true;
            sig.hashed = buf_view(claim);
            expect_ignored(on, &sig);
        }
    }
}

/* That of one subkey says nothing about another. */
static void revocations_of_something_else(void **state)
{
    (void)state;
    struct craft other = craft_start(craft_key(ALICE));
    const struct craft_sig sig = {.type = SIG_SUBKEY_REVOCATION, .at = REVOKED};
    craft_subkey(&other, craft_key(ALICE_SIGN));
    struct slice moved = craft_sign(craft_key(ALICE), &other.target, &sig);
    struct craft c = craft_start(craft_key(ALICE));
    craft_subkey(&c, craft_key(ALICE_ENCRYPT));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .flags = 12});
    craft_packet(&c, PACKET_SIGNATURE, moved);
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
    PROBLEM(v.bound->items[1].problem, NULL);
}

/* An old hash is no reason to go on using a key that its owner has revoked. */
static void revocations_with_sha1_count(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(DAVE));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_KEY_REVOCATION,
                                          .at = (uint32_t)policy_default.sha1_certs_until + DAY,
                                          .hash = HASH_SHA1});
    craft_user(&c, "Dave");
    craft_sign_it(&c, &user);
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
    PROBLEM(bound_problem(v.bound), "revoked on 2023-02-02");
}

/* User IDs */

static void expect_user(const struct craft *c, int64_t at, const char *problem)
{
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(c, at);
    PROBLEM(bound_problem(v.bound), NULL); /* the name is gone, not the key */
    PROBLEM(v.bound->items[USER].problem, problem);
    assert_int_equal(v.bound->items[USER].revocation != NULL, problem != NULL);
    assert_int_equal(v.bound->primary_user == NULL, problem != NULL);
}

/* A name may be given up and taken up again; what it was before stays. */
static void user_ids_are_revoked(void **state)
{
    (void)state;
    static const char *const texts[] = {"\x20gone", "\x02", "\x01"};
    for (size_t i = 0; i < 3; i++) {
        struct craft c = alice(USER, &(struct craft_sig){.type = SIG_CERT_REVOCATION,
                                                         .at = REVOKED,
                                                         .reason = slice_of_string(texts[i])});
        expect_user(&c, REVOKED - 1, NULL);
        expect_user(&c, REVOKED, "revoked on 2017-10-22");
        expect_user(&c, LATER, i == 0 ? "no longer valid: gone" : "revoked");
    }
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    craft_sign_it(&c, &user);
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_REVOCATION, .at = REVOKED});
    craft_sign_it(&c,
                  &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = REVOKED + DAY, .flags = 1});
    expect_user(&c, REVOKED - 1, NULL);
    expect_user(&c, REVOKED + DAY - 1, "revoked");
    expect_user(&c, REVOKED + DAY, NULL);
}

/* An owner who has promised never to take a name back is held to it; keys are revoked
 * all the same [RFC9580 5.2.3.20]. */
static void irrevocable_signatures(void **state)
{
    (void)state;
    struct slice promise = craft_sub(SUB_REVOCABLE, true, unit_hex("00"));
    const struct craft_sig self = {.type = SIG_CERT_POSITIVE, .at = START, .hashed = promise};
    const struct craft_sig bind = {
        .type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .flags = 12, .hashed = promise};
    const struct craft_sig direct = {.type = SIG_DIRECT_KEY, .at = START, .hashed = promise};
    struct craft c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, &direct);
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_REVOCATION, .at = REVOKED});
    craft_user(&c, "Alice");
    craft_sign_it(&c, &self);
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_REVOCATION, .at = REVOKED});
    craft_subkey(&c, craft_key(ALICE_ENCRYPT));
    craft_sign_it(&c, &bind);
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_SUBKEY_REVOCATION, .at = REVOKED});
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
    assert_non_null(v.bound->direct);
    PROBLEM(v.bound->items[USER].problem, NULL);
    PROBLEM(v.bound->items[ENCRYPT].problem, "revoked on");
}

/* Where there is another, it is the one to show; the revoked one still speaks for
 * the key where there is none [RFC9580 5.2.3.10]. */
static void revoked_user_ids_come_last(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "old name");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE,
                                          .at = START + DAY,
                                          .primary_uid = true,
                                          .key_expires = 500 * DAY});
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_REVOCATION, .at = REVOKED});
    CLEANUP(craft_view_clear) struct craft_view alone = craft_look(&c, REVOKED);
    assert_int_equal(alone.bound->items[0].expires_at, START + 500 * DAY);
    craft_user(&c, "new name");
    craft_sign_it(&c, &user);
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, REVOKED);
    SAME(bound_user_id(v.bound), SLICE_TEXT("new name"));
    assert_int_equal(v.bound->items[0].expires_at, 0);
    CLEANUP(craft_view_clear) struct craft_view before = craft_look(&c, REVOKED - 1);
    SAME(bound_user_id(before.bound), SLICE_TEXT("old name"));
}

/* Revoked and then bound again with a signature that is older: it stays revoked,
 * whatever the order of the packets. */
static void an_older_binding_does_not_undo(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_REVOCATION, .at = REVOKED});
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = REVOKED - DAY});
    expect_user(&c, LATER, "revoked");
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = REVOKED + DAY, .forged = true});
    expect_user(&c, LATER, "revoked");
}

static void expect_primary(const struct craft *c, int64_t at, const char *problem)
{
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(c, at);
    PROBLEM(v.bound->items[0].problem, problem);
}

/* [RFC9580 5.2.1.15] */
static void direct_key_signatures_are_revoked_like_certifications(void **state)
{
    (void)state;
    const struct craft_sig sig = {.type = SIG_DIRECT_KEY, .at = START, .flags = 3};
    struct craft c = craft_start(craft_key(CAROL));
    craft_sign_it(&c, &sig);
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_REVOCATION, .at = START + 10 * DAY});
    expect_primary(&c, START + 10 * DAY - 1, NULL);
    expect_primary(&c, START + 10 * DAY,
                   "v6 key without a valid direct key signature: revoked on 2017-07-24");
    /* Unless it is taken up again, or the revocation is another's. */
    struct craft_sig again = sig;
    again.at = START + 11 * DAY;
    craft_sign_it(&c, &again);
    expect_primary(&c, START + 11 * DAY, NULL);
    c = craft_start(craft_key(CAROL));
    craft_sign_it(&c, &sig);
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_CERT_REVOCATION, .at = START + DAY, .forged = true});
    expect_primary(&c, START + 2 * DAY, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_revoked),
        cmocka_unit_test(retired_keys_are_taken_up_again),
        cmocka_unit_test(not_by_a_signature_that_is_as_old),
        cmocka_unit_test(a_key_revocation_counts_wherever_it_stands),
        cmocka_unit_test(nothing_is_found_in_a_revoked_certificate),
        cmocka_unit_test(other_subkeys_stay),
        cmocka_unit_test(revocations_may_expire),
        cmocka_unit_test(what_is_no_revocation),
        cmocka_unit_test(revocations_of_something_else),
        cmocka_unit_test(revocations_with_sha1_count),
        cmocka_unit_test(user_ids_are_revoked),
        cmocka_unit_test(irrevocable_signatures),
        cmocka_unit_test(revoked_user_ids_come_last),
        cmocka_unit_test(an_older_binding_does_not_undo),
        cmocka_unit_test(direct_key_signatures_are_revoked_like_certifications),
    };
    return cmocka_run_group_tests_name("revocation", tests, NULL, NULL);
}
