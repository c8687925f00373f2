/* DSA (17) and Elgamal (16): read, never made.  DSA signatures can be verified,
 * Elgamal session keys decrypted [RFC9580 12.5, 12.6]. */
#include "crypto/pk_algos.h"

#include <nettle/dsa.h>
#include <string.h>

#include "crypto/mpi.h"
#include "crypto/mpz.h"
#include "crypto/pk_session.h"

enum { MIN_PRIME_BITS = 512 };

static void skip_one(struct reader *r)
{
    mpi_read(r);
}

static void skip_two(struct reader *r)
{
    mpi_read(r);
    mpi_read(r);
}

static void skip_three(struct reader *r)
{
    skip_two(r);
    mpi_read(r);
}

static void skip_four(struct reader *r)
{
    skip_two(r);
    skip_two(r);
}

static unsigned prime_bits(struct slice public)
{
    struct reader r = reader_init(public, "key");
    return (unsigned)mpi_bits(mpi_read(&r));
}

/* The modulus comes first; an even or tiny one would upset GMP. */
static err *check_prime(struct slice p)
{
    if (mpi_bits(p) < MIN_PRIME_BITS || p.data[p.len - 1] % 2 == 0)
        return err_new(ERR_MALFORMED, "impossible prime in key");
    return NULL;
}

/* y = g^x mod p */
static err *check_power(const mpz_t p, const mpz_t g, const mpz_t y, const struct secret *secret)
{
    struct reader r = reader_init(secret_view(secret), "secret key");
    MPZ(x);
    MPZ(expected);
    mpz_from_bytes(x, mpi_read(&r));
    TRY(reader_end(&r));
    if (mpz_sgn(x) == 0)
        return err_new(ERR_MALFORMED, "the secret key is zero");
    mpz_powm_sec(expected, g, x, p);
    if (mpz_cmp(expected, y) != 0)
        return err_new(ERR_MALFORMED, "the secret key does not belong to the public one");
    return NULL;
}

/* DSA */

static err *load_dsa(struct slice public, struct dsa_params *params, mpz_t y)
{
    struct reader r = reader_init(public, "DSA key");
    struct slice p = mpi_read(&r), q = mpi_read(&r);
    mpz_from_bytes(params->p, p);
    mpz_from_bytes(params->q, q);
    mpz_from_bytes(params->g, mpi_read(&r));
    mpz_from_bytes(y, mpi_read(&r));
    TRY(reader_end(&r));
    if (mpi_bits(q) < 160 || q.data[q.len - 1] % 2 == 0)
        return err_new(ERR_MALFORMED, "DSA: impossible group order");
    return check_prime(p);
}

#define PARAMS(name)                                                                               \
    CLEANUP(dsa_params_clear) struct dsa_params name;                                              \
    dsa_params_init(&name)

static err *check_dsa(struct slice public, const struct secret *secret)
{
    PARAMS(params);
    MPZ(y);
    TRY(load_dsa(public, &params, y));
    return check_power(params.p, params.g, y, secret);
}

/* The digest must be as long as q [RFC9580 5.2.3.2]; Nettle truncates it. */
static bool verify_dsa(struct slice public, uint8_t hash, struct slice digest,
                       struct slice signature)
{
    PARAMS(params);
    MPZ(y);
    CLEANUP(dsa_signature_clear) struct dsa_signature s;
    dsa_signature_init(&s);
    (void)hash;
    struct reader r = reader_init(signature, "DSA signature");
    mpz_from_bytes(s.r, mpi_read(&r));
    mpz_from_bytes(s.s, mpi_read(&r));
    err *e = reader_end(&r);
    if (e == NULL)
        e = load_dsa(public, &params, y);
    bool good = e == NULL && digest.len * 8 >= mpz_sizeinbase(params.q, 2) &&
                dsa_verify(&params, y, digest.len, digest.data, &s);
    err_free(e);
    return good;
}

/* Elgamal */

static err *load_elgamal(struct slice public, mpz_t p, mpz_t g, mpz_t y)
{
    struct reader r = reader_init(public, "Elgamal key");
    struct slice prime = mpi_read(&r);
    mpz_from_bytes(p, prime);
    mpz_from_bytes(g, mpi_read(&r));
    mpz_from_bytes(y, mpi_read(&r));
    TRY(reader_end(&r));
    return check_prime(prime);
}

