/* The keyring database: what goes in comes out, by every name; nothing is lost,
 * and secrets stay apart.  Its files are in test_keyring_files.c. */
#include "unit.h"
#include "craft.h"
#include "home.h"
#include "keys.h"

#include "keyring/keyring.h"
#include "keyring/settings.h"
#include "pgp/edit.h"

enum { START = CRAFT_START };

static struct keyring *opened(void *home, enum keyring_mode mode)
{
    struct keyring *k = NULL;
    OK(keyring_open(home, mode, &k));
    return k;
}

static struct cert *person(enum craft_who who, enum craft_who subkey, const char *const *ids)
{
    struct craft c = craft_start(craft_key(who));
    for (; *ids != NULL; ids++) {
        craft_user(&c, *ids);
        craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = START, .flags = 3});
    }
    craft_subkey(&c, craft_key(subkey));
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING, .at = CRAFT_SUBKEYS, .flags = 12});
    return craft_cert(&c);
}

static struct cert *alice(void)
{
    static const char *const ids[] = {"Alice Liddell <Alice@Example.org>", "100% Alice_in\\W",
                                      NULL};
    return person(ALICE, ALICE_ENCRYPT, ids);
}

static struct cert *carol(void)
{
    static const char *const ids[] = {"Carol <carol@example.org>", NULL};
    return person(CAROL, CAROL_ENCRYPT, ids);
}

static void put(struct keyring *k, const struct cert *c, enum keyring_put expected)
{
    enum keyring_put result;
    OK(keyring_begin(k));
    OK(keyring_put_cert(k, c, &result));
    OK(keyring_commit(k));
    assert_int_equal(result, expected);
}

static void put_key(struct keyring *k, const struct cert *c, enum keyring_put expected)
{
    enum keyring_put result;
    OK(keyring_begin(k));
    OK(keyring_put_key(k, c, &result));
    OK(keyring_commit(k));
    assert_int_equal(result, expected);
}

static void put_local(struct keyring *k, const struct cert *c, enum keyring_put expected)
{
    enum keyring_put result;
    OK(keyring_begin(k));
    OK(keyring_put_local(k, c, &result));
    OK(keyring_commit(k));
    assert_int_equal(result, expected);
}

static struct cert *get(struct keyring *k, const struct cert *like, bool secret)
{
    struct cert *c = NULL;
    OK(keyring_get(k, cert_fingerprint(like), secret, &c));
    return c;
}

/* What is stored under the fingerprint is c. */
static void expect_stored(struct keyring *k, const struct cert *c)
{
    AUTO(cert_free) struct cert *got = get(k, c, false);
    assert_non_null(got);
    SAME(buf_view(&got->bytes), buf_view(&c->bytes));
}

static void expect_absent(struct keyring *k, const struct cert *c)
{
    assert_null(get(k, c, false));
}

static void certificates_are_stored_and_merged(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    AUTO(cert_free) struct cert *a = alice(), *c = carol();
    struct craft more = craft_start(craft_key(ALICE));
    craft_user(&more, "Alice at work");
    craft_sign_it(&more, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = START});
    AUTO(cert_free) struct cert *b = craft_cert(&more), *merged = NULL;
    bool changed;
    expect_absent(k, a);
    put(k, a, KEYRING_NEW);
    expect_stored(k, a);
    expect_absent(k, c);
    put(k, c, KEYRING_NEW);
    put(k, a, KEYRING_UNCHANGED);
    expect_stored(k, a);
    OK(cert_merge(a, b, &merged, &changed));
    put(k, b, KEYRING_CHANGED);
    expect_stored(k, merged);
    expect_stored(k, c);
    put(k, a, KEYRING_UNCHANGED);
}

/* Names */

static void expect_found(struct keyring *k, const char *who, unsigned expected)
{
    CLEANUP(cert_list_clear) struct cert_list l = {0};
    OK(keyring_find(k, who, false, &l));
    if (l.n != expected)
        print_error("%s\n", who);
    assert_int_equal(l.n, expected);
}

