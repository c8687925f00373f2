/* S-expressions: both forms, what is none, and walking in lists. */
#include "unit.h"

#include "keyring/sexp.h"

static struct slice canonical(struct slice text)
{
    struct buf *out = unit_keep();
    struct reader r = reader_init(text, "key");
    OK(sexp_read(&r, out));
    return buf_view(out);
}

#define CANONICAL(text) canonical(SLICE_TEXT(text))

static void refused(struct slice text)
{
    CLEANUP(buf_clear) struct buf out = BUF_EMPTY(1 << 16);
    struct reader r = reader_init(text, "key");
    FAILS(ERR_MALFORMED, sexp_read(&r, &out));
}

static void for_people(void **state)
{
    (void)state;
    SAME(CANONICAL("()"), SLICE_TEXT("()"));
    SAME(CANONICAL("  ( a\t(b-c\n\"d e\")#0A1b#)"), SLICE_TEXT("(1:a(3:b-c3:d e)2:\x0A\x1B)"));
    SAME(CANONICAL("(#4 1 4\n2##43#)"), SLICE_TEXT("(2:AB1:C)"));
    SAME(CANONICAL("(##\"\")"), SLICE_TEXT("(0:0:)"));
    SAME(CANONICAL("(\"\\b\\f\\n\\r\\t\\v\\\"\\'\\\\\\x41(\")"),
         SLICE_TEXT("(11:\b\f\n\r\t\v\"'\\A()"));
    SAME(CANONICAL("(openpgp-s2k3-ocb-aes a.1/2_3:4*5+6=7)"),
         SLICE_TEXT("(20:openpgp-s2k3-ocb-aes15:a.1/2_3:4*5+6=7)"));
}

static void as_it_is(void **state)
{
    (void)state;
    static const char text[] = "(11:private-key(3:rsa(1:n3:()\0)(1:e0:)))";
    SAME(canonical(SLICE_TEXT(text)), SLICE_TEXT(text));
}

/* Reading stops behind the list. */
static void what_follows(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf out = BUF_EMPTY(1 << 16);
    struct reader r = reader_init(SLICE_TEXT("(1:a)xyz"), "key");
    OK(sexp_read(&r, &out));
    assert_int_equal(reader_left(&r), 3);
}

static void none(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "a",
        "3:abc",
        ")",
        "(",
        "(a",
        "(()",
        "(3:ab",
        "(3",
        "(3:ab)",
        "(99999999999999999999:a)",
        "(3\"abc\")",
        "(#4#)",
        "(#4G#)",
        "(#41",
        "(\"abc",
        "(\"\\q\")",
        "(\"\\x4\")",
        "(\\)",
        "({})",
        "([hint]a)",
        "(|YWJj|)",
        "(#-1#)",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        refused(slice_of_string(texts[i]));
    refused(SLICE_OF("(a"));
}

static void too_deep(void **state)
{
    (void)state;
    char text[2 * (SEXP_DEPTH_MAX + 1)];
    memset(text, '(', sizeof text / 2);
    memset(text + sizeof text / 2, ')', sizeof text / 2);
    refused(SLICE_OF(text));
    canonical(slice_of(text + 1, sizeof text - 2));
}

static void walk(void **state)
{
    (void)state;
    struct slice list = CANONICAL("(rsa (n \"5\") (e (\"7\" \"8\")) (n other) ((x)) ())"), name;
    struct sexp x;
    assert_true(sexp_next_list(&list, &x));
    assert_int_equal(list.len, 0);
    list = x.content;
    assert_true(sexp_next_string(&list, &name));
    SAME(name, SLICE_TEXT("rsa"));
    SAME(sexp_value(list, "n"), SLICE_TEXT("5"));
    assert_int_equal(sexp_value(list, "e").len, 0); /* a list */
    assert_int_equal(sexp_value(list, "d").len, 0);
    assert_true(sexp_find(list, "e", &x));
    SAME(x.whole, SLICE_TEXT("(1:e(1:71:8))"));
    SAME(x.content, SLICE_TEXT("(1:71:8)"));
    assert_false(sexp_find(list, "x", &x)); /* not in this list */
    assert_false(sexp_next_string(&list, &name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(for_people), cmocka_unit_test(as_it_is), cmocka_unit_test(what_follows),
        cmocka_unit_test(none),       cmocka_unit_test(too_deep), cmocka_unit_test(walk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
