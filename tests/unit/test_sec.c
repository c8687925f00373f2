/* Computing with secrets: right, and not with functions whose time tells them.
 *
 * GMP's multiplication and remainder are defined here, in front of the library's, and
 * count their calls. */
#include "unit.h"

#include "crypto/algo.h"
#include "crypto/mpz.h"
#include "crypto/pk.h"

static struct {
    bool on;
    size_t calls;
} watch;

/* Not mpz_swap: out may be GMP's own, with memory that is not to be freed. */
void mpz_mul(mpz_ptr out, mpz_srcptr a, mpz_srcptr b)
{
    MPZ(product);
    watch.calls += watch.on;
    mpz_addmul(product, a, b);
    mpz_set(out, product);
}

void mpz_mod(mpz_ptr out, mpz_srcptr x, mpz_srcptr m)
{
    watch.calls += watch.on;
    mpz_fdiv_r(out, x, m);
}

/* Nothing is multiplied or reduced in the call. */
#define SILENT(call)                                                                               \
    do {                                                                                           \
        watch.calls = 0;                                                                           \
        watch.on = true;                                                                           \
        OK(call);                                                                                  \
        watch.on = false;                                                                          \
        assert_int_equal(watch.calls, 0);                                                          \
    } while (0)

/* Numbers of so many bits, the second one with zeros in most of its places. */
static void number(mpz_t x, unsigned bits, bool sparse)
{
    mpz_set_ui(x, 0);
    for (unsigned i = 0; bits > 0 && i < bits; i += sparse ? 61 : i % 5 + 1)
        mpz_setbit(x, i);
    if (bits > 0)
        mpz_setbit(x, bits - 1);
}

static void products_and_rests(void **state)
{
    (void)state;
    static const unsigned bits[] = {0, 1, 2, 63, 64, 65, 127, 128, 129, 1000, 1024, 2047, 2048};
    enum { N = sizeof bits / sizeof *bits };
    MPZ(a);
    MPZ(b);
    MPZ(expected);
    MPZ(got);
    for (size_t i = 0; i < 4 * N * N; i++) {
        number(a, bits[i / 4 % N], i % 2 == 0);
        number(b, bits[i / 4 / N], i / 2 % 2 == 0);
        mpz_mul(expected, a, b);
        mpz_sec_mul(got, a, b);
        assert_int_equal(mpz_cmp(got, expected), 0);
        if (mpz_sgn(b) != 0) {
            mpz_mod(expected, a, b);
            mpz_sec_mod(got, a, b);
            /* Where a has fewer limbs it stays as it is, and is below b anyway. */
            assert_int_equal(mpz_cmp(got, expected), 0);
            mpz_sec_mod(a, a, b);
            assert_int_equal(mpz_cmp(a, expected), 0);
        }
        mpz_mul(expected, a, b);
        mpz_sec_mul(a, a, b);
        assert_int_equal(mpz_cmp(a, expected), 0);
    }
}

static void rsa_keys(void **state)
{
    (void)state;
    static const uint8_t digest[32] = {1}, session_key[16] = {2};
    struct buf *public = unit_keep(), *sig = unit_keep(), *esk = unit_keep();
    AUTO(secret_free) struct secret *secret = NULL, *key = unit_secret(SLICE_OF(session_key));
    const struct pk_session session = {.with_cipher = true, .cipher = CIPHER_AES128, .key = key};
    struct pk_session opened = {.with_cipher = true};
    OK(pk_generate(PK_RSA, 2048, world_system(), public, &secret));
    OK(pk_wrap(PK_RSA, buf_view(public), world_system(), &session, esk));
    SILENT(pk_check(PK_RSA, buf_view(public), secret));
    SILENT(pk_sign(PK_RSA, buf_view(public), secret, world_system(), HASH_SHA256, SLICE_OF(digest),
                   sig));
    SILENT(pk_unwrap(PK_RSA, buf_view(public), secret, buf_view(esk), &opened));
    SAME(secret_view(opened.key), secret_view(key));
    secret_free(opened.key);
}

/* 00 02, padding, 00, AES-128, a key of 16 bytes, their sum: 520 bits. */
#define BLOCK_HEX                                                                                  \
    "00 02 010101010101010101010101010101010101010101010101010101010101010101010101010101"         \
    "010101010101 00 07 000102030405060708090A0B0C0D0E0F 0078"

static void elgamal_session_keys(void **state)
{
    (void)state;
    struct buf *public = unit_keep(), *esk = unit_keep();
    struct slice block = unit_hex(BLOCK_HEX);
    struct secret *secret = NULL;
    struct pk_session opened = {.with_cipher = true};
    MPZ(p);
    MPZ(g);
    MPZ(x);
    MPZ(y);
    MPZ(c1);
    MPZ(c2);
    mpz_set_ui(p, 1);
    mpz_mul_2exp(p, p, 8 * block.len - 1);
    mpz_nextprime(p, p);
    mpz_set_ui(g, 3);
    number(x, 200, false);
    mpz_powm(y, g, x, p);
    mpz_set_ui(c1, 12345);
    mpz_powm(c2, y, c1, p);
    mpz_powm(c1, g, c1, p);
    mpz_from_bytes(x, block);
    mpz_mul(c2, c2, x);
    mpz_mod(c2, c2, p);
    number(x, 200, false);
    mpz_to_mpi(p, public);
    mpz_to_mpi(g, public);
    mpz_to_mpi(y, public);
    mpz_to_mpi(c1, esk);
    mpz_to_mpi(c2, esk);
    mpz_srcptr fields[] = {x};
    OK(mpz_to_secret_mpis(fields, 1, &secret));
    SILENT(pk_check(PK_ELGAMAL, buf_view(public), secret));
    SILENT(pk_unwrap(PK_ELGAMAL, buf_view(public), secret, buf_view(esk), &opened));
    SAME(secret_view(opened.key), unit_hex("000102030405060708090A0B0C0D0E0F"));
    assert_int_equal(opened.cipher, CIPHER_AES128);
    secret_free(opened.key);
    secret_free(secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_and_rests),
        cmocka_unit_test(rsa_keys),
        cmocka_unit_test(elgamal_session_keys),
    };
    return cmocka_run_group_tests_name("sec", tests, NULL, NULL);
}
