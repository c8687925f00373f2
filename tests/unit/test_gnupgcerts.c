/* Files of a GnuPG home: certificates in each format, the database of keyboxd among them,
 * and the trust database. */
#include "unit.h"
#include "craft.h"
#include "home.h"

#include "base/fs.h"
#include "keyring/db.h"
#include "keyring/gnupgcerts.h"
#include "keyring/trustdb.h"
#include "stream/input.h"

static struct slice cert_of(enum craft_who who)
{
    struct craft c = craft_start(craft_key(who));
    craft_user(&c, "someone");
    return buf_view(c.packets);
}

static struct gnupgcerts *opened(const char *path)
{
    struct gnupgcerts *g = NULL;
    struct source *s = NULL;
    OK(input_from_file(path, &s));
    OK(gnupgcerts_open(s, path, &g));
    return g;
}

static void expect(struct gnupgcerts *g, struct slice packets)
{
    AUTO(cert_free) struct cert *c = NULL;
    err *bad = NULL;
    OK(gnupgcerts_next(g, &c, &bad));
    OK(bad);
    assert_true((c == NULL) == (packets.len == 0));
    if (c != NULL)
        SAME(buf_view(&c->bytes), packets);
}

static void expect_bad(struct gnupgcerts *g)
{
    struct cert *c = NULL;
    err *bad = NULL;
    OK(gnupgcerts_next(g, &c, &bad));
    assert_null(c);
    assert_non_null(bad);
    err_free(bad);
}

static void packets(void **state)
{
    const char *path = home_file(*state, "pubring.gpg");
    home_write(path, unit_joined(cert_of(ALICE), cert_of(BOB)));
    AUTO(gnupgcerts_close) struct gnupgcerts *g = opened(path);
    expect(g, cert_of(ALICE));
    expect(g, cert_of(BOB));
    expect(g, SLICE_EMPTY);
    assert_int_equal(gnupgcerts_n_x509(g), 0);
}

static void nothing(void **state)
{
    const char *path = home_file(*state, "secring.gpg");
    home_write(path, SLICE_EMPTY);
    AUTO(gnupgcerts_close) struct gnupgcerts *g = opened(path);
    expect(g, SLICE_EMPTY);
}

static void keybox(void **state)
{
    const char *path = home_file(*state, "pubring.kbx");
    struct slice box = unit_specdata("fixtures/keyrings/keybox-rsa.kbx");
    home_write(path, box);
    AUTO(gnupgcerts_close) struct gnupgcerts *g = opened(path);
    struct cert *c = NULL;
    err *bad = NULL;
    OK(gnupgcerts_next(g, &c, &bad));
    assert_non_null(c);
    cert_free(c);
    expect(g, SLICE_EMPTY);
}

static const char
    tables[] = "CREATE TABLE pubkey (ubid BLOB NOT NULL PRIMARY KEY, type INTEGER NOT NULL, "
               "ephemeral INTEGER NOT NULL DEFAULT 0, revoked INTEGER NOT NULL DEFAULT 0, "
               "keyblob BLOB NOT NULL)";

static void add_row(struct db *d, int number, int type, int ephemeral, struct slice blob)
{
    AUTO(db_done) struct db_query *q = NULL;
    OK(db_query(d, "INSERT INTO pubkey (ubid, type, ephemeral, keyblob) VALUES (?1, ?2, ?3, ?4)",
                &q));
    db_bind_int(q, 1, number);
    db_bind_int(q, 2, type);
    db_bind_int(q, 3, ephemeral);
    db_bind_blob(q, 4, blob);
    OK(db_run(q));
}

static void database(void **state)
{
    static const struct db_schema schema = {tables, NULL, 1};
    const char *path = home_file(*state, "pubring.db");
    CLEANUP(buf_clear) struct buf before = BUF_EMPTY(SIZE_MAX), after = BUF_EMPTY(SIZE_MAX);
    struct db *d = NULL;
    OK(db_open(path, DB_WRITE, &schema, &d));
    add_row(d, 1, 1, 0, cert_of(ALICE));
    add_row(d, 2, 2, 0, SLICE_TEXT("X.509"));
    add_row(d, 3, 1, 0, SLICE_TEXT("no packets"));
    add_row(d, 4, 1, 0, unit_hex("C6 7F 04")); /* cut off */
    add_row(d, 5, 1, 1, cert_of(DAVE));
    add_row(d, 6, 1, 0, SLICE_EMPTY);
    add_row(d, 7, 1, 0, unit_joined(cert_of(BOB), cert_of(CAROL)));
    db_close(d);
    OK(fs_read_file(path, &before));
    struct gnupgcerts *g = opened(path);
    expect(g, cert_of(ALICE));
    expect_bad(g);
    expect_bad(g);
    expect_bad(g);
    expect(g, cert_of(BOB));
    expect(g, cert_of(CAROL));
    expect(g, SLICE_EMPTY);
    assert_int_equal(gnupgcerts_n_x509(g), 1);
    gnupgcerts_close(g);
    OK(fs_read_file(path, &after));
    SAME(buf_view(&after), buf_view(&before));
}

