/* newkey.h - a key pair that has just been made, and the packets it becomes. */
#ifndef PGP_NEWKEY_H
#define PGP_NEWKEY_H

#include "base/world.h"
#include "packet/packet.h"
#include "packet/seckey.h"

struct newkey {
    struct buf body; /* the public part */
    struct pubkey public;
    struct secret *secret; /* owned */
};

struct newkey_kind {
    uint8_t version, algo;
    unsigned variant; /* bits or a pk_curve */
};

/* A key of this kind, created at a time in Unix seconds. */
MUST_USE err *newkey_make(const struct newkey_kind *kind, uint32_t created_at,
                          const struct world *w, struct newkey *out);

/* Appends its packet, of type PACKET_SECRET_KEY or PACKET_SECRET_SUBKEY; unprotected where
 * passphrase is NULL. */
MUST_USE err *newkey_write(const struct newkey *k, uint8_t packet_type,
                           const struct secret *passphrase, const struct world *w,
                           struct buf *packets);

void newkey_clear(struct newkey *k);

#endif
