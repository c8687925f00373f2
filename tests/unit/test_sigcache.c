/* The cache of verdicts on signatures: what it remembers, and when it must forget. */
#include "unit.h"
#include "craft.h"
#include "home.h"

#include <sys/stat.h>

#include "base/fs.h"
#include "pgp/target.h"

enum {
    HEADER = 48,
    FEW = 200,
    ENOUGH = 256, /* are not appended to many */
    FIRST = 32,   /* questions, for which the file is not read whole */
    MOST_NEW = 1 << 18
};

/* The n-th of many: its first bytes are different, and its last bit is set. */
static struct sigcache_id id_of(uint32_t n)
{
    struct sigcache_id id = {{0}};
    memcpy(id.bytes, &n, sizeof n);
    id.bytes[SIGCACHE_ID - 1] = 0xA5;
    return id;
}

static struct sigcache *open_cache(const char *path)
{
    struct sigcache *v = NULL;
    OK(sigcache_new(path, &v));
    return v;
}

/* Verdicts number first to first + n - 1, good where the number is even, written. */
static void remember(const char *path, uint32_t first, size_t n)
{
    AUTO(sigcache_release) struct sigcache *v = open_cache(path);
    bool good;
    for (uint32_t i = 0; i < n; i++) {
        struct sigcache_id id = id_of(first + i);
        if (!sigcache_know(v, &id, &good))
            sigcache_add(v, &id, (first + i) % 2 == 0);
    }
    sigcache_save(v);
}

/* Is there the right verdict on each of the n from the first on, or on none? */
static void expect(const char *path, uint32_t first, size_t n, bool known)
{
    AUTO(sigcache_release) struct sigcache *v = open_cache(path);
    const struct sigcache_id stranger = id_of(UINT32_MAX);
    bool good;
    for (int i = 0; i < FIRST; i++)
        assert_false(sigcache_know(v, &stranger, &good));
    for (uint32_t i = 0; i < n; i++) {
        struct sigcache_id id = id_of(first + i);
        good = i % 2 != 0;
        assert_int_equal(sigcache_know(v, &id, &good), known);
        if (known)
            assert_int_equal(good, (first + i) % 2 == 0);
    }
    assert_false(sigcache_know(v, &stranger, &good));
}

static void verdicts_are_remembered(void **state)
{
    const char *path = home_file(*state, "verified");
    remember(path, 0, ENOUGH);
    assert_int_equal(home_mode(path), 0600);
    expect(path, 0, ENOUGH, true);
    remember(path, 1000, ENOUGH);
    expect(path, 0, ENOUGH, true);
    expect(path, 1000, ENOUGH, true);
    expect(path, ENOUGH, ENOUGH, false);
}

/* One process asks about the same signature more than once. */
static void what_is_new_is_known_at_once(void **state)
{
    AUTO(sigcache_release) struct sigcache *v = open_cache(home_file(*state, "verified"));
    bool good = false;
    for (uint32_t i = 0; i < 1000; i++) {
        struct sigcache_id id = id_of(i);
        assert_false(sigcache_know(v, &id, &good));
        sigcache_add(v, &id, i % 3 == 0);
    }
    for (uint32_t i = 0; i < 1000; i++) {
        struct sigcache_id id = id_of(i);
        id.bytes[SIGCACHE_ID - 1] ^= 1; /* says nothing in a question */
        good = i % 3 != 0;
        assert_true(sigcache_know(v, &id, &good));
        assert_int_equal(good, i % 3 == 0);
    }
}

static size_t entries(const char *path)
{
    CLEANUP(buf_clear) struct buf file = BUF_EMPTY(SIZE_MAX);
    OK(fs_read_file(path, &file));
    return (file.len - HEADER) / SIGCACHE_ID;
}

static void what_is_there_already_is_not_written_twice(void **state)
{
    const char *path = home_file(*state, "verified");
    remember(path, 0, ENOUGH);
    remember(path, 10, ENOUGH);
    assert_int_equal(entries(path), ENOUGH + 10);
}

static uint64_t inode(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? st.st_ino : 0;
}

/* The file grows at its end, and now and then is put in order; both answer, to few questions and
 * to many. */
