/* What is strong enough, and since when not [RFC9580 9.5, 12.4]. */
#include "unit.h"
#include "craft.h"

#include "base/when.h"
#include "crypto/algo.h"
#include "crypto/curve.h"
#include "crypto/mpi.h"
#include "pgp/policy.h"

static int64_t date(const char *text)
{
    int64_t at;
    OK(when_parse(text, &at));
    return at;
}

static void expect_hash_by(const struct policy *p, uint8_t hash, enum policy_purpose purpose,
                           int64_t at, const char *problem)
{
    err *e = policy_check_hash(p, hash, purpose, at);
    PROBLEM(e, problem);
    err_free(e);
}

static void expect_hash(uint8_t hash, enum policy_purpose purpose, int64_t at, const char *problem)
{
    expect_hash_by(&policy_default, hash, purpose, at, problem);
}

static void good_hashes_are_good_at_any_time(void **state)
{
    (void)state;
    static const uint8_t good[] = {HASH_SHA256,   HASH_SHA384,   HASH_SHA512,
                                   HASH_SHA3_256, HASH_SHA3_512, HASH_SHA224};
    for (size_t i = 0; i < sizeof good; i++) {
        expect_hash(good[i], POLICY_DATA, 0, NULL);
        expect_hash(good[i], POLICY_CERTS, UINT32_MAX, NULL);
    }
}

/* MD5 was broken before there was any OpenPGP of today. */
static void bad_hashes_never_are(void **state)
{
    (void)state;
    static const uint8_t unknown[] = {0, 4, 5, 6, 7, 13, 15, 99, 255};
    expect_hash(HASH_MD5, POLICY_DATA, 0, "made with MD5, which is broken");
    expect_hash(HASH_MD5, POLICY_CERTS, 0, "made with MD5, which is broken");
    for (size_t i = 0; i < sizeof unknown; i++)
        expect_hash(unknown[i], POLICY_CERTS, 0, "which is not supported");
}

/* The limit is the first day on which they are refused. */
static void old_hashes_had_their_time(void **state)
{
    (void)state;
    static const uint8_t old[] = {HASH_SHA1, HASH_RIPEMD160};
    const int64_t data = date("2014-01-01"), certs = date("2023-02-01");
    assert_int_equal(policy_default.sha1_data_until, data);
    assert_int_equal(policy_default.sha1_certs_until, certs);
    for (size_t i = 0; i < 2; i++) {
        expect_hash(old[i], POLICY_DATA, 0, NULL);
        expect_hash(old[i], POLICY_DATA, data - 1, NULL);
        expect_hash(old[i], POLICY_DATA, data, "which is not accepted since 2014-01-01");
        expect_hash(old[i], POLICY_CERTS, certs - 1, NULL);
        expect_hash(old[i], POLICY_CERTS, certs, "which is not accepted since 2023-02-01");
    }
    expect_hash(HASH_SHA1, POLICY_DATA, date("2024-05-06"), "made with SHA1");
}

/* Signer and keyholder can do different things about it. */
static void refusals_say_what_to_do(void **state)
{
    (void)state;
    static const uint8_t hashes[] = {HASH_MD5, HASH_SHA1};
    for (size_t i = 0; i < sizeof hashes; i++) {
        err *e = policy_check_hash(&policy_default, hashes[i], POLICY_DATA, UINT32_MAX);
        assert_non_null(strstr(err_hint_of(e), "--policy-as-of"));
        err_free(e);
        e = policy_check_hash(&policy_default, hashes[i], POLICY_CERTS, UINT32_MAX);
        assert_non_null(strstr(err_hint_of(e), "ask the key's owner"));
        err_free(e);
    }
}

/* The policy of a day before a weakness was found does not know it, whenever the
 * signature was made; that of a day after is the default. */
static void policies_of_the_past(void **state)
{
    (void)state;
    static const struct {
        const char *as_of;
        bool md5, sha1_data, sha1_certs;
        unsigned bits;
    } cases[] = {
        {"2009-12-31", true, true, true, 1024},    {"2010-01-01", false, true, true, 1024},
        {"2013-12-31", false, true, true, 1024},   {"2014-01-01", false, false, true, 2048},
        {"2023-01-31", false, false, true, 2048},  {"2023-02-01", false, false, false, 2048},
        {"2026-11-23", false, false, false, 2048},
    };
    static const char *const not_since = "not accepted since";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct policy p = policy_as_of(date(cases[i].as_of));
        expect_hash_by(&p, HASH_MD5, POLICY_DATA, UINT32_MAX, cases[i].md5 ? NULL : "broken");
        expect_hash_by(&p, HASH_MD5, POLICY_CERTS, 0, cases[i].md5 ? NULL : "broken");
        expect_hash_by(&p, HASH_SHA1, POLICY_DATA, UINT32_MAX,
                       cases[i].sha1_data ? NULL : not_since);
        expect_hash_by(&p, HASH_SHA1, POLICY_CERTS, UINT32_MAX,
                       cases[i].sha1_certs ? NULL : not_since);
        expect_hash_by(&p, HASH_SHA512, POLICY_DATA, 0, NULL);
        assert_int_equal(p.rsa_bits_min, cases[i].bits);
    }
}

