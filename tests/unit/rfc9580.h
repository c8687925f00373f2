/* rfc9580.h - the vectors of RFC 9580, Appendix A, taken apart. */
#ifndef TESTS_RFC9580_H
#define TESTS_RFC9580_H

#include "unit.h"

#include "crypto/digest.h"
#include "packet/packet.h"
#include "packet/seckey.h"
#include "stream/armor.h"

/* Files are named within tests/vectors/rfc9580. */

/* The octets of a dump. */
struct slice rfc9580_hex(const char *file);

/* The packets of an armored file. */
struct slice rfc9580_dearmored(const char *file, enum armor_kind kind);

/* The same, and armoring them makes the file again: it has no headers. */
struct slice rfc9580_packets(const char *file, enum armor_kind kind);

/* Bytes with the frame of their kind around them. */
struct slice rfc9580_armored(struct slice packets, enum armor_kind kind);

/* The packet with this index, which must be of this type. */
struct packet rfc9580_packet(struct slice packets, unsigned index, uint8_t type);

/* Its body; it must be in the current format, so that writing it makes it again. */
struct slice rfc9580_body(struct slice packets, unsigned index, uint8_t type);

/* There are n packets. */
void rfc9580_count(struct slice packets, unsigned n);

/* A public key packet's body, which is also what writing its fields makes. */
struct pubkey rfc9580_pubkey(struct slice body);

struct seckey rfc9580_seckey(struct slice body, uint8_t type);

/* The value of a digest.  Lives until the program ends. */
struct slice rfc9580_final(struct digest *d);

#endif
