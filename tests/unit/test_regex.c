/* Regular expressions: what matches what, what is none, and what would take others for ever. */
#include "unit.h"

#include <unistd.h>

#include "pgp/regex.h"

enum {
    SECONDS_MAX = 120, /* then something takes for ever; sanitizers take their time */
    ROUNDS = 20000,
    TREE_DEPTH = 4,
    TEXT_MAX = 12,
};

static int set_alarm(void **state)
{
    (void)state;
    alarm(SECONDS_MAX);
    return 0;
}

static bool matches(struct slice expression, struct slice text)
{
    AUTO(regex_free) struct regex *r = NULL;
    bool found = false, again = false;
    OK(regex_new(expression, &r));
    OK(regex_match(r, text, &found));
    OK(regex_match(r, text, &again));
    assert_int_equal(found, again);
    return found;
}

static void check(const char *expression, const char *text, bool expected)
{
    bool found = matches(slice_of_string(expression), slice_of_string(text));
    if (found != expected)
        print_error("%s on %s: %s\n", expression, text, found ? "matches" : "does not match");
    assert_int_equal(found, expected);
}

/* Those that match come first, after NULL those that do not. */
static const char *const cases[][12] = {
    {"abc", "abc", "xabcx", "ABC", "aBc", NULL, "ab", "", "acb"},
    {"", "", "a", NULL},
    {"a|b", "a", "b", "xb", NULL, "c", ""},
    {"ab|cd", "ab", "cd", NULL, "ad", "bc", "ac"},
    {"a|", "", "x", NULL},
    {"|a", "", "x", NULL},
    {"^(a||b)$", "", "a", "b", NULL, "ab"},
    {"^()$", "", NULL, "a"},
    {"^()*$", "", NULL, "a"},
    {"^a*$", "", "a", "aaaa", NULL, "ab", "b"},
    {"^a+$", "a", "aaaa", NULL, "", "ab"},
    {"^a?$", "", "a", NULL, "aa", "b"},
    {"^ab*$", "a", "abbb", NULL, "abab", ""},
    {"^(ab)*$", "", "abab", NULL, "abb", "aba"},
    {"^(ab)+$", "ab", "ababab", NULL, "", "a"},
    {"^(a|b)*c?$", "", "abba", "ac", "c", NULL, "cc", "ca"},
    {"^(a*)*$", "", "aaa", NULL, "b"},
    {"^(a*)+b$", "b", "aab", NULL, "a", "ba"},
    {"^(a?)+$", "", "aa", NULL, "ab"},
    {"^((a|b)+c)*$", "", "ac", "abacbc", NULL, "c", "ab", "acc"},
    {"^.$", "a", "\n", "ä", "€", "\xff", "😀", NULL, "", "ab", "\xff\xff"},
    {"^\\.$", ".", NULL, "a"},
    {"^\\\\$", "\\", NULL, "a", "\\\\"},
    {"^\\(\\)\\*\\+\\?\\[\\]\\|\\^\\$$", "()*+?[]|^$", NULL, "()"},
    {"^\\a\\ä$", "aä", "Aä", NULL, "\\aä"},
    {"^]-$", "]-", NULL, "]"},
    {"[abc]", "a", "xC", NULL, "d", ""},
    {"^[a-c]$", "a", "b", "c", "B", NULL, "d", "-", "D"},
    {"^[A-C]$", "a", "B", NULL, "d", "@"},
    {"^[^a-c]$", "d", "-", "ä", "\xe4", "\n", NULL, "a", "b", "C", ""},
    {"^[]a]$", "]", "a", NULL, "b", "[", "]]"},
    {"^[^]a]$", "b", "[", NULL, "]", "a", "A"},
    {"^[]-_]$", "]", "^", "_", NULL, "a", "-", "["},
    {"^[a-]$", "a", "-", NULL, "b"},
    {"^[-a]$", "a", "-", NULL, "b", ","},
    {"^[^-a]$", "b", "^", NULL, "a", "-"},
    {"^[a^]$", "a", "^", NULL, "b"},
    {"^[^^]$", "a", NULL, "^"},
    {"^[--/]$", "-", ".", "/", NULL, "0", ","},
    {"^[+--]$", "+", ",", "-", NULL, "*", "."},
    {"^[a-c-e]$", "a", "d", "e", NULL, "f", "-"},
    {"^[0-9a-f]+$", "09af", "DEADBEEF", NULL, "g", ""},
    {"^[\\.]$", "\\", ".", NULL, "a"},
    {"^[.*+?|()$[]$", ".", "*", "|", "(", "$", "[", NULL, "a", "]"},
    {"^[ä-ö]$", "ä", "å", "ö", NULL, "a", "ø", "Ä", "\xc3"},
    {"^[\xff\xfe]$", "\xff", "\xfe", NULL, "\xfd", "ÿ"},
    {"^\xff$", "\xff", NULL, "ÿ", "\xfe"},
    {"ÄB", "Äb", NULL, "äb"},
    {"^a", "ab", NULL, "ba"},
    {"a$", "ba", "a", NULL, "ab", "a\n"},
    {"a^b|a$b", NULL, "ab", "a\nb"},
    {"(^|x)a", "a", "ba xa", NULL, "ba"},
    {"a($|x)", "ba", "axb", NULL, "ab"},
    {"^^*a$$", "a", NULL, "aa"},
    {"^*", "", "a", NULL},
    /* What programs write. */
    {"<[^>]+[@.]example\\.org>$", "Bob <bob@example.org>", "<bob@mail.example.org>",
     "Bob <BOB@EXAMPLE.ORG>", "J\xf6rg <j@example.org>", NULL, "Bob <bob@notexample.org>",
     "Bob <bob@example.org.net>", "<bob@exampleXorg>", "<@example.org>", "bob@example.org"},
    {"^[^>]*<[^>]*@example\\.org>$", "Bob <bob@example.org>", "<bob@example.org>", NULL,
     "Bob <bob@mail.example.org>", "<x@y> <bob@example.org>", "bob@example.org"},
    {"<[^>]+[@.]xn--bcher-kva\\.example>$", "<a@xn--bcher-kva.example>", NULL,
     "<a@xn--bcher-kvb.example>"},
    {"(<bob@example\\.org>|<carol@example\\.net>)$", "<bob@example.org>", "C <carol@example.net>",
     NULL, "<bob@example.net>"},
    {"example.org", "<a@example.org>", "<a@example-org.evil>", NULL, "<a@example.com>"},
};

