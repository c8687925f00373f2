/* A certificate at a moment of the past, seen from now: self-signatures may have been
 * replaced since. */
#include "unit.h"
#include "craft.h"

#include "crypto/algo.h"

enum { START = CRAFT_START, SUBKEYS = CRAFT_SUBKEYS, DAY = 86400, NOW = START + 1000 * DAY };

static struct cert *cert;
static struct bound_cert *bound;

/* The certificate at a moment, seen from NOW unless told otherwise. */
static const struct bound_cert *look_from(const struct craft *c, int64_t at, int64_t now)
{
    bound_cert_free(bound);
    cert_free(cert);
    bound = NULL;
    cert = craft_cert(c);
    OK(bind_cert_past(cert, &policy_default, at, now, &bound));
    return bound;
}

static const struct bound_cert *look(const struct craft *c, int64_t at)
{
    return look_from(c, at, NOW);
}

static struct craft alice_since(uint32_t at)
{
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = at, .flags = 3});
    return c;
}

static void the_oldest_self_signature_speaks_for_the_time_before(void **state)
{
    (void)state;
    struct craft c = alice_since(START + 10 * DAY);
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = START + 20 * DAY, .flags = 1});
    craft_subkey(&c, craft_key(ALICE_ENCRYPT));
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING, .at = START + 30 * DAY, .flags = 12});
    const struct bound_cert *b = look(&c, START + DAY);
    PROBLEM(bound_problem(b), NULL);
    assert_int_equal(b->items[0].key_flags, FLAG_CERTIFY | FLAG_SIGN);
    PROBLEM(b->items[1].problem, NULL);
    PROBLEM(b->items[2].problem, NULL);
    /* Where one of that time is left, it speaks for itself. */
    b = look(&c, START + 25 * DAY);
    assert_int_equal(b->items[0].key_flags, FLAG_CERTIFY);
}

static void not_for_the_time_before_the_key(void **state)
{
    (void)state;
    struct craft c = alice_since(START + 10 * DAY);
    craft_subkey(&c, craft_key(ALICE_ENCRYPT));
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING, .at = START + 10 * DAY, .flags = 12});
    PROBLEM(bound_problem(look(&c, START - 1)), "created in the future");
    PROBLEM(look(&c, SUBKEYS - 1)->items[2].problem, "created in the future");
    PROBLEM(look(&c, SUBKEYS)->items[2].problem, NULL);
}

static void now_only_what_is_there_now_counts(void **state)
{
    (void)state;
    struct craft c = alice_since(START + 10 * DAY);
    PROBLEM(bound_problem(look_from(&c, START + DAY, START + DAY)), "made in the future");
    PROBLEM(bound_problem(look_from(&c, START + DAY, START + 10 * DAY - 1)), "made in the future");
    PROBLEM(bound_problem(look_from(&c, START + DAY, START + 10 * DAY)), NULL);
}

static void one_that_does_not_hold_does_not_stand_in(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    struct craft_sig sig = {.type = SIG_CERT_POSITIVE, .at = START + 10 * DAY, .flags = 3};
    sig.forged = true;
    craft_sign_it(&c, &sig);
    PROBLEM(bound_problem(look(&c, START + DAY)), "no valid self-signature");
    sig.forged = false;
    sig.expires = DAY;
    craft_sign_it(&c, &sig);
    PROBLEM(bound_problem(look(&c, START + DAY)), "no valid self-signature");
}

/* The owner has let it lapse: none was dropped. */
static void not_for_the_time_after_one_has_expired(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    struct craft_sig sig = {
        .type = SIG_CERT_POSITIVE, .at = START, .flags = 3, .expires = 10 * DAY};
    craft_sign_it(&c, &sig);
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = START + 20 * DAY, .flags = 3});
    PROBLEM(bound_problem(look(&c, START + DAY)), NULL);
    PROBLEM(bound_problem(look(&c, START + 15 * DAY)), "expired");
    PROBLEM(bound_problem(look(&c, START + 20 * DAY)), NULL);
}

/* Whoever renews a binding keeps the subkey's own word; a new one tells that the subkey was
 * not bound before. */
static void subkeys_that_sign_speak_for_themselves(void **state)
{
    (void)state;
    struct craft c = alice_since(START);
    craft_subkey(&c, craft_key(ALICE_SIGN));
    struct craft_sig back = {.at = SUBKEYS + 10 * DAY};
    craft_sign_it(&c,
                  &(struct craft_sig){.type = SIG_SUBKEY_BINDING,
                                      .at = START + 30 * DAY,
                                      .flags = FLAG_SIGN,
                                      .embedded = craft_back(&c, craft_key(ALICE_SIGN), &back)});
    PROBLEM(look(&c, SUBKEYS + 10 * DAY)->items[2].problem, NULL);
    PROBLEM(look(&c, SUBKEYS + 10 * DAY - 1)->items[2].problem, "made in the future");
}

static void revocations_count_as_ever(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_KEY_REVOCATION, .at = START + 5 * DAY});
    craft_user(&c, "Alice");
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = START + 10 * DAY, .flags = 3});
    PROBLEM(bound_problem(look(&c, START + DAY)), "revoked on");
}

static int clear(void **state)
{
    (void)state;
    bound_cert_free(bound);
    cert_free(cert);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_self_signature_speaks_for_the_time_before),
        cmocka_unit_test(not_for_the_time_before_the_key),
        cmocka_unit_test(now_only_what_is_there_now_counts),
        cmocka_unit_test(one_that_does_not_hold_does_not_stand_in),
        cmocka_unit_test(not_for_the_time_after_one_has_expired),
        cmocka_unit_test(subkeys_that_sign_speak_for_themselves),
        cmocka_unit_test(revocations_count_as_ever),
    };
    return cmocka_run_group_tests_name("bind_past", tests, NULL, clear);
}
