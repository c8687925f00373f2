/* Reports: JSON is gathered where it is asked for, and never cut short. */
#include "unit.h"

#include "cli/report.h"

/* Finishes the report; what it wrote. */
static struct slice finished(struct report *r, err *e, enum err_kind expected)
{
    static char text[4096];
    FILE *f = fmemopen(text, sizeof text, "w");
    assert_non_null(f);
    FAILS(expected, report_finish(r, e, f));
    fclose(f);
    report_clear(r);
    return slice_of_string(text);
}

static void tell_much(struct report *r)
{
    report_array(r, "files");
    for (int i = 0; i < 100; i++) {
        report_object(r, NULL);
        report_number(r, "number", i);
        report_bool(r, "even", i % 2 == 0);
        report_string(r, "name", i % 3 == 0 ? NULL : "three");
        report_end_object(r);
    }
}

static void a_report_for_people_gathers_nothing(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, false, false);
    size_t before = r.object.len;
    tell_much(&r);
    report_end_array(&r);
    assert_int_equal(r.object.len, before);
    OK(report_finish(&r, NULL, stdout));
    report_clear(&r);
}

static void what_is_open_is_closed(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, true, false);
    report_array(&r, "files");
    report_object(&r, NULL);
    report_number(&r, "number", 7);
    SAME(finished(&r, err_new(ERR_LOCKED, "no"), ERR_LOCKED),
         SLICE_TEXT("{\"files\":[{\"number\":7}],\"error\":{\"code\":67,\"name\":"
                    "\"key-is-protected\",\"message\":\"no\",\"hint\":null}}\n"));
}

static void too_large_a_report_is_an_error_instead(void **state)
{
    (void)state;
    struct report r;
    report_init(&r, true, false);
    r.object.max = 100;
    tell_much(&r);
    struct slice text = finished(&r, NULL, ERR_LIMIT);
    assert_non_null(strstr((const char *)text.data, "{\"error\":{\"code\":41,"));
    report_init(&r, true, false);
    r.object.max = 100;
    tell_much(&r);
    text = finished(&r, err_new(ERR_LOCKED, "no"), ERR_LOCKED);
    assert_non_null(strstr((const char *)text.data, "{\"error\":{\"code\":67,"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_for_people_gathers_nothing),
        cmocka_unit_test(what_is_open_is_closed),
        cmocka_unit_test(too_large_a_report_is_an_error_instead),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
