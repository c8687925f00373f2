/* The fields of one-pass, session key, literal and encrypted data packets: read,
 * written again, and refused [RFC9580 5.1, 5.3, 5.4, 5.9, 5.13]. */
#include "unit.h"
#include "kit.h"

#include "crypto/pk.h"
#include "packet/container.h"
#include "packet/onepass.h"
#include "packet/packet.h"
#include "packet/pkesk.h"
#include "packet/skesk.h"

#define ID     "0123456789ABCDEF"
#define FPR_V4 "00112233445566778899AABB" ID
#define FPR_V6 "CB186C4F0609A697E4D52DFA6C722B0C1F1E27C18A56708F6525EC27BAD9ACC9"
#define SALT16 "000102030405060708090A0B0C0D0E0F"
#define SALT32 SALT16 SALT16

/* Each kind of packet in one form, so that what holds for all is tested once. */
typedef err *rewrite(struct slice body, struct buf *out);

static err *onepass_again(struct slice body, struct buf *out)
{
    struct onepass p;
    struct reader r = reader_init(body, "one-pass signature");
    TRY(onepass_parse(&r, &p));
    onepass_write(&p, out);
    return reader_end(&r);
}

static err *pkesk_again(struct slice body, struct buf *out)
{
    struct pkesk p;
    struct reader r = reader_init(body, "session key");
    TRY(pkesk_parse(&r, &p));
    pkesk_write(&p, out);
    return reader_end(&r);
}

static err *literal_again(struct slice body, struct buf *out)
{
    struct literal l;
    AUTO(source_close) struct source *s = kit_pieces(body);
    TRY(literal_read(s, &l));
    literal_write(&l, out);
    return NULL;
}

static err *seipd_again(struct slice body, struct buf *out)
{
    struct encdata h;
    AUTO(source_close) struct source *s = kit_pieces(body);
    TRY(encdata_read(s, PACKET_SEIPD, &h));
    encdata_write(&h, out);
    return NULL;
}

/* The body comes out again; every shorter one is malformed. */
static void check_round_trip(rewrite *again, const char *hex)
{
    struct slice body = unit_hex(hex);
    struct buf *b = unit_keep();
    OK(again(body, b));
    SAME(buf_view(b), body);
    for (size_t n = 0; n < body.len; n++)
        FAILS(ERR_MALFORMED, again(slice_of(body.data, n), b));
}

static void check_refused(rewrite *again, enum err_kind kind, const char *hex)
{
    FAILS(kind, again(unit_hex(hex), unit_keep()));
}

/* One-pass signatures */

static void onepass_packets(void **state)
{
    (void)state;
    check_round_trip(onepass_again, "03 00 08 01" ID "01");
    check_round_trip(onepass_again, "03 01 0A 16" ID "00");
    check_round_trip(onepass_again, "06 00 08 1B 10" SALT16 FPR_V6 "01");
    check_round_trip(onepass_again, "06 00 0A 1B 20" SALT32 FPR_V6 "01");
    check_refused(onepass_again, ERR_MALFORMED, "03 00 08 01" ID "01 00");
    check_refused(onepass_again, ERR_MALFORMED, "06 00 08 1B 0F" SALT16 FPR_V6 "01");
    check_refused(onepass_again, ERR_MALFORMED, "06 00 08 1B 11" SALT16 FPR_V6 "01");
    for (unsigned version = 0; version < 256; version++) {
        struct slice body = unit_hex("00 00 08 01" ID "01");
        uint8_t v = (uint8_t)version;
        body = unit_joined(slice_of(&v, 1), slice_from(body, 1));
        if (version != 3 && version != 6)
            FAILS(ERR_UNSUPPORTED, onepass_again(body, unit_keep()));
    }
}

static void onepass_fields(void **state)
{
    (void)state;
    struct onepass p;
    struct reader r = reader_init(unit_hex("03 01 0A 16" ID "00"), "one-pass signature");
    OK(onepass_parse(&r, &p));
    assert_int_equal(p.type, 1);
    assert_int_equal(p.hash_algo, HASH_SHA512);
    assert_int_equal(p.pk_algo, PK_EDDSA_LEGACY);
    assert_false(p.last);
    assert_int_equal(p.issuer.fpr.version, 0);
    SAME(SLICE_OF(p.issuer.id.bytes), unit_hex(ID));
    assert_int_equal(p.salt.len, 0);
    r = reader_init(unit_hex("06 00 08 1B 10" SALT16 FPR_V6 "01"), "one-pass signature");
    OK(onepass_parse(&r, &p));
    SAME(p.salt, unit_hex(SALT16));
    assert_int_equal(p.issuer.fpr.version, 6);
    SAME(fingerprint_view(&p.issuer.fpr), unit_hex(FPR_V6));
    SAME(SLICE_OF(p.issuer.id.bytes), unit_hex("CB186C4F0609A697"));
    assert_true(p.last);
}

