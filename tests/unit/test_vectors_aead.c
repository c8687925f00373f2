/* EAX and GCM against Wycheproof's and Botan's vectors, OCB against a second
 * implementation that is itself held against Botan's. */
#include "botan.h"
#include "json.h"

#include "crypto/aead.h"
#include "crypto/cipher.h"
#include "crypto/ocb.h"

struct sample {
    struct slice nonce, ad, plain, sealed, tag;
};

static uint8_t aes_with(size_t key_len)
{
    return key_len == 16 ? CIPHER_AES128 : key_len == 24 ? CIPHER_AES192 : CIPHER_AES256;
}

static bool seals(const struct aead *a, const struct sample *s)
{
    uint8_t tag[TAG_LEN];
    CLEANUP(buf_clear) struct buf out = BUF_EMPTY(SIZE_MAX);
    uint8_t *room = buf_extend(&out, s->plain.len);
    aead_seal(a, s->nonce.data, s->ad, room, s->plain, tag);
    return slice_equal(buf_view(&out), s->sealed) && slice_equal(SLICE_OF(tag), s->tag);
}

static bool is_zero(struct slice s)
{
    uint8_t any = 0;
    for (size_t i = 0; i < s.len; i++)
        any |= s.data[i];
    return any == 0;
}

/* In place, since sealing is not. */
static enum outcome open_sample(const struct aead *a, const struct sample *s)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    buf_bytes(&b, s->sealed);
    if (aead_open(a, s->nonce.data, s->ad, b.data, buf_view(&b), s->tag.data))
        return slice_equal(buf_view(&b), s->plain) ? ACCEPTED : WRONG;
    return is_zero(buf_view(&b)) ? REJECTED : WRONG;
}

/* What opens must also be what sealing makes. */
static enum outcome check_sample(uint8_t mode, struct slice key, const struct sample *s)
{
    AUTO(aead_free) struct aead *a = NULL;
    OK(aead_new(aes_with(key.len), mode, key, &a));
    assert_int_equal(aead_nonce_len(a), s->nonce.len);
    enum outcome outcome = open_sample(a, s);
    return outcome == ACCEPTED && !seals(a, s) ? WRONG : outcome;
}

static enum outcome check_wycheproof(struct record *r, int mode)
{
    struct slice key = record_hex(r, "key");
    struct sample s = {
        .nonce = record_hex(r, "iv"),
        .ad = record_hex(r, "aad"),
        .plain = record_hex(r, "msg"),
        .sealed = record_hex(r, "ct"),
        .tag = record_hex(r, "tag"),
    };
    assert_int_equal(s.tag.len, TAG_LEN);
    if (s.nonce.len != algo_aead((uint8_t)mode)->nonce_len)
        return SKIPPED;
    return check_sample((uint8_t)mode, key, &s);
}

/* Skipped: nonces that are not of 16 bytes. */
static void eax_of_wycheproof(void **state)
{
    (void)state;
    json_run("wycheproof/aes_eax_test.json", check_wycheproof, AEAD_EAX,
             (struct tally){.accepted = 105, .rejected = 81, .skipped = 54});
}

/* Skipped: nonces that are not of 12 bytes. */
static void gcm_of_wycheproof(void **state)
{
    (void)state;
    json_run("wycheproof/aes_gcm_test.json", check_wycheproof, AEAD_GCM,
             (struct tally){.accepted = 116, .rejected = 81, .skipped = 119});
}

/* What comes out of Botan is the tag behind the ciphertext. */
static struct sample botan_sample(struct record *r, size_t tag_len)
{
    struct slice out = record_hex(r, "Out");
    assert_true(out.len >= tag_len);
    return (struct sample){
        .nonce = record_hex(r, "Nonce"),
        .ad = record_optional(r, "AD"),
        .plain = record_hex(r, "In"),
        .sealed = slice_of(out.data, out.len - tag_len),
        .tag = slice_from(out, out.len - tag_len),
    };
}

static enum outcome check_botan_eax(struct record *r, int mode)
{
    struct slice key = record_hex(r, "Key");
    bool is_aes = record_is(r, "section", "AES-128/EAX") ||
                  record_is(r, "section", "AES-192/EAX") || record_is(r, "section", "AES-256/EAX");
    if (!is_aes)
        return SKIPPED;
    struct sample s = botan_sample(r, TAG_LEN);
    if (s.nonce.len != algo_aead((uint8_t)mode)->nonce_len)
        return SKIPPED;
    return check_sample((uint8_t)mode, key, &s);
}