static err *check_elgamal(struct slice public, const struct secret *secret)
{
    MPZ(p);
    MPZ(g);
    MPZ(y);
    TRY(load_elgamal(public, p, g, y));
    return check_power(p, g, y, secret);
}

/* EME-PKCS1-v1_5 [RFC9580 12.1.2]: 00 02 padding 00 message.  Every byte is
 * looked at alike; what the message is shows only in its length. */
static bool unpad(struct slice block, struct slice *message)
{
    uint8_t wrong = block.data[0] | (block.data[1] ^ 2);
    uint8_t found = 0;
    size_t start = 0;
    for (size_t i = 2; i < block.len; i++) {
        uint8_t is_zero = (uint8_t)((((unsigned)block.data[i] - 1) >> 8) & 1);
        uint8_t first = (uint8_t)(is_zero & (found ^ 1));
        start |= (i + 1) & (0 - (size_t)first);
        found |= is_zero;
    }
    /* At least eight bytes of padding. */
    wrong |= (uint8_t)(found ^ 1);
    wrong |= (uint8_t)(start < 2 + 8 + 1);
    *message = slice_from(block, start);
    return wrong == 0;
}

/* m = c2 / c1^x = c2 * c1^(p-1-x) mod p, as bytes as long as p. */
static err *decrypt_elgamal(const mpz_t p, const mpz_t x, const mpz_t c1, const mpz_t c2,
                            struct secret **out)
{
    MPZ(exponent);
    MPZ(m);
    mpz_sub(exponent, p, x);
    mpz_sub_ui(exponent, exponent, 1);
    if (mpz_sgn(c1) == 0 || mpz_cmp(c1, p) >= 0 || mpz_sgn(exponent) <= 0)
        return err_new(ERR_CANNOT_DECRYPT, "Elgamal");
    mpz_powm_sec(m, c1, exponent, p);
    mpz_sec_mul(m, m, c2);
    mpz_sec_mod(m, m, p);
    size_t len = (mpz_sizeinbase(p, 2) + 7) / 8;
    TRY(secret_new(len, out));
    mpz_to_bytes(m, secret_data(*out), len);
    return NULL;
}

static err *unwrap_elgamal(struct slice public, const struct secret *secret, struct slice esk,
                           struct pk_session *session)
{
    struct reader key = reader_init(secret_view(secret), "Elgamal secret key");
    struct reader fields = reader_init(esk, "Elgamal session key");
    AUTO(secret_free) struct secret *block = NULL;
    struct slice message;
    bool good = false;
    MPZ(p);
    MPZ(g);
    MPZ(y);
    MPZ(x);
    MPZ(c1);
    MPZ(c2);
    TRY(load_elgamal(public, p, g, y));
    mpz_from_bytes(x, mpi_read(&key));
    TRY(reader_end(&key));
    mpz_from_bytes(c1, mpi_read(&fields));
    mpz_from_bytes(c2, mpi_read(&fields));
    TRY(reader_end(&fields));
    TRY(decrypt_elgamal(p, x, c1, c2, &block));
    if (unpad(secret_view(block), &message))
        TRY(pk_session_decode(message, session, &good));
    return good ? NULL : err_new(ERR_CANNOT_DECRYPT, "Elgamal");
}

const struct pk_algo pk_dsa = {
    .id = PK_DSA,
    .name = "DSA",
    .uses = PK_SIGNS,
    .skip_public = skip_four,
    .skip_secret = skip_one,
    .skip_signature = skip_two,
    .bits = prime_bits,
    .check = check_dsa,
    .verify = verify_dsa,
};

const struct pk_algo pk_elgamal = {
    .id = PK_ELGAMAL,
    .name = "Elgamal",
    .uses = PK_ENCRYPTS,
    .skip_public = skip_three,
    .skip_secret = skip_one,
    .skip_esk = skip_two,
    .bits = prime_bits,
    .check = check_elgamal,
    .unwrap = unwrap_elgamal,
};
