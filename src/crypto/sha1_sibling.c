#include "crypto/sha1_sibling.h"

#include <string.h>

enum { STEPS = 80 };

static uint32_t rotate(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

/* Steps of SHA-1 [FIPS 180-4, 6.1.2], both ways. */

/* The part of a step that is added: message, constant, function of the round. */
static uint32_t addend(unsigned t, uint32_t w, uint32_t b, uint32_t c, uint32_t d)
{
    if (t < 20)
        return w + 0x5A827999 + ((b & c) | (~b & d));
    if (t < 40)
        return w + 0x6ED9EBA1 + (b ^ c ^ d);
    if (t < 60)
        return w + 0x8F1BBCDC + ((b & c) | (b & d) | (c & d));
    return w + 0xCA62C1D6 + (b ^ c ^ d);
}

static void step(uint32_t s[SHA1_STATE], unsigned t, uint32_t w)
{
    uint32_t a = rotate(s[0], 5) + s[4] + addend(t, w, s[1], s[2], s[3]);
    s[4] = s[3];
    s[3] = s[2];
    s[2] = rotate(s[1], 30);
    s[1] = s[0];
    s[0] = a;
}

static void step_back(uint32_t s[SHA1_STATE], unsigned t, uint32_t w)
{
    uint32_t a = s[0];
    s[0] = s[1];
    s[1] = rotate(s[2], 2);
    s[2] = s[3];
    s[3] = s[4];
    s[4] = a - rotate(s[0], 5) - addend(t, w, s[1], s[2], s[3]);
}

/* Messages. */

/* From 16 words in a row, which begin at step `from`, all the others follow. */
static void expand(uint32_t w[STEPS], unsigned from)
{
    for (unsigned t = from + 16; t < STEPS; t++)
        w[t] = rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    for (unsigned t = from; t-- > 0;)
        w[t] = rotate(w[t + 16], 31) ^ w[t + 13] ^ w[t + 8] ^ w[t + 2];
}

/* Where the vector's last disturbance begins; the steps before it have none. */
static unsigned last_disturbance(struct sha1_vector v)
{
    return v.k + 15U;
}

/* The vector itself in steps K - 5 to K + 15, which is as far as it is needed. */
enum { BEFORE = 5, WINDOW = 16 };

static void disturb(struct sha1_vector v, uint32_t dv[BEFORE + WINDOW])
{
    uint32_t *at_k = dv + BEFORE;
    memset(dv, 0, (BEFORE + WINDOW) * sizeof *dv);
    at_k[15] = 1U << v.b;
    if (v.type == 2)
        at_k[1] = at_k[3] = rotate(1U << v.b, 31);
    for (unsigned i = BEFORE; i-- > 0;)
        dv[i] = rotate(dv[i + 16], 31) ^ dv[i + 13] ^ dv[i + 8] ^ dv[i + 2];
}

/* Turns an expanded message into its sibling's.  A disturbance of one bit is corrected in
 * the five steps that follow it: a local collision. */
static void become_sibling(uint32_t w[STEPS], struct sha1_vector v)
{
    uint32_t all[BEFORE + WINDOW];
    disturb(v, all);
    for (unsigned i = 0; i < WINDOW; i++) {
        const uint32_t *dv = all + BEFORE + i;
        w[v.k + i] ^= dv[0] ^ rotate(dv[-1], 5) ^ dv[-2] ^ rotate(dv[-3] ^ dv[-4] ^ dv[-5], 30);
    }
    expand(w, v.k);
}

/* From the block's end back to the middle, which is the shorter way; from there on as the
 * sibling, to the end and to the beginning. */
void sha1_sibling_of(const struct sha1_block *block, struct sha1_vector v, struct sha1_block *out)
{
    uint32_t w[STEPS], start[SHA1_STATE], end[SHA1_STATE];
    unsigned middle = last_disturbance(v);
    memcpy(w, block->message, sizeof block->message);
    expand(w, 0);
    for (unsigned i = 0; i < SHA1_STATE; i++)
        start[i] = block->after[i] - block->before[i];
    for (unsigned t = STEPS; t-- > middle;)
        step_back(start, t, w[t]);
    memcpy(end, start, sizeof end);
    become_sibling(w, v);
    for (unsigned t = middle; t < STEPS; t++)
        step(end, t, w[t]);
    for (unsigned t = middle; t-- > 0;)
        step_back(start, t, w[t]);
    memcpy(out->message, w, sizeof out->message);
    memcpy(out->before, start, sizeof start);
    for (unsigned i = 0; i < SHA1_STATE; i++)
        out->after[i] = start[i] + end[i];
}
