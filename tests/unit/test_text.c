/* Untrusted text made safe, addresses, sizes and times: the edges.  The middle is
 * in test_base.c. */
#include "unit.h"

#include "base/when.h"

/* Escaping */

static void check_escape(struct slice s, const char *expected)
{
    AUTO(free) char *text = NULL;
    OK(text_escape(s, &text));
    assert_string_equal(text, expected);
}

static void harmless_text_stays(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "Alice <alice@example.org> 100% \\x41 \"'`$",
        "Gr\xC3\xBC\xC3\x9F Gott",              /* two octets */
        "\xE2\x82\xAC \xE4\xBD\xA0",            /* three */
        "\xF0\x9F\x94\x91",                     /* four */
        "\xC2\xA0\xEF\xBF\xBD\xF4\x8F\xBF\xBD", /* U+00A0, U+FFFD, U+10FFFD */
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_escape(slice_of_string(texts[i]), texts[i]);
}

static void control_characters_are_escaped(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 128; c++) {
        const char byte = (char)c;
        char expected[5] = {byte};
        if (c < 32 || c == 127)
            snprintf(expected, sizeof expected, "\\x%02X", c);
        check_escape(slice_of(&byte, 1), expected);
    }
    for (unsigned c = 0x80; c < 0xA0; c++) { /* C1: some terminals obey them */
        const uint8_t bytes[] = {0xC2, (uint8_t)c};
        char expected[9];
        snprintf(expected, sizeof expected, "\\xC2\\x%02X", c);
        check_escape(SLICE_OF(bytes), expected);
    }
    check_escape(SLICE_TEXT("a\0b\tc\r\n"), "a\\x00b\\x09c\\x0D\\x0A");
}

static size_t utf8(uint32_t c, uint8_t out[4])
{
    if (c < 0x800) {
        out[0] = (uint8_t)(0xC0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 63));
        return 2;
    }
    out[0] = (uint8_t)(0xE0 | c >> 12);
    out[1] = (uint8_t)(0x80 | (c >> 6 & 63));
    out[2] = (uint8_t)(0x80 | (c & 63));
    return 3;
}

/* A name that reads backwards from somewhere on could pass for another. */
static void direction_changes_are_escaped(void **state)
{
    (void)state;
    static const uint32_t unsafe[] = {0x061C, 0x200E, 0x200F, 0x2028, 0x2029,
                                      0x202A, 0x202B, 0x202C, 0x202D, 0x202E,
                                      0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF};
    static const uint32_t safe[] = {0x061B, 0x061D, 0x200D, 0x2010, 0x2027, 0x202F, 0x2070, 0xFEFE};
    for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++) {
        uint8_t bytes[4];
        size_t n = utf8(unsafe[i], bytes);
        AUTO(free) char *text = NULL;
        OK(text_escape(slice_of(bytes, n), &text));
        assert_int_equal(strlen(text), 4 * n);
        assert_int_equal(text[0], '\\');
    }
    for (size_t i = 0; i < sizeof safe / sizeof *safe; i++) {
        uint8_t bytes[5] = {0};
        utf8(safe[i], bytes);
        check_escape(slice_of_string((const char *)bytes), (const char *)bytes);
    }
}

/* Byte by byte, so that what follows is read from where it starts. */
static void malformed_utf8_is_escaped(void **state)
{
    (void)state;
    check_escape(SLICE_TEXT("\x80 a"), "\\x80 a");
    check_escape(SLICE_TEXT("\xC3("), "\\xC3(");                          /* no continuation */
    check_escape(SLICE_TEXT("\xC3"), "\\xC3");                            /* cut */
    check_escape(SLICE_TEXT("\xE2\x82"), "\\xE2\\x82");                   /* cut */
    check_escape(SLICE_TEXT("\xE2\x82\xC3\xA9"), "\\xE2\\x82\xC3\xA9");   /* cut by another */
    check_escape(SLICE_TEXT("\xC0\xAF\xC1\xBF"), "\\xC0\\xAF\\xC1\\xBF"); /* overlong */
    check_escape(SLICE_TEXT("\xE0\x9F\xBF"), "\\xE0\\x9F\\xBF");          /* overlong */
    check_escape(SLICE_TEXT("\xF0\x8F\xBF\xBF"), "\\xF0\\x8F\\xBF\\xBF"); /* overlong */
    check_escape(SLICE_TEXT("\xED\xA0\x80"), "\\xED\\xA0\\x80");          /* surrogate */
    check_escape(SLICE_TEXT("\xED\xBF\xBF"), "\\xED\\xBF\\xBF");          /* surrogate */
    check_escape(SLICE_TEXT("\xF4\x90\x80\x80"), "\\xF4\\x90\\x80\\x80"); /* beyond Unicode */
    check_escape(SLICE_TEXT("\xF8\x88\x80\x80\x80"), "\\xF8\\x88\\x80\\x80\\x80");
    check_escape(SLICE_TEXT("\xFE\xFF"), "\\xFE\\xFF");
}