static void expressions_match_what_they_mean(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t k = 1;
        for (; cases[i][k] != NULL; k++)
            check(cases[i][0], cases[i][k], true);
        for (k++; k < sizeof cases[i] / sizeof *cases[i] && cases[i][k] != NULL; k++)
            check(cases[i][0], cases[i][k], false);
    }
}

static void a_zero_byte_is_a_character(void **state)
{
    (void)state;
    assert_true(matches(SLICE_TEXT("^a.b$"), SLICE_TEXT("a\0b")));
    assert_true(matches(SLICE_TEXT("^a\0b$"), SLICE_TEXT("a\0b")));
    assert_false(matches(SLICE_TEXT("^a$"), SLICE_TEXT("a\0")));
}

static void what_is_no_expression_is_malformed(void **state)
{
    static const char *const wrong[] = {
        "*",  "+",    "?",     "a**",   "a+*", "a?+", "a*?",   "(*a)", "a|*", "(|+)", "(",
        ")",  "(a",   "a)",    "(a))",  "a|)", "[",   "[]",    "[^]",  "[a",  "[a-",  "[^a-",
        "a[", "[z-a", "[z-a]", "[ä-a]", "\\",  "a\\", "(a\\)", "[-",   "[^-", "()**", "[a]**",
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct regex *r = NULL;
        err *e = regex_new(slice_of_string(wrong[i]), &r);
        if (e == NULL)
            print_error("%s is accepted\n", wrong[i]);
        assert_null(r);
        FAILS(ERR_MALFORMED, e);
    }
}

/* One after the other, n times. */
static void repeat(struct buf *b, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_text(b, text);
}

static void an_expression_has_a_length(void **state)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    struct regex *r = NULL;
    (void)state;
    repeat(&b, "a", REGEX_MAX);
    assert_true(matches(buf_view(&b), buf_view(&b)));
    buf_u8(&b, 'a');
    FAILS(ERR_LIMIT, regex_new(buf_view(&b), &r));
    assert_null(r);
}

