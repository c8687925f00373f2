/* pkesk.h - public-key encrypted session key packets [RFC9580 5.1]. */
#ifndef PACKET_PKESK_H
#define PACKET_PKESK_H

#include "base/buf.h"
#include "base/reader.h"
#include "packet/fingerprint.h"

struct pkesk {
    uint8_t version; /* 3 before SEIPD v1, 6 before SEIPD v2 */
    uint8_t algo;
    struct key_handle recipient; /* empty: hidden */
    struct slice fields;         /* algorithm-specific; borrowed */
};

/* ERR_MALFORMED, ERR_UNSUPPORTED (version). */
MUST_USE err *pkesk_parse(struct reader *r, struct pkesk *out);
void pkesk_write(const struct pkesk *p, struct buf *b);

#endif
