/* What the keys of a certificate may be used for, and that subkeys which sign
 * confirm where they belong [RFC9580 5.2.1.8, 5.2.3.29]. */
#include "unit.h"
#include "craft.h"

#include "crypto/algo.h"
#include "crypto/curve.h"

enum { START = CRAFT_START, SUBKEYS = CRAFT_SUBKEYS, DAY = 86400, LATER = START + 1000 * DAY };

static const struct craft_sig user = {.type = SIG_CERT_POSITIVE, .at = START, .flags = 1};
static const struct craft_sig direct = {.type = SIG_DIRECT_KEY, .at = START, .flags = 1};

static struct craft alice(void)
{
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    craft_sign_it(&c, &user);
    return c;
}

static void add_subkey(struct craft *c, enum craft_who who, uint8_t flags)
{
    struct craft_sig sig = {.type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .flags = flags};
    craft_subkey(c, craft_key(who));
    if ((flags & FLAG_SIGN) != 0)
        sig.embedded = craft_back(c, craft_key(who), &(struct craft_sig){.at = SUBKEYS});
    craft_sign_it(c, &sig);
}

/* Key flags */

/* The index of the key that is found, or -1. */
static int found(const struct craft *c, uint32_t flags, enum pk_use use)
{
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(c, LATER);
    const struct bound *x = bound_find_key(v.bound, flags, use);
    return x == NULL ? -1 : (int)(x - v.bound->items);
}

static void keys_do_what_their_flags_say(void **state)
{
    (void)state;
    struct craft c = alice();
    assert_int_equal(found(&c, FLAG_CERTIFY, PK_SIGNS), 0);
    assert_int_equal(found(&c, FLAG_SIGN, PK_SIGNS), -1);
    assert_int_equal(found(&c, FLAG_ENCRYPT, PK_ENCRYPTS), -1);
    add_subkey(&c, ALICE_ENCRYPT, FLAG_ENCRYPT_STORAGE);
    assert_int_equal(found(&c, FLAG_ENCRYPT, PK_ENCRYPTS), 2);
    assert_int_equal(found(&c, FLAG_ENCRYPT_COMMS, PK_ENCRYPTS), -1);
    assert_int_equal(found(&c, FLAG_SIGN, PK_SIGNS), -1);
    add_subkey(&c, ALICE_SIGN, FLAG_SIGN);
    assert_int_equal(found(&c, FLAG_SIGN, PK_SIGNS), 3);
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
    assert_int_equal(v.bound->items[2].key_flags, FLAG_ENCRYPT_STORAGE);
    assert_int_equal(v.bound->items[3].key_flags, FLAG_SIGN);
    for (size_t i = 0; i < v.bound->n; i++)
        PROBLEM(v.bound->items[i].problem, NULL);
}

/* A flag does not give a key what its algorithm lacks. */
static void flags_beyond_the_algorithm_are_idle(void **state)
{
    (void)state;
    struct craft c = alice();
    add_subkey(&c, ALICE_SIGN, FLAG_SIGN | FLAG_ENCRYPT);
    assert_int_equal(found(&c, FLAG_ENCRYPT, PK_ENCRYPTS), -1);
    assert_int_equal(found(&c, FLAG_SIGN, PK_SIGNS), 2);
}

/* Without flags, a primary key signs and certifies, and a subkey encrypts; never
 * does a subkey sign that does not say so, since then nothing need confirm it. */
static void keys_without_flags(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = START});
    add_subkey(&c, ALICE_ENCRYPT, 0);
    add_subkey(&c, ALICE_SIGN, 0);
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
    assert_int_equal(v.bound->items[0].key_flags, FLAG_CERTIFY | FLAG_SIGN);
    assert_int_equal(v.bound->items[2].key_flags, FLAG_ENCRYPT);
    assert_int_equal(v.bound->items[3].key_flags, 0);
    c = craft_start(craft_key(DAVE)); /* RSA does all */
    craft_user(&c, "Dave");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = START});
    assert_int_equal(found(&c, FLAG_ENCRYPT, PK_ENCRYPTS), 0);
}

