/* subpacket.h - signature subpackets: framing and types [RFC9580 5.2.3.7]. */
#ifndef PACKET_SUBPACKET_H
#define PACKET_SUBPACKET_H

#include "base/buf.h"
#include "base/reader.h"
#include "packet/fingerprint.h"

enum subpacket_type {
    SUB_CREATED = 2,
    SUB_EXPIRES = 3,
    SUB_EXPORTABLE = 4,
    SUB_TRUST = 5,
    SUB_REGEX = 6,
    SUB_REVOCABLE = 7,
    SUB_KEY_EXPIRES = 9,
    SUB_PREFERRED_CIPHERS = 11,
    SUB_REVOCATION_KEY = 12,
    SUB_ISSUER = 16,
    SUB_NOTATION = 20,
    SUB_PREFERRED_HASHES = 21,
    SUB_PREFERRED_COMPRESSION = 22,
    SUB_KEYSERVER_PREFS = 23,
    SUB_PREFERRED_KEYSERVER = 24,
    SUB_PRIMARY_USER_ID = 25,
    SUB_POLICY_URI = 26,
    SUB_KEY_FLAGS = 27,
    SUB_SIGNERS_USER_ID = 28,
    SUB_REVOCATION_REASON = 29,
    SUB_FEATURES = 30,
    SUB_TARGET = 31,
    SUB_EMBEDDED = 32,
    SUB_ISSUER_FPR = 33,
    SUB_INTENDED_RECIPIENT = 35,
    SUB_ATTESTED = 37,
    SUB_KEY_BLOCK = 38,
    SUB_PREFERRED_AEAD = 39,
};

struct subpacket {
    uint8_t type;
    bool critical;
    struct slice body;
};

/* "Signature Creation Time", ...; "Unknown" for numbers without a name. */
const char *subpacket_name(uint8_t type);

/* Do we understand (or knowingly ignore) this type?  A critical one that we do
 * not makes its signature invalid. */
bool subpacket_is_known(uint8_t type);

/* The next subpacket of an area that is not at its end.  Sticky on bad framing. */
struct subpacket subpacket_next(struct reader *r);

/* The first subpacket of this type in an area from *cursor on, which moves behind
 * it: start with 0.  False, with the cursor at the end, if there is none. */
bool subpacket_find(struct slice area, uint8_t type, size_t *cursor, struct subpacket *out);

void subpacket_write(struct buf *b, uint8_t type, bool critical, struct slice body);

/* Often written ones. */
void subpacket_write_u8(struct buf *b, uint8_t type, bool critical, uint8_t value);
void subpacket_write_u32(struct buf *b, uint8_t type, bool critical, uint32_t value);
/* Version octet and fingerprint: types 33 and 35. */
void subpacket_write_fingerprint(struct buf *b, uint8_t type, bool critical,
                                 const struct fingerprint *f);

/* Reads the body of types 33 and 35; false if it is malformed. */
bool subpacket_read_fingerprint(struct slice body, struct fingerprint *out);

#endif
