/* armor.h - radix-64 packaging: bytes as lines of text with a frame [RFC9580 6].
 *
 * Reading is generous about what surrounds the data (text before the frame,
 * CR LF, blanks at line ends, any headers, any or no checksum) and strict about
 * the data: a character that does not belong, a missing end, or the end of
 * another frame is ERR_MALFORMED.  The checksum is never looked at
 * [RFC9580 6.1].
 */
#ifndef STREAM_ARMOR_H
#define STREAM_ARMOR_H

#include "stream/source.h"

enum armor_kind {
    ARMOR_NONE,
    ARMOR_MESSAGE,
    ARMOR_PUBLIC_KEY,
    ARMOR_PRIVATE_KEY,
    ARMOR_SIGNATURE,
    ARMOR_SIGNED_MESSAGE, /* a cleartext signed message: no armor in itself */
    ARMOR_OTHER,
};

/* "MESSAGE", "PUBLIC KEY BLOCK", ...: what stands behind "BEGIN PGP". */
const char *armor_label(enum armor_kind kind);

/* Looks ahead: is this text (armored or cleartext signed) rather than packets?
 * Every packet starts with a byte above 127 [RFC9580 4.2]. */
MUST_USE err *armor_is_text(struct source *s, bool *out);

/* Looks ahead: is the next line the header line of a frame?  ARMOR_NONE if not. */
MUST_USE err *armor_peek(struct source *s, enum armor_kind *out);

/* Skips text until the header line of a frame and consumes it.  ARMOR_NONE if
 * the stream ends before. */
MUST_USE err *armor_find(struct source *s, enum armor_kind *out);

enum armor_blocks {
    ARMOR_ONE,     /* a second frame is an error */
    ARMOR_MANY,    /* further frames follow on as if they were one (keyrings) */
    ARMOR_SALVAGE, /* the same, but what stands before damage is shown before the error */
};

/* Decodes the frames of upstream (ERR_NO_DATA where there is none), which it takes over, also on failure.  `kind`
 * is that of a header line already consumed, or ARMOR_NONE to look for one
 * first. */
MUST_USE err *armor_decode(struct source *upstream, enum armor_kind kind, enum armor_blocks blocks,
                           struct source **out);

/* Ends decoding, also after damage: gives back the upstream, which goes on behind what was
 * read of it. */
MUST_USE struct source *armor_release(struct source *decoder);

/* Bytes as they are, or decoded if they are text.  Takes upstream over, also on
 * failure. */
MUST_USE err *armor_open(struct source *upstream, enum armor_blocks blocks, struct source **out);

/* Encodes.  A checksum is written only where `with_crc`: old programs want it,
 * new formats forbid it.  Takes upstream over, also on failure. */
MUST_USE err *armor_encode(struct source *upstream, enum armor_kind kind, bool with_crc,
                           struct source **out);

#endif
