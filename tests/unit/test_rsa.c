/* RSA keys at the limit of size; secret ones whose numbers do not belong together, or hardly do
 * [RFC9580 5.5.5.1]. */
#include "unit.h"

#include "crypto/algo.h"
#include "crypto/mpi.h"
#include "crypto/mpz.h"
#include "crypto/pk.h"
#include "packet/pubkey.h"

#define KEY16 "000102030405060708090A0B0C0D0E0F"

/* A key in numbers, as OpenPGP names them: u = 1/p mod q. */
struct rsa {
    mpz_t n, e, d, p, q, u;
};

static void rsa_clear(struct rsa *k)
{
    mpz_clears(k->n, k->e, k->d, k->p, k->q, k->u, NULL);
}

#define RSA(name)                                                                                  \
    CLEANUP(rsa_clear) struct rsa name;                                                            \
    mpz_inits(name.n, name.e, name.d, name.p, name.q, name.u, NULL)

static void prime_of_bits(mpz_t p, unsigned bits, unsigned seed)
{
    mpz_set_ui(p, 1);
    mpz_mul_2exp(p, p, bits - 1);
    mpz_add_ui(p, p, 1000 * seed);
    mpz_nextprime(p, p);
}

/* n, d and u from e, p and q. */
static void complete(struct rsa *k)
{
    MPZ(p1);
    MPZ(q1);
    mpz_mul(k->n, k->p, k->q);
    mpz_sub_ui(p1, k->p, 1);
    mpz_sub_ui(q1, k->q, 1);
    mpz_mul(p1, p1, q1);
    assert_true(mpz_invert(k->d, k->e, p1));
    assert_true(mpz_invert(k->u, k->p, k->q));
}

static void make(struct rsa *k, unsigned p_bits, unsigned q_bits)
{
    mpz_set_ui(k->e, 65537);
    prime_of_bits(k->p, p_bits, 3);
    prime_of_bits(k->q, q_bits, 7);
    complete(k);
}

static void write_public(const struct rsa *k, struct buf *b)
{
    buf_reset(b);
    mpz_to_mpi(k->n, b);
    mpz_to_mpi(k->e, b);
}

static struct secret *secret_fields(const struct rsa *k)
{
    struct secret *s = NULL;
    mpz_srcptr fields[] = {k->d, k->p, k->q, k->u};
    OK(mpz_to_secret_mpis(fields, 4, &s));
    return s;
}

/* The session key comes back, a signature can be made. */
static void works(const struct rsa *k)
{
    struct buf *public = unit_keep(), *esk = unit_keep(), *sig = unit_keep();
    AUTO(secret_free) struct secret *secret = secret_fields(k);
    AUTO(secret_free) struct secret *key = unit_secret(unit_hex(KEY16));
    struct pk_session session = {.with_cipher = true, .cipher = CIPHER_AES128, .key = key};
    struct pk_session opened = {.with_cipher = true};
    write_public(k, public);
    OK(pk_check(PK_RSA, buf_view(public), secret));
    OK(pk_wrap(PK_RSA, buf_view(public), world_system(), &session, esk));
    OK(pk_unwrap(PK_RSA, buf_view(public), secret, buf_view(esk), &opened));
    SAME(secret_view(opened.key), secret_view(key));
    secret_free(opened.key);
    const uint8_t digest[32] = {1};
    OK(pk_sign(PK_RSA, buf_view(public), secret, world_system(), HASH_SHA256, SLICE_OF(digest),
               sig));
}

