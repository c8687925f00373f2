/* Secret keys that an early program has kept in a file of their own. */
#include "keys.h"

#include <unistd.h>

#include "base/fs.h"
#include "early.h"
#include "home.h"
#include "kit.h"
#include "keyring/backup.h"
#include "keyring/schemas.h"

static const struct db_schema certs_schema = {early_certs, NULL, 1};
static const struct db_schema secrets_schema = {early_secrets, NULL, 1};

static void insert_secret(struct db *d, const struct cert *c, const struct component *x)
{
    struct db_query *q = NULL;
    OK(db_query(d, "INSERT INTO secret VALUES (?1, ?2, ?3, ?4)", &q));
    db_bind_blob(q, 1, fingerprint_view(cert_fingerprint(c)));
    db_bind_blob(q, 2, fingerprint_view(&x->key.fpr));
    db_bind_int(q, 3, x->packet.type);
    db_bind_blob(q, 4, x->packet.body);
    OK(db_run(q));
    db_done(q);
}

static void insert_cert(struct db *d, const struct cert *c)
{
    CLEANUP(buf_clear) struct buf public = BUF_EMPTY(CERT_MAX);
    struct db_query *q = NULL;
    cert_write(c, CERT_PUBLIC, &public);
    OK(db_query(d, "INSERT INTO cert (fpr, bytes) VALUES (?1, ?2)", &q));
    db_bind_blob(q, 1, fingerprint_view(cert_fingerprint(c)));
    db_bind_blob(q, 2, buf_view(&public));
    OK(db_run(q));
    db_done(q);
}

/* A keyring as the first program made it, with one key. */
static struct cert *early_keyring(void *home)
{
    struct cert *c = keys_make("default", "me", NULL);
    struct db *d = NULL;
    OK(db_open(home_file(home, "keyring.db"), DB_WRITE, &certs_schema, &d));
    insert_cert(d, c);
    db_close(d);
    OK(db_open(home_file(home, "secrets.db"), DB_WRITE, &secrets_schema, &d));
    for (size_t i = 0; i < c->components.n; i++) {
        if (c->components.items[i].has_secret)
            insert_secret(d, c, &c->components.items[i]);
    }
    db_close(d);
    return c;
}

static bool has_key(void *home, enum keyring_mode mode, const struct cert *like)
{
    AUTO(keyring_close) struct keyring *k = NULL;
    AUTO(cert_free) struct cert *c = NULL;
    CLEANUP(cert_list_clear) struct cert_list all = {0};
    OK(keyring_open(home, mode, &k));
    OK(keyring_get(k, cert_fingerprint(like), true, &c));
    OK(keyring_find_keys(k, &all));
    assert_int_equal(all.n, cert_has_secret(c));
    return cert_has_secret(c);
}

static void readers_find_them_where_they_are(void **state)
{
    AUTO(cert_free) struct cert *c = early_keyring(*state);
    assert_true(has_key(*state, KEYRING_READ, c));
    assert_int_equal(home_mode(home_file(*state, "secrets.db")), 0600);
}

static void writers_move_them(void **state)
{
    AUTO(cert_free) struct cert *c = early_keyring(*state);
    assert_true(has_key(*state, KEYRING_WRITE, c));
    assert_int_equal(home_mode(home_file(*state, "secrets.db")), 0);
    assert_true(has_key(*state, KEYRING_READ, c));
}

static void backups_have_them(void **state)
{
    CLEANUP(backup_content_clear) struct backup_content content = {0};
    AUTO(cert_free) struct cert *c = early_keyring(*state);
    AUTO(keyring_close) struct keyring *k = NULL;
    struct source *s = NULL;
    OK(keyring_open(*state, KEYRING_READ, &k));
    OK(backup_source_new(k, 0, NULL, 0, &content, &s));
    struct slice text = kit_read(s);
    assert_true(slice_starts_with(text, buf_view(&c->bytes)));
    assert_int_equal(content.summary.keys, 1);
    assert_int_equal(content.held.n, 2);
    assert_int_equal(content.left, 0);
}

/* Nothing says so in the backup but the count, of which the user is told. */
static void secrets_without_certificate_are_left(void **state)
{
    CLEANUP(backup_content_clear) struct backup_content content = {0};
    AUTO(keyring_close) struct keyring *k = NULL;
    struct source *s = NULL;
    cert_free(early_keyring(*state));
    OK(keyring_open(*state, KEYRING_WRITE, &k));
    AUTO(db_close) struct db *d = NULL;
    OK(db_open(home_file(*state, "keyring.db"), DB_WRITE, &schema_keyring, &d));
    struct db_query *q = NULL;
    OK(db_query(d, "DELETE FROM cert", &q));
    OK(db_run(q));
    db_done(q);
    OK(backup_source_new(k, 0, NULL, 0, &content, &s));
    kit_read(s);
    assert_int_equal(content.summary.keys, 0);
    assert_int_equal(content.left, 1);
}

static void without_that_file_there_are_none(void **state)
{
    AUTO(cert_free) struct cert *c = early_keyring(*state);
    assert_int_equal(unlink(home_file(*state, "secrets.db")), 0);
    assert_false(has_key(*state, KEYRING_READ, c));
    assert_false(has_key(*state, KEYRING_WRITE, c));
}

/* A program that was killed after it had moved them, and before the file was gone. */
static void what_is_here_stays_as_it_is(void **state)
{
    AUTO(cert_free) struct cert *c = early_keyring(*state);
    AUTO(keyring_close) struct keyring *k = NULL;
    AUTO(cert_free) struct cert *again = NULL;
    CLEANUP(buf_clear) struct buf copy = BUF_EMPTY(SIZE_MAX);
    OK(fs_read_file(home_file(*state, "secrets.db"), &copy));
    assert_true(has_key(*state, KEYRING_WRITE, c));
    home_write(home_file(*state, "secrets.db"), buf_view(&copy));
    OK(keyring_open(*state, KEYRING_WRITE, &k));
    OK(keyring_get(k, cert_fingerprint(c), true, &again));
    SAME(buf_view(&c->bytes), buf_view(&again->bytes));
    assert_int_equal(home_mode(home_file(*state, "secrets.db")), 0);
}

static void damaged_ones_are_told_and_stay(void **state)
{
    cert_free(early_keyring(*state));
    const char *path = home_file(*state, "secrets.db");
    struct keyring *k = NULL;
    home_write(path, SLICE_TEXT("This is a shopping list, and rather a long one: bread, butter, "
                                "cheese, and something for the weekend as well."));
    FAILS(ERR_MALFORMED, keyring_open(*state, KEYRING_READ, &k));
    FAILS(ERR_MALFORMED, keyring_open(*state, KEYRING_WRITE, &k));
    assert_int_not_equal(home_mode(path), 0);
}

#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, home_make, home_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(readers_find_them_where_they_are),     IN_HOME(writers_move_them),
        IN_HOME(without_that_file_there_are_none),     IN_HOME(what_is_here_stays_as_it_is),
        IN_HOME(damaged_ones_are_told_and_stay),       IN_HOME(backups_have_them),
        IN_HOME(secrets_without_certificate_are_left),
    };
    return cmocka_run_group_tests_name("secret keys apart", tests, NULL, NULL);
}
