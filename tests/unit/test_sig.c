/* Signature packets: their fields, their subpackets, what is wrong with them, and
 * what they hash [RFC9580 5.2]. */
#include "unit.h"
#include "kit.h"

#include "crypto/algo.h"
#include "packet/sig.h"

/* Signatures by hand: EdDSALegacy with SHA-256 (v4), Ed25519 with SHA-512 (v6);
 * nothing here looks at their values. */
#define CREATED  "05 82 01020304"
#define VALUE_V4 "0001 01 0001 01"
#define SALT32   "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"
#define VALUE_V6 SALT32 SALT32
#define ID       "0123456789ABCDEF"
#define FPR_V4   "00112233445566778899AABB" ID
#define FPR_V6   SALT32

static struct slice v4(const char *hashed, const char *unhashed)
{
    struct buf *b = unit_keep();
    const struct sig_draft d = {4,           SIG_CERT_POSITIVE, PK_EDDSA_LEGACY,
                                HASH_SHA256, unit_hex(hashed),  unit_hex(unhashed),
                                SLICE_EMPTY};
    sig_write_signed_part(b, &d);
    sig_write_rest(b, &d, unit_hex("ABCD"), unit_hex(VALUE_V4));
    return buf_view(b);
}

static struct slice v6(const char *hashed, const char *unhashed, uint8_t hash, size_t salt_len)
{
    struct buf *b = unit_keep(), *salt = unit_keep();
    buf_fill(salt, 7, salt_len);
    const struct sig_draft d = {
        6, SIG_BINARY, PK_ED25519, hash, unit_hex(hashed), unit_hex(unhashed), buf_view(salt)};
    sig_write_signed_part(b, &d);
    sig_write_rest(b, &d, unit_hex("ABCD"), unit_hex(VALUE_V6));
    return buf_view(b);
}

static struct sig parsed(struct slice body)
{
    struct sig s;
    OK(sig_parse(body, &s));
    return s;
}

static void check_sound(struct slice body)
{
    struct sig s = parsed(body);
    if (s.flaw != NULL)
        print_error("%s\n", s.flaw);
    assert_null(s.flaw);
}

static void check_flaw(struct slice body, const char *expected)
{
    struct sig s = parsed(body);
    assert_non_null(s.flaw);
    if (strstr(s.flaw, expected) == NULL)
        print_error("%s\n", s.flaw);
    assert_non_null(strstr(s.flaw, expected));
}

/* Subpackets */

static void subpackets_have_three_kinds_of_length(void **state)
{
    (void)state;
    static const struct {
        const char *length;
        size_t len;
    } cases[] = {{"01", 1},      {"BF", 191},          {"C000", 192},     {"DFFF", 8383},
                 {"E000", 8384}, {"FEFF", 16319},      {"FF00000001", 1}, {"FF0000C000", 49152},
                 {"FFFF", 0},    {"FF00010000", 65536}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice body = kit_data(cases[i].len == 0 ? 0 : cases[i].len - 1);
        struct slice header = unit_joined(unit_hex(cases[i].length), unit_hex("94"));
        struct slice area = unit_joined(header, body);
        struct reader r = reader_init(area, "area");
        struct subpacket p = subpacket_next(&r);
        if (cases[i].len == 0) { /* the length itself is cut */
            FAILS(ERR_MALFORMED, reader_check(&r));
            continue;
        }
        OK(reader_end(&r));
        assert_int_equal(p.type, SUB_NOTATION);
        assert_true(p.critical);
        SAME(p.body, body);
        /* One byte less is too short. */
        r = reader_init(slice_of(area.data, area.len - 1), "area");
        subpacket_next(&r);
        FAILS(ERR_MALFORMED, reader_check(&r));
    }
}

