/* EdDSA: Ed25519 (27), Ed448 (28), and EdDSALegacy (22), which is Ed25519 dressed
 * in an object identifier and MPIs [RFC9580 5.2.3.3, 5.2.3.4, 5.2.3.5, 12.7].  GnuPG
 * dresses Ed448 in it, too, for keys of version 5: the point then has no prefix. */
#include "crypto/pk_algos.h"

#include <nettle/eddsa.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/mpi.h"

enum { KEY25519 = ED25519_KEY_SIZE, SIG25519 = ED25519_SIGNATURE_SIZE };
enum { KEY448 = ED448_KEY_SIZE, SIG448 = ED448_SIGNATURE_SIZE };
enum { LEGACY_PREFIX = 0x40 };

static err *mismatch(void)
{
    return err_new(ERR_MALFORMED, "the secret EdDSA key does not belong to the public one");
}

/* Fields of fixed length. */

static void skip_key25519(struct reader *r)
{
    reader_bytes(r, KEY25519);
}

static void skip_sig25519(struct reader *r)
{
    reader_bytes(r, SIG25519);
}

static void skip_key448(struct reader *r)
{
    reader_bytes(r, KEY448);
}

static void skip_sig448(struct reader *r)
{
    reader_bytes(r, SIG448);
}

/* Ed25519 */

static unsigned bits25519(struct slice public)
{
    return public.len == 0 ? 0 : 255;
}

static err *generate25519(unsigned variant, const struct world *w, struct buf *public,
                          struct secret **secret)
{
    (void)variant;
    AUTO(secret_free) struct secret *seed = NULL;
    TRY(world_random_secret(w, KEY25519, &seed));
    uint8_t *room = buf_extend(public, KEY25519);
    if (room != NULL)
        ed25519_sha512_public_key(room, secret_view(seed).data);
    *secret = TAKE(seed);
    return NULL;
}

static err *check25519(struct slice public, const struct secret *secret)
{
    uint8_t expected[KEY25519];
    if (secret_len(secret) != KEY25519)
        return mismatch();
    ed25519_sha512_public_key(expected, secret_view(secret).data);
    return slice_equal(SLICE_OF(expected), public) ? NULL : mismatch();
}

static err *sign25519(struct slice public, const struct secret *secret, const struct world *w,
                      uint8_t hash, struct slice digest, struct buf *signature)
{
    (void)w;
    (void)hash;
    if (secret_len(secret) != KEY25519 || public.len != KEY25519)
        return mismatch();
    uint8_t *room = buf_extend(signature, SIG25519);
    if (room != NULL)
        ed25519_sha512_sign(public.data, secret_view(secret).data, digest.len, digest.data, room);
    return NULL;
}

static bool verify25519(struct slice public, uint8_t hash, struct slice digest,
                        struct slice signature)
{
    (void)hash;
    return public.len == KEY25519 && signature.len == SIG25519 &&
           ed25519_sha512_verify(public.data, digest.len, digest.data, signature.data) != 0;
}

/* Ed448 */

static unsigned bits448(struct slice public)
{
    return public.len == 0 ? 0 : 448;
}

static err *generate448(unsigned variant, const struct world *w, struct buf *public,
                        struct secret **secret)
{
    (void)variant;
    AUTO(secret_free) struct secret *seed = NULL;
    TRY(world_random_secret(w, KEY448, &seed));
    uint8_t *room = buf_extend(public, KEY448);
    if (room != NULL)
        ed448_shake256_public_key(room, secret_view(seed).data);
    *secret = TAKE(seed);
    return NULL;
}

static err *check448(struct slice public, const struct secret *secret)
{
    uint8_t expected[KEY448];
    if (secret_len(secret) != KEY448)
        return mismatch();
    ed448_shake256_public_key(expected, secret_view(secret).data);
    return slice_equal(SLICE_OF(expected), public) ? NULL : mismatch();
}

