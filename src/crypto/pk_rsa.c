/* RSA (1), RSA Encrypt-Only (2), RSA Sign-Only (3): PKCS#1 v1.5 throughout
 * [RFC9580 5.1.3, 5.2.3.1, 12.1]. */
#include "crypto/pk_algos.h"

#include <nettle/pkcs1.h>
#include <nettle/rsa.h>
#include <string.h>

#include "crypto/algo.h"
#include "crypto/mpi.h"
#include "crypto/mpz.h"
#include "crypto/pk_session.h"
#include "crypto/random.h"

enum { MIN_BITS = 512, MIN_PRIME_BITS = 128, MAX_EXPONENT_BITS = 256, GENERATED_EXPONENT = 65537 };

static void skip_public(struct reader *r)
{
    mpi_read(r);
    mpi_read(r);
}

static void skip_secret(struct reader *r)
{
    for (int i = 0; i < 4; i++)
        mpi_read(r);
}

static void skip_one(struct reader *r)
{
    mpi_read(r);
}

/* n, e.  What would make GMP or Nettle stumble (an even modulus) or work for
 * seconds (a huge exponent) is malformed. */
static err *load_public(struct slice fields, struct rsa_public_key *key)
{
    struct reader r = reader_init(fields, "RSA key");
    struct slice n = mpi_read(&r), e = mpi_read(&r);
    TRY(reader_end(&r));
    if (mpi_bits(n) < MIN_BITS || n.data[n.len - 1] % 2 == 0 || mpi_bits(e) > MAX_EXPONENT_BITS ||
        e.len == 0 || e.data[e.len - 1] % 2 == 0)
        return err_new(ERR_MALFORMED, "RSA key: impossible modulus or exponent");
    mpz_from_bytes(key->n, n);
    mpz_from_bytes(key->e, e);
    return rsa_public_key_prepare(key) ? NULL : err_new(ERR_MALFORMED, "RSA key: too small");
}

/* d mod (prime - 1) */
static void reduce(mpz_t out, const mpz_t d, const mpz_t prime)
{
    MPZ(order);
    mpz_sub_ui(order, prime, 1);
    mpz_sec_mod(out, d, order);
}

static err *mismatch(void)
{
    return err_new(ERR_MALFORMED, "the secret RSA key does not belong to the public one");
}

/* Are p and q factors of n?  Nettle writes beyond its memory where one is so short, a
 * machine word, that the other is as long as n; that would be no secret anyway. */
static bool factors_fit(const struct rsa_private_key *key, const mpz_t n)
{
    MPZ(product);
    mpz_sec_mul(product, key->p, key->q);
    return mpz_cmp(product, n) == 0 && mpz_sizeinbase(key->p, 2) >= MIN_PRIME_BITS &&
           mpz_sizeinbase(key->q, 2) >= MIN_PRIME_BITS;
}

/* Is c = 1/q mod p, and below p?  Nettle aborts if it is longer. */
static bool inverse_fits(const struct rsa_private_key *key)
{
    MPZ(product);
    if (mpz_cmp(key->c, key->p) >= 0)
        return false;
    mpz_sec_mul(product, key->c, key->q);
    mpz_sec_mod(product, product, key->p);
    return mpz_cmp_ui(product, 1) == 0;
}

/* d, p, q, u = 1/p mod q.  Nettle's c is 1/q mod p: its p is our q.  It promises
 * nothing for numbers that do not belong together, nor for exponents (a, b) of zero. */
static err *load_secret(const struct secret *secret, const struct rsa_public_key *public,
                        struct rsa_private_key *key)
{
    struct reader r = reader_init(secret_view(secret), "RSA secret key");
    mpz_from_bytes(key->d, mpi_read(&r));
    mpz_from_bytes(key->q, mpi_read(&r));
    mpz_from_bytes(key->p, mpi_read(&r));
    mpz_from_bytes(key->c, mpi_read(&r));
    TRY(reader_end(&r));
    if (!factors_fit(key, public->n) || !inverse_fits(key))
        return mismatch();
    reduce(key->a, key->d, key->p);
    reduce(key->b, key->d, key->q);
    if (mpz_sgn(key->a) == 0 || mpz_sgn(key->b) == 0)
        return mismatch();
    key->size = public->size; /* rsa_private_key_prepare would multiply for it */
    return NULL;
}

