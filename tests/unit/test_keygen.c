/* New keys: every profile keeps its promises [RFC9580 5.2.3.10, 10.1]. */
#include "unit.h"
#include "craft.h"
#include "keys.h"

#include "crypto/algo.h"
#include "crypto/curve.h"

enum { YEAR = 31557600 };

static struct cert *make(const struct keygen_profile *profile, size_t n_user_ids,
                         uint32_t expires_after)
{
    static const char *const texts[] = {"Alice <alice@example.org>", "Alice at work"};
    const struct slice ids[] = {slice_of_string(texts[0]), slice_of_string(texts[1])};
    const struct keygen_params p = {.profile = profile,
                                    .user_ids = ids,
                                    .n_user_ids = n_user_ids,
                                    .expires_after = expires_after,
                                    .world = keys_world()};
    struct cert *c = NULL;
    OK(keygen_make(&p, &c));
    return c;
}

/* What each profile is for. */
struct promise {
    const char *name;
    uint8_t version, primary, subkey;
    const char *primary_kind, *subkey_kind; /* as people call them */
    uint32_t features;
    bool aead_preferences;
};

static const struct promise promises[] = {
    {"default", 4, PK_EDDSA_LEGACY, PK_ECDH, "Ed25519", "Curve25519",
     FEATURE_SEIPD1 | FEATURE_SEIPD2, true},
    {"rfc9580", 6, PK_ED25519, PK_X25519, "Ed25519", "X25519", FEATURE_SEIPD1 | FEATURE_SEIPD2,
     true},
    {"security", 6, PK_ED448, PK_X448, "Ed448", "X448", FEATURE_SEIPD1 | FEATURE_SEIPD2, true},
    {"compatibility", 4, PK_RSA, PK_RSA, "RSA 3072", "RSA 3072", FEATURE_SEIPD1, false},
};
enum { N_PROMISES = sizeof promises / sizeof *promises };

static void profiles_are_found(void **state)
{
    (void)state;
    size_t n = 0;
    for (; keygen_profiles[n].name != NULL; n++) {
        assert_true(n < N_PROMISES); /* a new one needs its promises here */
        assert_string_equal(keygen_profiles[n].name, promises[n].name);
        assert_ptr_equal(keygen_profile_find(promises[n].name), &keygen_profiles[n]);
        assert_true(strlen(keygen_profiles[n].summary) > 10);
    }
    assert_int_equal(n, N_PROMISES);
    assert_null(keygen_profile_find("Default"));
    assert_null(keygen_profile_find(""));
    assert_ptr_equal(keygen_profile_find("performance"), keygen_profile_find("rfc9580"));
    assert_ptr_equal(keygen_profile_find("rfc4880"), keygen_profile_find("compatibility"));
}

static void check_key(const struct component *x, const struct promise *p, uint8_t algo,
                      const char *kind)
{
    char text[PK_DESCRIPTION_MAX];
    AUTO(secret_free) struct secret *secret = NULL;
    assert_int_equal(x->key.version, p->version);
    assert_int_equal(x->key.algo, algo);
    assert_int_equal(x->key.created_at, TEST_NOW);
    pubkey_describe(&x->key, text);
    assert_non_null(strstr(text, kind));
    assert_int_equal(x->secret.state, SECKEY_UNPROTECTED);
    OK(seckey_unlock(&x->secret, NULL, &s2k_default_limits, &secret)); /* it belongs to it */
}

/* v6 signatures by v6 keys, with no issuer but the fingerprint [RFC9580 5.2.3.12];
 * what breaks if it is not understood is marked as critical. */
static void check_sig(const struct sig *s, const struct pubkey *primary)
{
    static const uint8_t critical[] = {SUB_CREATED, SUB_KEY_EXPIRES, SUB_KEY_FLAGS};
    struct subpacket p;
    assert_null(s->flaw);
    assert_int_equal(s->version, primary->version);
    assert_int_equal(s->created_at, TEST_NOW);
    assert_true(s->hash_algo == HASH_SHA256 || s->hash_algo == HASH_SHA512);
    assert_true(fingerprint_equal(&s->issuer.fpr, &primary->fpr));
    assert_int_equal(sig_find(s, SUB_ISSUER, &p), primary->version == 4);
    assert_int_equal(s->unhashed.len, 0);
    assert_int_equal(s->expires_after, 0);
    for (size_t i = 0; i < sizeof critical; i++) {
        if (sig_find(s, critical[i], &p))
            assert_true(p.critical);
    }
}

static void expect_preference(const struct bound_cert *b, uint8_t type, const char *hex)
{
    struct slice got = SLICE_EMPTY;
    assert_int_equal(bound_preference(b, type, &got), hex != NULL);
    if (hex != NULL)
        SAME(got, unit_hex(hex));
}

