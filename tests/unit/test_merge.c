/* Merging two copies of a certificate: all that is in either, once. */
#include "unit.h"
#include "craft.h"
#include "keys.h"

#include "crypto/algo.h"

enum { START = CRAFT_START, SUBKEYS = CRAFT_SUBKEYS, DAY = 86400 };

static const struct craft_sig user = {.type = SIG_CERT_POSITIVE, .at = START, .flags = 3};
static const struct craft_sig binding = {.type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .flags = 12};

static struct cert *parse(struct slice bytes)
{
    struct cert *c = NULL;
    OK(cert_parse(bytes, &c));
    return c;
}

static struct cert *merge(const struct cert *a, const struct cert *b, bool expect_changed)
{
    struct cert *c = NULL;
    bool changed = !expect_changed;
    OK(cert_merge(a, b, &c, &changed));
    assert_int_equal(changed, expect_changed);
    return c;
}

/* What is in a certificate: "component" and "component signature" in hexadecimal,
 * sorted. */
struct content {
    char *lines[64];
    size_t n;
};

static void content_clear(struct content *c)
{
    for (size_t i = 0; i < c->n; i++)
        free(c->lines[i]);
    c->n = 0;
}

static void add_line(struct content *c, struct slice component, struct slice signature)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    text_hex_to(&b, component);
    buf_text(&b, " ");
    text_hex_to(&b, signature);
    assert_true(c->n < 64);
    OK(mem_string_of(buf_view(&b), &c->lines[c->n++]));
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct content content_of(const struct cert *c)
{
    struct content out = {.n = 0};
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        add_line(&out, x->packet.whole, SLICE_EMPTY);
        for (size_t k = 0; k < x->sigs.n; k++)
            add_line(&out, x->packet.whole, x->sigs.items[k].packet.body);
    }
    qsort(out.lines, out.n, sizeof *out.lines, compare_lines);
    return out;
}

static bool has_line(const struct content *c, const char *line)
{
    return bsearch(&line, c->lines, c->n, sizeof *c->lines, compare_lines) != NULL;
}

static void check_has(const struct cert *c, const struct cert *part)
{
    CLEANUP(content_clear) struct content all = content_of(c), some = content_of(part);
    for (size_t i = 0; i < some.n; i++)
        assert_true(has_line(&all, some.lines[i]));
}

/* c has what a and b have, each once, and nothing else. */
static void check_union(const struct cert *a, const struct cert *b, const struct cert *c)
{
    CLEANUP(content_clear) struct content in_a = content_of(a), in_b = content_of(b);
    CLEANUP(content_clear) struct content all = content_of(c);
    size_t both = 0;
    for (size_t i = 0; i < in_a.n; i++)
        both += has_line(&in_b, in_a.lines[i]);
    check_has(c, a);
    check_has(c, b);
    assert_int_equal(all.n, in_a.n + in_b.n - both);
}

/* Everything that a certificate may hold. */
static struct cert *full(void)
{
    struct craft c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_DIRECT_KEY, .at = START});
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_KEY_REVOCATION, .at = START + DAY});
    static const char *const users[] = {"Alice", "Alice <alice@example.org>", "A. L."};
    for (size_t i = 0; i < 3; i++) {
        craft_user(&c, users[i]);
        craft_sign_it(&c, &user);
        craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_REVOCATION, .at = START + DAY});
        craft_sign_it(
            &c, &(struct craft_sig){.type = SIG_CERT_GENERIC, .at = START, .by = craft_key(BOB)});
    }
    craft_packet(&c, PACKET_USER_ATTRIBUTE, unit_hex("02 64 00"));
    craft_sign_it(&c, &user);
    craft_subkey(&c, craft_key(ALICE_ENCRYPT));
    craft_sign_it(&c, &binding);
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_SUBKEY_REVOCATION, .at = START + DAY});
    craft_subkey(&c, craft_key(ALICE_SIGN));
    craft_sign_it(&c, &binding);
    craft_packet(&c, PACKET_SIGNATURE, SLICE_TEXT("\x09 of a version to come"));
    craft_packet(&c, PACKET_PUBLIC_SUBKEY, SLICE_TEXT("\x09 key of a version to come"));
    craft_packet(&c, PACKET_SIGNATURE, SLICE_TEXT("\x09 its binding"));
    craft_packet(&c, 60, SLICE_TEXT("what nobody knows"));
    return craft_cert(&c);
}

