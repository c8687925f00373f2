/* Designated revokers: who may revoke in the owner's stead, and who may not
 * [RFC9580 5.2.3.23]. */
#include "unit.h"
#include "craft.h"
#include "fault.h"
#include "kit.h"

#include "crypto/algo.h"
#include "pgp/certfile.h"
#include "pgp/revoker.h"

enum { START = CRAFT_START, SUBKEYS = CRAFT_SUBKEYS, DAY = 86400, LATER = START + 1000 * DAY };

static struct slice revocation_key(uint8_t class, enum craft_who who)
{
    struct buf *body = unit_keep();
    const struct pubkey *k = &craft_key(who)->public;
    buf_u8(body, class);
    buf_u8(body, k->algo);
    buf_bytes(body, fingerprint_view(&k->fpr));
    return craft_sub(SUB_REVOCATION_KEY, true, buf_view(body));
}

/* Alice, who says this about her key, with a user ID and a subkey, and a signature on
 * one of the three. */
static struct craft alice(const struct craft_sig *says, int on, const struct craft_sig *sig)
{
    struct craft c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, says);
    if (on == 0)
        craft_sign_it(&c, sig);
    craft_user(&c, "Alice");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = START, .flags = 3});
    if (on == 1)
        craft_sign_it(&c, sig);
    craft_subkey(&c, craft_key(ALICE_ENCRYPT));
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .flags = 12});
    if (on == 2)
        craft_sign_it(&c, sig);
    return c;
}

static struct cert *bob(void)
{
    struct craft c = craft_start(craft_key(BOB));
    craft_user(&c, "Bob");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = START, .flags = 3});
    return craft_cert(&c);
}

static struct craft_view look(const struct craft *c, bool bob_is_here, int64_t at)
{
    struct cert *certs[2] = {craft_cert(c), bob()};
    struct cert_list l = {.items = certs, .n = bob_is_here ? 2 : 1};
    struct craft_view v = {.cert = certs[0]};
    OK(revoker_attach_among(&l));
    cert_free(certs[1]);
    OK(bind_cert(v.cert, &policy_default, at, &v.bound));
    return v;
}

static struct craft_sig names_bob(void)
{
    return (struct craft_sig){
        .type = SIG_DIRECT_KEY, .at = START, .hashed = revocation_key(0x80, BOB)};
}

static const uint8_t types[] = {SIG_KEY_REVOCATION, SIG_CERT_REVOCATION, SIG_SUBKEY_REVOCATION};

static struct craft_sig by_bob(int on)
{
    return (struct craft_sig){.type = types[on], .at = START + DAY, .by = craft_key(BOB)};
}

static void expect(const struct craft *c, bool bob_is_here, int64_t at, int on, const char *problem)
{
    CLEANUP(craft_view_clear) struct craft_view v = look(c, bob_is_here, at);
    PROBLEM(v.bound->items[on].problem, problem);
}

static void revokers_revoke(void **state)
{
    (void)state;
    struct craft_sig says = names_bob();
    for (int on = 0; on < 3; on++) {
        struct craft_sig sig = by_bob(on);
        struct craft c = alice(&says, on, &sig);
        expect(&c, true, LATER, on, "revoked on 2017-07-15 by its designated revoker");
        /* Whom nobody can ask has said nothing; but it is told. */
        CLEANUP(craft_view_clear) struct craft_view v = look(&c, false, LATER);
        PROBLEM(v.bound->items[on].problem, NULL);
        PROBLEM(v.bound->items[on].note, "whose certificate is not here");
        assert_non_null(strstr(err_hint_of(v.bound->items[on].note), "bulla cert import"));
    }
}

/* Hard and soft are what they are in the owner's revocations. */
static void reasons_count_as_ever(void **state)
{
    (void)state;
    struct craft_sig says = names_bob(), sig = by_bob(0);
    struct craft hard = alice(&says, 0, &sig);
    expect(&hard, true, SUBKEYS, 0, "revoked on");
    sig.reason = unit_hex("03");
    struct craft soft = alice(&says, 0, &sig);
    expect(&soft, true, SUBKEYS, 0, NULL);
    expect(&soft, true, START + DAY, 0, "retired");
}

