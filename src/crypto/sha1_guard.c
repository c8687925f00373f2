#include "crypto/sha1_guard.h"

#include <nettle/sha1.h>
#include <string.h>

#include "crypto/sha1_suspect.h"

enum { BATCH = SHA1_LANES * SHA1_BLOCK, LENGTH_FIELD = 8 };

struct guard {
    uint32_t state[SHA1_STATE];
    bool attacked;
    uint64_t hashed;        /* bytes, but those that wait */
    size_t waiting;         /* bytes */
    uint8_t pending[BATCH]; /* the waiting ones */
};

static const uint32_t initial[SHA1_STATE] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476,
                                             0xC3D2E1F0};

static void restart(struct guard *g)
{
    memcpy(g->state, initial, sizeof initial);
    g->hashed = g->waiting = 0;
}

static void guard_init(void *context)
{
    struct guard *g = context;
    restart(g);
    g->attacked = false;
}

/* Is the block half of a collision by this vector? */
static bool collides(const uint8_t *bytes, const uint32_t before[SHA1_STATE],
                     const uint32_t after[SHA1_STATE], struct sha1_vector v)
{
    struct sha1_block block, sibling;
    for (unsigned t = 0; t < 16; t++)
        block.message[t] = sha1_word(bytes + 4 * t);
    memcpy(block.before, before, sizeof block.before);
    memcpy(block.after, after, sizeof block.after);
    sha1_sibling_of(&block, v, &sibling);
    return memcmp(sibling.after, after, sizeof sibling.after) == 0;
}

/* By any vector that is suspected? */
static bool is_attack(const struct sha1_suspects *s, size_t lane, const uint8_t *block,
                      const uint32_t before[SHA1_STATE], const uint32_t after[SHA1_STATE])
{
    for (unsigned f = 0; f < SHA1_FAMILIES; f++) {
        struct sha1_vector v = sha1_families[f];
        for (uint32_t left = s->masks[f][lane]; left != 0; left >>= 1, v.k++) {
            if ((left & 1) != 0 && collides(block, before, after, v))
                return true;
        }
    }
    return false;
}

/* Hashes n blocks of a batch; there are SHA1_LANES to be read in any case. */
static void hash_batch(struct guard *g, const uint8_t *blocks, size_t n)
{
    struct sha1_suspects suspects;
    sha1_suspect(blocks, &suspects);
    for (size_t i = 0; i < n; i++) {
        const uint8_t *block = blocks + i * SHA1_BLOCK;
        uint32_t before[SHA1_STATE];
        memcpy(before, g->state, sizeof before);
        nettle_sha1_compress(g->state, block);
        g->attacked |= is_attack(&suspects, i, block, before, g->state);
    }
    g->hashed += n * SHA1_BLOCK;
}

/* Adds to what waits, as much as fits. */
static size_t put(struct guard *g, size_t len, const uint8_t *data)
{
    size_t room = BATCH - g->waiting, n = len < room ? len : room;
    memcpy(g->pending + g->waiting, data, n);
    g->waiting += n;
    return n;
}

static void guard_update(void *context, size_t len, const uint8_t *data)
{
    struct guard *g = context;
    size_t done = g->waiting == 0 ? 0 : put(g, len, data);
    if (g->waiting == BATCH) {
        hash_batch(g, g->pending, SHA1_LANES);
        g->waiting = 0;
    }
    for (; len - done >= BATCH; done += BATCH)
        hash_batch(g, data + done, SHA1_LANES);
    put(g, len - done, data + done);
}

/* 80, zeros and the number of bits, up to the end of a block [FIPS 180-4, 5.1.1]. */
static void pad(struct guard *g)
{
    static const uint8_t mark[SHA1_BLOCK] = {0x80};
    uint64_t bits = (g->hashed + g->waiting) * 8;
    uint8_t length[LENGTH_FIELD];
    for (unsigned i = 0; i < LENGTH_FIELD; i++)
        length[i] = (uint8_t)(bits >> (56 - 8 * i));
    size_t behind = (g->waiting + LENGTH_FIELD) % SHA1_BLOCK;
    guard_update(g, SHA1_BLOCK - behind, mark);
    guard_update(g, sizeof length, length);
}

static void guard_digest(void *context, size_t len, uint8_t *digest)
{
    struct guard *g = context;
    pad(g);
    hash_batch(g, g->pending, g->waiting / SHA1_BLOCK);
    for (size_t i = 0; i < len; i++)
        digest[i] = (uint8_t)(g->state[i / 4] >> (24 - 8 * (i % 4)));
    restart(g);
}

const struct nettle_hash sha1_guard = {
    .name = "sha1",
    .context_size = sizeof(struct guard),
    .digest_size = SHA1_DIGEST_SIZE,
    .block_size = SHA1_BLOCK,
    .init = guard_init,
    .update = guard_update,
    .digest = guard_digest,
};

bool sha1_guard_saw_attack(const void *context)
{
    return ((const struct guard *)context)->attacked;
}
