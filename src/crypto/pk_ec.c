/* ECDSA (19) and ECDH (18) over the curves of curve.h
 * [RFC9580 5.2.3.2, 5.5.5.4, 5.5.5.6, 11.5]. */
#include "crypto/pk_algos.h"

#include <string.h>

#include "base/mem.h"
#include "crypto/algo.h"
#include "crypto/curve.h"
#include "crypto/kdf.h"
#include "crypto/mpi.h"
#include "crypto/pk_session.h"

/* The plain session key is padded to this length, so that its size does not show
 * [RFC9580 11.5]. */
enum { PADDED_LEN = 40, PAD_UNIT = 8 };

/* That of no other version is so long. */
enum { V6_FINGERPRINT_LEN = 32 };

/* Bytes of the digest for key derivation: SHA-256 or stronger [RFC9580 11.4]. */
enum { KDF_DIGEST_MIN = 32 };

struct ec_key {
    const struct curve *curve;
    struct slice oid_field; /* with its length byte, as the KDF wants it */
    struct slice point;
    struct slice kdf_field; /* ECDH: with its length byte */
    uint8_t kdf_hash, kek_cipher;
};

static struct slice read_sized(struct reader *r)
{
    size_t len = reader_peek(r);
    if (len == 0 || len == 0xFF)
        reader_fail(r);
    return reader_bytes(r, 1 + len);
}

static void skip_public_ecdsa(struct reader *r)
{
    read_sized(r);
    mpi_read(r);
}

static void skip_public_ecdh(struct reader *r)
{
    skip_public_ecdsa(r);
    read_sized(r);
}

static void skip_one(struct reader *r)
{
    mpi_read(r);
}

static void skip_two(struct reader *r)
{
    mpi_read(r);
    mpi_read(r);
}

static void skip_esk(struct reader *r)
{
    mpi_read(r);
    reader_bytes(r, reader_u8(r));
}

static err *unknown_curve(struct slice public)
{
    char name[CURVE_NAME_MAX];
    curve_name(public, name);
    return err_new(ERR_UNSUPPORTED, "the elliptic curve %s is not supported", name);
}

static err *load(struct slice public, bool ecdh, struct ec_key *k)
{
    struct reader r = reader_init(public, "elliptic curve key");
    *k = (struct ec_key){.curve = curve_of(public)};
    k->oid_field = read_sized(&r);
    k->point = mpi_read(&r);
    if (ecdh)
        k->kdf_field = read_sized(&r);
    TRY(reader_end(&r));
    if (k->curve == NULL)
        return unknown_curve(public);
    if (!ecdh)
        return NULL;
    /* 03 01 hash cipher [RFC9580 5.5.5.6] */
    if (k->kdf_field.len != 4 || k->kdf_field.data[1] != 1)
        return err_new(ERR_UNSUPPORTED, "unknown ECDH key derivation parameters");
    k->kdf_hash = k->kdf_field.data[2];
    k->kek_cipher = k->kdf_field.data[3];
    return NULL;
}

static unsigned bits(struct slice public)
{
    const struct curve *c = curve_of(public);
    return c != NULL ? c->bits : 0;
}

static err *load_scalar(const struct secret *secret, struct slice *scalar)
{
    struct reader r = reader_init(secret_view(secret), "elliptic curve secret key");
    *scalar = mpi_read(&r);
    return reader_end(&r);
}

static err *check_pair(struct slice public, const struct secret *secret, bool ecdh)
{
    struct ec_key k;
    struct slice scalar;
    TRY(load(public, ecdh, &k));
    TRY(load_scalar(secret, &scalar));
    return k.curve->check(k.curve, k.point, scalar);
}

static err *check_ecdsa(struct slice public, const struct secret *secret)
{
    return check_pair(public, secret, false);
}

static err *check_ecdh(struct slice public, const struct secret *secret)
{
    return check_pair(public, secret, true);
}

static err *generate_pair(unsigned variant, const struct world *w, struct buf *public,
                          struct secret **secret)
{
    const struct curve *c = curve_by_id((enum pk_curve)variant);
    AUTO(secret_free) struct secret *scalar = NULL;
    CLEANUP(buf_clear) struct buf point = BUF_EMPTY(POINT_MAX);
    if (c == NULL)
        return err_new(ERR_BUG, "curve %u", variant);
    TRY(c->generate(c, w, &point, &scalar));
    TRY(buf_end(&point));
    buf_u8(public, (uint8_t)c->oid.len);
    buf_bytes(public, c->oid);
    mpi_write(public, buf_view(&point));
    return mpi_of_secret(secret_view(scalar), secret);
}

