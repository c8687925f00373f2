/* pubkey.h - public key and public subkey packets [RFC9580 5.5.2].
 *
 * Versions 2, 3, 4, 6 and LibrePGP's 5 are read; 4 and 6 are written.  Slices are
 * borrowed from the bytes that were parsed.
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

/* What stands before a key of this many bytes where it is hashed, for a fingerprint of a
 * key or a signature of this version: PUBKEY_HEAD_MAX bytes at most; their number.
 * [RFC9580 5.2.4, 5.5.4] [LibrePGP] */
enum { PUBKEY_HEAD_MAX = 5 };
size_t pubkey_hash_head(uint8_t version, size_t len, uint8_t head[static PUBKEY_HEAD_MAX]);

/* Reads a public part and stops behind it: a secret key's goes on there.  An
 * unknown algorithm's fields are all that is left (v4) or what the length says
 * (v5, v6).  ERR_MALFORMED, ERR_UNSUPPORTED (version). */
MUST_USE err *pubkey_parse(struct reader *r, struct pubkey *out);

/* Writes version, time, algorithm and fields of a v4 or v6 key. */
void pubkey_write(struct buf *b, uint8_t version, uint32_t created_at, uint8_t algo,
                  struct slice material);

/* What of its fingerprint goes into the key derivation of ECDH [RFC9580 11.5]: all, or the
 * first 20 octets of version 5 [LibrePGP]. */
struct slice pubkey_kdf_fingerprint(const struct pubkey *k);

/* "Ed25519", "RSA 3072", ... */
void pubkey_describe(const struct pubkey *k, char text[static PK_DESCRIPTION_MAX]);

/* Could the handle in a packet mean this key? */
bool pubkey_matches(const struct pubkey *k, const struct key_handle *h);

#endif
