/* What others say of a user ID: which certifications hold, and when. */
#include "unit.h"
#include "craft.h"

#include "crypto/algo.h"
#include "pgp/vouch.h"

enum { DAY = 86400, YEAR = 365 * DAY, MADE = CRAFT_START + 10 * DAY };

/* Alice's user ID, certified by somebody. */
static struct craft certified(const struct craft_sig *certification)
{
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START});
    craft_sign_it(&c, certification);
    return c;
}

/* The authority is who has signed its user ID like that. */
static struct craft authority(enum craft_who who, const struct craft_sig *self)
{
    struct craft c = craft_start(craft_key(who));
    craft_user(&c, "Authority");
    craft_sign_it(&c, self);
    return c;
}

static bool vouches(const struct craft *by, const struct craft *subject, int64_t at)
{
    struct craft_view v = craft_look(subject, at);
    struct cert *a = craft_cert(by);
    bool vouched;
    OK(vouch_check(v.bound, v.bound->items[1].component, a, &vouched));
    cert_free(a);
    craft_view_clear(&v);
    return vouched;
}

static struct craft bob(void)
{
    return authority(BOB, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START});
}

static struct craft by_bob(void)
{
    return certified(
        &(struct craft_sig){.type = SIG_CERT_GENERIC, .at = MADE, .by = craft_key(BOB)});
}

static void a_certification_holds_from_when_it_was_made(void **state)
{
    (void)state;
    struct craft by = bob(), subject = by_bob();
    assert_true(vouches(&by, &subject, MADE));
    assert_true(vouches(&by, &subject, MADE + 5LL * YEAR));
    assert_false(vouches(&by, &subject, MADE - 1));
}

static void every_kind_of_certification_counts(void **state)
{
    (void)state;
    struct craft by = bob();
    for (uint8_t type = SIG_CERT_GENERIC; type <= SIG_CERT_POSITIVE; type++) {
        struct craft subject = certified(
            &(struct craft_sig){.type = type, .at = MADE, .by = craft_key(BOB)});
        assert_true(vouches(&by, &subject, MADE));
    }
}

static void it_must_be_right_and_by_the_authority(void **state)
{
    (void)state;
    struct craft by = bob(), subject = certified(&(struct craft_sig){
                                 .type = SIG_CERT_GENERIC, .at = MADE, .by = craft_key(DAVE)});
    assert_false(vouches(&by, &subject, MADE));
    subject = certified(&(struct craft_sig){
        .type = SIG_CERT_GENERIC, .at = MADE, .by = craft_key(BOB), .forged = true});
    assert_false(vouches(&by, &subject, MADE));
}

static void it_may_expire(void **state)
{
    (void)state;
    struct craft by = bob(),
                 subject = certified(&(struct craft_sig){
                     .type = SIG_CERT_GENERIC, .at = MADE, .expires = DAY, .by = craft_key(BOB)});
    assert_true(vouches(&by, &subject, MADE + DAY - 1));
    assert_false(vouches(&by, &subject, MADE + DAY));
}

static void it_can_be_taken_back_and_made_again(void **state)
{
    (void)state;
    struct craft by = bob(), subject = by_bob();
    craft_sign_it(&subject, &(struct craft_sig){.type = SIG_CERT_REVOCATION,
                                                .at = MADE + 2 * DAY,
                                                .by = craft_key(BOB)});
    assert_true(vouches(&by, &subject, MADE + DAY));
    assert_false(vouches(&by, &subject, MADE + 2 * DAY));
    craft_sign_it(
        &subject,
        &(struct craft_sig){.type = SIG_CERT_GENERIC, .at = MADE + 3 * DAY, .by = craft_key(BOB)});
    assert_true(vouches(&by, &subject, MADE + 3 * DAY));
    /* Nobody takes it back for him. */
    subject = by_bob();
    craft_sign_it(&subject, &(struct craft_sig){.type = SIG_CERT_REVOCATION,
                                                .at = MADE + 2 * DAY,
                                                .by = craft_key(DAVE)});
    assert_true(vouches(&by, &subject, MADE + 3 * DAY));
}

static void weak_hashes_count_as_long_as_they_were_accepted(void **state)
{
    const uint32_t late = 1717200000; /* 2024-06-01 */
    (void)state;
    struct craft by = authority(DAVE,
                                &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START}),
                 subject = certified(&(struct craft_sig){.type = SIG_CERT_GENERIC,
                                                         .at = MADE,
                                                         .hash = HASH_SHA1,
                                                         .by = craft_key(DAVE)});
    assert_true(vouches(&by, &subject, late));
    subject = certified(&(struct craft_sig){
        .type = SIG_CERT_GENERIC, .at = late, .hash = HASH_SHA1, .by = craft_key(DAVE)});
    assert_false(vouches(&by, &subject, late));
}

static void the_authority_must_have_been_valid_and_be_so(void **state)
{
    (void)state;
    struct craft by = authority(BOB, &(struct craft_sig){.type = SIG_CERT_POSITIVE,
                                                         .at = CRAFT_START,
                                                         .key_expires = 20 * DAY}),
                 subject = by_bob();
    assert_true(vouches(&by, &subject, CRAFT_START + 20 * DAY - 1));
    assert_false(vouches(&by, &subject, CRAFT_START + 20 * DAY));
    /* Expired when it certified, and extended since. */
    by = authority(
        BOB, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START, .key_expires = DAY});
    craft_sign_it(&by, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = MADE + DAY});
    assert_false(vouches(&by, &subject, MADE + 2 * DAY));
}

static void everybody_vouches_for_himself(void **state)
{
    (void)state;
    struct craft alice = by_bob();
    assert_true(vouches(&alice, &alice, MADE));
}

int main(void)
{
    pk_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_certification_holds_from_when_it_was_made),
        cmocka_unit_test(every_kind_of_certification_counts),
        cmocka_unit_test(it_must_be_right_and_by_the_authority),
        cmocka_unit_test(it_may_expire),
        cmocka_unit_test(it_can_be_taken_back_and_made_again),
        cmocka_unit_test(weak_hashes_count_as_long_as_they_were_accepted),
        cmocka_unit_test(the_authority_must_have_been_valid_and_be_so),
        cmocka_unit_test(everybody_vouches_for_himself),
    };
    return cmocka_run_group_tests_name("vouch", tests, NULL, NULL);
}
