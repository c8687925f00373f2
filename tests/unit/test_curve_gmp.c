/* The brainpool curves and secp256k1 behind struct curve and the public key table: what
 * they make holds, and what is not a key, point or signature of theirs is refused; and so
 * are curves that are none of ours. */
#include "unit.h"

#include "crypto/algo.h"
#include "crypto/curve.h"
#include "crypto/group.h"
#include "crypto/mpi.h"
#include "crypto/mpz.h"
#include "crypto/pk.h"

static const struct curve *const curves[] = {&curve_brainpool_p256, &curve_brainpool_p384,
                                             &curve_brainpool_p512, &curve_secp256k1};
enum { CURVES = sizeof curves / sizeof *curves };

/* A key pair. */
struct pair {
    const struct curve *curve;
    struct slice point;
    struct secret *scalar;
};

static void pair_clear(struct pair *p)
{
    secret_free(p->scalar);
}

#define PAIR(name, i) CLEANUP(pair_clear) struct pair name = pair_of(curves[i])

static struct pair pair_of(const struct curve *c)
{
    struct pair p = {.curve = c};
    struct buf *point = unit_keep();
    OK(c->generate(c, world_system(), point, &p.scalar));
    p.point = buf_view(point);
    assert_int_equal(p.point.len, 1 + 2 * (size_t)c->field_len);
    assert_int_equal(secret_len(p.scalar), c->field_len);
    return p;
}

static struct slice digest_for(const struct curve *c)
{
    static const uint8_t bytes[64] = {0xFF, 0xFE, 0xFD, [31] = 9, [63] = 7};
    return slice_of(bytes, c->field_len);
}

/* A field parameter of the curve plus something, as big-endian bytes without zeros. */
static struct slice near(const struct curve *c, const char *digits, int plus)
{
    struct buf *b = unit_keep();
    MPZ(x);
    assert_int_equal(mpz_set_str(x, digits, 16), 0);
    if (plus < 0)
        mpz_sub_ui(x, x, (unsigned)-plus);
    else
        mpz_add_ui(x, x, (unsigned)plus);
    mpz_to_bytes(x, buf_extend(b, c->field_len), c->field_len);
    return buf_view(b);
}

static const char *order_of(const struct curve *c)
{
    return ((const struct group_parameters *)c->parameters)->n;
}

static const char *prime_of(const struct curve *c)
{
    return ((const struct group_parameters *)c->parameters)->p;
}

/* Through the public key table */

static void signs(const struct curve *c)
{
    struct buf *public = unit_keep(), *first = unit_keep(), *second = unit_keep();
    AUTO(secret_free) struct secret *secret = NULL;
    const struct world same = unit_world(0, 1);
    struct slice digest = digest_for(c), other = unit_flipped(digest, 8 * digest.len - 1);
    OK(pk_generate(PK_ECDSA, c->id, world_system(), public, &secret));
    struct slice key = buf_view(public);
    OK(pk_check(PK_ECDSA, key, secret));
    OK(pk_sign(PK_ECDSA, key, secret, &same, HASH_SHA512, digest, first));
    OK(pk_sign(PK_ECDSA, key, secret, world_system(), HASH_SHA512, digest, second));
    assert_true(pk_verify(PK_ECDSA, key, HASH_SHA512, digest, buf_view(first)));
    assert_false(pk_verify(PK_ECDSA, key, HASH_SHA512, other, buf_view(first)));
    assert_false(slice_equal(buf_view(first), buf_view(second)));
    for (size_t bit = 16; bit < 8 * first->len; bit += 7) {
        struct slice changed = unit_flipped(buf_view(first), bit);
        assert_false(pk_verify(PK_ECDSA, key, HASH_SHA512, digest, changed));
    }
}

