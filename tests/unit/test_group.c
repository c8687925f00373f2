/* Arithmetic for the curves that Nettle lacks: residues against GMP's own division, and
 * the laws of the groups. */
#include "unit.h"

#include "crypto/curve.h"
#include "crypto/group.h"
#include "crypto/mpz.h"
#include "crypto/random.h"

static const struct curve *const curves[] = {&curve_brainpool_p256, &curve_brainpool_p384,
                                             &curve_brainpool_p512, &curve_secp256k1};
enum { CURVES = sizeof curves / sizeof *curves, ROUNDS = 200 };

static const struct group_parameters *parameters_of(size_t i)
{
    return curves[i]->parameters;
}

/* Residues.  Besides random numbers, those where carries and borrows happen. */

struct number {
    uint8_t bytes[FIELD_LEN_MAX];
};

/* x, as far as it lies between 0 and 2^(8 * len) - 1. */
static struct number number_of(const mpz_t x, size_t len)
{
    struct number n;
    mpz_to_bytes(x, n.bytes, len);
    return n;
}

/* The i-th of many numbers: 0, 1, 2, m - 2 to m + 2, the largest, random ones. */
static struct number sample(const mpz_t m, size_t len, size_t i, struct random_source *random)
{
    MPZ(x);
    struct number n = {{0}};
    if (i < 3)
        mpz_set_ui(x, i);
    else
        mpz_add_ui(x, m, i);
    if (i >= 3)
        mpz_sub_ui(x, x, 5);
    if (i == 8)
        memset(n.bytes, 0xFF, len);
    if (i > 8)
        random_fill(random, len, n.bytes);
    return i < 8 ? number_of(x, len) : n;
}
enum { SAMPLES = 40 };

static void expect(struct field *f, const struct residue *got, const mpz_t wanted)
{
    uint8_t bytes[FIELD_LEN_MAX];
    struct number n = number_of(wanted, f->len);
    field_store(f, got, bytes);
    SAME(slice_of(bytes, f->len), slice_of(n.bytes, f->len));
}

static void check_loading(struct field *f, const mpz_t m, const struct number *n)
{
    struct residue r;
    MPZ(x);
    mpz_from_bytes(x, slice_of(n->bytes, f->len));
    bool below = mpz_cmp(x, m) < 0;
    assert_int_equal(field_load(f, n->bytes, &r), below);
    if (below)
        expect(f, &r, x);
    assert_true(below || field_is_zero(&r));
    mpz_mod(x, x, m);
    field_reduce(f, n->bytes, &r);
    expect(f, &r, x);
    assert_int_equal(field_is_zero(&r), mpz_sgn(x) == 0);
}

static void check_pair(struct field *f, const mpz_t m, const struct number *a,
                       const struct number *b)
{
    struct residue ra, rb, r = {0};
    MPZ(x);
    MPZ(y);
    MPZ(z);
    mpz_from_bytes(x, slice_of(a->bytes, f->len));
    mpz_from_bytes(y, slice_of(b->bytes, f->len));
    field_reduce(f, a->bytes, &ra);
    field_reduce(f, b->bytes, &rb);
    mpz_add(z, x, y);
    mpz_mod(z, z, m);
    field_add(f, &ra, &rb, &r);
    expect(f, &r, z);
    mpz_sub(z, x, y);
    mpz_mod(z, z, m);
    field_sub(f, &ra, &rb, &r);
    expect(f, &r, z);
    assert_int_equal(field_equal(&ra, &rb), mpz_sgn(z) == 0);
    mpz_mul(z, x, y);
    mpz_mod(z, z, m);
    field_mul(f, &ra, &rb, &r);
    expect(f, &r, z);
    mpz_mul(z, x, x);
    mpz_mod(z, z, m);
    field_mul(f, &ra, &ra, &ra); /* a square, and in place */
    expect(f, &ra, z);
}

