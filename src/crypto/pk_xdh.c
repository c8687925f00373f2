/* X25519 (25) and X448 (26): an ephemeral key, HKDF, AES key wrap
 * [RFC9580 5.1.6, 5.1.7]. */
#include "crypto/pk_algos.h"

#include <nettle/curve25519.h>
#include <nettle/curve448.h>
#include <string.h>

#include "crypto/algo.h"
#include "crypto/ct.h"
#include "crypto/kdf.h"

enum { LEN_MAX = CURVE448_SIZE };

struct form {
    size_t len; /* bytes of keys and of the shared secret */
    void (*mul_g)(uint8_t *q, const uint8_t *n);
    void (*mul)(uint8_t *q, const uint8_t *n, const uint8_t *p);
    uint8_t hash;
    size_t kek_len;
    const char *info;
};

static const struct form x25519 = {
    .len = CURVE25519_SIZE,
    .mul_g = curve25519_mul_g,
    .mul = curve25519_mul,
    .hash = HASH_SHA256,
    .kek_len = 16,
    .info = "OpenPGP X25519",
};

static const struct form x448 = {
    .len = CURVE448_SIZE,
    .mul_g = curve448_mul_g,
    .mul = curve448_mul,
    .hash = HASH_SHA512,
    .kek_len = 32,
    .info = "OpenPGP X448",
};

static err *generate(const struct form *f, const struct world *w, struct buf *public,
                     struct secret **secret)
{
    AUTO(secret_free) struct secret *n = NULL;
    TRY(world_random_secret(w, f->len, &n));
    uint8_t *room = buf_extend(public, f->len);
    if (room != NULL)
        f->mul_g(room, secret_view(n).data);
    *secret = TAKE(n);
    return NULL;
}

static err *check(const struct form *f, struct slice public, const struct secret *secret)
{
    uint8_t expected[LEN_MAX];
    if (secret_len(secret) != f->len)
        return err_new(ERR_MALFORMED, "%s: impossible secret key", f->info);
    f->mul_g(expected, secret_view(secret).data);
    if (!slice_equal(slice_of(expected, f->len), public))
        return err_new(ERR_MALFORMED, "the secret %s key does not belong to the public one",
                       f->info);
    return NULL;
}

/* The key encryption key from ephemeral || recipient || shared secret. */
static err *derive(const struct form *f, struct slice ephemeral, struct slice recipient,
                   const struct secret *n, struct slice point, struct secret **kek)
{
    static const uint8_t zero[LEN_MAX];
    AUTO(secret_free) struct secret *input = NULL;
    TRY(secret_new(3 * f->len, &input));
    uint8_t *p = secret_data(input);
    memcpy(p, ephemeral.data, f->len);
    memcpy(p + f->len, recipient.data, f->len);
    f->mul(p + 2 * f->len, secret_view(n).data, point.data);
    /* A point of small order [RFC7748 6.1, 6.2]. */
    if (ct_equal(slice_of(p + 2 * f->len, f->len), slice_of(zero, f->len)))
        return err_new(ERR_MALFORMED, "%s: impossible public key", f->info);
    return kdf_hkdf(f->hash, secret_view(input), SLICE_EMPTY, slice_of_string(f->info), f->kek_len,
                    kek);
}

/* With a v3 packet the cipher stands in clear, and must be AES. */
static bool cipher_fits(uint8_t cipher, size_t key_len)
{
    const struct cipher_algo *a = algo_cipher(cipher);
    return a != NULL && cipher >= CIPHER_AES128 && cipher <= CIPHER_AES256 && a->key_len == key_len;
}

static err *wrap(const struct form *f, struct slice public, const struct world *w,
                 const struct pk_session *session, struct buf *esk)
{
    AUTO(secret_free) struct secret *n = NULL, *kek = NULL;
    size_t key_len = secret_len(session->key);
    size_t start = esk->len, head = session->with_cipher ? 1 : 0;
    if (public.len != f->len)
        return err_new(ERR_MALFORMED, "%s: impossible public key", f->info);
    if (session->with_cipher && !cipher_fits(session->cipher, key_len))
        return err_new(ERR_UNSUPPORTED, "%s cannot carry a key of %s", f->info,
                       algo_cipher_name(session->cipher));
    TRY(generate(f, w, esk, &n));
    TRY(buf_end(esk));
    TRY(derive(f, slice_of(esk->data + start, f->len), public, n, public, &kek));
    buf_u8(esk, (uint8_t)(head + key_len + 8));
    if (session->with_cipher)
        buf_u8(esk, session->cipher);
    uint8_t *room = buf_extend(esk, key_len + 8);
    return room == NULL ? buf_end(esk) : kdf_wrap(kek, secret_view(session->key), room);
}