struct keys {
    struct rsa_public_key public;
    struct rsa_private_key private;
};

static void keys_clear(struct keys *k)
{
    rsa_public_key_clear(&k->public);
    rsa_private_key_clear(&k->private);
}

static void keys_init(struct keys *k)
{
    rsa_public_key_init(&k->public);
    rsa_private_key_init(&k->private);
}

#define KEYS(name)                                                                                 \
    CLEANUP(keys_clear) struct keys name;                                                          \
    keys_init(&name)

static unsigned bits(struct slice public)
{
    struct reader r = reader_init(public, "RSA key");
    return (unsigned)mpi_bits(mpi_read(&r));
}

/* e * d = 1 mod (prime - 1), where only d mod (prime - 1) is given */
static bool exponents_fit(const mpz_t e, const mpz_t d, const mpz_t prime)
{
    MPZ(product);
    mpz_sec_mul(product, e, d);
    reduce(product, product, prime);
    return mpz_cmp_ui(product, 1) == 0;
}

static err *check(struct slice public, const struct secret *secret)
{
    KEYS(k);
    TRY(load_public(public, &k.public));
    TRY(load_secret(secret, &k.public, &k.private));
    bool fit = exponents_fit(k.public.e, k.private.a, k.private.p) &&
               exponents_fit(k.public.e, k.private.b, k.private.q);
    return fit ? NULL : mismatch();
}

static err *generate(unsigned variant, const struct world *w, struct buf *public,
                     struct secret **secret)
{
    KEYS(k);
    CLEANUP(random_clear) struct random_source random = {0};
    TRY(random_init(&random, w));
    mpz_set_ui(k.public.e, GENERATED_EXPONENT);
    int done = rsa_generate_keypair(&k.public, &k.private, &random, random_fill, NULL, NULL,
                                    variant, 0);
    if (!done)
        return err_new(ERR_BUG, "RSA key of %u bits", variant);
    /* OpenPGP wants the smaller prime first [RFC9580 5.5.5.1]. */
    if (mpz_cmp(k.private.q, k.private.p) > 0) {
        mpz_swap(k.private.p, k.private.q);
        mpz_invert(k.private.c, k.private.q, k.private.p);
    }
    mpz_to_mpi(k.public.n, public);
    mpz_to_mpi(k.public.e, public);
    mpz_srcptr fields[] = {k.private.d, k.private.q, k.private.p, k.private.c};
    return mpz_to_secret_mpis(fields, 4, secret);
}

/* The digest with what EMSA-PKCS1-v1_5 puts before it. */
static err *digest_info(uint8_t hash, struct slice digest, struct buf *out)
{
    const struct hash_algo *algo = algo_hash(hash);
    if (algo == NULL || algo->digest_len != digest.len)
        return err_new(ERR_UNSUPPORTED, "hash algorithm %u is not supported", hash);
    buf_bytes(out, slice_of(algo->prefix, algo->prefix_len));
    buf_bytes(out, digest);
    return buf_end(out);
}

static err *sign(struct slice public, const struct secret *secret, const struct world *w,
                 uint8_t hash, struct slice digest, struct buf *signature)
{
    KEYS(k);
    MPZ(s);
    CLEANUP(random_clear) struct random_source random = {0};
    CLEANUP(buf_clear) struct buf info = BUF_EMPTY(128);
    TRY(load_public(public, &k.public));
    TRY(load_secret(secret, &k.public, &k.private));
    TRY(digest_info(hash, digest, &info));
    TRY(random_init(&random, w));
    int done = rsa_pkcs1_sign_tr(&k.public, &k.private, &random, random_fill, info.len, info.data,
                                 s);
    if (!done)
        return err_new(ERR_CANNOT_SIGN, "the RSA key is damaged or too small for this hash");
    mpz_to_mpi(s, signature);
    return NULL;
}

