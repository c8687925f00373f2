/* Pruning a certificate that others have flooded: what stays, and in which order the rest
 * gets room. */
#include "unit.h"
#include "craft.h"

#include "crypto/algo.h"
#include "pgp/prune.h"

enum { START = CRAFT_START, DAY = 86400, SHORT = 8 /* bytes of a user ID */ };

/* A key whose signatures are as long as those of the others, and which is not at hand. */
static const enum craft_who STRANGER = ALICE_SIGN;

/* The keys at hand: Bob's. */
static err *find_bob(void *context, const struct key_handle *h, struct cert_list *out)
{
    struct craft bob = craft_start(craft_key(BOB));
    (void)context;
    if (!pubkey_matches(&craft_key(BOB)->public, h))
        return NULL;
    craft_user(&bob, "Bob");
    return VEC_PUSH(out, craft_cert(&bob));
}

static const struct key_finder finder = {.certs = find_bob};

/* Alice, with a user ID that she has signed. */
static struct craft alice(void)
{
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = START, .flags = 3});
    return c;
}

static void add(struct craft *c, enum craft_who by, uint8_t type, int days)
{
    craft_sign_it(c, &(struct craft_sig){
                         .type = type, .at = (uint32_t)(START + days * DAY), .by = craft_key(by)});
}

static struct cert *prune(const struct craft *c, size_t room, size_t expect_left_out)
{
    AUTO(cert_free) struct cert *whole = craft_cert(c);
    struct cert *kept = NULL;
    size_t left_out = 99;
    OK(prune_cert(whole, room, &finder, &kept, &left_out));
    assert_int_equal(left_out, expect_left_out);
    assert_int_equal(kept == NULL, expect_left_out == 0);
    return kept;
}

/* Bytes of the signatures by others on the last component of c, each taken as long as the
 * longest. */
static size_t room_for(const struct craft *c, size_t n)
{
    AUTO(cert_free) struct cert *whole = craft_cert(c);
    const struct component *last = &whole->components.items[whole->components.n - 1];
    size_t longest = 0;
    for (size_t i = 0; i < last->sigs.n; i++) {
        size_t len = last->sigs.items[i].packet.body.len;
        longest = len > longest ? len : longest;
    }
    return n * longest;
}

/* The signatures on a component: "positive certification 0, ..." in days after START. */
static void expect_sigs(const struct cert *c, size_t component, const char *expected)
{
    char text[512] = "";
    assert_true(component < c->components.n);
    const struct component *x = &c->components.items[component];
    for (size_t i = 0; i < x->sigs.n; i++) {
        const struct sig *s = &x->sigs.items[i].sig;
        size_t len = strlen(text);
        snprintf(text + len, sizeof text - len, "%s%02x:%u", i > 0 ? " " : "", s->type,
                 (unsigned)(s->created_at - START) / DAY);
    }
    assert_string_equal(text, expected);
}

static void nothing_goes_while_there_is_room(void **state)
{
    (void)state;
    struct craft c = alice();
    add(&c, STRANGER, SIG_CERT_GENERIC, 1);
    AUTO(cert_free) struct cert *whole = craft_cert(&c);
    prune(&c, whole->bytes.len, 0);
    /* What the owner has signed needs none. */
    prune(&c, room_for(&c, 1), 0);
    AUTO(cert_free) struct cert *kept = prune(&c, 1, 1);
    expect_sigs(kept, 1, "13:0");
}

static void what_the_owner_has_signed_always_stays(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    add(&c, ALICE, SIG_DIRECT_KEY, 0);
    add(&c, ALICE, SIG_KEY_REVOCATION, 3);
    add(&c, STRANGER, SIG_CERT_GENERIC, 9);
    craft_user(&c, "Alice");
    add(&c, ALICE, SIG_CERT_POSITIVE, 0);
    add(&c, ALICE, SIG_CERT_REVOCATION, 2);
    craft_subkey(&c, craft_key(ALICE_ENCRYPT));
    add(&c, ALICE, SIG_SUBKEY_BINDING, 1);
    add(&c, BOB, SIG_SUBKEY_BINDING, 1);
    AUTO(cert_free) struct cert *kept = prune(&c, 0, 2);
    assert_int_equal(kept->components.n, 3);
    expect_sigs(kept, 0, "1f:0 20:3");
    expect_sigs(kept, 1, "13:0 30:2");
    expect_sigs(kept, 2, "18:1");
}

static void revocations_by_a_designated_revoker_stay(void **state)
{
    (void)state;
    struct buf *body = unit_keep();
    buf_u8(body, 0x80);
    buf_u8(body, craft_key(BOB)->public.algo);
    buf_bytes(body, fingerprint_view(&craft_key(BOB)->public.fpr));
    struct craft c = craft_start(craft_key(ALICE));
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_DIRECT_KEY,
                                .at = START,
                                .hashed = craft_sub(SUB_REVOCATION_KEY, true, buf_view(body))});
    add(&c, BOB, SIG_KEY_REVOCATION, 5);
    add(&c, STRANGER, SIG_KEY_REVOCATION, 6);
    AUTO(cert_free) struct cert *kept = prune(&c, 0, 1);
    expect_sigs(kept, 0, "1f:0 20:5");
}

