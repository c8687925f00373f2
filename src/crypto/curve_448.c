/* X448 in the clothes of ECDH, as GnuPG makes it for keys of version 5: point and
 * scalar are X448's native bytes, written like integers, so that leading zeros
 * may have been lost. */
#include "crypto/curve.h"

#include <nettle/curve448.h>

#include "base/mem.h"
#include "crypto/algo.h"
#include "crypto/ct.h"
#include "crypto/mpi.h"

enum { LEN = CURVE448_SIZE };

static err *malformed(const char *what)
{
    return err_new(ERR_MALFORMED, "X448: impossible %s", what);
}

static err *generate(const struct curve *c, const struct world *w, struct buf *point,
                     struct secret **scalar)
{
    (void)c;
    AUTO(secret_free) struct secret *n = NULL;
    TRY(world_random_secret(w, LEN, &n));
    uint8_t *room = buf_extend(point, LEN);
    if (room != NULL)
        curve448_mul_g(room, secret_view(n).data);
    *scalar = TAKE(n);
    return NULL;
}

static err *check(const struct curve *c, struct slice point, struct slice scalar)
{
    (void)c;
    uint8_t n[LEN], given[LEN], expected[LEN];
    if (!mpi_pad(point, given, LEN))
        return malformed("point");
    if (!mpi_pad(scalar, n, LEN))
        return malformed("secret key");
    curve448_mul_g(expected, n);
    mem_wipe(n, sizeof n);
    return slice_equal(SLICE_OF(expected), SLICE_OF(given)) ? NULL : malformed("key pair");
}

static err *shared(const struct curve *c, struct slice point, struct slice scalar,
                   struct secret **out)
{
    (void)c;
    static const uint8_t zero[LEN];
    uint8_t n[LEN], native[LEN];
    AUTO(secret_free) struct secret *s = NULL;
    if (!mpi_pad(point, native, LEN))
        return malformed("point");
    TRY(secret_new(LEN, &s));
    if (!mpi_pad(scalar, n, LEN))
        return malformed("secret key");
    curve448_mul(secret_data(s), n, native);
    mem_wipe(n, sizeof n);
    /* A point of small order gives zero, whatever the secret [RFC7748 6.2]. */
    if (ct_equal(secret_view(s), SLICE_OF(zero)))
        return malformed("point");
    *out = TAKE(s);
    return NULL;
}

static const uint8_t oid[] = {0x2B, 0x65, 0x6F};

const struct curve curve_448_legacy = {
    .id = CURVE_448_LEGACY,
    .name = "X448",
    .oid = {oid, sizeof oid},
    .bits = 448,
    .field_len = LEN,
    .kdf_hash = HASH_SHA512,
    .kek_cipher = CIPHER_AES256,
    .legacy = true,
    .generate = generate,
    .check = check,
    .shared = shared,
};
