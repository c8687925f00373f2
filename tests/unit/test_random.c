/* Random numbers for Nettle, and what happens where there are none. */
#include "unit.h"

#include <unistd.h>

#include "crypto/algo.h"
#include "crypto/curve.h"
#include "crypto/pk.h"
#include "crypto/random.h"

enum { SECONDS_MAX = 60 }; /* then something draws for ever */

static err *no_random(void *context, void *dst, size_t len)
{
    (void)context;
    (void)dst;
    (void)len;
    return err_new(ERR_IO, "no random numbers");
}

static const struct world empty = {.random = no_random};

/* What key generation, encryption and signing draw from. */
static void nothing_is_made_without_random_numbers(void **state)
{
    (void)state;
    static const struct {
        uint8_t id;
        unsigned variant;
    } cases[] = {{PK_RSA, 2048},
                 {PK_ECDSA, CURVE_P256},
                 {PK_ECDSA, CURVE_P384},
                 {PK_ECDSA, CURVE_P521},
                 {PK_ECDSA, CURVE_BRAINPOOL_P256},
                 {PK_ECDSA, CURVE_BRAINPOOL_P384},
                 {PK_ECDSA, CURVE_BRAINPOOL_P512},
                 {PK_ECDSA, CURVE_SECP256K1},
                 {PK_ECDH, CURVE_P256},
                 {PK_ECDH, CURVE_BRAINPOOL_P256},
                 {PK_ECDH, CURVE_25519_LEGACY},
                 {PK_EDDSA_LEGACY, 0},
                 {PK_ED25519, 0},
                 {PK_ED448, 0},
                 {PK_X25519, 0},
                 {PK_X448, 0}};
    static const uint8_t digest[64] = {1}, fpr[20];
    AUTO(secret_free) struct secret *key = unit_secret(
        unit_hex("000102030405060708090A0B0C0D0E0F"));
    const struct pk_session session = {.key = key, .fingerprint = SLICE_OF(fpr)};
    alarm(SECONDS_MAX);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t id = cases[i].id;
        struct buf *public = unit_keep(), *none = unit_keep(), *out = unit_keep();
        AUTO(secret_free) struct secret *secret = NULL;
        FAILS(ERR_IO, pk_generate(id, cases[i].variant, &empty, none, &secret));
        assert_null(secret);
        OK(pk_generate(id, cases[i].variant, world_system(), public, &secret));
        if (pk_can(id, PK_ENCRYPTS))
            FAILS(ERR_IO, pk_wrap(id, buf_view(public), &empty, &session, out));
        if (id == PK_RSA || id == PK_ECDSA) /* the others' signatures need none */
            FAILS(ERR_IO, pk_sign(id, buf_view(public), secret, &empty, HASH_SHA512,
                                  SLICE_OF(digest), out));
        assert_int_equal(out->len, 0);
    }
    alarm(0);
}

/* Pieces of any length make up numbers that do not repeat, and differ by seed. */
static void numbers_do_not_repeat(void **state)
{
    (void)state;
    enum { N = 1000, LEN = 13 };
    static uint8_t pieces[2 * N][LEN];
    for (uint8_t seed = 0; seed < 2; seed++) {
        const struct world w = unit_world(0, seed);
        CLEANUP(random_clear) struct random_source random = {0};
        OK(random_init(&random, &w));
        for (size_t i = 0; i < N; i++)
            random_fill(&random, i % LEN < 8 ? LEN : LEN - 1, pieces[seed * N + i]);
    }
    for (size_t i = 0; i < 2 * N; i++) {
        for (size_t k = 0; k < i; k++)
            assert_memory_not_equal(pieces[i], pieces[k], 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_made_without_random_numbers),
        cmocka_unit_test(numbers_do_not_repeat),
    };
    return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