/* Skipped: 37 nonces that are not of 16 bytes; 2 tags of 8 bytes; 85 with Blowfish,
 * DES, TripleDES and Threefish, whose blocks are not of 16 bytes, or with Twofish
 * and keys that are not of 32. */
static void eax_of_botan(void **state)
{
    (void)state;
    struct botan_file file = {.path = "botan-vectors/aead_eax.vec", .last = "Out"};
    botan_run(file, check_botan_eax, AEAD_EAX, (struct tally){.accepted = 67, .skipped = 124});
}

/* OCB once more, word for word as in [RFC7253 2, 4], one block at a time, and for
 * nonces and tags of any length: all published vectors have nonces of 12 bytes,
 * OpenPGP's have 15.  Sealing only. */

typedef uint8_t block[OCB_BLOCK];

static void xor_into(block dst, const uint8_t *src)
{
    for (size_t i = 0; i < OCB_BLOCK; i++)
        dst[i] ^= src[i];
}

static void encipher(const struct cipher *c, block b)
{
    cipher_encrypt(c, b, b, OCB_BLOCK);
}

static void double_it(block b)
{
    bool carry = b[0] >> 7 != 0;
    for (size_t i = 0; i < OCB_BLOCK; i++)
        b[i] = (uint8_t)(b[i] << 1 | (i + 1 < OCB_BLOCK ? b[i + 1] >> 7 : 0));
    if (carry)
        b[OCB_BLOCK - 1] ^= 0x87;
}

/* L_* doubled n times: 1 is L_$, 2 + i is L_i. */
static void add_l(const struct cipher *c, unsigned n, block dst)
{
    block l = {0};
    encipher(c, l);
    while (n-- > 0)
        double_it(l);
    xor_into(dst, l);
}

static unsigned ntz(size_t i)
{
    unsigned n = 0;
    for (; i % 2 == 0; i /= 2)
        n++;
    return n;
}

/* The last block, padded with 10... */
static void pad_block(block dst, struct slice rest)
{
    memset(dst, 0, OCB_BLOCK);
    if (rest.len > 0)
        memcpy(dst, rest.data, rest.len);
    dst[rest.len] = 0x80;
}

static void hash(const struct cipher *c, struct slice ad, block sum)
{
    block offset = {0}, b;
    memset(sum, 0, OCB_BLOCK);
    for (size_t i = 1; ad.len >= OCB_BLOCK; i++, ad = slice_from(ad, OCB_BLOCK)) {
        add_l(c, 2 + ntz(i), offset);
        memcpy(b, offset, OCB_BLOCK);
        xor_into(b, ad.data);
        encipher(c, b);
        xor_into(sum, b);
    }
    if (ad.len == 0)
        return;
    add_l(c, 0, offset);
    pad_block(b, ad);
    xor_into(b, offset);
    encipher(c, b);
    xor_into(sum, b);
}

/* Bit by bit, as the nonce is written there: num2str(TAGLEN mod 128, 7) || 0... ||
 * 1 || N. */
static void start_offset(const struct cipher *c, struct slice nonce, size_t tag_len, block offset)
{
    block top = {0};
    uint8_t stretch[OCB_BLOCK + 8];
    top[0] = (uint8_t)(tag_len * 8 % 128 << 1);
    top[OCB_BLOCK - 1 - nonce.len] |= 1;
    memcpy(top + OCB_BLOCK - nonce.len, nonce.data, nonce.len);
    unsigned bottom = top[OCB_BLOCK - 1] % 64;
    top[OCB_BLOCK - 1] &= 0xC0;
    encipher(c, top);
    memcpy(stretch, top, OCB_BLOCK);
    for (size_t i = 0; i < 8; i++)
        stretch[OCB_BLOCK + i] = top[i] ^ top[i + 1];
    memset(offset, 0, OCB_BLOCK);
    for (unsigned i = 0; i < 8 * OCB_BLOCK; i++) {
        unsigned from = bottom + i;
        unsigned bit = stretch[from / 8] >> (7 - from % 8) & 1;
        offset[i / 8] |= (uint8_t)(bit << (7 - i % 8));
    }
}

