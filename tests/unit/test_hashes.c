/* Every hash of [RFC9580 9.5]: what it makes, and that a signature over it verifies. */
#include "unit.h"
#include "craft.h"

#include "crypto/algo.h"

/* The object identifier, and the digest of "abc", as RFC 1321, FIPS 180-4, FIPS 202 and the
 * paper on RIPEMD-160 print it. */
static const struct {
    uint8_t hash;
    const char *oid, *digest;
} known[] = {
    {HASH_MD5, "2A864886F70D0205", "900150983cd24fb0d6963f7d28e17f72"},
    {HASH_SHA1, "2B0E03021A", "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {HASH_RIPEMD160, "2B24030201", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"},
    {HASH_SHA224, "608648016503040204", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
    {HASH_SHA256, "608648016503040201",
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {HASH_SHA384, "608648016503040202",
     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
     "8086072ba1e7cc2358baeca134c825a7"},
    {HASH_SHA512, "608648016503040203",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
    {HASH_SHA3_256, "608648016503040208",
     "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"},
    {HASH_SHA3_512, "60864801650304020A",
     "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
     "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0"},
};
enum { KNOWN = sizeof known / sizeof *known };

static void digests(void **state)
{
    uint8_t out[DIGEST_MAX];
    (void)state;
    for (unsigned i = 0; i < KNOWN; i++) {
        const struct hash_algo *a = algo_hash(known[i].hash);
        AUTO(digest_free) struct digest *d = NULL;
        assert_non_null(a);
        OK(digest_of(a->id, SLICE_TEXT("abc"), out));
        SAME(slice_of(out, a->digest_len), unit_hex(known[i].digest));
        OK(digest_new_guarded(a->id, &d));
        digest_update(d, SLICE_TEXT("abc"));
        SAME(digest_final(d, out), unit_hex(known[i].digest));
        assert_false(digest_saw_attack(d));
    }
}

/* SEQUENCE { SEQUENCE { identifier, NULL }, OCTET STRING } [RFC9580 9.5, Table 24] */
static void prefixes(void **state)
{
    (void)state;
    for (unsigned i = 0; i < KNOWN; i++) {
        const struct hash_algo *a = algo_hash(known[i].hash);
        struct slice oid = unit_hex(known[i].oid);
        struct buf *der = unit_keep();
        buf_u8(der, 0x30);
        buf_u8(der, (uint8_t)(8 + oid.len + a->digest_len));
        buf_u8(der, 0x30);
        buf_u8(der, (uint8_t)(4 + oid.len));
        buf_u8(der, 0x06);
        buf_u8(der, (uint8_t)oid.len);
        buf_bytes(der, oid);
        buf_bytes(der, unit_hex("0500 04"));
        buf_u8(der, a->digest_len);
        SAME(slice_of(a->prefix, a->prefix_len), buf_view(der));
    }
}

/* In RSA each has its own prefix, and one is not another. */
static void signatures(void **state)
{
    (void)state;
    const struct craft_key *dave = craft_key(DAVE);
    struct slice public = dave->public.material;
    for (unsigned i = 0; i < KNOWN; i++) {
        struct buf *sig = unit_keep();
        struct slice digest = unit_hex(known[i].digest);
        OK(pk_sign(PK_RSA, public, dave->secret, world_system(), known[i].hash, digest, sig));
        for (unsigned k = 0; k < KNOWN; k++) {
            bool good = pk_verify(PK_RSA, public, known[k].hash, digest, buf_view(sig));
            assert_int_equal(good, k == i);
        }
    }
}

/* 0, 4 to 7 and 13 are reserved, the others are nobody's yet or everybody's. */
static void unknown_ones(void **state)
{
    unsigned n = 0;
    (void)state;
    for (unsigned hash = 0; hash <= 0xFF; hash++) {
        struct digest *d = NULL;
        char text[256], number[32];
        err *e = digest_new((uint8_t)hash, &d);
        digest_free(d);
        n += e == NULL;
        assert_int_equal(e == NULL, algo_hash_is_supported((uint8_t)hash));
        if (e == NULL)
            continue;
        snprintf(number, sizeof number, "hash algorithm %u ", hash);
        assert_int_equal(err_kind_of(e), ERR_UNSUPPORTED);
        assert_non_null(strstr(err_text(e, text, sizeof text), number));
        err_free(e);
    }
    assert_int_equal(n, KNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests),
        cmocka_unit_test(prefixes),
        cmocka_unit_test(signatures),
        cmocka_unit_test(unknown_ones),
    };
    return cmocka_run_group_tests_name("hashes", tests, NULL, NULL);
}
