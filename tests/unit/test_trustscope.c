/* Scopes of delegations: which user IDs they are about. */
#include "unit.h"

#include "keyring/trustscope.h"

#define ORG SLICE_TEXT("<[^>]+[@.]example\\.org>$\0")
#define TWO SLICE_TEXT("<[^>]+[@.]example\\.org>$\0<[^>]+[@.]example\\.net>$\0")

static bool fits(struct scopes *s, struct slice expressions)
{
    bool first, second;
    OK(scopes_fit(s, expressions, &first));
    OK(scopes_fit(s, expressions, &second));
    assert_int_equal(first, second);
    return first;
}

static void one_of_several_is_enough(void **state)
{
    CLEANUP(scopes_clear) struct scopes s = {0};
    (void)state;
    scopes_ask(&s, SLICE_TEXT("Bob <bob@example.net>"));
    assert_false(fits(&s, ORG));
    assert_true(fits(&s, TWO));
    assert_true(fits(&s, SLICE_EMPTY));
}

static void each_user_id_is_asked_about_anew(void **state)
{
    CLEANUP(scopes_clear) struct scopes s = {0};
    (void)state;
    for (int i = 0; i < 3; i++) {
        scopes_ask(&s, SLICE_TEXT("Bob <bob@example.org>"));
        assert_true(fits(&s, ORG));
        scopes_ask(&s, SLICE_TEXT("Bob <bob@example.net>"));
        assert_false(fits(&s, ORG));
    }
}

static void what_is_no_expression_fits_nothing(void **state)
{
    CLEANUP(scopes_clear) struct scopes s = {0};
    (void)state;
    scopes_ask(&s, SLICE_TEXT("a**(<bob@example.org>"));
    assert_false(fits(&s, SLICE_TEXT("a**\0")));
    assert_false(fits(&s, SLICE_TEXT("(\0[\0")));
    assert_true(fits(&s, SLICE_TEXT("(\0bob\0")));
    assert_true(fits(&s, SLICE_TEXT("bob"))); /* the last zero byte may be missing */
}

static void a_long_user_id_is_in_no_scope(void **state)
{
    CLEANUP(scopes_clear) struct scopes s = {0};
    static char name[REGEX_MAX + 1];
    (void)state;
    memset(name, 'a', sizeof name);
    memcpy(name + sizeof name - 18, "<bob@example.org>", 17);
    name[sizeof name - 1] = ' ';
    scopes_ask(&s, slice_of(name, REGEX_MAX));
    assert_true(fits(&s, ORG));
    scopes_ask(&s, slice_of(name, sizeof name));
    assert_false(fits(&s, SLICE_TEXT(".\0")));
    assert_true(fits(&s, SLICE_EMPTY));
}

static void many_are_told_apart(void **state)
{
    CLEANUP(scopes_clear) struct scopes s = {0};
    CLEANUP(buf_clear) struct buf all = BUF_EMPTY(SIZE_MAX);
    enum { MANY = 2000, LEN = 6 };
    (void)state;
    for (int i = 0; i < MANY; i++) {
        buf_printf(&all, "^%04d", i);
        buf_u8(&all, 0);
    }
    scopes_ask(&s, SLICE_TEXT("0815"));
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(fits(&s, slice_of(all.data + LEN * i, LEN)), i == 815);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_of_several_is_enough),
        cmocka_unit_test(each_user_id_is_asked_about_anew),
        cmocka_unit_test(what_is_no_expression_fits_nothing),
        cmocka_unit_test(a_long_user_id_is_in_no_scope),
        cmocka_unit_test(many_are_told_apart),
    };
    return cmocka_run_group_tests_name("trustscope", tests, NULL, NULL);
}