/* Sign-Only and Encrypt-Only keys do that, and nothing else [RFC9580 9.1]. */
static void keys_for_one_thing(void **state)
{
    (void)state;
    RSA(k);
    const uint8_t digest[32] = {1};
    struct buf *public = unit_keep(), *esk = unit_keep(), *sig = unit_keep(), *no = unit_keep();
    struct pk_session session = {.with_cipher = true, .cipher = CIPHER_AES128};
    struct pk_session opened = {.with_cipher = true};
    make(&k, 512, 512);
    write_public(&k, public);
    struct slice key = buf_view(public);
    AUTO(secret_free) struct secret *secret = secret_fields(&k);
    AUTO(secret_free) struct secret *plain = unit_secret(unit_hex(KEY16));
    session.key = plain;
    OK(pk_sign(PK_RSA_SIGN_ONLY, key, secret, world_system(), HASH_SHA256, SLICE_OF(digest), sig));
    assert_true(pk_verify(PK_RSA_SIGN_ONLY, key, HASH_SHA256, SLICE_OF(digest), buf_view(sig)));
    assert_false(pk_verify(PK_RSA_ENCRYPT_ONLY, key, HASH_SHA256, SLICE_OF(digest), buf_view(sig)));
    FAILS(ERR_UNSUPPORTED, pk_sign(PK_RSA_ENCRYPT_ONLY, key, secret, world_system(), HASH_SHA256,
                                   SLICE_OF(digest), no));
    OK(pk_wrap(PK_RSA_ENCRYPT_ONLY, key, world_system(), &session, esk));
    FAILS(ERR_UNSUPPORTED, pk_wrap(PK_RSA_SIGN_ONLY, key, world_system(), &session, no));
    FAILS(ERR_UNSUPPORTED, pk_unwrap(PK_RSA_SIGN_ONLY, key, secret, buf_view(esk), &opened));
    OK(pk_unwrap(PK_RSA_ENCRYPT_ONLY, key, secret, buf_view(esk), &opened));
    SAME(secret_view(opened.key), secret_view(plain));
    secret_free(opened.key);
    assert_int_equal(no->len, 0);
}

/* 3 * 2^8190 and a little more, which was looked for once. */
static void large_prime(mpz_t p, unsigned more)
{
    mpz_set_ui(p, 3);
    mpz_mul_2exp(p, p, 8190);
    mpz_add_ui(p, p, more);
}

static void make_large(struct rsa *k)
{
    mpz_set_ui(k->e, 65537);
    large_prime(k->p, 407);
    large_prime(k->q, 2561);
    complete(k);
}

/* The largest there is. */
static void of_16384_bits(void **state)
{
    (void)state;
    RSA(k);
    make_large(&k);
    assert_int_equal(mpz_sizeinbase(k.n, 2), 16384);
    works(&k);
}

/* One bit more is refused, and the reason named, before anybody computes with it. */
static void of_16385_bits(void **state)
{
    (void)state;
    RSA(k);
    char text[256];
    struct pubkey key;
    struct buf *public = unit_keep(), *body = unit_keep();
    make_large(&k);
    mpz_mul_2exp(k.n, k.n, 1);
    mpz_add_ui(k.n, k.n, 1);
    write_public(&k, public);
    assert_int_equal(pk_bits(PK_RSA, buf_view(public)), 0);
    pubkey_write(body, 4, 1, PK_RSA, buf_view(public));
    struct reader r = reader_init(buf_view(body), "key");
    err *e = pubkey_parse(&r, &key);
    assert_int_equal(err_kind_of(e), ERR_MALFORMED);
    assert_non_null(strstr(err_text(e, text, sizeof text), "more than 16384 bits"));
    err_free(e);
}

/* Neither accepted when it is unlocked, nor computed with. */
static void is_refused(const struct rsa *k)
{
    struct buf *public = unit_keep(), *sig = unit_keep();
    struct pk_session opened = {.with_cipher = true};
    const uint8_t digest[32] = {1};
    AUTO(secret_free) struct secret *secret = secret_fields(k);
    write_public(k, public);
    FAILS(ERR_MALFORMED, pk_check(PK_RSA, buf_view(public), secret));
    FAILS(ERR_MALFORMED, pk_sign(PK_RSA, buf_view(public), secret, world_system(), HASH_SHA256,
                                 SLICE_OF(digest), sig));
    FAILS(ERR_CANNOT_DECRYPT,
          pk_unwrap(PK_RSA, buf_view(public), secret, unit_hex("0001 01"), &opened));
    assert_int_equal(sig->len, 0);
}

