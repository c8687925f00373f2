/* armored.h - armor that today's and yesterday's programs read.
 *
 * RFC 9580 forbids a checksum for what is new (SEIPD v2, v6 keys and signatures)
 * and discourages it otherwise [RFC9580 6.1]; but GnuPG 2.2 finds the end of the
 * data only by an equal sign, from padding or a checksum.
 */
#ifndef PGP_ARMORED_H
#define PGP_ARMORED_H

#include "stream/armor.h"

/* What a frame around packets is called, by the first of them.  ERR_MALFORMED for bytes
 * that are no packets. */
MUST_USE err *armored_kind(struct source *packets, enum armor_kind *out);

/* Encodes packets: with a checksum if the first is of an old version, else
 * without.  Takes packets over, also on failure. */
MUST_USE err *armored_new(struct source *packets, enum armor_kind kind, struct source **out);

/* Encodes an encrypted message without a checksum, which nobody checks, so that
 * every character counts.  A short one whose length is a multiple of three (no
 * padding) gets a marker packet in front; longer ones must have been framed by
 * body_write_padded.  Takes packets over, also on failure. */
MUST_USE err *armored_message(struct source *packets, struct source **out);

#endif
