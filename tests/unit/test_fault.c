/* Out of memory: keys, certificates, armor and the keyring. */
#include "fault.h"

#include "craft.h"
#include "home.h"
#include "keys.h"
#include "kit.h"

#include "crypto/mpi.h"
#include "keyring/agentkey.h"
#include "keyring/backup.h"
#include "keyring/keybox.h"
#include "keyring/keyring.h"
#include "pgp/certfile.h"
#include "stream/armor.h"
#include "stream/input.h"

/* What the jobs work on, and what comes out of them. */
struct bench {
    struct slice input;
    const struct cert *key, *other;
    const char *home;
    struct cert *cert;
    struct bound_cert *bound;
    struct buf out;
    size_t n;
};

static struct cert *parse(struct slice bytes)
{
    struct cert *c = NULL;
    OK(cert_parse(bytes, &c));
    return c;
}

/* Twelve user IDs with six signatures each, a signing subkey, and what is not
 * understood. */
static struct slice large_cert(void)
{
    struct craft c = craft_start(craft_key(ALICE));
    for (int i = 0; i < 12; i++) {
        struct buf *name = unit_keep();
        buf_printf(name, "Alice %d", i);
        buf_u8(name, 0);
        craft_user(&c, (const char *)name->data);
        for (uint32_t k = 0; k < 6; k++)
            craft_sign_it(&c,
                          &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START + k});
    }
    craft_packet(&c, PACKET_SIGNATURE, SLICE_TEXT("\x09 not understood"));
    craft_subkey(&c, craft_key(ALICE_SIGN));
    struct slice back = craft_back(&c, craft_key(ALICE_SIGN),
                                   &(struct craft_sig){.at = CRAFT_SUBKEYS});
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING,
                                          .at = CRAFT_SUBKEYS,
                                          .flags = FLAG_SIGN,
                                          .embedded = back});
    craft_packet(&c, PACKET_PUBLIC_SUBKEY, SLICE_TEXT("\x09 not understood"));
    return buf_view(c.packets);
}

/* Certificates */

static void check_cert(void *context, bool done)
{
    struct bench *b = context;
    CLEANUP(buf_clear) struct buf out = BUF_EMPTY(SIZE_MAX);
    assert_int_equal(b->cert != NULL, done);
    if (!done)
        return;
    assert_int_equal(b->cert->components.n, 15);
    assert_int_equal(b->cert->components.items[13].kind, COMPONENT_SUBKEY);
    for (size_t i = 1; i < 14; i++) {
        const struct component *x = &b->cert->components.items[i];
        for (size_t k = 0; k < x->sigs.n; k++)
            assert_int_equal(x->sigs.items[k].parsed, i != 12 || k < 6);
    }
    cert_write(b->cert, CERT_PUBLIC, &out);
    SAME(buf_view(&out), b->input);
    cert_free(TAKE(b->cert));
}

static err *parse_job(void *context)
{
    struct bench *b = context;
    return cert_parse(b->input, &b->cert);
}

static void parsing_certificates(void **state)
{
    (void)state;
    struct bench b = {.input = large_cert()};
    assert_true(fault_run(parse_job, check_cert, &b) > 20);
}

static err *merge_job(void *context)
{
    struct bench *b = context;
    bool changed;
    return cert_merge(b->other, b->key, &b->cert, &changed);
}

static void merging_certificates(void **state)
{
    (void)state;
    struct craft bare = craft_start(craft_key(ALICE));
    AUTO(cert_free) struct cert *full = parse(large_cert()), *other = craft_cert(&bare);
    struct bench b = {.input = large_cert(), .key = full, .other = other};
    assert_true(fault_run(merge_job, check_cert, &b) > 20);
}

static err *certfile_job(void *context)
{
    struct bench *b = context;
    AUTO(certfile_close) struct certfile *f = NULL;
    struct source *s = NULL;
    AUTO(err_free) err *bad = NULL;
    TRY(input_from_memory(b->input, &s));
    TRY(certfile_open(s, &f));
    return certfile_next(f, &b->cert, &bad);
}

