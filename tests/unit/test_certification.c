/* Certifications: how far they go, and which of several counts. */
#include "unit.h"
#include "craft.h"
#include "kit.h"

#include "cli/terms.h"
#include "pgp/certification.h"

enum { START = CRAFT_START, DAY = 86400 };

/* The subpackets written and read again give the same. */
static void terms_come_back(void **state)
{
    (void)state;
    for (int i = 0; i < 16; i++) {
        CLEANUP(certification_terms_clear) struct certification_terms t = CERTIFICATION_TERMS;
        CLEANUP(certification_terms_clear) struct certification_terms again = CERTIFICATION_TERMS;
        struct buf *subpackets = unit_keep();
        struct sig s;
        t.local = (i & 1) != 0;
        t.expires_at = (i & 2) != 0 ? START + DAY : 0;
        t.depth = (i & 4) != 0 ? 3 : 0;
        t.amount = (i & 8) != 0 ? 40 : CERTIFICATION_FULL;
        if (t.depth > 0) {
            OK(certification_add_domain(&t, "Example.org"));
            OK(certification_add_domain(&t, "example.com"));
        }
        OK(certification_write_terms(&t, START, subpackets));
        const struct target target = {.primary = craft_key(ALICE)->public.body,
                                      .user = SLICE_TEXT("Alice"),
                                      .has_user = true};
        const struct craft_sig what = {
            .type = SIG_CERT_GENERIC, .at = START, .hashed = buf_view(subpackets)};
        OK(sig_parse(craft_sign(craft_key(BOB), &target, &what), &s));
        assert_null(s.flaw);
        OK(certification_read_terms(&s, &again));
        assert_true(certification_same_terms(&t, &again));
        again.depth ^= 1;
        assert_false(certification_same_terms(&t, &again));
    }
}

static void expect_scopes(const char *domain, const char *expected)
{
    CLEANUP(certification_terms_clear) struct certification_terms t = CERTIFICATION_TERMS;
    CLEANUP(buf_clear) struct buf read = BUF_EMPTY(1 << 10);
    char got[256] = "";
    struct slice regex;
    size_t cursor = 0;
    OK(certification_add_domain(&t, domain));
    while (certification_next_scope(&t, &cursor, &regex, &read))
        snprintf(got + strlen(got), sizeof got - strlen(got), "%.*s=%.*s ", (int)regex.len,
                 (const char *)regex.data, (int)read.len, (const char *)read.data);
    assert_string_equal(got, expected);
}

static void domains_become_regular_expressions(void **state)
{
    (void)state;
    expect_scopes("Example.ORG", "<[^>]+[@.]example\\.org>$=example.org ");
    expect_scopes("de", "<[^>]+[@.]de>$=de ");
    expect_scopes("xn--mnchen-3ya.example",
                  "<[^>]+[@.]xn--mnchen-3ya\\.example>$=xn--mnchen-3ya.example "
                  "<[^>]+[@.]m\xC3\xBCnchen\\.example>$=m\xC3\xBCnchen.example ");
    static const char *const wrong[] = {"",      ".",       ".org",  "org.", "a..b",    "a@b",
                                        "a b.c", "a.b>$|x", "(a).b", "a*b",  "\xFF.org"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CLEANUP(certification_terms_clear) struct certification_terms t = CERTIFICATION_TERMS;
        FAILS(ERR_USAGE, certification_add_domain(&t, wrong[i]));
        assert_int_equal(t.scopes.len, 0);
    }
}

static void scopes_of_others_are_no_domains(void **state)
{
    (void)state;
    static const char *const others[] = {"example.com",       "<[^>]+[@.]>$",
                                         "<[^>]+[@.](a|b)>$", "<[^>]+[@.]a\\\\b>$",
                                         "<[^>]+[@.]a.b>$",   ""};
    CLEANUP(certification_terms_clear) struct certification_terms t = CERTIFICATION_TERMS;
    CLEANUP(buf_clear) struct buf domain = BUF_EMPTY(1 << 10);
    struct slice regex;
    size_t cursor = 0, n = 0;
    for (size_t i = 0; i < 6; i++) {
        buf_text(&t.scopes, others[i]);
        buf_u8(&t.scopes, 0);
    }
    for (; certification_next_scope(&t, &cursor, &regex, &domain); n++) {
        SAME(regex, slice_of_string(others[n]));
        assert_int_equal(domain.len, 0);
    }
    assert_int_equal(n, 6);
}

static struct slice scope(const char *text, size_t times, bool ended)
{
    struct buf *body = unit_keep(), *packet = unit_keep();
    for (size_t i = 0; i < times; i++)
        buf_text(body, text);
    if (ended)
        buf_u8(body, 0);
    subpacket_write(packet, SUB_REGEX, true, buf_view(body));
    return buf_view(packet);
}

