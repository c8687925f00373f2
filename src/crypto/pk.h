/* pk.h - public-key algorithms by number [RFC9580 9.1].
 *
 * Each algorithm is one const struct pk_algo beside its code.  They work on the
 * algorithm-specific fields as they stand in packets: `public` and `secret` are
 * the fields of a key [RFC9580 5.5.5], `signature` those of a signature
 * [RFC9580 5.2.3.1], `esk` those of an encrypted session key [RFC9580 5.1.3].
 * All fields are checked where they are used, so any bytes may be given.
 */
#ifndef CRYPTO_PK_H
#define CRYPTO_PK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/reader.h"
#include "base/secret.h"
#include "base/world.h"

enum pk_id {
    PK_RSA = 1,
    PK_RSA_ENCRYPT_ONLY = 2,
    PK_RSA_SIGN_ONLY = 3,
    PK_ELGAMAL = 16,
    PK_DSA = 17,
    PK_ECDH = 18,
    PK_ECDSA = 19,
    PK_EDDSA_LEGACY = 22,
    PK_X25519 = 25,
    PK_X448 = 26,
    PK_ED25519 = 27,
    PK_ED448 = 28,
};

enum pk_use { PK_SIGNS = 1, PK_ENCRYPTS = 2 };

/* Bytes of the longest algorithm-specific part of a key, signature or session
 * key: four integers of MPI_BITS_MAX bits and their lengths. */
enum { PK_FIELDS_MAX = 4 * (2 + 16384 / 8) + 64 };

/* A session key on its way into or out of a PKESK packet. */
struct pk_session {
    bool with_cipher;         /* v3: the cipher's number goes with the key */
    uint8_t cipher;           /* set by unwrap where with_cipher; else left alone */
    struct secret *key;       /* owned by whoever holds the struct */
    struct slice fingerprint; /* of the recipient's (sub)key: ECDH mixes it in */
};

struct pk_algo {
    uint8_t id;
    const char *name;
    unsigned uses; /* PK_SIGNS | PK_ENCRYPTS */

    /* Consume the fields of a public or secret key, a signature or an encrypted
     * session key, so that the caller knows where they end. */
    void (*skip_public)(struct reader *r);
    void (*skip_secret)(struct reader *r);
    void (*skip_signature)(struct reader *r);
    void (*skip_esk)(struct reader *r);

    /* The size of the key in bits, as people call it; 0 if it is malformed. */
    unsigned (*bits)(struct slice public);

    /* A new key pair.  `variant` is the number of bits or a pk_curve. */
    err *(*generate)(unsigned variant, const struct world *w, struct buf *public,
                     struct secret **secret);

    /* ERR_MALFORMED if the secret does not belong to the public key. */
    err *(*check)(struct slice public, const struct secret *secret);

    err *(*sign)(struct slice public, const struct secret *secret, const struct world *w,
                 uint8_t hash, struct slice digest, struct buf *signature);
    bool (*verify)(struct slice public, uint8_t hash, struct slice digest, struct slice signature);
    bool repeats; /* the same key makes the same signature over the same digest */
    err *(*wrap)(struct slice public, const struct world *w, const struct pk_session *session,
                 struct buf *esk);
    err *(*unwrap)(struct slice public, const struct secret *secret, struct slice esk,
                   struct pk_session *session);
};

/* To be called once, before anything else: from then on GMP wipes what it frees. */
void pk_init(void);

/* NULL for a number that is not supported. */
const struct pk_algo *pk_find(uint8_t id);

/* "RSA", "Ed25519", ...; also for numbers that are only named; else "unknown". */
const char *pk_name(uint8_t id);

/* One of those that a quantum computer is not expected to break?  They are not supported. */
bool pk_is_post_quantum(uint8_t id);

/* Could a key of this algorithm do this?  False for unknown ones. */
bool pk_can(uint8_t id, enum pk_use use);

/* Can it make signatures, or be encrypted to?  False for what is only verified, or only
 * decrypts. */
bool pk_can_sign(uint8_t id);
bool pk_can_encrypt(uint8_t id);

/* Bytes that a digest must have at least to be signed by this key
 * [RFC9580 5.2.3.2 to 5.2.3.5]. */
size_t pk_digest_min(uint8_t id, struct slice public);

/* "RSA 3072", "ECDSA NIST P-256", "Ed25519": what people call the key; for a curve that is
 * not supported its number, see curve_name.  text holds PK_DESCRIPTION_MAX bytes. */
enum { PK_DESCRIPTION_MAX = 64 };
void pk_describe(uint8_t id, struct slice public, char text[static PK_DESCRIPTION_MAX]);

/* Bits of a curve's field or of the modulus; 0 if unknown. */
unsigned pk_bits(uint8_t id, struct slice public);

/* Does an ECDH key announce the key derivation and wrapping that belong to its curve
 * [RFC9580 11.5.1, Table 30]?  True for keys of other algorithms. */
bool pk_has_proper_kdf(uint8_t id, struct slice public);

/* Is an ECDH key's key derivation at least SHA-256, and its wrapping AES with a key that
 * the derivation fills [RFC9580 11.4, 11.5.1]?  True for keys of other algorithms. */
bool pk_has_strong_kdf(uint8_t id, struct slice public);

/* How strong it is, as bits of a symmetric key [SP 800-57-1, Table 2]; 0 if unknown. */
unsigned pk_strength(uint8_t id, struct slice public);

/* Makes a signature over a digest and verifies it before it is handed out (or makes it again, where
 * that is possible), so that neither a computing fault nor another's public key can leak the
 * secret.  Appends to signature.
 * ERR_UNSUPPORTED, ERR_MALFORMED (key), ERR_BUG. */
MUST_USE err *pk_sign(uint8_t id, struct slice public, const struct secret *secret,
                      const struct world *w, uint8_t hash, struct slice digest,
                      struct buf *signature);

/* False for any signature that is not good, whatever the reason. */
MUST_USE bool pk_verify(uint8_t id, struct slice public, uint8_t hash, struct slice digest,
                        struct slice signature);

/* Encrypts session->key to a public key; appends to esk.  ERR_CANNOT_ENCRYPT for a v6
 * key that pk_has_proper_kdf refuses, and any that pk_has_strong_kdf does. */
MUST_USE err *pk_wrap(uint8_t id, struct slice public, const struct world *w,
                      const struct pk_session *session, struct buf *esk);

/* Decrypts a session key to session->key.  ERR_CANNOT_DECRYPT with one and the
 * same text for every way in which it can be wrong [RFC9580 13.5]. */
MUST_USE err *pk_unwrap(uint8_t id, struct slice public, const struct secret *secret,
                        struct slice esk, struct pk_session *session);

MUST_USE err *pk_generate(uint8_t id, unsigned variant, const struct world *w, struct buf *public,
                          struct secret **secret);

MUST_USE err *pk_check(uint8_t id, struct slice public, const struct secret *secret);

#endif
