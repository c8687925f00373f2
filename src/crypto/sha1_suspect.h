/* sha1_suspect.h - which blocks of SHA-1 could have been made for a collision.
 *
 * An attack is only feasible if the corrections of a disturbance have the sign that undoes
 * it.  So bits of the expanded message must be equal, or differ; most blocks break such a
 * condition for every vector, and need no closer look.  The vectors are the 32 of [Stevens,
 * Shumow, "Speeding up detection of SHA-1 collision attacks using unavoidable attack
 * conditions", USENIX Security 2017], and so are the conditions: those are used that hold
 * for many vectors of a family alike, if one counts steps from K.
 */
#ifndef CRYPTO_SHA1_SUSPECT_H
#define CRYPTO_SHA1_SUSPECT_H

#include "crypto/sha1_sibling.h"

enum {
    SHA1_LANES = 4,    /* blocks that are looked at together */
    SHA1_FAMILIES = 4, /* vectors of one type and one b, in a row of K */
};

/* The first vector of each. */
extern const struct sha1_vector sha1_families[SHA1_FAMILIES];

/* Bit i of masks[family][lane] stands for the vector with the K of the first and i. */
struct sha1_suspects {
    uint32_t masks[SHA1_FAMILIES][SHA1_LANES];
};

/* The vectors that attacks could have made each of the blocks with; for 92 of 100 blocks
 * there is none.  blocks: SHA1_LANES of SHA1_BLOCK bytes. */
void sha1_suspect(const uint8_t *blocks, struct sha1_suspects *out);

#endif
