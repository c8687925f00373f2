/* Files of certificates: one that cannot be read costs nothing but itself
 * [RFC9580 10]. */
#include "unit.h"
#include "craft.h"
#include "kit.h"

#include "pgp/certfile.h"
#include "stream/armor.h"

static struct slice cert_of(enum craft_who who)
{
    struct craft c = craft_start(craft_key(who));
    craft_user(&c, "someone");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START});
    return buf_view(c.packets);
}

static struct slice armored(struct slice packets)
{
    struct source *s = NULL;
    OK(armor_encode(kit_pieces(packets), ARMOR_PUBLIC_KEY, true, &s));
    return kit_read(s);
}

static struct certfile *opened(struct slice bytes)
{
    struct certfile *f = NULL;
    OK(certfile_open(kit_pieces(bytes), &f));
    return f;
}

static void expect_cert(struct certfile *f, enum craft_who who)
{
    struct cert *c = NULL;
    err *bad = NULL;
    OK(certfile_next(f, &c, &bad));
    unit_ok(bad, "certfile_next", __FILE__, __LINE__);
    assert_non_null(c);
    assert_true(fingerprint_equal(cert_fingerprint(c), &craft_key(who)->public.fpr));
    SAME(buf_view(&c->bytes), cert_of(who));
    cert_free(c);
}

static void expect_bad(struct certfile *f, enum err_kind kind, const char *text)
{
    struct cert *c = NULL;
    err *bad = NULL;
    char got[512];
    OK(certfile_next(f, &c, &bad));
    assert_null(c);
    assert_non_null(bad);
    if (kind != ERR_NONE)
        assert_int_equal(err_kind_of(bad), kind);
    err_text(bad, got, sizeof got);
    if (strstr(got, text) == NULL)
        print_error("%s\nnot: %s\n", got, text);
    assert_non_null(strstr(got, text));
    err_free(bad);
}

static void expect_end(struct certfile *f)
{
    for (int i = 0; i < 2; i++) {
        struct cert *c = NULL;
        err *bad = NULL;
        OK(certfile_next(f, &c, &bad));
        assert_null(c);
        assert_null(bad);
    }
    certfile_close(f);
}

static void certificates_follow_one_another(void **state)
{
    (void)state;
    struct slice two = unit_joined(cert_of(ALICE), cert_of(CAROL));
    struct slice files[] = {
        unit_joined(two, cert_of(BOB)), armored(unit_joined(two, cert_of(BOB))),
        unit_joined(armored(two), armored(cert_of(BOB))),
        unit_joined(SLICE_TEXT("Hello,\n\n"), unit_joined(armored(two), armored(cert_of(BOB))))};
    for (size_t i = 0; i < 4; i++) {
        struct certfile *f = opened(files[i]);
        expect_cert(f, ALICE);
        expect_cert(f, CAROL);
        expect_cert(f, BOB);
        expect_end(f);
    }
    expect_end(opened(SLICE_EMPTY));
    certfile_close(NULL);
}

/* Marker, padding, trust [RFC9580 5.8, 5.14, 5.10]; in front of the keys, packets of tomorrow,
 * too [RFC9580 4.3]. */
static void some_packets_are_nothing(void **state)
{
    (void)state;
    struct slice noise = unit_hex("CA 03 504750 D5 02 0000 CC 02 0505");
    struct slice strange = unit_hex("E8 01 00 FF 01 00"), stranger = unit_hex("E7 01 00");
    struct slice all = unit_joined(noise, unit_joined(cert_of(ALICE), noise));
    struct certfile *f = opened(unit_joined(strange, unit_joined(all, cert_of(BOB))));
    expect_cert(f, ALICE);
    expect_cert(f, BOB);
    expect_end(f);
    f = opened(unit_joined(stranger, cert_of(ALICE)));
    expect_bad(f, ERR_MALFORMED, "not with a Unknown packet");
    expect_cert(f, ALICE);
    expect_end(f);
}

