/* container.h - the fields before the data of literal, compressed and SEIPD
 * packets [RFC9580 5.6, 5.9, 5.13]; read from the packet's body. */
#ifndef PACKET_CONTAINER_H
#define PACKET_CONTAINER_H

#include "base/buf.h"
#include "crypto/algo.h"
#include "stream/source.h"

/* Not protected by signatures: for display at most [RFC9580 5.9]. */
struct literal {
    uint8_t format; /* 'b', 'u', 't', 'l', '1', or what others have thought of: the data are
                       the same bytes in any case */
    uint8_t name_len;
    uint8_t name[255];
    uint32_t date; /* Unix seconds; 0: none */
};

enum { LITERAL_FIELDS_MAX = 2 + 255 + 4 };

MUST_USE err *literal_read(struct source *body, struct literal *out);
void literal_write(const struct literal *l, struct buf *b);

/* How encrypted data is protected against changes, oldest first. */
enum encdata_kind {
    ENCDATA_NOTHING, /* Symmetrically Encrypted Data, packet type 9: not at all */
    ENCDATA_MDC,     /* SEIPD v1: CFB and a SHA-1 at the end */
    ENCDATA_OCB,     /* LibrePGP's OCB Encrypted Data, type 20; only read */
    ENCDATA_AEAD,    /* SEIPD v2 */
};

enum { ENCDATA_SALT = 32, ENCDATA_AD = 5 };

/* What stands before the ciphertext [RFC9580 5.7, 5.13] [LibrePGP]. */
struct encdata {
    enum encdata_kind kind;
    uint8_t cipher, aead, chunk_octet; /* OCB, AEAD */
    uint8_t salt[ENCDATA_SALT];        /* AEAD; OCB: the initial vector */
};

/* Does the data itself name its cipher?  In the older kinds the session key does. */
bool encdata_names_cipher(const struct encdata *d);

/* packet_type is one of the three.  ERR_MALFORMED, ERR_UNSUPPORTED (version, mode). */
MUST_USE err *encdata_read(struct source *body, uint8_t packet_type, struct encdata *out);
void encdata_write(const struct encdata *d, struct buf *b);

/* Packet type, version, cipher, mode and chunk size of OCB and AEAD: additional data of
 * every chunk, and for AEAD info of the key derivation. */
void encdata_ad(const struct encdata *d, uint8_t ad[static ENCDATA_AD]);

MUST_USE err *compressed_read(struct source *body, uint8_t *algorithm);

#endif