/* Random numbers that repeat, as after a machine was cloned, do not repeat a nonce: r. */
static void nonces_differ_by_digest(const struct curve *c)
{
    CLEANUP(pair_clear) struct pair p = pair_of(c);
    struct slice digest = digest_for(c), scalar = secret_view(p.scalar);
    struct slice others[] = {digest, unit_flipped(digest, 3)}, halves[2];
    for (size_t i = 0; i < 2; i++) {
        struct buf *signature = unit_keep();
        const struct world same = unit_world(0, 1);
        OK(c->sign(c, scalar, &same, others[i], signature));
        struct reader r = reader_init(buf_view(signature), "signature");
        halves[i] = mpi_read(&r);
    }
    assert_false(slice_equal(halves[0], halves[1]));
}

static void what_is_signed_verifies(void **state)
{
    (void)state;
    for (size_t i = 0; i < CURVES; i++) {
        signs(curves[i]);
        nonces_differ_by_digest(curves[i]);
    }
}

static err *unwrap(struct slice public, const struct secret *secret, struct slice esk,
                   struct secret **key)
{
    static const uint8_t fpr[20];
    struct pk_session session = {.with_cipher = true, .fingerprint = SLICE_OF(fpr)};
    TRY(pk_unwrap(PK_ECDH, public, secret, esk, &session));
    assert_int_equal(session.cipher, CIPHER_AES128);
    *key = session.key;
    return NULL;
}

static void wraps(const struct curve *c)
{
    static const uint8_t fpr[20];
    struct buf *public = unit_keep(), *esk = unit_keep();
    AUTO(secret_free) struct secret *secret = NULL, *opened = NULL, *none = NULL;
    AUTO(secret_free) struct secret *key = unit_secret(
        unit_hex("000102030405060708090A0B0C0D0E0F"));
    const struct pk_session session = {
        .with_cipher = true, .cipher = CIPHER_AES128, .key = key, .fingerprint = SLICE_OF(fpr)};
    OK(pk_generate(PK_ECDH, c->id, world_system(), public, &secret));
    OK(pk_check(PK_ECDH, buf_view(public), secret));
    assert_true(pk_has_proper_kdf(PK_ECDH, buf_view(public)));
    OK(pk_wrap(PK_ECDH, buf_view(public), world_system(), &session, esk));
    OK(unwrap(buf_view(public), secret, buf_view(esk), &opened));
    SAME(secret_view(opened), secret_view(key));
    for (size_t bit = 16; bit < 8 * esk->len; bit += 31) {
        err *e = unwrap(buf_view(public), secret, unit_flipped(buf_view(esk), bit), &none);
        assert_non_null(e);
        assert_null(none);
        err_free(e);
    }
}

static void what_is_wrapped_unwraps(void **state)
{
    (void)state;
    for (size_t i = 0; i < CURVES; i++)
        wraps(curves[i]);
}

/* Both sides of an exchange compute the same. */
static void both_sides_share(void **state)
{
    (void)state;
    for (size_t i = 0; i < CURVES; i++) {
        const struct curve *c = curves[i];
        PAIR(a, i);
        PAIR(b, i);
        AUTO(secret_free) struct secret *one = NULL, *two = NULL;
        OK(c->shared(c, a.point, secret_view(b.scalar), &one));
        OK(c->shared(c, b.point, secret_view(a.scalar), &two));
        assert_int_equal(secret_len(one), c->field_len);
        SAME(secret_view(one), secret_view(two));
    }
}

/* Numbers that are no secret keys */

static void refuses_scalar(const struct pair *p, struct slice scalar)
{
    const struct curve *c = p->curve;
    AUTO(secret_free) struct secret *shared = NULL;
    struct buf *signature = unit_keep();
    FAILS(ERR_MALFORMED, c->check(c, p->point, scalar));
    FAILS(ERR_MALFORMED, c->shared(c, p->point, scalar, &shared));
    FAILS(ERR_MALFORMED, c->sign(c, scalar, world_system(), digest_for(c), signature));
    assert_null(shared);
    assert_int_equal(signature->len, 0);
}

