/* NIST P-256, P-384, P-521 by Nettle, whose scalar multiplication does not
 * branch on secrets. */
#include "crypto/curve.h"

#include <nettle/dsa.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>
#include <nettle/ecdsa.h>

#include "crypto/algo.h"
#include "crypto/mpz.h"
#include "crypto/random.h"

/* Nettle's curves are known by functions. */
struct parameters {
    const struct ecc_curve *(*get)(void);
};

static const struct ecc_curve *ecc_of(const struct curve *c)
{
    return ((const struct parameters *)c->parameters)->get();
}

#define POINT(name, c)                                                                             \
    CLEANUP(ecc_point_clear) struct ecc_point name;                                                \
    ecc_point_init(&name, ecc_of(c))

#define SCALAR(name, c)                                                                            \
    CLEANUP(ecc_scalar_clear) struct ecc_scalar name;                                              \
    ecc_scalar_init(&name, ecc_of(c))

static err *malformed(const struct curve *c, const char *what)
{
    return err_new(ERR_MALFORMED, "%s: impossible %s", c->name, what);
}

static err *load_point(const struct curve *c, struct slice bytes, struct ecc_point *p)
{
    MPZ(x);
    MPZ(y);
    if (bytes.len != 1 + 2 * (size_t)c->field_len || bytes.data[0] != 0x04)
        return malformed(c, "point");
    mpz_from_bytes(x, slice_of(bytes.data + 1, c->field_len));
    mpz_from_bytes(y, slice_of(bytes.data + 1 + c->field_len, c->field_len));
    return ecc_point_set(p, x, y) ? NULL : malformed(c, "point");
}

static err *load_scalar(const struct curve *c, struct slice bytes, struct ecc_scalar *s)
{
    MPZ(x);
    mpz_from_bytes(x, bytes);
    return ecc_scalar_set(s, x) ? NULL : malformed(c, "secret key");
}

static void store_point(const struct curve *c, const struct ecc_point *p, struct buf *out)
{
    MPZ(x);
    MPZ(y);
    ecc_point_get(p, x, y);
    buf_u8(out, 0x04);
    uint8_t *room = buf_extend(out, 2 * (size_t)c->field_len);
    if (room != NULL) {
        mpz_to_bytes(x, room, c->field_len);
        mpz_to_bytes(y, room + c->field_len, c->field_len);
    }
}

static err *generate(const struct curve *c, const struct world *w, struct buf *point,
                     struct secret **scalar)
{
    POINT(p, c);
    SCALAR(s, c);
    MPZ(x);
    CLEANUP(random_clear) struct random_source random = {0};
    TRY(random_init(&random, w));
    ecc_scalar_random(&s, &random, random_fill);
    ecc_point_mul_g(&p, &s);
    store_point(c, &p, point);
    ecc_scalar_get(&s, x);
    TRY(secret_new(c->field_len, scalar));
    mpz_to_bytes(x, secret_data(*scalar), c->field_len);
    return NULL;
}

static err *check(const struct curve *c, struct slice point, struct slice scalar)
{
    POINT(p, c);
    SCALAR(s, c);
    CLEANUP(buf_clear) struct buf expected = BUF_EMPTY(POINT_MAX);
    TRY(load_scalar(c, scalar, &s));
    ecc_point_mul_g(&p, &s);
    store_point(c, &p, &expected);
    TRY(buf_end(&expected));
    return slice_equal(buf_view(&expected), point) ? NULL : malformed(c, "key pair");
}

static err *shared(const struct curve *c, struct slice point, struct slice scalar,
                   struct secret **out)
{
    POINT(p, c);
    SCALAR(s, c);
    MPZ(x);
    MPZ(y);
    TRY(load_point(c, point, &p));
    TRY(load_scalar(c, scalar, &s));
    ecc_point_mul(&p, &s, &p);
    ecc_point_get(&p, x, y);
    TRY(secret_new(c->field_len, out));
    mpz_to_bytes(x, secret_data(*out), c->field_len);
    return NULL;
}

static err *sign(const struct curve *c, struct slice scalar, const struct world *w,
                 struct slice digest, struct buf *signature)
{
    SCALAR(s, c);
    CLEANUP(dsa_signature_clear) struct dsa_signature made;
    dsa_signature_init(&made);
    CLEANUP(random_clear) struct random_source random = {0};
    TRY(load_scalar(c, scalar, &s));
    TRY(random_init(&random, w));
    ecdsa_sign(&s, &random, random_fill, digest.len, digest.data, &made);
    mpz_to_mpi(made.r, signature);
    mpz_to_mpi(made.s, signature);
    return NULL;
}

static bool verify(const struct curve *c, struct slice point, struct slice digest, struct slice r,
                   struct slice s)
{
    POINT(p, c);
    CLEANUP(dsa_signature_clear) struct dsa_signature given;
    dsa_signature_init(&given);
    err *e = load_point(c, point, &p);
    mpz_from_bytes(given.r, r);
    mpz_from_bytes(given.s, s);
    bool good = e == NULL && ecdsa_verify(&p, digest.len, digest.data, &given);
    err_free(e);
    return good;
}

static const struct parameters p256 = {nettle_get_secp_256r1};
static const struct parameters p384 = {nettle_get_secp_384r1};
static const struct parameters p521 = {nettle_get_secp_521r1};

#define OID(...)                                                                                   \
    {                                                                                              \
        (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})                     \
    }

#define FUNCTIONS                                                                                  \
    .generate = generate, .check = check, .shared = shared, .sign = sign, .verify = verify

const struct curve curve_p256 = {
    .id = CURVE_P256,
    .name = "NIST P-256",
    .oid = OID(0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07),
    .bits = 256,
    .field_len = 32,
    .kdf_hash = HASH_SHA256,
    .kek_cipher = CIPHER_AES128,
    .parameters = &p256,
    FUNCTIONS,
};

const struct curve curve_p384 = {
    .id = CURVE_P384,
    .name = "NIST P-384",
    .oid = OID(0x2B, 0x81, 0x04, 0x00, 0x22),
    .bits = 384,
    .field_len = 48,
    .kdf_hash = HASH_SHA384,
    .kek_cipher = CIPHER_AES192,
    .parameters = &p384,
    FUNCTIONS,
};

const struct curve curve_p521 = {
    .id = CURVE_P521,
    .name = "NIST P-521",
    .oid = OID(0x2B, 0x81, 0x04, 0x00, 0x23),
    .bits = 521,
    .field_len = 66,
    .kdf_hash = HASH_SHA512,
    .kek_cipher = CIPHER_AES256,
    .parameters = &p521,
    FUNCTIONS,
};