/* The whole tag; those of tag_len bytes are its beginning. */
static void second_ocb(const struct cipher *c, struct slice nonce, size_t tag_len, struct slice ad,
                       uint8_t *dst, struct slice plain, block tag)
{
    block offset, b, checksum = {0};
    start_offset(c, nonce, tag_len, offset);
    for (size_t i = 1; plain.len >= OCB_BLOCK; i++, dst += OCB_BLOCK) {
        add_l(c, 2 + ntz(i), offset);
        xor_into(checksum, plain.data);
        memcpy(b, offset, OCB_BLOCK);
        xor_into(b, plain.data);
        encipher(c, b);
        xor_into(b, offset);
        memcpy(dst, b, OCB_BLOCK);
        plain = slice_from(plain, OCB_BLOCK);
    }
    if (plain.len > 0) {
        add_l(c, 0, offset);
        memcpy(b, offset, OCB_BLOCK);
        encipher(c, b);
        for (size_t i = 0; i < plain.len; i++)
            dst[i] = plain.data[i] ^ b[i];
        pad_block(b, plain);
        xor_into(checksum, b);
    }
    xor_into(checksum, offset);
    add_l(c, 1, checksum);
    encipher(c, checksum);
    hash(c, ad, tag);
    xor_into(tag, checksum);
}

static enum outcome check_second_ocb(struct record *r, int variant)
{
    AUTO(cipher_free) struct cipher *c = NULL;
    CLEANUP(buf_clear) struct buf out = BUF_EMPTY(SIZE_MAX);
    block tag;
    (void)variant;
    bool has_short_tag = record_is(r, "section", "AES-128/OCB(12)");
    if (!has_short_tag && !record_is(r, "section", "AES-128/OCB"))
        return SKIPPED;
    struct sample s = botan_sample(r, has_short_tag ? 12 : TAG_LEN);
    uint8_t *room = buf_extend(&out, s.plain.len);
    OK(cipher_new(CIPHER_AES128, record_hex(r, "Key"), &c));
    second_ocb(c, s.nonce, s.tag.len, s.ad, room, s.plain, tag);
    bool good = slice_equal(buf_view(&out), s.sealed) &&
                slice_equal(slice_of(tag, s.tag.len), s.tag);
    return good ? ACCEPTED : WRONG;
}

/* Skipped: SHACAL2 and Threefish. */
static void second_ocb_is_right(void **state)
{
    (void)state;
    struct botan_file file = {.path = "botan-vectors/aead_ocb.vec", .last = "Out"};
    botan_run(file, check_second_ocb, 0, (struct tally){.accepted = 42, .skipped = 4});
}

struct chain {
    struct cipher *cipher;
    size_t tag_len;
    unsigned messages;
    struct buf out;
};

/* Appends one message, sealed under its number. */
static void chain_add(struct chain *h, struct slice ad, struct slice plain)
{
    uint8_t nonce[12] = {0};
    block tag;
    h->messages++;
    nonce[10] = (uint8_t)(h->messages >> 8);
    nonce[11] = (uint8_t)h->messages;
    uint8_t *room = buf_extend(&h->out, plain.len);
    second_ocb(h->cipher, SLICE_OF(nonce), h->tag_len, ad, room, plain, tag);
    buf_bytes(&h->out, slice_of(tag, h->tag_len));
}

/* The iterated test of [RFC7253 A]: many messages, and one tag over them all. */
static enum outcome check_chain(struct record *r, int variant)
{
    static const uint8_t zeros[128];
    uint8_t key[CIPHER_KEY_MAX] = {0};
    size_t key_len = record_number(r, "Keylen") / 8;
    struct chain h = {.tag_len = record_number(r, "Taglen") / 8, .out = BUF_EMPTY(SIZE_MAX)};
    (void)variant;
    key[key_len - 1] = (uint8_t)(h.tag_len * 8);
    OK(cipher_new(aes_with(key_len), slice_of(key, key_len), &h.cipher));
    for (size_t i = 0; i < sizeof zeros; i++) {
        struct slice s = slice_of(zeros, i);
        chain_add(&h, s, s);
        chain_add(&h, SLICE_EMPTY, s);
        chain_add(&h, s, SLICE_EMPTY);
    }
    size_t len = h.out.len;
    CLEANUP(buf_clear) struct buf all = BUF_EMPTY(SIZE_MAX);
    buf_bytes(&all, buf_view(&h.out));
    chain_add(&h, buf_view(&all), SLICE_EMPTY);
    bool good = slice_equal(slice_from(buf_view(&h.out), len), record_hex(r, "Output"));
    buf_clear(&h.out);
    cipher_free(h.cipher);
    return good ? ACCEPTED : WRONG;
}

static void second_ocb_passes_the_iterated_test(void **state)
{
    (void)state;
    struct botan_file file = {.path = "botan-vectors/ocb_ocb_long.vec", .last = "Output"};
    botan_run(file, check_chain, 0, (struct tally){.accepted = 9});
}

/* More than two batches of 64 blocks, and some. */
enum { OCB_LONGEST = 2 * 64 * OCB_BLOCK + 40, AD_LONGEST = 100 };

