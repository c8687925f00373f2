/* Session keys out of encrypted session key packets, of which some are of no use, or of
 * more than a passphrase may cost. */
#include "unit.h"
#include "keys.h"

#include "crypto/algo.h"
#include "crypto/cipher.h"
#include "packet/packet.h"
#include "pgp/policy.h"
#include "pgp/session.h"

static const struct secret *session_key(void)
{
    static struct secret *key;
    if (key == NULL)
        key = unit_secret(unit_hex("000102030405060708090a0b0c0d0e0f"
                                   "101112131415161718191a1b1c1d1e1f"));
    return key;
}

static void add(struct esk_list *l, uint8_t type, struct slice body)
{
    struct buf b = BUF_EMPTY(ESK_PACKET_MAX);
    buf_bytes(&b, body);
    OK(esk_list_add(l, type, &b));
    buf_clear(&b);
}

/* A v6 packet, which costs 32 MiB times six passes. */
static void add_passphrase(struct esk_list *l, const char *passphrase)
{
    struct buf *b = unit_keep();
    AUTO(secret_free) struct secret *s = unit_secret(slice_of_string(passphrase));
    OK(skesk_write(b, 6, CIPHER_AES256, AEAD_OCB, s, session_key(), keys_world()));
    add(l, PACKET_SKESK, buf_view(b));
}

enum { WORK_OF_ONE = 6 * 32 * 1024, ALLOWED = WORK_OF_ONE * 5 / 2 };

static err *find(struct esk_list *l, const char *first, const char *second)
{
    struct key_ring ring = {.passphrases = {first, second}};
    const struct s2k_limits limits = {.argon2_kib = 1 << 16, .work_kib = ALLOWED};
    const struct encdata data = {.kind = ENCDATA_AEAD, .cipher = CIPHER_AES256, .aead = AEAD_OCB};
    CLEANUP(session_clear) struct session s = {0};
    keys_ring(&ring);
    const struct session_params p = {.finder = &ring.finder, .limits = &limits};
    TRY(session_find(l, &data, &p, &s));
    SAME(secret_view(s.key), secret_view(session_key()));
    assert_true(s.by_passphrase);
    return NULL;
}

static void packets_of_no_use_are_passed_over(void **state)
{
    (void)state;
    CLEANUP(esk_list_clear) struct esk_list l = {0};
    add(&l, PACKET_PKESK, unit_hex("030102"));
    add(&l, PACKET_PKESK, unit_hex("99"));
    add(&l, PACKET_SKESK, unit_hex("0603"));
    add(&l, PACKET_SKESK, unit_hex("0409 63"));
    add_passphrase(&l, "right");
    assert_int_equal(l.n_unusable, 4);
    OK(find(&l, "wrong", "right"));
    FAILS(ERR_CANNOT_DECRYPT, find(&l, "wrong", NULL));
}

static void where_nothing_else_is_there_the_flaw_is_told(void **state)
{
    (void)state;
    CLEANUP(esk_list_clear) struct esk_list malformed = {0}, unknown = {0};
    add(&malformed, PACKET_PKESK, unit_hex("99"));
    add(&malformed, PACKET_PKESK, unit_hex("030102"));
    FAILS(ERR_MALFORMED, find(&malformed, NULL, NULL));
    add(&unknown, PACKET_PKESK, unit_hex("99"));
    FAILS(ERR_CANNOT_DECRYPT, find(&unknown, NULL, NULL));
}

/* Two are within the limit, but not a third. */
static void a_passphrase_costs_no_more_than_allowed_however_many_packets(void **state)
{
    (void)state;
    CLEANUP(esk_list_clear) struct esk_list l = {0};
    add_passphrase(&l, "first");
    add_passphrase(&l, "second");
    OK(find(&l, "wrong", "second"));
    FAILS(ERR_CANNOT_DECRYPT, find(&l, "wrong", "worse"));
    add_passphrase(&l, "third");
    FAILS(ERR_LIMIT, find(&l, "third", NULL));
    OK(find(&l, "third", "first"));
}

/* [RFC9580 3.7.1.4]: 2^17 KiB, more memory than allowed */
static void one_that_costs_too_much_does_not_stop_the_others(void **state)
{
    (void)state;
    CLEANUP(esk_list_clear) struct esk_list l = {0};
    struct buf *b = unit_keep();
    buf_bytes(b, unit_hex("06 26 09 02 14 04 000102030405060708090a0b0c0d0e0f 01 04 11"));
    buf_bytes(b, unit_hex("000102030405060708090a0b0c0d0e"));
    buf_bytes(b, unit_hex("000102030405060708090a0b0c0d0e0f 000102030405060708090a0b0c0d0e0f"
                          "000102030405060708090a0b0c0d0e0f"));
    add(&l, PACKET_SKESK, buf_view(b));
    assert_int_equal(l.n_unusable, 0);
    FAILS(ERR_LIMIT, find(&l, "right", NULL));
    add_passphrase(&l, "right");
    OK(find(&l, "right", NULL));
    OK(find(&l, "wrong", "right"));
}