/* A part of it: each component but the primary key with one chance in two, each
 * signature of those likewise. */
static struct cert *part_of(const struct cert *c, unsigned *random)
{
    struct buf *b = unit_keep();
    for (size_t i = 0; i < c->components.n; i++) {
        const struct component *x = &c->components.items[i];
        *random = *random * 1103515245U + 12345;
        if (i > 0 && (*random >> 16 & 1) == 0)
            continue;
        buf_bytes(b, x->packet.whole);
        for (size_t k = 0; k < x->sigs.n; k++) {
            *random = *random * 1103515245U + 12345;
            if ((*random >> 16 & 1) != 0)
                buf_bytes(b, x->sigs.items[k].packet.whole);
        }
    }
    return parse(buf_view(b));
}

static bool brings_more(const struct cert *a, const struct cert *b)
{
    CLEANUP(content_clear) struct content in_a = content_of(a), in_b = content_of(b);
    bool more = false;
    for (size_t i = 0; i < in_b.n; i++)
        more |= !has_line(&in_a, in_b.lines[i]);
    return more;
}

/* For any two parts: the union, in either order; and a second time, or with what
 * is known already, nothing changes. */
static void any_two_copies_give_their_union(void **state)
{
    (void)state;
    unsigned random = 1;
    AUTO(cert_free) struct cert *all = full();
    for (int round = 0; round < 200; round++) {
        AUTO(cert_free) struct cert *a = part_of(all, &random), *b = part_of(all, &random);
        AUTO(cert_free) struct cert *ab = merge(a, b, brings_more(a, b));
        AUTO(cert_free) struct cert *ba = merge(b, a, brings_more(b, a));
        check_union(a, b, ab);
        check_union(a, b, ba);
        AUTO(cert_free) struct cert *again = merge(ab, b, false), *known = merge(ab, ba, false);
        SAME(buf_view(&again->bytes), buf_view(&ab->bytes));
        SAME(buf_view(&known->bytes), buf_view(&ab->bytes));
        AUTO(cert_free) struct cert *whole = merge(ab, all, brings_more(ab, all));
        check_union(all, all, whole);
    }
}

/* The order is that of the first copy, kind by kind. */
static void the_order_is_that_of_the_first(void **state)
{
    (void)state;
    struct craft one = craft_start(craft_key(ALICE)), two = craft_start(craft_key(ALICE));
    struct buf *expected = unit_keep();
    craft_user(&one, "B");
    craft_subkey(&one, craft_key(ALICE_SIGN));
    craft_user(&two, "A");
    craft_user(&two, "B");
    craft_subkey(&two, craft_key(ALICE_ENCRYPT));
    AUTO(cert_free) struct cert *a = craft_cert(&one), *b = craft_cert(&two);
    AUTO(cert_free) struct cert *c = merge(a, b, true);
    packet_write(expected, PACKET_PUBLIC_KEY, craft_key(ALICE)->public.body);
    packet_write(expected, PACKET_USER_ID, SLICE_TEXT("B"));
    packet_write(expected, PACKET_USER_ID, SLICE_TEXT("A"));
    packet_write(expected, PACKET_PUBLIC_SUBKEY, craft_key(ALICE_SIGN)->public.body);
    packet_write(expected, PACKET_PUBLIC_SUBKEY, craft_key(ALICE_ENCRYPT)->public.body);
    SAME(buf_view(&c->bytes), buf_view(expected));
}

static void other_certificates_are_not_merged(void **state)
{
    (void)state;
    struct craft one = craft_start(craft_key(ALICE)), two = craft_start(craft_key(BOB));
    AUTO(cert_free) struct cert *a = craft_cert(&one), *b = craft_cert(&two);
    struct cert *c = NULL;
    bool changed;
    FAILS(ERR_BUG, cert_merge(a, b, &c, &changed));
    assert_null(c);
}

