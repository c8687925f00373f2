#include "crypto/kdf.h"

#include <nettle/hkdf.h>
#include <nettle/hmac.h>
#include <nettle/nist-keywrap.h>

#include "base/mem.h"
#include "crypto/algo.h"
#include "crypto/cipher.h"
#include "crypto/digest.h"

enum { WRAP_BLOCK = 8 };

/* The default initial value [RFC3394 2.2.3.1]. */
static const uint8_t wrap_iv[WRAP_BLOCK] = {0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6};

/* An absent salt is a digest's length of zero bytes [RFC5869 2.2], which for
 * HMAC is the same as an empty key. */
static void hkdf_sha256(struct slice key, struct slice salt, struct slice info, struct secret *out)
{
    struct hmac_sha256_ctx mac;
    uint8_t pseudorandom[SHA256_DIGEST_SIZE];
    hmac_sha256_set_key(&mac, salt.len, salt.data);
    hkdf_extract(&mac, (nettle_hash_update_func *)hmac_sha256_update,
                 (nettle_hash_digest_func *)hmac_sha256_digest, sizeof pseudorandom, key.len,
                 key.data, pseudorandom);
    hmac_sha256_set_key(&mac, sizeof pseudorandom, pseudorandom);
    hkdf_expand(&mac, (nettle_hash_update_func *)hmac_sha256_update,
                (nettle_hash_digest_func *)hmac_sha256_digest, sizeof pseudorandom, info.len,
                info.data, secret_len(out), secret_data(out));
    mem_wipe(pseudorandom, sizeof pseudorandom);
    mem_wipe(&mac, sizeof mac);
}

static void hkdf_sha512(struct slice key, struct slice salt, struct slice info, struct secret *out)
{
    struct hmac_sha512_ctx mac;
    uint8_t pseudorandom[SHA512_DIGEST_SIZE];
    hmac_sha512_set_key(&mac, salt.len, salt.data);
    hkdf_extract(&mac, (nettle_hash_update_func *)hmac_sha512_update,
                 (nettle_hash_digest_func *)hmac_sha512_digest, sizeof pseudorandom, key.len,
                 key.data, pseudorandom);
    hmac_sha512_set_key(&mac, sizeof pseudorandom, pseudorandom);
    hkdf_expand(&mac, (nettle_hash_update_func *)hmac_sha512_update,
                (nettle_hash_digest_func *)hmac_sha512_digest, sizeof pseudorandom, info.len,
                info.data, secret_len(out), secret_data(out));
    mem_wipe(pseudorandom, sizeof pseudorandom);
    mem_wipe(&mac, sizeof mac);
}

err *kdf_hkdf(uint8_t hash, struct slice key, struct slice salt, struct slice info, size_t len,
              struct secret **out)
{
    if (hash != HASH_SHA256 && hash != HASH_SHA512)
        return err_new(ERR_BUG, "HKDF with %s", algo_hash_name(hash));
    TRY(secret_new(len, out));
    if (hash == HASH_SHA256)
        hkdf_sha256(key, salt, info, *out);
    else
        hkdf_sha512(key, salt, info, *out);
    return NULL;
}

err *kdf_ecdh(uint8_t hash, struct slice shared, struct slice parameters, size_t len,
              struct secret **out)
{
    static const uint8_t counter[4] = {0, 0, 0, 1};
    const struct hash_algo *algo = algo_hash(hash);
    AUTO(digest_free) struct digest *d = NULL;
    AUTO(secret_free) struct secret *s = NULL;
    TRY(digest_new(hash, &d));
    if (algo == NULL || algo->digest_len < len)
        return err_new(ERR_UNSUPPORTED, "%s is too short for this key", algo_hash_name(hash));
    TRY(secret_new(algo->digest_len, &s));
    digest_update(d, SLICE_OF(counter));
    digest_update(d, shared);
    digest_update(d, parameters);
    digest_final(d, secret_data(s));
    secret_truncate(s, len);
    *out = TAKE(s);
    return NULL;
}

static err *kek_cipher(const struct secret *kek, struct cipher **out)
{
    uint8_t id = secret_len(kek) == 16   ? CIPHER_AES128
                 : secret_len(kek) == 24 ? CIPHER_AES192
                                         : CIPHER_AES256;
    return cipher_new(id, secret_view(kek), out);
}

static void encrypt_block(const void *context, size_t len, uint8_t *dst, const uint8_t *src)
{
    cipher_encrypt(context, dst, src, len);
}

static void decrypt_block(const void *context, size_t len, uint8_t *dst, const uint8_t *src)
{
    cipher_decrypt(context, dst, src, len);
}

err *kdf_wrap(const struct secret *kek, struct slice plain, uint8_t *dst)
{
    AUTO(cipher_free) struct cipher *c = NULL;
    if (plain.len < 2 * WRAP_BLOCK || plain.len % WRAP_BLOCK != 0)
        return err_new(ERR_BUG, "key wrap of %zu bytes", plain.len);
    TRY(kek_cipher(kek, &c));
    nist_keywrap16(c, encrypt_block, wrap_iv, plain.len + WRAP_BLOCK, dst, plain.data);
    return NULL;
}

err *kdf_unwrap(const struct secret *kek, struct slice wrapped, struct secret **out)
{
    AUTO(cipher_free) struct cipher *c = NULL;
    AUTO(secret_free) struct secret *plain = NULL;
    if (wrapped.len < 3 * WRAP_BLOCK || wrapped.len % WRAP_BLOCK != 0)
        return err_new(ERR_CANNOT_DECRYPT, "wrapped key of %zu bytes", wrapped.len);
    TRY(kek_cipher(kek, &c));
    TRY(secret_new(wrapped.len - WRAP_BLOCK, &plain));
    if (!nist_keyunwrap16(c, decrypt_block, wrap_iv, secret_len(plain), secret_data(plain),
                          wrapped.data))
        return err_new(ERR_CANNOT_DECRYPT, "wrapped key is damaged or for another key");
    *out = TAKE(plain);
    return NULL;
}