/* A primary key certifies, whatever its flags [RFC9580 5.2.3.10]. */
/* The direct key signature speaks for the entire key [RFC9580 5.2.3.10]; but what signs must
 * have confirmed that it belongs there. */
static void subkeys_without_flags_have_those_of_the_entire_key(void **state)
{
    (void)state;
    for (int confirmed = 0; confirmed < 2; confirmed++) {
        for (int flags = FLAG_CERTIFY; flags <= (FLAG_CERTIFY | FLAG_SIGN); flags += FLAG_SIGN) {
            struct craft c = craft_start(craft_key(ALICE));
            struct craft_sig entire = {
                .type = SIG_DIRECT_KEY, .at = START, .flags = (uint8_t)flags};
            struct craft_sig binding = {.type = SIG_SUBKEY_BINDING, .at = SUBKEYS};
            craft_sign_it(&c, &entire);
            craft_subkey(&c, craft_key(ALICE_SIGN));
            if (confirmed)
                binding.embedded = craft_back(&c, craft_key(ALICE_SIGN),
                                              &(struct craft_sig){.at = SUBKEYS});
            craft_sign_it(&c, &binding);
            CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
            bool signs = confirmed && (flags & FLAG_SIGN) != 0;
            assert_int_equal(v.bound->items[1].key_flags & FLAG_SIGN, signs ? FLAG_SIGN : 0);
        }
    }
}

static void primary_keys_certify(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    craft_sign_it(&c,
                  &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = START, .flags = FLAG_SIGN});
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
    assert_int_equal(v.bound->items[0].key_flags, FLAG_CERTIFY | FLAG_SIGN);
}

/* Subkeys before the primary key, of these the newest. */
static void the_newest_key_is_found(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = START, .flags = 3});
    assert_int_equal(found(&c, FLAG_SIGN, PK_SIGNS), 0);
    add_subkey(&c, ALICE_SIGN, FLAG_SIGN);
    assert_int_equal(found(&c, FLAG_SIGN, PK_SIGNS), 2);
    struct craft_key older = *craft_key(BOB); /* created before the other subkey */
    craft_subkey(&c, &older);
    struct slice back = craft_back(&c, &older, &(struct craft_sig){.at = SUBKEYS + DAY});
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING,
                                          .at = SUBKEYS + DAY,
                                          .flags = FLAG_SIGN,
                                          .embedded = back});
    assert_int_equal(found(&c, FLAG_SIGN, PK_SIGNS), 2);
    /* A handle means the key itself, whatever it may do. */
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
    struct key_handle h = key_handle_of(&older.public.fpr);
    assert_ptr_equal(bound_key(v.bound, &h), &v.bound->items[3]);
    h.fpr.version = 0;
    assert_ptr_equal(bound_key(v.bound, &h), &v.bound->items[3]);
    h = key_handle_of(&craft_key(CAROL)->public.fpr);
    assert_null(bound_key(v.bound, &h));
}

static void reasons_why_no_key_is_found(void **state)
{
    (void)state;
    struct craft c = alice();
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
    err *why = bound_why_no_key(v.bound, FLAG_ENCRYPT, PK_ENCRYPTS, "encrypt");
    PROBLEM(why, "it has no key that can encrypt");
    err_free(why);
    craft_subkey(&c, craft_key(ALICE_ENCRYPT));
    CLEANUP(craft_view_clear) struct craft_view unbound = craft_look(&c, LATER);
    why = bound_why_no_key(unbound.bound, FLAG_ENCRYPT, PK_ENCRYPTS, "encrypt");
    PROBLEM(why, "which could encrypt: subkey without a valid binding signature");
    err_free(why);
}

