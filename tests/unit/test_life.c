/* Lives: what a certificate and its user IDs were, at any time. */
#include "unit.h"
#include "craft.h"

#include "pgp/life.h"

enum { DAY = 86400, LATER = CRAFT_START + 100 * DAY };

static const struct craft_sig self = {.type = SIG_CERT_POSITIVE, .at = CRAFT_START};

static struct craft alice(const struct craft_sig *first)
{
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    craft_sign_it(&c, first);
    return c;
}

/* The state of the primary key (0) or the user ID (1) at that time; has = false: none yet. */
struct found {
    bool has;
    struct life_state state;
};

static struct found look(const struct craft *c, size_t component, int64_t at)
{
    CLEANUP(life_list_clear) struct life_list l = {0};
    AUTO(cert_free) struct cert *made = craft_cert(c);
    struct found f = {0};
    OK(life_of_cert(made, &policy_default, &l));
    assert_int_equal(l.n, made->components.n);
    const struct life_state *s = life_at(l.items[component].states.items,
                                         l.items[component].states.n, at);
    f.has = s != NULL;
    if (s != NULL)
        f.state = *s;
    return f;
}

static bool is_valid(const struct craft *c, int64_t at)
{
    struct found f = look(c, 0, at);
    return life_is_valid(f.has ? &f.state : NULL, at);
}

/* Was it valid at a time, as one sees it later? */
static bool was_valid(const struct craft *c, int64_t seen_at, int64_t at)
{
    struct found f = look(c, 0, seen_at);
    return life_is_valid(f.has ? &f.state : NULL, at);
}

static void it_begins_with_the_key(void **state)
{
    (void)state;
    struct craft c = alice(&self);
    assert_false(look(&c, 0, CRAFT_START - 1).has);
    assert_false(is_valid(&c, CRAFT_START - 1));
    assert_true(is_valid(&c, CRAFT_START));
    assert_true(is_valid(&c, CRAFT_START + 10000LL * DAY));
}

static void without_a_self_signature_it_is_not_good(void **state)
{
    (void)state;
    struct craft c = alice(
        &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START, .by = craft_key(BOB)});
    assert_false(is_valid(&c, LATER));
    assert_false(look(&c, 1, LATER).state.ok);
}

static void it_ends_and_is_seen_to_have_lived(void **state)
{
    (void)state;
    struct craft c = alice(
        &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START, .key_expires = 10 * DAY});
    assert_true(is_valid(&c, CRAFT_START + 10 * DAY - 1));
    assert_false(is_valid(&c, CRAFT_START + 10 * DAY));
    assert_true(was_valid(&c, LATER, CRAFT_START + 10 * DAY - 1));
    assert_false(was_valid(&c, LATER, CRAFT_START + 10 * DAY));
}

static void an_extension_counts_from_when_it_was_signed(void **state)
{
    (void)state;
    struct craft c = alice(
        &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START, .key_expires = 10 * DAY});
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = LATER});
    assert_false(is_valid(&c, LATER - 1));
    assert_true(is_valid(&c, LATER));
    assert_true(was_valid(&c, LATER, CRAFT_START + 50 * DAY));
    assert_false(was_valid(&c, LATER - 1, CRAFT_START + 50 * DAY));
}

static struct craft revoked(const char *reason)
{
    struct craft c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, &(struct craft_sig){
                          .type = SIG_KEY_REVOCATION, .at = LATER, .reason = slice_of(reason, 1)});
    craft_user(&c, "Alice");
    craft_sign_it(&c, &self);
    return c;
}

static void retiring_leaves_the_past(void **state)
{
    (void)state;
    struct craft c = revoked("\x03");
    assert_true(is_valid(&c, LATER - 1));
    assert_false(is_valid(&c, LATER));
    assert_true(was_valid(&c, LATER + DAY, LATER - 1));
    assert_false(was_valid(&c, LATER + DAY, LATER));
    assert_int_equal(look(&c, 0, LATER).state.revoked_at, LATER);
}

static void a_stolen_key_was_never_good(void **state)
{
    (void)state;
    struct craft c = revoked("\x02");
    assert_false(is_valid(&c, CRAFT_START));
    assert_false(was_valid(&c, LATER, CRAFT_START));
    assert_true(look(&c, 0, CRAFT_START).state.hard);
}

static void a_user_id_is_taken_back_and_taken_up_again(void **state)
{
    (void)state;
    struct craft c = alice(&self);
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_REVOCATION,
                                          .at = CRAFT_START + 10 * DAY,
                                          .reason = SLICE_TEXT("\x20")});
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = LATER});
    assert_int_equal(look(&c, 1, CRAFT_START).state.revoked_at, 0);
    assert_int_equal(look(&c, 1, CRAFT_START + 10 * DAY).state.revoked_at, CRAFT_START + 10 * DAY);
    assert_int_equal(look(&c, 1, LATER).state.revoked_at, 0);
    assert_true(look(&c, 1, LATER).state.ok);
}

static void one_that_others_revoke_is_not_revoked(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, &(struct craft_sig){
                          .type = SIG_KEY_REVOCATION, .at = CRAFT_START, .by = craft_key(BOB)});
    craft_user(&c, "Alice");
    craft_sign_it(&c, &self);
    assert_true(is_valid(&c, LATER));
}

/* Each state costs a look at all signatures. */
static void of_a_long_life_the_end_is_kept(void **state)
{
    (void)state;
    enum { MORE = LIFE_STATES_MAX + 100 };
    CLEANUP(life_list_clear) struct life_list l = {0};
    struct craft c = alice(&self);
    for (uint32_t i = 1; i < MORE; i++)
        craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE,
                                              .at = CRAFT_START + i * DAY,
                                              .key_expires = (i + 2) * DAY});
    AUTO(cert_free) struct cert *made = craft_cert(&c);
    OK(life_of_cert(made, &policy_default, &l));
    assert_int_equal(l.items[0].states.n, LIFE_STATES_MAX);
    assert_true(is_valid(&c, CRAFT_START + MORE * (int64_t)DAY));
    assert_false(is_valid(&c, CRAFT_START + (MORE + 2) * (int64_t)DAY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_begins_with_the_key),
        cmocka_unit_test(without_a_self_signature_it_is_not_good),
        cmocka_unit_test(it_ends_and_is_seen_to_have_lived),
        cmocka_unit_test(an_extension_counts_from_when_it_was_signed),
        cmocka_unit_test(retiring_leaves_the_past),
        cmocka_unit_test(a_stolen_key_was_never_good),
        cmocka_unit_test(a_user_id_is_taken_back_and_taken_up_again),
        cmocka_unit_test(one_that_others_revoke_is_not_revoked),
        cmocka_unit_test(of_a_long_life_the_end_is_kept),
    };
    return cmocka_run_group_tests_name("life", tests, NULL, NULL);
}