static err *generate_ecdh(unsigned variant, const struct world *w, struct buf *public,
                          struct secret **secret)
{
    TRY(generate_pair(variant, w, public, secret));
    const struct curve *c = curve_by_id((enum pk_curve)variant);
    buf_u8(public, 3);
    buf_u8(public, 1);
    buf_u8(public, c->kdf_hash);
    buf_u8(public, c->kek_cipher);
    return NULL;
}

static err *sign(struct slice public, const struct secret *secret, const struct world *w,
                 uint8_t hash, struct slice digest, struct buf *signature)
{
    struct ec_key k;
    struct slice scalar;
    (void)hash;
    TRY(load(public, false, &k));
    TRY(load_scalar(secret, &scalar));
    if (k.curve->sign == NULL)
        return err_new(ERR_CANNOT_SIGN, "%s is not for signatures", k.curve->name);
    return k.curve->sign(k.curve, scalar, w, digest, signature);
}

static bool verify(struct slice public, uint8_t hash, struct slice digest, struct slice signature)
{
    struct ec_key k;
    struct reader sig = reader_init(signature, "ECDSA signature");
    struct slice r = mpi_read(&sig), s = mpi_read(&sig);
    (void)hash;
    err *e = load(public, false, &k);
    if (e == NULL)
        e = reader_end(&sig);
    bool good = e == NULL && k.curve->verify != NULL &&
                k.curve->verify(k.curve, k.point, digest, r, s);
    err_free(e);
    return good;
}

/* The key encryption key [RFC9580 11.4, 11.5]. */
static err *derive(const struct ec_key *k, const struct secret *shared, struct slice fingerprint,
                   struct secret **out)
{
    CLEANUP(buf_clear) struct buf parameters = BUF_EMPTY(256);
    const struct cipher_algo *kek = algo_cipher(k->kek_cipher);
    if (kek == NULL || k->kek_cipher < CIPHER_AES128 || k->kek_cipher > CIPHER_AES256)
        return err_new(ERR_UNSUPPORTED, "ECDH key wrapping with %s",
                       algo_cipher_name(k->kek_cipher));
    if (k->kdf_hash < HASH_SHA256)
        return err_new(ERR_UNSUPPORTED, "ECDH key derivation with %s", algo_hash_name(k->kdf_hash));
    buf_bytes(&parameters, k->oid_field);
    buf_u8(&parameters, PK_ECDH);
    buf_bytes(&parameters, k->kdf_field);
    buf_text(&parameters, "Anonymous Sender    ");
    buf_bytes(&parameters, fingerprint);
    TRY(buf_end(&parameters));
    return kdf_ecdh(k->kdf_hash, secret_view(shared), buf_view(&parameters), kek->key_len, out);
}

/* PKCS#5 padding to PADDED_LEN, or to the next unit if it is longer. */
static err *pad(const struct secret *plain, struct secret **out)
{
    size_t len = secret_len(plain);
    size_t padded = len < PADDED_LEN ? PADDED_LEN : (len / PAD_UNIT + 1) * PAD_UNIT;
    TRY(secret_new(padded, out));
    memcpy(secret_data(*out), secret_view(plain).data, len);
    memset(secret_data(*out) + len, (int)(padded - len), padded - len);
    return NULL;
}

/* False if the padding is not intact; looks at every byte of it. */
static bool unpad(const struct secret *padded, struct slice *plain)
{
    struct slice s = secret_view(padded);
    uint8_t n = s.data[s.len - 1], wrong = 0;
    if (n == 0 || n > s.len)
        return false;
    for (size_t i = s.len - n; i < s.len; i++)
        wrong |= s.data[i] ^ n;
    *plain = slice_of(s.data, s.len - n);
    return wrong == 0;
}

static bool is_proper_kdf(const struct ec_key *k)
{
    return k->kdf_hash == k->curve->kdf_hash && k->kek_cipher == k->curve->kek_cipher;
}

/* AES only, and no more key than the derivation gives; SHA-224 and what is older are
 * too weak for it. */
