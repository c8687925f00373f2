#include "packet/skesk.h"

#include "crypto/aead.h"
#include "crypto/algo.h"
#include "crypto/cipher.h"
#include "crypto/kdf.h"
#include "packet/packet.h"

/* Parsing. */

static err *parse_v4(struct reader *r, struct skesk *s)
{
    reader_mark(r, "cipher");
    s->cipher = reader_u8(r);
    reader_mark(r, "S2K");
    TRY(s2k_parse(r, &s->s2k));
    if (reader_left(r) > 0) {
        reader_mark(r, "encrypted session key");
        s->esk = reader_rest(r);
    }
    return reader_end(r);
}

/* Nonce (the last of the fields, which may be r itself), session key and tag. */
static err *read_aead_sealed(struct reader *fields, struct reader *r, struct skesk *s)
{
    const struct aead_algo *aead = algo_aead(s->aead);
    if (aead == NULL)
        return err_new(ERR_UNSUPPORTED, "AEAD mode %u is not supported", s->aead);
    reader_mark(fields, "nonce");
    s->iv = reader_bytes(fields, aead->nonce_len);
    TRY(fields == r ? reader_check(r) : reader_end(fields));
    reader_mark(r, "encrypted session key");
    s->esk = reader_bytes(r, reader_left(r) < TAG_LEN ? SIZE_MAX : reader_left(r) - TAG_LEN);
    reader_mark(r, "tag");
    s->tag = reader_bytes(r, TAG_LEN);
    return reader_end(r);
}

/* [RFC9580 5.3.2] */
static err *parse_v6(struct reader *r, struct skesk *s)
{
    reader_mark(r, "parameters length");
    uint8_t len = reader_u8(r);
    struct reader fields = reader_sub(r, len, "session key parameters");
    reader_mark(&fields, "cipher");
    s->cipher = reader_u8(&fields);
    reader_mark(&fields, "AEAD mode");
    s->aead = reader_u8(&fields);
    reader_mark(&fields, "S2K length");
    uint8_t s2k_len = reader_u8(&fields);
    struct reader specifier = reader_sub(&fields, s2k_len, "S2K specifier");
    reader_mark(&specifier, "S2K");
    TRY(s2k_parse(&specifier, &s->s2k));
    TRY(reader_end(&specifier));
    if (s2k_is_weak(&s->s2k))
        return err_new(ERR_MALFORMED, "a passphrase without salt or with a weak hash");
    return read_aead_sealed(&fields, r, s);
}

/* [LibrePGP 5.3] */
static err *parse_v5(struct reader *r, struct skesk *s)
{
    reader_mark(r, "cipher");
    s->cipher = reader_u8(r);
    reader_mark(r, "AEAD mode");
    s->aead = reader_u8(r);
    reader_mark(r, "S2K");
    TRY(s2k_parse(r, &s->s2k));
    return read_aead_sealed(r, r, s);
}

err *skesk_parse(struct reader *r, struct skesk *out)
{
    *out = (struct skesk){0};
    reader_mark(r, "version");
    out->version = reader_u8(r);
    TRY(reader_check(r));
    if (out->version == 4)
        return parse_v4(r, out);
    if (out->version == 5)
        return parse_v5(r, out);
    if (out->version == 6)
        return parse_v6(r, out);
    return err_new(ERR_UNSUPPORTED, "passphrase session key version %u is not supported",
                   out->version);
}

/* Decrypting. */

static err *wrong_passphrase(void)
{
    return err_new(ERR_CANNOT_DECRYPT, "wrong passphrase");
}

static err *unwrap_v4(const struct skesk *s, const struct secret *kek, uint8_t *cipher,
                      struct secret **key)
{
    AUTO(cipher_free) struct cipher *c = NULL;
    AUTO(secret_free) struct secret *plain = NULL;
    struct cfb cfb;
    TRY(cipher_new(s->cipher, secret_view(kek), &c));
    TRY(secret_new(s->esk.len, &plain));
    cfb_start(&cfb, c, NULL);
    cfb_open(&cfb, secret_data(plain), s->esk.data, s->esk.len);
    cfb_clear(&cfb);
    struct slice view = secret_view(plain);
    const struct cipher_algo *algo = algo_cipher(view.data[0]);
    if (algo == NULL || algo->key_len + 1U != view.len)
        return wrong_passphrase();
    *cipher = view.data[0];
    return secret_of(slice_from(view, 1), key);
}

/* Packet type, version, cipher and mode are additional data; in v6 also the info of the
 * key derivation that comes first. */
static void aead_info(uint8_t version, uint8_t cipher, uint8_t aead, uint8_t info[static 4])
{
    const uint8_t bytes[4] = {0xC0 | PACKET_SKESK, version, cipher, aead};
    memcpy(info, bytes, sizeof bytes);
}

