/* Wycheproof's vectors for X448.  pk_unwrap computes the shared secret of a scalar and a
 * point, but keeps it; so a session key is wrapped by hand with the secret that ought to
 * come out, and must be found again [RFC9580 5.1.7]. */
#include "json.h"

#include <nettle/curve448.h>

#include "crypto/algo.h"
#include "crypto/kdf.h"
#include "crypto/pk.h"

static const uint8_t session_key[32] = "any key of thirty-two bytes will";

/* What a sender would make who has the secret key of `ephemeral`, and with it `shared`. */
static struct slice wrap(struct slice ephemeral, struct slice recipient, struct slice shared)
{
    struct buf *esk = unit_keep();
    AUTO(secret_free) struct secret *kek = NULL;
    struct slice input = unit_joined(unit_joined(ephemeral, recipient), shared);
    OK(kdf_hkdf(HASH_SHA512, input, SLICE_EMPTY, SLICE_TEXT("OpenPGP X448"), 32, &kek));
    buf_bytes(esk, ephemeral);
    buf_u8(esk, sizeof session_key + 8);
    OK(kdf_wrap(kek, SLICE_OF(session_key), buf_extend(esk, sizeof session_key + 8)));
    return buf_view(esk);
}

static enum outcome opens(struct slice public, struct slice private, struct slice esk)
{
    AUTO(secret_free) struct secret *secret = unit_secret(private);
    struct pk_session session = {0};
    enum err_kind kind = drop(pk_unwrap(PK_X448, public, secret, esk, &session));
    bool same = kind == ERR_NONE && slice_equal(secret_view(session.key), SLICE_OF(session_key));
    secret_free(session.key);
    if (kind == ERR_CANNOT_DECRYPT)
        return REJECTED;
    return same ? ACCEPTED : WRONG;
}

static enum outcome check_x448(struct record *r, int variant)
{
    static const uint8_t zero[CURVE448_SIZE];
    uint8_t own[CURVE448_SIZE];
    struct slice point = record_hex(r, "public"), private = record_hex(r, "private");
    struct slice shared = record_hex(r, "shared");
    (void)variant;
    assert_int_equal(private.len, CURVE448_SIZE);
    curve448_mul_g(own, private.data);
    enum outcome outcome = opens(SLICE_OF(own), private, wrap(point, SLICE_OF(own), shared));
    bool impossible = point.len != CURVE448_SIZE || slice_equal(shared, SLICE_OF(zero));
    if (impossible)
        return outcome == REJECTED ? REJECTED : WRONG;
    /* That it does not open with just any secret. */
    struct slice other = wrap(point, SLICE_OF(own), unit_flipped(shared, 100));
    return opens(SLICE_OF(own), private, other) == REJECTED ? outcome : WRONG;
}

/* Rejected are points of 57 bytes, and those whose shared secret is zero, which are among
 * the acceptable [RFC7748 6.2]; acceptable too, and accepted, are points of the twist, above
 * the prime, and those of small order that make another secret. */
static void x448(void **state)
{
    (void)state;
    json_run("wycheproof/x448_test.json", check_x448, 0,
             (struct tally){.accepted = 487, .rejected = 23});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(x448),
    };
    return cmocka_run_group_tests_name("wycheproof_x448", tests, NULL, NULL);
}