/* Whatever comes in, well-formed UTF-8 without control characters comes out. */
static void anything_becomes_safe(void **state)
{
    (void)state;
    uint32_t x = 1;
    for (int round = 0; round < 20000; round++) {
        uint8_t bytes[6];
        AUTO(free) char *text = NULL;
        CLEANUP(buf_clear) struct buf json = BUF_EMPTY(100);
        for (size_t i = 0; i < sizeof bytes; i++) {
            x = x * 1103515245U + 12345;
            bytes[i] = (uint8_t)(x >> 16);
            bytes[i] |= round % 2 == 0 ? 0x80 : 0; /* more of what looks like UTF-8 */
        }
        OK(text_escape(SLICE_OF(bytes), &text));
        assert_true(text_is_utf8(slice_of_string(text)));
        for (const char *p = text; *p != '\0'; p++)
            assert_true((unsigned char)*p >= 32 && *p != 127);
        text_json_to(&json, SLICE_OF(bytes));
        assert_true(text_is_utf8(buf_view(&json)));
        for (size_t i = 0; i < json.len; i++)
            assert_true(json.data[i] >= 32);
    }
}

/* Addresses */

static void addresses_in_user_ids(void **state)
{
    (void)state;
    static const struct {
        const char *id, *address;
    } cases[] = {
        {"", ""},
        {"@", ""},
        {"<>", ""},
        {"<", ""},
        {">", ""},
        {"a@", ""},
        {"@b", ""},
        {"a@b", "a@b"},
        {"<a@b>", "a@b"},
        {"a b@c", ""},
        {" a@b", ""},
        {"A <a b@c>", ""},
        {"A <a@b> (work)", "a@b"},
        {"A <a@b", ""},
        {"A a@b>", ""},
        {"A (b@c) <d@e>", "d@e"},
        {"A <b@c> <d@e>", "d@e"},
        {"A <b@c> <>", ""},
        {"\"a@b\" <c@d>", "c@d"},
        {"A <a@b\n>", ""},
        {"A <a\x01@b>", ""},
        {"A <gr\xC3\xBC\xC3\x9F@b\xC3\xBC.example>", "gr\xC3\xBC\xC3\x9F@b\xC3\xBC.example"},
        {"A <<a@b>>", "a@b"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        SAME(text_email_of(slice_of_string(cases[i].id)), slice_of_string(cases[i].address));
    SAME(text_email_of(SLICE_EMPTY), SLICE_EMPTY);
    SAME(text_email_of(SLICE_TEXT("a\0@b")), SLICE_EMPTY);
    SAME(text_email_of(SLICE_TEXT("<a@b\0>")), SLICE_EMPTY);
}

static void letters_are_compared_without_case(void **state)
{
    (void)state;
    struct slice all = SLICE_TEXT("@AZ[`az{\xC3\x84");
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(64);
    text_lower_to(&b, all);
    SAME(buf_view(&b), SLICE_TEXT("@az[`az{\xC3\x84")); /* ASCII only */
    assert_true(text_equal_nocase(all, buf_view(&b)));
    assert_false(text_equal_nocase(SLICE_TEXT("@"), SLICE_TEXT("`")));
    assert_false(text_equal_nocase(SLICE_TEXT("a"), SLICE_TEXT("ab")));
}

/* Sizes */

static void sizes_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t bytes;
    } cases[] = {
        {"0", 0},
        {"1", 1},
        {"0007", 7},
        {"512B", 512},
        {"1K", 1024},
        {"1k", 1024},
        {"1KB", 1024},
        {"1KiB", 1024},
        {"512MiB", 512ULL << 20},
        {"4G", 4ULL << 30},
        {"4g", 4ULL << 30},
        {"2TiB", 2ULL << 40},
        {"4294967295", UINT32_MAX},
        {"4294967296", 1ULL << 32},
        {"16777215T", 16777215ULL << 40},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t bytes = 99;
        assert_true(text_parse_size(cases[i].text, &bytes));
        assert_true(bytes == cases[i].bytes);
    }
}

/* All that fits into 64 bits. */
static void large_sizes_are_read(void **state)
{
    (void)state;
    uint64_t bytes = 0;
    assert_true(text_parse_size("68719476736", &bytes));
    assert_true(bytes == 64ULL << 30);
    assert_true(text_parse_size("18446744073709551615", &bytes));
    assert_true(bytes == UINT64_MAX);
}

static void what_is_no_size(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",       "K",         "MiB",
        "-1",     "+1",        "1.5G",
        " 1",     "1 K",       "1K ",
        "1KK",    "1Ki",       "1kib",
        "1X",     "1E",        "0x10",
        "1b",     "1BB",       "1KiBx",
        "12,000", "16777216T", "99999999999999999999",
        "1@",     "1[",        "18446744073709551616",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint64_t bytes = 99;
        if (text_parse_size(texts[i], &bytes))
            print_error("%s\n", texts[i]);
        assert_false(text_parse_size(texts[i], &bytes));
        assert_true(bytes == 99);
    }
}

/* Times */

