/* The command line: letters, names, values, lists, and what is wrong with it. */
#include "unit.h"

#include "cli/opt.h"

struct opts {
    bool armor, force;
    const char *output, *format;
    struct opt_list recipients;
};

static const struct opt opts[] = {
    OPT_FLAG('a', "armor", struct opts, armor, "write text"),
    OPT_FLAG('f', "force", struct opts, force, "overwrite"),
    OPT_TEXT('o', "output", struct opts, output, "FILE", "write to FILE", OPT_PLACE),
    OPT_WORD(0, "format", struct opts, format, "WORD", "the format", "old new"),
    OPT_LIST('r', "recipient", struct opts, recipients, "WHO", "encrypt to WHO", OPT_CERT),
};
static const struct opt_table table = {opts, sizeof opts / sizeof *opts};

enum { WORDS_MAX = 16 };

struct line {
    const char *words[WORDS_MAX];
    int n;
    struct opts opts;
    struct common_opts common;
    struct args args;
};

static void line_clear(struct line *l)
{
    opt_free(&table, &l->opts, &l->args);
}

/* Parses the words up to the first NULL. */
static err *parse(struct line *l)
{
    while (l->n < WORDS_MAX && l->words[l->n] != NULL)
        l->n++;
    return opt_parse(&table, &opt_common, l->n, l->words, &l->opts, &l->common, &l->args);
}

static void expect_args(const struct line *l, const char *expected)
{
    char text[256] = "";
    size_t used = 0;
    for (size_t i = 0; i < l->args.n; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "[%s]", l->args.items[i]);
    assert_string_equal(text, expected);
}

static void nothing_is_nothing(void **state)
{
    (void)state;
    CLEANUP(line_clear) struct line l = {.n = 0};
    OK(parse(&l));
    expect_args(&l, "");
    assert_false(l.opts.armor || l.opts.force || l.common.help || l.common.json || l.common.quiet);
    assert_null(l.opts.output);
    assert_int_equal(l.opts.recipients.n, 0);
}

static void letters_and_bundles(void **state)
{
    (void)state;
    CLEANUP(line_clear) struct line a = {.words = {"-a"}}, af = {.words = {"-af", "x"}};
    CLEANUP(line_clear) struct line value = {.words = {"-o", "file"}};
    CLEANUP(line_clear) struct line joined = {.words = {"-ofile"}};
    CLEANUP(line_clear) struct line all = {.words = {"-fqao", "-file-", "-rBob", "-r", "-a"}};
    OK(parse(&a));
    assert_true(a.opts.armor && !a.opts.force);
    OK(parse(&af));
    assert_true(af.opts.armor && af.opts.force);
    expect_args(&af, "[x]");
    OK(parse(&value));
    assert_string_equal(value.opts.output, "file");
    OK(parse(&joined));
    assert_string_equal(joined.opts.output, "file");
    OK(parse(&all));
    assert_true(all.opts.armor && all.opts.force && all.common.quiet);
    assert_string_equal(all.opts.output, "-file-");
    assert_int_equal(all.opts.recipients.n, 2);
    assert_string_equal(all.opts.recipients.items[1], "-a");
    expect_args(&all, "");
}

static void names_with_values(void **state)
{
    (void)state;
    CLEANUP(line_clear) struct line equals = {.words = {"--output=a=b", "--armor", "x"}};
    CLEANUP(line_clear) struct line next = {.words = {"--output", "--armor", "x"}};
    CLEANUP(line_clear) struct line empty = {.words = {"--output=", "-r", ""}};
    CLEANUP(line_clear) struct line others = {.words = {"--json", "--home=/h", "--help"}};
    OK(parse(&equals));
    assert_string_equal(equals.opts.output, "a=b");
    assert_true(equals.opts.armor);
    expect_args(&equals, "[x]");
    OK(parse(&next));
    assert_string_equal(next.opts.output, "--armor");
    assert_false(next.opts.armor);
    OK(parse(&empty));
    assert_string_equal(empty.opts.output, "");
    assert_string_equal(empty.opts.recipients.items[0], "");
    OK(parse(&others));
    assert_true(others.common.json && others.common.help && !others.common.quiet);
    assert_string_equal(others.common.home, "/h");
}