static void bad_ones_are_passed_over(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        enum err_kind kind;
        const char *text;
    } cases[] = {
        {"C6 06 07 01020304 01", ERR_UNSUPPORTED, "): key version 7 is not supported"},
        {"C6 03 040102", ERR_MALFORMED, "certificate 2 (byte "},
        {"C6 00", ERR_MALFORMED, "certificate 2 (byte "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice bad = unit_joined(unit_hex(cases[i].hex), unit_hex("CD 01 41 C2 01 04"));
        struct certfile *f = opened(unit_joined(unit_joined(cert_of(ALICE), bad), cert_of(BOB)));
        expect_cert(f, ALICE);
        expect_bad(f, cases[i].kind, cases[i].text);
        expect_cert(f, BOB);
        expect_end(f);
    }
    /* One with a packet that has no place in it. */
    struct slice literal = unit_joined(cert_of(CAROL), unit_hex("CB 06 62 00 00000000"));
    struct certfile *f = opened(unit_joined(literal, cert_of(BOB)));
    expect_bad(f, ERR_MALFORMED, "certificate 1 (byte 0): a Literal Data packet");
    expect_cert(f, BOB);
    expect_end(f);
}

/* What stands before the first key belongs to nothing. */
static void strays_are_told(void **state)
{
    (void)state;
    struct certfile *f = opened(unit_joined(unit_hex("CD 01 41"), cert_of(ALICE)));
    expect_bad(f, ERR_MALFORMED, "a certificate starts with a key, not with a User ID packet");
    expect_cert(f, ALICE);
    expect_end(f);
    f = opened(unit_hex("C2 01 04"));
    expect_bad(f, ERR_MALFORMED, "not with a Signature packet");
    expect_end(f);
}

/* Too large a packet costs its certificate, but no memory. */
static void huge_packets_are_passed_over(void **state)
{
    (void)state;
    struct buf *b = unit_keep();
    buf_bytes(b, cert_of(ALICE));
    packet_write_header(b, PACKET_USER_ATTRIBUTE, CERT_PACKET_MAX + 1);
    buf_fill(b, 0, CERT_PACKET_MAX + 1);
    buf_bytes(b, cert_of(BOB));
    struct certfile *f = opened(buf_view(b));
    expect_bad(f, ERR_LIMIT, " a User Attribute packet of more than 8388608 bytes");
    expect_cert(f, BOB);
    expect_end(f);
    b = unit_keep();
    buf_bytes(b, cert_of(ALICE));
    packet_write_header(b, PACKET_USER_ATTRIBUTE, CERT_PACKET_MAX);
    buf_fill(b, 0, CERT_PACKET_MAX);
    f = opened(buf_view(b));
    struct cert *c = NULL;
    err *bad = NULL;
    OK(certfile_next(f, &c, &bad));
    assert_null(bad);
    assert_int_equal(c->components.n, 3);
    cert_free(c);
    expect_end(f);
}

/* A file that is cut: what was whole before is there, and the rest is told. */
static void cut_files(void **state)
{
    (void)state;
    struct slice alice = cert_of(ALICE), bob = cert_of(BOB);
    struct slice both = unit_joined(alice, bob);
    /* Lengths at which nothing but a whole packet is missing. */
    size_t key = craft_key(BOB)->public.body.len + 2; /* no case goes on among random bytes */
    for (size_t n = alice.len + 1; n < both.len; n++) {
        struct cert *c = NULL;
        err *bad = NULL;
        struct certfile *f = opened(slice_of(both.data, n));
        expect_cert(f, ALICE);
        OK(certfile_next(f, &c, &bad));
        bool whole = n == alice.len + key || n == alice.len + key + 9;
        assert_int_equal(c != NULL, whole);
        assert_int_equal(bad == NULL, whole);
        assert_int_equal(certfile_place(f).offset, alice.len);
        assert_int_equal(certfile_place(f).number, 2);
        err_free(bad);
        cert_free(c);
        expect_end(f);
    }
}

/* Where bytes are no packets, the next key is found; also one that a wrong length has
 * swallowed. */
static void damage_costs_one(void **state)
{
    (void)state;
    struct slice alice = cert_of(ALICE), bob = cert_of(BOB), carol = cert_of(CAROL);
    size_t key = craft_key(BOB)->public.body.len + 2; /* no case goes on among random bytes */
    const struct {
        size_t at; /* in Bob's certificate */
        uint8_t byte;
    } cases[] = {
        {key, 0x4D},     /* no packet */
        {key, 0xDF},     /* of a type that is not there */
        {key, 0xC0},     /* type 0 */
        {key + 1, 0xFF}, /* longer than the file, or any packet may be */
        {key + 1, 0xE0}, /* in parts */
        {1, 0xFE},       /* already the key */
        {key + 1, 3},    /* too short */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice all = unit_joined(unit_joined(alice, bob), carol);
        ((uint8_t *)(uintptr_t)all.data)[alice.len + cases[i].at] = cases[i].byte;
        struct certfile *f = opened(all);
        expect_cert(f, ALICE);
        expect_bad(f, ERR_NONE, "(byte ");
        assert_int_equal(certfile_place(f).offset, alice.len);
        assert_int_equal(certfile_place(f).number, 2);
        expect_cert(f, CAROL);
        assert_int_equal(certfile_place(f).offset, alice.len + bob.len);
        expect_end(f);
    }
}