static err *sign448(struct slice public, const struct secret *secret, const struct world *w,
                    uint8_t hash, struct slice digest, struct buf *signature)
{
    (void)w;
    (void)hash;
    if (secret_len(secret) != KEY448 || public.len != KEY448)
        return mismatch();
    uint8_t *room = buf_extend(signature, SIG448);
    if (room != NULL)
        ed448_shake256_sign(public.data, secret_view(secret).data, digest.len, digest.data, room);
    return NULL;
}

static bool verify448(struct slice public, uint8_t hash, struct slice digest,
                      struct slice signature)
{
    (void)hash;
    /* The last byte of S must be zero, since S is below the group's order
     * [RFC8032 5.2.7]; Nettle 3.8 does not look at it. */
    return public.len == KEY448 && signature.len == SIG448 && signature.data[SIG448 - 1] == 0 &&
           ed448_shake256_verify(public.data, digest.len, digest.data, signature.data) != 0;
}

const struct pk_algo pk_ed25519 = {
    .id = PK_ED25519,
    .name = "Ed25519",
    .uses = PK_SIGNS,
    .skip_public = skip_key25519,
    .skip_secret = skip_key25519,
    .skip_signature = skip_sig25519,
    .bits = bits25519,
    .generate = generate25519,
    .check = check25519,
    .sign = sign25519,
    .verify = verify25519,
    .repeats = true, /* [RFC8032 5.1.6, 5.2.6] */
};

const struct pk_algo pk_ed448 = {
    .id = PK_ED448,
    .name = "Ed448",
    .uses = PK_SIGNS,
    .skip_public = skip_key448,
    .skip_secret = skip_key448,
    .skip_signature = skip_sig448,
    .bits = bits448,
    .generate = generate448,
    .check = check448,
    .sign = sign448,
    .verify = verify448,
    .repeats = true, /* [RFC8032 5.1.6, 5.2.6] */
};

/* EdDSALegacy: the same numbers, unpacked. */

struct legacy_form {
    struct slice oid;
    const struct pk_algo *native;
    size_t key_len, sig_len; /* bytes; R and S are half of a signature each */
    bool prefixed;
};

static const uint8_t oid25519[] = {0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA, 0x47, 0x0F, 0x01};
static const uint8_t oid448[] = {0x2B, 0x65, 0x71};

static const struct legacy_form legacy_forms[] = {
    {{oid25519, sizeof oid25519}, &pk_ed25519, KEY25519, SIG25519, true},
    {{oid448, sizeof oid448}, &pk_ed448, KEY448, SIG448, false},
};

/* A public key in the algorithm's own form. */
struct legacy_key {
    const struct legacy_form *form;
    uint8_t bytes[KEY448];
};

static struct slice key_view(const struct legacy_key *k)
{
    return slice_of(k->bytes, k->form->key_len);
}

static const struct legacy_form *form_of(struct slice oid)
{
    for (size_t i = 0; i < sizeof legacy_forms / sizeof *legacy_forms; i++) {
        if (slice_equal(legacy_forms[i].oid, oid))
            return &legacy_forms[i];
    }
    return NULL;
}

