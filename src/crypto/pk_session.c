#include "crypto/pk_session.h"

#include <string.h>

#include "crypto/algo.h"
#include "crypto/ct.h"

static void checksum_of(struct slice key, uint8_t out[static 2])
{
    unsigned sum = 0;
    for (size_t i = 0; i < key.len; i++)
        sum += key.data[i];
    out[0] = (uint8_t)(sum >> 8);
    out[1] = (uint8_t)sum;
}

err *pk_session_encode(const struct pk_session *s, struct secret **out)
{
    struct slice key = secret_view(s->key);
    size_t head = s->with_cipher ? 1 : 0;
    TRY(secret_new(head + key.len + 2, out));
    uint8_t *p = secret_data(*out);
    p[0] = s->cipher;
    memcpy(p + head, key.data, key.len);
    checksum_of(key, p + head + key.len);
    return NULL;
}

err *pk_session_decode(struct slice plain, struct pk_session *s, bool *good)
{
    uint8_t expected[2];
    size_t head = s->with_cipher ? 1 : 0;
    *good = false;
    if (plain.len < head + 2)
        return NULL;
    struct slice key = slice_of(plain.data + head, plain.len - head - 2);
    checksum_of(key, expected);
    bool sum = ct_equal(SLICE_OF(expected), slice_from(plain, plain.len - 2));
    const struct cipher_algo *cipher = s->with_cipher ? algo_cipher(plain.data[0]) : NULL;
    bool len = s->with_cipher ? cipher != NULL && cipher->key_len == key.len
                              : key.len >= 16 && key.len <= CIPHER_KEY_MAX;
    if (!sum || !len)
        return NULL;
    if (s->with_cipher)
        s->cipher = plain.data[0];
    *good = true;
    return secret_of(key, &s->key);
}
