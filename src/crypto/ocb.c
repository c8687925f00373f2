#include "crypto/ocb.h"

#include <string.h>

#include "base/mem.h"

/* As many blocks as go through the cipher in one call. */
enum { BATCH = 64 };

struct block {
    uint64_t half[2];
};

static struct block load(const uint8_t *p)
{
    struct block b;
    memcpy(&b, p, sizeof b);
    return b;
}

static void store(uint8_t *p, struct block b)
{
    memcpy(p, &b, sizeof b);
}

static struct block block_xor(struct block a, struct block b)
{
    return (struct block){{a.half[0] ^ b.half[0], a.half[1] ^ b.half[1]}};
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
}

/* Offsets, and what leads to them, are wiped everywhere: who knows them can forge. */

/* Offset_0 [RFC7253 4.2, "Nonce-dependent and per-encryption variables"] */
static struct block first_offset(const struct ocb *o, struct slice nonce)
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
    struct block first = load(offset);
    mem_wipe(stretch, sizeof stretch);
    mem_wipe(offset, sizeof offset);
    return first;
}

/* The offsets of n blocks, the first of them number `index` (from 1). */
static void offsets_of(const struct ocb *o, struct block *last, uint64_t index, size_t n,
                       uint8_t (*offsets)[OCB_BLOCK])
{
    for (size_t i = 0; i < n; i++) {
        *last = block_xor(*last, load(o->level[__builtin_ctzll(index + i)]));
        store(offsets[i], *last);
    }
}

static void xor_blocks(uint8_t *dst, const uint8_t *src, uint8_t (*offsets)[OCB_BLOCK], size_t n)
{
    for (size_t i = 0; i < n; i++)
        store(dst + i * OCB_BLOCK, block_xor(load(src + i * OCB_BLOCK), load(offsets[i])));
}

static struct block sum_blocks(struct block sum, const uint8_t *src, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum = block_xor(sum, load(src + i * OCB_BLOCK));
    return sum;
}

struct run {
    struct block offset, checksum;
};

/* The whole blocks of the message. */
static void crypt_blocks(const struct ocb *o, struct run *r, uint8_t *dst, const uint8_t *src,
                         size_t blocks, bool sealing)
{
    uint8_t offsets[BATCH][OCB_BLOCK];
    for (size_t done = 0; done < blocks;) {
        size_t n = blocks - done < BATCH ? blocks - done : BATCH;
        const uint8_t *in = src + done * OCB_BLOCK;
        uint8_t *out = dst + done * OCB_BLOCK;
        offsets_of(o, &r->offset, done + 1, n, offsets);
        if (sealing)
            r->checksum = sum_blocks(r->checksum, in, n);
        xor_blocks(out, in, offsets, n);
        if (sealing)
            cipher_encrypt(o->cipher, out, out, n * OCB_BLOCK);
        else
            cipher_decrypt(o->cipher, out, out, n * OCB_BLOCK);
        xor_blocks(out, out, offsets, n);
        if (!sealing)
            r->checksum = sum_blocks(r->checksum, out, n);
        done += n;
    }
    mem_wipe(offsets, sizeof offsets);
}

/* What remains behind the last whole block: 1 to 15 bytes. */
static void crypt_rest(const struct ocb *o, struct run *r, uint8_t *dst, struct slice rest,
                       bool sealing)
{
    uint8_t pad[OCB_BLOCK], plain[OCB_BLOCK] = {0};
    r->offset = block_xor(r->offset, load(o->star));
    store(pad, r->offset);
    cipher_encrypt(o->cipher, pad, pad, OCB_BLOCK);
    for (size_t i = 0; i < rest.len; i++) {
        uint8_t in = rest.data[i];
        dst[i] = in ^ pad[i];
        plain[i] = sealing ? in : dst[i];
    }
    plain[rest.len] = 0x80;
    r->checksum = block_xor(r->checksum, load(plain));
    mem_wipe(plain, sizeof plain);
    mem_wipe(pad, sizeof pad);
}

/* HASH(K, A) [RFC7253 4.1]; additional data is short in OpenPGP. */
static struct block hash_ad(const struct ocb *o, struct slice ad)
{
    struct block offset = {{0, 0}}, sum = {{0, 0}};
    uint8_t block[OCB_BLOCK];
    for (uint64_t index = 1; ad.len >= OCB_BLOCK; index++) {
        offset = block_xor(offset, load(o->level[__builtin_ctzll(index)]));
        store(block, block_xor(load(ad.data), offset));
        cipher_encrypt(o->cipher, block, block, OCB_BLOCK);
        sum = block_xor(sum, load(block));
        ad = slice_from(ad, OCB_BLOCK);
    }
    if (ad.len > 0) {
        memset(block, 0, sizeof block);
        memcpy(block, ad.data, ad.len);
        block[ad.len] = 0x80;
        offset = block_xor(offset, load(o->star));
        store(block, block_xor(load(block), offset));
        cipher_encrypt(o->cipher, block, block, OCB_BLOCK);
        sum = block_xor(sum, load(block));
    }
    mem_wipe(block, sizeof block);
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
    store(tag, block_xor(block_xor(r.checksum, r.offset), load(o->dollar)));
    cipher_encrypt(o->cipher, tag, tag, OCB_BLOCK);
    store(tag, block_xor(load(tag), hash_ad(o, ad)));
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
