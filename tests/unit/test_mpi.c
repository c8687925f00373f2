/* Multiprecision integers, in their one form and in those that old programs write
 * [RFC9580 3.2]. */
#include "unit.h"
#include "craft.h"

#include "crypto/curve.h"
#include "crypto/mpi.h"
#include "packet/packet.h"
#include "packet/pkesk.h"
#include "packet/seckey.h"

/* Integers */

static void check_reads(const char *hex, bool canonical, const char *expected)
{
    struct reader r = reader_init(unit_hex(hex), "integer");
    r.canonical = canonical;
    SAME(mpi_read(&r), unit_hex(expected));
    OK(reader_end(&r));
}

static void check_refused(const char *hex, bool canonical)
{
    struct reader r = reader_init(unit_hex(hex), "integer");
    r.canonical = canonical;
    assert_int_equal(mpi_read(&r).len, 0);
    FAILS(ERR_MALFORMED, reader_check(&r));
}

static void one_form_is_canonical(void **state)
{
    (void)state;
    static const char *const good[][2] = {
        {"0000", ""}, {"0001 01", "01"}, {"0009 01FF", "01FF"}, {"0010 8000", "8000"}};
    static const char *const loose[][2] = {{"0008 7F", "7F"},
                                           {"0008 00", ""},
                                           {"0010 01FF", "01FF"},
                                           {"0010 00FF", "FF"},
                                           {"0018 000001", "01"}};
    static const char *const bad[] = {"0001 02", "0007 80", "0009 0200", "0010 FF",  "00",
                                      "0001",    "0002 01", "0007 3F",   "000F 3FFF"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        check_reads(good[i][0], true, good[i][1]);
        check_reads(good[i][0], false, good[i][1]);
    }
    for (size_t i = 0; i < sizeof loose / sizeof *loose; i++) {
        check_refused(loose[i][0], true);
        check_reads(loose[i][0], false, loose[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        check_refused(bad[i], true);
        check_refused(bad[i], false);
    }
}

/* Packets with such integers */

/* An integer with the number of whole octets for its length, and with a zero in front:
 * as x/crypto for Go and GnuPG 2.4 write them. */
static struct slice in_whole_octets(struct slice mpi)
{
    struct buf *b = unit_keep();
    buf_u16(b, (uint16_t)(8 * (mpi.len - 2)));
    buf_bytes(b, slice_from(mpi, 2));
    return buf_view(b);
}

static struct slice with_a_zero(struct slice mpi)
{
    struct buf *b = unit_keep();
    buf_u16(b, (uint16_t)(8 * (mpi.len - 2) + 8));
    buf_u8(b, 0);
    buf_bytes(b, slice_from(mpi, 2));
    return buf_view(b);
}

/* Does the integer have fewer bits than its octets have room for? */
static bool has_spare_bits(struct slice mpi)
{
    return mpi.data[2] < 0x80;
}

static void check_opens(const struct craft_key *k, struct slice esk, struct slice session_key)
{
    struct buf *b = unit_keep(), *again = unit_keep();
    struct pkesk p = {.version = 3, .algo = PK_RSA, .fields = esk}, got;
    struct pk_session opened = {.with_cipher = true};
    pkesk_write(&p, b);
    struct reader r = reader_init(buf_view(b), "session key");
    OK(pkesk_parse(&r, &got));
    pkesk_write(&got, again);
    SAME(buf_view(again), buf_view(b));
    OK(pk_unwrap(PK_RSA, k->public.material, k->secret, got.fields, &opened));
    SAME(secret_view(opened.key), session_key);
    secret_free(opened.key);
    /* A packet of version 6 must be exact. */
    p.version = 6;
    buf_reset(b);
    pkesk_write(&p, b);
    r = reader_init(buf_view(b), "session key");
    FAILS(ERR_MALFORMED, pkesk_parse(&r, &got));
}

static void rsa_session_keys(void **state)
{
    (void)state;
    const struct craft_key *dave = craft_key(DAVE);
    AUTO(secret_free) struct secret *key = unit_secret(
        unit_hex("000102030405060708090A0B0C0D0E0F"));
    const struct pk_session session = {.with_cipher = true, .cipher = 7, .key = key};
    struct buf *esk = unit_keep();
    do {
        buf_reset(esk);
        OK(pk_wrap(PK_RSA, dave->public.material, world_system(), &session, esk));
    } while (!has_spare_bits(buf_view(esk)));
    check_opens(dave, in_whole_octets(buf_view(esk)), secret_view(key));
    check_opens(dave, with_a_zero(buf_view(esk)), secret_view(key));
}

/* A certificate whose self-signature has a loose integer is good, and is written as it
 * was read. */
static void check_certificate(struct craft *c, struct slice before, struct slice fields)
{
    struct buf *out = unit_keep(), *body = unit_keep();
    buf_bytes(body, before);
    buf_bytes(body, fields);
    craft_packet(c, PACKET_SIGNATURE, buf_view(body));
    struct craft_view v = craft_look(c, CRAFT_START + 100000);
    PROBLEM(v.bound->items[1].problem, NULL);
    cert_write(v.cert, CERT_PUBLIC, out);
    SAME(buf_view(out), buf_view(c->packets));
    craft_view_clear(&v);
}

static void rsa_signatures(void **state)
{
    (void)state;
    for (int zero = 0; zero < 2; zero++) {
        struct craft_sig what = {
            .type = SIG_CERT_POSITIVE, .at = CRAFT_START, .flags = FLAG_CERTIFY};
        struct craft c = craft_start(craft_key(DAVE));
        struct slice sig;
        struct sig parsed;
        craft_user(&c, "Dave");
        do {
            what.at++;
            sig = craft_sign(c.primary, &c.target, &what);
            OK(sig_parse(sig, &parsed));
        } while (!has_spare_bits(parsed.fields));
        struct slice before = slice_of(sig.data, sig.len - parsed.fields.len);
        check_certificate(&c, before,
                          zero ? with_a_zero(parsed.fields) : in_whole_octets(parsed.fields));
    }
}

/* The draft of a signature whose value is the integer 1 in two ways. */
static void v6_signatures_are_exact(void **state)
{
    (void)state;
    struct sig s;
    struct slice salt = unit_hex("000102030405060708090A0B0C0D0E0F"),
                 created = unit_hex("05 02 01020304");
    for (uint8_t version = 4; version <= 6; version += 2) {
        for (int exact = 0; exact < 2; exact++) {
            struct buf *b = unit_keep();
            const struct sig_draft d = {version, SIG_BINARY,  PK_RSA, HASH_SHA256,
                                        created, SLICE_EMPTY, salt};
            sig_write_signed_part(b, &d);
            sig_write_rest(b, &d, unit_hex("ABCD"), unit_hex(exact ? "0001 01" : "0008 01"));
            if (version == 6 && !exact)
                FAILS(ERR_MALFORMED, sig_parse(buf_view(b), &s));
            else
                OK(sig_parse(buf_view(b), &s));
        }
    }
}

/* Keys */

/* The fingerprint is that of the packet as it stands, not of its numbers. */
static void public_keys(void **state)
{
    (void)state;
    struct pubkey k;
    const struct pubkey *dave = &craft_key(DAVE)->public;
    struct reader r = reader_init(dave->material, "key");
    size_t n_len = 2 + mpi_read(&r).len;
    struct slice material = unit_joined(slice_of(dave->material.data, n_len),
                                        in_whole_octets(slice_from(dave->material, n_len)));
    for (uint8_t version = 4; version <= 6; version += 2) {
        struct buf *body = unit_keep();
        pubkey_write(body, version, dave->created_at, PK_RSA, material);
        r = reader_init(buf_view(body), "key");
        if (version == 6) {
            FAILS(ERR_MALFORMED, pubkey_parse(&r, &k));
            continue;
        }
        OK(pubkey_parse(&r, &k));
        SAME(k.body, buf_view(body));
        assert_false(fingerprint_equal(&k.fpr, &dave->fpr));
        assert_int_equal(pk_bits(PK_RSA, k.material), 2048);
    }
}

/* MD5 over the octets of both integers, the zeros of the second one, too
 * [RFC9580 5.5.4.1]. */
static void v3_fingerprints(void **state)
{
    (void)state;
    uint8_t digest[DIGEST_MAX];
    struct pubkey k;
    struct reader r = reader_init(unit_hex("03 01020304 0000 01 0040 0102030405060709 0018 000011"),
                                  "key");
    OK(pubkey_parse(&r, &k));
    OK(digest_of(HASH_MD5, unit_hex("0102030405060709 000011"), digest));
    SAME(fingerprint_view(&k.fpr), slice_of(digest, FPR_V3_LEN));
    SAME(SLICE_OF(k.id.bytes), unit_hex("0102030405060709"));
}

static void secret_keys(void **state)
{
    (void)state;
    struct buf *public = unit_keep();
    AUTO(secret_free) struct secret *scalar = NULL;
    OK(pk_generate(PK_ECDSA, CURVE_P256, world_system(), public, &scalar));
    for (uint8_t version = 4; version <= 6; version += 2) {
        struct buf *body = unit_keep();
        struct seckey k;
        struct pubkey p = {.version = version};
        AUTO(secret_free) struct secret *loose = unit_secret(with_a_zero(secret_view(scalar)));
        AUTO(secret_free) struct secret *got = NULL;
        struct buf *head = unit_keep();
        pubkey_write(head, version, CRAFT_START, PK_ECDSA, buf_view(public));
        p.body = buf_view(head);
        OK(seckey_write(body, &p, PACKET_SECRET_KEY, loose, NULL, world_system()));
        struct reader r = reader_init(buf_view(body), "secret key");
        OK(seckey_parse(&r, PACKET_SECRET_KEY, &k));
        if (version == 6) {
            FAILS(ERR_MALFORMED, seckey_unlock(&k, NULL, &s2k_default_limits, &got));
            continue;
        }
        OK(seckey_unlock(&k, NULL, &s2k_default_limits, &got));
        SAME(secret_view(got), secret_view(loose));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_form_is_canonical), cmocka_unit_test(rsa_session_keys),
        cmocka_unit_test(rsa_signatures),        cmocka_unit_test(v6_signatures_are_exact),
        cmocka_unit_test(public_keys),           cmocka_unit_test(v3_fingerprints),
        cmocka_unit_test(secret_keys),
    };
    return cmocka_run_group_tests_name("mpi", tests, NULL, NULL);
}