static void subpackets_are_written(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 190, 191, 192, 8382, 8383, 70000};
    struct fingerprint f;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(1000);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        CLEANUP(buf_clear) struct buf big = BUF_EMPTY(80000);
        subpacket_write(&big, SUB_POLICY_URI, i % 2 == 1, kit_data(sizes[i]));
        struct reader r = reader_init(buf_view(&big), "area");
        struct subpacket p = subpacket_next(&r);
        OK(reader_end(&r));
        assert_int_equal(p.type, SUB_POLICY_URI);
        assert_int_equal(p.critical, i % 2 == 1);
        SAME(p.body, kit_data(sizes[i]));
    }
    subpacket_write_u8(&b, SUB_KEY_FLAGS, true, 3);
    subpacket_write_u32(&b, SUB_EXPIRES, false, 0x01020304);
    assert_true(fingerprint_from(4, unit_hex(FPR_V4), &f));
    subpacket_write_fingerprint(&b, SUB_ISSUER_FPR, false, &f);
    SAME(buf_view(&b), unit_hex("02 9B 03  05 03 01020304  16 21 04" FPR_V4));
    assert_true(subpacket_read_fingerprint(unit_hex("04" FPR_V4), &f));
    assert_int_equal(f.version, 4);
    assert_false(subpacket_read_fingerprint(unit_hex("06" FPR_V4), &f));
    assert_false(subpacket_read_fingerprint(unit_hex("04" FPR_V6), &f));
    assert_false(subpacket_read_fingerprint(SLICE_EMPTY, &f));
}

/* Known means named in the table, but for two that are only reserved
 * [RFC9580 5.2.3.7, Table 5]. */
static void known_subpackets_are_those_of_the_table(void **state)
{
    (void)state;
    static const uint8_t known[] = {2,  3,  4,  5,  6,  7,  9,  11, 12, 16, 20, 21, 22,
                                    23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 35, 39};
    for (unsigned type = 0; type < 128; type++) {
        bool is_known = memchr(known, (int)type, sizeof known) != NULL;
        assert_int_equal(subpacket_is_known((uint8_t)type), is_known);
        if (is_known)
            assert_string_not_equal(subpacket_name((uint8_t)type), "Unknown");
    }
    assert_string_equal(subpacket_name(SUB_KEY_FLAGS), "Key Flags");
    assert_string_equal(subpacket_name(101), "Private or Experimental");
    assert_string_equal(subpacket_name(111), "Unknown");
}

/* A length of zero has no room for a type; one beyond the area is a lie. */
static void malformed_areas_are_refused(void **state)
{
    (void)state;
    static const char *const areas[] = {"00", "02", "03 02 01", "FF000000", "C0", CREATED "05 02"};
    struct sig s;
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
        FAILS(ERR_MALFORMED, sig_parse(v4(areas[i], ""), &s));
        FAILS(ERR_MALFORMED, sig_parse(v4(CREATED, areas[i]), &s));
        FAILS(ERR_MALFORMED, sig_parse(v6(areas[i], "", HASH_SHA512, 32), &s));
    }
}

/* Fields */

static void hashed_subpackets_count(void **state)
{
    (void)state;
    struct sig s = parsed(v4(CREATED "05 03 00000010 05 09 00000020 03 1B 030C 02 1E 09"
                                     "02 04 00 02 07 00 02 19 01",
                             ""));
    assert_null(s.flaw);
    assert_true(s.has_created && s.has_key_flags && s.has_features && s.has_key_expiry);
    assert_int_equal(s.created_at, 0x01020304);
    assert_int_equal(s.expires_after, 0x10);
    assert_int_equal(sig_expires_at(&s), 0x01020314);
    assert_int_equal(s.key_expires_after, 0x20);
    assert_int_equal(s.key_flags, FLAG_CERTIFY | FLAG_SIGN | 0x0C00);
    assert_int_equal(s.features, FEATURE_SEIPD1 | FEATURE_SEIPD2);
    assert_true(s.local && s.irrevocable && s.primary_uid);
    s = parsed(v4(CREATED, ""));
    assert_false(s.local || s.irrevocable || s.primary_uid);
    assert_int_equal(sig_expires_at(&s), 0);
    s = parsed(v4("05 02 FFFFFFFF 05 03 FFFFFFFF", ""));
    assert_true(sig_expires_at(&s) == 2 * (int64_t)UINT32_MAX);
}

