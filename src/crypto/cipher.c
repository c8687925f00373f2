#include "crypto/cipher.h"

#include <nettle/aes.h>
#include <nettle/blowfish.h>
#include <nettle/camellia.h>
#include <nettle/cast128.h>
#include <nettle/cbc.h>
#include <nettle/des.h>
#include <nettle/memxor.h>
#include <nettle/nettle-meta.h>
#include <nettle/twofish.h>
#include <string.h>

#include "base/mem.h"

typedef void chain_func(const void *context, uint8_t *iv, size_t len, uint8_t *dst,
                        const uint8_t *src);

/* Block ciphers under one signature.  Where one context serves both directions
 * there is no set_decrypt_key; `chain` is cipher block chaining for those that Nettle
 * has in one piece, with the key in registers. */
struct functions {
    uint8_t id;
    size_t context_size;
    nettle_set_key_func *set_encrypt_key, *set_decrypt_key;
    nettle_cipher_func *encrypt, *decrypt;
    chain_func *chain;
};

/* Weak keys are not refused: the key is what the sender chose. */
static void blowfish_key(void *context, const uint8_t *key)
{
    blowfish_set_key(context, 16, key);
}

static void des3_key(void *context, const uint8_t *key)
{
    uint8_t odd[DES3_KEY_SIZE];
    des_fix_parity(sizeof odd, odd, key);
    des3_set_key(context, odd);
    mem_wipe(odd, sizeof odd);
}

static void cast5_key(void *context, const uint8_t *key)
{
    cast128_set_key(context, key);
}

static void twofish_key(void *context, const uint8_t *key)
{
    twofish256_set_key(context, key);
}

#define CRYPT(function) (nettle_cipher_func *)(void (*)(void))(function)
#define KEY(function)   (nettle_set_key_func *)(void (*)(void))(function)
#define CHAIN(function) (chain_func *)(void (*)(void))(function)

static const struct functions all[] = {
    {CIPHER_3DES, sizeof(struct des3_ctx), des3_key, NULL, CRYPT(des3_encrypt), CRYPT(des3_decrypt),
     NULL},
    {CIPHER_CAST5, sizeof(struct cast128_ctx), cast5_key, NULL, CRYPT(cast128_encrypt),
     CRYPT(cast128_decrypt), NULL},
    {CIPHER_BLOWFISH, sizeof(struct blowfish_ctx), blowfish_key, NULL, CRYPT(blowfish_encrypt),
     CRYPT(blowfish_decrypt), NULL},
    {CIPHER_AES128, sizeof(struct aes128_ctx), KEY(aes128_set_encrypt_key),
     KEY(aes128_set_decrypt_key), CRYPT(aes128_encrypt), CRYPT(aes128_decrypt),
     CHAIN(cbc_aes128_encrypt)},
    {CIPHER_AES192, sizeof(struct aes192_ctx), KEY(aes192_set_encrypt_key),
     KEY(aes192_set_decrypt_key), CRYPT(aes192_encrypt), CRYPT(aes192_decrypt),
     CHAIN(cbc_aes192_encrypt)},
    {CIPHER_AES256, sizeof(struct aes256_ctx), KEY(aes256_set_encrypt_key),
     KEY(aes256_set_decrypt_key), CRYPT(aes256_encrypt), CRYPT(aes256_decrypt),
     CHAIN(cbc_aes256_encrypt)},
    {CIPHER_TWOFISH, sizeof(struct twofish_ctx), twofish_key, NULL, CRYPT(twofish_encrypt),
     CRYPT(twofish_decrypt), NULL},
    {CIPHER_CAMELLIA128, sizeof(struct camellia128_ctx), KEY(camellia128_set_encrypt_key),
     KEY(camellia128_set_decrypt_key), CRYPT(camellia128_crypt), CRYPT(camellia128_crypt), NULL},
    {CIPHER_CAMELLIA192, sizeof(struct camellia256_ctx), KEY(camellia192_set_encrypt_key),
     KEY(camellia192_set_decrypt_key), CRYPT(camellia256_crypt), CRYPT(camellia256_crypt), NULL},
    {CIPHER_CAMELLIA256, sizeof(struct camellia256_ctx), KEY(camellia256_set_encrypt_key),
     KEY(camellia256_set_decrypt_key), CRYPT(camellia256_crypt), CRYPT(camellia256_crypt), NULL},
};

struct cipher {
    const struct functions *functions;
    size_t block_len;
    struct secret *memory; /* both contexts */
    void *encrypt_context, *decrypt_context;
};

static const struct functions *functions_of(uint8_t id)
{
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].id == id)
            return &all[i];
    }
    return NULL;
}

static size_t aligned(size_t size)
{
    return (size + 63) / 64 * 64;
}

static err *set_keys(struct cipher *c, struct slice key)
{
    const struct functions *f = c->functions;
    size_t each = aligned(f->context_size);
    TRY(secret_new(f->set_decrypt_key != NULL ? 2 * each : each, &c->memory));
    c->encrypt_context = c->decrypt_context = secret_data(c->memory);
    f->set_encrypt_key(c->encrypt_context, key.data);
    if (f->set_decrypt_key != NULL) {
        c->decrypt_context = secret_data(c->memory) + each;
        f->set_decrypt_key(c->decrypt_context, key.data);
    }
    return NULL;
}