/* An ECDH subkey with a secret that nobody needs, and its binding signature. */
static void add_ecdh(struct craft *c, uint8_t version, struct slice material)
{
    struct craft_key k = {.secret = NULL};
    struct buf *body = unit_keep();
    pubkey_write(body, version, SUBKEYS, PK_ECDH, material);
    struct reader r = reader_init(buf_view(body), "key");
    OK(pubkey_parse(&r, &k.public));
    craft_subkey(c, &k);
    craft_sign_it(
        c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .flags = FLAG_ENCRYPT});
}

/* The reason is told where there is no other key; with one, that is taken. */
static void expect_idle(struct craft *c, const char *problem, enum craft_who other)
{
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(c, LATER);
    PROBLEM(bound_problem(v.bound), NULL);
    assert_null(bound_find_key(v.bound, FLAG_ENCRYPT, PK_ENCRYPTS));
    err *why = bound_why_no_key(v.bound, FLAG_ENCRYPT, PK_ENCRYPTS, "encrypt");
    PROBLEM(why, problem);
    err_free(why);
    int n = (int)v.bound->n;
    add_subkey(c, other, FLAG_ENCRYPT);
    assert_int_equal(found(c, FLAG_ENCRYPT, PK_ENCRYPTS), n);
}

static void ecdh_keys_with_strange_parameters(void **state)
{
    (void)state;
    struct buf *material = unit_keep();
    AUTO(secret_free) struct secret *secret = NULL;
    OK(pk_generate(PK_ECDH, CURVE_P521, world_system(), material, &secret));
    material->data[material->len - 1] = CIPHER_AES128;
    struct craft c = craft_start(craft_key(CAROL));
    craft_sign_it(&c, &direct);
    add_ecdh(&c, 6, buf_view(material));
    expect_idle(&c, "which could encrypt: a v6 ECDH key with a key derivation", CAROL_ENCRYPT);
}

/* brainpoolP320r1, which [RFC9580 9.2] does not list. */
static void ecdh_keys_of_a_curve_that_we_lack(void **state)
{
    (void)state;
    struct craft c = alice();
    add_ecdh(&c, 4, unit_hex("09 2B2403030208010109 0003 04 03 01 09 08"));
    expect_idle(&c, "which could encrypt: the key's curve is not supported", ALICE_ENCRYPT);
}

/* Bindings of subkeys */

static void expect_subkey(const struct craft *c, int64_t at, const char *problem)
{
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(c, at);
    PROBLEM(bound_problem(v.bound), NULL);
    PROBLEM(v.bound->items[v.bound->n - 1].problem, problem);
    assert_int_equal(v.bound->items[v.bound->n - 1].binding == NULL, problem != NULL);
}

static void what_does_not_bind_a_subkey(void **state)
{
    (void)state;
    static const char wrong[] = "the signature is wrong";
    static const char none[] = "subkey without a valid binding signature";
    static const struct {
        struct craft_sig sig;
        enum craft_who by;
        const char *why;
    } cases[] = {
        {{.type = SIG_SUBKEY_BINDING, .at = SUBKEYS}, ALICE, NULL},
        {{.type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .forged = true}, ALICE, wrong},
        {{.type = SIG_SUBKEY_BINDING, .at = SUBKEYS}, BOB, none},
        {{.type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .expires = DAY}, ALICE, "expired"},
        {{.type = SIG_PRIMARY_BINDING, .at = SUBKEYS}, ALICE, none},
        {{.type = SIG_CERT_POSITIVE, .at = SUBKEYS}, ALICE, none},
        {{.type = SIG_DIRECT_KEY, .at = SUBKEYS}, ALICE, none},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct craft_sig sig = cases[i].sig;
        struct craft c = alice();
        craft_subkey(&c, craft_key(ALICE_ENCRYPT));
        sig.by = craft_key(cases[i].by);
        craft_sign_it(&c, &sig);
        expect_subkey(&c, LATER, cases[i].why);
    }
    /* Bound to another primary key: moved here by somebody. */
    struct craft bob = craft_start(craft_key(BOB)), c = alice();
    craft_subkey(&bob, craft_key(ALICE_ENCRYPT));
    const struct craft_sig sig = {.type = SIG_SUBKEY_BINDING,
                                  .at = SUBKEYS,
                                  .bare = true,
                                  .hashed = craft_sub(SUB_CREATED, true, unit_hex("596832E8"))};
    craft_subkey(&c, craft_key(ALICE_ENCRYPT));
    craft_packet(&c, PACKET_SIGNATURE, craft_sign(craft_key(BOB), &bob.target, &sig));
    expect_subkey(&c, LATER, wrong);
}

