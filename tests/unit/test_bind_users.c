/* Which user ID speaks for a certificate, and what it says: preferences and
 * features [RFC9580 5.2.3.10, 5.2.3.27]. */
#include "unit.h"
#include "craft.h"

#include "crypto/algo.h"

enum { START = CRAFT_START, DAY = 86400, LATER = START + 1000 * DAY };

static void add_user(struct craft *c, const char *id, uint32_t at, bool primary)
{
    craft_user(c, id);
    craft_sign_it(c, &(struct craft_sig){
                         .type = SIG_CERT_POSITIVE, .at = at, .flags = 3, .primary_uid = primary});
}

static void expect_user(const struct craft *c, int64_t at, const char *id)
{
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(c, at);
    SAME(bound_user_id(v.bound), slice_of_string(id));
    if (id[0] != '\0')
        SAME(v.bound->primary_user->component->packet.body, slice_of_string(id));
}

/* Marked as primary, of these the newest; if none is, the newest of all. */
static void the_primary_user_id_is_chosen(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    add_user(&c, "one", START + 1 * DAY, false);
    expect_user(&c, LATER, "one");
    add_user(&c, "two", START + 5 * DAY, false);
    expect_user(&c, LATER, "two");
    add_user(&c, "three", START + 3 * DAY, false);
    expect_user(&c, LATER, "two");
    add_user(&c, "four", START + 2 * DAY, true);
    expect_user(&c, LATER, "four");
    add_user(&c, "five", START + 4 * DAY, true);
    expect_user(&c, LATER, "five");
    add_user(&c, "six", START + 1 * DAY, true);
    expect_user(&c, LATER, "five");
    /* As it was then. */
    expect_user(&c, START + 3 * DAY, "four");
    expect_user(&c, START + DAY, "six");
}

static void what_cannot_be_the_primary_user_id(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    add_user(&c, "Alice", START, false);
    craft_user(&c, "unsigned");
    craft_user(&c, "forged");
    craft_sign_it(
        &c, &(struct craft_sig){
                .type = SIG_CERT_POSITIVE, .at = START + DAY, .primary_uid = true, .forged = true});
    craft_user(&c, "of Bob's making");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE,
                                          .at = START + DAY,
                                          .primary_uid = true,
                                          .by = craft_key(BOB)});
    craft_user(&c, "expired");
    craft_sign_it(
        &c, &(struct craft_sig){
                .type = SIG_CERT_POSITIVE, .at = START + DAY, .primary_uid = true, .expires = DAY});
    add_user(&c, "to come", LATER + 1, true);
    expect_user(&c, LATER, "Alice");
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
    PROBLEM(bound_problem(v.bound), NULL);
    PROBLEM(v.bound->items[1].problem, NULL);
    for (size_t i = 2; i < v.bound->n; i++)
        PROBLEM(v.bound->items[i].problem, "no valid self-signature");
}

/* There is a primary among the user attributes, too; it is another matter
 * [RFC9580 5.2.3.27]. */
static void attributes_are_no_user_ids(void **state)
{
    (void)state;
    struct slice attribute = unit_hex("02 64 00");
    struct craft c = craft_start(craft_key(ALICE));
    add_user(&c, "Alice", START, false);
    craft_packet(&c, PACKET_USER_ATTRIBUTE, attribute);
    c.target = (struct target){.primary = craft_key(ALICE)->public.body,
                               .user = attribute,
                               .has_user = true,
                               .is_attribute = true};
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE,
                                          .at = START + DAY,
                                          .primary_uid = true,
                                          .key_expires = DAY});
    expect_user(&c, LATER, "Alice");
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
    PROBLEM(v.bound->items[2].problem, NULL);
    assert_non_null(v.bound->items[2].binding);
    assert_int_equal(v.bound->items[0].expires_at, 0);
}

/* A name that anybody may have put there is not shown as the owner's. */
static void unbound_user_ids_are_not_shown(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(CAROL));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_DIRECT_KEY, .at = START, .flags = 3});
    expect_user(&c, LATER, "");
    craft_user(&c, "Mallory <president@example.org>");
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
    PROBLEM(bound_problem(v.bound), NULL);
    assert_null(v.bound->primary_user);
    SAME(bound_user_id(v.bound), SLICE_EMPTY);
}

