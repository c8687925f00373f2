/* reach.h - how strong a certificate is, and which programs can use it. */
#ifndef PGP_REACH_H
#define PGP_REACH_H

#include "pgp/bind.h"

/* Who can use it; later ones are fewer. */
enum readers {
    READERS_ALL,       /* every OpenPGP program */
    READERS_OLDER,     /* DSA, Elgamal: newer programs have given them up */
    READERS_BRAINPOOL, /* its curves: some have them */
    READERS_SECP256K1, /* fewer have this one */
    READERS_RFC9580,   /* version 6, or algorithms that came with it */
    READERS_LIBREPGP,  /* version 5 */
    READERS_ANCIENT,   /* version 3 */
    READERS_POST_QUANTUM,
    READERS_UNKNOWN, /* its primary key is of an algorithm that nobody knows */
};

struct reach {
    enum readers readers;
    unsigned strength;           /* of its weakest key: see pk_strength; 0: not known */
    const struct bound *weakest; /* which that is; or NULL */
    bool quantum_safe_encryption, quantum_safe_signatures; /* by one of its keys at least */
};

/* Looks at its keys that are in use: neither revoked nor expired. */
struct reach reach_of(const struct bound_cert *b);

#endif