static void points_in_time_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t at;
    } cases[] = {
        {"1970-01-01", 0},
        {"1969-12-31T23:59:59Z", -1},
        {"2000-02-29", 951782400},
        {"2024-02-29T12:30:00Z", 1709209800},
        {"2026-11-23 13:28:13", 1795440493},
        {"2026-11-23T13:28:13+00:00", 1795440493},
        {"2026-11-23T15:28:13+02:00", 1795440493},
        {"20261123T075813-0530", 1795440493},
        {"2026-11-24T00:28:13+11", 1795440493},
        {"20261123", 1795392000},
        {"2106-02-07T06:28:15Z", UINT32_MAX},
        {"2106-02-07T06:28:16Z", (int64_t)UINT32_MAX + 1},
        {"@0", 0},
        {"@999999999999", 999999999999},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t at = 99;
        OK(when_parse(cases[i].text, &at));
        assert_true(at == cases[i].at);
    }
}

static void what_is_no_point_in_time(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "@",
        "@-1",
        "@1x",
        "@1795440493 ",
        "2026",
        "2026-13-01",
        "2026-00-01",
        "2026-01-00",
        "2025-02-29",
        "2026-04-31",
        "2026-11-23T13:28:13",
        "2026-11-23T24:00:00Z",
        "2026-11-23T13:60:00Z",
        "2026-11-23x",
        "2026-11-23T13:28Z",
        "2026-11-23T13:28:13+",
        "2026-11-23T13:28:13+02:00x",
        "23.11.2026",
        "tomorrow",
        "30d",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t at = 99;
        err *e = when_parse(texts[i], &at);
        if (e == NULL)
            print_error("%s\n", texts[i]);
        FAILS(ERR_USAGE, e);
        assert_int_equal(at, 99); /* err.h: unchanged */
    }
}

static void lengths_of_time_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds;
    } cases[] = {{"0s", 0},
                 {"90s", 90},
                 {"12h", 43200},
                 {"1d", 86400},
                 {"6w", 3628800},
                 {"18m", 47336400},
                 {"2y", 63115200},
                 {"007d", 604800},
                 {"2147483647s", INT32_MAX},
                 {"2147483647y", INT32_MAX * 31557600LL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t seconds = 99;
        OK(when_parse_duration(cases[i].text, &seconds));
        assert_true(seconds == cases[i].seconds);
    }
    static const char *const none[] = {"",   "1",   "d",    "-1d",         "+1d",  "1 d",
                                       "1D", "1dd", "1.5d", "2147483648s", "1d1h", "never"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        int64_t seconds = 99;
        FAILS(ERR_USAGE, when_parse_duration(none[i], &seconds));
        assert_int_equal(seconds, 99);
    }
}

/* OpenPGP has 32 bits for it [RFC9580 3.5, 5.2.3.13]. */
static void ends_fit_into_32_bits(void **state)
{
    (void)state;
    uint32_t seconds = 99;
    OK(when_parse_end("2147483647s", 1795440493, &seconds));
    assert_int_equal(seconds, INT32_MAX);
    OK(when_parse_end("136y", 0, &seconds));
    assert_true(seconds == 136U * 31557600U);
    OK(when_parse_end("@4294967295", 0, &seconds));
    assert_true(seconds == UINT32_MAX);
    seconds = 99;
    FAILS(ERR_USAGE, when_parse_end("137y", 0, &seconds));
    FAILS(ERR_USAGE, when_parse_end("@4294967296", 0, &seconds));
    FAILS(ERR_USAGE, when_parse_end("@100", 100, &seconds));
    FAILS(ERR_USAGE, when_parse_end("Never", 0, &seconds));
    FAILS(ERR_USAGE, when_parse_end("", 0, &seconds));
    assert_int_equal(seconds, 99);
}

static void times_are_shown(void **state)
{
    (void)state;
    char text[WHEN_TEXT_SIZE];
    when_text(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00Z");
    when_text(UINT32_MAX, text);
    assert_string_equal(text, "2106-02-07T06:28:15Z");
    when_date(1709209800, text);
    assert_string_equal(text, "2024-02-29");
    when_text(INT64_MAX, text); /* does not fit: nothing, rather than too much */
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(harmless_text_stays),
        cmocka_unit_test(control_characters_are_escaped),
        cmocka_unit_test(direction_changes_are_escaped),
        cmocka_unit_test(malformed_utf8_is_escaped),
        cmocka_unit_test(anything_becomes_safe),
        cmocka_unit_test(addresses_in_user_ids),
        cmocka_unit_test(letters_are_compared_without_case),
        cmocka_unit_test(sizes_are_read),
        cmocka_unit_test(large_sizes_are_read),
        cmocka_unit_test(what_is_no_size),
        cmocka_unit_test(points_in_time_are_read),
        cmocka_unit_test(what_is_no_point_in_time),
        cmocka_unit_test(lengths_of_time_are_read),
        cmocka_unit_test(ends_fit_into_32_bits),
        cmocka_unit_test(times_are_shown),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
