/* describe.h - what a packet holds, field by field, for people to read.
 *
 * The fields are those that the parsers mark while they read, so there is no
 * second idea of the format here.  What a parser cannot read is shown as far as
 * it came, with the reason.
 */
#ifndef PACKET_DESCRIBE_H
#define PACKET_DESCRIBE_H

#include "packet/packet.h"

/* One line: `value` is escaped text; `bytes` is the field as it stands (empty for
 * what was computed); depth grows inside subpackets. */
typedef err *describe_line(void *context, unsigned depth, const char *label, const char *value,
                           struct slice bytes);

/* Describes the body of a packet. */
MUST_USE err *describe_packet(uint8_t type, struct slice body, describe_line *line, void *context);

#endif
