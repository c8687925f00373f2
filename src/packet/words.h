/* words.h - the values of fields in words, for people to read.
 *
 * Values may be cut short or malformed; what comes out is escaped text.
 */
#ifndef PACKET_WORDS_H
#define PACKET_WORDS_H

#include "base/buf.h"
#include "base/slice.h"

/* Appends what the bytes of a field say, by the label that its parser gave it. */
void words_field(struct buf *b, const char *label, struct slice s);

/* The same for the body of a signature subpacket [RFC9580 5.2.3]. */
void words_subpacket(struct buf *b, uint8_t type, struct slice body);

#endif
