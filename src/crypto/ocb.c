#include "crypto/ocb.h"

#include <string.h>

#include "base/mem.h"

/* One block in a vector register; as it is in memory, at any address. */
typedef uint64_t block __attribute__((vector_size(OCB_BLOCK)));

static block load(const uint8_t *p)
{
    block b;
    memcpy(&b, p, sizeof b);
    return b;
}

static void store(uint8_t *p, block b)
{
    memcpy(p, &b, sizeof b);
}

/* Multiplication by x in GF(2^128) [RFC7253 2], without a branch on the bit. */
static void double_block(uint8_t dst[static OCB_BLOCK], const uint8_t src[static OCB_BLOCK])
{
    uint8_t carry = src[0] >> 7;
    for (size_t i = 0; i < OCB_BLOCK - 1; i++)
        dst[i] = (uint8_t)(src[i] << 1 | src[i + 1] >> 7);
    dst[OCB_BLOCK - 1] = (uint8_t)(src[OCB_BLOCK - 1] << 1 ^ (carry * 0x87));
}

void ocb_init(struct ocb *o, const struct cipher *c)
{
    *o = (struct ocb){.cipher = c};
    cipher_encrypt(c, o->star, o->star, OCB_BLOCK);
    double_block(o->dollar, o->star);
    double_block(o->level[0], o->dollar);
    for (size_t i = 1; i < OCB_LEVELS; i++)
        double_block(o->level[i], o->level[i - 1]);
    for (size_t i = 1; i < OCB_BATCH; i++)
        store(o->pattern[i], load(o->pattern[i - 1]) ^ load(o->level[__builtin_ctzll(i)]));
}

/* Offsets, and what leads to them, are wiped everywhere: who knows them can forge. */

/* Offset_0 [RFC7253 4.2, "Nonce-dependent and per-encryption variables"] */
static block first_offset(const struct ocb *o, struct slice nonce)
{
    uint8_t top[OCB_BLOCK] = {0}, stretch[OCB_BLOCK + 8], offset[OCB_BLOCK];
    memcpy(top + OCB_BLOCK - nonce.len, nonce.data, nonce.len);
    top[OCB_BLOCK - nonce.len - 1] |= 0x01;
    unsigned bottom = top[OCB_BLOCK - 1] & 0x3F;
    top[OCB_BLOCK - 1] &= 0xC0;
    cipher_encrypt(o->cipher, stretch, top, OCB_BLOCK);
    for (size_t i = 0; i < 8; i++)
        stretch[OCB_BLOCK + i] = stretch[i] ^ stretch[i + 1];
    for (size_t i = 0; i < OCB_BLOCK; i++) {
        const uint8_t *p = stretch + i + bottom / 8;
        offset[i] = (uint8_t)((p[0] << 8 | p[1]) >> (8 - bottom % 8));
    }
    block first = load(offset);
    mem_wipe(stretch, sizeof stretch);
    mem_wipe(offset, sizeof offset);
    return first;
}

struct run {
    block offset, checksum;
};

/* XORs a block, and adds what it was or has become to the sum. */
static inline void xor_block(uint8_t *dst, const uint8_t *src, block offset, bool sum_result,
                             block *sum)
{
    block in = load(src), out = in ^ offset;
    *sum ^= sum_result ? out : in;
    store(dst, out);
}

/* XORs blocks from 64k + 1 on with their offsets; `offset` is that of 64k, `last` that of 64k + 64.
 * Returns the sum of the blocks before or after; a constant, so that the loop has no branch. */
static inline __attribute__((always_inline)) block xor_offsets(const struct ocb *o, block offset,
                                                               block last, uint8_t *dst,
                                                               const uint8_t *src, size_t n,
                                                               bool sum_result)
{
    size_t within = n < OCB_BATCH ? n : OCB_BATCH - 1;
    block sum = {0, 0};
    for (size_t i = 0; i < within; i++)
        xor_block(dst + i * OCB_BLOCK, src + i * OCB_BLOCK, offset ^ load(o->pattern[i + 1]),
                  sum_result, &sum);
    if (n == OCB_BATCH)
        xor_block(dst + within * OCB_BLOCK, src + within * OCB_BLOCK, last, sum_result, &sum);
    return sum;
}

/* Blocks from number 64k + 1 on, at most a batch. */
static void crypt_batch(const struct ocb *o, struct run *r, uint8_t *dst, const uint8_t *src,
                        size_t n, uint64_t before, bool sealing)
{
    block last = r->offset ^ load(o->pattern[OCB_BATCH - 1]) ^
                 load(o->level[__builtin_ctzll(before + OCB_BATCH)]);
    block before_it = xor_offsets(o, r->offset, last, dst, src, n, false);
    if (sealing)
        cipher_encrypt(o->cipher, dst, dst, n * OCB_BLOCK);
    else
        cipher_decrypt(o->cipher, dst, dst, n * OCB_BLOCK);
    block after_it = xor_offsets(o, r->offset, last, dst, dst, n, true);
    r->checksum ^= sealing ? before_it : after_it;
    r->offset = n == OCB_BATCH ? last : r->offset ^ load(o->pattern[n]);
}

