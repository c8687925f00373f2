/* Signing, whatever the algorithm. */
#include "unit.h"

#include "crypto/algo.h"
#include "crypto/curve.h"
#include "crypto/pk.h"

static const struct {
    uint8_t id;
    unsigned variant;
} algos[] = {{PK_RSA, 2048},       {PK_ECDSA, CURVE_P256}, {PK_ECDSA, CURVE_BRAINPOOL_P256},
             {PK_EDDSA_LEGACY, 0}, {PK_ED25519, 0},        {PK_ED448, 0}};
enum { N = sizeof algos / sizeof *algos };

static const uint8_t digest[64] = {1, 2, 3};

static void signatures_verify_and_some_repeat(void **state)
{
    (void)state;
    for (size_t i = 0; i < N; i++) {
        uint8_t id = algos[i].id;
        struct buf *public = unit_keep(), *first = unit_keep(), *second = unit_keep();
        AUTO(secret_free) struct secret *secret = NULL;
        OK(pk_generate(id, algos[i].variant, world_system(), public, &secret));
        struct slice key = buf_view(public);
        OK(pk_sign(id, key, secret, world_system(), HASH_SHA512, SLICE_OF(digest), first));
        OK(pk_sign(id, key, secret, world_system(), HASH_SHA512, SLICE_OF(digest), second));
        assert_true(pk_verify(id, key, HASH_SHA512, SLICE_OF(digest), buf_view(first)));
        assert_int_equal(slice_equal(buf_view(first), buf_view(second)), id != PK_ECDSA);
    }
}

/* With that, a signature of Ed25519 gives the secret away. */
static void another_public_key_gets_no_signature(void **state)
{
    (void)state;
    for (size_t i = 0; i < N; i++) {
        uint8_t id = algos[i].id;
        struct buf *mine = unit_keep(), *yours = unit_keep(), *made = unit_keep();
        AUTO(secret_free) struct secret *secret = NULL, *other = NULL;
        OK(pk_generate(id, algos[i].variant, world_system(), mine, &secret));
        OK(pk_generate(id, algos[i].variant, world_system(), yours, &other));
        buf_text(made, "before");
        err *e = pk_sign(id, buf_view(yours), secret, world_system(), HASH_SHA512, SLICE_OF(digest),
                         made);
        assert_non_null(e);
        assert_true(err_kind_of(e) == ERR_CANNOT_SIGN || err_kind_of(e) == ERR_MALFORMED);
        err_free(e);
        SAME(buf_view(made), SLICE_TEXT("before"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_verify_and_some_repeat),
        cmocka_unit_test(another_public_key_gets_no_signature),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
