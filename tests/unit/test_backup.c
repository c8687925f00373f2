/* Backups: all of a keyring as it is at one moment; and nothing is read from
 * what is not whole. */
#include "craft.h"
#include "home.h"
#include "kit.h"
#include "unit.h"

#include "keyring/backup.h"
#include "keyring/backups.h"
#include "packet/packet.h"
#include "pgp/keygen.h"
#include "stream/input.h"

enum { MADE = 1700000000 };

static struct cert *person(enum craft_who who, const char *id)
{
    struct craft c = craft_start(craft_key(who));
    craft_user(&c, id);
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = CRAFT_START});
    return craft_cert(&c);
}

static struct keyring *opened(void *home)
{
    struct keyring *k = NULL;
    OK(keyring_open(home, KEYRING_WRITE, &k));
    return k;
}

static void put(struct keyring *k, enum craft_who who, const char *id)
{
    AUTO(cert_free) struct cert *c = person(who, id);
    enum keyring_put result;
    OK(keyring_begin(k));
    OK(keyring_put_cert(k, c, &result));
    OK(keyring_commit(k));
}

/* A key with a subkey, and their secrets. */
static struct fingerprint put_own(struct keyring *k)
{
    static struct world world;
    AUTO(cert_free) struct cert *c = NULL;
    struct slice id = SLICE_TEXT("Olga <olga@example.org>");
    enum keyring_put result;
    world = unit_world(MADE - 1000, 1);
    const struct keygen_params p = {.profile = keygen_profile_find("default"),
                                    .user_ids = &id,
                                    .n_user_ids = 1,
                                    .world = &world};
    OK(keygen_make(&p, &c));
    OK(keyring_begin(k));
    OK(keyring_put_key(k, c, &result));
    OK(keyring_commit(k));
    return *cert_fingerprint(c);
}

static void set(struct keyring *k, enum craft_who who, enum trust_kind kind, unsigned amount)
{
    const struct trust_setting t = {craft_key(who)->public.fpr, kind, amount};
    OK(keyring_begin(k));
    OK(keyring_trust_put(k, &t));
    OK(keyring_commit(k));
}

/* A home with Alice, a key of one's own, Carol, two settings and a revocation
 * certificate, as the text of a backup. */
static struct slice text_of(void *home, struct backup_content *content)
{
    AUTO(keyring_close) struct keyring *k = opened(home);
    struct source *s = NULL;
    put(k, ALICE, "Alice <alice@example.org>");
    const struct backup_revocation r = {put_own(k), SLICE_TEXT("revoked")};
    put(k, CAROL, "Carol <carol@example.org>");
    set(k, ALICE, TRUST_INTRODUCER, 40);
    set(k, CAROL, TRUST_NEVER, 0);
    OK(backup_source_new(k, MADE, &r, 1, content, &s));
    return kit_read(s);
}

/* What a backup shows. */
struct seen {
    struct buf text;
    struct backup_summary n;
};

static err *see_cert(void *context, const struct cert *c)
{
    struct seen *s = context;
    struct slice id = cert_any_user_id(c); /* what is cut short may have none */
    buf_u8(&s->text, id.len > 0 ? id.data[0] : '?');
    buf_u8(&s->text, cert_has_secret(c) ? '+' : '-');
    s->n.certs++;
    s->n.keys += cert_has_secret(c);
    return NULL;
}

static err *see_setting(void *context, const struct trust_setting *t)
{
    struct seen *s = context;
    buf_printf(&s->text, "%d=%u,", (int)t->kind, t->amount);
    s->n.settings++;
    return NULL;
}

static err *see_revocation(void *context, const struct backup_revocation *r)
{
    struct seen *s = context;
    buf_bytes(&s->text, r->file);
    s->n.revocations++;
    return NULL;
}

static err *read_source(struct source *from, struct seen *seen, struct backup_summary *summary)
{
    AUTO(source_close) struct source *s = from;
    const struct backup_visitor v = {seen, see_cert, see_setting, see_revocation};
    *seen = (struct seen){.text = BUF_EMPTY(4096)};
    err *e = backup_read(s, &v, summary);
    buf_u8(&seen->text, 0);
    return e;
}

static err *read_text(struct slice text)
{
    struct backup_summary summary;
    struct seen seen;
    struct source *s = NULL;
    OK(input_from_memory(text, &s));
    err *e = read_source(s, &seen, &summary);
    buf_clear(&seen.text);
    return e;
}

