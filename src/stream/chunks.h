/* chunks.h - the chunks of SEIPD version 2 and of LibrePGP's OCB Encrypted Data, sealed
 * and opened in parallel.
 *
 * A ring of slots, each a batch of chunks.  fill() tops up free slots from
 * upstream, hands them to the pool, waits for the oldest, and shows it.  So the
 * order is kept, nothing runs ahead of what is pulled, memory is bounded, an
 * error surfaces at its place, and without threads the same code runs inline.
 *
 * Opening shows a batch only when the batch after it (or the final tag) is
 * authentic, too: a message of one batch that was cut short shows nothing.
 *
 * Memory: at most CHUNKS_MEMORY, or two chunks if they are larger.
 * [RFC9580 5.13.2] [LibrePGP]
 */
#ifndef STREAM_CHUNKS_H
#define STREAM_CHUNKS_H

#include "base/pool.h"
#include "crypto/aead.h"
#include "stream/source.h"

enum {
    CHUNKS_MEMORY = 16 << 20,
    CHUNKS_BATCH = 1 << 18, /* bytes of plaintext in a slot, if chunks are smaller */
    CHUNKS_OCTET_MAX = 16,  /* 4 MiB [RFC9580 5.13.2] */
    CHUNKS_AD_MAX = 5,
};

struct chunks_params {
    struct aead *aead;         /* the message key; taken over, also on failure */
    uint8_t nonce[NONCE_MAX];  /* of the first chunk: the next ones have their index added
                                  to its last 8 bytes without carry (SEIPD v2: zeros) */
    uint8_t ad[CHUNKS_AD_MAX]; /* additional data of every chunk */
    bool index_in_ad;          /* behind it the chunk's index, too [LibrePGP] */
    uint8_t size_octet;        /* chunks of 2^(octet + 6) bytes */
    struct pool *pool;         /* borrowed */
};

/* Both take upstream over, also on failure. */

/* Plaintext in, chunks and final tag out. */
MUST_USE err *chunks_seal(struct source *upstream, const struct chunks_params *params,
                          struct source **out);

/* The reverse.  ERR_INTEGRITY names the chunk. */
MUST_USE err *chunks_open(struct source *upstream, const struct chunks_params *params,
                          struct source **out);

#endif
