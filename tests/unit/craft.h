/* craft.h - keys, signatures and certificates put together piece by piece, to try
 * what is rare or wrong.  What is made lives until the program ends, keys aside. */
#ifndef TESTS_CRAFT_H
#define TESTS_CRAFT_H

#include "unit.h"

#include "pgp/bind.h"

/* A key with its secret. */
struct craft_key {
    struct pubkey public;
    struct secret *secret;
};

/* Keys that are made when first asked for.  Primary keys are made at CRAFT_START,
 * subkeys at CRAFT_SUBKEYS; none of them belongs to another by itself. */
enum craft_who {
    ALICE, /* v4 Ed25519 */
    ALICE_SIGN,
    ALICE_ENCRYPT,
    ALICE_X25519,
    BOB,   /* v4 Ed25519 */
    CAROL, /* v6 Ed25519 */
    CAROL_SIGN,
    CAROL_ENCRYPT,
    DAVE, /* v4 RSA 2048, which can sign with any hash */
    CRAFT_KEYS
};
const struct craft_key *craft_key(enum craft_who who);

enum { CRAFT_START = 1500000000 /* 2017-07-14 */, CRAFT_SUBKEYS = CRAFT_START + 1000 };

/* What a signature says.  Zero stands for "nothing" but for type and time. */
struct craft_sig {
    uint8_t type;
    uint32_t at;                /* creation time */
    uint32_t expires;           /* seconds */
    uint32_t key_expires;       /* seconds */
    uint8_t flags;              /* key flags */
    bool primary_uid, local;    /* primary user ID; not exportable */
    struct slice reason;        /* of a revocation: code and text */
    struct slice embedded;      /* the body of a signature */
    struct slice hashed;        /* further subpackets, behind the others */
    struct slice unhashed;      /* the unhashed area */
    uint8_t hash;               /* SHA-512 if 0 */
    uint8_t version;            /* that of the key if 0 */
    uint8_t more_salt;          /* octets beyond those that the hash needs (v6) */
    bool bare;                  /* no creation time and no issuer */
    bool forged;                /* with a wrong value */
    const struct craft_key *by; /* the certificate's primary key if NULL */
};

/* One subpacket. */
struct slice craft_sub(uint8_t type, bool critical, struct slice body);

/* The body of a signature packet over t. */
struct slice craft_sign(const struct craft_key *by, const struct target *t,
                        const struct craft_sig *what);

/* A signature packet over a document. */
struct slice craft_sign_document(const struct craft_key *by, struct slice document,
                                 const struct craft_sig *what);

/* A certificate in the making: signatures go to what was added last. */
struct craft {
    const struct craft_key *primary;
    struct target target;
    struct buf *packets;
};

struct craft craft_start(const struct craft_key *primary);
void craft_user(struct craft *c, const char *id);
void craft_subkey(struct craft *c, const struct craft_key *k);
void craft_sign_it(struct craft *c, const struct craft_sig *what);
void craft_packet(struct craft *c, uint8_t type, struct slice body);

/* The body of a back signature by the subkey added last [RFC9580 5.2.1.9]. */
struct slice craft_back(const struct craft *c, const struct craft_key *by,
                        const struct craft_sig *what);

/* Parsed; the caller frees. */
struct cert *craft_cert(const struct craft *c);

/* The certificate at a point in time, under the default policy. */
struct craft_view {
    struct cert *cert;
    struct bound_cert *bound;
};
struct craft_view craft_look(const struct craft *c, int64_t at);
void craft_view_clear(struct craft_view *v);

/* e is NULL where expected is, or has a text with that in it. */
#define PROBLEM(e, expected) craft_problem((e), (expected), __FILE__, __LINE__)
void craft_problem(const err *e, const char *expected, const char *file, int line);

#endif
