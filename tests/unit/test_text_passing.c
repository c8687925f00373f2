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

/* A source that shows all that is left of a text, and spoils what it has shown before:
 * whoever looks at it twice finds that it is no text. */
struct fading {
    struct source source;
    uint8_t *text;
    size_t start, len, shown;
};

static err *fading_fill(struct source *s, struct slice *view)
{
    struct fading *f = (struct fading *)s;
    memset(f->text, 0xFF, f->shown);
    f->shown = f->len;
    *view = slice_of(f->text + f->start, f->len - f->start);
    return NULL;
}

static void fading_consume(struct source *s, size_t n)
{
    ((struct fading *)s)->start += n;
}

static void fading_close(struct source *s)
{
    free(s);
}

static const struct source_ops fading_ops = {"fading", fading_fill, fading_consume, fading_close};

/* However little is taken at a time. */
static void utf8_looks_at_every_byte_once(void **state)
{
    (void)state;
    struct slice view, text = mixed_text();
    struct fading *f = calloc(1, sizeof *f);
    assert_non_null(f);
    source_init(&f->source, &fading_ops, NULL);
    f->len = text.len;
    f->text = (uint8_t *)text.data;
    AUTO(source_close) struct source *s = NULL;
    OK(utf8_new(&f->source, &s));
    for (size_t seen = 0; seen < text.len; seen++) {
        OK(source_fill(s, 1, &view));
        assert_int_equal(view.len, text.len - seen);
        source_consume(s, 1);
    }
    OK(source_fill(s, 1, &view));
    assert_int_equal(view.len, 0);
}

/* Views of a few bytes, taken in parts that end within characters, with looks ahead
 * over their ends. */
static void utf8_in_small_parts(void **state)
{
    (void)state;
    struct slice view, text = mixed_text();
    AUTO(source_close) struct source *s = checked(text);
    for (size_t seen = 0, i = 0; seen < text.len; i++) {
        size_t want = i % 5 * 7 + 1, left = text.len - seen;
        OK(source_fill(s, want, &view));
        assert_true(view.len >= (want < left ? want : left));
        size_t n = i % 3 + 1 < view.len ? i % 3 + 1 : view.len;
        SAME(slice_of(view.data, n), slice_of(text.data + seen, n));
        source_consume(s, n);
        seen += n;
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
        cmocka_unit_test(utf8_looks_at_every_byte_once),
        cmocka_unit_test(utf8_in_small_parts),
        cmocka_unit_test(failures_of_upstream_go_through),
    };
    return cmocka_run_group_tests_name("text passing", tests, NULL, NULL);
}
