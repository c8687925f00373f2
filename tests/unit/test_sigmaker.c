/* Which hash a signature is made with. */
#include "unit.h"
#include "craft.h"

#include "crypto/algo.h"
#include "crypto/digest.h"
#include "pgp/sigmaker.h"

static uint8_t preferred(const char *hex)
{
    return sigmaker_preferred_hash(&craft_key(DAVE)->public, unit_hex(hex));
}

static uint8_t fastest(void)
{
    return digest_sha256_is_fast() ? HASH_SHA256 : HASH_SHA512;
}

static void the_owner_prefers_a_hash(void **state)
{
    (void)state;
    assert_int_equal(preferred("09"), HASH_SHA384);
    assert_int_equal(preferred("0B"), HASH_SHA224);
    assert_int_equal(preferred("0E090B"), HASH_SHA3_512);
    /* What is broken, or not known, is passed over. */
    assert_int_equal(preferred("01020363096E"), HASH_SHA384);
    assert_int_equal(preferred("010203"), 0);
    assert_int_equal(preferred(""), 0);
}

/* The order is a matter of taste, and ours a matter of speed. */
static void ours_will_do_where_it_is_listed(void **state)
{
    (void)state;
    assert_int_equal(preferred("090A08"), 0);
    assert_int_equal(preferred("0B0E0C080A"), 0);
}

static void a_signer_signs_with_it(void **state)
{
    (void)state;
    struct signer s = {.key = &craft_key(DAVE)->public};
    assert_int_equal(sigmaker_hash(&s), fastest());
    s.hash = HASH_SHA384;
    assert_int_equal(sigmaker_hash(&s), HASH_SHA384);
}

static void not_one_that_is_too_short_for_the_key(void **state)
{
    (void)state;
    const struct pubkey *ed25519 = &craft_key(ALICE)->public;
    assert_int_equal(sigmaker_preferred_hash(ed25519, unit_hex("0B")), 0);
    assert_int_equal(sigmaker_preferred_hash(ed25519, unit_hex("0B09")), HASH_SHA384);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_owner_prefers_a_hash),
        cmocka_unit_test(ours_will_do_where_it_is_listed),
        cmocka_unit_test(a_signer_signs_with_it),
        cmocka_unit_test(not_one_that_is_too_short_for_the_key),
    };
    return cmocka_run_group_tests_name("sigmaker", tests, NULL, NULL);
}