static void expect_alice(struct keyring *k, const char *who)
{
    CLEANUP(cert_list_clear) struct cert_list l = {0};
    OK(keyring_find(k, who, false, &l));
    if (l.n != 1)
        print_error("%s\n", who);
    assert_int_equal(l.n, 1);
    assert_true(fingerprint_equal(cert_fingerprint(l.items[0]), &craft_key(ALICE)->public.fpr));
}

/* Fingerprints and key IDs as people write them. */
static void expect_by_key(struct keyring *k, const struct pubkey *key)
{
    char fpr[FPR_TEXT_SIZE], id[KEY_ID_TEXT_SIZE], text[2 * FPR_TEXT_SIZE];
    fingerprint_text(&key->fpr, fpr);
    key_id_text(&key->id, id);
    expect_alice(k, fpr);
    expect_alice(k, id);
    snprintf(text, sizeof text, "0x%s", id);
    expect_alice(k, text);
    size_t n = 0;
    for (size_t i = 0; fpr[i] != '\0'; i++) {
        if (i % 4 == 0 && i > 0)
            text[n++] = ' ';
        text[n++] = (char)(fpr[i] >= 'A' ? fpr[i] + 0x20 : fpr[i]);
    }
    text[n] = '\0';
    expect_alice(k, text);
    fpr[0] = fpr[0] == '0' ? '1' : '0';
    expect_found(k, fpr, 0);
    id[0] = id[0] == '0' ? '1' : '0';
    expect_found(k, id, 0);
}

static void names_of_keys_find_them(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    AUTO(cert_free) struct cert *a = alice(), *c = carol();
    put(k, a, KEYRING_NEW);
    put(k, c, KEYRING_NEW);
    expect_by_key(k, &craft_key(ALICE)->public);
    expect_by_key(k, &craft_key(ALICE_ENCRYPT)->public);
    expect_found(k, "", 0);
    expect_found(k, "0x", 0);
}

static void names_of_people_find_them(void **state)
{
    static const char *const hers[] = {
        "Alice@Example.org",
        "alice@example.org",
        "ALICE@EXAMPLE.ORG",
        "Liddell",
        "lIDDeLL <ali",
        "anything <alice@example.org>",
        "100%",
        "_in\\W",
        "e_in",
        "%",
        "\\",
    };
    static const char *const nobodys[] = {"Bob",  "alice@example.com", "A%e",
                                          "1__%", "Alice  Liddell",    "' OR 1=1 --"};
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    AUTO(cert_free) struct cert *a = alice(), *c = carol();
    put(k, a, KEYRING_NEW);
    put(k, c, KEYRING_NEW);
    for (size_t i = 0; i < sizeof hers / sizeof *hers; i++)
        expect_alice(k, hers[i]);
    for (size_t i = 0; i < sizeof nobodys / sizeof *nobodys; i++)
        expect_found(k, nobodys[i], 0);
    expect_found(k, "lice@example.or", 0);
    expect_alice(k, "lice@");
    expect_found(k, "example", 2);
}

/* Internationalised ones in either form; letters beyond ASCII in either case. */
static void names_in_other_scripts(void **state)
{
    static const char *const ids[] = {
        "J\xC3\xB6rg \xD0\x96\xD0\xB0\xD0\xB1\xD0\xB0 <joerg@xn--bcher-kva.example>",
        "<joerg@B\xC3\x9C"
        "CHER.example>",
        NULL};
    static const char *const hers[] = {
        "joerg@b\xC3\xBC"
        "cher.example",
        "joerg@B\xC3\x9C"
        "CHER.EXAMPLE",
        "Joerg@XN--BCHER-KVA.example",
        "@xn--bcher-kva.example",
        "@b\xC3\xBC"
        "cher.example",
        "J\xC3\x96RG",
        "\xD0\xB6\xD0\x90\xD0\xB1",
    };
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    AUTO(cert_free) struct cert *a = person(ALICE, ALICE_ENCRYPT, ids), *c = carol();
    put(k, a, KEYRING_NEW);
    put(k, c, KEYRING_NEW);
    for (size_t i = 0; i < sizeof hers / sizeof *hers; i++)
        expect_alice(k, hers[i]);
    expect_found(k, "joerg@bucher.example", 0);
}