static err *v6_key(uint8_t cipher, uint8_t aead, const struct secret *from_passphrase,
                   uint8_t info[static 4], struct aead **out)
{
    AUTO(secret_free) struct secret *kek = NULL;
    aead_info(6, cipher, aead, info);
    TRY(kdf_hkdf(HASH_SHA256, secret_view(from_passphrase), SLICE_EMPTY, slice_of(info, 4),
                 secret_len(from_passphrase), &kek));
    return aead_new(cipher, aead, secret_view(kek), out);
}

static err *v5_key(uint8_t cipher, uint8_t aead, const struct secret *from_passphrase,
                   uint8_t info[static 4], struct aead **out)
{
    aead_info(5, cipher, aead, info);
    return aead_new(cipher, aead, secret_view(from_passphrase), out);
}

static err *unwrap_aead(const struct skesk *s, const struct secret *from_passphrase,
                        struct secret **key)
{
    uint8_t info[4];
    AUTO(aead_free) struct aead *a = NULL;
    AUTO(secret_free) struct secret *plain = NULL;
    TRY((s->version == 6 ? v6_key : v5_key)(s->cipher, s->aead, from_passphrase, info, &a));
    TRY(secret_new(s->esk.len, &plain));
    if (!aead_open(a, s->iv.data, SLICE_OF(info), secret_data(plain), s->esk, s->tag.data))
        return wrong_passphrase();
    *key = TAKE(plain);
    return NULL;
}

err *skesk_unwrap(const struct skesk *s, const struct secret *passphrase,
                  const struct s2k_limits *limits, uint8_t *cipher, struct secret **key)
{
    const struct cipher_algo *algo = algo_cipher(s->cipher);
    AUTO(secret_free) struct secret *from_passphrase = NULL;
    if (!algo_cipher_is_supported(s->cipher))
        return err_new(ERR_UNSUPPORTED, "cipher %s (%u) is not supported",
                       algo_cipher_name(s->cipher), s->cipher);
    TRY(s2k_derive(&s->s2k, passphrase, algo->key_len, limits, &from_passphrase));
    if (s->version > 4)
        return unwrap_aead(s, from_passphrase, key);
    if (s->esk.len > 0)
        return unwrap_v4(s, from_passphrase, cipher, key);
    *cipher = s->cipher;
    *key = TAKE(from_passphrase);
    return NULL;
}

/* Encrypting. */

static err *write_v4(struct buf *b, uint8_t cipher, const struct secret *kek, const struct s2k *s2k,
                     const struct secret *key)
{
    AUTO(cipher_free) struct cipher *c = NULL;
    struct cfb cfb;
    TRY(cipher_new(CIPHER_AES256, secret_view(kek), &c));
    buf_u8(b, 4);
    buf_u8(b, CIPHER_AES256);
    s2k_write(s2k, b);
    uint8_t *room = buf_extend(b, 1 + secret_len(key));
    if (room == NULL)
        return buf_end(b);
    cfb_start(&cfb, c, NULL);
    cfb_seal(&cfb, room, &cipher, 1);
    cfb_seal(&cfb, room + 1, secret_view(key).data, secret_len(key));
    cfb_clear(&cfb);
    return NULL;
}

static err *write_v6(struct buf *b, uint8_t aead, const struct secret *from_passphrase,
                     const struct s2k *s2k, const struct secret *key, const struct world *w)
{
    uint8_t info[4], nonce[NONCE_MAX];
    AUTO(aead_free) struct aead *a = NULL;
    TRY(world_random(w, nonce, sizeof nonce));
    TRY(v6_key(CIPHER_AES256, aead, from_passphrase, info, &a));
    buf_u8(b, 6);
    size_t all = buf_open(b, 1);
    buf_u8(b, CIPHER_AES256);
    buf_u8(b, aead);
    size_t specifier = buf_open(b, 1);
    s2k_write(s2k, b);
    buf_close(b, specifier, 1);
    buf_bytes(b, slice_of(nonce, aead_nonce_len(a)));
    buf_close(b, all, 1);
    uint8_t *room = buf_extend(b, secret_len(key) + TAG_LEN);
    if (room != NULL)
        aead_seal(a, nonce, SLICE_OF(info), room, secret_view(key), room + secret_len(key));
    return buf_end(b);
}

err *skesk_write(struct buf *b, uint8_t version, uint8_t cipher, uint8_t aead,
                 const struct secret *passphrase, const struct secret *key, const struct world *w)
{
    struct s2k s2k;
    AUTO(secret_free) struct secret *from_passphrase = NULL;
    TRY(s2k_fresh(version == 6 ? S2K_ARGON2 : S2K_ITERATED, w, &s2k));
    TRY(s2k_derive(&s2k, passphrase, CIPHER_KEY_MAX, &s2k_default_limits, &from_passphrase));
    return version == 6 ? write_v6(b, aead, from_passphrase, &s2k, key, w)
                        : write_v4(b, cipher, from_passphrase, &s2k, key);
}
