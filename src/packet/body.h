/* body.h - the bodies of data packets as streams: in one piece, in parts, or up
 * to the end [RFC9580 4.2.1.4, 4.2.2]. */
#ifndef PACKET_BODY_H
#define PACKET_BODY_H

#include "packet/packet.h"
#include "stream/source.h"

/* The body that follows a header just read from s, which is borrowed and goes on
 * behind the body once that has ended.  ERR_INTEGRITY where s ends before. */
MUST_USE err *body_read_new(struct source *s, const struct packet_header *h, struct source **out);

/* A packet of this type with upstream as its body, which it takes over, also on
 * failure.  Short bodies get a definite length, others come in parts. */
MUST_USE err *body_write_new(struct source *upstream, uint8_t type, struct source **out);

/* The same, for armor without a checksum (see pgp/armored.h): together with the
 * `before` bytes that stand before the packet, its length will be no multiple of
 * three, unless the body is too short for parts. */
MUST_USE err *body_write_padded(struct source *upstream, uint8_t type, uint64_t before,
                                struct source **out);

#endif