static void reading_certificates(void **state)
{
    (void)state;
    struct bench b = {.input = large_cert()};
    assert_true(fault_run(certfile_job, check_cert, &b) > 20);
}

static err *keybox_job(void *context)
{
    struct bench *b = context;
    AUTO(keybox_close) struct keybox *k = NULL;
    struct source *s = NULL;
    AUTO(err_free) err *bad = NULL;
    TRY(input_from_memory(b->input, &s));
    TRY(keybox_open(s, &k));
    return keybox_next(k, &b->cert, &bad);
}

static void check_keybox(void *context, bool done)
{
    struct bench *b = context;
    assert_int_equal(b->cert != NULL, done);
    cert_free(TAKE(b->cert));
}

/* A blob that says only where its certificate is. */
static void reading_a_keybox(void **state)
{
    (void)state;
    struct slice c = large_cert();
    struct buf *box = unit_keep();
    buf_u32(box, 12);
    buf_u32(box, 0x01010000);
    buf_text(box, "KBXf");
    buf_u32(box, (uint32_t)(16 + c.len));
    buf_u32(box, 0x02010000);
    buf_u32(box, 16);
    buf_u32(box, (uint32_t)c.len);
    buf_bytes(box, c);
    struct bench b = {.input = buf_view(box)};
    assert_true(fault_run(keybox_job, check_keybox, &b) > 20);
}

/* Keys of GnuPG's agent */

static err *agentkey_job(void *context)
{
    struct bench *b = context;
    AUTO(agentkey_free) struct agentkey *k = NULL;
    buf_reset(&b->out);
    TRY(agentkey_parse(b->input, &k));
    return agentkey_write(k, &craft_key(BOB)->public, PACKET_SECRET_KEY, NULL, &s2k_default_limits,
                          keys_world(), &b->out);
}

static void check_agentkey(void *context, bool done)
{
    struct bench *b = context;
    if (done)
        assert_int_equal(b->out.error, ERR_NONE);
    buf_clear(&b->out);
}

static void reading_an_agents_key(void **state)
{
    (void)state;
    const struct craft_key *bob = craft_key(BOB);
    struct reader public = reader_init(slice_from(bob->public.material, 10), "public");
    struct reader secret = reader_init(secret_view(bob->secret), "secret");
    struct buf *file = unit_keep();
    buf_text(file, "Key: (private-key (ecc (q #");
    text_hex_to(file, mpi_read(&public));
    buf_text(file, "#)(d #");
    text_hex_to(file, mpi_read(&secret));
    buf_text(file, "#)))\n");
    struct bench b = {.input = buf_view(file), .out = BUF_EMPTY(1 << 16)};
    assert_true(fault_run(agentkey_job, check_agentkey, &b) > 10);
}

static err *bind_job(void *context)
{
    struct bench *b = context;
    return bind_cert(b->key, &policy_default, TEST_NOW, &b->bound);
}

static void check_bound(void *context, bool done)
{
    struct bench *b = context;
    assert_int_equal(b->bound != NULL, done);
    if (!done)
        return;
    for (size_t i = 0; i < b->bound->n; i++)
        assert_int_equal(b->bound->items[i].problem != NULL, i == 14);
    assert_ptr_equal(bound_find_key(b->bound, FLAG_SIGN, PK_SIGNS), &b->bound->items[13]);
    bound_cert_free(TAKE(b->bound));
}

static void binding_certificates(void **state)
{
    (void)state;
    AUTO(cert_free) struct cert *c = parse(large_cert());
    struct bench b = {.key = c};
    assert_true(fault_run(bind_job, check_bound, &b) > 10);
}

/* Keys */

static err *keygen_job(void *context)
{
    struct bench *b = context;
    const struct slice id = SLICE_TEXT("Alice");
    const struct keygen_params p = {.profile = keygen_profile_find("rfc9580"),
                                    .user_ids = &id,
                                    .n_user_ids = 1,
                                    .world = keys_world()};
    return keygen_make(&p, &b->cert);
}

