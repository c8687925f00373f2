/* crlf, utf8: text on its way, changed at its line ends, or refused. */
#include "unit.h"
#include "kit.h"

#include "stream/crlf.h"
#include "stream/input.h"
#include "stream/utf8.h"

/* CR LF */

static struct slice with_crlf(struct source *text)
{
    struct source *s = NULL;
    OK(crlf_new(text, &s));
    return kit_read(s);
}

static void line_ends_become_cr_lf(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},
        {"\n", "\r\n"},
        {"one", "one"},
        {"one\ntwo\n", "one\r\ntwo\r\n"},
        {"one\r\ntwo\r\n", "one\r\ntwo\r\n"},
        {"one\r\r\n", "one\r\r\n"},
        {"\n\n\r\n", "\r\n\r\n\r\n"},
        {"a\rb\n", "a\rb\r\n"},
        {"ends in CR\r", "ends in CR\r"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice text = slice_of_string(cases[i][0]), expected = slice_of_string(cases[i][1]);
        struct source *whole = NULL;
        SAME(with_crlf(kit_pieces(text)), expected);
        OK(input_from_memory(text, &whole));
        SAME(with_crlf(whole), expected);
    }
}

/* Also where the pieces end between CR and LF, and where all of it is LF. */
static void long_texts_become_cr_lf(void **state)
{
    (void)state;
    struct buf *text = unit_keep(), *expected = unit_keep();
    for (int i = 0; i < 50000; i++) {
        buf_text(text, i % 3 == 0 ? "x\r\n" : "\n");
        buf_text(expected, i % 3 == 0 ? "x\r\n" : "\r\n");
    }
    struct source *whole = NULL;
    SAME(with_crlf(kit_pieces(buf_view(text))), buf_view(expected));
    OK(input_from_memory(buf_view(text), &whole));
    SAME(with_crlf(whole), buf_view(expected));
}

/* UTF-8 */

static struct source *checked(struct slice text)
{
    struct source *s = NULL;
    OK(utf8_new(kit_pieces(text), &s));
    return s;
}

/* A long text of every length of characters, so that pieces end within them. */
static struct slice mixed_text(void)
{
    struct buf *b = unit_keep();
    for (int i = 0; i < 5000; i++)
        buf_text(b, i % 7 == 0   ? "plain"
                    : i % 2 == 0 ? "\xC3\xBC\xE4\xBD\xA0"
                                 : "\xF0\x9F\x90\x8E");
    return buf_view(b);
}

static void utf8_passes(void **state)
{
    (void)state;
    SAME(kit_read(checked(SLICE_EMPTY)), SLICE_EMPTY);
    SAME(kit_read(checked(SLICE_TEXT("plain\n"))), SLICE_TEXT("plain\n"));
    SAME(kit_read(checked(mixed_text())), mixed_text());
}

static void other_bytes_do_not(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "\xFF",     "\x80",         "\xC3", "\xC3(", "\xE4\xBD", "\xED\xA0\x80", "\xF4\x90\x80\x80",
        "\xC0\x80", "\xF0\x9F\x90",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct slice good = mixed_text(), bad = slice_of_string(wrong[i]);
        size_t seen;
        FAILS(ERR_EXPECTED_TEXT, kit_try(checked(bad), &seen));
        assert_int_equal(seen, 0);
        FAILS(ERR_EXPECTED_TEXT, kit_try(checked(unit_joined(good, bad)), &seen));
        assert_int_equal(seen, good.len);
    }
}

static void failures_of_upstream_go_through(void **state)
{
    (void)state;
    struct source *s = NULL;
    size_t seen;
    OK(utf8_new(kit_failing(mixed_text(), 300), &s));
    FAILS(ERR_IO, kit_try(s, &seen));
    OK(crlf_new(kit_failing(mixed_text(), 300), &s));
    FAILS(ERR_IO, kit_try(s, &seen));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_ends_become_cr_lf),
        cmocka_unit_test(long_texts_become_cr_lf),
        cmocka_unit_test(utf8_passes),
        cmocka_unit_test(other_bytes_do_not),
        cmocka_unit_test(failures_of_upstream_go_through),
    };
    return cmocka_run_group_tests_name("text passing", tests, NULL, NULL);
}
