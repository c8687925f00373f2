/* keys.h - keys for tests: made on the spot, and found by a finder. */
#ifndef TESTS_KEYS_H
#define TESTS_KEYS_H

#include "unit.h"

#include "pgp/finder.h"
#include "pgp/keygen.h"
#include "pgp/sigmaker.h"

enum { TEST_NOW = 1795440493 }; /* 2026-11-23T13:28:13Z */

/* A world at TEST_NOW with random numbers of the system. */
const struct world *keys_world(void);

/* A key of a profile; passphrase may be NULL.  The caller frees. */
struct cert *keys_make(const char *profile, const char *user_id, const char *passphrase);

/* An unlocked signer with the primary key of c, which must be unprotected. */
struct signer keys_signer(const struct cert *c);

/* Finds the certificates it is given, public and secret; offers the passphrases
 * one after the other. */
enum { KEY_RING_MAX = 8 };
struct key_ring {
    struct cert *certs[KEY_RING_MAX];
    const char *passphrases[4];
    unsigned asked;
    struct key_finder finder; /* set by keys_ring */
};
void keys_ring(struct key_ring *ring);

#endif