static void sensitive_revokers_count(void **state)
{
    (void)state;
    struct craft_sig says = names_bob(), sig = by_bob(0);
    says.hashed = revocation_key(0xC0, BOB);
    struct craft c = alice(&says, 0, &sig);
    expect(&c, true, LATER, 0, "revoked on");
}

static void expect_ignored(const struct craft_sig *says, const struct craft_sig *sig)
{
    struct craft c = alice(says, 0, sig);
    CLEANUP(craft_view_clear) struct craft_view v = look(&c, true, LATER);
    PROBLEM(v.bound->items[0].problem, NULL);
    assert_null(v.bound->items[0].note);
}

static void who_is_no_revoker(void **state)
{
    (void)state;
    const struct craft_sig sig = by_bob(0);
    struct craft_sig says = {.type = SIG_DIRECT_KEY, .at = START};
    expect_ignored(&says, &sig); /* nobody is named */
    says.hashed = revocation_key(0x80, DAVE);
    expect_ignored(&says, &sig); /* somebody else is */
    says.hashed = revocation_key(0x40, BOB);
    expect_ignored(&says, &sig); /* of another class */
    says.hashed = craft_sub(SUB_REVOCATION_KEY, true, unit_hex("80 16 00"));
    expect_ignored(&says, &sig); /* too short */
    says = (struct craft_sig){
        .type = SIG_DIRECT_KEY, .at = START, .unhashed = revocation_key(0x80, BOB)};
    expect_ignored(&says, &sig); /* where anybody can write */
    says = names_bob();
    says.forged = true;
    expect_ignored(&says, &sig);
    says.forged = false;
    says.by = craft_key(BOB); /* he names himself */
    expect_ignored(&says, &sig);
}

static void what_revokers_say_must_be_right(void **state)
{
    (void)state;
    const struct craft_sig says = names_bob();
    struct craft_sig sig = by_bob(0);
    sig.forged = true;
    expect_ignored(&says, &sig);
    sig.forged = false;
    sig.by = craft_key(DAVE); /* not named */
    expect_ignored(&says, &sig);
    sig = by_bob(0);
    sig.type = SIG_SUBKEY_REVOCATION; /* of nothing */
    expect_ignored(&says, &sig);
    /* His certification revocation does not drop what Alice says about her key. */
    sig.type = SIG_CERT_REVOCATION;
    expect_ignored(&says, &sig);
}

/* A key that names a revoker in a user ID's signature says nothing [RFC9580 5.2.3.23]. */
static void revokers_are_named_in_direct_key_signatures(void **state)
{
    (void)state;
    const struct craft_sig sig = by_bob(0);
    struct craft c = craft_start(craft_key(ALICE));
    craft_sign_it(&c, &sig);
    craft_user(&c, "Alice");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE,
                                          .at = START,
                                          .hashed = revocation_key(0x80, BOB)});
    expect(&c, true, LATER, 0, NULL);
}

/* Two that name each other are attached to each other, and no further. */
static void revokers_that_name_each_other(void **state)
{
    (void)state;
    const struct craft_sig says = names_bob(), sig = by_bob(0);
    struct craft a = alice(&says, 0, &sig), b = craft_start(craft_key(BOB));
    craft_sign_it(&b, &(struct craft_sig){.type = SIG_DIRECT_KEY,
                                          .at = START,
                                          .hashed = revocation_key(0x80, ALICE)});
    craft_sign_it(&b, &(struct craft_sig){
                          .type = SIG_KEY_REVOCATION, .at = START + DAY, .by = craft_key(ALICE)});
    struct cert *certs[2] = {craft_cert(&a), craft_cert(&b)};
    struct cert_list l = {.items = certs, .n = 2};
    OK(revoker_attach_among(&l));
    OK(revoker_attach_among(&l));
    for (size_t i = 0; i < 2; i++) {
        AUTO(bound_cert_free) struct bound_cert *bound = NULL;
        AUTO(cert_free) struct cert *copy = NULL;
        assert_int_equal(certs[i]->revokers.n, 1);
        assert_int_equal(certs[i]->revokers.items[0]->revokers.n, 0);
        OK(cert_copy(certs[i], &copy));
        OK(bind_cert(copy, &policy_default, LATER, &bound));
        PROBLEM(bound_problem(bound), "by its designated revoker");
    }
    cert_free(certs[0]);
    cert_free(certs[1]);
}