static void skip_public_legacy(struct reader *r)
{
    reader_bytes(r, reader_u8(r));
    mpi_read(r);
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

/* Without a prefix, leading zeros may have been lost. */
static bool load_point(const struct legacy_form *f, struct slice point, uint8_t *key)
{
    if (!f->prefixed)
        return mpi_pad(point, key, f->key_len);
    if (point.len != 1 + f->key_len || point.data[0] != LEGACY_PREFIX)
        return false;
    memcpy(key, point.data + 1, f->key_len);
    return true;
}

static err *load_public_legacy(struct slice public, struct legacy_key *k)
{
    struct reader r = reader_init(public, "EdDSA key");
    struct slice oid = reader_bytes(&r, reader_u8(&r));
    struct slice point = mpi_read(&r);
    TRY(reader_end(&r));
    k->form = form_of(oid);
    if (k->form == NULL)
        return err_new(ERR_UNSUPPORTED, "EdDSA with this curve is not supported");
    if (!load_point(k->form, point, k->bytes))
        return err_new(ERR_MALFORMED, "EdDSA: impossible public key");
    return NULL;
}

/* The seed with the leading zeros that the MPI has lost. */
static err *load_seed_legacy(const struct legacy_form *f, const struct secret *secret,
                             struct secret **seed)
{
    struct reader r = reader_init(secret_view(secret), "EdDSA secret key");
    struct slice s = mpi_read(&r);
    TRY(reader_end(&r));
    TRY(secret_new(f->key_len, seed));
    return mpi_pad(s, secret_data(*seed), f->key_len) ? NULL : mismatch();
}

static unsigned bits_legacy(struct slice public)
{
    struct legacy_key k;
    err *e = load_public_legacy(public, &k);
    unsigned bits = e == NULL ? k.form->native->bits(key_view(&k)) : 0;
    err_free(e);
    return bits;
}

/* Ed25519: in the other form they are only read. */
static err *generate_legacy(unsigned variant, const struct world *w, struct buf *public,
                            struct secret **secret)
{
    AUTO(secret_free) struct secret *seed = NULL;
    CLEANUP(buf_clear) struct buf native = BUF_EMPTY(1 + KEY25519);
    buf_u8(&native, LEGACY_PREFIX);
    TRY(generate25519(variant, w, &native, &seed));
    TRY(buf_end(&native));
    buf_u8(public, sizeof oid25519);
    buf_bytes(public, SLICE_OF(oid25519));
    mpi_write(public, buf_view(&native));
    return mpi_of_secret(secret_view(seed), secret);
}

static err *check_legacy(struct slice public, const struct secret *secret)
{
    struct legacy_key k;
    AUTO(secret_free) struct secret *seed = NULL;
    TRY(load_public_legacy(public, &k));
    TRY(load_seed_legacy(k.form, secret, &seed));
    return k.form->native->check(key_view(&k), seed);
}

static err *sign_legacy(struct slice public, const struct secret *secret, const struct world *w,
                        uint8_t hash, struct slice digest, struct buf *signature)
{
    struct legacy_key k;
    AUTO(secret_free) struct secret *seed = NULL;
    CLEANUP(buf_clear) struct buf made = BUF_EMPTY(SIG448);
    TRY(load_public_legacy(public, &k));
    TRY(load_seed_legacy(k.form, secret, &seed));
    TRY(k.form->native->sign(key_view(&k), seed, w, hash, digest, &made));
    TRY(buf_end(&made));
    mpi_write(signature, slice_of(made.data, made.len / 2));
    mpi_write(signature, slice_from(buf_view(&made), made.len / 2));
    return NULL;
}

static bool verify_native(const struct legacy_key *k, uint8_t hash, struct slice digest,
                          struct slice r, struct slice s)
{
    uint8_t signature[SIG448];
    size_t half = k->form->sig_len / 2;
    return mpi_pad(r, signature, half) && mpi_pad(s, signature + half, half) &&
           k->form->native->verify(key_view(k), hash, digest, slice_of(signature, 2 * half));
}

static bool verify_legacy(struct slice public, uint8_t hash, struct slice digest,
                          struct slice signature)
{
    struct legacy_key k;
    struct reader reader = reader_init(signature, "EdDSA signature");
    struct slice r = mpi_read(&reader), s = mpi_read(&reader);
    err *e = load_public_legacy(public, &k);
    if (e == NULL)
        e = reader_end(&reader);
    bool good = e == NULL && verify_native(&k, hash, digest, r, s);
    err_free(e);
    return good;
}

const struct pk_algo pk_eddsa_legacy = {
    .id = PK_EDDSA_LEGACY,
    .name = "EdDSALegacy",
    .uses = PK_SIGNS,
    .skip_public = skip_public_legacy,
    .skip_secret = skip_one,
    .skip_signature = skip_two,
    .bits = bits_legacy,
    .generate = generate_legacy,
    .check = check_legacy,
    .sign = sign_legacy,
    .verify = verify_legacy,
    .repeats = true, /* [RFC8032 5.1.6, 5.2.6] */
};