static void check_preferences(const struct bound_cert *b, const struct promise *p)
{
    expect_preference(b, SUB_PREFERRED_CIPHERS, "09 08 07");
    expect_preference(b, SUB_PREFERRED_AEAD, p->aead_preferences ? "0902 0702" : NULL);
    expect_preference(b, SUB_PREFERRED_HASHES, "0A 08 09");
    expect_preference(b, SUB_PREFERRED_COMPRESSION, "00 02 01 03");
    expect_preference(b, SUB_KEYSERVER_PREFS, "80");
    expect_preference(b, SUB_EXPIRES, NULL);
    assert_int_equal(bound_features(b), p->features);
}

/* Everything holds, and says what it must. */
static void check_bound(const struct bound_cert *b, const struct promise *p, uint32_t expires_after)
{
    const struct bound *primary = &b->items[0], *subkey = &b->items[b->n - 1];
    int64_t end = expires_after == 0 ? 0 : (int64_t)TEST_NOW + expires_after;
    for (size_t i = 0; i < b->n; i++) {
        PROBLEM(b->items[i].problem, NULL);
        assert_non_null(b->items[i].binding);
        check_sig(b->items[i].binding, cert_primary(b->cert));
    }
    check_key(primary->component, p, p->primary, p->primary_kind);
    check_key(subkey->component, p, p->subkey, p->subkey_kind);
    assert_int_equal(primary->key_flags, FLAG_CERTIFY | FLAG_SIGN);
    assert_int_equal(subkey->key_flags, FLAG_ENCRYPT);
    assert_int_equal(primary->expires_at, end);
    assert_int_equal(subkey->expires_at, end);
    assert_ptr_equal(bound_find_key(b, FLAG_SIGN, PK_SIGNS), primary);
    assert_ptr_equal(bound_find_key(b, FLAG_ENCRYPT, PK_ENCRYPTS), subkey);
    check_preferences(b, p);
}

/* In v6 the direct key signature speaks for the key, in v4 each user ID's. */
static void check_users(const struct bound_cert *b, const struct promise *p, size_t n_user_ids)
{
    bool direct = p->version == 6 || n_user_ids == 0;
    assert_int_equal(b->n, 2 + n_user_ids);
    assert_int_equal(b->direct != NULL, direct);
    if (direct)
        assert_int_equal(b->direct->key_flags, FLAG_CERTIFY | FLAG_SIGN);
    for (size_t i = 0; i < n_user_ids; i++) {
        const struct sig *s = b->items[1 + i].binding;
        assert_int_equal(s->type, SIG_CERT_POSITIVE);
        assert_int_equal(s->primary_uid, i == 0);
        assert_int_equal(s->has_key_flags, !direct);
        assert_int_equal(s->has_features, !direct);
    }
    SAME(bound_user_id(b), n_user_ids > 0 ? SLICE_TEXT("Alice <alice@example.org>") : SLICE_EMPTY);
}

static void profiles_keep_their_promises(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_PROMISES; i++) {
        for (size_t n = 0; n <= 2; n += 2) {
            uint32_t expires_after = n == 0 ? 0 : 2 * YEAR;
            AUTO(bound_cert_free) struct bound_cert *b = NULL, *before = NULL, *after = NULL;
            AUTO(cert_free) struct cert *c = make(&keygen_profiles[i], n, expires_after);
            OK(bind_cert(c, &policy_default, TEST_NOW, &b));
            check_bound(b, &promises[i], expires_after);
            check_users(b, &promises[i], n);
            OK(bind_cert(c, &policy_default, (int64_t)TEST_NOW + 2 * YEAR - 1, &before));
            OK(bind_cert(c, &policy_default, (int64_t)TEST_NOW + 2 * YEAR, &after));
            PROBLEM(bound_problem(before), NULL);
            PROBLEM(bound_problem(after), n == 0 ? NULL : "expired on 2028-11-23");
        }
    }
}

static void keys_differ(void **state)
{
    (void)state;
    AUTO(cert_free) struct cert *a = keys_make("default", "Alice", NULL);
    AUTO(cert_free) struct cert *b = keys_make("default", "Alice", NULL);
    assert_false(fingerprint_equal(cert_fingerprint(a), cert_fingerprint(b)));
    assert_false(
        slice_equal(a->components.items[0].secret.content, b->components.items[0].secret.content));
    assert_false(
        slice_equal(a->components.items[0].secret.content, a->components.items[2].secret.content));
}

static void subkeys_can_be_left_out(void **state)
{
    (void)state;
    const struct slice ids[] = {SLICE_TEXT("Alice"), SLICE_TEXT("Bob"), SLICE_TEXT("Alice")};
    const struct keygen_params p = {.profile = keygen_profile_find("default"),
                                    .user_ids = ids,
                                    .n_user_ids = 3,
                                    .signing_only = true,
                                    .world = keys_world()};
    AUTO(cert_free) struct cert *c = NULL;
    OK(keygen_make(&p, &c));
    assert_int_equal(c->components.n, 3); /* and Alice stands there once */
    assert_int_equal(c->components.items[1].kind, COMPONENT_USER_ID);
    assert_int_equal(c->components.items[2].kind, COMPONENT_USER_ID);
}