static void few_are_appended(void **state)
{
    const char *path = home_file(*state, "verified");
    bool good = false;
    remember(path, 0, ENOUGH);
    uint64_t first = inode(path);
    for (uint32_t i = 0; i < FEW; i++)
        remember(path, 1000 + i, 1);
    assert_int_equal(inode(path), first);
    assert_int_equal(entries(path), ENOUGH + FEW);
    expect(path, 0, ENOUGH, true);
    expect(path, 1000, FEW, true);
    remember(path, 2000, ENOUGH);
    assert_int_not_equal(inode(path), first);
    assert_int_equal(entries(path), 2 * ENOUGH + FEW);
    for (uint32_t i = 0; i < FEW; i++) {
        AUTO(sigcache_release) struct sigcache *v = open_cache(path);
        const struct sigcache_id id = id_of(1000 + i);
        assert_true(sigcache_know(v, &id, &good));
        assert_int_equal(good, i % 2 == 0);
    }
}

/* What a process adds after the file has got another policy must not come to that. */
static void what_is_appended_goes_to_the_file_that_was_asked(void **state)
{
    const char *path = home_file(*state, "verified");
    const struct sigcache_id id = id_of(7);
    bool good;
    remember(path, 100, 1);
    AUTO(sigcache_release) struct sigcache *v = open_cache(path);
    assert_false(sigcache_know(v, &id, &good));
    sigcache_add(v, &id, true);
    assert_int_equal(rename(path, home_file(*state, "old")), 0);
    home_write(path, SLICE_TEXT("another"));
    sigcache_save(v);
    assert_int_equal(entries(home_file(*state, "old")), 2);
    CLEANUP(buf_clear) struct buf file = BUF_EMPTY(SIZE_MAX);
    OK(fs_read_file(path, &file));
    assert_int_equal(file.len, strlen("another"));
}

static void a_tail_that_is_too_long_is_not_believed(void **state)
{
    const char *path = home_file(*state, "verified");
    CLEANUP(buf_clear) struct buf file = BUF_EMPTY(SIZE_MAX);
    remember(path, 0, 1);
    OK(fs_read_file(path, &file));
    for (uint32_t i = 1; i <= 2 * ENOUGH; i++) {
        struct sigcache_id id = id_of(i);
        id.bytes[SIGCACHE_ID - 1] ^= i % 2;
        buf_bytes(&file, SLICE_OF(id.bytes));
    }
    home_write(path, buf_view(&file));
    expect(path, 1, 2 * ENOUGH, true);
    buf_bytes(&file, slice_of(file.data + HEADER, SIGCACHE_ID));
    home_write(path, buf_view(&file));
    expect(path, 1, 2 * ENOUGH, false);
}

/* Writes the file again, with a byte changed, or cut off. */
static void spoil(const char *path, size_t at, size_t cut)
{
    CLEANUP(buf_clear) struct buf file = BUF_EMPTY(SIZE_MAX);
    OK(fs_read_file(path, &file));
    file.data[at] ^= 2;
    home_write(path, slice_of(file.data, file.len - cut));
}

static void files_of_another_policy_are_dropped(void **state)
{
    const char *path = home_file(*state, "verified");
    remember(path, 0, ENOUGH);
    spoil(path, 31, 0);
    expect(path, 0, ENOUGH, false);
    /* The next one takes its place. */
    remember(path, 500, ENOUGH);
    expect(path, 500, ENOUGH, true);
    assert_int_equal(entries(path), ENOUGH);
}

static void files_that_are_none_are_passed_over(void **state)
{
    const char *path = home_file(*state, "verified");
    remember(path, 0, ENOUGH);
    spoil(path, 0, 0);
    expect(path, 0, ENOUGH, false);
    remember(path, 0, ENOUGH);
    spoil(path, HEADER + 1, 1);
    expect(path, 0, ENOUGH, false);
    home_write(path, SLICE_TEXT("bulla"));
    expect(path, 0, ENOUGH, false);
    home_write(path, SLICE_EMPTY);
    expect(path, 0, ENOUGH, false);
}

static void where_no_file_can_be_nothing_fails(void **state)
{
    const char *path = home_file(*state, "missing/verified");
    remember(path, 0, ENOUGH);
    expect(path, 0, ENOUGH, false);
}

/* A user ID that Alice has signed, judged with this cache after many questions. */
static bool judged(const char *path, const char *user, bool forged)
{
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, user);
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START, .forged = forged});
    AUTO(cert_free) struct cert *cert = craft_cert(&c);
    const struct component *on = &cert->components.items[1];
    const struct sigcache_id stranger = id_of(UINT32_MAX);
    bool good;
    cert->cache = open_cache(path);
    for (uint32_t i = 0; i < ENOUGH; i++) {
        const struct sigcache_id other = id_of(i);
        sigcache_know(cert->cache, &stranger, &good);
        sigcache_add(cert->cache, &other, false);
    }
    const struct target t = cert_target(cert, on);
    OK(target_verify(&t, &on->sigs.items[0].sig, cert_primary(cert), &good));
    sigcache_save(cert->cache);
    return good;
}

