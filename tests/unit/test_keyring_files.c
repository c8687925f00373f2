/* The files of a keyring: who may read them, what survives, several processes at
 * once, and files that are not what they ought to be. */
#include "unit.h"
#include "craft.h"
#include "home.h"
#include "keys.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "keyring/db.h"
#include "keyring/holder.h"
#include "keyring/keyring.h"

static struct keyring *opened(void *home, enum keyring_mode mode)
{
    struct keyring *k = NULL;
    OK(keyring_open(home, mode, &k));
    return k;
}

static struct cert *person(enum craft_who who)
{
    struct craft c = craft_start(craft_key(who));
    craft_user(&c, "somebody");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START});
    return craft_cert(&c);
}

/* Within a transaction. */
static void put(struct keyring *k, const struct cert *c)
{
    enum keyring_put result;
    OK(keyring_put_key(k, c, &result));
}

static void store(void *home, const struct cert *c)
{
    AUTO(keyring_close) struct keyring *k = opened(home, KEYRING_WRITE);
    OK(keyring_begin(k));
    put(k, c);
    OK(keyring_commit(k));
}

static bool has(struct keyring *k, const struct cert *like, bool secret)
{
    AUTO(cert_free) struct cert *c = NULL;
    OK(keyring_get(k, cert_fingerprint(like), secret, &c));
    return c != NULL && (!secret || cert_has_secret(c));
}

/* Seen by a reader that opens it now. */
static bool has_now(void *home, const struct cert *like, bool secret)
{
    AUTO(keyring_close) struct keyring *k = opened(home, KEYRING_READ);
    return has(k, like, secret);
}

static void files_are_for_the_owner_only(void **state)
{
    static const char *const names[] = {"keyring.db", "keyring.db-wal", "keyring.db-shm"};
    const char *home = home_file(*state, "a/b");
    mode_t before = umask(0);
    AUTO(cert_free) struct cert *key = keys_make("default", "me", NULL);
    AUTO(keyring_close) struct keyring *k = opened((void *)(uintptr_t)home, KEYRING_WRITE);
    OK(keyring_begin(k));
    put(k, key);
    OK(keyring_commit(k));
    umask(before);
    assert_int_equal(home_mode(home), 0700);
    for (size_t i = 0; i < 3; i++) {
        AUTO(free) char *path = NULL;
        OK(fs_join(home, names[i], &path));
        if (i == 0 || home_mode(path) != 0)
            assert_int_equal(home_mode(path), 0600);
    }
}

static void folders_of_others_are_refused(void **state)
{
    struct keyring *k = NULL;
    assert_int_equal(chmod(*state, 0770), 0);
    FAILS(ERR_POLICY, keyring_open(*state, KEYRING_WRITE, &k));
    assert_int_equal(chmod(*state, 0702), 0);
    FAILS(ERR_POLICY, keyring_open(*state, KEYRING_WRITE, &k));
    assert_int_equal(chmod(*state, 0755), 0); /* may look at the names of files */
    keyring_close(opened(*state, KEYRING_WRITE));
    assert_null(k);
}

/* Whoever owns it may change everything in it (fs.h). */
static void folders_that_are_not_ours_are_refused(void **state)
{
    struct keyring *k = NULL;
    if (geteuid() != 0)
        skip();
    assert_int_equal(chmod(*state, 0700), 0);
    assert_int_equal(chown(*state, 65534, 65534), 0);
    err *e = keyring_open(*state, KEYRING_WRITE, &k);
    keyring_close(k);
    FAILS(ERR_POLICY, e);
}

/* What stays */

static void committed_changes_stay(void **state)
{
    AUTO(cert_free) struct cert *a = person(ALICE), *key = keys_make("default", "me", NULL);
    store(*state, a);
    store(*state, key);
    assert_true(has_now(*state, a, false));
    assert_true(has_now(*state, key, true));
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    assert_true(has(k, a, false) && has(k, key, true));
}

static void other_changes_do_not(void **state)
{
    AUTO(cert_free) struct cert *a = person(ALICE), *key = keys_make("default", "me", NULL);
    bool found;
    store(*state, a);
    struct keyring *k = opened(*state, KEYRING_WRITE);
    OK(keyring_begin(k));
    put(k, key);
    OK(keyring_delete(k, cert_fingerprint(a), false, &found));
    assert_true(has(k, key, true) && !has(k, a, false));
    keyring_close(k);
    assert_false(has_now(*state, key, false));
    assert_false(has_now(*state, key, true));
    assert_true(has_now(*state, a, false));
}