static err *unwrap(const struct form *f, struct slice public, const struct secret *secret,
                   struct slice esk, struct pk_session *session)
{
    AUTO(secret_free) struct secret *kek = NULL, *key = NULL;
    struct reader r = reader_init(esk, "session key");
    struct slice ephemeral = reader_bytes(&r, f->len);
    struct reader fields = reader_sub(&r, reader_u8(&r), "session key");
    TRY(reader_end(&r));
    uint8_t cipher = session->with_cipher ? reader_u8(&fields) : 0;
    struct slice wrapped = reader_rest(&fields);
    TRY(reader_end(&fields));
    if (public.len != f->len || secret_len(secret) != f->len)
        return err_new(ERR_MALFORMED, "%s: impossible key", f->info);
    TRY(derive(f, ephemeral, public, secret, ephemeral, &kek));
    TRY(kdf_unwrap(kek, wrapped, &key));
    if (session->with_cipher && !cipher_fits(cipher, secret_len(key)))
        return err_new(ERR_CANNOT_DECRYPT, "%s", f->info);
    if (session->with_cipher)
        session->cipher = cipher;
    session->key = TAKE(key);
    return NULL;
}

static void skip_esk(const struct form *f, struct reader *r)
{
    reader_bytes(r, f->len);
    reader_bytes(r, reader_u8(r));
}

/* The table's functions for either form. */
#define FORM(form, size_in_bits)                                                                   \
    static void form##_skip_key(struct reader *r)                                                  \
    {                                                                                              \
        reader_bytes(r, (form).len);                                                               \
    }                                                                                              \
    static void form##_skip_esk(struct reader *r)                                                  \
    {                                                                                              \
        skip_esk(&(form), r);                                                                      \
    }                                                                                              \
    static unsigned form##_bits(struct slice public)                                               \
    {                                                                                              \
        return public.len == 0 ? 0 : (size_in_bits);                                               \
    }                                                                                              \
    static err *form##_generate(unsigned variant, const struct world *w, struct buf *public,       \
                                struct secret **secret)                                            \
    {                                                                                              \
        (void)variant;                                                                             \
        return generate(&(form), w, public, secret);                                               \
    }                                                                                              \
    static err *form##_check(struct slice public, const struct secret *secret)                     \
    {                                                                                              \
        return check(&(form), public, secret);                                                     \
    }                                                                                              \
    static err *form##_wrap(struct slice public, const struct world *w,                            \
                            const struct pk_session *session, struct buf *esk)                     \
    {                                                                                              \
        return wrap(&(form), public, w, session, esk);                                             \
    }                                                                                              \
    static err *form##_unwrap(struct slice public, const struct secret *secret, struct slice esk,  \
                              struct pk_session *session)                                          \
    {                                                                                              \
        return unwrap(&(form), public, secret, esk, session);                                      \
    }

FORM(x25519, 255)
FORM(x448, 448)

const struct pk_algo pk_x25519 = {
    .id = PK_X25519,
    .name = "X25519",
    .uses = PK_ENCRYPTS,
    .skip_public = x25519_skip_key,
    .skip_secret = x25519_skip_key,
    .skip_esk = x25519_skip_esk,
    .bits = x25519_bits,
    .generate = x25519_generate,
    .check = x25519_check,
    .wrap = x25519_wrap,
    .unwrap = x25519_unwrap,
};

const struct pk_algo pk_x448 = {
    .id = PK_X448,
    .name = "X448",
    .uses = PK_ENCRYPTS,
    .skip_public = x448_skip_key,
    .skip_secret = x448_skip_key,
    .skip_esk = x448_skip_esk,
    .bits = x448_bits,
    .generate = x448_generate,
    .check = x448_check,
    .wrap = x448_wrap,
    .unwrap = x448_unwrap,
};