static void domains_find_all_who_are_there(void **state)
{
    static const char *const ids[] = {"Bob <bob@sub.example.org>", "bob@example.orgs",
                                      "bob@example.or", "bob@example.org@home", NULL};
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    AUTO(cert_free) struct cert *a = alice(), *c = carol(), *other = person(BOB, ALICE_SIGN, ids);
    put(k, a, KEYRING_NEW);
    put(k, c, KEYRING_NEW);
    put(k, other, KEYRING_NEW);
    expect_found(k, "@EXAMPLE.org", 2);
    expect_found(k, "@sub.example.org", 1);
    expect_found(k, "@example", 0);
    expect_found(k, "@.org", 0);
    expect_found(k, "@", 3); /* a part */
}

/* An address finds only whose it is, not those in whose names it is a part. */
static void addresses_are_taken_whole(void **state)
{
    static const char *const ids[] = {"not-alice@example.org", NULL};
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    AUTO(cert_free) struct cert *a = alice(), *other = person(BOB, ALICE_SIGN, ids);
    put(k, a, KEYRING_NEW);
    put(k, other, KEYRING_NEW);
    expect_alice(k, "alice@example.org");
    expect_found(k, "lice@example.org", 0);
    expect_found(k, "lice@example.org>", 1);
}

/* User IDs are bytes, whatever they ought to be. */
static void odd_user_ids(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    struct craft c = craft_start(craft_key(ALICE));
    craft_packet(&c, PACKET_USER_ID, SLICE_TEXT("\xFF\xFE latin \xE9 <a\xE9@b.c>"));
    craft_packet(&c, PACKET_USER_ID, SLICE_TEXT("nul\0inside"));
    craft_packet(&c, PACKET_USER_ID, SLICE_EMPTY);
    AUTO(cert_free) struct cert *a = craft_cert(&c);
    put(k, a, KEYRING_NEW);
    expect_stored(k, a);
    expect_alice(k, "latin");
    expect_alice(k, "a\xE9@b.c");
    expect_alice(k, "nul");
}

/* After a change, the index is that of what is there now. */
static void the_index_follows(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    AUTO(cert_free) struct cert *a = alice();
    struct craft more = craft_start(craft_key(ALICE));
    bool found;
    craft_user(&more, "Alice <alice@work.example>");
    AUTO(cert_free) struct cert *b = craft_cert(&more);
    put(k, a, KEYRING_NEW);
    expect_found(k, "alice@work.example", 0);
    put(k, b, KEYRING_CHANGED);
    expect_alice(k, "alice@work.example");
    expect_alice(k, "alice@example.org");
    OK(keyring_begin(k));
    OK(keyring_delete(k, cert_fingerprint(a), false, &found));
    OK(keyring_commit(k));
    assert_true(found);
    expect_found(k, "alice@work.example", 0);
    expect_found(k, "Alice", 0);
    expect_absent(k, a);
}

/* Secrets */

static void expect_secrets(struct keyring *k, const struct cert *key)
{
    AUTO(cert_free) struct cert *public = get(k, key, false), *secret = get(k, key, true);
    assert_false(cert_has_secret(public));
    SAME(buf_view(&secret->bytes), buf_view(&key->bytes));
}

static void secrets_are_stored_apart(void **state)
{
    static const char *const profiles[] = {"default", "rfc9580"};
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    for (size_t i = 0; i < 2; i++) {
        AUTO(cert_free) struct cert *key = keys_make(profiles[i], "me", NULL);
        put_key(k, key, KEYRING_NEW);
        expect_secrets(k, key);
        put_key(k, key, KEYRING_UNCHANGED);
        put(k, key, KEYRING_UNCHANGED); /* the public part of a secret key */
        expect_secrets(k, key);
    }
}

/* The certificate may come first, and the secrets later. */
static void secrets_join_certificates(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    AUTO(cert_free) struct cert *key = keys_make("default", "me", NULL), *none = NULL;
    put(k, key, KEYRING_NEW);
    none = get(k, key, true);
    assert_false(cert_has_secret(none));
    put_key(k, key, KEYRING_CHANGED);
    expect_secrets(k, key);
}