err *cipher_new(uint8_t id, struct slice key, struct cipher **out)
{
    const struct cipher_algo *algo = algo_cipher(id);
    const struct functions *f = functions_of(id);
    AUTO(cipher_free) struct cipher *c = NULL;
    if (algo == NULL || f == NULL)
        return err_new(ERR_UNSUPPORTED, "cipher %s (%u) is not supported", algo_cipher_name(id),
                       id);
    if (key.len != algo->key_len)
        return err_new(ERR_BUG, "%s with a key of %zu bytes", algo->name, key.len);
    TRY(MEM_NEW(c));
    c->functions = f;
    c->block_len = algo->block_len;
    TRY(set_keys(c, key));
    *out = TAKE(c);
    return NULL;
}

void cipher_free(struct cipher *c)
{
    if (c != NULL)
        secret_free(c->memory);
    free(c);
}

size_t cipher_block_len(const struct cipher *c)
{
    return c->block_len;
}

void cipher_encrypt(const struct cipher *c, uint8_t *dst, const uint8_t *src, size_t len)
{
    c->functions->encrypt(c->encrypt_context, len, dst, src);
}

void cipher_decrypt(const struct cipher *c, uint8_t *dst, const uint8_t *src, size_t len)
{
    c->functions->decrypt(c->decrypt_context, len, dst, src);
}

void cbc_open(const struct cipher *c, const uint8_t *iv, uint8_t *dst, const uint8_t *src,
              size_t len)
{
    if (len == 0)
        return;
    cipher_decrypt(c, dst, src, len);
    memxor(dst, iv, c->block_len);
    memxor(dst + c->block_len, src, len - c->block_len);
}

void cfb_start(struct cfb *s, const struct cipher *c, const uint8_t *iv)
{
    *s = (struct cfb){.cipher = c};
    if (iv != NULL)
        memcpy(s->feedback, iv, c->block_len);
}

void cfb_clear(struct cfb *s)
{
    mem_wipe(s, sizeof *s);
}

/* One byte at a time, for what is not a whole block. */
static void cfb_bytes(struct cfb *s, uint8_t *dst, const uint8_t *src, size_t len, bool sealing)
{
    size_t block = s->cipher->block_len;
    for (size_t i = 0; i < len; i++) {
        if (s->used == 0)
            cipher_encrypt(s->cipher, s->stream, s->feedback, block);
        uint8_t in = src[i], out = in ^ s->stream[s->used];
        s->feedback[s->used] = sealing ? out : in;
        dst[i] = out;
        s->used = (s->used + 1) % block;
    }
}

/* The bytes until the next block boundary, at most len. */
static size_t cfb_head(const struct cfb *s, size_t len)
{
    size_t head = s->used == 0 ? 0 : s->cipher->block_len - s->used;
    return head < len ? head : len;
}

/* Cipher block chaining: each block waits for the one before it. */
static void chain(const struct cipher *c, const uint8_t *iv, uint8_t *dst, const uint8_t *src,
                  size_t len)
{
    uint8_t last[BLOCK_MAX];
    memcpy(last, iv, c->block_len);
    if (c->functions->chain != NULL)
        c->functions->chain(c->encrypt_context, last, len, dst, src);
    else
        cbc_encrypt(c->encrypt_context, c->functions->encrypt, c->block_len, last, len, dst, src);
    mem_wipe(last, sizeof last);
}

/* Whole blocks, many at a time.  The key stream K of ciphertext C and plaintext P is
 *
 *     K[i + 1] = encrypt(C[i])               when opening: all C are there
 *     K[i + 1] = encrypt(K[i] xor P[i])      when sealing: the chaining of P, with K[0] before it
 */
static void cfb_blocks(struct cfb *s, uint8_t *dst, const uint8_t *src, size_t len, bool sealing)
{
    uint8_t stream[256 * BLOCK_MAX];
    size_t block = s->cipher->block_len, n;
    for (size_t done = 0; done < len; done += n) {
        n = len - done < sizeof stream ? len - done : sizeof stream;
        const uint8_t *in = src + done;
        cipher_encrypt(s->cipher, stream, s->feedback, block);
        if (sealing)
            chain(s->cipher, stream, stream + block, in, n - block);
        else
            cipher_encrypt(s->cipher, stream + block, in, n - block);
        if (!sealing)
            memcpy(s->feedback, in + n - block, block);
        memxor3(dst + done, in, stream, n);
        if (sealing)
            memcpy(s->feedback, dst + done + n - block, block);
    }
    mem_wipe(stream, len < sizeof stream ? len : sizeof stream);
}

static void cfb_crypt(struct cfb *s, uint8_t *dst, const uint8_t *src, size_t len, bool sealing)
{
    size_t head = cfb_head(s, len);
    size_t blocks = (len - head) / s->cipher->block_len * s->cipher->block_len;
    cfb_bytes(s, dst, src, head, sealing);
    cfb_blocks(s, dst + head, src + head, blocks, sealing);
    cfb_bytes(s, dst + head + blocks, src + head + blocks, len - head - blocks, sealing);
}

void cfb_seal(struct cfb *s, uint8_t *dst, const uint8_t *src, size_t len)
{
    cfb_crypt(s, dst, src, len, true);
}

void cfb_open(struct cfb *s, uint8_t *dst, const uint8_t *src, size_t len)
{
    cfb_crypt(s, dst, src, len, false);
}