/* Nothing but the hint whom to ask is taken from where anybody can write
 * [RFC9580 5.2.3.8, 13.13]. */
static void unhashed_subpackets_do_not(void **state)
{
    (void)state;
    struct sig s = parsed(v4(CREATED, "05 02 0A0B0C0D 05 03 00000010 05 09 00000020 02 1B 03"
                                      "02 1E 09 02 04 00 02 07 00 02 19 01 02 9D 02 01 FF"));
    struct subpacket p;
    size_t cursor = 0;
    assert_null(s.flaw);
    assert_int_equal(s.created_at, 0x01020304);
    assert_int_equal(s.expires_after + s.key_expires_after + s.key_flags + s.features, 0);
    assert_false(s.has_key_flags || s.has_features || s.has_key_expiry);
    assert_false(s.local || s.irrevocable || s.primary_uid);
    assert_false(sig_find(&s, SUB_REVOCATION_REASON, &p));
    assert_false(sig_next(&s, SUB_KEY_FLAGS, &cursor, &p));
    check_flaw(v4("", CREATED), "when it was made");
}

static void the_issuer_is_a_hint(void **state)
{
    (void)state;
    struct sig s = parsed(v4(CREATED, "09 10" ID));
    assert_int_equal(s.issuer.fpr.version, 0);
    SAME(SLICE_OF(s.issuer.id.bytes), unit_hex(ID));
    s = parsed(v4(CREATED "16 21 04" FPR_V4, "09 10 FFFFFFFFFFFFFFFF"));
    SAME(fingerprint_view(&s.issuer.fpr), unit_hex(FPR_V4));
    SAME(SLICE_OF(s.issuer.id.bytes), unit_hex(ID));
    /* The hashed fingerprint counts, wherever the other stands. */
    s = parsed(v4(CREATED "16 21 04" FPR_V4, "16 21 04 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"));
    SAME(fingerprint_view(&s.issuer.fpr), unit_hex(FPR_V4));
    s = parsed(v4(CREATED, ""));
    assert_true(key_handle_is_empty(&s.issuer));
    /* [RFC9580 5.2.3.35] */
    check_flaw(v4(CREATED "22 21 06" FPR_V6, ""), "another version");
    check_flaw(v6(CREATED "16 21 04" FPR_V4, "", HASH_SHA512, 32), "another version");
    check_sound(v6(CREATED "22 21 06" FPR_V6, "", HASH_SHA512, 32));
}

/* Of several the last counts; some may repeat [RFC9580 5.2.3.9]. */
static void repeated_subpackets(void **state)
{
    (void)state;
    struct sig s = parsed(v4(CREATED "05 02 0A0B0C0D 02 1B 01 02 1B 02 02 23 AA 02 23 BB", ""));
    struct subpacket p;
    size_t cursor = 0;
    assert_null(s.flaw);
    assert_int_equal(s.created_at, 0x0A0B0C0D);
    assert_int_equal(s.key_flags, FLAG_SIGN);
    assert_true(sig_find(&s, SUB_KEY_FLAGS, &p));
    SAME(p.body, unit_hex("02"));
    assert_true(sig_next(&s, SUB_INTENDED_RECIPIENT, &cursor, &p));
    SAME(p.body, unit_hex("AA"));
    assert_true(sig_next(&s, SUB_INTENDED_RECIPIENT, &cursor, &p));
    SAME(p.body, unit_hex("BB"));
    assert_false(sig_next(&s, SUB_INTENDED_RECIPIENT, &cursor, &p));
    assert_false(sig_next(&s, SUB_INTENDED_RECIPIENT, &cursor, &p));
}