static void who_is_known_comes_before_who_is_not(void **state)
{
    (void)state;
    struct craft c = alice();
    add(&c, STRANGER, SIG_CERT_GENERIC, 7);
    add(&c, STRANGER, SIG_CERT_REVOCATION, 3);
    add(&c, BOB, SIG_CERT_GENERIC, 1);
    add(&c, STRANGER, SIG_CERT_GENERIC, 8);
    static const char *const expected[] = {"13:0", "13:0 10:1", "13:0 30:3 10:1",
                                           "13:0 30:3 10:1 10:8", "13:0 10:7 30:3 10:1 10:8"};
    for (size_t n = 0; n < 4; n++) {
        AUTO(cert_free) struct cert *kept = prune(&c, room_for(&c, n), 4 - n);
        expect_sigs(kept, 1, expected[n]);
    }
    prune(&c, room_for(&c, 4), 0);
}

/* Of those whom we know, too, each gets only so much before the others. */
static void who_is_known_does_not_crowd_out_the_rest(void **state)
{
    (void)state;
    struct craft c = alice();
    for (int day = 1; day <= 6; day++)
        add(&c, BOB, SIG_CERT_GENERIC, day);
    add(&c, STRANGER, SIG_CERT_PERSONA, 9);
    AUTO(cert_free) struct cert *kept = prune(&c, room_for(&c, 5), 2);
    expect_sigs(kept, 1, "13:0 10:3 10:4 10:5 10:6 11:9");
}

static void what_is_false_gets_no_room(void **state)
{
    (void)state;
    struct craft_sig forged = {.type = SIG_CERT_POSITIVE, .at = START + DAY, .forged = true};
    struct craft c = alice();
    craft_sign_it(&c, &forged);
    forged.by = craft_key(BOB);
    craft_sign_it(&c, &forged);
    add(&c, STRANGER, SIG_CERT_GENERIC, 1);
    /* Nobody can tell of this one. */
    forged.by = craft_key(STRANGER);
    forged.type = SIG_CERT_CASUAL;
    craft_sign_it(&c, &forged);
    AUTO(cert_free) struct cert *kept = prune(&c, room_for(&c, 3), 2);
    expect_sigs(kept, 1, "13:0 10:1 12:1");
}

static void what_nobody_speaks_for_comes_last(void **state)
{
    (void)state;
    struct craft c = alice();
    craft_user(&c, "Mallory1");
    craft_user(&c, "Mallory2");
    craft_user(&c, "Bob knows");
    add(&c, BOB, SIG_CERT_GENERIC, 1);
    size_t known = room_for(&c, 1) + strlen("Bob knows");
    AUTO(cert_free) struct cert *one = prune(&c, known, 2);
    assert_int_equal(one->components.n, 3);
    expect_sigs(one, 2, "10:1");
    AUTO(cert_free) struct cert *two = prune(&c, known + SHORT, 1);
    SAME(two->components.items[2].packet.body, slice_of_string("Mallory1"));
    AUTO(cert_free) struct cert *none = prune(&c, known - 1, 1);
    assert_int_equal(none->components.n, 5); /* there is room for all but that */
    assert_int_equal(none->components.items[4].sigs.n, 0);
}

/* The flood comes again, merged with what was kept: that stays as it is. */
static void pruning_again_changes_nothing(void **state)
{
    (void)state;
    struct craft c = alice();
    for (int day = 1; day <= 9; day++)
        add(&c, day % 3 == 0 ? BOB : STRANGER, SIG_CERT_GENERIC, day / 2);
    AUTO(cert_free) struct cert *whole = craft_cert(&c), *merged = NULL, *again = NULL;
    size_t room = room_for(&c, 5), left_out;
    AUTO(cert_free) struct cert *kept = prune(&c, room, 4);
    bool changed;
    OK(cert_merge(kept, whole, &merged, &changed));
    assert_true(changed);
    OK(prune_cert(merged, room, &finder, &again, &left_out));
    SAME(buf_view(&again->bytes), buf_view(&kept->bytes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_goes_while_there_is_room),
        cmocka_unit_test(what_the_owner_has_signed_always_stays),
        cmocka_unit_test(revocations_by_a_designated_revoker_stay),
        cmocka_unit_test(who_is_known_comes_before_who_is_not),
        cmocka_unit_test(who_is_known_does_not_crowd_out_the_rest),
        cmocka_unit_test(what_is_false_gets_no_room),
        cmocka_unit_test(what_nobody_speaks_for_comes_last),
        cmocka_unit_test(pruning_again_changes_nothing),
    };
    return cmocka_run_group_tests_name("prune", tests, NULL, NULL);
}
