/* buf.h - growable byte writer, the twin of reader.
 *
 *     CLEANUP(buf_clear) struct buf b = BUF_EMPTY(PACKET_MAX);
 *     buf_u8(&b, 6);
 *     size_t mark = buf_open(&b, 4);     four bytes of length, filled in later
 *     buf_bytes(&b, material);
 *     buf_close(&b, mark, 4);
 *     TRY(buf_end(&b));
 *
 * Sticky: after a failure (out of memory, or more than `max` bytes) writes do
 * nothing and buf_end reports it.  What it held is wiped whenever it is moved
 * or freed.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/own.h"
#include "base/slice.h"

struct buf {
    uint8_t *data;
    size_t len, capacity;
    size_t max;          /* hard limit for len */
    enum err_kind error; /* ERR_NONE while all is well */
};

#define BUF_EMPTY(limit) ((struct buf){.max = (limit)})

/* Frees and wipes; the buf is empty afterwards, with the same limit. */
void buf_clear(struct buf *b);

/* Forgets the content but keeps the memory. */
void buf_reset(struct buf *b);

void buf_u8(struct buf *b, uint8_t value);
void buf_u16(struct buf *b, uint16_t value);
void buf_u32(struct buf *b, uint32_t value);
void buf_u64(struct buf *b, uint64_t value);
void buf_bytes(struct buf *b, struct slice s);
void buf_text(struct buf *b, const char *text);
void buf_fill(struct buf *b, uint8_t value, size_t n);
void buf_printf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);

/* Room for n bytes at the end, to be filled by the caller; NULL after a failure. */
uint8_t *buf_extend(struct buf *b, size_t n);

/* Reserves `width` (1, 2, 4) bytes for the length of what follows; buf_close
 * fills it in, and fails if the length does not fit. */
size_t buf_open(struct buf *b, unsigned width);
void buf_close(struct buf *b, size_t mark, unsigned width);

/* The content, valid until the next call that writes. */
struct slice buf_view(const struct buf *b);

/* NULL, ERR_NO_MEMORY or ERR_LIMIT. */
MUST_USE err *buf_end(const struct buf *b);

#endif