/* A user ID that stands twice, as concatenated copies make it: the signatures of
 * both count. */
static void components_that_stand_twice(void **state)
{
    (void)state;
    struct craft one = craft_start(craft_key(ALICE)), two = craft_start(craft_key(ALICE));
    struct craft_sig newer = user;
    newer.at += DAY;
    craft_user(&one, "Alice");
    craft_sign_it(&one, &user);
    craft_user(&two, "Alice");
    craft_sign_it(&two, &user);
    craft_user(&two, "Alice");
    craft_sign_it(&two, &newer);
    AUTO(cert_free) struct cert *a = craft_cert(&one), *b = craft_cert(&two);
    AUTO(cert_free) struct cert *ab = merge(a, b, true), *ba = merge(b, a, false);
    check_has(ab, b);
    check_has(ba, b);
    AUTO(cert_free) struct cert *twice = merge(b, b, false);
    check_has(twice, b);
}

/* Signatures whose unhashed areas differ are the same: anybody can change those. */
static struct cert *with_unhashed(struct slice unhashed, bool named)
{
    struct craft c = craft_start(craft_key(ALICE));
    struct craft_sig sig = {.type = SIG_CERT_POSITIVE, .at = START, .unhashed = unhashed};
    sig.bare = !named;
    sig.hashed = named ? SLICE_EMPTY : craft_sub(SUB_CREATED, true, unit_hex("59682F00"));
    craft_user(&c, "Alice");
    craft_sign_it(&c, &sig);
    return craft_cert(&c);
}

static void unhashed_areas_make_no_difference(void **state)
{
    (void)state;
    AUTO(cert_free) struct cert *a = with_unhashed(SLICE_EMPTY, true);
    AUTO(cert_free) struct cert *b = with_unhashed(unit_hex("03 65 6869"), true);
    AUTO(cert_free) struct cert *ab = merge(a, b, false), *ba = merge(b, a, false);
    SAME(buf_view(&ab->bytes), buf_view(&a->bytes));
    SAME(buf_view(&ba->bytes), buf_view(&b->bytes));
}

static void check_usable(const struct cert *c)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    OK(bind_cert(c, &policy_default, START, &b));
    PROBLEM(bound_problem(b), NULL);
}

/* But a copy that somebody has spoiled there must not shut out the sound one, in
 * whatever order they come. */
static void spoiled_copies_do_not_shut_out_sound_ones(void **state)
{
    (void)state;
    struct fingerprint bob = craft_key(BOB)->public.fpr;
    CLEANUP(buf_clear) struct buf wrong_issuer = BUF_EMPTY(64);
    subpacket_write_fingerprint(&wrong_issuer, SUB_ISSUER_FPR, false, &bob);
    struct slice spoils[] = {unit_hex("02 21 09"), buf_view(&wrong_issuer)};
    for (size_t i = 0; i < 2; i++) {
        AUTO(cert_free) struct cert *sound = with_unhashed(SLICE_EMPTY, false);
        AUTO(cert_free) struct cert *spoiled = with_unhashed(spoils[i], false);
        struct cert *ab = NULL, *ba = NULL;
        bool changed;
        check_usable(sound);
        OK(cert_merge(sound, spoiled, &ab, &changed));
        OK(cert_merge(spoiled, sound, &ba, &changed));
        AUTO(cert_free) struct cert *first = ab, *second = ba;
        check_usable(first);
        check_usable(second);
    }
}

/* A signing subkey whose confirmation stands in the unhashed area, or is not there. */
static struct cert *signing_subkey(bool confirmed)
{
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    craft_sign_it(&c, &user);
    craft_subkey(&c, craft_key(ALICE_SIGN));
    struct slice back = craft_back(&c, craft_key(ALICE_SIGN), &(struct craft_sig){.at = SUBKEYS});
    struct slice unhashed = craft_sub(SUB_EMBEDDED, false, back);
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING,
                                          .at = SUBKEYS,
                                          .flags = FLAG_SIGN,
                                          .unhashed = confirmed ? unhashed : SLICE_EMPTY});
    return craft_cert(&c);
}