static bool verify_with(const struct rsa_public_key *key, struct slice info, struct slice signature)
{
    struct reader r = reader_init(signature, "RSA signature");
    MPZ(s);
    mpz_from_bytes(s, mpi_read(&r));
    err *e = reader_end(&r);
    bool good = e == NULL && rsa_pkcs1_verify(key, info.len, info.data, s);
    err_free(e);
    return good;
}

static bool verify(struct slice public, uint8_t hash, struct slice digest, struct slice signature)
{
    KEYS(k);
    CLEANUP(buf_clear) struct buf info = BUF_EMPTY(128);
    err *e = load_public(public, &k.public);
    if (e == NULL)
        e = digest_info(hash, digest, &info);
    bool good = e == NULL && verify_with(&k.public, buf_view(&info), signature);
    err_free(e);
    return good;
}

static err *wrap(struct slice public, const struct world *w, const struct pk_session *session,
                 struct buf *esk)
{
    KEYS(k);
    MPZ(c);
    AUTO(secret_free) struct secret *plain = NULL;
    CLEANUP(random_clear) struct random_source random = {0};
    TRY(load_public(public, &k.public));
    TRY(pk_session_encode(session, &plain));
    TRY(random_init(&random, w));
    int done = rsa_encrypt(&k.public, &random, random_fill, secret_len(plain),
                           secret_view(plain).data, c);
    if (!done)
        return err_new(ERR_CANNOT_ENCRYPT, "the RSA key is too small for a session key");
    mpz_to_mpi(c, esk);
    return NULL;
}

static err *unwrap(struct slice public, const struct secret *secret, struct slice esk,
                   struct pk_session *session)
{
    KEYS(k);
    MPZ(c);
    AUTO(secret_free) struct secret *plain = NULL;
    struct reader r = reader_init(esk, "RSA session key");
    CLEANUP(random_clear) struct random_source random = {0};
    bool good = false;
    TRY(load_public(public, &k.public));
    TRY(load_secret(secret, &k.public, &k.private));
    mpz_from_bytes(c, mpi_read(&r));
    TRY(reader_end(&r));
    TRY(secret_new(k.public.size, &plain));
    /* World-independent: the blinding factor's quality does not show. */
    TRY(random_init(&random, world_system()));
    size_t len = secret_len(plain);
    int done = mpz_cmp(c, k.public.n) < 0 &&
               rsa_decrypt_tr(&k.public, &k.private, &random, random_fill, &len, secret_data(plain),
                              c);
    if (done)
        TRY(pk_session_decode(slice_of(secret_view(plain).data, len), session, &good));
    return good ? NULL : err_new(ERR_CANNOT_DECRYPT, "RSA");
}

const struct pk_algo pk_rsa = {
    .id = PK_RSA,
    .name = "RSA",
    .uses = PK_SIGNS | PK_ENCRYPTS,
    .skip_public = skip_public,
    .skip_secret = skip_secret,
    .skip_signature = skip_one,
    .skip_esk = skip_one,
    .bits = bits,
    .generate = generate,
    .check = check,
    .sign = sign,
    .verify = verify,
    .wrap = wrap,
    .unwrap = unwrap,
};

const struct pk_algo pk_rsa_encrypt_only = {
    .id = PK_RSA_ENCRYPT_ONLY,
    .name = "RSA Encrypt-Only",
    .uses = PK_ENCRYPTS,
    .skip_public = skip_public,
    .skip_secret = skip_secret,
    .skip_esk = skip_one,
    .bits = bits,
    .check = check,
    .wrap = wrap,
    .unwrap = unwrap,
};

const struct pk_algo pk_rsa_sign_only = {
    .id = PK_RSA_SIGN_ONLY,
    .name = "RSA Sign-Only",
    .uses = PK_SIGNS,
    .skip_public = skip_public,
    .skip_secret = skip_secret,
    .skip_signature = skip_one,
    .bits = bits,
    .check = check,
    .sign = sign,
    .verify = verify,
};