/* Another policy, another verdict. */
static void dates_are_the_policys(void **state)
{
    (void)state;
    struct policy strict = policy_default, lenient = policy_default;
    strict.sha1_data_until = strict.sha1_certs_until = 0;
    lenient.sha1_data_until = lenient.sha1_certs_until = INT64_MAX;
    err *e = policy_check_hash(&strict, HASH_SHA1, POLICY_DATA, 0);
    PROBLEM(e, "not accepted since 1970-01-01");
    err_free(e);
    OK(policy_check_hash(&lenient, HASH_SHA1, POLICY_DATA, UINT32_MAX));
    OK(policy_check_hash(&strict, HASH_SHA512, POLICY_DATA, 0));
}

/* Keys */

/* A key with numbers of so many bits: n and e, or p, q, g, y. */
static void expect_integers(uint8_t algo, unsigned bits, const struct policy *p,
                            const char *problem)
{
    struct buf *material = unit_keep(), *number = unit_keep();
    buf_fill(number, 0xFF, (bits + 7) / 8);
    if (bits > 0)
        number->data[0] = (uint8_t)(0xFF >> (7 - (bits - 1) % 8));
    static const unsigned counts[] = {[PK_RSA] = 2, [PK_ELGAMAL] = 3, [PK_DSA] = 4};
    unsigned n = algo <= PK_RSA_SIGN_ONLY ? 2 : counts[algo];
    for (unsigned i = 0; i < n; i++)
        mpi_write(material,
                  i == 0 || (algo != PK_DSA && i > 1) ? buf_view(number) : unit_hex("010001"));
    const struct pubkey k = {.version = 4, .algo = algo, .material = buf_view(material)};
    err *e = policy_check_key(p, &k);
    PROBLEM(e, problem);
    err_free(e);
}

static void integers_need_2048_bits(void **state)
{
    (void)state;
    static const uint8_t algos[] = {PK_RSA, PK_RSA_ENCRYPT_ONLY, PK_RSA_SIGN_ONLY, PK_ELGAMAL,
                                    PK_DSA};
    struct policy more = policy_default;
    more.rsa_bits_min = 3072;
    for (size_t i = 0; i < sizeof algos; i++) {
        const struct policy *p = &policy_default;
        expect_integers(algos[i], 512, p, "with 512 bits is too weak; at least 2048 are needed");
        expect_integers(algos[i], 1024, p, "with 1024 bits is too weak");
        expect_integers(algos[i], 2047, p, "with 2047 bits is too weak");
        expect_integers(algos[i], 2048, p, NULL);
        expect_integers(algos[i], 4096, p, NULL);
        expect_integers(algos[i], 2048, &more, "at least 3072 are needed");
    }
}

static void curves_are_strong_enough(void **state)
{
    (void)state;
    static const enum craft_who whose[] = {ALICE, ALICE_ENCRYPT, CAROL, CAROL_ENCRYPT, DAVE};
    for (size_t i = 0; i < sizeof whose / sizeof *whose; i++)
        OK(policy_check_key(&policy_default, &craft_key(whose[i])->public));
}

static void expect_key(uint8_t algo, const char *material, const char *problem)
{
    const struct pubkey k = {.version = 4, .algo = algo, .material = unit_hex(material)};
    err *e = policy_check_key(&policy_default, &k);
    PROBLEM(e, problem);
    err_free(e);
}

static void what_is_not_known_is_refused(void **state)
{
    (void)state;
    expect_key(0, "", "public-key algorithm 0 is not supported");
    expect_key(21, "", "public-key algorithm 21 is not supported"); /* Diffie-Hellman */
    expect_key(99, "00", "public-key algorithm 99 is not supported");
    /* brainpoolP320r1, and no curve at all. */
    expect_key(PK_ECDSA, "09 2B2403030208010109 0008 04", "the key's curve is not supported");
    expect_key(PK_ECDH, "00", "the key's curve is not supported");
}

/* Ed25519 by the identifier that X.509 has for it. */
static void a_legacy_curve_that_is_not_known(void **state)
{
    (void)state;
    expect_key(PK_EDDSA_LEGACY, "03 2B6570 0008 40", "the key's curve is not supported");
}

/* ECDH parameters */

