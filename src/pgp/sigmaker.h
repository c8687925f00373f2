/* sigmaker.h - making one signature, of any kind.
 *
 *     TRY(sigmaker_start(&m, &signer, SIG_BINARY, w));
 *     ... feed m.digest with what is signed ...
 *     subpacket_write(&m.hashed, ...);
 *     TRY(sigmaker_finish(&m, w, created_at, &packet_body));
 */
#ifndef PGP_SIGMAKER_H
#define PGP_SIGMAKER_H

#include "base/world.h"
#include "crypto/digest.h"
#include "packet/sig.h"

/* A key that can sign now. */
struct signer {
    const struct cert *cert;  /* borrowed */
    const struct pubkey *key; /* the primary key or a subkey of cert */
    struct secret *secret;    /* its secret fields; owned */
    uint8_t hash;             /* to sign with, as its owner prefers; 0: ours */
};
void signer_clear(struct signer *s);

struct sigmaker {
    const struct signer *signer; /* borrowed */
    uint8_t type, hash_algo;
    uint8_t salt[SALT_MAX];
    size_t salt_len;
    struct digest *digest; /* owned */
    struct buf hashed;     /* subpackets beyond those that every signature has */
};

/* The hash that a signature by this signer is made with: long enough for the key, and
 * the fastest on this machine that is, unless its owner prefers others. */
uint8_t sigmaker_hash(const struct signer *s);

/* The hash for `signer.hash` after the preferences of the key's owner [RFC9580 5.2.3.16]:
 * 0 where they have ours, or none that we would make for this key. */
uint8_t sigmaker_preferred_hash(const struct pubkey *key, struct slice preferences);

/* Version 6 keys make v6 signatures with a fresh salt, version 4 keys v4;
 * ERR_UNSUPPORTED for others. */
MUST_USE err *sigmaker_start(struct sigmaker *m, const struct signer *s, enum sig_type type,
                             const struct world *w);

/* Adds creation time and issuer, and appends the packet body to out. */
MUST_USE err *sigmaker_finish(struct sigmaker *m, const struct world *w, uint32_t created_at,
                              struct buf *out);

void sigmaker_clear(struct sigmaker *m);

#endif