static struct cert *with_primary(const struct cert *key, struct slice protection)
{
    struct cert *c = NULL;
    struct buf *b = unit_keep();
    const struct component *primary = &key->components.items[0];
    packet_write(b, PACKET_SECRET_KEY, unit_joined(primary->key.body, protection));
    buf_bytes(b, slice_from(buf_view(&key->bytes), primary->packet.whole.len));
    OK(cert_parse(buf_view(b), &c));
    return c;
}

static void dummies_do_not_replace_secrets(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    AUTO(cert_free) struct cert *key = keys_make("default", "me", NULL);
    AUTO(cert_free) struct cert *dummy = with_primary(key, unit_hex("FF 00 65 00 474E55 01"));
    put_key(k, dummy, KEYRING_NEW);
    put_key(k, key, KEYRING_CHANGED);
    expect_secrets(k, key);
    put_key(k, dummy, KEYRING_UNCHANGED);
    expect_secrets(k, key);
}

/* Anybody can make a packet that looks like my locked key.  If importing it took
 * the place of mine, mine would be lost. */
static void strange_secrets_do_not_replace_ours(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    AUTO(cert_free) struct cert *key = keys_make("default", "me", NULL);
    struct slice locked = unit_hex("FE 09 03 08 0102030405060708 FF"
                                   "000102030405060708090A0B0C0D0E0F"
                                   "000102030405060708090A0B0C0D0E0F0001020304050607");
    AUTO(cert_free) struct cert *strange = with_primary(key, locked);
    enum keyring_put result;
    put_key(k, key, KEYRING_NEW);
    OK(keyring_begin(k));
    OK(keyring_put_key(k, strange, &result));
    OK(keyring_commit(k));
    expect_secrets(k, key);
}

/* Anybody may put my public keys into a certificate of his: my secrets stay with mine,
 * and everything goes on. */
static void replace(struct keyring *k, const struct cert *c)
{
    OK(keyring_begin(k));
    OK(keyring_replace_key(k, c));
    OK(keyring_commit(k));
}

/* The owner changes passphrases; a dummy takes no secret's place. */
static void owners_replace_secrets(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    AUTO(cert_free) struct cert *key = keys_make("default", "me", NULL), *locked = NULL;
    AUTO(cert_free) struct cert *dummy = with_primary(key, unit_hex("FF 00 65 00 474E55 01"));
    AUTO(secret_free) struct secret *passphrase = NULL;
    const struct signer_params params = {.finder = &(struct key_finder){0},
                                         .policy = &policy_default,
                                         .limits = &s2k_default_limits,
                                         .world = keys_world()};
    OK(secret_of(SLICE_TEXT("open sesame"), &passphrase));
    OK(edit_passphrase(key, &params, NULL, passphrase, &locked));
    put_key(k, key, KEYRING_NEW);
    replace(k, locked);
    expect_secrets(k, locked);
    replace(k, dummy);
    AUTO(cert_free) struct cert *got = get(k, key, true);
    SAME(got->components.items[0].packet.body, locked->components.items[0].packet.body);
    SAME(got->components.items[2].packet.body, key->components.items[2].packet.body);
}

static void secrets_are_not_for_adopters(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    AUTO(cert_free) struct cert *key = keys_make("default", "me", NULL);
    struct craft adopter = craft_start(craft_key(BOB));
    CLEANUP(cert_list_clear) struct cert_list own = {0};
    bool found;
    craft_user(&adopter, "Mallory");
    craft_packet(&adopter, PACKET_PUBLIC_SUBKEY, cert_primary(key)->body);
    craft_packet(&adopter, PACKET_PUBLIC_SUBKEY, key->components.items[2].key.body);
    AUTO(cert_free) struct cert *mallory = craft_cert(&adopter), *his = NULL;
    put(k, mallory, KEYRING_NEW);
    put_key(k, key, KEYRING_NEW);
    his = get(k, mallory, true);
    assert_false(cert_has_secret(his));
    expect_secrets(k, key);
    OK(keyring_find_keys(k, &own));
    assert_int_equal(own.n, 1);
    OK(keyring_begin(k));
    OK(keyring_delete(k, cert_fingerprint(mallory), false, &found));
    OK(keyring_commit(k));
    assert_true(found);
    expect_secrets(k, key);
}