/* What others write as scopes is no reason not to show the rest. */
static void odd_scopes_are_shown(void **state)
{
    (void)state;
    CLEANUP(certification_terms_clear) struct certification_terms t = CERTIFICATION_TERMS;
    CLEANUP(buf_clear) struct buf words = BUF_EMPTY(1 << 12);
    struct buf *hashed = unit_keep();
    struct sig s;
    const struct target target = {
        .primary = craft_key(ALICE)->public.body, .user = SLICE_TEXT("Alice"), .has_user = true};
    subpacket_write(hashed, SUB_TRUST, true, SLICE_TEXT("\x01\x3c"));
    buf_bytes(hashed, scope("", 0, false));
    buf_bytes(hashed, scope("no zero byte", 1, false));
    buf_bytes(hashed, scope("\x1b[31m", 1, true));
    buf_bytes(hashed, scope("long", 10000, true));
    for (int i = 0; i < 3; i++)
        buf_bytes(hashed, scope("<[^>]+[@.]example\\.org>$", 1, true));
    const struct craft_sig what = {
        .type = SIG_CERT_GENERIC, .at = START, .hashed = buf_view(hashed)};
    OK(sig_parse(craft_sign(craft_key(BOB), &target, &what), &s));
    OK(certification_read_terms(&s, &t));
    terms_words(&t, &words);
    buf_u8(&words, 0);
    OK(buf_end(&words));
    assert_non_null(strstr((char *)words.data, "may certify others who fit  or no zero byte or "
                                               "\\x1B[31m or longlong"));
    assert_non_null(
        strstr((char *)words.data, "long... or example.org or 2 more, amount 60 of 120"));
}

/* Alice with a user ID, and what others have signed about it. */
static struct craft alice(const struct craft_sig *sigs, size_t n)
{
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = START, .flags = 3});
    for (size_t i = 0; i < n; i++)
        craft_sign_it(&c, &sigs[i]);
    return c;
}

/* What Bob has said: when, and whether it holds ten days later. */
static void expect(const struct craft_sig *sigs, size_t n, int64_t newest, int64_t last, bool holds,
                   bool public)
{
    const struct craft made = alice(sigs, n);
    AUTO(cert_free) struct cert *c = craft_cert(&made);
    struct certification x;
    OK(certification_find(c, &c->components.items[1], &craft_key(BOB)->public, &x));
    assert_int_equal(x.newest != NULL ? x.newest->created_at : 0, newest);
    assert_int_equal(x.last_at, last);
    assert_int_equal(certification_holds(&x, &policy_default, START + 10 * DAY), holds);
    assert_int_equal(x.is_public, public);
}

static void the_newest_counts_unless_it_is_taken_back(void **state)
{
    (void)state;
    const struct craft_key *bob = craft_key(BOB);
    struct craft_sig s[] = {
        {.type = SIG_CERT_GENERIC, .at = START + DAY, .by = bob},
        {.type = SIG_CERT_POSITIVE, .at = START + 3 * DAY, .by = bob, .local = true},
        {.type = SIG_CERT_REVOCATION, .at = START + 2 * DAY, .by = bob},
        {.type = SIG_CERT_REVOCATION, .at = START + 3 * DAY, .by = bob, .local = true},
    };
    expect(s, 0, 0, 0, false, false);
    expect(s, 1, START + DAY, START + DAY, true, true);
    expect(s, 2, START + 3 * DAY, START + 3 * DAY, true, true);
    expect(s, 3, START + 3 * DAY, START + 3 * DAY, true, false);
    expect(s, 4, START + 3 * DAY, START + 3 * DAY, false, false);
    s[0].at = START + 4 * DAY;
    expect(s, 4, START + 4 * DAY, START + 4 * DAY, true, true);
}

static void what_does_not_count(void **state)
{
    (void)state;
    const struct craft_key *bob = craft_key(BOB);
    const struct craft_sig forged = {
        .type = SIG_CERT_GENERIC, .at = START + DAY, .by = bob, .forged = true};
    const struct craft_sig others = {
        .type = SIG_CERT_GENERIC, .at = START + DAY, .by = craft_key(DAVE)};
    const struct craft_sig expired = {
        .type = SIG_CERT_GENERIC, .at = START + DAY, .by = bob, .expires = DAY};
    const struct craft_sig future = {.type = SIG_CERT_GENERIC, .at = START + 11 * DAY, .by = bob};
    const struct craft_sig direct = {.type = SIG_DIRECT_KEY, .at = START + DAY, .by = bob};
    expect(&forged, 1, 0, 0, false, false);
    expect(&others, 1, 0, 0, false, false);
    expect(&direct, 1, 0, 0, false, false);
    expect(&expired, 1, START + DAY, START + DAY, false, true);
    expect(&future, 1, START + 11 * DAY, START + 11 * DAY, false, true);
}

static void weak_hashes_do_not_count(void **state)
{
    (void)state;
    const struct craft_sig weak = {
        .type = SIG_CERT_GENERIC, .at = 1700000000, .by = craft_key(DAVE), .hash = HASH_SHA1};
    const struct craft made = alice(&weak, 1);
    AUTO(cert_free) struct cert *c = craft_cert(&made);
    struct certification x;
    OK(certification_find(c, &c->components.items[1], &craft_key(DAVE)->public, &x));
    assert_non_null(x.newest);
    assert_false(certification_holds(&x, &policy_default, 1700000001));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_come_back),
        cmocka_unit_test(domains_become_regular_expressions),
        cmocka_unit_test(scopes_of_others_are_no_domains),
        cmocka_unit_test(odd_scopes_are_shown),
        cmocka_unit_test(the_newest_counts_unless_it_is_taken_back),
        cmocka_unit_test(what_does_not_count),
        cmocka_unit_test(weak_hashes_do_not_count),
    };
    return cmocka_run_group_tests_name("certification", tests, NULL, NULL);
}