/* The whole blocks of the message. */
static void crypt_blocks(const struct ocb *o, struct run *r, uint8_t *dst, const uint8_t *src,
                         size_t blocks, bool sealing)
{
    for (size_t done = 0; done < blocks; done += OCB_BATCH) {
        size_t n = blocks - done < OCB_BATCH ? blocks - done : OCB_BATCH;
        crypt_batch(o, r, dst + done * OCB_BLOCK, src + done * OCB_BLOCK, n, done, sealing);
    }
}

/* What remains behind the last whole block: 1 to 15 bytes. */
static void crypt_rest(const struct ocb *o, struct run *r, uint8_t *dst, struct slice rest,
                       bool sealing)
{
    uint8_t pad[OCB_BLOCK], plain[OCB_BLOCK] = {0};
    r->offset = r->offset ^ load(o->star);
    store(pad, r->offset);
    cipher_encrypt(o->cipher, pad, pad, OCB_BLOCK);
    for (size_t i = 0; i < rest.len; i++) {
        uint8_t in = rest.data[i];
        dst[i] = in ^ pad[i];
        plain[i] = sealing ? in : dst[i];
    }
    plain[rest.len] = 0x80;
    r->checksum = r->checksum ^ load(plain);
    mem_wipe(plain, sizeof plain);
    mem_wipe(pad, sizeof pad);
}

/* HASH(K, A) [RFC7253 4.1]; additional data is short in OpenPGP. */
static block hash_ad(const struct ocb *o, struct slice ad)
{
    block offset = {0, 0}, sum = {0, 0};
    uint8_t bytes[OCB_BLOCK];
    for (uint64_t index = 1; ad.len >= OCB_BLOCK; index++) {
        offset ^= load(o->level[__builtin_ctzll(index)]);
        store(bytes, load(ad.data) ^ offset);
        cipher_encrypt(o->cipher, bytes, bytes, OCB_BLOCK);
        sum ^= load(bytes);
        ad = slice_from(ad, OCB_BLOCK);
    }
    if (ad.len > 0) {
        memset(bytes, 0, sizeof bytes);
        memcpy(bytes, ad.data, ad.len);
        bytes[ad.len] = 0x80;
        offset ^= load(o->star);
        store(bytes, load(bytes) ^ offset);
        cipher_encrypt(o->cipher, bytes, bytes, OCB_BLOCK);
        sum ^= load(bytes);
    }
    mem_wipe(bytes, sizeof bytes);
    return sum;
}

static void crypt(const struct ocb *o, struct slice nonce, struct slice ad, uint8_t *dst,
                  struct slice src, uint8_t *tag, bool sealing)
{
    struct run r = {.offset = first_offset(o, nonce)};
    size_t blocks = src.len / OCB_BLOCK;
    struct slice rest = slice_from(src, blocks * OCB_BLOCK);
    crypt_blocks(o, &r, dst, src.data, blocks, sealing);
    if (rest.len > 0)
        crypt_rest(o, &r, dst + blocks * OCB_BLOCK, rest, sealing);
    store(tag, r.checksum ^ r.offset ^ load(o->dollar));
    cipher_encrypt(o->cipher, tag, tag, OCB_BLOCK);
    store(tag, load(tag) ^ hash_ad(o, ad));
    mem_wipe(&r, sizeof r);
}

void ocb_seal(const struct ocb *o, const uint8_t nonce[static OCB_NONCE], struct slice ad,
              uint8_t *dst, struct slice plain, uint8_t tag[static OCB_BLOCK])
{
    crypt(o, slice_of(nonce, OCB_NONCE), ad, dst, plain, tag, true);
}

void ocb_open(const struct ocb *o, const uint8_t nonce[static OCB_NONCE], struct slice ad,
              uint8_t *dst, struct slice sealed, uint8_t tag[static OCB_BLOCK])
{
    crypt(o, slice_of(nonce, OCB_NONCE), ad, dst, sealed, tag, false);
}

void ocb_open_short(const struct ocb *o, const uint8_t nonce[static OCB_SHORT_NONCE],
                    struct slice ad, uint8_t *dst, struct slice sealed,
                    uint8_t tag[static OCB_BLOCK])
{
    crypt(o, slice_of(nonce, OCB_SHORT_NONCE), ad, dst, sealed, tag, false);
}
