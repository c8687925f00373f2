#include "pgp/messagekey.h"

#include "crypto/kdf.h"

/* The session key is the message key; what SEIPD v2 has for a salt is the first nonce. */
static err *start_ocb(const struct encdata *d, const struct secret *key, struct chunks_params *out)
{
    out->index_in_ad = true;
    memcpy(out->nonce, d->salt, algo_aead(d->aead)->nonce_len);
    return aead_new(d->cipher, d->aead, secret_view(key), &out->aead);
}

static err *start_aead(const struct encdata *d, const struct secret *key, struct chunks_params *out)
{
    AUTO(secret_free) struct secret *derived = NULL;
    size_t key_len = algo_cipher(d->cipher)->key_len;
    size_t prefix = algo_aead(d->aead)->nonce_len - 8U;
    TRY(kdf_hkdf(HASH_SHA256, secret_view(key), SLICE_OF(d->salt), SLICE_OF(out->ad),
                 key_len + prefix, &derived));
    struct slice view = secret_view(derived);
    memcpy(out->nonce, view.data + key_len, prefix);
    return aead_new(d->cipher, d->aead, slice_of(view.data, key_len), &out->aead);
}

err *message_key(const struct encdata *d, const struct secret *key, struct pool *pool,
                 struct chunks_params *out)
{
    *out = (struct chunks_params){.size_octet = d->chunk_octet, .pool = pool};
    if (algo_cipher(d->cipher) == NULL || algo_aead(d->aead) == NULL)
        return err_new(ERR_UNSUPPORTED, "encryption with cipher %u in mode %u is not supported",
                       d->cipher, d->aead);
    encdata_ad(d, out->ad);
    return d->kind == ENCDATA_OCB ? start_ocb(d, key, out) : start_aead(d, key, out);
}
