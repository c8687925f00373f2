#include "crypto/aead.h"

#include <nettle/eax.h>
#include <nettle/gcm.h>

#include "base/mem.h"
#include "base/secret.h"
#include "crypto/cipher.h"
#include "crypto/ct.h"
#include "crypto/ocb.h"

/* What a mode derives from the key. */
union state {
    struct ocb ocb;
    struct eax_key eax;
    struct gcm_key gcm;
};

struct aead {
    const struct aead_algo *algo;
    struct cipher *cipher;
    struct secret *memory;
    union state *state;
};

/* Nettle's modes call the cipher through this; the context is ours. */
static void encrypt_blocks(const void *context, size_t len, uint8_t *dst, const uint8_t *src)
{
    cipher_encrypt(context, dst, src, len);
}

static err *expand(struct aead *a)
{
    TRY(secret_new(sizeof(union state), &a->memory));
    a->state = (union state *)(void *)secret_data(a->memory);
    switch (a->algo->id) {
    case AEAD_EAX:
        eax_set_key(&a->state->eax, a->cipher, encrypt_blocks);
        return NULL;
    case AEAD_OCB:
        ocb_init(&a->state->ocb, a->cipher);
        return NULL;
    default:
        gcm_set_key(&a->state->gcm, a->cipher, encrypt_blocks);
        return NULL;
    }
}

err *aead_new(uint8_t cipher, uint8_t mode, struct slice key, struct aead **out)
{
    AUTO(aead_free) struct aead *a = NULL;
    const struct cipher_algo *block = algo_cipher(cipher);
    TRY(MEM_NEW(a));
    a->algo = algo_aead(mode);
    if (a->algo == NULL)
        return err_new(ERR_UNSUPPORTED, "AEAD mode %u is not supported", mode);
    if (block != NULL && block->block_len != BLOCK_MAX)
        return err_new(ERR_UNSUPPORTED, "%s cannot be used with %s: its blocks are too short",
                       block->name, a->algo->name);
    TRY(cipher_new(cipher, key, &a->cipher));
    TRY(expand(a));
    *out = TAKE(a);
    return NULL;
}

void aead_free(struct aead *a)
{
    if (a == NULL)
        return;
    cipher_free(a->cipher);
    secret_free(a->memory);
    free(a);
}

size_t aead_nonce_len(const struct aead *a)
{
    return a->algo->nonce_len;
}

static void eax_crypt(const struct aead *a, const uint8_t *nonce, struct slice ad, uint8_t *dst,
                      struct slice src, uint8_t *tag, bool sealing)
{
    struct eax_ctx run;
    const struct eax_key *key = &a->state->eax;
    eax_set_nonce(&run, key, a->cipher, encrypt_blocks, a->algo->nonce_len, nonce);
    eax_update(&run, key, a->cipher, encrypt_blocks, ad.len, ad.data);
    if (sealing)
        eax_encrypt(&run, key, a->cipher, encrypt_blocks, src.len, dst, src.data);
    else
        eax_decrypt(&run, key, a->cipher, encrypt_blocks, src.len, dst, src.data);
    eax_digest(&run, key, a->cipher, encrypt_blocks, TAG_LEN, tag);
    mem_wipe(&run, sizeof run);
}

static void gcm_crypt(const struct aead *a, const uint8_t *nonce, struct slice ad, uint8_t *dst,
                      struct slice src, uint8_t *tag, bool sealing)
{
    struct gcm_ctx run;
    const struct gcm_key *key = &a->state->gcm;
    gcm_set_iv(&run, key, a->algo->nonce_len, nonce);
    gcm_update(&run, key, ad.len, ad.data);
    if (sealing)
        gcm_encrypt(&run, key, a->cipher, encrypt_blocks, src.len, dst, src.data);
    else
        gcm_decrypt(&run, key, a->cipher, encrypt_blocks, src.len, dst, src.data);
    gcm_digest(&run, key, a->cipher, encrypt_blocks, TAG_LEN, tag);
    mem_wipe(&run, sizeof run);
}

void aead_seal(const struct aead *a, const uint8_t *nonce, struct slice ad, uint8_t *dst,
               struct slice plain, uint8_t tag[static TAG_LEN])
{
    switch (a->algo->id) {
    case AEAD_EAX:
        eax_crypt(a, nonce, ad, dst, plain, tag, true);
        break;
    case AEAD_OCB:
        ocb_seal(&a->state->ocb, nonce, ad, dst, plain, tag);
        break;
    default:
        gcm_crypt(a, nonce, ad, dst, plain, tag, true);
        break;
    }
}

bool aead_open(const struct aead *a, const uint8_t *nonce, struct slice ad, uint8_t *dst,
               struct slice sealed, const uint8_t tag[static TAG_LEN])
{
    uint8_t expected[TAG_LEN];
    switch (a->algo->id) {
    case AEAD_EAX:
        eax_crypt(a, nonce, ad, dst, sealed, expected, false);
        break;
    case AEAD_OCB:
        ocb_open(&a->state->ocb, nonce, ad, dst, sealed, expected);
        break;
    default:
        gcm_crypt(a, nonce, ad, dst, sealed, expected, false);
        break;
    }
    if (ct_equal(slice_of(expected, TAG_LEN), slice_of(tag, TAG_LEN)))
        return true;
    mem_wipe(dst, sealed.len);
    return false;
}