static void lists_keep_their_order(void **state)
{
    (void)state;
    CLEANUP(line_clear) struct line l = {.words = {"-r", "Alice", "one", "--recipient=Bob",
                                                   "-rCarol", "two", "--recipient", "Dave"}};
    OK(parse(&l));
    static const char *const expected[] = {"Alice", "Bob", "Carol", "Dave"};
    assert_int_equal(l.opts.recipients.n, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(l.opts.recipients.items[i], expected[i]);
    expect_args(&l, "[one][two]");
}

static void arguments(void **state)
{
    (void)state;
    CLEANUP(line_clear) struct line dash = {.words = {"-", "-a", "x", "-", ""}};
    CLEANUP(line_clear) struct line end = {.words = {"-f", "--", "-a", "--output=x", "--", "-"}};
    OK(parse(&dash));
    assert_true(dash.opts.armor);
    expect_args(&dash, "[-][x][-][]");
    OK(parse(&end));
    assert_true(end.opts.force && !end.opts.armor);
    assert_null(end.opts.output);
    expect_args(&end, "[-a][--output=x][--][-]");
}

/* What is wrong */

static void expect_error(enum err_kind kind, const char *const *words, const char *message,
                         const char *hint)
{
    CLEANUP(line_clear) struct line l = {.n = 0};
    char text[256];
    for (int i = 0; words[i] != NULL; i++)
        l.words[i] = words[i];
    err *e = parse(&l);
    assert_string_equal(err_text(e, text, sizeof text), message);
    if (hint != NULL)
        assert_string_equal(err_hint_of(e) != NULL ? err_hint_of(e) : "no hint", hint);
    FAILS(kind, e);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void missing_and_needless_values(void **state)
{
    (void)state;
    expect_error(ERR_MISSING_ARG, WORDS("--output"), "--output: needs a value: FILE", NULL);
    expect_error(ERR_MISSING_ARG, WORDS("x", "-o"), "--output: needs a value: FILE", NULL);
    expect_error(ERR_MISSING_ARG, WORDS("-afr"), "--recipient: needs a value: WHO", NULL);
    expect_error(ERR_MISSING_ARG, WORDS("--home"), "--home: needs a value: DIR", NULL);
    expect_error(ERR_UNKNOWN_OPTION, WORDS("--armor=yes"), "--armor: takes no value", NULL);
    expect_error(ERR_UNKNOWN_OPTION, WORDS("--armor="), "--armor: takes no value", NULL);
    expect_error(ERR_UNKNOWN_OPTION, WORDS("--json=1"), "--json: takes no value", NULL);
    expect_error(ERR_USAGE, WORDS("-o", "a", "--output=b"), "--output: given twice", NULL);
    expect_error(ERR_USAGE, WORDS("--home", "a", "--home", "b"), "--home: given twice", NULL);
}

static void unknown_options(void **state)
{
    (void)state;
    static const char help[] = "--help lists the options";
    expect_error(ERR_UNKNOWN_OPTION, WORDS("--outptu", "x"), "--outptu: no such option",
                 "did you mean --output?");
    expect_error(ERR_UNKNOWN_OPTION, WORDS("--armour"), "--armour: no such option",
                 "did you mean --armor?");
    expect_error(ERR_UNKNOWN_OPTION, WORDS("--jsn"), "--jsn: no such option",
                 "did you mean --json?");
    expect_error(ERR_UNKNOWN_OPTION, WORDS("--quite"), "--quite: no such option",
                 "did you mean --quiet?");
    expect_error(ERR_UNKNOWN_OPTION, WORDS("--compress"), "--compress: no such option", help);
    expect_error(ERR_UNKNOWN_OPTION, WORDS("--Armor"), "--Armor: no such option",
                 "did you mean --armor?");
    expect_error(ERR_UNKNOWN_OPTION, WORDS("--arm"), "--arm: no such option",
                 "did you mean --armor?");
    expect_error(ERR_UNKNOWN_OPTION, WORDS("--=x"), "--=x: no such option", help);
    expect_error(ERR_UNKNOWN_OPTION, WORDS("---armor"), "---armor: no such option",
                 "did you mean --armor?");
    expect_error(ERR_UNKNOWN_OPTION, WORDS("-x"), "-x: no such option", help);
    expect_error(ERR_UNKNOWN_OPTION, WORDS("-axf"), "-axf: no such option", help);
}

/* The value is no part of the name. */
static void unknown_options_with_values(void **state)
{
    (void)state;
    CLEANUP(line_clear) struct line l = {.words = {"--outptu=some/long/path"}};
    err *e = parse(&l);
    assert_non_null(err_hint_of(e));
    assert_string_equal(err_hint_of(e), "did you mean --output?");
    FAILS(ERR_UNKNOWN_OPTION, e);
}

static void the_nearest_word(void **state)
{
    (void)state;
    static const char *const words[] = {"encrypt", "decrypt", "sign", "verify", "key"};
    assert_string_equal(opt_nearest("encript", words, 5), "encrypt");
    assert_string_equal(opt_nearest("dcrypt", words, 5), "decrypt");
    assert_string_equal(opt_nearest("sgin", words, 5), "sign");
    assert_string_equal(opt_nearest("verifiy", words, 5), "verify");
    assert_string_equal(opt_nearest("keys", words, 5), "key");
    assert_null(opt_nearest("help", words, 5));
    assert_null(opt_nearest("", words, 5));
    assert_null(opt_nearest("ab", words, 5)); /* nothing of it is left in any */
    assert_null(opt_nearest("sign", words, 0));
}

/* Afterwards */

static void what_was_given(void **state)
{
    (void)state;
    CLEANUP(line_clear) struct line l = {.words = {"-a", "-o", "x", "-rBob"}};
    OK(parse(&l));
    assert_true(opt_is_set(&table, &l.opts, "armor"));
    assert_false(opt_is_set(&table, &l.opts, "force"));
    assert_true(opt_is_set(&table, &l.opts, "output"));
    assert_false(opt_is_set(&table, &l.opts, "format"));
    assert_true(opt_is_set(&table, &l.opts, "recipient"));
    assert_false(opt_is_set(&table, &l.opts, "no such thing"));
    CLEANUP(line_clear) struct line none = {.n = 0};
    OK(parse(&none));
    assert_false(opt_is_set(&table, &none.opts, "recipient"));
}

static void conflicts(void **state)
{
    (void)state;
    static const struct opt_conflict pairs[] = {
        {"armor", "format", "text has no format"},
        {"recipient", "output", "one or the other"},
        {NULL, NULL, NULL},
    };
    char text[256];
    CLEANUP(line_clear) struct line good = {.words = {"-a", "-o", "x"}};
    CLEANUP(line_clear) struct line bad = {.words = {"-rBob", "--format=old", "-o", "x", "-a"}};
    OK(parse(&good));
    OK(opt_check_conflicts(&table, &good.opts, pairs));
    OK(opt_check_conflicts(&table, &good.opts, NULL));
    OK(parse(&bad));
    err *e = opt_check_conflicts(&table, &bad.opts, pairs);
    assert_string_equal(err_text(e, text, sizeof text), "--armor and --format: text has no format");
    FAILS(ERR_INCOMPATIBLE, e);
    FAILS(ERR_INCOMPATIBLE, opt_check_conflicts(&table, &bad.opts, pairs + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_nothing), cmocka_unit_test(letters_and_bundles),
        cmocka_unit_test(names_with_values),  cmocka_unit_test(lists_keep_their_order),
        cmocka_unit_test(arguments),          cmocka_unit_test(missing_and_needless_values),
        cmocka_unit_test(unknown_options),    cmocka_unit_test(unknown_options_with_values),
        cmocka_unit_test(the_nearest_word),   cmocka_unit_test(what_was_given),
        cmocka_unit_test(conflicts),
    };
    return cmocka_run_group_tests_name("opt", tests, NULL, NULL);
}