/* My old primary key may be a subkey of my new one: each has its own packet. */
static void a_key_may_belong_to_two_certificates(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    AUTO(cert_free) struct cert *old = keys_make("default", "me", NULL);
    AUTO(cert_free) struct cert *new = keys_make("default", "me, too", NULL), *both = NULL;
    struct buf *b = unit_keep();
    buf_bytes(b, buf_view(&new->bytes));
    packet_write(b, PACKET_SECRET_SUBKEY, old->components.items[0].packet.body);
    OK(cert_parse(buf_view(b), &both));
    put_key(k, old, KEYRING_NEW);
    put_key(k, both, KEYRING_NEW);
    expect_secrets(k, old);
    expect_secrets(k, both);
}

static void secrets_are_deleted(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    AUTO(cert_free) struct cert *key = keys_make("default", "me", NULL), *c = NULL;
    bool found;
    put_key(k, key, KEYRING_NEW);
    OK(keyring_begin(k));
    OK(keyring_delete(k, cert_fingerprint(key), true, &found));
    OK(keyring_commit(k));
    assert_true(found);
    c = get(k, key, true);
    assert_non_null(c);
    assert_false(cert_has_secret(c));
    OK(keyring_begin(k));
    OK(keyring_delete(k, cert_fingerprint(key), true, &found));
    assert_false(found);
    OK(keyring_delete(k, cert_fingerprint(key), false, &found));
    assert_true(found);
    OK(keyring_delete(k, cert_fingerprint(key), false, &found));
    assert_false(found);
    OK(keyring_commit(k));
    expect_absent(k, key);
    /* With the certificate go its secrets. */
    put_key(k, key, KEYRING_NEW);
    OK(keyring_begin(k));
    OK(keyring_delete(k, cert_fingerprint(key), false, &found));
    OK(keyring_commit(k));
    put(k, key, KEYRING_NEW);
    AUTO(cert_free) struct cert *d = get(k, key, true);
    assert_false(cert_has_secret(d));
}

/* Local signatures come from one's own home only, and stay there [RFC9580 5.2.3.19]. */
static void local_signatures_stay_at_home(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    AUTO(cert_free) struct cert *without = craft_cert(&c);
    craft_sign_it(&c,
                  &(struct craft_sig){
                      .type = SIG_CERT_GENERIC, .at = START, .local = true, .by = craft_key(BOB)});
    AUTO(cert_free) struct cert *with = craft_cert(&c);
    put(k, with, KEYRING_NEW);
    expect_stored(k, without);
    put_local(k, with, KEYRING_CHANGED);
    expect_stored(k, with);
    put(k, without, KEYRING_UNCHANGED);
    put(k, with, KEYRING_UNCHANGED);
    expect_stored(k, with);
}

/* Many */

static err *count(void *context, const struct cert *c)
{
    unsigned *n = context;
    n[0]++;
    n[1] += cert_has_secret(c);
    return NULL;
}

static err *refuse(void *context, const struct cert *c)
{
    (void)c;
    (*(unsigned *)context)++;
    return err_new(ERR_FAILED, "enough");
}

static void each_is_visited(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    AUTO(cert_free) struct cert *a = alice(), *c = carol(), *key = keys_make("default", "me", NULL);
    unsigned n[2] = {0, 0};
    put(k, a, KEYRING_NEW);
    put(k, c, KEYRING_NEW);
    put_key(k, key, KEYRING_NEW);
    OK(keyring_each(k, false, count, n));
    assert_int_equal(n[0], 3);
    assert_int_equal(n[1], 0);
    n[0] = 0;
    OK(keyring_each(k, true, count, n));
    assert_int_equal(n[0], 1);
    assert_int_equal(n[1], 1);
    n[0] = 0;
    FAILS(ERR_FAILED, keyring_each(k, false, refuse, n));
    assert_int_equal(n[0], 1);
    n[0] = 0;
    OK(keyring_each(k, false, count, n)); /* and again from the start */
    assert_int_equal(n[0], 3);
}

