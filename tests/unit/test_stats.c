/* Counting what is in a keyring, and compacting it beside others who use it. */
#include "unit.h"
#include "craft.h"
#include "home.h"

#include "keyring/stats.h"

enum { USERS = 40 };

/* Alice, with user IDs that take room. */
static struct cert *large(void)
{
    char id[2000];
    struct craft c = craft_start(craft_key(ALICE));
    for (int i = 0; i < USERS; i++) {
        snprintf(id, sizeof id, "Alice %d %01900d", i, 0);
        craft_user(&c, id);
    }
    return craft_cert(&c);
}

static struct keyring *opened(void *home)
{
    struct keyring *k = NULL;
    OK(keyring_open(home, KEYRING_WRITE, &k));
    return k;
}

static void put(struct keyring *k)
{
    AUTO(cert_free) struct cert *c = large();
    enum keyring_put result;
    OK(keyring_begin(k));
    OK(keyring_put_cert(k, c, &result));
    OK(keyring_commit(k));
}

static void remove_alice(struct keyring *k)
{
    bool found;
    OK(keyring_begin(k));
    OK(keyring_delete(k, &craft_key(ALICE)->public.fpr, false, &found));
    OK(keyring_commit(k));
    assert_true(found);
}

static struct keyring_stats count(struct keyring *k)
{
    struct keyring_stats s;
    OK(keyring_count(k, NULL, NULL, &s));
    return s;
}

static void what_is_there_is_counted(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state);
    put(k);
    struct keyring_stats s = count(k);
    assert_int_equal(s.certs, 1);
    assert_int_equal(s.user_ids, USERS);
    assert_int_equal(s.signatures, 0);
    assert_int_equal(s.n_largest, 1);
    assert_true(fingerprint_equal(&s.largest[0].fpr, &craft_key(ALICE)->public.fpr));
    assert_true(s.largest[0].len > USERS * 1900);
}

static void what_was_deleted_gives_its_room_back(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state);
    struct keyring_sizes before, after;
    bool whole = false;
    put(k);
    remove_alice(k);
    assert_true(count(k).free_pages * count(k).page_len > USERS * 1900);
    OK(keyring_measure(*state, &before));
    OK(keyring_compact(k, &whole));
    OK(keyring_measure(*state, &after));
    assert_true(whole);
    assert_int_equal(count(k).free_pages, 0);
    assert_int_equal(after.log, 0);
    assert_true(after.database + USERS * 1900 < before.database + before.log);
}

/* It does not wait for them, nor they for it. */
static void readers_go_on_reading(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state);
    AUTO(keyring_close) struct keyring *reader = opened(*state);
    AUTO(cert_free) struct cert *still = NULL;
    bool whole = true;
    put(k);
    OK(keyring_begin_read(reader));
    remove_alice(k);
    OK(keyring_compact(k, &whole));
    assert_false(whole);
    OK(keyring_get(reader, &craft_key(ALICE)->public.fpr, false, &still));
    assert_non_null(still);
    put(k); /* no lock is left */
    remove_alice(k);
    keyring_end_read(reader);
    OK(keyring_compact(k, &whole));
    assert_true(whole);
    assert_int_equal(count(reader).certs, 0);
}

#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, home_make, home_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(what_is_there_is_counted),
        IN_HOME(what_was_deleted_gives_its_room_back),
        IN_HOME(readers_go_on_reading),
    };
    return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