/* Back signatures */

/* A signing subkey whose binding has this embedded in its hashed or unhashed
 * area. */
static struct craft signing(struct slice hashed, struct slice unhashed)
{
    struct craft c = alice();
    craft_subkey(&c, craft_key(ALICE_SIGN));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING,
                                          .at = SUBKEYS,
                                          .flags = FLAG_SIGN,
                                          .hashed = hashed,
                                          .unhashed = unhashed});
    return c;
}

static struct slice back_by(enum craft_who who, struct craft_sig sig)
{
    struct craft c = alice();
    craft_subkey(&c, craft_key(ALICE_SIGN));
    sig.at = sig.at != 0 ? sig.at : SUBKEYS;
    return craft_sub(SUB_EMBEDDED, false, craft_back(&c, craft_key(who), &sig));
}

static const char confirmed[] = "", unconfirmed[] = "does not confirm its binding";

/* `problem` is part of why it is not good; `confirmed` if it is. */
static void expect_signing(struct slice embedded, int64_t at, const char *problem)
{
    struct craft c = signing(embedded, SLICE_EMPTY);
    expect_subkey(&c, at, problem == confirmed ? NULL : problem);
}

static void signing_subkeys_confirm_their_binding(void **state)
{
    (void)state;
    static const char wrong[] = "does not confirm its binding: the signature is wrong";
    const struct craft_sig plain = {0}, forged = {.forged = true}, short_lived = {.expires = DAY};
    const struct craft_sig other_type = {.type = SIG_SUBKEY_BINDING}, late = {.at = LATER + 1};
    const struct craft_sig early = {.at = SUBKEYS - 1};
    struct slice good = back_by(ALICE_SIGN, plain), bad = back_by(ALICE_SIGN, forged);
    expect_signing(good, LATER, confirmed);
    expect_signing(SLICE_EMPTY, LATER, unconfirmed);
    expect_signing(bad, LATER, wrong);
    expect_signing(back_by(BOB, plain), LATER, wrong);
    expect_signing(back_by(ALICE, plain), LATER, wrong);
    expect_signing(back_by(ALICE_SIGN, other_type), LATER,
                   "a subkey binding signature instead of one that confirms");
    expect_signing(back_by(ALICE_SIGN, late), LATER, "made in the future");
    expect_signing(back_by(ALICE_SIGN, early), LATER, "made before the key");
    expect_signing(back_by(ALICE_SIGN, short_lived), SUBKEYS + DAY - 1, confirmed);
    expect_signing(back_by(ALICE_SIGN, short_lived), SUBKEYS + DAY,
                   "does not confirm its binding: expired");
    expect_signing(craft_sub(SUB_EMBEDDED, false, unit_hex("04 19")), LATER, unconfirmed);
    /* One good one suffices. */
    expect_signing(unit_joined(bad, good), LATER, confirmed);
    expect_signing(unit_joined(good, bad), LATER, confirmed);
}

/* Weak hashes are as weak here as anywhere, and have the same time. */
static void back_signatures_with_sha1(void **state)
{
    (void)state;
    uint32_t limit = (uint32_t)policy_default.sha1_certs_until;
    for (uint32_t late = 0; late < 2; late++) {
        struct craft c = alice();
        craft_subkey(&c, craft_key(DAVE));
        struct slice back = craft_back(
            &c, craft_key(DAVE), &(struct craft_sig){.at = limit - 1 + late, .hash = HASH_SHA1});
        craft_sign_it(
            &c, &(struct craft_sig){
                    .type = SIG_SUBKEY_BINDING, .at = limit, .flags = FLAG_SIGN, .embedded = back});
        expect_subkey(&c, limit + DAY,
                      late ? "does not confirm its binding: made with SHA1" : NULL);
    }
}

