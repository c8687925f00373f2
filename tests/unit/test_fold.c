/* Names in one form: case, and internationalised domains. */
#include "unit.h"

#include <string.h>

#include "base/fold.h"
#include "base/punycode.h"
#include "base/text.h"

/* RFC3492 7.1, those that fit into a label. */
static const struct {
    const char *ascii, *letters;
} samples[] = {
    {"egbpdaj6bu4bxfgehfvwxn", "ليهمابتكلموشعربي؟"},
    {"ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"},
    {"ihqwctvzc91f659drss3x8bo0yb", "他們爲什麽不說中文"},
    {"Proprostnemluvesky-uyb24dma41a", "Pročprostěnemluvíčesky"},
    {"4dbcagdahymbxekheh6e0a7fei0b", "למההםפשוטלאמדבריםעברית"},
    {"i1baa7eci9glrd9b2ae1bj0hfcgg6iyaf8o0a1dig0cd", "यहलोगहिन्दीक्योंनहींबोलसकतेहैं"},
    {"n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa", "なぜみんな日本語を話してくれないのか"},
    {"b1abfaaepdrnnbgefbadotcwatmq2g4l", "почемужеонинеговорятпорусски"},
    {"PorqunopuedensimplementehablarenEspaol-fmd56a", "PorquénopuedensimplementehablarenEspañol"},
    {"TisaohkhngthchnitingVit-kjcr8268qyxafd2f1b9g", "TạisaohọkhôngthểchỉnóitiếngViệt"},
    {"3B-ww4c5e180e575a65lsy2b", "3年B組金八先生"},
    {"-with-SUPER-MONKEYS-pc58ag80a8qai00g7n9n", "安室奈美恵-with-SUPER-MONKEYS"},
    {"Hello-Another-Way--fc4qua05auwb3674vfr0b", "Hello-Another-Way-それぞれの場所"},
    {"2-u9tlzr9756bt3uc0v", "ひとつ屋根の下2"},
    {"MajiKoi5-783gue6qz075azm5e", "MajiでKoiする5秒前"},
    {"de-jg4avhby1noc0d", "パフィーdeルンバ"},
    {"d9juau41awczczp", "そのスピードで"},
    {"-> $1.00 <--", "-> $1.00 <-"},
};

static void punycode_is_that_of_the_rfc(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        CLEANUP(buf_clear) struct buf b = BUF_EMPTY(1024);
        uint32_t characters[PUNYCODE_MAX];
        size_t n;
        assert_true(punycode_decode(slice_of_string(samples[i].ascii), characters, &n));
        for (size_t k = 0; k < n; k++)
            text_utf8_to(&b, characters[k]);
        SAME(buf_view(&b), slice_of_string(samples[i].letters));
    }
}

static void what_is_no_punycode_is_refused(void **state)
{
    static const char *const wrong[] = {
        "a-!",
        "99999999",
        "b-9",
        "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "0j79i" /* U+D800 */,
    };
    uint32_t characters[PUNYCODE_MAX];
    size_t n;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(punycode_decode(slice_of_string(wrong[i]), characters, &n));
}

static void folds(void (*fold)(struct buf *, struct slice), const char *text, const char *to)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(1024);
    fold(&b, slice_of_string(text));
    SAME(buf_view(&b), slice_of_string(to));
}

static void case_is_folded_in_many_scripts(void **state)
{
    (void)state;
    folds(fold_text_to, "Alice [AZ`] 42", "alice [az`] 42");
    folds(fold_text_to, "ÄÖÜ ÀÞ ŸĄŽ ẞß ×", "äöü àþ ÿąž ßß ×");
    folds(fold_text_to, "ΆΈΌΏ ΣΟΦΌΣ σοφός", "άέόώ σοφόσ σοφόσ");
    folds(fold_text_to, "ЖЁЩ Ґ ԱՖ Ỳ Ａ", "жёщ ґ աֆ ỳ ａ");
    folds(fold_text_to,
          "\xFF\xC3"
          "A\xC3\x84",
          "\xFF\xC3"
          "a\xC3\xA4");
}

static void addresses_start_with_the_domain_in_letters(void **state)
{
    (void)state;
    folds(fold_address_to, "Alice@Example.ORG", "example.org@alice");
    folds(fold_address_to, "\"a@b\"@c.d", "c.d@\"a@b\"");
    folds(fold_address_to, "Jörg@BÜCHER.example", "bücher.example@jörg");
    folds(fold_address_to, "jÖrg@XN--Bcher-KVA.example", "bücher.example@jörg");
    folds(fold_domain_to, "xn--bcher-kva.xn--p1ai.", "bücher.рф.");
    folds(fold_domain_to, "xn--.a..xn--!!", "xn--.a..xn--!!");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(punycode_is_that_of_the_rfc),
        cmocka_unit_test(what_is_no_punycode_is_refused),
        cmocka_unit_test(case_is_folded_in_many_scripts),
        cmocka_unit_test(addresses_start_with_the_domain_in_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
