/* packet.h - packet headers and types [RFC9580 4, 5].
 *
 * Packets are read from a source (messages, key files) or walked in memory
 * (certificates).  New ones are written in the current format only.
 */
#ifndef PACKET_PACKET_H
#define PACKET_PACKET_H

#include "base/buf.h"
#include "base/err.h"
#include "base/reader.h"
#include "stream/source.h"

enum packet_type {
    PACKET_RESERVED = 0,
    PACKET_PKESK = 1,
    PACKET_SIGNATURE = 2,
    PACKET_SKESK = 3,
    PACKET_ONE_PASS = 4,
    PACKET_SECRET_KEY = 5,
    PACKET_PUBLIC_KEY = 6,
    PACKET_SECRET_SUBKEY = 7,
    PACKET_COMPRESSED = 8,
    PACKET_SED = 9,
    PACKET_MARKER = 10,
    PACKET_LITERAL = 11,
    PACKET_TRUST = 12,
    PACKET_USER_ID = 13,
    PACKET_PUBLIC_SUBKEY = 14,
    PACKET_USER_ATTRIBUTE = 17,
    PACKET_SEIPD = 18,
    PACKET_MDC = 19,
    PACKET_OCB_ENCRYPTED = 20, /* LibrePGP */
    PACKET_PADDING = 21,
};

/* "Signature", "User ID", ...; "Unknown" for numbers without a name. */
const char *packet_name(uint8_t type);

/* Unknown packets of these types forbid the whole sequence [RFC9580 4.3]. */
bool packet_is_critical(uint8_t type);

/* Says nothing to the reader of a message, wherever it stands: padding, what belongs to
 * somebody's keyring, and unknown packets that are not critical [RFC9580 4.3, 5.10, 5.14]. */
bool packet_is_ignored(uint8_t type);

/* A public or secret primary key. */
bool packet_is_primary_key(uint8_t type);
bool packet_is_subkey(uint8_t type);
bool packet_is_secret(uint8_t type);

/* Literal, compressed and encrypted data: the types whose bodies may come in
 * parts [RFC9580 4.2.1.4]. */
bool packet_is_data(uint8_t type);

enum packet_length {
    PACKET_FIXED,
    PACKET_PARTIAL,       /* len is that of the first part */
    PACKET_INDETERMINATE, /* legacy: up to the end */
};

struct packet_header {
    uint8_t type;
    bool legacy; /* the old format of the first octet */
    enum packet_length length;
    uint32_t len;       /* bytes of body */
    uint8_t header_len; /* bytes of header, up to the body */
    uint64_t offset;    /* of the header in its source */
};

/* Bytes of the longest header. */
enum { PACKET_HEADER_MAX = 6 };

/* Reads a header in memory, from where r stands.  ERR_MALFORMED for bytes that start
 * no packet. */
MUST_USE err *packet_parse_header(struct reader *r, struct packet_header *out);

/* Reads the next header.  *end is set instead if there is none.  ERR_MALFORMED
 * for bytes that start no packet. */
MUST_USE err *packet_read_header(struct source *s, struct packet_header *out, bool *end);

/* Appends the body of a packet that fits in memory (out's limit) to out.  Bodies
 * in parts are ERR_MALFORMED for types that may not have them; ERR_LIMIT, ERR_INTEGRITY
 * (cut short). */
MUST_USE err *packet_read_body(struct source *s, const struct packet_header *h, struct buf *out);

/* A packet in memory. */
struct packet {
    uint8_t type;
    struct slice body;
    struct slice whole; /* with its header */
};

/* The next packet of r, which must not be at its end.  ERR_MALFORMED; bodies in
 * parts are not expected in memory. */
MUST_USE err *packet_next(struct reader *r, struct packet *out);

/* Writes a header for a body of len bytes. */
void packet_write_header(struct buf *b, uint8_t type, size_t len);

/* Writes header and body. */
void packet_write(struct buf *b, uint8_t type, struct slice body);

/* Reads the length that subpackets and other things inside packets use, too: 1,
 * 2 or 5 octets [RFC9580 4.2.1]. */
uint32_t packet_read_length(struct reader *r);
void packet_write_length(struct buf *b, size_t len);

#endif
