/* skesk.h - session keys encrypted with a passphrase [RFC9580 5.3]. */
#ifndef PACKET_SKESK_H
#define PACKET_SKESK_H

#include "base/buf.h"
#include "base/reader.h"
#include "crypto/s2k.h"

struct skesk {
    uint8_t version; /* 4 before SEIPD v1, 6 before SEIPD v2; LibrePGP's 5: only read */
    uint8_t cipher;  /* of the key encryption; v4 without esk: of the message */
    uint8_t aead;    /* v5, v6 */
    struct s2k s2k;
    struct slice iv;  /* v5, v6; borrowed, as are the next two */
    struct slice esk; /* the encrypted session key; v4: may be empty */
    struct slice tag; /* v5, v6 */
};

/* ERR_MALFORMED, ERR_UNSUPPORTED (version, string-to-key, AEAD mode). */
MUST_USE err *skesk_parse(struct reader *r, struct skesk *out);

/* Decrypts the session key.  v4: *cipher is set to the message's cipher.  With v4
 * a wrong passphrase may go unnoticed; with v5 and v6 it is ERR_CANNOT_DECRYPT. */
MUST_USE err *skesk_unwrap(const struct skesk *s, const struct secret *passphrase,
                           const struct s2k_limits *limits, uint8_t *cipher, struct secret **key);

/* Writes a body that encrypts key with passphrase: v6 with Argon2 and AEAD, v4
 * with an iterated hash that every program knows.  cipher is the message's. */
MUST_USE err *skesk_write(struct buf *b, uint8_t version, uint8_t cipher, uint8_t aead,
                          const struct secret *passphrase, const struct secret *key,
                          const struct world *w);

#endif