/* Runs work in a process of its own, which then dies without any tidying up. */
static pid_t child(void (*work)(void *), void *context)
{
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        work(context);
        _exit(0);
    }
    return pid;
}

static void finished(pid_t pid)
{
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

struct job {
    void *home;
    struct cert *cert;
    int ready[2]; /* a pipe: the transaction has begun */
    bool commit;
};

static void write_and_die(void *context)
{
    struct job *j = context;
    const struct timespec while_waiting = {.tv_nsec = 200000000};
    struct keyring *k = opened(j->home, KEYRING_WRITE);
    OK(keyring_begin(k));
    put(k, j->cert);
    assert_int_equal(write(j->ready[1], "x", 1), 1);
    nanosleep(&while_waiting, NULL);
    if (j->commit)
        OK(keyring_commit(k));
}

static pid_t start(struct job *j)
{
    char x;
    assert_int_equal(pipe(j->ready), 0);
    pid_t pid = child(write_and_die, j);
    assert_int_equal(read(j->ready[0], &x, 1), 1);
    close(j->ready[0]);
    close(j->ready[1]);
    return pid;
}

static void a_killed_process_leaves_nothing_half(void **state)
{
    AUTO(cert_free) struct cert *a = person(ALICE), *key = keys_make("default", "me", NULL);
    struct job dies = {.home = *state, .cert = key}, commits = dies;
    commits.commit = true;
    store(*state, a);
    finished(start(&dies));
    assert_true(has_now(*state, a, false));
    assert_false(has_now(*state, key, false) || has_now(*state, key, true));
    finished(start(&commits));
    assert_true(has_now(*state, a, false) && has_now(*state, key, true));
}

/* Several at once */

/* A reader sees what was committed when it looks; it waits for nobody. */
static void readers_do_not_wait(void **state)
{
    AUTO(cert_free) struct cert *a = person(ALICE), *key = keys_make("default", "me", NULL);
    store(*state, a);
    AUTO(keyring_close) struct keyring *reader = opened(*state, KEYRING_READ);
    AUTO(keyring_close) struct keyring *writer = opened(*state, KEYRING_WRITE);
    OK(keyring_begin(writer));
    put(writer, key);
    assert_true(has(reader, a, false));
    assert_false(has(reader, key, false));
    assert_false(has_now(*state, key, true));
    OK(keyring_commit(writer));
    assert_true(has(reader, key, true));
    assert_true(has_now(*state, key, true));
}

/* A writer waits for the other to finish; both changes are there. */
static void writers_wait_for_one_another(void **state)
{
    AUTO(cert_free) struct cert *a = person(ALICE), *key = keys_make("default", "me", NULL);
    struct job j = {.home = *state, .cert = key, .commit = true};
    keyring_close(opened(*state, KEYRING_WRITE));
    pid_t other = start(&j);
    store(*state, a);
    finished(other);
    assert_true(has_now(*state, a, false) && has_now(*state, key, true));
}

/* Whoever waits in vain is told for whom. */
static void the_writer_is_known(void **state)
{
    AUTO(cert_free) struct cert *key = keys_make("default", "me", NULL);
    AUTO(free) char *nobody = NULL, *holder = NULL;
    struct job j = {.home = *state, .cert = key};
    char expected[32];
    keyring_close(opened(*state, KEYRING_WRITE)); /* from now on it is there */
    if (access("/proc/locks", R_OK) != 0)
        skip();
    OK(holder_of(home_file(*state, "keyring.db"), &nobody));
    assert_null(nobody);
    pid_t pid = start(&j);
    OK(holder_of(home_file(*state, "keyring.db"), &holder));
    finished(pid);
    snprintf(expected, sizeof expected, "process %ld (", (long)pid);
    assert_non_null(holder);
    assert_ptr_equal(strstr(holder, expected), holder);
}

/* Files that are not what they ought to be */

static void absent_keyrings_are_empty(void **state)
{
    static const char *const homes[] = {"", "none", "none/at/all"};
    AUTO(cert_free) struct cert *a = person(ALICE);
    for (size_t i = 0; i < 3; i++) {
        CLEANUP(cert_list_clear) struct cert_list l = {0};
        const struct key_handle none = {0};
        void *home = (void *)(uintptr_t)home_file(*state, homes[i]);
        AUTO(keyring_close) struct keyring *k = opened(home, KEYRING_READ);
        assert_false(has(k, a, false) || has(k, a, true));
        OK(keyring_find(k, "somebody", false, &l));
        OK(keyring_find(k, "somebody", true, &l));
        OK(keyring_find_certs(k, &none, &l));
        OK(keyring_find_secrets(k, &none, &l));
        assert_int_equal(l.n, 0);
        assert_int_equal(home_mode(home_file(*state, "none")), 0); /* nor is one made */
    }
}

/* Another process has just created the files and not filled them yet. */
static void keyrings_in_the_making_are_empty(void **state)
{
    AUTO(cert_free) struct cert *a = person(ALICE);
    home_write(home_file(*state, "keyring.db"), SLICE_EMPTY);
    assert_false(has_now(*state, a, false));
    assert_false(has_now(*state, a, true));
    store(*state, a);
    assert_true(has_now(*state, a, false));
}

static void expect_error(void *home, enum err_kind kind, const char *text)
{
    static const enum keyring_mode modes[] = {KEYRING_READ, KEYRING_WRITE};
    for (size_t i = 0; i < 2; i++) {
        struct keyring *k = NULL;
        char got[1024];
        err *e = keyring_open(home, modes[i], &k);
        assert_null(k);
        err_text(e, got, sizeof got);
        if (strstr(got, text) == NULL)
            print_error("%s\nnot: %s\n", got, text);
        assert_non_null(strstr(got, text));
        FAILS(kind, e);
    }
}

/* Made by a newer program: it is left alone. */
static void newer_schemas_are_refused(void **state)
{
    static const struct db_step steps[] = {{0}, {0}, {0}, {0}, {"CREATE TABLE future (x)", NULL}};
    const struct db_schema newer = {"", steps, 6};
    const char *path = home_file(*state, "keyring.db");
    AUTO(cert_free) struct cert *a = person(ALICE);
    struct db *d = NULL;
    store(*state, a);
    OK(db_open(path, DB_WRITE, &newer, &d));
    db_close(d);
    expect_error(*state, ERR_UNSUPPORTED, "made by a newer version of bulla (6)");
    OK(db_open(path, DB_READ, &newer, &d)); /* and is still what it was */
    db_close(d);
}

static void other_files_are_refused(void **state)
{
    AUTO(cert_free) struct cert *a = person(ALICE);
    store(*state, a);
    home_write(home_file(*state, "keyring.db"),
               SLICE_TEXT("This is a shopping list, and rather a long one: bread, butter, "
                          "cheese, and something for the weekend as well."));
    expect_error(*state, ERR_MALFORMED, "keyring.db");
}

/* Damage inside: an error or, where it is not in the way, the right answer; never
 * another one. */
static void damaged_files_give_errors(void **state)
{
    CLEANUP(buf_clear) struct buf file = BUF_EMPTY(SIZE_MAX);
    const char *path = home_file(*state, "keyring.db");
    AUTO(cert_free) struct cert *a = person(ALICE);
    unsigned errors = 0;
    store(*state, a);
    OK(fs_read_file(path, &file));
    for (size_t at = 100; at < file.len; at += 509) {
        struct keyring *k = NULL;
        AUTO(cert_free) struct cert *c = NULL;
        struct buf *b = unit_keep();
        buf_bytes(b, buf_view(&file));
        memset(b->data + at, 0xA5, file.len - at < 509 ? file.len - at : 509);
        home_write(path, buf_view(b));
        err *e = keyring_open(*state, KEYRING_READ, &k);
        if (e == NULL)
            e = keyring_get(k, cert_fingerprint(a), false, &c);
        if (e == NULL && c != NULL)
            assert_true(fingerprint_equal(cert_fingerprint(c), cert_fingerprint(a)));
        if (e != NULL)
            FAILS(ERR_MALFORMED, e);
        errors += e != NULL;
        keyring_close(k);
    }
    assert_true(errors > 3);
}

#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, home_make, home_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(files_are_for_the_owner_only),
        IN_HOME(folders_of_others_are_refused),
        IN_HOME(folders_that_are_not_ours_are_refused),
        IN_HOME(committed_changes_stay),
        IN_HOME(other_changes_do_not),
        IN_HOME(a_killed_process_leaves_nothing_half),
        IN_HOME(readers_do_not_wait),
        IN_HOME(writers_wait_for_one_another),
        IN_HOME(the_writer_is_known),
        IN_HOME(absent_keyrings_are_empty),
        IN_HOME(keyrings_in_the_making_are_empty),
        IN_HOME(newer_schemas_are_refused),
        IN_HOME(other_files_are_refused),
        IN_HOME(damaged_files_give_errors),
    };
    return cmocka_run_group_tests_name("keyring files", tests, NULL, NULL);
}
