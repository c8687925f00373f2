/* pubkey.h - public key and public subkey packets [RFC9580 5.5.2].
 *
 * Versions 2, 3, 4 and 6 are read; 4 and 6 are written.  Slices are borrowed
 * from the bytes that were parsed.
 */
#ifndef PACKET_PUBKEY_H
#define PACKET_PUBKEY_H

#include "base/buf.h"
#include "base/reader.h"
#include "crypto/pk.h"
#include "packet/fingerprint.h"

struct pubkey {
    uint8_t version;
    uint8_t algo;          /* a pk_id, or a number that is not supported */
    uint32_t created_at;   /* Unix seconds */
    uint16_t valid_days;   /* v3 only; 0: for ever */
    struct slice material; /* the algorithm-specific fields */
    struct slice body;     /* the public part of the packet, as it is hashed */
    struct fingerprint fpr;
    struct key_id id;
};

/* Reads a public part and stops behind it: a secret key's goes on there.  An
 * unknown algorithm's fields are all that is left (v4) or what the length says
 * (v6).  ERR_MALFORMED, ERR_UNSUPPORTED (version). */
MUST_USE err *pubkey_parse(struct reader *r, struct pubkey *out);

/* Writes version, time, algorithm and fields of a v4 or v6 key. */
void pubkey_write(struct buf *b, uint8_t version, uint32_t created_at, uint8_t algo,
                  struct slice material);

/* "Ed25519", "RSA 3072", ... */
void pubkey_describe(const struct pubkey *k, char text[static PK_DESCRIPTION_MAX]);

/* Could the handle in a packet mean this key? */
bool pubkey_matches(const struct pubkey *k, const struct key_handle *h);

#endif
