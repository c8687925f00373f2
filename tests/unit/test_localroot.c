/* The local root: made once, found by its fingerprint alone, gone with its setting. */
#include "unit.h"
#include "home.h"

#include "keyring/localroot.h"
#include "pgp/bind.h"
#include "pgp/keygen.h"

enum { NOW = 1700000000 };

static struct keyring *opened(void *home)
{
    struct keyring *k = NULL;
    OK(keyring_open(home, KEYRING_WRITE, &k));
    OK(keyring_begin(k));
    return k;
}

static struct cert *made(struct keyring *k, uint8_t seed)
{
    const struct world w = unit_world(NOW, seed);
    struct cert *c = NULL;
    OK(localroot_make(k, &w, &c));
    assert_non_null(c);
    assert_true(cert_has_secret(c));
    return c;
}

static void put_own(struct keyring *k)
{
    const struct world w = unit_world(NOW, 100);
    const struct slice name = SLICE_TEXT("Local hero <alice@example.org>");
    const struct keygen_params p = {
        .profile = keygen_profiles, .user_ids = &name, .n_user_ids = 1, .world = &w};
    AUTO(cert_free) struct cert *c = NULL;
    enum keyring_put result;
    OK(keygen_make(&p, &c));
    OK(keyring_put_key(k, c, &result));
}

static err *count(void *context, const struct cert *c)
{
    (void)c;
    ++*(size_t *)context;
    return NULL;
}

static size_t n_found(struct keyring *k, const char *who, bool secret)
{
    CLEANUP(cert_list_clear) struct cert_list l = {0};
    OK(keyring_find(k, who, secret, &l));
    return l.n;
}

static size_t n_listed(struct keyring *k, bool secret)
{
    size_t n = 0;
    OK(keyring_each(k, secret, count, &n));
    return n;
}

static void it_is_made_once(void **home)
{
    AUTO(keyring_close) struct keyring *k = opened(*home);
    AUTO(cert_free) struct cert *none = NULL, *first = NULL, *second = NULL;
    OK(localroot_get(k, &none));
    assert_null(none);
    first = made(k, 1);
    OK(keyring_commit(k));
    keyring_close(TAKE(k));
    k = opened(*home);
    second = made(k, 2);
    assert_true(fingerprint_equal(cert_fingerprint(first), cert_fingerprint(second)));
}

static void it_certifies_and_all_of_it_is_local(void **home)
{
    AUTO(keyring_close) struct keyring *k = opened(*home);
    AUTO(cert_free) struct cert *c = made(k, 1);
    AUTO(bound_cert_free) struct bound_cert *b = NULL;
    OK(bind_cert(c, &policy_default, NOW, &b));
    assert_null(bound_problem(b));
    assert_int_equal(c->components.n, 2);
    assert_int_equal(b->items[0].key_flags, FLAG_CERTIFY);
    assert_int_equal(b->items[0].expires_at, 0);
    assert_int_equal(c->components.items[0].secret.state, SECKEY_UNPROTECTED);
    SAME(bound_user_id(b), SLICE_TEXT("Local trust root"));
    assert_int_equal(c->components.items[1].sigs.n, 1);
    assert_true(c->components.items[1].sigs.items[0].sig.local);
}

static void only_its_own_names_find_it(void **home)
{
    AUTO(keyring_close) struct keyring *k = opened(*home);
    AUTO(cert_free) struct cert *c = made(k, 1);
    CLEANUP(cert_list_clear) struct cert_list own = {0}, secrets = {0};
    const struct key_handle anybody = {0};
    char fpr[FPR_TEXT_SIZE];
    put_own(k);
    fingerprint_text(cert_fingerprint(c), fpr);
    for (int secret = 0; secret <= 1; secret++) {
        assert_int_equal(n_listed(k, secret), 1);
        assert_int_equal(n_found(k, "Local", secret), 1);
        assert_int_equal(n_found(k, "root", secret), 0);
        assert_int_equal(n_found(k, fpr, secret), 1);
        assert_int_equal(n_found(k, fpr + 24, secret), 1);
    }
    OK(keyring_find_keys(k, &own));
    assert_int_equal(own.n, 1);
    OK(keyring_find_secrets(k, &anybody, &secrets));
    assert_int_equal(secrets.n, 1);
}

static void deleted_it_is_gone_and_a_new_one_is_made(void **home)
{
    AUTO(keyring_close) struct keyring *k = opened(*home);
    AUTO(cert_free) struct cert *c = made(k, 1), *none = NULL, *other = NULL;
    CLEANUP(localroots_clear) struct localroots l = {0};
    bool found;
    OK(localroot_delete(k, cert_fingerprint(c), &found));
    assert_true(found);
    OK(localroot_delete(k, cert_fingerprint(c), &found));
    assert_false(found);
    OK(keyring_get(k, cert_fingerprint(c), true, &none));
    assert_null(none);
    OK(localroots_find(k, &l));
    assert_int_equal(l.n, 0);
    other = made(k, 2);
    assert_false(fingerprint_equal(cert_fingerprint(c), cert_fingerprint(other)));
}

/* As after a restore: one whose secret part is lost does not make another. */
static void the_one_with_a_secret_part_is_taken(void **home)
{
    AUTO(keyring_close) struct keyring *k = opened(*home);
    AUTO(cert_free) struct cert *lost = made(k, 1), *other = NULL, *again = NULL;
    CLEANUP(localroots_clear) struct localroots l = {0};
    bool found;
    OK(keyring_delete(k, cert_fingerprint(lost), true, &found));
    other = made(k, 2);
    again = made(k, 3);
    assert_true(fingerprint_equal(cert_fingerprint(other), cert_fingerprint(again)));
    OK(localroots_find(k, &l));
    assert_int_equal(l.n, 2);
    assert_true(localroots_have(&l, cert_fingerprint(lost)));
    assert_int_equal(n_listed(k, false), 0);
}

#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, home_make, home_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(it_is_made_once),
        IN_HOME(it_certifies_and_all_of_it_is_local),
        IN_HOME(only_its_own_names_find_it),
        IN_HOME(deleted_it_is_gone_and_a_new_one_is_made),
        IN_HOME(the_one_with_a_secret_part_is_taken),
    };
    return cmocka_run_group_tests_name("localroot", tests, NULL, NULL);
}
