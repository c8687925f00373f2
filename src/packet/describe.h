/* describe.h - what a packet holds, field by field, for people to read.
 *
 * The fields are those that the parsers mark while they read, so there is no
 * second idea of the format here.  What a parser cannot read is shown as far as
 * it came, with the reason.
 */
#ifndef PACKET_DESCRIBE_H
#define PACKET_DESCRIBE_H

#include "packet/packet.h"

enum describe_kind {
    DESCRIBE_VALUE, /* bytes are empty where it was computed */
    DESCRIBE_GROUP, /* the fields that follow, one deeper, are made of its bytes */
    DESCRIBE_FRAME, /* bytes that hold others together: lengths, types */
};

/* One field: `value` is escaped text, `bytes` is how it stands there, depth grows inside
 * groups.  The bytes of values and frames, in their order, are the body: each once. */
struct describe_field {
    enum describe_kind kind;
    unsigned depth;
    const char *label, *value;
    struct slice bytes;
};
typedef err *describe_show(void *context, const struct describe_field *f);

/* Describes the body of a packet. */
MUST_USE err *describe_packet(uint8_t type, struct slice body, describe_show *show, void *context);

#endif
