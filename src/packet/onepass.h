/* onepass.h - one-pass signature packets [RFC9580 5.4]. */
#ifndef PACKET_ONEPASS_H
#define PACKET_ONEPASS_H

#include "base/buf.h"
#include "base/reader.h"
#include "packet/fingerprint.h"

struct onepass {
    uint8_t version; /* 3 (for v3 and v4 signatures) or 6 */
    uint8_t type, hash_algo, pk_algo;
    struct slice salt; /* v6; borrowed */
    struct key_handle issuer;
    bool last; /* the next packet is no further one-pass signature of this data */
};

/* ERR_MALFORMED, ERR_UNSUPPORTED (version). */
MUST_USE err *onepass_parse(struct reader *r, struct onepass *out);
void onepass_write(const struct onepass *p, struct buf *b);

#endif
