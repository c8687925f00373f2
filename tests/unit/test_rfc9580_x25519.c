/* A.8.1 and A.8.2 of RFC 9580: a session key encrypted to an X25519 key, step by
 * step.  The data behind it is in test_rfc9580_messages.c. */
#include "unit.h"
#include "kit.h"
#include "rfc9580.h"

#include <nettle/curve25519.h>

#include "crypto/algo.h"
#include "crypto/kdf.h"
#include "packet/pkesk.h"

/* [RFC9580 A.8.1] */
#define RECIPIENT "12c83f1e706f6308fe151a417743a1f033790e93e9978488d1db378da9930885"
#define ESK       "de a3 55 43 79 56 61 79 01 e0 69 57 fb ca 8a 6a 47 a5 b5 15 3e 8d 3a b7"

/* [RFC9580 A.8.2] */
#define EPHEMERAL                                                                                  \
    "87 cf 18 d5 f1 b5 3f 81 7c ce 5a 00 4c f3 93 cc 89 58 bd dc 06 5f 25 f8 4a f5 09 b1 7d d3 "   \
    "67 64"
#define EPHEMERAL_SECRET                                                                           \
    "af 1e 43 c0 d1 23 ef e8 93 a7 d4 d3 90 f3 a7 61 e3 fa c3 3d fc 7f 3e da a8 30 c9 01 13 52 "   \
    "c7 79"
#define PUBLIC                                                                                     \
    "86 93 24 83 67 f9 e5 01 5d b9 22 f8 f4 80 95 dd a7 84 98 7f 2d 59 85 b1 2f ba d1 6c af 5e "   \
    "44 35"
#define SECRET                                                                                     \
    "4d 60 0a 4f 79 4d 44 77 5c 57 a2 6e 0f ee fe d5 58 e9 af ff d6 ad 0d 58 2d 57 fb 2b a2 dc "   \
    "ed b8"
#define SHARED                                                                                     \
    "67 e3 0e 69 cd c7 ba b2 a2 68 0d 78 ac a4 6a 2f 8b 6e 2a e4 4d 39 8b dc 6f 92 c5 ad 4a 49 "   \
    "25 14"
#define KEK         "f6 6d ad cf f6 45 92 23 9b 25 45 39 b6 4f f6 07"
#define SESSION_KEY "dd 70 8f 6f a1 ed 65 11 4d 68 d2 34 3e 7c 2f 1d"

/* The subkey of A.3 and A.4. */
static struct seckey recipient(void)
{
    struct slice secret = rfc9580_packets("A.4-v6-secret-key.asc", ARMOR_PRIVATE_KEY);
    struct slice public = rfc9580_packets("A.3-v6-certificate.asc", ARMOR_PUBLIC_KEY);
    struct slice body = rfc9580_body(secret, 2, PACKET_SECRET_SUBKEY);
    struct seckey k = rfc9580_seckey(body, PACKET_SECRET_SUBKEY);
    SAME(k.public.body, rfc9580_body(public, 2, PACKET_PUBLIC_SUBKEY));
    SAME(k.public.material, unit_hex(PUBLIC));
    SAME(k.content, unit_hex(SECRET));
    return k;
}

static struct pkesk session_packet(void)
{
    struct pkesk s;
    struct buf *b = unit_keep(), *whole = unit_keep();
    struct slice packets = rfc9580_packets("A.8-x25519-aead-ocb-message.asc", ARMOR_MESSAGE);
    struct packet p = rfc9580_packet(packets, 0, PACKET_PKESK);
    SAME(p.whole, rfc9580_hex("A.8.1-pkesk6.hex"));
    struct reader r = reader_init(p.body, "session key packet");
    OK(pkesk_parse(&r, &s));
    pkesk_write(&s, b);
    packet_write(whole, PACKET_PKESK, buf_view(b));
    SAME(buf_view(whole), p.whole);
    return s;
}