/* And it must not make a good certificate unusable either: key servers strip user
 * IDs, and what is left holds. */
static void unbound_user_ids_do_no_harm(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_DIRECT_KEY, .at = START, .flags = 3});
    craft_user(&c, "Mallory");
    craft_user(&c, "Mallory, too");
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = START, .by = craft_key(BOB)});
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
    PROBLEM(bound_problem(v.bound), NULL);
    assert_non_null(bound_find_key(v.bound, FLAG_SIGN, PK_SIGNS));
}

/* Preferences */

static struct slice ciphers(const char *hex)
{
    return craft_sub(SUB_PREFERRED_CIPHERS, false, unit_hex(hex));
}

static void expect_ciphers(const struct craft *c, const char *hex)
{
    struct slice got = SLICE_EMPTY;
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(c, LATER);
    assert_int_equal(bound_preference(v.bound, SUB_PREFERRED_CIPHERS, &got), hex[0] != '\0');
    SAME(got, unit_hex(hex));
}

static void v4_preferences_are_those_of_the_primary_user_id(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_DIRECT_KEY, .at = START + DAY});
    add_user(&c, "Alice", START, true);
    expect_ciphers(&c, "");
    craft_user(&c, "another");
    craft_sign_it(&c, &(struct craft_sig){
                          .type = SIG_CERT_POSITIVE, .at = START + DAY, .hashed = ciphers("01")});
    expect_ciphers(&c, "");
    c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, &(struct craft_sig){
                          .type = SIG_DIRECT_KEY, .at = START + DAY, .hashed = ciphers("02")});
    add_user(&c, "Alice", START, true);
    expect_ciphers(&c, "02");
    craft_sign_it(&c, &(struct craft_sig){
                          .type = SIG_CERT_POSITIVE, .at = START + 1, .hashed = ciphers("0907")});
    expect_ciphers(&c, "0907");
}

static void v6_preferences_are_those_of_the_direct_key_signature(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(CAROL));
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_DIRECT_KEY, .at = START, .hashed = ciphers("09")});
    craft_user(&c, "Carol");
    craft_sign_it(&c, &(struct craft_sig){
                          .type = SIG_CERT_POSITIVE, .at = START + DAY, .hashed = ciphers("07")});
    expect_ciphers(&c, "09");
    craft_user(&c, "unhashed preferences");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = START + DAY});
    expect_ciphers(&c, "09");
    c = craft_start(craft_key(CAROL));
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_DIRECT_KEY, .at = START, .unhashed = ciphers("01")});
    expect_ciphers(&c, "");
}

static uint32_t features(enum craft_who who, struct slice hashed)
{
    struct craft c = craft_start(craft_key(who));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_DIRECT_KEY, .at = START, .hashed = hashed});
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
    return bound_features(v.bound);
}

/* Who says nothing can do what his key's version brought [RFC9580 13.7]. */
static void features_are_announced(void **state)
{
    (void)state;
    struct slice both = craft_sub(SUB_FEATURES, false, unit_hex("09"));
    struct slice none = craft_sub(SUB_FEATURES, false, SLICE_EMPTY);
    assert_int_equal(features(ALICE, both), FEATURE_SEIPD1 | FEATURE_SEIPD2);
    assert_int_equal(features(ALICE, SLICE_EMPTY), 0);
    assert_int_equal(features(ALICE, none), 0);
    assert_int_equal(features(CAROL, craft_sub(SUB_FEATURES, false, unit_hex("01"))),
                     FEATURE_SEIPD1);
    assert_int_equal(features(CAROL, none), 0);
    assert_int_equal(features(CAROL, SLICE_EMPTY), FEATURE_SEIPD1 | FEATURE_SEIPD2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_primary_user_id_is_chosen),
        cmocka_unit_test(what_cannot_be_the_primary_user_id),
        cmocka_unit_test(attributes_are_no_user_ids),
        cmocka_unit_test(unbound_user_ids_are_not_shown),
        cmocka_unit_test(unbound_user_ids_do_no_harm),
        cmocka_unit_test(v4_preferences_are_those_of_the_primary_user_id),
        cmocka_unit_test(v6_preferences_are_those_of_the_direct_key_signature),
        cmocka_unit_test(features_are_announced),
    };
    return cmocka_run_group_tests_name("bind users", tests, NULL, NULL);
}
