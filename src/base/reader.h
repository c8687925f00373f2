/* reader.h - sticky, bounded, big-endian cursor over untrusted bytes.
 *
 * A parser reads like the field list of the specification:
 *
 *     out->version = reader_u8(r);
 *     out->created_at = reader_u32(r);
 *     out->salt = reader_bytes(r, 16);
 *     return reader_end(r);
 *
 * After one read past the end the reader has failed: it yields zeros and empty
 * slices from then on, and reader_end reports it.  reader_end also fails if
 * bytes remain, so trailing data is never ignored.  Rules for callers: a count
 * read from the wire may drive a loop only with reader_left in its condition,
 * and nothing irreversible is decided before reader_end.
 *
 * Slices are borrowed from the memory that was given to reader_init.
 */
#ifndef BASE_READER_H
#define BASE_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

/* One labelled field: what a trace collects. */
struct reader_field {
    const char *label;
    struct slice bytes;
};

/* Where given, a reader notes which bytes every label stands for.  This is how
 * `inspect` explains a packet with the parser that everything else uses. */
struct reader_trace {
    struct reader_field *fields;
    size_t n, max;
};

struct reader {
    const uint8_t *start, *p, *end;
    const char *what; /* names the object in errors: "public key packet" */
    bool failed;
    const char *why; /* it failed, where a better reason is known than a short read */
    bool canonical;  /* a value that can be written in several ways must be in the proper one */
    struct reader_trace *trace; /* usually NULL */
};

struct reader reader_init(struct slice bytes, const char *what);

uint8_t reader_u8(struct reader *r);
uint16_t reader_u16(struct reader *r);
uint32_t reader_u32(struct reader *r);
uint64_t reader_u64(struct reader *r);

/* The next n bytes; empty after a failure. */
struct slice reader_bytes(struct reader *r, size_t n);

/* All that is left. */
struct slice reader_rest(struct reader *r);

/* The next byte without consuming it; 0 at the end (which is no failure). */
uint8_t reader_peek(const struct reader *r);

/* What is read from here to the next mark is the field `label`. */
void reader_mark(struct reader *r, const char *label);

/* A reader over the next n bytes, which this one skips; as canonical as this one. */
struct reader reader_sub(struct reader *r, size_t n, const char *what);

size_t reader_left(const struct reader *r);
size_t reader_offset(const struct reader *r);
bool reader_failed(const struct reader *r);

/* Marks the reader as failed: a field had an impossible value.  The reason, which must be
 * a constant, stands in the error. */
void reader_fail(struct reader *r);
void reader_refuse(struct reader *r, const char *why);

/* ERR_MALFORMED if a read went past the end. */
MUST_USE err *reader_check(const struct reader *r);

/* ERR_MALFORMED if a read went past the end or bytes remain. */
MUST_USE err *reader_end(const struct reader *r);

#endif