/* Passphrases */

static void check_locked(const struct component *x, uint8_t version)
{
    AUTO(secret_free) struct secret *right = unit_secret(SLICE_TEXT("pass")), *got = NULL;
    AUTO(secret_free) struct secret *wrong = unit_secret(SLICE_TEXT("Pass"));
    struct secret *none = NULL;
    assert_int_equal(x->secret.state, SECKEY_PROTECTED);
    /* [RFC9580 3.7.2.1] */
    assert_int_equal(x->secret.usage, version == 6 ? SECKEY_AEAD : SECKEY_CFB);
    assert_int_equal(x->secret.cipher, CIPHER_AES256);
    assert_int_equal(x->secret.aead, version == 6 ? AEAD_OCB : AEAD_NONE);
    assert_int_equal(x->secret.s2k.type, version == 6 ? S2K_ARGON2 : S2K_ITERATED);
    if (version == 4) {
        assert_int_equal(x->secret.s2k.hash, HASH_SHA256);
        assert_int_equal(s2k_count(&x->secret.s2k), 65011712);
    }
    OK(seckey_unlock(&x->secret, right, &s2k_default_limits, &got));
    OK(pk_check(x->key.algo, x->key.material, got));
    FAILS(ERR_LOCKED, seckey_unlock(&x->secret, wrong, &s2k_default_limits, &none));
    FAILS(ERR_LOCKED, seckey_unlock(&x->secret, NULL, &s2k_default_limits, &none));
    assert_null(none);
}

static void secrets_are_locked(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_PROMISES; i++) {
        if (promises[i].primary == PK_RSA)
            continue; /* takes long, and is like the other v4 profile */
        AUTO(cert_free) struct cert *c = keys_make(promises[i].name, "Alice", "pass");
        const struct component *primary = &c->components.items[0],
                               *subkey = &c->components.items[2];
        check_locked(primary, promises[i].version);
        check_locked(subkey, promises[i].version);
        /* No two with the same salt or nonce. */
        assert_memory_not_equal(primary->secret.s2k.salt, subkey->secret.s2k.salt, S2K_SALT);
        assert_false(slice_equal(primary->secret.iv, subkey->secret.iv));
    }
}

/* User IDs */

static err *try_user_id(struct slice id, struct cert **out)
{
    const struct slice ids[] = {SLICE_TEXT("good"), id};
    const struct keygen_params p = {.profile = keygen_profile_find("default"),
                                    .user_ids = ids,
                                    .n_user_ids = 2,
                                    .world = keys_world()};
    return keygen_make(&p, out);
}

static void user_ids_are_checked(void **state)
{
    (void)state;
    struct cert *c = NULL;
    struct buf *longest = unit_keep();
    buf_fill(longest, 'x', 2048);
    FAILS(ERR_USAGE, try_user_id(SLICE_EMPTY, &c));
    FAILS(ERR_USAGE, try_user_id(SLICE_TEXT("\xFF"), &c));
    FAILS(ERR_USAGE, try_user_id(unit_joined(buf_view(longest), SLICE_TEXT("x")), &c));
    assert_null(c);
    OK(try_user_id(buf_view(longest), &c));
    cert_free(c);
}

/* Where there is no randomness there is no key. */
static err *no_random(void *context, void *dst, size_t len)
{
    unsigned *left = context;
    if ((*left)-- == 0)
        return err_new(ERR_IO, "no random numbers");
    return world_random(world_system(), dst, len);
}

static int64_t now(void *context)
{
    (void)context;
    return TEST_NOW;
}

static void keys_need_random_numbers(void **state)
{
    (void)state;
    AUTO(secret_free) struct secret *passphrase = unit_secret(SLICE_TEXT("pass"));
    unsigned calls = 0;
    for (;; calls++) {
        unsigned left = calls;
        const struct world w = {.context = &left, .now = now, .random = no_random};
        const struct keygen_params p = {
            .profile = keygen_profile_find("rfc9580"), .passphrase = passphrase, .world = &w};
        AUTO(cert_free) struct cert *c = NULL;
        err *e = keygen_make(&p, &c);
        if (e == NULL)
            break;
        FAILS(ERR_IO, e);
        assert_null(c);
    }
    /* Two keys; salt and nonce for each; a salt for each signature. */
    assert_int_equal(calls, 2 + 4 + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profiles_are_found),
        cmocka_unit_test(profiles_keep_their_promises),
        cmocka_unit_test(keys_differ),
        cmocka_unit_test(subkeys_can_be_left_out),
        cmocka_unit_test(secrets_are_locked),
        cmocka_unit_test(user_ids_are_checked),
        cmocka_unit_test(keys_need_random_numbers),
    };
    return cmocka_run_group_tests_name("keygen", tests, NULL, NULL);
}