static void a8_fields(void **state)
{
    (void)state;
    struct pkesk s = session_packet();
    struct pubkey key = recipient().public;
    assert_int_equal(s.version, 6);
    assert_int_equal(s.algo, PK_X25519);
    assert_int_equal(s.recipient.fpr.version, 6);
    SAME(fingerprint_view(&s.recipient.fpr), unit_hex(RECIPIENT));
    assert_true(pubkey_matches(&key, &s.recipient));
    SAME(s.fields, unit_hex(EPHEMERAL "18" ESK));
}

static void a8_steps(void **state)
{
    (void)state;
    uint8_t point[CURVE25519_SIZE], wrapped[24];
    AUTO(secret_free) struct secret *kek = NULL, *key = NULL;
    curve25519_mul_g(point, unit_hex(EPHEMERAL_SECRET).data);
    SAME(SLICE_OF(point), unit_hex(EPHEMERAL));
    curve25519_mul_g(point, unit_hex(SECRET).data);
    SAME(SLICE_OF(point), unit_hex(PUBLIC));
    curve25519_mul(point, unit_hex(EPHEMERAL_SECRET).data, unit_hex(PUBLIC).data);
    SAME(SLICE_OF(point), unit_hex(SHARED));
    curve25519_mul(point, unit_hex(SECRET).data, unit_hex(EPHEMERAL).data);
    SAME(SLICE_OF(point), unit_hex(SHARED));
    OK(kdf_hkdf(HASH_SHA256, unit_hex(EPHEMERAL PUBLIC SHARED), SLICE_EMPTY,
                SLICE_TEXT("OpenPGP X25519"), 16, &kek));
    SAME(secret_view(kek), unit_hex(KEK));
    OK(kdf_unwrap(kek, unit_hex(ESK), &key));
    SAME(secret_view(key), unit_hex(SESSION_KEY));
    OK(kdf_wrap(kek, unit_hex(SESSION_KEY), wrapped));
    SAME(SLICE_OF(wrapped), unit_hex(ESK));
}

static void a8_unwraps(void **state)
{
    (void)state;
    struct seckey k = recipient();
    struct pkesk s = session_packet();
    AUTO(secret_free) struct secret *secret = NULL;
    struct pk_session session = {.fingerprint = fingerprint_view(&k.public.fpr)};
    OK(seckey_unlock(&k, NULL, &s2k_default_limits, &secret));
    OK(pk_unwrap(s.algo, k.public.material, secret, s.fields, &session));
    SAME(secret_view(session.key), unit_hex(SESSION_KEY));
    secret_free(TAKE(session.key));
    struct buf *changed = unit_keep();
    buf_bytes(changed, s.fields);
    for (size_t bit = 0; bit < 8 * s.fields.len; bit++) {
        changed->data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        FAILS(ERR_CANNOT_DECRYPT,
              pk_unwrap(s.algo, k.public.material, secret, buf_view(changed), &session));
        assert_null(session.key);
        changed->data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

/* The next random bytes are the ephemeral secret. */
static err *ephemeral_random(void *context, void *dst, size_t len)
{
    struct slice secret = unit_hex(EPHEMERAL_SECRET);
    (void)context;
    assert_int_equal(len, secret.len);
    memcpy(dst, secret.data, len);
    return NULL;
}

static void a8_wraps(void **state)
{
    (void)state;
    const struct world w = {.random = ephemeral_random};
    struct buf *esk = unit_keep();
    struct seckey k = recipient();
    AUTO(secret_free) struct secret *key = unit_secret(unit_hex(SESSION_KEY));
    struct pk_session session = {.key = key, .fingerprint = fingerprint_view(&k.public.fpr)};
    OK(pk_wrap(PK_X25519, k.public.material, &w, &session, esk));
    SAME(buf_view(esk), session_packet().fields);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a8_fields),
        cmocka_unit_test(a8_steps),
        cmocka_unit_test(a8_unwraps),
        cmocka_unit_test(a8_wraps),
    };
    return cmocka_run_group_tests_name("rfc9580 x25519", tests, NULL, NULL);
}