static void all_of_it_is_read_again(void **state)
{
    struct backup_content content;
    struct backup_summary summary;
    struct seen seen;
    struct slice text = text_of(*state, &content);
    assert_int_equal(content.held.n, 2);
    assert_int_equal(content.left, 0);
    OK(read_source(kit_pieces(text), &seen, &summary));
    assert_string_equal((const char *)seen.text.data, "A-O+C-2=40,3=0,revoked");
    assert_int_equal(summary.made_at, MADE);
    assert_memory_equal(&content.summary, &summary, sizeof summary);
    seen.n.made_at = MADE;
    assert_memory_equal(&seen.n, &summary, sizeof summary);
    buf_clear(&seen.text);
    backup_content_clear(&content);
}

static void it_is_of_one_moment(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state);
    AUTO(keyring_close) struct keyring *other = opened(*state);
    struct backup_content content;
    struct source *s = NULL;
    put(k, ALICE, "Alice <alice@example.org>");
    OK(backup_source_new(k, MADE, NULL, 0, &content, &s));
    put(other, CAROL, "Carol <carol@example.org>");
    set(other, ALICE, TRUST_ROOT, 120);
    OK(read_text(kit_read(s)));
    assert_int_equal(content.summary.certs, 1);
    assert_int_equal(content.summary.settings, 0);
    put(k, BOB, "Bob <bob@example.org>"); /* nothing is being read any more */
}

static void an_empty_keyring_and_one_that_is_not_there(void **state)
{
    struct backup_content content;
    struct source *s = NULL;
    struct keyring *k = NULL;
    OK(keyring_open(home_file(*state, "none"), KEYRING_READ, &k));
    OK(backup_source_new(k, MADE, NULL, 0, &content, &s));
    OK(read_text(kit_read(s)));
    assert_int_equal(content.summary.certs, 0);
    keyring_close(k);
}

static void what_is_cut_short_is_refused(void **state)
{
    struct backup_content content;
    struct slice text = text_of(*state, &content);
    for (size_t len = 0; len < text.len; len++) {
        AUTO(err_free) err *e = read_text(slice_of(text.data, len));
        assert_non_null(e);
    }
    backup_content_clear(&content);
}

static void errors_from_below_come_up(void **state)
{
    struct backup_content content;
    struct backup_summary summary;
    struct seen seen;
    struct slice text = text_of(*state, &content);
    for (size_t good = 0; good < text.len; good += 97) {
        FAILS(ERR_IO, read_source(kit_failing(text, good), &seen, &summary));
        buf_clear(&seen.text);
    }
    backup_content_clear(&content);
}

/* What stands behind the certificates, piece by piece. */

static struct buf *start(void)
{
    struct buf *b = unit_keep();
    packet_write(b, PACKET_PUBLIC_KEY, BACKUP_DIVIDER);
    return b;
}

static void add(struct buf *b, const char *digits)
{
    packet_write(b, BACKUP_PRIVATE, unit_hex(digits));
}

#define NAME                                                                                       \
    "1504"                                                                                         \
    "00112233445566778899AABBCCDDEEFF00112233"
#define NONE "0000000000000000"
#define ONE  "0000000000000001"
#define TIME "000000006553F100"
#define NOTHING_IN                                                                                 \
    "00"                                                                                           \
    "01" TIME NONE NONE NONE NONE

/* One packet, and then a summary. */
static err *read_with(const char *packet, const char *summary)
{
    struct buf *b = start();
    if (packet != NULL)
        add(b, packet);
    add(b, summary);
    return read_text(buf_view(b));
}

static void settings_must_be_possible(void **state)
{
    static const char one[] = "00"
                              "01" TIME NONE NONE ONE NONE;
    (void)state;
    OK(read_with("01" NAME "0178", one));
    OK(read_with("01" NAME "0300", one));
    OK(read_with("01"
                 "21061111111111111111111111111111111111111111111111111111111111111111"
                 "0228",
                 one));
    FAILS(ERR_MALFORMED, read_with("01" NAME "0179", one));
    FAILS(ERR_MALFORMED, read_with("01" NAME "0100", one));
    FAILS(ERR_MALFORMED, read_with("01" NAME "0301", one));
    FAILS(ERR_MALFORMED, read_with("01" NAME "0001", one));
    FAILS(ERR_MALFORMED, read_with("01" NAME "0501", one));
    FAILS(ERR_MALFORMED, read_with("01" NAME "01", one));
    FAILS(ERR_MALFORMED, read_with("01"
                                   "00"
                                   "0101",
                                   one));
    FAILS(ERR_MALFORMED, read_with("01"
                                   "0304AABB"
                                   "0101",
                                   one));
    FAILS(ERR_MALFORMED, read_with("01"
                                   "FF04AABB"
                                   "0101",
                                   one));
}

