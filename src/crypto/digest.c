#include "crypto/digest.h"

#include <nettle/nettle-meta.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "base/mem.h"
#include "crypto/sha1_guard.h"

struct digest {
    const struct nettle_hash *function;
    uint8_t hash;
    size_t size; /* of this struct with its state */
    _Alignas(16) uint8_t state[];
};

static const struct nettle_hash *function_of(uint8_t hash)
{
    switch (hash) {
    case HASH_MD5:
        return &nettle_md5;
    case HASH_SHA1:
        return &nettle_sha1;
    case HASH_RIPEMD160:
        return &nettle_ripemd160;
    case HASH_SHA256:
        return &nettle_sha256;
    case HASH_SHA384:
        return &nettle_sha384;
    case HASH_SHA512:
        return &nettle_sha512;
    case HASH_SHA224:
        return &nettle_sha224;
    case HASH_SHA3_256:
        return &nettle_sha3_256;
    case HASH_SHA3_512:
        return &nettle_sha3_512;
    default:
        return NULL;
    }
}

static err *digest_start(uint8_t hash, const struct nettle_hash *function, struct digest **out)
{
    if (function == NULL)
        return err_new(ERR_UNSUPPORTED, "hash algorithm %u is not supported", hash);
    size_t size = sizeof(struct digest) + function->context_size;
    struct digest *d = mem_zeroed(1, size);
    if (d == NULL)
        return err_no_memory();
    d->function = function;
    d->hash = hash;
    d->size = size;
    function->init(d->state);
    *out = d;
    return NULL;
}

err *digest_new(uint8_t hash, struct digest **out)
{
    return digest_start(hash, function_of(hash), out);
}

err *digest_new_guarded(uint8_t hash, struct digest **out)
{
    return digest_start(hash, hash == HASH_SHA1 ? &sha1_guard : function_of(hash), out);
}

bool digest_saw_attack(const struct digest *d)
{
    return d->function == &sha1_guard && sha1_guard_saw_attack(d->state);
}

err *digest_copy(const struct digest *d, struct digest **out)
{
    struct digest *copy = mem_zeroed(1, d->size);
    if (copy == NULL)
        return err_no_memory();
    memcpy(copy, d, d->size);
    *out = copy;
    return NULL;
}

uint8_t digest_hash(const struct digest *d)
{
    return d->hash;
}

void digest_update(struct digest *d, struct slice s)
{
    if (s.len > 0)
        d->function->update(d->state, s.len, s.data);
}

struct slice digest_final(struct digest *d, uint8_t *out)
{
    /* Nettle's digest functions also reset the state. */
    d->function->digest(d->state, d->function->digest_size, out);
    return slice_of(out, d->function->digest_size);
}

void digest_free(struct digest *d)
{
    if (d != NULL)
        mem_free_wiped(d, d->size);
}

#if defined(__x86_64__)
bool digest_sha256_is_fast(void)
{
    enum { FEATURES_LEAF = 7, SHA_BIT = 1 << 29 }; /* of EBX */
    unsigned a, b, c, d;
    return __get_cpuid_count(FEATURES_LEAF, 0, &a, &b, &c, &d) != 0 && (b & SHA_BIT) != 0;
}
#else
/* Where 64-bit registers do the work, SHA-512 is the faster. */
bool digest_sha256_is_fast(void)
{
    return false;
}
#endif

err *digest_of(uint8_t hash, struct slice s, uint8_t out[static DIGEST_MAX])
{
    AUTO(digest_free) struct digest *d = NULL;
    TRY(digest_new(hash, &d));
    digest_update(d, s);
    digest_final(d, out);
    return NULL;
}