/* A binding signature that holds the subkey's confirmation [RFC9580 5.2.3.34]. */
static void embedded_signatures(void **state)
{
    (void)state;
    struct buf *area = unit_keep();
    struct slice inner = v4("05 82 0A0B0C0D", "09 10" ID);
    struct subpacket p;
    buf_bytes(area, unit_hex(CREATED));
    subpacket_write(area, SUB_EMBEDDED, false, inner);
    struct buf *digits = unit_keep();
    text_hex_to(digits, buf_view(area));
    buf_u8(digits, 0);
    struct sig outer = parsed(v4((const char *)digits->data, ""));
    assert_null(outer.flaw);
    assert_true(key_handle_is_empty(&outer.issuer)); /* not that of the inner one */
    assert_int_equal(outer.created_at, 0x01020304);
    assert_true(sig_find(&outer, SUB_EMBEDDED, &p));
    SAME(p.body, inner);
    struct sig back = parsed(p.body);
    assert_int_equal(back.created_at, 0x0A0B0C0D);
    SAME(SLICE_OF(back.issuer.id.bytes), unit_hex(ID));
}

/* What is wrong */

static void unknown_critical_subpackets_are_flaws(void **state)
{
    (void)state;
    check_sound(v4(CREATED "02 65 00", "")); /* private use */
    check_flaw(v4(CREATED "02 E5 00", ""), "critical subpacket");
    check_flaw(v4(CREATED "02 A5 00", ""), "critical subpacket"); /* 37 is reserved */
    check_flaw(v4(CREATED "02 80 00", ""), "critical subpacket");
    check_sound(v4(CREATED "02 9B 03 02 99 01 02 84 01", "")); /* known ones */
    check_sound(v4(CREATED, "02 E5 00"));                      /* anybody's */
    check_flaw(v4("02 E5 00" CREATED, ""), "critical subpacket");
}

/* Of notations none is known; each is critical for itself [RFC9580 5.2.3.24]. */
static void critical_notations_are_flaws(void **state)
{
    (void)state;
    check_sound(v4(CREATED "0C 14 80000000 0001 0002 61 6263", ""));
    check_flaw(v4(CREATED "0C 94 80000000 0001 0002 61 6263", ""), "critical notation");
    check_sound(v4(CREATED, "0C 94 80000000 0001 0002 61 6263"));
}

static void lengths_of_subpackets_are_checked(void **state)
{
    (void)state;
    static const char *const times[] = {"01 02", "04 02 010203", "06 02 0102030405",
                                        "01 03", "04 03 010203", "06 09 0102030405"};
    static const char *const bools[] = {"01 04", "03 04 0101", "01 07", "01 19", "03 19 0101"};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        struct buf *b = unit_keep();
        buf_printf(b, CREATED "%s", times[i]);
        buf_u8(b, 0);
        check_flaw(v4((const char *)b->data, ""), "time subpacket");
    }
    for (size_t i = 0; i < sizeof bools / sizeof *bools; i++) {
        struct buf *b = unit_keep();
        buf_printf(b, CREATED "%s", bools[i]);
        buf_u8(b, 0);
        check_flaw(v4((const char *)b->data, ""), "yes-or-no subpacket");
    }
    check_flaw(v4(CREATED "08 10 01020304050607", ""), "key ID");
    check_sound(v4(CREATED "01 1B", "")); /* flags may be of any length */
}

