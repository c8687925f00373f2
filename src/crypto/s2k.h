/* s2k.h - string-to-key: keys from passphrases [RFC9580 3.7]. */
#ifndef CRYPTO_S2K_H
#define CRYPTO_S2K_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/reader.h"
#include "base/secret.h"
#include "base/world.h"

enum s2k_type {
    S2K_SIMPLE = 0,
    S2K_SALTED = 1,
    S2K_ITERATED = 3,
    S2K_ARGON2 = 4,
    S2K_GNU = 101, /* GnuPG's: the secret is absent or on a card */
};

enum { S2K_SALT = 8, S2K_ARGON2_SALT = 16, S2K_GNU_DUMMY = 1, S2K_GNU_CARD = 2 };

struct s2k {
    uint8_t type;
    uint8_t hash;                  /* all but Argon2 */
    uint8_t salt[S2K_ARGON2_SALT]; /* the first S2K_SALT bytes but for Argon2 */
    uint8_t count;                 /* iterated: coded; see s2k_count */
    uint32_t octets;               /* iterated: if not 0, as many instead; no packet says so */
    uint8_t passes, lanes, memory; /* Argon2: t, p, log2 of KiB */
    uint8_t gnu_mode;              /* S2K_GNU: S2K_GNU_DUMMY, S2K_GNU_CARD, ... */
};

/* What a passphrase may cost, since the sender of a message chooses. */
struct s2k_limits {
    uint32_t argon2_kib; /* memory */
    uint64_t work_kib;   /* as s2k_work_kib counts it */
};

/* 2 GiB, the largest memory of RFC 9106's recommendations; 8 passes over it. */
extern const struct s2k_limits s2k_default_limits;

/* Reads a specifier.  Types that are not known fail the reader's check and are
 * ERR_UNSUPPORTED. */
MUST_USE err *s2k_parse(struct reader *r, struct s2k *out);
void s2k_write(const struct s2k *s, struct buf *b);

/* Forms that may not protect anything in a v6 packet: no salt, or MD5, SHA-1,
 * RIPEMD-160 [RFC9580 9.5]. */
bool s2k_is_weak(const struct s2k *s);

/* The number of bytes that an iterated specifier hashes [RFC9580 3.7.1.3]. */
uint32_t s2k_count(const struct s2k *s);

/* A new specifier with a fresh salt, of type S2K_ITERATED (SHA-256, the highest
 * count) or S2K_ARGON2 (32 MiB, six passes, four lanes). */
MUST_USE err *s2k_fresh(enum s2k_type type, const struct world *w, struct s2k *out);

/* What deriving a key costs: KiB of memory times passes; hashing is weighed as if it
 * were Argon2. */
uint64_t s2k_work_kib(const struct s2k *s);

/* Derives a key of len bytes.  ERR_LIMIT if it would cost more than limits
 * allow, ERR_UNSUPPORTED, ERR_NO_MEMORY, ERR_MALFORMED. */
MUST_USE err *s2k_derive(const struct s2k *s, const struct secret *passphrase, size_t len,
                         const struct s2k_limits *limits, struct secret **out);

#endif
