#include "crypto/nonce.h"

#include <string.h>

#include "base/mem.h"
#include "crypto/digest.h"

enum { HASH_BLOCK_MAX = 128 };

/* Those of which block_len knows. */
static bool is_supported(uint8_t hash)
{
    return hash == HASH_SHA1 || (hash >= HASH_SHA256 && hash <= HASH_SHA224);
}

/* Bytes of the blocks that a hash takes in. */
static size_t block_len(const struct hash_algo *hash)
{
    return hash->digest_len > 32 ? HASH_BLOCK_MAX : HASH_BLOCK_MAX / 2;
}

static void update_padded_key(struct digest *d, struct slice key, size_t block, uint8_t mask)
{
    uint8_t pad[HASH_BLOCK_MAX];
    memset(pad, mask, block);
    for (size_t i = 0; i < key.len; i++)
        pad[i] ^= key.data[i];
    digest_update(d, slice_of(pad, block));
    mem_wipe(pad, sizeof pad);
}

/* n->value becomes HMAC(n->key, n->value || parts), or n->key does.  [RFC2104 2] */
static err *hmac(struct nonce *n, const struct slice *parts, size_t count, uint8_t *out)
{
    const struct hash_algo *hash = algo_hash(n->hash);
    struct slice key = slice_of(n->key, hash->digest_len);
    AUTO(digest_free) struct digest *d = NULL;
    uint8_t inner[DIGEST_MAX];
    TRY(digest_new(n->hash, &d));
    update_padded_key(d, key, block_len(hash), 0x36);
    digest_update(d, slice_of(n->value, hash->digest_len));
    for (size_t i = 0; i < count; i++)
        digest_update(d, parts[i]);
    digest_final(d, inner);
    update_padded_key(d, key, block_len(hash), 0x5C);
    digest_update(d, slice_of(inner, hash->digest_len));
    digest_final(d, out);
    mem_wipe(inner, sizeof inner);
    return NULL;
}

/* K = HMAC(K, V || octet || seed), V = HMAC(K, V) */
static err *stir(struct nonce *n, const struct slice *parts, size_t count)
{
    TRY(hmac(n, parts, count, n->key));
    return hmac(n, NULL, 0, n->value);
}

err *nonce_start(struct nonce *n, uint8_t hash, struct slice scalar, struct slice digest,
                 struct slice random)
{
    *n = (struct nonce){.hash = hash};
    if (!is_supported(hash))
        return err_new(ERR_UNSUPPORTED, "nonces with %s", algo_hash_name(hash));
    memset(n->value, 1, sizeof n->value);
    for (uint8_t octet = 0; octet < 2; octet++) {
        const struct slice parts[] = {slice_of(&octet, 1), scalar, digest, random};
        TRY(stir(n, parts, sizeof parts / sizeof *parts));
    }
    return NULL;
}

err *nonce_next(struct nonce *n, uint8_t *out, size_t len)
{
    static const uint8_t zero;
    const struct slice again = {&zero, 1};
    size_t digest_len = algo_hash(n->hash)->digest_len;
    for (size_t done = 0; done < len; done += digest_len) {
        TRY(hmac(n, NULL, 0, n->value));
        size_t left = len - done;
        memcpy(out + done, n->value, left < digest_len ? left : digest_len);
    }
    return stir(n, &again, 1);
}

void nonce_clear(struct nonce *n)
{
    mem_wipe(n, sizeof *n);
}
