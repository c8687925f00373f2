/* algo.h - the algorithms of OpenPGP by number: names, sizes, status.
 *
 * One table per kind [RFC9580 9].  An algorithm that is known but not supported
 * has a row, too, so that messages can name it.  Whether an algorithm is strong
 * enough for a purpose is not decided here but in pgp/policy.
 */
#ifndef CRYPTO_ALGO_H
#define CRYPTO_ALGO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

enum {
    DIGEST_MAX = 64,     /* bytes of the longest digest */
    SALT_MAX = 32,       /* bytes of the longest signature salt */
    BLOCK_MAX = 16,      /* bytes of the longest cipher block */
    CIPHER_KEY_MAX = 32, /* bytes of the longest symmetric key */
    NONCE_MAX = 16,      /* bytes of the longest AEAD nonce */
    TAG_LEN = 16,        /* bytes of every AEAD tag [RFC9580 9.6] */
};

enum algo_status {
    ALGO_CURRENT,     /* read and written */
    ALGO_LEGACY,      /* read; written only where old peers need it */
    ALGO_UNSUPPORTED, /* only named */
};

/* Hash algorithms [RFC9580 9.5] */
enum hash_id {
    HASH_MD5 = 1,
    HASH_SHA1 = 2,
    HASH_RIPEMD160 = 3,
    HASH_SHA256 = 8,
    HASH_SHA384 = 9,
    HASH_SHA512 = 10,
    HASH_SHA224 = 11,
    HASH_SHA3_256 = 12,
    HASH_SHA3_512 = 14,
};

struct hash_algo {
    uint8_t id;
    enum algo_status status;
    const char *name;   /* the text name, as in "Hash:" headers */
    uint8_t digest_len; /* bytes */
    uint8_t salt_len;   /* bytes of salt in a v6 signature; 0: not for v6 */
    uint8_t prefix[19]; /* what stands before the digest in EMSA-PKCS1-v1_5 */
    uint8_t prefix_len;
};

/* Symmetric ciphers [RFC9580 9.3] */
enum cipher_id {
    CIPHER_PLAINTEXT = 0,
    CIPHER_IDEA = 1,
    CIPHER_3DES = 2,
    CIPHER_CAST5 = 3,
    CIPHER_BLOWFISH = 4,
    CIPHER_AES128 = 7,
    CIPHER_AES192 = 8,
    CIPHER_AES256 = 9,
    CIPHER_TWOFISH = 10,
    CIPHER_CAMELLIA128 = 11,
    CIPHER_CAMELLIA192 = 12,
    CIPHER_CAMELLIA256 = 13,
};

struct cipher_algo {
    uint8_t id;
    enum algo_status status;
    const char *name;
    uint8_t key_len, block_len; /* bytes */
};

/* AEAD modes [RFC9580 9.6] */
enum aead_id { AEAD_NONE = 0, AEAD_EAX = 1, AEAD_OCB = 2, AEAD_GCM = 3 };

struct aead_algo {
    uint8_t id;
    const char *name;
    uint8_t nonce_len; /* bytes */
};

/* Compression [RFC9580 9.4] */
enum compression_id {
    COMPRESSION_NONE = 0,
    COMPRESSION_ZIP = 1,
    COMPRESSION_ZLIB = 2,
    COMPRESSION_BZIP2 = 3,
};

/* Each returns NULL for a number that has no row. */
const struct hash_algo *algo_hash(uint8_t id);
const struct cipher_algo *algo_cipher(uint8_t id);
const struct aead_algo *algo_aead(uint8_t id);

/* Supported, whether current or legacy. */
bool algo_hash_is_supported(uint8_t id);
bool algo_cipher_is_supported(uint8_t id);

/* Names for messages; "unknown" where there is no row. */
const char *algo_hash_name(uint8_t id);
const char *algo_cipher_name(uint8_t id);
const char *algo_aead_name(uint8_t id);
const char *algo_compression_name(uint8_t id);

#endif