/* Text that others go through in all ways that there are. */
static const struct {
    const char *before, *middle, *behind;
    size_t n; /* how often the middle stands there */
    const char *end;
    bool found;
} catastrophes[] = {
    {"^(a*)*", "", "b$", 0, "", false},      {"^(a*)*", "", "b$", 0, "b", true},
    {"^(a|a)*", "", "$", 0, "", true},       {"^(a|a)*", "", "$", 0, "b", false},
    {"^(a+)+", "", "$", 0, "b", false},      {"^(a|aa)+", "", "$", 0, "b", false},
    {"^((a*)*)*", "", "b$", 0, "", false},   {"^(.*)*", "", "x$", 0, "", false},
    {"^(a?)*", "a?", "b$", 2000, "", false}, {"^", "a?", "b$", 2000, "", false},
    {"", "(a*)*", "b", 800, "", false},      {"", "(.*a)", "b$", 800, "", false},
    {"^", "(a|b|ab)", "*c", 450, "", false}, {"", "[^b]*", "b", 800, "", false},
    {"[", "b-z", "]", 1300, "", false},
};

static void no_expression_takes_for_ever(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof catastrophes / sizeof *catastrophes; i++) {
        CLEANUP(buf_clear) struct buf e = BUF_EMPTY(SIZE_MAX), text = BUF_EMPTY(SIZE_MAX);
        buf_text(&e, catastrophes[i].before);
        repeat(&e, catastrophes[i].middle, catastrophes[i].n);
        buf_text(&e, catastrophes[i].behind);
        repeat(&text, "a", 4096);
        buf_text(&text, catastrophes[i].end);
        if (matches(buf_view(&e), buf_view(&text)) != catastrophes[i].found)
            fail_msg("%s%s%s", catastrophes[i].before, catastrophes[i].middle,
                     catastrophes[i].behind);
    }
}

static void parentheses_may_be_deep(void **state)
{
    static const struct {
        const char *open, *atom, *close;
        size_t n;
    } forms[] = {{"(", "a", ")", 1000},    {"(", "a", ")", 2045},  {"(", "a", ")*", 1000},
                 {"(b|", "a", ")", 800},   {"(", "a", ")+", 1300}, {"(|", "a", ")*", 1000},
                 {"(a*", "a", "a*)*", 500}};
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        CLEANUP(buf_clear) struct buf e = BUF_EMPTY(SIZE_MAX), text = BUF_EMPTY(SIZE_MAX);
        struct regex *r = NULL;
        buf_u8(&e, '^');
        repeat(&e, forms[i].open, forms[i].n);
        buf_text(&e, forms[i].atom);
        repeat(&e, forms[i].close, forms[i].n);
        buf_text(&e, "c$");
        assert_true(matches(buf_view(&e), SLICE_TEXT("ac")));
        repeat(&text, "a", 300);
        assert_false(matches(buf_view(&e), buf_view(&text)));
        buf_text(&e, "(");
        FAILS(ERR_MALFORMED, regex_new(buf_view(&e), &r));
    }
}

/* Random expressions, beside a slow judge that works out where matches of each of their parts
 * can end. */

enum tree_kind {
    TREE_ATOM,
    TREE_ANY,
    TREE_SET,
    TREE_BEGIN,
    TREE_END,
    TREE_EMPTY,
    LEAVES,
    TREE_BOTH = LEAVES,
    TREE_EITHER,
    TREE_STAR,
    TREE_PLUS,
    TREE_MAYBE,
    TREE_KINDS
};

struct tree {
    enum tree_kind kind;
    char c; /* of atoms and sets, which have it and the next letter, or all but these */
    bool negated;
    struct tree *a, *b;
};

struct judge {
    uint32_t seed;
    struct tree trees[1 << (TREE_DEPTH + 1)];
    size_t n;
    const char *text;
    size_t len;
};

static uint32_t dice(struct judge *j, uint32_t sides)
{
    j->seed = j->seed * 1103515245 + 12345;
    return (j->seed >> 16) % sides;
}

static struct tree *grow(struct judge *j, unsigned depth)
{
    struct tree *t = &j->trees[j->n++];
    *t = (struct tree){.kind = dice(j, depth == 0 ? LEAVES : TREE_KINDS),
                       .c = (char)("abA*"[dice(j, 4)]),
                       .negated = dice(j, 2) == 0};
    if (t->kind >= LEAVES)
        t->a = grow(j, depth - 1);
    if (t->kind == TREE_BOTH || t->kind == TREE_EITHER)
        t->b = grow(j, depth - 1);
    return t;
}