/* Public-key encrypted session keys */

/* X25519: ephemeral key, length, cipher's number (v3) and wrapped key. */
#define X25519_V3 SALT32 "19 09" SALT16 "1011121314151617"
#define X25519_V6 SALT32 "18" SALT16 "1011121314151617"

static void pkesk_packets(void **state)
{
    (void)state;
    check_round_trip(pkesk_again, "03" ID "01 0010 8001");             /* RSA */
    check_round_trip(pkesk_again, "03" ID "10 0010 8001 0010 FFFF");   /* Elgamal */
    check_round_trip(pkesk_again, "03" ID "12 0003 05 03 AABBCC");     /* ECDH */
    check_round_trip(pkesk_again, "03 0000000000000000 19" X25519_V3); /* hidden */
    check_round_trip(pkesk_again, "06 15 04" FPR_V4 "19" X25519_V6);   /* v4 key */
    check_round_trip(pkesk_again, "06 21 06" FPR_V6 "19" X25519_V6);   /* v6 key */
    check_round_trip(pkesk_again, "06 00 19" X25519_V6);               /* hidden */
    check_refused(pkesk_again, ERR_MALFORMED, "03" ID "01 0010 8001 00");
    check_round_trip(pkesk_again, "03" ID "01 0010 0001");             /* not 16 bits */
    check_refused(pkesk_again, ERR_MALFORMED, "03" ID "01 000F 8001"); /* nor 15 */
    check_refused(pkesk_again, ERR_UNSUPPORTED, "06 15 06" FPR_V4 "19" X25519_V6);
    check_refused(pkesk_again, ERR_UNSUPPORTED, "06 21 04" FPR_V6 "19" X25519_V6);
    check_refused(pkesk_again, ERR_UNSUPPORTED, "06 01 04 19" X25519_V6);
    static const char *const versions[] = {"00", "01", "04", "05", "07", "FF"};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
        check_refused(pkesk_again, ERR_UNSUPPORTED, versions[i]);
}

/* Whatever an unknown algorithm needs is kept. */
static void pkesk_of_unknown_algorithms(void **state)
{
    (void)state;
    struct pkesk p;
    struct buf *b = unit_keep();
    struct slice body = unit_hex("03" ID "63 DEADBEEF");
    struct reader r = reader_init(body, "session key");
    OK(pkesk_parse(&r, &p));
    assert_int_equal(p.algo, 99);
    SAME(p.fields, unit_hex("DEADBEEF"));
    pkesk_write(&p, b);
    SAME(buf_view(b), body);
}

static void pkesk_fields(void **state)
{
    (void)state;
    struct pkesk p;
    struct reader r = reader_init(unit_hex("06 15 04" FPR_V4 "19" X25519_V6), "session key");
    OK(pkesk_parse(&r, &p));
    assert_int_equal(p.recipient.fpr.version, 4);
    SAME(fingerprint_view(&p.recipient.fpr), unit_hex(FPR_V4));
    SAME(SLICE_OF(p.recipient.id.bytes), unit_hex(ID));
    SAME(p.fields, unit_hex(X25519_V6));
    r = reader_init(unit_hex("06 00 19" X25519_V6), "session key");
    OK(pkesk_parse(&r, &p));
    assert_true(key_handle_is_empty(&p.recipient));
    r = reader_init(unit_hex("03" ID "19" X25519_V3), "session key");
    OK(pkesk_parse(&r, &p));
    assert_int_equal(p.recipient.fpr.version, 0);
    SAME(SLICE_OF(p.recipient.id.bytes), unit_hex(ID));
}

/* Session keys encrypted with a passphrase */

#define NONCE15 "000102030405060708090A0B0C0D0E"
#define TAG     "F0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF"
#define ARGON2  "04" SALT16 "010412"

static err *parse_skesk(const char *hex, struct skesk *out)
{
    struct reader r = reader_init(unit_hex(hex), "session key");
    return skesk_parse(&r, out);
}