static void check_generated(void *context, bool done)
{
    struct bench *b = context;
    AUTO(bound_cert_free) struct bound_cert *bound = NULL;
    assert_int_equal(b->cert != NULL, done);
    if (!done)
        return;
    OK(bind_cert(b->cert, &policy_default, TEST_NOW, &bound));
    for (size_t i = 0; i < bound->n; i++)
        PROBLEM(bound->items[i].problem, NULL);
    cert_free(TAKE(b->cert));
}

static void generating_keys(void **state)
{
    (void)state;
    struct bench b = {.n = 0};
    assert_true(fault_run(keygen_job, check_generated, &b) > 30);
}

/* Armor */

static err *armor_job(void *context)
{
    struct bench *b = context;
    struct source *s = NULL;
    struct slice view;
    TRY(input_from_memory(b->input, &s));
    TRY(armor_encode(TAKE(s), ARMOR_MESSAGE, true, &s));
    TRY(armor_open(TAKE(s), ARMOR_ONE, &s));
    AUTO(source_close) struct source *owner = s;
    do {
        TRY(source_fill(owner, 1, &view));
        buf_bytes(&b->out, view);
        source_consume(owner, view.len);
    } while (view.len > 0);
    return buf_end(&b->out);
}

static void check_output(void *context, bool done)
{
    struct bench *b = context;
    if (done)
        SAME(buf_view(&b->out), b->input);
    buf_clear(&b->out);
}

static void armor_both_ways(void **state)
{
    (void)state;
    struct bench b = {.input = kit_data(5000), .out = BUF_EMPTY(SIZE_MAX)};
    assert_true(fault_run(armor_job, check_output, &b) > 3);
}

/* The keyring */

static err *put_job(void *context)
{
    struct bench *b = context;
    AUTO(keyring_close) struct keyring *k = NULL;
    enum keyring_put result;
    TRY(keyring_open(b->home, KEYRING_WRITE, &k));
    TRY(keyring_begin(k));
    TRY(keyring_put_key(k, b->key, &result));
    return keyring_commit(k);
}

/* What is stored under the key's fingerprint. */
static struct cert *stored(const struct bench *b)
{
    AUTO(keyring_close) struct keyring *k = NULL;
    struct cert *c = NULL;
    OK(keyring_open(b->home, KEYRING_READ, &k));
    OK(keyring_get(k, cert_fingerprint(b->key), true, &c));
    return c;
}

static void forget(const struct bench *b)
{
    AUTO(keyring_close) struct keyring *k = NULL;
    bool found;
    OK(keyring_open(b->home, KEYRING_WRITE, &k));
    OK(keyring_begin(k));
    OK(keyring_delete(k, cert_fingerprint(b->key), false, &found));
    OK(keyring_commit(k));
}

/* All of it is there, or nothing. */
static void check_stored(void *context, bool done)
{
    struct bench *b = context;
    AUTO(cert_free) struct cert *c = stored(b);
    assert_int_equal(c != NULL, done);
    if (!done)
        return;
    SAME(buf_view(&c->bytes), buf_view(&b->key->bytes));
    forget(b);
}

static void store(struct bench *b, const struct cert *c)
{
    struct bench first = *b;
    first.key = c;
    OK(put_job(&first));
}

static void importing_a_key(void **state)
{
    AUTO(cert_free) struct cert *key = keys_make("rfc9580", "me", NULL);
    AUTO(cert_free) struct cert *before = keys_make("default", "somebody", NULL);
    struct bench b = {.key = key, .home = *state};
    store(&b, before); /* so that the files are there */
    assert_true(fault_run(put_job, check_stored, &b) > 20);
}

/* The key, with GnuPG's dummy instead of the primary key's secret part. */
static struct cert *dummy_of(const struct cert *key)
{
    struct buf *b = unit_keep();
    const struct component *primary = &key->components.items[0];
    packet_write(b, PACKET_SECRET_KEY,
                 unit_joined(primary->key.body, unit_hex("FF 00 65 00 474E55 01")));
    buf_bytes(b, slice_from(buf_view(&key->bytes), primary->packet.whole.len));
    return parse(buf_view(b));
}