/* With a session key that is known nothing else is asked, and a wrong one is told as such. */
static err *use(uint8_t cipher, size_t len, const struct encdata *data, struct slice start)
{
    static const struct key_finder nobody;
    const struct s2k_limits limits = {0};
    AUTO(secret_free) struct secret *key = unit_secret(
        slice_of(secret_view(session_key()).data, len));
    const struct session known = {.key = key, .cipher = cipher};
    const struct session_params p = {
        .finder = &nobody, .known = &known, .limits = &limits, .start = start};
    CLEANUP(session_clear) struct session s = {0};
    CLEANUP(esk_list_clear) struct esk_list none = {0};
    TRY(session_find(&none, data, &p, &s));
    SAME(secret_view(s.key), secret_view(key));
    assert_int_equal(s.cipher, CIPHER_AES256);
    assert_false(s.by_passphrase);
    return NULL;
}

static void a_known_session_key_is_used(void **state)
{
    (void)state;
    const struct encdata aead = {.kind = ENCDATA_AEAD, .cipher = CIPHER_AES256, .aead = AEAD_OCB};
    const struct encdata mdc = {.kind = ENCDATA_MDC};
    /* The first octets of CFB, whose last two repeat those before; or do not. */
    uint8_t start[BLOCK_MAX + 2] = {0};
    struct cfb cfb;
    AUTO(cipher_free) struct cipher *c = NULL;
    OK(cipher_new(CIPHER_AES256, secret_view(session_key()), &c));
    cfb_start(&cfb, c, NULL);
    cfb_seal(&cfb, start, start, sizeof start);
    cfb_clear(&cfb);
    OK(use(CIPHER_AES256, 32, &mdc, SLICE_OF(start)));
    OK(use(0, 32, &aead, slice_of(NULL, 0)));
    FAILS(ERR_CANNOT_DECRYPT, use(CIPHER_AES128, 16, &aead, slice_of(NULL, 0)));
    FAILS(ERR_CANNOT_DECRYPT, use(CIPHER_AES256, 16, &mdc, SLICE_OF(start)));
    FAILS(ERR_CANNOT_DECRYPT, use(99, 32, &mdc, SLICE_OF(start)));
    start[17] ^= 1;
    FAILS(ERR_CANNOT_DECRYPT, use(CIPHER_AES256, 32, &mdc, SLICE_OF(start)));
}

/* Which versions of session key packets go with which data [RFC9580 10.3.2.1]. */

static void add_for_key(struct esk_list *l, const struct cert *c, uint8_t version)
{
    const struct component *k = &c->components.items[c->components.n - 1];
    const struct pk_session session = {.with_cipher = version == 3,
                                       .cipher = CIPHER_AES256,
                                       .key = (struct secret *)session_key(),
                                       .fingerprint = fingerprint_view(&k->key.fpr)};
    struct buf *fields = unit_keep(), *body = unit_keep();
    OK(pk_wrap(k->key.algo, k->key.material, keys_world(), &session, fields));
    const struct pkesk packet = {.version = version,
                                 .algo = k->key.algo,
                                 .recipient = {.fpr = k->key.fpr, .id = k->key.id},
                                 .fields = buf_view(fields)};
    pkesk_write(&packet, body);
    add(l, PACKET_PKESK, buf_view(body));
}

static err *find_for(struct esk_list *l, struct cert *c, enum encdata_kind kind)
{
    struct key_ring ring = {.certs = {c}, .passphrases = {"right"}};
    const struct encdata data = {.kind = kind, .cipher = CIPHER_AES256, .aead = AEAD_OCB};
    CLEANUP(session_clear) struct session s = {0};
    keys_ring(&ring);
    const struct session_params p = {.finder = &ring.finder,
                                     .limits = &s2k_default_limits,
                                     .policy = &policy_default,
                                     .now = world_now(keys_world())};
    TRY(session_find(l, &data, &p, &s));
    SAME(secret_view(s.key), secret_view(session_key()));
    assert_int_equal(s.cipher, CIPHER_AES256);
    return NULL;
}

static void check_fits(struct esk_list *l, struct cert *c, bool old, bool new)
{
    for (int kind = ENCDATA_NOTHING; kind <= ENCDATA_AEAD; kind++) {
        bool fits = kind == ENCDATA_AEAD ? new : old;
        err *e = find_for(l, c, (enum encdata_kind)kind);
        assert_int_equal(err_kind_of(e), fits ? ERR_NONE : ERR_CANNOT_DECRYPT);
        err_free(e);
    }
    esk_list_clear(l);
}

static void versions_fit_the_data(void **state)
{
    (void)state;
    AUTO(cert_free) struct cert *c = keys_make("default", "a", NULL);
    AUTO(secret_free) struct secret *right = unit_secret(SLICE_TEXT("right"));
    for (uint8_t version = 4; version <= 6; version += 2) {
        struct esk_list l = {0};
        struct buf *b = unit_keep();
        OK(skesk_write(b, version, CIPHER_AES256, AEAD_OCB, right, session_key(), keys_world()));
        add(&l, PACKET_SKESK, buf_view(b));
        check_fits(&l, NULL, version == 4, version == 6);
    }
    for (uint8_t version = 3; version <= 6; version += 3) {
        struct esk_list l = {0};
        add_for_key(&l, c, version);
        check_fits(&l, c, version == 3, version == 6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_of_no_use_are_passed_over),
        cmocka_unit_test(where_nothing_else_is_there_the_flaw_is_told),
        cmocka_unit_test(a_passphrase_costs_no_more_than_allowed_however_many_packets),
        cmocka_unit_test(one_that_costs_too_much_does_not_stop_the_others),
        cmocka_unit_test(a_known_session_key_is_used),
        cmocka_unit_test(versions_fit_the_data),
    };
    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