static void check_inverse(struct field *f, const mpz_t m, const struct number *n)
{
    struct residue r;
    MPZ(x);
    mpz_from_bytes(x, slice_of(n->bytes, f->len));
    field_reduce(f, n->bytes, &r);
    field_invert(f, &r, &r);
    if (mpz_divisible_p(x, m))
        mpz_set_ui(x, 0);
    else
        assert_true(mpz_invert(x, x, m) != 0);
    expect(f, &r, x);
}

static void check_field(const char *digits, size_t len)
{
    struct field f;
    const struct world w = unit_world(0, 1);
    CLEANUP(random_clear) struct random_source random = {0};
    struct number all[SAMPLES];
    MPZ(m);
    OK(random_init(&random, &w));
    assert_int_equal(mpz_set_str(m, digits, 16), 0);
    field_init(&f, unit_hex(digits));
    assert_true(mpn_sec_mul_itch(f.n, f.n) <= FIELD_SILENT_LIMBS);
    assert_true(mpn_sec_sqr_itch(f.n) <= FIELD_SILENT_LIMBS);
    for (size_t i = 0; i < SAMPLES; i++) {
        all[i] = sample(m, len, i, &random);
        check_loading(&f, m, &all[i]);
        check_inverse(&f, m, &all[i]);
        for (size_t k = 0; k <= i; k++) {
            check_pair(&f, m, &all[i], &all[k]);
            check_pair(&f, m, &all[k], &all[i]);
        }
    }
}

static void residues_are_what_gmp_computes(void **state)
{
    (void)state;
    for (size_t i = 0; i < CURVES; i++) {
        check_field(parameters_of(i)->p, parameters_of(i)->len);
        check_field(parameters_of(i)->n, parameters_of(i)->len);
    }
}

/* Points */

struct affine {
    uint8_t x[FIELD_LEN_MAX], y[FIELD_LEN_MAX];
};

static struct affine affine_of(struct group *g, const struct point *p)
{
    struct affine a = {{0}, {0}};
    group_store(g, p, a.x, a.y);
    return a;
}

static bool same_point(struct group *g, const struct point *p, const struct point *q)
{
    struct affine a = affine_of(g, p), b = affine_of(g, q);
    return memcmp(&a, &b, sizeof a) == 0 && field_is_zero(&p->z) == field_is_zero(&q->z);
}

static struct point times(struct group *g, const mpz_t scalar, const struct point *p)
{
    struct point out;
    struct number n = number_of(scalar, g->scalars.len);
    const struct group_term term = {n.bytes, p};
    group_sum(g, &term, 1, &out);
    return out;
}

static struct point plus(struct group *g, const struct point *p, const struct point *q)
{
    struct point sum = {0};
    group_add(g, p, q, &sum);
    return sum;
}

static struct point negative(struct group *g, const struct point *p)
{
    struct point out = *p;
    const struct residue zero = {0};
    field_sub(&g->coordinates, &zero, &p->y, &out.y);
    return out;
}

static void random_scalar(struct random_source *random, size_t len, const mpz_t order, mpz_t out)
{
    struct number n;
    random_fill(random, len, n.bytes);
    mpz_from_bytes(out, slice_of(n.bytes, len));
    mpz_mod(out, out, order);
}

/* Additions where textbook formulas divide by zero. */
static void check_special_sums(struct group *g, const struct point *p)
{
    const struct point neutral = {.y = g->coordinates.one};
    struct point minus = negative(g, p), sum = plus(g, p, &minus);
    assert_true(field_is_zero(&sum.z) && !field_is_zero(&sum.y));
    sum = plus(g, p, &neutral);
    assert_true(same_point(g, &sum, p));
    sum = plus(g, &neutral, p);
    assert_true(same_point(g, &sum, p));
    sum = plus(g, &neutral, &neutral);
    assert_true(field_is_zero(&sum.z) && !field_is_zero(&sum.y));
}