static void check_kept(void *context, bool done)
{
    struct bench *b = context;
    AUTO(cert_free) struct cert *c = stored(b);
    (void)done;
    SAME(buf_view(&c->bytes), buf_view(&b->other->bytes));
}

/* Whatever happens, the secret that is there stays. */
static void importing_a_dummy(void **state)
{
    AUTO(cert_free) struct cert *key = keys_make("default", "me", NULL), *dummy = dummy_of(key);
    struct bench b = {.key = dummy, .other = key, .home = *state};
    store(&b, key);
    assert_true(fault_run(put_job, check_kept, &b) > 20);
}

static err *find_job(void *context)
{
    struct bench *b = context;
    AUTO(keyring_close) struct keyring *k = NULL;
    CLEANUP(cert_list_clear) struct cert_list l = {0};
    TRY(keyring_open(b->home, KEYRING_READ, &k));
    TRY(keyring_find(k, "me@example.org", true, &l));
    b->n = l.n;
    return NULL;
}

static void check_found(void *context, bool done)
{
    struct bench *b = context;
    assert_int_equal(b->n, done ? 1 : 0);
    b->n = 0;
}

static void finding_a_key(void **state)
{
    AUTO(cert_free) struct cert *key = keys_make("default", "Me <me@example.org>", NULL);
    struct bench b = {.home = *state};
    store(&b, key);
    assert_true(fault_run(find_job, check_found, &b) > 10);
}

/* Backups */

static err *backup_job(void *context)
{
    struct bench *b = context;
    AUTO(keyring_close) struct keyring *k = NULL;
    AUTO(source_close) struct source *s = NULL;
    CLEANUP(backup_content_clear) struct backup_content content = {0};
    struct slice view;
    TRY(keyring_open(b->home, KEYRING_READ, &k));
    TRY(backup_source_new(k, CRAFT_START, NULL, 0, &content, &s));
    do {
        TRY(source_fill(s, 1, &view));
        buf_bytes(&b->out, view);
        source_consume(s, view.len);
    } while (view.len > 0);
    TRY(buf_end(&b->out));
    b->n = content.held.n;
    return NULL;
}

static void check_backup(void *context, bool done)
{
    struct bench *b = context;
    assert_int_equal(b->n, done ? 2 : 0);
    if (b->input.len == 0)
        b->input = unit_joined(buf_view(&b->out), SLICE_EMPTY);
    if (done)
        SAME(buf_view(&b->out), b->input);
    buf_clear(&b->out);
    b->n = 0;
}

static err *see_cert(void *context, const struct cert *c)
{
    ((struct bench *)context)->n += cert_has_secret(c);
    return NULL;
}

static err *read_backup_job(void *context)
{
    struct bench *b = context;
    const struct backup_visitor v = {.context = b, .cert = see_cert};
    AUTO(source_close) struct source *s = NULL;
    struct backup_summary summary;
    b->n = 0;
    TRY(input_from_memory(b->input, &s));
    return backup_read(s, &v, &summary);
}

static void check_read(void *context, bool done)
{
    if (done)
        assert_int_equal(((struct bench *)context)->n, 1);
}

static void backups_both_ways(void **state)
{
    AUTO(cert_free) struct cert *key = keys_make("default", "Me <me@example.org>", NULL);
    struct bench b = {.home = *state, .out = BUF_EMPTY(SIZE_MAX)};
    store(&b, key);
    assert_true(fault_run(backup_job, check_backup, &b) > 15);
    assert_true(fault_run(read_backup_job, check_read, &b) > 5);
}

#ifdef SANITIZED
#define IN_HOME(test) FAULT_TEST(test)
#else
#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, home_make, home_remove)
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(parsing_certificates), FAULT_TEST(merging_certificates),
        FAULT_TEST(reading_certificates), FAULT_TEST(binding_certificates),
        FAULT_TEST(reading_a_keybox),     FAULT_TEST(reading_an_agents_key),
        FAULT_TEST(generating_keys),      FAULT_TEST(armor_both_ways),
        IN_HOME(importing_a_key),         IN_HOME(importing_a_dummy),
        IN_HOME(finding_a_key),           IN_HOME(backups_both_ways),
    };
    return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