static void check_skesk_cut(const char *hex, size_t least)
{
    struct slice body = unit_hex(hex);
    for (size_t n = 0; n < least; n++) {
        struct skesk s;
        struct reader r = reader_init(slice_of(body.data, n), "session key");
        FAILS(ERR_MALFORMED, skesk_parse(&r, &s));
    }
}

static void skesk_fields(void **state)
{
    (void)state;
    struct skesk s;
    OK(parse_skesk("04 09 03 08 0102030405060708 FF", &s));
    assert_int_equal(s.version, 4);
    assert_int_equal(s.cipher, CIPHER_AES256);
    assert_int_equal(s.s2k.type, S2K_ITERATED);
    assert_int_equal(s.esk.len, 0);
    OK(parse_skesk("04 07 01 08 0102030405060708 AABBCC", &s));
    assert_int_equal(s.s2k.type, S2K_SALTED);
    SAME(s.esk, unit_hex("AABBCC"));
    OK(parse_skesk("06 26 09 02 14" ARGON2 NONCE15 SALT32 TAG, &s));
    assert_int_equal(s.version, 6);
    assert_int_equal(s.aead, AEAD_OCB);
    assert_int_equal(s.s2k.type, S2K_ARGON2);
    assert_int_equal(s.s2k.memory, 0x12);
    SAME(s.iv, unit_hex(NONCE15));
    SAME(s.esk, unit_hex(SALT32));
    SAME(s.tag, unit_hex(TAG));
    OK(parse_skesk("05 09 02 03 08 0102030405060708 FF" NONCE15 SALT32 TAG, &s));
    assert_int_equal(s.version, 5);
    assert_int_equal(s.aead, AEAD_OCB);
    SAME(s.iv, unit_hex(NONCE15));
    SAME(s.esk, unit_hex(SALT32));
    SAME(s.tag, unit_hex(TAG));
    check_skesk_cut("05 09 02 03 08 0102030405060708 FF" NONCE15 TAG, 14 + 15 + 16);
    check_skesk_cut("04 09 03 08 0102030405060708 FF", 13);
    check_skesk_cut("06 26 09 02 14" ARGON2 NONCE15 TAG, 2 + 0x26 + 16);
}

static void skesk_refusals(void **state)
{
    (void)state;
    struct skesk s;
    FAILS(ERR_UNSUPPORTED, parse_skesk("07 09 02 03 08 0102030405060708 FF", &s));
    FAILS(ERR_UNSUPPORTED, parse_skesk("04 09 02 08", &s)); /* reserved S2K type */
    FAILS(ERR_UNSUPPORTED, parse_skesk("06 26 09 04 14" ARGON2 NONCE15 SALT32 TAG, &s));
    /* Lengths that contradict one another. */
    FAILS(ERR_MALFORMED, parse_skesk("06 25 09 02 14" ARGON2 NONCE15 SALT32 TAG, &s));
    FAILS(ERR_MALFORMED, parse_skesk("06 27 09 02 14" ARGON2 NONCE15 SALT32 TAG, &s));
    FAILS(ERR_MALFORMED, parse_skesk("06 26 09 02 13" ARGON2 NONCE15 SALT32 TAG, &s));
    FAILS(ERR_MALFORMED, parse_skesk("06 26 09 02 15" ARGON2 NONCE15 SALT32 TAG, &s));
    /* No salt, and a hash that must not be used any more [RFC9580 3.7.1.1, 9.5]. */
    FAILS(ERR_MALFORMED, parse_skesk("06 14 09 02 02 00 08" NONCE15 SALT32 TAG, &s));
    FAILS(ERR_MALFORMED,
          parse_skesk("06 1D 09 02 0B 03 02 0102030405060708 FF" NONCE15 SALT32 TAG, &s));
    OK(parse_skesk("06 1D 09 02 0B 03 08 0102030405060708 FF" NONCE15 SALT32 TAG, &s));
}

