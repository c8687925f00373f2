/* Which cipher a message gets, by what its recipients ask for [RFC9580 12.2]. */
#include "craft.h"
#include "kit.h"
#include "unit.h"

#include "crypto/algo.h"
#include "pgp/encrypt.h"

enum { LATER = CRAFT_SUBKEYS + 86400 };

/* Someone whose preferences are these, in hexadecimal; NULL: none are told. */
static struct craft_view someone(enum craft_who subkey, const char *ciphers)
{
    struct craft c = craft_start(craft_key(ALICE));
    struct craft_sig self = {.type = SIG_CERT_POSITIVE, .at = CRAFT_START, .flags = 3};
    if (ciphers != NULL)
        self.hashed = craft_sub(SUB_PREFERRED_CIPHERS, false, unit_hex(ciphers));
    craft_user(&c, "Alice");
    craft_sign_it(&c, &self);
    craft_subkey(&c, craft_key(subkey));
    craft_sign_it(
        &c, &(struct craft_sig){.type = SIG_SUBKEY_BINDING, .at = CRAFT_SUBKEYS, .flags = 12});
    return craft_look(&c, LATER);
}

static uint8_t chosen(enum craft_who subkey, const char *const *ciphers, size_t n)
{
    struct craft_view views[4];
    struct recipient recipients[4] = {0};
    struct encrypt_choice choice;
    struct source *s = NULL;
    assert_true(n <= 4);
    for (size_t i = 0; i < n; i++) {
        views[i] = someone(subkey, ciphers[i]);
        recipients[i].cert = views[i].bound;
    }
    const struct encrypt_params p = {
        .recipients = recipients, .n_recipients = n, .world = world_system()};
    OK(encrypt_message(kit_pieces(SLICE_TEXT("text")), &p, &choice, &s));
    source_close(s);
    for (size_t i = 0; i < n; i++)
        craft_view_clear(&views[i]);
    assert_int_equal(choice.seipd_version, 1);
    return choice.cipher;
}

static void expect(uint8_t cipher, const char *one, const char *other)
{
    const char *const ciphers[] = {one, other}, *const turned[] = {other, one};
    assert_int_equal(chosen(ALICE_ENCRYPT, ciphers, 2), cipher);
    assert_int_equal(chosen(ALICE_ENCRYPT, turned, 2), cipher);
}

static void the_best_that_all_ask_for(void **state)
{
    (void)state;
    expect(CIPHER_AES256, "090807", "0709");
    expect(CIPHER_AES192, "0908", "07080B");
    expect(CIPHER_AES256, "0A0B0C0D09", "0A09");
    expect(CIPHER_TWOFISH, "0A0D", "0D0A02");
    expect(CIPHER_CAMELLIA256, "0B0D", "0D");
    expect(CIPHER_CAMELLIA192, "0C0B", "0C0B");
    expect(CIPHER_CAMELLIA128, "0B0A", "0B0D");
    /* What both name comes before what one of them has only tacitly, at the end. */
    expect(CIPHER_CAMELLIA128, "07080B", "0B");
}

static void aes128_where_they_ask_for_nothing_else(void **state)
{
    (void)state;
    expect(CIPHER_AES128, NULL, NULL);
    expect(CIPHER_AES128, "09", NULL);
    expect(CIPHER_AES128, "0A", "0B");
    expect(CIPHER_AES128, "", "");
    /* What is weak, or unknown, is not taken even so [RFC9580 9.3]. */
    expect(CIPHER_AES128, "01", "01");
    expect(CIPHER_AES128, "0203", "0203");
    expect(CIPHER_AES128, "04", "04");
    expect(CIPHER_AES128, "006304", "006304");
}

/* [RFC9580 5.1.6] */
static void x25519_takes_only_aes(void **state)
{
    (void)state;
    static const struct {
        const char *ciphers;
        uint8_t expected;
    } cases[] = {{"0A", CIPHER_AES128}, {"0D0B", CIPHER_AES128}, {"0A08", CIPHER_AES192}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(chosen(ALICE_X25519, &cases[i].ciphers, 1), cases[i].expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_that_all_ask_for),
        cmocka_unit_test(aes128_where_they_ask_for_nothing_else),
        cmocka_unit_test(x25519_takes_only_aes),
    };
    return cmocka_run_group_tests_name("choice", tests, NULL, NULL);
}
