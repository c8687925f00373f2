/* Keyrings of every released version become one of today's, and lose nothing. */
#include "unit.h"
#include "craft.h"
#include "early.h"
#include "home.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/vec.h"
#include "keyring/index.h"
#include "keyring/settings.h"
#include "keyring/stats.h"

static struct cert *person(enum craft_who who, enum craft_who subkey, const char *id)
{
    struct craft c = craft_start(craft_key(who));
    craft_user(&c, id);
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START});
    craft_subkey(&c, craft_key(subkey));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING, .at = CRAFT_SUBKEYS});
    return craft_cert(&c);
}

/* The rows that version 1 had for a certificate. */
static void put_1(struct db *d, int64_t id, const struct cert *c)
{
    AUTO(db_done) struct db_query *cert = NULL, *user = NULL;
    OK(db_query(d, "INSERT INTO cert (id, fpr, bytes) VALUES (?1, ?2, ?3)", &cert));
    db_bind_int(cert, 1, id);
    db_bind_blob(cert, 2, fingerprint_view(cert_fingerprint(c)));
    db_bind_blob(cert, 3, buf_view(&c->bytes));
    OK(db_run(cert));
    OK(db_query(d, "INSERT INTO userid (cert, text, email) VALUES (?1, 'x', 'y')", &user));
    db_bind_int(user, 1, id);
    OK(db_run(user));
    for (size_t i = 0; i < c->components.n; i++) {
        AUTO(db_done) struct db_query *key = NULL;
        const struct component *x = &c->components.items[i];
        if (x->kind != COMPONENT_PRIMARY && x->kind != COMPONENT_SUBKEY)
            continue;
        OK(db_query(d, "INSERT INTO key (fpr, keyid, cert) VALUES (?1, ?2, ?3)", &key));
        db_bind_blob(key, 1, fingerprint_view(&x->key.fpr));
        db_bind_blob(key, 2, SLICE_OF(x->key.id.bytes));
        db_bind_int(key, 3, id);
        OK(db_run(key));
    }
}

/* A home of version 1 with Alice, and Carol, whose numbers have a gap. */
static void make_1(void *home)
{
    static const struct db_schema schema = {early_certs, NULL, 1};
    AUTO(cert_free) struct cert *alice = person(ALICE, ALICE_ENCRYPT, "Alice <alice@example.org>");
    AUTO(cert_free) struct cert *carol = person(CAROL, CAROL_ENCRYPT, "Carol <c@xn--bcher-kva.de>");
    AUTO(db_close) struct db *d = NULL;
    OK(db_open(home_file(home, "keyring.db"), DB_WRITE, &schema, &d));
    OK(db_begin(d));
    put_1(d, 7, carol);
    put_1(d, 3, alice);
    OK(db_commit(d));
}

/* The same of version 3, whose index is today's. */
static void make_3(void *home)
{
    static const struct db_schema schema = {early_3, NULL, 3};
    AUTO(cert_free) struct cert *alice = person(ALICE, ALICE_ENCRYPT, "Alice <alice@example.org>");
    AUTO(cert_free) struct cert *carol = person(CAROL, CAROL_ENCRYPT, "Carol <c@xn--bcher-kva.de>");
    const struct cert *const certs[] = {alice, carol};
    AUTO(db_close) struct db *d = NULL;
    OK(db_open(home_file(home, "keyring.db"), DB_WRITE, &schema, &d));
    OK(db_begin(d));
    for (size_t i = 0; i < 2; i++) {
        AUTO(db_done) struct db_query *q = NULL;
        OK(db_query(d, "INSERT INTO cert (bytes) VALUES (?1)", &q));
        db_bind_blob(q, 1, buf_view(&certs[i]->bytes));
        OK(db_run(q));
        OK(index_add(d, db_last_rowid(d), certs[i]));
    }
    OK(db_commit(d));
}

static struct keyring *opened(void *home, enum keyring_mode mode)
{
    struct keyring *k = NULL;
    OK(keyring_open(home, mode, &k));
    return k;
}

static void expect_found(struct keyring *k, const char *who, const struct cert *expected)
{
    CLEANUP(cert_list_clear) struct cert_list l = {0};
    OK(keyring_find(k, who, false, &l));
    if (l.n != 1)
        print_error("%s\n", who);
    assert_int_equal(l.n, 1);
    SAME(buf_view(&l.items[0]->bytes), buf_view(&expected->bytes));
}

static err *add_name(void *names, const struct cert *c)
{
    buf_bytes(names, slice_of(cert_any_user_id(c).data, 1));
    return NULL;
}

