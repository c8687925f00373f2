/* base64.h - the digits of radix-64 [RFC4648 4]. */
#ifndef STREAM_BASE64_H
#define STREAM_BASE64_H

#include <stdint.h>

#include "base/slice.h"

/* Writes 4 characters for every 3 bytes begun, padding included; returns their
 * number. */
size_t base64_encode(struct slice s, char *out);

/* A full line: bytes, and characters with the line feed. */
enum { BASE64_LINE_BYTES = 48, BASE64_LINE_CHARS = 65 };

/* The same in lines, of which the last may be shorter. */
size_t base64_encode_lines(struct slice s, char *out);

/* Where decoding stands between two pieces of text. */
struct base64 {
    uint32_t bits;    /* of the group of four that is being collected */
    unsigned n;       /* characters of it */
    unsigned padding; /* '=' seen; nothing may follow but what the caller handles */
};

enum base64_stop {
    BASE64_MORE,   /* all of the text has been used */
    BASE64_PADDED, /* a group ended in '=': the data is complete */
    BASE64_FOREIGN /* the next character is none of base64's */
};

/* Decodes as far as it can: white space (blank, tab, CR, LF) is skipped.  `out`
 * has room for 3 bytes for every 4 characters, rounded up, and 3 more.  Unused
 * bits that are not zero count as foreign, so that there is one text for any
 * bytes. */
enum base64_stop base64_decode(struct base64 *state, struct slice text, size_t *used, uint8_t *out,
                               size_t *out_len);

#endif