static void expect_handle(struct keyring *k, const struct key_handle *h, size_t certs,
                          size_t secrets)
{
    CLEANUP(cert_list_clear) struct cert_list c = {0}, s = {0};
    OK(keyring_find_certs(k, h, &c));
    OK(keyring_find_secrets(k, h, &s));
    assert_int_equal(c.n, certs);
    assert_int_equal(s.n, secrets);
    for (size_t i = 0; i < s.n; i++)
        assert_true(cert_has_secret(s.items[i]));
}

/* What packets name: for key_finder. */
static void handles_find_keys(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state, KEYRING_WRITE);
    AUTO(cert_free) struct cert *a = alice(), *key = keys_make("default", "me", NULL);
    put(k, a, KEYRING_NEW);
    put_key(k, key, KEYRING_NEW);
    struct key_handle h = key_handle_of(&craft_key(ALICE_ENCRYPT)->public.fpr);
    expect_handle(k, &h, 1, 0);
    h.fpr.version = 0;
    expect_handle(k, &h, 1, 0);
    h = key_handle_of(&key->components.items[2].key.fpr);
    expect_handle(k, &h, 1, 1);
    h.fpr.bytes[0] ^= 1; /* a fingerprint counts more than its key ID */
    expect_handle(k, &h, 0, 0);
    const struct key_handle hidden = {0};
    expect_handle(k, &hidden, 0, 1);
    CLEANUP(cert_list_clear) struct cert_list l = {0};
    OK(keyring_find(k, "me", true, &l));
    assert_int_equal(l.n, 1);
    assert_true(cert_has_secret(l.items[0]));
    OK(keyring_find(k, "Alice", true, &l));
    assert_int_equal(l.n, 1);
}

static err *count_setting(void *context, const struct trust_setting *t)
{
    (void)t;
    ++*(size_t *)context;
    return NULL;
}

/* Certificates and decisions are there as in a file, and gone with it. */
static void in_memory(void **home)
{
    AUTO(keyring_close) struct keyring *stored = opened(*home, KEYRING_READ), *k = NULL;
    AUTO(cert_free) struct cert *a = alice();
    const struct trust_setting t = {*cert_fingerprint(a), TRUST_ROOT, 120};
    size_t n = 0;
    bool found;
    OK(keyring_open_memory(stored, &k));
    put(k, a, KEYRING_NEW);
    expect_stored(k, a);
    OK(keyring_begin(k));
    OK(keyring_trust_put(k, &t));
    OK(keyring_trust_remove(k, &t.fpr, &found));
    assert_true(found);
    OK(keyring_trust_remove(k, &t.fpr, &found));
    assert_false(found);
    OK(keyring_commit(k));
    OK(keyring_trust_each(k, count_setting, &n));
    assert_int_equal(n, 0);
    keyring_close(TAKE(k));
    OK(keyring_open_memory(NULL, &k));
    expect_absent(k, a);
    expect_absent(stored, a);
}

#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, home_make, home_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(certificates_are_stored_and_merged),
        IN_HOME(names_of_keys_find_them),
        IN_HOME(names_of_people_find_them),
        IN_HOME(names_in_other_scripts),
        IN_HOME(domains_find_all_who_are_there),
        IN_HOME(addresses_are_taken_whole),
        IN_HOME(odd_user_ids),
        IN_HOME(the_index_follows),
        IN_HOME(secrets_are_stored_apart),
        IN_HOME(secrets_join_certificates),
        IN_HOME(dummies_do_not_replace_secrets),
        IN_HOME(strange_secrets_do_not_replace_ours),
        IN_HOME(owners_replace_secrets),
        IN_HOME(secrets_are_not_for_adopters),
        IN_HOME(a_key_may_belong_to_two_certificates),
        IN_HOME(secrets_are_deleted),
        IN_HOME(local_signatures_stay_at_home),
        IN_HOME(each_is_visited),
        IN_HOME(handles_find_keys),
        IN_HOME(in_memory),
    };
    return cmocka_run_group_tests_name("keyring", tests, NULL, NULL);
}