static void write_tree(const struct tree *t, struct buf *b)
{
    static const char *const leaves[] = {NULL, ".", NULL, "^", "$", "()"};
    static const char signs[] = {[TREE_STAR] = '*', [TREE_PLUS] = '+', [TREE_MAYBE] = '?'};
    if (t->kind == TREE_ATOM) {
        buf_printf(b, "%s%c", t->c == '*' ? "\\" : "", t->c);
    } else if (t->kind == TREE_SET) {
        buf_printf(b, "[%s%c-%c]", t->negated ? "^" : "", t->c, t->c + 1);
    } else if (t->kind < LEAVES) {
        buf_text(b, leaves[t->kind]);
    } else {
        buf_u8(b, '(');
        write_tree(t->a, b);
        if (t->kind == TREE_EITHER)
            buf_u8(b, '|');
        if (t->b != NULL)
            write_tree(t->b, b);
        buf_u8(b, ')');
        if (t->b == NULL)
            buf_u8(b, (uint8_t)signs[t->kind]);
    }
}

static bool same_letter(char a, char b)
{
    return a == b || ((a ^ b) == 0x20 && (a | 0x20) >= 'a' && (a | 0x20) <= 'z');
}

static bool fits(const struct tree *t, char c)
{
    if (t->kind == TREE_ANY)
        return true;
    if (t->kind == TREE_ATOM)
        return same_letter(t->c, c);
    return (same_letter(t->c, c) || same_letter((char)(t->c + 1), c)) != t->negated;
}

static uint32_t ends_of(const struct judge *j, const struct tree *t, uint32_t begins);

static uint32_t ends_of_leaf(const struct judge *j, const struct tree *t, uint32_t begins)
{
    uint32_t ends = 0;
    if (t->kind == TREE_BEGIN)
        return begins & 1;
    if (t->kind == TREE_END)
        return begins & (UINT32_C(1) << j->len);
    if (t->kind == TREE_EMPTY)
        return begins;
    for (size_t i = 0; i < j->len; i++) {
        if ((begins >> i & 1) != 0 && fits(t, j->text[i]))
            ends |= UINT32_C(2) << i;
    }
    return ends;
}

static uint32_t ends_of_many(const struct judge *j, const struct tree *t, uint32_t begins)
{
    uint32_t ends = begins, before;
    do {
        before = ends;
        ends |= ends_of(j, t, ends);
    } while (ends != before);
    return ends;
}

/* Bit i: before the character i of the text. */
static uint32_t ends_of(const struct judge *j, const struct tree *t, uint32_t begins)
{
    switch (t->kind) {
    case TREE_BOTH:
        return ends_of(j, t->b, ends_of(j, t->a, begins));
    case TREE_EITHER:
        return ends_of(j, t->a, begins) | ends_of(j, t->b, begins);
    case TREE_STAR:
        return ends_of_many(j, t->a, begins);
    case TREE_PLUS:
        return ends_of_many(j, t->a, ends_of(j, t->a, begins));
    case TREE_MAYBE:
        return begins | ends_of(j, t->a, begins);
    default:
        return ends_of_leaf(j, t, begins);
    }
}

static void random_expressions_match_as_a_slow_judge_says(void **state)
{
    struct judge j = {.seed = 9580};
    size_t found = 0;
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
        char text[TEXT_MAX + 1] = "";
        j.n = 0;
        const struct tree *t = grow(&j, TREE_DEPTH);
        j.len = dice(&j, TEXT_MAX);
        for (size_t i = 0; i < j.len; i++)
            text[i] = "abcBC*+"[dice(&j, 7)];
        j.text = text;
        const bool whole = dice(&j, 2) == 0;
        buf_text(&b, whole ? "^(" : "");
        write_tree(t, &b);
        buf_text(&b, whole ? ")$" : "");
        buf_u8(&b, 0);
        const bool expected = whole ? (ends_of(&j, t, 1) >> j.len & 1) != 0
                                    : ends_of(&j, t, (UINT32_C(2) << j.len) - 1) != 0;
        check((const char *)b.data, text, expected);
        found += expected;
    }
    assert_in_range(found, ROUNDS / 4, ROUNDS * 3 / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_match_what_they_mean),
        cmocka_unit_test(a_zero_byte_is_a_character),
        cmocka_unit_test(what_is_no_expression_is_malformed),
        cmocka_unit_test(an_expression_has_a_length),
        cmocka_unit_test(no_expression_takes_for_ever),
        cmocka_unit_test(parentheses_may_be_deep),
        cmocka_unit_test(random_expressions_match_as_a_slow_judge_says),
    };
    return cmocka_run_group_tests_name("regex", tests, set_alarm, NULL);
}