static void fill(uint8_t *p, size_t len, uint32_t seed)
{
    for (size_t i = 0; i < len; i++) {
        seed = seed * 1664525 + 1013904223;
        p[i] = (uint8_t)(seed >> 24);
    }
}

/* One message of len bytes: both make the same, ours opens it again, and no
 * longer once a bit has changed. */
static void compare_ocb(const struct ocb *o, size_t len)
{
    uint8_t nonce[OCB_NONCE], ad[AD_LONGEST], plain[OCB_LONGEST], expected[OCB_LONGEST],
        made[OCB_LONGEST];
    block expected_tag, tag;
    fill(nonce, sizeof nonce, (uint32_t)len + 1);
    fill(ad, sizeof ad, (uint32_t)len + 2);
    fill(plain, sizeof plain, (uint32_t)len + 3);
    struct slice head = slice_of(ad, len % AD_LONGEST), body = slice_of(plain, len);
    second_ocb(o->cipher, SLICE_OF(nonce), TAG_LEN, head, expected, body, expected_tag);
    ocb_seal(o, nonce, head, made, body, tag);
    SAME(slice_of(made, len), slice_of(expected, len));
    SAME(SLICE_OF(tag), SLICE_OF(expected_tag));
    ocb_open(o, nonce, head, made, slice_of(made, len), tag);
    SAME(slice_of(made, len), body);
    SAME(SLICE_OF(tag), SLICE_OF(expected_tag));
    if (len == 0)
        return;
    expected[len / 2] ^= 1;
    ocb_open(o, nonce, head, made, slice_of(expected, len), tag);
    assert_false(slice_equal(SLICE_OF(tag), SLICE_OF(expected_tag)));
}

static void compare_lengths(uint8_t id)
{
    uint8_t key[CIPHER_KEY_MAX];
    AUTO(cipher_free) struct cipher *c = NULL;
    struct ocb o;
    fill(key, sizeof key, id);
    OK(cipher_new(id, slice_of(key, algo_cipher(id)->key_len), &c));
    ocb_init(&o, c);
    for (size_t len = 0; len <= 200; len++)
        compare_ocb(&o, len);
    for (size_t len = 64 * OCB_BLOCK - 20; len <= 64 * OCB_BLOCK + 20; len++)
        compare_ocb(&o, len);
    for (size_t len = 2 * 64 * OCB_BLOCK - 20; len <= OCB_LONGEST; len++)
        compare_ocb(&o, len);
}

static void ocb_is_as_the_second(void **state)
{
    (void)state;
    compare_lengths(CIPHER_AES128);
    compare_lengths(CIPHER_AES192);
    compare_lengths(CIPHER_AES256);
    compare_lengths(CIPHER_TWOFISH);
    compare_lengths(CIPHER_CAMELLIA256);
}

/* OCB with nonces of 96 bits, as GnuPG's agent has them. [RFC7253 A] */
static void ocb_with_short_nonces(void **state)
{
    (void)state;
    static const char *const samples[][3] = {
        {"BBAA99887766554433221100", "", "785407BFFFC8AD9EDCC5520AC9111EE6"},
        {"BBAA99887766554433221101", "0001020304050607",
         "6820B3657B6F615A5725BDA0D3B4EB3A257C9AF1F8F03009"},
    };
    AUTO(cipher_free) struct cipher *c = NULL;
    struct ocb ocb;
    OK(cipher_new(CIPHER_AES128, unit_hex("000102030405060708090A0B0C0D0E0F"), &c));
    ocb_init(&ocb, c);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct slice plain = unit_hex(samples[i][1]), sealed = unit_hex(samples[i][2]);
        struct slice tag = slice_from(sealed, plain.len);
        uint8_t got[OCB_BLOCK], expected[OCB_BLOCK];
        ocb_open_short(&ocb, unit_hex(samples[i][0]).data, plain, got,
                       slice_of(sealed.data, plain.len), expected);
        SAME(slice_of(got, plain.len), plain); /* the additional data is the same */
        SAME(SLICE_OF(expected), tag);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eax_of_wycheproof),
        cmocka_unit_test(gcm_of_wycheproof),
        cmocka_unit_test(eax_of_botan),
        cmocka_unit_test(second_ocb_is_right),
        cmocka_unit_test(second_ocb_passes_the_iterated_test),
        cmocka_unit_test(ocb_is_as_the_second),
        cmocka_unit_test(ocb_with_short_nonces),
    };
    return cmocka_run_group_tests_name("vectors_aead", tests, NULL, NULL);
}