static bool is_strong_kdf(const struct ec_key *k)
{
    const struct hash_algo *hash = algo_hash(k->kdf_hash);
    bool aes = k->kek_cipher >= CIPHER_AES128 && k->kek_cipher <= CIPHER_AES256;
    return aes && hash != NULL && hash->digest_len >= KDF_DIGEST_MIN &&
           hash->digest_len >= algo_cipher(k->kek_cipher)->key_len;
}

static bool test_kdf(uint8_t id, struct slice public, bool (*test)(const struct ec_key *k))
{
    struct ec_key k;
    if (id != PK_ECDH)
        return true;
    err *e = load(public, true, &k);
    bool passed = e == NULL && test(&k);
    err_free(e);
    return passed;
}

bool pk_has_proper_kdf(uint8_t id, struct slice public)
{
    return test_kdf(id, public, is_proper_kdf);
}

bool pk_has_strong_kdf(uint8_t id, struct slice public)
{
    return test_kdf(id, public, is_strong_kdf);
}

static err *wrap(struct slice public, const struct world *w, const struct pk_session *session,
                 struct buf *esk)
{
    struct ec_key k;
    AUTO(secret_free) struct secret *ephemeral = NULL, *shared = NULL, *kek = NULL;
    AUTO(secret_free) struct secret *plain = NULL, *padded = NULL;
    CLEANUP(buf_clear) struct buf point = BUF_EMPTY(POINT_MAX);
    TRY(load(public, true, &k));
    /* [RFC9580 11.5.1]: for a v4 key it is only a recommendation. */
    if (session->fingerprint.len == V6_FINGERPRINT_LEN && !is_proper_kdf(&k))
        return err_new(ERR_CANNOT_ENCRYPT, "ECDH key derivation that is not of %s", k.curve->name);
    if (!is_strong_kdf(&k))
        return err_new(ERR_CANNOT_ENCRYPT, "ECDH key derivation that is weak or not known");
    TRY(k.curve->generate(k.curve, w, &point, &ephemeral));
    TRY(buf_end(&point));
    TRY(k.curve->shared(k.curve, k.point, secret_view(ephemeral), &shared));
    TRY(derive(&k, shared, session->fingerprint, &kek));
    TRY(pk_session_encode(session, &plain));
    TRY(pad(plain, &padded));
    mpi_write(esk, buf_view(&point));
    buf_u8(esk, (uint8_t)(secret_len(padded) + 8));
    uint8_t *room = buf_extend(esk, secret_len(padded) + 8);
    return room == NULL ? buf_end(esk) : kdf_wrap(kek, secret_view(padded), room);
}

static err *unwrap(struct slice public, const struct secret *secret, struct slice esk,
                   struct pk_session *session)
{
    struct ec_key k;
    struct slice scalar, plain = SLICE_EMPTY;
    struct reader r = reader_init(esk, "ECDH session key");
    AUTO(secret_free) struct secret *shared = NULL, *kek = NULL, *padded = NULL;
    bool good = false;
    TRY(load(public, true, &k));
    TRY(load_scalar(secret, &scalar));
    struct slice point = mpi_read(&r);
    struct slice wrapped = reader_bytes(&r, reader_u8(&r));
    TRY(reader_end(&r));
    TRY(k.curve->shared(k.curve, point, scalar, &shared));
    TRY(derive(&k, shared, session->fingerprint, &kek));
    TRY(kdf_unwrap(kek, wrapped, &padded));
    if (unpad(padded, &plain))
        TRY(pk_session_decode(plain, session, &good));
    return good ? NULL : err_new(ERR_CANNOT_DECRYPT, "ECDH");
}

const struct pk_algo pk_ecdsa = {
    .id = PK_ECDSA,
    .name = "ECDSA",
    .uses = PK_SIGNS,
    .skip_public = skip_public_ecdsa,
    .skip_secret = skip_one,
    .skip_signature = skip_two,
    .bits = bits,
    .generate = generate_pair,
    .check = check_ecdsa,
    .sign = sign,
    .verify = verify,
};

const struct pk_algo pk_ecdh = {
    .id = PK_ECDH,
    .name = "ECDH",
    .uses = PK_ENCRYPTS,
    .skip_public = skip_public_ecdh,
    .skip_secret = skip_one,
    .skip_esk = skip_esk,
    .bits = bits,
    .generate = generate_ecdh,
    .check = check_ecdh,
    .wrap = wrap,
    .unwrap = unwrap,
};
