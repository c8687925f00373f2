#include "crypto/algo.h"

/* The DER prefixes are those of [RFC9580 9.5, Table 24]. */
static const struct hash_algo hashes[] = {
    {HASH_MD5,
     ALGO_LEGACY,
     "MD5",
     16,
     0,
     {0x30, 0x20, 0x30, 0x0C, 0x06, 0x08, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x02, 0x05, 0x05,
      0x00, 0x04, 0x10},
     18},
    {HASH_SHA1,
     ALGO_LEGACY,
     "SHA1",
     20,
     0,
     {0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A, 0x05, 0x00, 0x04, 0x14},
     15},
    {HASH_RIPEMD160,
     ALGO_LEGACY,
     "RIPEMD160",
     20,
     0,
     {0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x24, 0x03, 0x02, 0x01, 0x05, 0x00, 0x04, 0x14},
     15},
    {HASH_SHA256,
     ALGO_CURRENT,
     "SHA256",
     32,
     16,
     {0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
      0x05, 0x00, 0x04, 0x20},
     19},
    {HASH_SHA384,
     ALGO_CURRENT,
     "SHA384",
     48,
     24,
     {0x30, 0x41, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02,
      0x05, 0x00, 0x04, 0x30},
     19},
    {HASH_SHA512,
     ALGO_CURRENT,
     "SHA512",
     64,
     32,
     {0x30, 0x51, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03,
      0x05, 0x00, 0x04, 0x40},
     19},
    {HASH_SHA224,
     ALGO_CURRENT,
     "SHA224",
     28,
     16,
     {0x30, 0x2D, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04,
      0x05, 0x00, 0x04, 0x1C},
     19},
    {HASH_SHA3_256,
     ALGO_CURRENT,
     "SHA3-256",
     32,
     16,
     {0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x08,
      0x05, 0x00, 0x04, 0x20},
     19},
    {HASH_SHA3_512,
     ALGO_CURRENT,
     "SHA3-512",
     64,
     32,
     {0x30, 0x51, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x0A,
      0x05, 0x00, 0x04, 0x40},
     19},
};

static const struct cipher_algo ciphers[] = {
    {CIPHER_IDEA, ALGO_UNSUPPORTED, "IDEA", 16, 8},
    {CIPHER_3DES, ALGO_LEGACY, "TripleDES", 24, 8},
    {CIPHER_CAST5, ALGO_LEGACY, "CAST5", 16, 8},
    {CIPHER_BLOWFISH, ALGO_LEGACY, "Blowfish", 16, 8},
    {CIPHER_AES128, ALGO_CURRENT, "AES128", 16, 16},
    {CIPHER_AES192, ALGO_CURRENT, "AES192", 24, 16},
    {CIPHER_AES256, ALGO_CURRENT, "AES256", 32, 16},
    {CIPHER_TWOFISH, ALGO_CURRENT, "Twofish", 32, 16},
    {CIPHER_CAMELLIA128, ALGO_CURRENT, "Camellia128", 16, 16},
    {CIPHER_CAMELLIA192, ALGO_CURRENT, "Camellia192", 24, 16},
    {CIPHER_CAMELLIA256, ALGO_CURRENT, "Camellia256", 32, 16},
};

static const struct aead_algo aeads[] = {
    {AEAD_EAX, "EAX", 16},
    {AEAD_OCB, "OCB", 15},
    {AEAD_GCM, "GCM", 12},
};

#define FIND(table, number)                                                                        \
    for (size_t i = 0; i < sizeof(table) / sizeof *(table); i++) {                                 \
        if ((table)[i].id == (number))                                                             \
            return &(table)[i];                                                                    \
    }                                                                                              \
    return NULL

const struct hash_algo *algo_hash(uint8_t id)
{
    FIND(hashes, id);
}

const struct cipher_algo *algo_cipher(uint8_t id)
{
    FIND(ciphers, id);
}

const struct aead_algo *algo_aead(uint8_t id)
{
    FIND(aeads, id);
}

bool algo_hash_is_supported(uint8_t id)
{
    const struct hash_algo *a = algo_hash(id);
    return a != NULL && a->status != ALGO_UNSUPPORTED;
}

bool algo_cipher_is_supported(uint8_t id)
{
    const struct cipher_algo *a = algo_cipher(id);
    return a != NULL && a->status != ALGO_UNSUPPORTED;
}

const char *algo_hash_name(uint8_t id)
{
    const struct hash_algo *a = algo_hash(id);
    return a != NULL ? a->name : "unknown";
}

const char *algo_cipher_name(uint8_t id)
{
    const struct cipher_algo *a = algo_cipher(id);
    return a != NULL ? a->name : id == CIPHER_PLAINTEXT ? "plaintext" : "unknown";
}

const char *algo_aead_name(uint8_t id)
{
    const struct aead_algo *a = algo_aead(id);
    return a != NULL ? a->name : "unknown";
}

const char *algo_compression_name(uint8_t id)
{
    static const char *const names[] = {"uncompressed", "ZIP", "ZLIB", "BZip2"};
    return id < sizeof names / sizeof *names ? names[id] : "unknown";
}