static void revocations_must_have_a_name(void **state)
{
    static const char one[] = "00"
                              "01" TIME NONE NONE NONE ONE;
    (void)state;
    OK(read_with("02" NAME "AABB", one));
    OK(read_with("02" NAME, one));
    FAILS(ERR_MALFORMED, read_with("02"
                                   "0304AABB",
                                   one));
    FAILS(ERR_MALFORMED, read_with("02", one));
}

static void the_summary_must_be_right(void **state)
{
    (void)state;
    OK(read_with(NULL, NOTHING_IN));
    FAILS(ERR_UNSUPPORTED, read_with(NULL, "00"
                                           "02" TIME NONE NONE NONE NONE));
    FAILS(ERR_UNSUPPORTED, read_with(NULL, "00"
                                           "02"));
    FAILS(ERR_MALFORMED, read_with(NULL, "00"
                                         "01" ONE ONE));
    FAILS(ERR_MALFORMED, read_with(NULL, NOTHING_IN "00"));
    FAILS(ERR_MALFORMED, read_with(NULL, "00"
                                         "01"
                                         "FFFFFFFFFFFFFFFF" NONE NONE NONE NONE));
    FAILS(ERR_MALFORMED, read_with(NULL, "00"
                                         "01"
                                         "0000000100000000" NONE NONE NONE NONE));
    FAILS(ERR_MALFORMED, read_with(NULL, "00"
                                         "01" TIME ONE NONE NONE NONE));
    FAILS(ERR_MALFORMED, read_with(NULL, "00"
                                         "01" TIME NONE ONE NONE NONE));
    FAILS(ERR_MALFORMED, read_with(NULL, "00"
                                         "01" TIME NONE NONE ONE NONE));
    FAILS(ERR_MALFORMED, read_with(NULL, "00"
                                         "01" TIME NONE NONE NONE ONE));
}

static void nothing_else_may_stand_there(void **state)
{
    struct buf *none = start(), *user = start(), *behind = start();
    (void)state;
    FAILS(ERR_MALFORMED, read_with("03", NOTHING_IN));
    FAILS(ERR_MALFORMED, read_with("", NOTHING_IN));
    FAILS(ERR_MALFORMED, read_with(NOTHING_IN, NOTHING_IN));
    FAILS(ERR_MALFORMED, read_text(buf_view(none)));
    packet_write(user, PACKET_USER_ID, SLICE_TEXT("\0Alice"));
    add(user, NOTHING_IN);
    FAILS(ERR_MALFORMED, read_text(buf_view(user)));
    add(behind, NOTHING_IN);
    packet_write(behind, PACKET_PUBLIC_KEY, BACKUP_DIVIDER);
    FAILS(ERR_MALFORMED, read_text(buf_view(behind)));
}

static void what_is_no_backup_is_refused(void **state)
{
    AUTO(cert_free) struct cert *alice = person(ALICE, "Alice");
    (void)state;
    FAILS(ERR_MALFORMED, read_text(SLICE_EMPTY));
    FAILS(ERR_MALFORMED, read_text(SLICE_TEXT("dear Bob")));
    FAILS(ERR_MALFORMED, read_text(buf_view(&alice->bytes)));
    FAILS(ERR_MALFORMED, read_text(SLICE_TEXT("\xcd\x05"
                                              "Alice")));
}

/* Keys that are noted. */

static void the_newest_backup_counts(void **state)
{
    AUTO(keyring_close) struct keyring *k = opened(*state);
    const struct fingerprint *alice = &craft_key(ALICE)->public.fpr;
    int64_t at;
    OK(keyring_begin(k));
    OK(keyring_note_backup(k, alice, 2000));
    OK(keyring_note_backup(k, alice, 1000));
    OK(keyring_commit(k));
    OK(keyring_find_backup(k, alice, &at));
    assert_int_equal(at, 2000);
    OK(keyring_find_backup(k, &craft_key(BOB)->public.fpr, &at));
    assert_int_equal(at, 0);
}

#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, home_make, home_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(all_of_it_is_read_again),
        IN_HOME(it_is_of_one_moment),
        IN_HOME(an_empty_keyring_and_one_that_is_not_there),
        IN_HOME(what_is_cut_short_is_refused),
        IN_HOME(errors_from_below_come_up),
        cmocka_unit_test(settings_must_be_possible),
        cmocka_unit_test(revocations_must_have_a_name),
        cmocka_unit_test(the_summary_must_be_right),
        cmocka_unit_test(nothing_else_may_stand_there),
        cmocka_unit_test(what_is_no_backup_is_refused),
        IN_HOME(the_newest_backup_counts),
    };
    return cmocka_run_group_tests_name("backups", tests, NULL, NULL);
}