/* All verdicts in the file become their opposites. */
static void turn(const char *path)
{
    CLEANUP(buf_clear) struct buf file = BUF_EMPTY(SIZE_MAX);
    OK(fs_read_file(path, &file));
    for (size_t i = HEADER + SIGCACHE_ID - 1; i < file.len; i += SIGCACHE_ID)
        file.data[i] ^= 1;
    home_write(path, buf_view(&file));
}

static void verdicts_are_about_all_that_is_signed(void **state)
{
    const char *path = home_file(*state, "verified");
    assert_true(judged(path, "Alice", false));
    assert_false(judged(path, "Alice", true));
    assert_true(judged(path, "Alice", false));
    turn(path); /* it is the file that answers */
    assert_false(judged(path, "Alice", false));
    assert_true(judged(path, "Alice", true));
    assert_true(judged(path, "Alicf", false));
    assert_false(judged(path, "Alicg", true));
}

/* Somebody puts a signature that is known to be good on another user ID. */
static void what_is_moved_is_judged_anew(void **state)
{
    const char *path = home_file(*state, "verified");
    struct craft c = craft_start(craft_key(ALICE));
    const struct sigcache_id stranger = id_of(UINT32_MAX);
    bool good;
    assert_true(judged(path, "Alice", false));
    craft_user(&c, "Alice");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START});
    AUTO(cert_free) struct cert *cert = craft_cert(&c);
    cert->cache = open_cache(path);
    for (int i = 0; i < FIRST; i++)
        assert_false(sigcache_know(cert->cache, &stranger, &good));
    struct target t = cert_target(cert, &cert->components.items[1]);
    const struct sig *s = &cert->components.items[1].sigs.items[0].sig;
    OK(target_verify(&t, s, cert_primary(cert), &good));
    assert_true(good);
    t.user = SLICE_TEXT("Mallory");
    OK(target_verify(&t, s, cert_primary(cert), &good));
    assert_false(good);
    t.user = SLICE_TEXT("Alice");
    OK(target_verify(&t, s, &craft_key(BOB)->public, &good));
    assert_false(good);
}

static void there_is_a_limit(void **state)
{
    const char *path = home_file(*state, "verified");
    remember(path, 0, MOST_NEW + 1);
    assert_int_equal(entries(path), MOST_NEW);
    for (uint32_t i = 1; i < 4; i++)
        remember(path, i * MOST_NEW, MOST_NEW);
    assert_int_equal(entries(path), 4 * MOST_NEW);
    remember(path, 4 * MOST_NEW, ENOUGH);
    remember(path, 4 * MOST_NEW + ENOUGH, 1); /* too many: only the latest stay */
    assert_int_equal(entries(path), ENOUGH + 1);
    expect(path, 4 * MOST_NEW, ENOUGH + 1, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(verdicts_are_remembered, home_make, home_remove),
        cmocka_unit_test_setup_teardown(what_is_new_is_known_at_once, home_make, home_remove),
        cmocka_unit_test_setup_teardown(what_is_there_already_is_not_written_twice, home_make,
                                        home_remove),
        cmocka_unit_test_setup_teardown(few_are_appended, home_make, home_remove),
        cmocka_unit_test_setup_teardown(what_is_appended_goes_to_the_file_that_was_asked, home_make,
                                        home_remove),
        cmocka_unit_test_setup_teardown(a_tail_that_is_too_long_is_not_believed, home_make,
                                        home_remove),
        cmocka_unit_test_setup_teardown(files_of_another_policy_are_dropped, home_make,
                                        home_remove),
        cmocka_unit_test_setup_teardown(files_that_are_none_are_passed_over, home_make,
                                        home_remove),
        cmocka_unit_test_setup_teardown(where_no_file_can_be_nothing_fails, home_make, home_remove),
        cmocka_unit_test_setup_teardown(verdicts_are_about_all_that_is_signed, home_make,
                                        home_remove),
        cmocka_unit_test_setup_teardown(what_is_moved_is_judged_anew, home_make, home_remove),
        cmocka_unit_test_setup_teardown(there_is_a_limit, home_make, home_remove),
    };
    return cmocka_run_group_tests_name("sigcache", tests, NULL, NULL);
}