/* Out of memory: Alice's and Bob's certificates are read, attached and judged. */

struct bench {
    struct slice packets[2];
    bool revoked;
};

static err *add_parsed(struct slice packets, struct cert_list *l)
{
    AUTO(cert_free) struct cert *c = NULL;
    TRY(cert_parse(packets, &c));
    TRY(VEC_PUSH(l, c));
    c = NULL;
    return NULL;
}

static err *attach_job(void *context)
{
    struct bench *b = context;
    CLEANUP(cert_list_clear) struct cert_list l = {0};
    AUTO(cert_free) struct cert *copy = NULL;
    AUTO(bound_cert_free) struct bound_cert *bound = NULL;
    for (size_t i = 0; i < 2; i++)
        TRY(add_parsed(b->packets[i], &l));
    TRY(revoker_attach_among(&l));
    TRY(cert_copy(l.items[0], &copy));
    TRY(bind_cert(copy, &policy_default, LATER, &bound));
    b->revoked = bound_problem(bound) != NULL;
    return NULL;
}

static void check_revoked(void *context, bool done)
{
    struct bench *b = context;
    assert_true(!done || b->revoked);
}

static void attaching_without_memory(void **state)
{
    (void)state;
    const struct craft_sig says = names_bob(), sig = by_bob(0);
    struct craft a = alice(&says, 0, &sig), c = craft_start(craft_key(BOB));
    struct bench b = {.packets = {buf_view(a.packets), buf_view(c.packets)}};
    assert_true(fault_run(attach_job, check_revoked, &b) > 20);
}

/* What GnuPG and rnp made of it. */
static struct cert *load(const char *path)
{
    AUTO(err_free) err *bad = NULL;
    struct certfile *f = NULL;
    struct cert *c = NULL;
    OK(certfile_open(kit_pieces(unit_specdata(path)), &f));
    OK(certfile_next(f, &c, &bad));
    certfile_close(f);
    assert_non_null(c);
    return c;
}

static void a_certificate_of_another_program(void **state)
{
    (void)state;
    struct cert *certs[2] = {load("fixtures/keys-validity/ecc-p256-desigrevoked.asc"),
                             load("fixtures/keys-ecc/ecc-25519-sec.asc")};
    struct cert_list l = {.items = certs, .n = 2};
    AUTO(bound_cert_free) struct bound_cert *without = NULL, *with = NULL;
    OK(bind_cert(certs[0], &policy_default, 1795440493, &without));
    PROBLEM(bound_problem(without), NULL);
    PROBLEM(without->items[0].note, "said to be revoked");
    OK(revoker_attach_among(&l));
    OK(bind_cert(certs[0], &policy_default, 1795440493, &with));
    PROBLEM(bound_problem(with), "by its designated revoker");
    cert_free(certs[0]);
    cert_free(certs[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(revokers_revoke),
        cmocka_unit_test(reasons_count_as_ever),
        cmocka_unit_test(sensitive_revokers_count),
        cmocka_unit_test(who_is_no_revoker),
        cmocka_unit_test(what_revokers_say_must_be_right),
        cmocka_unit_test(revokers_are_named_in_direct_key_signatures),
        cmocka_unit_test(revokers_that_name_each_other),
        FAULT_TEST(attaching_without_memory),
        cmocka_unit_test(a_certificate_of_another_program),
    };
    return cmocka_run_group_tests_name("revoker", tests, NULL, NULL);
}