/* What is written is read and opened again, and only by the same passphrase. */
static void check_skesk_written(uint8_t version, uint8_t aead)
{
    struct skesk s;
    uint8_t cipher = 0;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(256);
    AUTO(secret_free) struct secret *right = unit_secret(SLICE_TEXT("open sesame"));
    AUTO(secret_free) struct secret *wrong = unit_secret(SLICE_TEXT("open simsim"));
    AUTO(secret_free) struct secret *key = unit_secret(unit_hex(SALT32)), *got = NULL;
    OK(skesk_write(&b, version, CIPHER_AES256, aead, right, key, world_system()));
    OK(buf_end(&b));
    struct reader r = reader_init(buf_view(&b), "session key");
    OK(skesk_parse(&r, &s));
    assert_int_equal(s.version, version);
    assert_int_equal(s.s2k.type, version == 6 ? S2K_ARGON2 : S2K_ITERATED);
    OK(skesk_unwrap(&s, right, &s2k_default_limits, &cipher, &got));
    SAME(secret_view(got), secret_view(key));
    assert_int_equal(cipher, version == 6 ? 0 : CIPHER_AES256);
    if (version == 6) {
        struct secret *none = NULL;
        FAILS(ERR_CANNOT_DECRYPT, skesk_unwrap(&s, wrong, &s2k_default_limits, &cipher, &none));
        assert_null(none);
    }
}

static void skesk_packets_open_again(void **state)
{
    (void)state;
    check_skesk_written(4, AEAD_NONE);
    check_skesk_written(6, AEAD_EAX);
    check_skesk_written(6, AEAD_OCB);
    check_skesk_written(6, AEAD_GCM);
}

/* Literal data */

static void literal_fields(void **state)
{
    (void)state;
    struct literal l;
    check_round_trip(literal_again, "62 00 00000000");
    check_round_trip(literal_again, "75 05 612E747874 6A7B3C4D");
    check_round_trip(literal_again, "74 FF" SALT32 SALT32 SALT32 SALT32 SALT32 SALT32 SALT32 SALT16
                                    "000102030405060708090A0B0C0D0E 00000001");
    AUTO(source_close) struct source *s = kit_pieces(unit_hex("75 05 612E747874 6A7B3C4D 6869"));
    OK(literal_read(s, &l));
    assert_int_equal(l.format, 'u');
    SAME(slice_of(l.name, l.name_len), SLICE_TEXT("a.txt"));
    assert_int_equal(l.date, 0x6A7B3C4D);
    assert_int_equal(s->offset, 11); /* the data comes next */
    for (unsigned format = 0; format < 256; format++) {
        const uint8_t body[] = {(uint8_t)format, 0, 0, 0, 0, 0};
        OK(literal_again(SLICE_OF(body), unit_keep()));
    }
}

/* Encrypted data */

static void seipd_fields(void **state)
{
    (void)state;
    struct encdata h;
    uint8_t ad[ENCDATA_AD];
    check_round_trip(seipd_again, "01");
    check_round_trip(seipd_again, "02 09 02 06" SALT32);
    check_refused(seipd_again, ERR_UNSUPPORTED, "00");
    check_refused(seipd_again, ERR_UNSUPPORTED, "03 09 02 06" SALT32);
    AUTO(source_close) struct source *s = kit_pieces(unit_hex("02 07 03 10" SALT32 "AA"));
    OK(encdata_read(s, PACKET_SEIPD, &h));
    assert_int_equal(h.cipher, CIPHER_AES128);
    assert_int_equal(h.aead, AEAD_GCM);
    assert_int_equal(h.chunk_octet, 16);
    SAME(SLICE_OF(h.salt), unit_hex(SALT32));
    assert_int_equal(s->offset, 36);
    encdata_ad(&h, ad);
    SAME(SLICE_OF(ad), unit_hex("D2 02 07 03 10"));
}

static void compressed_fields(void **state)
{
    (void)state;
    uint8_t algorithm = 0;
    AUTO(source_close) struct source *s = kit_pieces(unit_hex("02 78"));
    AUTO(source_close) struct source *empty = kit_pieces(SLICE_EMPTY);
    OK(compressed_read(s, &algorithm));
    assert_int_equal(algorithm, COMPRESSION_ZLIB);
    assert_int_equal(s->offset, 1);
    FAILS(ERR_MALFORMED, compressed_read(empty, &algorithm));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(onepass_packets),   cmocka_unit_test(onepass_fields),
        cmocka_unit_test(pkesk_packets),     cmocka_unit_test(pkesk_of_unknown_algorithms),
        cmocka_unit_test(pkesk_fields),      cmocka_unit_test(skesk_fields),
        cmocka_unit_test(skesk_refusals),    cmocka_unit_test(skesk_packets_open_again),
        cmocka_unit_test(literal_fields),    cmocka_unit_test(seipd_fields),
        cmocka_unit_test(compressed_fields),
    };
    return cmocka_run_group_tests_name("fields", tests, NULL, NULL);
}