/* The confirmation is a signature by itself, so programs put it where nothing is
 * hashed, as GnuPG does with old keys. */
static void back_signatures_in_the_unhashed_area(void **state)
{
    (void)state;
    const struct craft_sig plain = {0}, forged = {.forged = true};
    struct craft c = signing(SLICE_EMPTY, back_by(ALICE_SIGN, plain));
    expect_subkey(&c, LATER, NULL);
    c = signing(SLICE_EMPTY, back_by(ALICE_SIGN, forged));
    expect_subkey(&c, LATER, "the signing subkey does not confirm its binding");
}

/* One made for another primary key says nothing here. */
static void back_signatures_for_another_primary_key(void **state)
{
    (void)state;
    struct craft bob = craft_start(craft_key(BOB));
    craft_subkey(&bob, craft_key(ALICE_SIGN));
    struct slice back = craft_back(&bob, craft_key(ALICE_SIGN), &(struct craft_sig){.at = SUBKEYS});
    expect_signing(craft_sub(SUB_EMBEDDED, false, back), LATER, unconfirmed);
}

static void v6_signing_subkeys(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(CAROL));
    craft_sign_it(&c, &direct);
    add_subkey(&c, CAROL_SIGN, FLAG_SIGN);
    add_subkey(&c, CAROL_ENCRYPT, FLAG_ENCRYPT);
    assert_int_equal(found(&c, FLAG_SIGN, PK_SIGNS), 1);
    assert_int_equal(found(&c, FLAG_ENCRYPT, PK_ENCRYPTS), 2);
    c = craft_start(craft_key(CAROL));
    craft_sign_it(&c, &direct);
    craft_subkey(&c, craft_key(CAROL_SIGN));
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .flags = FLAG_SIGN});
    expect_subkey(&c, LATER, "the signing subkey does not confirm its binding");
}

/* A newer binding without confirmation does not take the older one's place. */
static void the_newest_confirmed_binding_holds(void **state)
{
    (void)state;
    struct craft c = signing(back_by(ALICE_SIGN, (struct craft_sig){0}), SLICE_EMPTY);
    craft_sign_it(&c, &(struct craft_sig){
                          .type = SIG_SUBKEY_BINDING, .at = SUBKEYS + DAY, .flags = FLAG_SIGN});
    CLEANUP(craft_view_clear) struct craft_view v = craft_look(&c, LATER);
    PROBLEM(v.bound->items[2].problem, NULL);
    assert_int_equal(v.bound->items[2].binding->created_at, SUBKEYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_do_what_their_flags_say),
        cmocka_unit_test(flags_beyond_the_algorithm_are_idle),
        cmocka_unit_test(keys_without_flags),
        cmocka_unit_test(subkeys_without_flags_have_those_of_the_entire_key),
        cmocka_unit_test(primary_keys_certify),
        cmocka_unit_test(the_newest_key_is_found),
        cmocka_unit_test(reasons_why_no_key_is_found),
        cmocka_unit_test(ecdh_keys_with_strange_parameters),
        cmocka_unit_test(ecdh_keys_of_a_curve_that_we_lack),
        cmocka_unit_test(what_does_not_bind_a_subkey),
        cmocka_unit_test(signing_subkeys_confirm_their_binding),
        cmocka_unit_test(back_signatures_with_sha1),
        cmocka_unit_test(back_signatures_in_the_unhashed_area),
        cmocka_unit_test(back_signatures_for_another_primary_key),
        cmocka_unit_test(v6_signing_subkeys),
        cmocka_unit_test(the_newest_confirmed_binding_holds),
    };
    return cmocka_run_group_tests_name("bind keys", tests, NULL, NULL);
}