static void another_database(void **state)
{
    static const struct db_schema schema = {"CREATE TABLE other (x)", NULL, 1};
    const char *path = home_file(*state, "pubring.db");
    struct gnupgcerts *g = NULL;
    struct source *s = NULL;
    struct db *d = NULL;
    OK(db_open(path, DB_WRITE, &schema, &d));
    db_close(d);
    OK(input_from_file(path, &s));
    FAILS(ERR_IO, gnupgcerts_open(s, path, &g));
    FAILS(ERR_NO_INPUT, db_open_foreign(home_file(*state, "none"), &d));
}

/* The trust database. */

struct seen {
    size_t n;
    uint8_t first[3], levels[3];
    bool disabled[3];
};

static err *see(void *context, const struct trustdb_entry *entry)
{
    struct seen *s = context;
    assert_in_range(s->n, 0, 2);
    assert_int_equal(entry->fpr.len, 20);
    s->first[s->n] = entry->fpr.data[0];
    s->levels[s->n] = entry->level;
    s->disabled[s->n++] = entry->disabled;
    return NULL;
}

static void record(struct buf *b, uint8_t type, uint8_t fpr, uint8_t trust)
{
    buf_u8(b, type);
    buf_u8(b, 0);
    buf_fill(b, fpr, 20);
    buf_u8(b, trust);
    buf_fill(b, 0xEE, 17);
}

static void begin_trust(struct buf *b, uint8_t version)
{
    buf_text(b, "\1gpg");
    buf_u8(b, version);
    buf_fill(b, 0, 35);
}

static void trust(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    struct seen s = {0};
    begin_trust(&b, 3);
    record(&b, 10, 0, 0); /* a table */
    record(&b, 12, 0xA1, TRUSTDB_ULTIMATE);
    record(&b, 13, 0xA2, TRUSTDB_FULL); /* a user ID's validity */
    record(&b, 12, 0xA3, 0);
    record(&b, 12, 0xA4, TRUSTDB_NEVER | 0x80);
    OK(trustdb_each(buf_view(&b), see, &s));
    assert_int_equal(s.n, 2);
    assert_int_equal(s.first[0], 0xA1);
    assert_int_equal(s.levels[0], TRUSTDB_ULTIMATE);
    assert_false(s.disabled[0]);
    assert_int_equal(s.first[1], 0xA4);
    assert_int_equal(s.levels[1], TRUSTDB_NEVER);
    assert_true(s.disabled[1]);
    for (size_t len = 0; len < b.len; len++) {
        s = (struct seen){0};
        err *e = trustdb_each(slice_of(b.data, len), see, &s);
        bool whole = len > 0 && len % 40 == 0;
        assert_int_equal(err_kind_of(e), whole ? ERR_NONE : ERR_MALFORMED);
        assert_int_equal(s.n, (len >= 120) + (len >= 240));
        err_free(e);
    }
}

static void no_trust(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    struct seen s = {0};
    begin_trust(&b, 2);
    FAILS(ERR_UNSUPPORTED, trustdb_each(buf_view(&b), see, &s));
    b.data[1] = 'x';
    FAILS(ERR_MALFORMED, trustdb_each(buf_view(&b), see, &s));
    assert_int_equal(s.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(packets, home_make, home_remove),
        cmocka_unit_test_setup_teardown(nothing, home_make, home_remove),
        cmocka_unit_test_setup_teardown(keybox, home_make, home_remove),
        cmocka_unit_test_setup_teardown(database, home_make, home_remove),
        cmocka_unit_test_setup_teardown(another_database, home_make, home_remove),
        cmocka_unit_test(trust),
        cmocka_unit_test(no_trust),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
