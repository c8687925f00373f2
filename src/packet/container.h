/* container.h - the fields before the data of literal, compressed and SEIPD
 * packets [RFC9580 5.6, 5.9, 5.13]; read from the packet's body. */
#ifndef PACKET_CONTAINER_H
#define PACKET_CONTAINER_H

#include "base/buf.h"
#include "crypto/algo.h"
#include "stream/source.h"

/* Not protected by signatures: for display at most [RFC9580 5.9]. */
struct literal {
    uint8_t format; /* 'b', 'u', 't', 'l' or '1' */
    uint8_t name_len;
    uint8_t name[255];
    uint32_t date; /* Unix seconds; 0: none */
};

MUST_USE err *literal_read(struct source *body, struct literal *out);
void literal_write(const struct literal *l, struct buf *b);

enum { SEIPD_SALT = 32, SEIPD_V2_AD = 5 };

struct seipd {
    uint8_t version;                   /* 1 or 2 */
    uint8_t cipher, aead, chunk_octet; /* v2 */
    uint8_t salt[SEIPD_SALT];          /* v2 */
};

/* ERR_MALFORMED, ERR_UNSUPPORTED (version). */
MUST_USE err *seipd_read(struct source *body, struct seipd *out);
void seipd_write(const struct seipd *s, struct buf *b);

/* Packet type, version, cipher, mode and chunk size of v2: additional data of
 * every chunk, and info of the key derivation. */
void seipd_ad(const struct seipd *s, uint8_t ad[static SEIPD_V2_AD]);

MUST_USE err *compressed_read(struct source *body, uint8_t *algorithm);

#endif
