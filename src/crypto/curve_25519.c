/* Curve25519Legacy: X25519 in the clothes of ECDH, for v4 keys only.  The scalar
 * is a big-endian integer, X25519's native form is little-endian
 * [RFC9580 5.5.5.6.1.1]. */
#include "crypto/curve.h"

#include <nettle/curve25519.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/algo.h"
#include "crypto/ct.h"
#include "crypto/mpi.h"

enum { LEN = CURVE25519_SIZE, PREFIX = 0x40 };

static err *malformed(const char *what)
{
    return err_new(ERR_MALFORMED, "Curve25519: impossible %s", what);
}

/* The caller wipes native. */
static err *load_scalar(struct slice scalar, uint8_t native[static LEN])
{
    uint8_t big_endian[LEN];
    if (!mpi_pad(scalar, big_endian, LEN))
        return malformed("secret key");
    for (size_t i = 0; i < LEN; i++)
        native[i] = big_endian[LEN - 1 - i];
    mem_wipe(big_endian, sizeof big_endian);
    return NULL;
}

/* The top bit, which X25519 itself ignores, must be clear: nobody sets it, and a
 * message has one form only. */
static err *load_point(struct slice point, struct slice *native)
{
    if (point.len != 1 + LEN || point.data[0] != PREFIX || point.data[LEN] >= 0x80)
        return malformed("point");
    *native = slice_from(point, 1);
    return NULL;
}

static err *generate(const struct curve *c, const struct world *w, struct buf *point,
                     struct secret **scalar)
{
    (void)c;
    AUTO(secret_free) struct secret *native = NULL, *made = NULL;
    TRY(world_random_secret(w, LEN, &native));
    uint8_t *n = secret_data(native);
    n[0] &= 248;
    n[LEN - 1] = (uint8_t)((n[LEN - 1] & 127) | 64);
    buf_u8(point, PREFIX);
    uint8_t *room = buf_extend(point, LEN);
    if (room != NULL)
        curve25519_mul_g(room, n);
    TRY(secret_new(LEN, &made));
    for (size_t i = 0; i < LEN; i++)
        secret_data(made)[i] = n[LEN - 1 - i];
    *scalar = TAKE(made);
    return NULL;
}

static err *check(const struct curve *c, struct slice point, struct slice scalar)
{
    (void)c;
    uint8_t n[LEN], expected[LEN];
    struct slice native = SLICE_EMPTY;
    TRY(load_point(point, &native));
    TRY(load_scalar(scalar, n));
    curve25519_mul_g(expected, n);
    mem_wipe(n, sizeof n);
    return slice_equal(SLICE_OF(expected), native) ? NULL : malformed("key pair");
}

static err *shared(const struct curve *c, struct slice point, struct slice scalar,
                   struct secret **out)
{
    (void)c;
    static const uint8_t zero[LEN];
    uint8_t n[LEN];
    struct slice native = SLICE_EMPTY;
    AUTO(secret_free) struct secret *s = NULL;
    TRY(load_point(point, &native));
    TRY(secret_new(LEN, &s));
    TRY(load_scalar(scalar, n));
    curve25519_mul(secret_data(s), n, native.data);
    mem_wipe(n, sizeof n);
    /* A point of small order gives zero, whatever the secret [RFC7748 6.1]. */
    if (ct_equal(secret_view(s), SLICE_OF(zero)))
        return malformed("point");
    *out = TAKE(s);
    return NULL;
}

static const uint8_t oid[] = {0x2B, 0x06, 0x01, 0x04, 0x01, 0x97, 0x55, 0x01, 0x05, 0x01};

const struct curve curve_25519_legacy = {
    .id = CURVE_25519_LEGACY,
    .name = "Curve25519",
    .oid = {oid, sizeof oid},
    .bits = 255,
    .field_len = LEN,
    .kdf_hash = HASH_SHA256,
    .kek_cipher = CIPHER_AES128,
    .legacy = true,
    .generate = generate,
    .check = check,
    .shared = shared,
};