/* (a + b) G = aG + bG, also where b = a; a (bG) = (ab) G; aG + bP in one go. */
static void check_multiples(struct group *g, const mpz_t order, const mpz_t a, const mpz_t b)
{
    MPZ(c);
    struct point ag = times(g, a, &g->base), bg = times(g, b, &g->base);
    struct point sum = plus(g, &ag, &bg);
    mpz_add(c, a, b);
    mpz_mod(c, c, order);
    struct point expected = times(g, c, &g->base);
    assert_true(same_point(g, &sum, &expected));
    mpz_mul(c, a, b);
    mpz_mod(c, c, order);
    expected = times(g, c, &g->base);
    sum = times(g, a, &bg);
    assert_true(same_point(g, &sum, &expected));
    struct number na = number_of(a, g->scalars.len), nb = number_of(b, g->scalars.len);
    const struct group_term terms[] = {{na.bytes, &bg}, {nb.bytes, &ag}};
    group_sum(g, terms, 2, &sum);
    expected = plus(g, &expected, &expected);
    assert_true(same_point(g, &sum, &expected));
    check_special_sums(g, &ag);
}

static void check_group(const struct group_parameters *parameters)
{
    struct group g;
    const struct world w = unit_world(0, 2);
    CLEANUP(random_clear) struct random_source random = {0};
    MPZ(order);
    MPZ(a);
    MPZ(b);
    OK(random_init(&random, &w));
    group_init(&g, parameters);
    assert_int_equal(mpz_set_str(order, parameters->n, 16), 0);
    for (int i = 0; i < 20; i++) {
        random_scalar(&random, parameters->len, order, a);
        random_scalar(&random, parameters->len, order, b);
        check_multiples(&g, order, a, b);
        check_multiples(&g, order, a, a);
    }
    /* Small scalars, and those next to the order. */
    for (unsigned i = 1; i < 20; i++) {
        mpz_set_ui(a, i);
        mpz_sub(b, order, a);
        check_multiples(&g, order, a, b);
    }
    struct point all = times(&g, order, &g.base);
    assert_true(field_is_zero(&all.z));
}

static void points_form_a_group(void **state)
{
    (void)state;
    for (size_t i = 0; i < CURVES; i++)
        check_group(parameters_of(i));
}

/* Both parameters and formulas are right if multiples of the base point are those that
 * OpenSSL 3.0 computes; here the x coordinates of 0x0102...20 * G. */
static void multiples_are_those_of_others(void **state)
{
    (void)state;
    static const char *const x[CURVES] = {
        "4E366CF3C8A982E423831D6715E722ACF03CAB8452E3C64D1E3B038CAF87FC48",
        "6F14B6307A948FE71A8E615A67744A761BD80DC721153D185B850C5D9FD7E790"
        "BCD58F534CC84D2805F54FBBA3A84B12",
        "0EB68FAA4B7E65FCA198CB551F326A6DE38E2CE8C2FF47569FB148CB1F1EA788"
        "AE88C7AA21141573B6C236FEE66DA794C013C85C3BEF538C758086FEC13AC86E",
        "84BF7562262BBD6940085748F3BE6AFA52AE317155181ECE31B66351CCFFA4B0",
    };
    for (size_t i = 0; i < CURVES; i++) {
        struct group g;
        uint8_t bytes[32];
        MPZ(scalar);
        group_init(&g, parameters_of(i));
        for (uint8_t k = 0; k < sizeof bytes; k++)
            bytes[k] = (uint8_t)(k + 1);
        mpz_from_bytes(scalar, SLICE_OF(bytes));
        struct point p = times(&g, scalar, &g.base);
        struct affine a = affine_of(&g, &p);
        SAME(slice_of(a.x, g.scalars.len), unit_hex(x[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(residues_are_what_gmp_computes),
        cmocka_unit_test(points_form_a_group),
        cmocka_unit_test(multiples_are_those_of_others),
    };
    return cmocka_run_group_tests_name("group", tests, NULL, NULL);
}