/* Primes of different length are unusual, but not wrong. */
static void keys_that_fit(void **state)
{
    (void)state;
    static const unsigned bits[][2] = {{512, 512}, {500, 524}, {524, 500}, {256, 768},
                                       {768, 256}, {129, 895}, {895, 129}};
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
        RSA(k);
        make(&k, bits[i][0], bits[i][1]);
        works(&k);
    }
}

/* Too short for Nettle, and for anybody. */
static void tiny_primes(void **state)
{
    (void)state;
    static const unsigned bits[][2] = {{960, 60},  {964, 60}, {60, 964}, {127, 897},
                                       {897, 127}, {30, 994}, {994, 30}};
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
        RSA(k);
        make(&k, bits[i][0], bits[i][1]);
        is_refused(&k);
    }
}

/* The same inverse modulo q, but larger than q. */
static void inverses_are_reduced(void **state)
{
    (void)state;
    RSA(k);
    MPZ(multiple);
    make(&k, 512, 512);
    mpz_add(k.u, k.u, k.q);
    is_refused(&k);
    make(&k, 512, 512);
    mpz_mul_2exp(multiple, k.q, 128);
    mpz_add(k.u, k.u, multiple);
    is_refused(&k);
    mpz_mul_2exp(multiple, k.q, 8000);
    mpz_add(k.u, k.u, multiple);
    is_refused(&k);
}

static void inverses_are_right(void **state)
{
    (void)state;
    RSA(k);
    make(&k, 512, 512);
    mpz_add_ui(k.u, k.u, 1);
    is_refused(&k);
    for (unsigned u = 0; u < 2; u++) {
        mpz_set_ui(k.u, u);
        is_refused(&k);
    }
    make(&k, 130, 894);
    mpz_set_ui(k.u, 2); /* p * u is far below q */
    is_refused(&k);
}

static void factors_are_right(void **state)
{
    (void)state;
    RSA(k);
    make(&k, 512, 512);
    mpz_set(k.p, k.n);
    mpz_set_ui(k.q, 1);
    is_refused(&k);
    mpz_swap(k.p, k.q);
    is_refused(&k);
    mpz_set_ui(k.p, 0);
    is_refused(&k);
}

/* Nothing is left of such a d modulo p - 1 or q - 1. */
static void exponents_are_not_zero(void **state)
{
    (void)state;
    RSA(k);
    make(&k, 512, 512);
    mpz_set_ui(k.d, 0);
    is_refused(&k);
    mpz_sub_ui(k.d, k.p, 1);
    is_refused(&k);
    mpz_sub_ui(k.d, k.q, 1);
    is_refused(&k);
}

/* Longer than need be, as some programs make it, and as long as can be. */
static void exponents_may_be_long(void **state)
{
    (void)state;
    RSA(k);
    MPZ(order);
    MPZ(q1);
    make(&k, 512, 512);
    mpz_sub_ui(order, k.p, 1);
    mpz_sub_ui(q1, k.q, 1);
    mpz_mul(order, order, q1);
    mpz_addmul_ui(k.d, order, 1000003);
    works(&k);
    mpz_mul_2exp(order, order, MPI_BITS_MAX - 1024);
    mpz_add(k.d, k.d, order);
    works(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_that_fit),         cmocka_unit_test(tiny_primes),
        cmocka_unit_test(inverses_are_reduced),  cmocka_unit_test(inverses_are_right),
        cmocka_unit_test(factors_are_right),     cmocka_unit_test(exponents_are_not_zero),
        cmocka_unit_test(exponents_may_be_long), cmocka_unit_test(keys_for_one_thing),
        cmocka_unit_test(of_16384_bits),         cmocka_unit_test(of_16385_bits),
    };
    return cmocka_run_group_tests_name("rsa", tests, NULL, NULL);
}