static void expect_kdf(enum pk_curve curve, uint8_t version, const char *hash_and_cipher,
                       const char *problem)
{
    struct buf *material = unit_keep();
    AUTO(secret_free) struct secret *secret = NULL;
    OK(pk_generate(PK_ECDH, curve, world_system(), material, &secret));
    memcpy(material->data + material->len - 2, unit_hex(hash_and_cipher).data, 2);
    const struct pubkey k = {.version = version, .algo = PK_ECDH, .material = buf_view(material)};
    err *e = policy_check_key(&policy_default, &k);
    PROBLEM(e, problem);
    err_free(e);
    /* Nor is anything encrypted to it by other ways. */
    AUTO(secret_free) struct secret *key = unit_secret(
        unit_hex("000102030405060708090A0B0C0D0E0F"));
    static const uint8_t fpr[FPR_MAX];
    const struct pk_session session = {.key = key,
                                       .fingerprint = slice_of(fpr, fingerprint_len(version))};
    struct buf *esk = unit_keep();
    e = pk_wrap(PK_ECDH, k.material, world_system(), &session, esk);
    assert_int_equal(err_kind_of(e), problem == NULL ? ERR_NONE : ERR_CANNOT_ENCRYPT);
    assert_int_equal(esk->len > 0, problem == NULL);
    err_free(e);
}

static void v6_ecdh_keys_have_the_parameters_of_their_curve(void **state)
{
    (void)state;
    static const struct {
        enum pk_curve curve;
        const char *proper;
        const char *others[4];
    } cases[] = {
        {CURVE_P256, "08 07", {"09 07", "0A 09", "08 08", "08 09"}},
        {CURVE_P384, "09 08", {"08 08", "0A 08", "09 07", "09 09"}},
        {CURVE_P521, "0A 09", {"08 07", "08 09", "09 09", "0A 07"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_kdf(cases[i].curve, 4, cases[i].proper, NULL);
        expect_kdf(cases[i].curve, 6, cases[i].proper, NULL);
        for (size_t k = 0; k < 4; k++) {
            expect_kdf(cases[i].curve, 4, cases[i].others[k], NULL);
            expect_kdf(cases[i].curve, 6, cases[i].others[k],
                       "a v6 ECDH key with a key derivation that is not of its curve");
        }
    }
}

/* For a v4 key other parameters are allowed, but not any [RFC9580 11.4, 11.5.1]. */
static void ecdh_keys_have_strong_parameters(void **state)
{
    (void)state;
    /* Hash and cipher: SHA-256, SHA-512, SHA3-256 with AES. */
    static const char *const good[] = {"08 07", "08 09", "0A 07", "0C 09", "0E 09"};
    /* MD5, SHA-1, RIPEMD-160, SHA-224, none; 3DES, CAST5, Twofish, Camellia, none. */
    static const char *const bad[] = {"01 07", "02 07", "03 07", "0B 07", "63 07",
                                      "08 02", "08 03", "08 0A", "08 0D", "08 63"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        expect_kdf(CURVE_25519_LEGACY, 4, good[i], NULL);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        expect_kdf(CURVE_25519_LEGACY, 4, bad[i], "whose key derivation is weak or not known");
}

/* Other programs keep legacy secrets as they were drawn; they are clamped when used
 * [RFC9580 5.5.5.6.1.1]. */
static void unclamped_legacy_secrets_are_secrets(void **state)
{
    (void)state;
    struct buf *material = unit_keep(), *esk = unit_keep();
    AUTO(secret_free) struct secret *secret = NULL;
    AUTO(secret_free) struct secret *key = unit_secret(
        unit_hex("000102030405060708090A0B0C0D0E0F"));
    uint8_t fpr[FPR_V4_LEN] = {0};
    struct pk_session in = {
        .with_cipher = true, .cipher = CIPHER_AES128, .key = key, .fingerprint = SLICE_OF(fpr)};
    struct pk_session out = {.with_cipher = true, .fingerprint = SLICE_OF(fpr)};
    OK(pk_generate(PK_ECDH, CURVE_25519_LEGACY, world_system(), material, &secret));
    secret_data(secret)[secret_len(secret) - 1] |= 7; /* the lowest bits */
    OK(pk_check(PK_ECDH, buf_view(material), secret));
    OK(pk_wrap(PK_ECDH, buf_view(material), world_system(), &in, esk));
    OK(pk_unwrap(PK_ECDH, buf_view(material), secret, buf_view(esk), &out));
    SAME(secret_view(out.key), secret_view(key));
    secret_free(out.key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_hashes_are_good_at_any_time),
        cmocka_unit_test(bad_hashes_never_are),
        cmocka_unit_test(old_hashes_had_their_time),
        cmocka_unit_test(refusals_say_what_to_do),
        cmocka_unit_test(policies_of_the_past),
        cmocka_unit_test(dates_are_the_policys),
        cmocka_unit_test(integers_need_2048_bits),
        cmocka_unit_test(curves_are_strong_enough),
        cmocka_unit_test(what_is_not_known_is_refused),
        cmocka_unit_test(a_legacy_curve_that_is_not_known),
        cmocka_unit_test(v6_ecdh_keys_have_the_parameters_of_their_curve),
        cmocka_unit_test(ecdh_keys_have_strong_parameters),
        cmocka_unit_test(unclamped_legacy_secrets_are_secrets),
    };
    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