/* [RFC9580 9.5, Table 23] */
static void salts_have_the_size_of_their_hash(void **state)
{
    (void)state;
    static const struct {
        uint8_t hash;
        size_t len;
    } salts[] = {{HASH_SHA256, 16}, {HASH_SHA384, 24},   {HASH_SHA512, 32},
                 {HASH_SHA224, 16}, {HASH_SHA3_256, 16}, {HASH_SHA3_512, 32}};
    for (size_t i = 0; i < sizeof salts / sizeof *salts; i++) {
        for (size_t len = 0; len <= 48; len += 8) {
            struct slice body = v6(CREATED, "", salts[i].hash, len);
            if (len == salts[i].len)
                check_sound(body);
            else
                check_flaw(body, "salt");
            assert_int_equal(parsed(body).salt.len, len);
        }
    }
    /* Not for v6 at all, or not known. */
    static const uint8_t others[] = {HASH_MD5, HASH_SHA1, HASH_RIPEMD160, 4, 99};
    for (size_t i = 0; i < sizeof others; i++) {
        check_flaw(v6(CREATED, "", others[i], 0), "salt");
        check_flaw(v6(CREATED, "", others[i], 16), "salt");
    }
}

static void unknown_algorithms_and_versions(void **state)
{
    (void)state;
    struct sig s;
    struct slice body = v4(CREATED, "");
    check_flaw(unit_flipped(body, 8 * 2), "cannot sign, or is not supported"); /* 23 */
    struct buf *b = unit_keep();
    buf_bytes(b, body);
    b->data[2] = PK_ECDH; /* encrypts only */
    check_flaw(buf_view(b), "cannot sign");
    for (unsigned version = 0; version < 256; version++) {
        b->data[0] = (uint8_t)version;
        if (version < 3 || version > 6)
            FAILS(ERR_UNSUPPORTED, sig_parse(buf_view(b), &s));
    }
}

static void cut_or_prolonged_signatures_are_malformed(void **state)
{
    (void)state;
    struct slice bodies[] = {v4(CREATED "02 1B 03", "09 10" ID),
                             v6(CREATED, "02 1B 03", HASH_SHA512, 32),
                             unit_hex("03 05 00 01020304" ID "01 08 ABCD 0001 01")};
    struct sig s;
    for (size_t i = 0; i < 3; i++) {
        OK(sig_parse(bodies[i], &s));
        for (size_t n = 0; n < bodies[i].len; n++)
            FAILS(ERR_MALFORMED, sig_parse(slice_of(bodies[i].data, n), &s));
        FAILS(ERR_MALFORMED, sig_parse(unit_joined(bodies[i], unit_hex("00")), &s));
    }
}

/* [RFC9580 5.2.2] */
static void version_3(void **state)
{
    (void)state;
    struct sig s = parsed(unit_hex("03 05 10 01020304" ID "11 02 ABCD 0001 01 0001 01"));
    assert_null(s.flaw);
    assert_int_equal(s.type, SIG_CERT_GENERIC);
    assert_true(s.has_created);
    assert_int_equal(s.created_at, 0x01020304);
    assert_int_equal(s.pk_algo, PK_DSA);
    assert_int_equal(s.hash_algo, HASH_SHA1);
    SAME(SLICE_OF(s.issuer.id.bytes), unit_hex(ID));
    SAME(SLICE_OF(s.left16), unit_hex("ABCD"));
    SAME(s.fields, unit_hex("0001 01 0001 01"));
    check_flaw(unit_hex("03 06 10 01020304" ID "01 02 ABCD 0001 01"), "more or less");
    check_flaw(unit_hex("03 05 10 01020304" ID "16 08 ABCD 0001 01 0001 01"), "not for v3");
}

/* Types */

static void types_have_names(void **state)
{
    (void)state;
    for (unsigned type = 0; type < 256; type++)
        assert_int_equal(sig_is_certification((uint8_t)type), type >= 0x10 && type <= 0x13);
    assert_string_equal(sig_type_name(SIG_PRIMARY_BINDING), "primary key binding");
    assert_string_equal(sig_type_name(0x14), "unknown type of");
}

/* Hashing */