/* All is there, under every name, in its order. */
static void expect_all(struct keyring *k)
{
    CLEANUP(buf_clear) struct buf names = BUF_EMPTY(64);
    AUTO(cert_free) struct cert *alice = person(ALICE, ALICE_ENCRYPT, "Alice <alice@example.org>");
    AUTO(cert_free) struct cert *carol = person(CAROL, CAROL_ENCRYPT, "Carol <c@xn--bcher-kva.de>");
    char text[FPR_TEXT_SIZE];
    OK(keyring_each(k, false, add_name, &names));
    SAME(buf_view(&names), SLICE_TEXT("AC"));
    fingerprint_text(&craft_key(ALICE)->public.fpr, text);
    expect_found(k, text, alice);
    key_id_text(&craft_key(CAROL_ENCRYPT)->public.id, text);
    expect_found(k, text, carol);
    expect_found(k, "alice@example.org", alice);
    expect_found(k,
                 "c@b\xC3\xBC"
                 "cher.de",
                 carol);
    expect_found(k, "arol", carol);
}

static void writers_bring_old_ones_up(void **state)
{
    make_1(*state);
    keyring_close(opened(*state, KEYRING_WRITE));
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_READ);
    expect_all(k);
}

static void version_3_knew_of_no_backup(void **state)
{
    struct keyring_stats stats;
    make_3(*state);
    keyring_close(opened(*state, KEYRING_WRITE));
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_READ);
    expect_all(k);
    OK(keyring_count(k, NULL, NULL, &stats));
    assert_int_equal(stats.version, 5);
    assert_int_equal(stats.certs, 2);
    assert_int_equal(stats.backup_at, 0);
}

static void so_do_readers(void **state)
{
    make_1(*state);
    keyring_close(opened(*state, KEYRING_READ));
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    expect_all(k);
}

/* As another user than root, whom no permission keeps out. */
static void readers_who_may_not_write_read_a_copy(void **state)
{
    struct stat before, after;
    bool root = geteuid() == 0;
    make_1(*state);
    if (root) {
        assert_int_equal(chown(*state, 65534, 65534), 0);
        assert_int_equal(chown(home_file(*state, "keyring.db"), 65534, 65534), 0);
        assert_int_equal(setresuid(65534, 65534, 0), 0);
    }
    assert_int_equal(chmod(home_file(*state, "keyring.db"), 0400), 0);
    assert_int_equal(chmod(*state, 0500), 0);
    assert_int_equal(stat(home_file(*state, "keyring.db"), &before), 0);
    struct keyring *k = opened(*state, KEYRING_READ);
    expect_all(k);
    keyring_close(k);
    assert_int_equal(stat(home_file(*state, "keyring.db"), &after), 0);
    assert_int_equal(chmod(*state, 0700), 0);
    if (root)
        assert_int_equal(setresuid(0, 0, 0), 0);
    assert_int_equal(before.st_mtime, after.st_mtime);
    assert_int_equal(before.st_size, after.st_size);
}

/* Settings */

struct settings {
    struct trust_setting items[4];
    size_t n;
};

static err *gather(void *context, const struct trust_setting *t)
{
    struct settings *all = context;
    assert_true(all->n < 4);
    all->items[all->n++] = *t;
    return NULL;
}

static void set(struct keyring *k, enum craft_who who, enum trust_kind kind, unsigned amount)
{
    const struct trust_setting t = {craft_key(who)->public.fpr, kind, amount};
    OK(keyring_begin(k));
    OK(keyring_trust_put(k, &t));
    OK(keyring_commit(k));
}

static void expect_setting(const struct settings *all, enum craft_who who, enum trust_kind kind,
                           unsigned amount)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        n += fingerprint_equal(&all->items[i].fpr, &craft_key(who)->public.fpr) &&
             all->items[i].kind == kind && all->items[i].amount == amount;
    assert_int_equal(n, 1);
}

static void trust_settings_stay(void **state)
{
    struct settings all = {.n = 0}, none = all;
    AUTO(keyring_close) struct keyring *empty = opened(*state, KEYRING_READ);
    OK(keyring_trust_each(empty, gather, &none));
    assert_int_equal(none.n, 0);
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    set(k, ALICE, TRUST_INTRODUCER, 40);
    set(k, BOB, TRUST_NEVER, 0);
    set(k, CAROL, TRUST_INTRODUCER, 120);
    set(k, ALICE, TRUST_ROOT, 120);
    AUTO(keyring_close) struct keyring *reader = opened(*state, KEYRING_READ);
    OK(keyring_trust_each(reader, gather, &all));
    assert_int_equal(all.n, 3);
    expect_setting(&all, ALICE, TRUST_ROOT, 120);
    expect_setting(&all, BOB, TRUST_NEVER, 0);
    expect_setting(&all, CAROL, TRUST_INTRODUCER, 120);
}

#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, home_make, home_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(writers_bring_old_ones_up),
        IN_HOME(version_3_knew_of_no_backup),
        IN_HOME(so_do_readers),
        IN_HOME(readers_who_may_not_write_read_a_copy),
        IN_HOME(trust_settings_stay),
    };
    return cmocka_run_group_tests_name("keyring versions", tests, NULL, NULL);
}