static void scalars_lie_between_zero_and_the_order(void **state)
{
    (void)state;
    static const uint8_t one[] = {1};
    for (size_t i = 0; i < CURVES; i++) {
        const struct curve *c = curves[i];
        PAIR(p, i);
        AUTO(secret_free) struct secret *x = NULL, *same = NULL;
        refuses_scalar(&p, SLICE_EMPTY);
        refuses_scalar(&p, near(c, "0", 0));
        refuses_scalar(&p, near(c, order_of(c), 0));
        refuses_scalar(&p, near(c, order_of(c), 1));
        refuses_scalar(&p, unit_joined(SLICE_OF(one), secret_view(p.scalar)));
        FAILS(ERR_MALFORMED, c->check(c, p.point, unit_flipped(secret_view(p.scalar), 8)));
        /* 1 and -1 make the same x coordinate, that of the point itself. */
        OK(c->shared(c, p.point, SLICE_OF(one), &x));
        OK(c->shared(c, p.point, near(c, order_of(c), -1), &same));
        SAME(secret_view(x), slice_of(p.point.data + 1, c->field_len));
        SAME(secret_view(same), secret_view(x));
    }
}

/* Bytes that are no points */

static void refuses_point(const struct pair *p, struct slice point, struct slice r, struct slice s)
{
    const struct curve *c = p->curve;
    AUTO(secret_free) struct secret *shared = NULL;
    FAILS(ERR_MALFORMED, c->shared(c, point, secret_view(p->scalar), &shared));
    FAILS(ERR_MALFORMED, c->check(c, point, secret_view(p->scalar)));
    assert_null(shared);
    assert_false(c->verify(c, point, digest_for(c), r, s));
}

static struct slice point_of(struct slice x, struct slice y)
{
    static const uint8_t uncompressed[] = {0x04};
    return unit_joined(SLICE_OF(uncompressed), unit_joined(x, y));
}

static void points_lie_on_the_curve(void **state)
{
    (void)state;
    for (size_t i = 0; i < CURVES; i++) {
        const struct curve *c = curves[i];
        PAIR(p, i);
        struct buf *signature = unit_keep();
        OK(c->sign(c, secret_view(p.scalar), world_system(), digest_for(c), signature));
        struct reader reader = reader_init(buf_view(signature), "signature");
        struct slice r = mpi_read(&reader), s = mpi_read(&reader);
        assert_true(c->verify(c, p.point, digest_for(c), r, s));
        struct slice x = slice_of(p.point.data + 1, c->field_len);
        struct slice y = slice_from(p.point, 1 + c->field_len);
        struct slice zero = near(c, "0", 0), prime = near(c, prime_of(c), 0);
        refuses_point(&p, SLICE_EMPTY, r, s);
        refuses_point(&p, slice_of(p.point.data, 1 + c->field_len), r, s);
        refuses_point(&p, slice_of(p.point.data, p.point.len - 1), r, s);
        refuses_point(&p, unit_joined(p.point, slice_of(zero.data, 1)), r, s);
        for (size_t bit = 0; bit < 8 * p.point.len; bit += 5)
            refuses_point(&p, unit_flipped(p.point, bit), r, s);
        refuses_point(&p, point_of(zero, zero), r, s);
        refuses_point(&p, point_of(prime, y), r, s);
        refuses_point(&p, point_of(x, prime), r, s);
        refuses_point(&p, point_of(y, x), r, s);
    }
}

/* x and x + p are the same coordinate, but only one of them is written.  On secp256k1 and
 * x = 1 there is room for the other. */
static void coordinates_lie_below_the_prime(void **state)
{
    (void)state;
    const struct curve *c = &curve_secp256k1;
    const uint8_t one[] = {1};
    struct slice y = unit_hex("4218F20AE6C646B363DB68605822FB14264CA8D2587FDD6FBC750D587E76A7EE");
    AUTO(secret_free) struct secret *shared = NULL, *none = NULL;
    OK(c->shared(c, point_of(near(c, "1", 0), y), SLICE_OF(one), &shared));
    FAILS(ERR_MALFORMED, c->shared(c, point_of(near(c, prime_of(c), 1), y), SLICE_OF(one), &none));
    assert_null(none);
}

