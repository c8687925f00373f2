/* A certificate cut down to what recipients need now. */
#include "unit.h"
#include "craft.h"
#include "kit.h"

#include "pgp/minimal.h"
#include "pgp/revoker.h"

enum { START = CRAFT_START, SUBKEYS = CRAFT_SUBKEYS, DAY = 86400, LATER = START + 1000 * DAY };

static void sign(struct craft *c, uint8_t type, uint32_t at)
{
    uint8_t flags = type == SIG_SUBKEY_BINDING ? 12 : 3;
    craft_sign_it(c, &(struct craft_sig){.type = type, .at = at, .flags = flags});
}

static struct cert *cut(const struct bound_cert *b)
{
    struct buf *packets = unit_keep();
    struct cert *c = NULL;
    OK(minimal_write(b, packets));
    OK(cert_parse(buf_view(packets), &c));
    return c;
}

/* How many signatures are left on each component: "1 1 2". */
static void expect(const struct craft *c, int64_t at, const char *sigs)
{
    CLEANUP(craft_view_clear) struct craft_view whole = craft_look(c, at);
    AUTO(cert_free) struct cert *less = cut(whole.bound);
    char got[64] = "";
    for (size_t i = 0; i < less->components.n; i++)
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s%zu", i > 0 ? " " : "",
                 less->components.items[i].sigs.n);
    assert_string_equal(got, sigs);
    CLEANUP(craft_view_clear) struct craft_view v = {.cert = TAKE(less)};
    OK(bind_cert(v.cert, &policy_default, at, &v.bound));
    PROBLEM(bound_problem(v.bound), NULL);
}

static void what_is_old_or_by_others_stays_behind(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    sign(&c, SIG_CERT_POSITIVE, START);
    sign(&c, SIG_CERT_POSITIVE, START + DAY);
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_CERT_GENERIC, .at = START + DAY, .by = craft_key(BOB)});
    craft_user(&c, "Unsigned");
    craft_subkey(&c, craft_key(ALICE_ENCRYPT));
    sign(&c, SIG_SUBKEY_BINDING, SUBKEYS);
    sign(&c, SIG_SUBKEY_BINDING, SUBKEYS + DAY);
    expect(&c, LATER, "0 1 1");
    expect(&c, START + DAY / 2, "0 1 1");
}

static void what_has_ended_stays_behind(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    sign(&c, SIG_CERT_POSITIVE, START);
    craft_user(&c, "Al");
    sign(&c, SIG_CERT_POSITIVE, START);
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_REVOCATION,
                                          .at = START + DAY,
                                          .reason = unit_hex("20")});
    craft_subkey(&c, craft_key(ALICE_ENCRYPT));
    craft_sign_it(
        &c, &(struct craft_sig){
                .type = SIG_SUBKEY_BINDING, .at = SUBKEYS, .flags = 12, .key_expires = 10 * DAY});
    expect(&c, START, "0 1 1");
    expect(&c, SUBKEYS, "0 1 1 1");
    expect(&c, SUBKEYS + 10 * DAY, "0 1");
    /* but others must hear that it was stolen */
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_SUBKEY_REVOCATION, .at = START + DAY});
    expect(&c, SUBKEYS + 10 * DAY, "0 1 2");
}

static void local_signatures_stay_at_home(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE));
    craft_user(&c, "Alice");
    sign(&c, SIG_CERT_POSITIVE, START);
    craft_user(&c, "For me alone");
    craft_sign_it(&c, &(struct craft_sig){.type = SIG_CERT_POSITIVE, .at = START, .local = true});
    expect(&c, LATER, "0 1");
}

static struct slice revocation_key(void)
{
    struct buf *body = unit_keep();
    buf_u8(body, 0x80);
    buf_u8(body, craft_key(BOB)->public.algo);
    buf_bytes(body, fingerprint_view(&craft_key(BOB)->public.fpr));
    return craft_sub(SUB_REVOCATION_KEY, true, buf_view(body));
}

/* The signature that names him is not the newest, and stays all the same. */
static void designated_revokers_are_believed(void **state)
{
    (void)state;
    struct craft c = craft_start(craft_key(ALICE)), bob = craft_start(craft_key(BOB));
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_DIRECT_KEY, .at = START, .hashed = revocation_key()});
    craft_sign_it(
        &c, &(struct craft_sig){
                .type = SIG_DIRECT_KEY, .at = START, .hashed = revocation_key(), .forged = true});
    sign(&c, SIG_DIRECT_KEY, START + DAY);
    craft_sign_it(&c, &(struct craft_sig){
                          .type = SIG_KEY_REVOCATION, .at = START + DAY, .by = craft_key(BOB)});
    struct cert *certs[2] = {craft_cert(&c), craft_cert(&bob)};
    AUTO(bound_cert_free) struct bound_cert *whole = NULL, *less = NULL;
    OK(revoker_attach_among(&(struct cert_list){.items = certs, .n = 2}));
    OK(bind_cert(certs[0], &policy_default, LATER, &whole));
    struct cert *others[2] = {cut(whole), certs[1]};
    assert_int_equal(others[0]->components.items[0].sigs.n, 3);
    OK(revoker_attach_among(&(struct cert_list){.items = others, .n = 2}));
    OK(bind_cert(others[0], &policy_default, LATER, &less));
    PROBLEM(bound_problem(less), "by its designated revoker");
    cert_free(others[0]);
    cert_free(certs[0]);
    cert_free(certs[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_old_or_by_others_stays_behind),
        cmocka_unit_test(what_has_ended_stays_behind),
        cmocka_unit_test(local_signatures_stay_at_home),
        cmocka_unit_test(designated_revokers_are_believed),
    };
    return cmocka_run_group_tests_name("minimal", tests, NULL, NULL);
}