static bool can_sign_by_subkey(const struct cert *c)
{
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    OK(bind_cert(c, &policy_default, SUBKEYS + DAY, &b));
    const struct bound *x = bound_find_key(b, FLAG_SIGN, PK_SIGNS);
    return x != NULL && x->component->kind == COMPONENT_SUBKEY;
}

/* Whoever takes it away from a copy must not take it away for good. */
static void stripped_confirmations_are_put_back(void **state)
{
    (void)state;
    AUTO(cert_free) struct cert *sound = signing_subkey(true), *stripped = signing_subkey(false);
    assert_true(can_sign_by_subkey(sound));
    assert_false(can_sign_by_subkey(stripped));
    AUTO(cert_free) struct cert *kept = merge(sound, stripped, false);
    AUTO(cert_free) struct cert *mended = merge(stripped, sound, true);
    assert_true(can_sign_by_subkey(kept));
    assert_true(can_sign_by_subkey(mended));
    assert_int_equal(mended->components.items[2].sigs.n, 1);
}

/* Secret parts */

static struct cert *public_of(const struct cert *key)
{
    struct buf *b = unit_keep();
    cert_write(key, CERT_PUBLIC, b);
    return parse(buf_view(b));
}

static void secret_parts_are_taken_from_either(void **state)
{
    (void)state;
    static const char *const profiles[] = {"default", "rfc9580"};
    for (size_t i = 0; i < 2; i++) {
        AUTO(cert_free) struct cert *key = keys_make(profiles[i], "Alice", NULL);
        AUTO(cert_free) struct cert *public = public_of(key);
        AUTO(cert_free) struct cert *kp = merge(key, public, false), *pk = merge(public, key, true);
        SAME(buf_view(&kp->bytes), buf_view(&key->bytes));
        SAME(buf_view(&pk->bytes), buf_view(&key->bytes));
        assert_int_equal(pk->components.items[0].secret.state, SECKEY_UNPROTECTED);
    }
}

/* With GnuPG's dummy instead of the primary key's secret part. */
static struct cert *dummy_of(const struct cert *key)
{
    struct buf *b = unit_keep(), *body = unit_keep();
    const struct component *primary = &key->components.items[0];
    buf_bytes(body, primary->key.body);
    buf_bytes(body, unit_hex("FF 00 65 00 474E55 01"));
    packet_write(b, PACKET_SECRET_KEY, buf_view(body));
    buf_bytes(b, slice_from(buf_view(&key->bytes), primary->packet.whole.len));
    return parse(buf_view(b));
}

static void dummies_do_not_replace_secrets(void **state)
{
    (void)state;
    AUTO(cert_free) struct cert *key = keys_make("default", "Alice", NULL);
    AUTO(cert_free) struct cert *dummy = dummy_of(key), *public = public_of(key);
    assert_int_equal(dummy->components.items[0].secret.state, SECKEY_ABSENT);
    AUTO(cert_free) struct cert *kd = merge(key, dummy, false), *dk = merge(dummy, key, true);
    SAME(buf_view(&kd->bytes), buf_view(&key->bytes));
    SAME(buf_view(&dk->bytes), buf_view(&key->bytes));
    /* It is better than nothing. */
    AUTO(cert_free) struct cert *pd = merge(public, dummy, true), *dp = merge(dummy, public, false);
    SAME(buf_view(&pd->bytes), buf_view(&dummy->bytes));
    SAME(buf_view(&dp->bytes), buf_view(&dummy->bytes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_two_copies_give_their_union),
        cmocka_unit_test(the_order_is_that_of_the_first),
        cmocka_unit_test(other_certificates_are_not_merged),
        cmocka_unit_test(components_that_stand_twice),
        cmocka_unit_test(unhashed_areas_make_no_difference),
        cmocka_unit_test(spoiled_copies_do_not_shut_out_sound_ones),
        cmocka_unit_test(stripped_confirmations_are_put_back),
        cmocka_unit_test(secret_parts_are_taken_from_either),
        cmocka_unit_test(dummies_do_not_replace_secrets),
    };
    return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