static void halves_lie_between_zero_and_the_order(void **state)
{
    (void)state;
    static const uint8_t one[] = {1};
    for (size_t i = 0; i < CURVES; i++) {
        const struct curve *c = curves[i];
        PAIR(p, i);
        struct buf *signature = unit_keep();
        struct slice digest = digest_for(c);
        OK(c->sign(c, secret_view(p.scalar), world_system(), digest, signature));
        struct reader reader = reader_init(buf_view(signature), "signature");
        struct slice r = mpi_read(&reader), s = mpi_read(&reader);
        struct slice wrong[] = {SLICE_EMPTY, near(c, "0", 0), near(c, order_of(c), 0),
                                near(c, order_of(c), 1),
                                unit_joined(SLICE_OF(one), near(c, "0", 0))};
        assert_true(c->verify(c, p.point, digest, r, s));
        assert_false(c->verify(c, p.point, digest, s, r));
        for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
            assert_false(c->verify(c, p.point, digest, wrong[k], s));
            assert_false(c->verify(c, p.point, digest, r, wrong[k]));
        }
    }
}

/* Names */

static void expect_name(uint8_t id, const char *public, const char *name)
{
    char text[PK_DESCRIPTION_MAX];
    pk_describe(id, unit_hex(public), text);
    assert_string_equal(text, name);
}

static void curves_that_are_not_supported_show_their_number(void **state)
{
    (void)state;
    expect_name(PK_ECDSA, "09 2B2403030208010107 0003 04", "ECDSA brainpoolP256r1");
    expect_name(PK_ECDSA, "05 2B8104000A 0003 04", "ECDSA secp256k1");
    expect_name(PK_ECDH, "09 2B2403030208010109 0003 04", "ECDH 1.3.36.3.3.2.8.1.1.9");
    expect_name(PK_EDDSA_LEGACY, "03 2B6570 0003 04", "EdDSALegacy 1.3.101.112");
    expect_name(PK_ECDH, "08 2A811CCF5501822D 0003 04", "ECDH 1.2.156.10197.1.301"); /* SM2 */
    expect_name(PK_ECDH, "08 2A811CCF550182", "ECDH unknown curve");
    expect_name(PK_ECDSA, "03 883703 0003 04", "ECDSA 2.999.3"); /* the second arc is long */
    expect_name(PK_ECDSA, "07 2AFFFFFFFFFF7F 0003 04", "ECDSA unknown curve"); /* beyond 32 bits */
    expect_name(PK_ECDSA, "00 0003 04", "ECDSA unknown curve");
    expect_name(PK_ECDSA, "02 2B81 0003 04", "ECDSA unknown curve");
    expect_name(PK_ECDSA, "", "ECDSA unknown curve");
    expect_name(PK_ECDSA, "15 2A8FFFFFFF7F8FFFFFFF7F8FFFFFFF7F8FFFFFFF7F", /* too long to show */
                "ECDSA unknown curve");
}

static void curves_that_are_not_supported_do_nothing(void **state)
{
    (void)state;
    struct buf *out = unit_keep();
    AUTO(secret_free) struct secret *secret = unit_secret(unit_hex("0001 01"));
    err *e = pk_sign(PK_ECDSA, unit_hex("09 2B2403030208010109 0003 04"), secret, world_system(),
                     HASH_SHA512, digest_for(&curve_brainpool_p512), out);
    assert_int_equal(err_kind_of(e), ERR_UNSUPPORTED);
    char text[200];
    assert_non_null(
        strstr(err_text(e, text, sizeof text), "curve 1.3.36.3.3.2.8.1.1.9 is not supported"));
    assert_int_equal(out->len, 0);
    err_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_signed_verifies),
        cmocka_unit_test(what_is_wrapped_unwraps),
        cmocka_unit_test(both_sides_share),
        cmocka_unit_test(scalars_lie_between_zero_and_the_order),
        cmocka_unit_test(points_lie_on_the_curve),
        cmocka_unit_test(coordinates_lie_below_the_prime),
        cmocka_unit_test(halves_lie_between_zero_and_the_order),
        cmocka_unit_test(curves_that_are_not_supported_show_their_number),
        cmocka_unit_test(curves_that_are_not_supported_do_nothing),
    };
    return cmocka_run_group_tests_name("curve_gmp", tests, NULL, NULL);
}