static void check_hashes(uint8_t version, struct slice signature, const char *octets)
{
    uint8_t got[DIGEST_MAX], expected[DIGEST_MAX];
    struct sig s = parsed(signature);
    AUTO(digest_free) struct digest *d = NULL;
    OK(sig_digest_start(HASH_SHA256, s.salt, &d));
    sig_digest_key(d, version, SLICE_TEXT("key"));
    sig_digest_user_id(d, version, SLICE_TEXT("id"));
    sig_digest_user_attribute(d, version, SLICE_TEXT("attr"));
    sig_digest_trailer(d, &s, SLICE_EMPTY);
    digest_final(d, got);
    OK(digest_of(HASH_SHA256, unit_hex(octets), expected));
    SAME(slice_of(got, 32), slice_of(expected, 32));
}

/* [RFC9580 5.2.4] */
static void hashed_octets(void **state)
{
    (void)state;
    check_hashes(3, unit_hex("03 05 10 01020304" ID "01 08 ABCD 0001 01"),
                 "99 0003 6B6579  6964  61747472  10 01020304");
    check_hashes(4, v4(CREATED, "02 1B 03"),
                 "99 0003 6B6579  B4 00000002 6964  D1 00000004 61747472"
                 "04 13 16 08 0006" CREATED "04 FF 0000000C");
    check_hashes(6, v6(CREATED, "02 1B 03", HASH_SHA256, 16),
                 "07070707070707070707070707070707"
                 "9B 00000003 6B6579  B4 00000002 6964  D1 00000004 61747472"
                 "06 00 1B 08 00000006" CREATED "06 FF 0000000E");
}

/* Version 5: four octets for the key's length, eight for that of the signature's part; of a
 * document also the fields before its data [LibrePGP 5.2.4]. */
static void hashed_octets_of_librepgp(void **state)
{
    (void)state;
    struct buf *b = unit_keep();
    uint8_t got[DIGEST_MAX], expected[DIGEST_MAX];
    AUTO(digest_free) struct digest *d = NULL;
    buf_bytes(b, v4(CREATED, "02 1B 03"));
    b->data[0] = 5;
    check_hashes(5, buf_view(b),
                 "9A 00000003 6B6579  B4 00000002 6964  D1 00000004 61747472"
                 "05 13 16 08 0006" CREATED "05 FF 000000000000000C");
    b->data[1] = SIG_BINARY;
    struct sig s = parsed(buf_view(b));
    OK(sig_digest_start(HASH_SHA256, s.salt, &d));
    sig_digest_trailer(d, &s, unit_hex("62 01 66 00000000"));
    digest_final(d, got);
    OK(digest_of(HASH_SHA256,
                 unit_hex("05 00 16 08 0006" CREATED "62 01 66 00000000"
                          "05 FF 000000000000000C"),
                 expected));
    SAME(slice_of(got, 32), slice_of(expected, 32));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subpackets_have_three_kinds_of_length),
        cmocka_unit_test(subpackets_are_written),
        cmocka_unit_test(known_subpackets_are_those_of_the_table),
        cmocka_unit_test(malformed_areas_are_refused),
        cmocka_unit_test(hashed_subpackets_count),
        cmocka_unit_test(unhashed_subpackets_do_not),
        cmocka_unit_test(the_issuer_is_a_hint),
        cmocka_unit_test(repeated_subpackets),
        cmocka_unit_test(embedded_signatures),
        cmocka_unit_test(unknown_critical_subpackets_are_flaws),
        cmocka_unit_test(critical_notations_are_flaws),
        cmocka_unit_test(lengths_of_subpackets_are_checked),
        cmocka_unit_test(salts_have_the_size_of_their_hash),
        cmocka_unit_test(unknown_algorithms_and_versions),
        cmocka_unit_test(cut_or_prolonged_signatures_are_malformed),
        cmocka_unit_test(version_3),
        cmocka_unit_test(types_have_names),
        cmocka_unit_test(hashed_octets),
        cmocka_unit_test(hashed_octets_of_librepgp),
    };
    return cmocka_run_group_tests_name("sig", tests, NULL, NULL);
}