/* Line ends between certificates, as some tools write them, are nothing. */
static void filler_is_passed_over(void **state)
{
    (void)state;
    struct slice filler = unit_hex("0A 00 0D 0A 20 09");
    struct slice all = unit_joined(unit_joined(cert_of(ALICE), filler), cert_of(BOB));
    struct certfile *f = opened(unit_joined(all, filler));
    expect_cert(f, ALICE);
    expect_cert(f, BOB);
    expect_end(f);
}

/* Legacy headers, with lengths of one, two and four octets. */
static void keys_with_legacy_headers_are_found(void **state)
{
    (void)state;
    static const char *const heads[] = {"98", "99 00", "9a 00 00 00"};
    struct slice bob = cert_of(BOB), body = craft_key(BOB)->public.body;
    struct slice rest = slice_from(bob, body.len + 2);
    for (size_t i = 0; i < 3; i++) {
        char head[32];
        snprintf(head, sizeof head, "%s %02x", heads[i], (unsigned)body.len);
        struct slice legacy = unit_joined(unit_hex(head), unit_joined(body, rest));
        struct certfile *f = opened(
            unit_joined(unit_hex("C6 06 04 01 02 03 04 77 41 42 43"), legacy));
        expect_bad(f, ERR_NONE, "certificate 1 (byte 0)");
        expect_cert(f, BOB);
        expect_end(f);
    }
}

/* Damage to one frame, at a character of it or at its end, costs the certificate there. */
static void damaged_frames_cost_one(void **state)
{
    (void)state;
    struct slice alice = armored(cert_of(ALICE)), carol = armored(cert_of(CAROL));
    const size_t places[] = {70, 150, 200};
    for (size_t i = 0; i < 3; i++) {
        struct slice two = unit_joined(cert_of(ALICE), cert_of(BOB));
        struct slice bob = armored(two);
        ((uint8_t *)(uintptr_t)bob.data)[bob.len - places[i]] = '!';
        struct certfile *f = opened(unit_joined(unit_joined(alice, bob), carol));
        expect_cert(f, ALICE);
        expect_cert(f, ALICE);
        expect_bad(f, ERR_MALFORMED, "armor: ");
        expect_cert(f, CAROL);
        expect_end(f);
        f = opened(unit_joined(alice, bob));
        expect_cert(f, ALICE);
        expect_cert(f, ALICE);
        expect_bad(f, ERR_MALFORMED, "armor: ");
        expect_end(f);
    }
}

static void failures_of_the_input_go_through(void **state)
{
    (void)state;
    struct certfile *f = NULL;
    struct cert *c = NULL;
    err *bad = NULL;
    struct slice alice = cert_of(ALICE);
    OK(certfile_open(kit_failing(unit_joined(alice, alice), alice.len + 10), &f));
    expect_cert(f, ALICE);
    FAILS(ERR_IO, certfile_next(f, &c, &bad));
    certfile_close(f);
    FAILS(ERR_IO, certfile_open(kit_failing(alice, 0), &f));
    f = opened(SLICE_TEXT("nothing here"));
    FAILS(ERR_NO_DATA, certfile_next(f, &c, &bad));
    certfile_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_follow_one_another),
        cmocka_unit_test(some_packets_are_nothing),
        cmocka_unit_test(bad_ones_are_passed_over),
        cmocka_unit_test(strays_are_told),
        cmocka_unit_test(huge_packets_are_passed_over),
        cmocka_unit_test(cut_files),
        cmocka_unit_test(damage_costs_one),
        cmocka_unit_test(filler_is_passed_over),
        cmocka_unit_test(keys_with_legacy_headers_are_found),
        cmocka_unit_test(damaged_frames_cost_one),
        cmocka_unit_test(failures_of_the_input_go_through),
    };
    return cmocka_run_group_tests_name("certfile", tests, NULL, NULL);
}
