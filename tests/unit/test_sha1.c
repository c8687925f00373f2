/* SHA-1 on guard against collision attacks: the published collisions are noticed,
 * nothing else is, and the digest is that of SHA-1. */
#include "unit.h"
#include "collisions.h"

#include <nettle/sha1.h>

#include "crypto/digest.h"
#include "crypto/sha1_suspect.h"

/* Hashed in pieces of n bytes.  The digest is also held against Nettle's. */
static bool is_noticed(struct slice s, size_t n)
{
    AUTO(digest_free) struct digest *d = NULL;
    uint8_t digest[DIGEST_MAX], plain[DIGEST_MAX];
    OK(digest_new_guarded(HASH_SHA1, &d));
    for (size_t at = 0; at < s.len; at += n) {
        struct slice rest = slice_from(s, at);
        digest_update(d, slice_of(rest.data, rest.len < n ? rest.len : n));
    }
    struct slice made = digest_final(d, digest);
    OK(digest_of(HASH_SHA1, s, plain));
    SAME(made, slice_of(plain, SHA1_DIGEST_SIZE));
    return digest_saw_attack(d);
}

static void published_collisions(void **state)
{
    static const size_t pieces[] = {1, 63, 64, 65, 100, 256, 257, 1000};
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        for (size_t n = 0; n < sizeof pieces / sizeof *pieces; n++)
            assert_true(is_noticed(collision(i), pieces[n]));
    }
}

/* That the bytes above are the published ones. */
static void published_digests(void **state)
{
    static const char *const digests[] = {"f92d74e3874587aaf443d1db961d4e26dde13e9c",
                                          "8ac60ba76f1999a1ab70223f225aefdc78d4ddc0"};
    uint8_t digest[DIGEST_MAX];
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        OK(digest_of(HASH_SHA1, collision(i), digest));
        SAME(slice_of(digest, SHA1_DIGEST_SIZE), unit_hex(digests[i / 2]));
        assert_false(slice_equal(collision(i), collision(i ^ 1)));
    }
}

/* Wherever the block stands among those that are looked at together, whatever comes
 * after it, and however much. */
static void anywhere(void **state)
{
    static const uint8_t more[1000];
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        for (size_t n = 0; n < sizeof more; n += 31)
            assert_true(is_noticed(unit_joined(collision(i), slice_of(more, n)), 1000));
    }
}

/* The collision comes with the last block, and is gone with any bit of it: then nobody
 * can have another text with this digest. */
static void one_bit_off(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        struct slice s = collision(i);
        assert_false(is_noticed(slice_of(s.data, s.len - SHA1_BLOCK), 256));
        for (size_t bit = (s.len - SHA1_BLOCK) * 8; bit < s.len * 8; bit++)
            assert_false(is_noticed(unit_flipped(s, bit), 256));
    }
}

/* A copy knows what the original has seen; what was seen is not forgotten; other digests
 * and those without a guard notice nothing. */
static void copies(void **state)
{
    static const uint8_t hashes[] = {HASH_SHA1, HASH_SHA256};
    uint8_t out[DIGEST_MAX];
    AUTO(digest_free) struct digest *d = NULL, *copy = NULL, *plain = NULL, *other = NULL;
    (void)state;
    OK(digest_new_guarded(HASH_SHA1, &d));
    digest_update(d, collision(0));
    OK(digest_copy(d, &copy));
    digest_final(copy, out);
    assert_true(digest_saw_attack(copy));
    assert_false(digest_saw_attack(d)); /* its blocks still wait */
    digest_final(d, out);
    digest_update(d, SLICE_TEXT("abc"));
    SAME(digest_final(d, out), unit_hex("a9993e364706816aba3e25717850c26c9cd0d89d"));
    assert_true(digest_saw_attack(d));
    OK(digest_new(hashes[0], &plain));
    OK(digest_new_guarded(hashes[1], &other));
    digest_update(plain, collision(0));
    digest_update(other, collision(0));
    digest_final(plain, out);
    digest_final(other, out);
    assert_false(digest_saw_attack(plain) || digest_saw_attack(other));
}

/* Every length, so that the padding falls on every place. */
static void lengths(void **state)
{
    struct buf *b = unit_keep();
    (void)state;
    for (unsigned i = 0; i < 1100; i++) {
        assert_false(is_noticed(buf_view(b), 77));
        assert_false(is_noticed(buf_view(b), SIZE_MAX / 2));
        buf_u8(b, (uint8_t)(i * 167));
    }
}

static size_t count_suspects(const uint8_t *data, size_t len)
{
    size_t n = 0;
    for (size_t at = 0; at < len; at += SHA1_LANES * SHA1_BLOCK) {
        struct sha1_suspects s;
        sha1_suspect(data + at, &s);
        for (size_t i = 0; i < SHA1_FAMILIES * SHA1_LANES; i++)
            n += (size_t)__builtin_popcount(s.masks[i / SHA1_LANES][i % SHA1_LANES]);
    }
    return n;
}

/* None in half a million blocks.  And the conditions let through to the slow part what
 * they must: 80 vectors in 1000 blocks. */
static void no_false_alarm(void **state)
{
    enum { ROUNDS = 32, SIZE = 1 << 20, BLOCKS = ROUNDS * SIZE / SHA1_BLOCK };
    AUTO(digest_free) struct digest *d = NULL;
    AUTO(free) uint8_t *data = malloc(SIZE);
    uint8_t out[DIGEST_MAX];
    size_t suspects = 0;
    uint64_t x = 1;
    (void)state;
    assert_non_null(data);
    OK(digest_new_guarded(HASH_SHA1, &d));
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < SIZE; i++) {
            x = x * 6364136223846793005U + 1442695040888963407U;
            data[i] = (uint8_t)(x >> 56);
        }
        digest_update(d, slice_of(data, SIZE));
        suspects += count_suspects(data, SIZE);
    }
    digest_final(d, out);
    assert_false(digest_saw_attack(d));
    assert_in_range(suspects * 1000 / BLOCKS, 75, 85);
}

/* Siblings. */

static uint32_t rotate(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static void message_bytes(const uint32_t words[16], uint8_t out[SHA1_BLOCK])
{
    for (unsigned i = 0; i < SHA1_BLOCK; i++)
        out[i] = (uint8_t)(words[i / 4] >> (24 - 8 * (i % 4)));
}

/* The difference of two blocks, expanded as messages are. */
static void difference(const uint8_t *a, const uint8_t *b, uint32_t w[80])
{
    for (unsigned t = 0; t < 16; t++) {
        w[t] = 0;
        for (unsigned i = 0; i < 4; i++)
            w[t] = w[t] << 8 | (a[4 * t + i] ^ b[4 * t + i]);
    }
    for (unsigned t = 16; t < 80; t++)
        w[t] = rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
}

/* The mask as the paper's authors define it: the vector, and its five corrections. */
static void expected_mask(struct sha1_vector v, uint32_t mask[80])
{
    uint32_t dv[85] = {0}, *at = dv + 5;
    at[v.k + 15] = 1U << v.b;
    if (v.type == 2)
        at[v.k + 1] = at[v.k + 3] = 1U << (v.b + 31) % 32;
    for (unsigned t = v.k + 16U; t < 80; t++)
        at[t] = rotate(at[t - 3] ^ at[t - 8] ^ at[t - 14] ^ at[t - 16], 1);
    for (int t = v.k - 1; t >= -5; t--)
        at[t] = rotate(at[t + 16], 31) ^ at[t + 13] ^ at[t + 8] ^ at[t + 2];
    for (int t = 0; t < 80; t++)
        mask[t] = at[t] ^ rotate(at[t - 1], 5) ^ at[t - 2] ^
                  rotate(at[t - 3] ^ at[t - 4] ^ at[t - 5], 30);
}

/* For every vector that there is: the sibling differs by its mask; it hashes from its
 * own chaining value to what is said; and its sibling is the block itself. */
static void check_sibling(struct sha1_vector v, const struct sha1_block *block)
{
    struct sha1_block s, back;
    uint32_t got[80], mask[80], chain[SHA1_STATE];
    uint8_t bytes[SHA1_BLOCK], other[SHA1_BLOCK];
    sha1_sibling_of(block, v, &s);
    message_bytes(block->message, bytes);
    message_bytes(s.message, other);
    difference(bytes, other, got);
    expected_mask(v, mask);
    SAME(SLICE_OF(got), SLICE_OF(mask));
    memcpy(chain, s.before, sizeof chain);
    nettle_sha1_compress(chain, other);
    SAME(SLICE_OF(chain), SLICE_OF(s.after));
    sha1_sibling_of(&s, v, &back);
    SAME(slice_of(&back, sizeof back), slice_of(block, sizeof *block));
}

static void siblings(void **state)
{
    struct sha1_block block = {.before = {1, 0x20304050, 3, 0xFFFFFFFF, 5}};
    uint8_t bytes[SHA1_BLOCK];
    (void)state;
    for (unsigned t = 0; t < 16; t++)
        block.message[t] = t * 0x9E3779B1;
    message_bytes(block.message, bytes);
    memcpy(block.after, block.before, sizeof block.after);
    nettle_sha1_compress(block.after, bytes);
    for (unsigned f = 0; f < SHA1_FAMILIES; f++) {
        for (unsigned i = 0; i < 12; i++) {
            struct sha1_vector v = sha1_families[f];
            v.k = (uint8_t)(v.k + i);
            check_sibling(v, &block);
        }
    }
}

/* The masks of the two blocks of 2017, which are those of II(52,0). */
static void known_mask(void **state)
{
    struct slice a = collision(0), b = collision(1);
    uint32_t got[80], mask[80];
    (void)state;
    difference(a.data + 256, b.data + 256, got);
    expected_mask((struct sha1_vector){2, 52, 0}, mask);
    SAME(SLICE_OF(got), SLICE_OF(mask));
}

/* The published conditions for the first and the last vector of each family, step by
 * step: a bit of a step, and of another, equal (0) or not (1).  Steps are 0 where there is
 * no more. */
struct published {
    struct sha1_vector vector;
    struct {
        uint8_t step, bit, other, other_bit, differ;
    } conditions[16];
};
static const struct published published[] = {
    {{1, 43, 0},
     {{37, 4, 39, 4, 1},
      {37, 4, 40, 29, 0},
      {37, 4, 41, 4, 0},
      {37, 4, 42, 29, 1},
      {37, 4, 43, 4, 1},
      {37, 4, 44, 29, 0},
      {37, 4, 46, 29, 1},
      {37, 4, 47, 29, 1},
      {61, 1, 62, 6, 1},
      {59, 5, 63, 30, 0},
      {58, 0, 63, 30, 1}}},
    {{1, 52, 0},
     {{38, 4, 39, 4, 1},
      {38, 4, 43, 29, 1},
      {42, 4, 44, 29, 0},
      {42, 4, 45, 29, 0},
      {42, 4, 46, 29, 0},
      {46, 4, 48, 4, 1},
      {46, 4, 48, 29, 0},
      {46, 4, 49, 29, 0},
      {46, 4, 50, 4, 0},
      {46, 4, 51, 29, 1},
      {46, 4, 52, 4, 1},
      {46, 4, 53, 29, 0},
      {46, 4, 55, 29, 1},
      {46, 4, 56, 29, 1}}},
    {{1, 46, 2},
     {{35, 1, 36, 6, 1},
      {39, 1, 40, 6, 1},
      {39, 1, 42, 6, 1},
      {39, 1, 44, 6, 1},
      {39, 1, 46, 6, 1},
      {39, 1, 47, 1, 1},
      {61, 2, 62, 7, 1}}},
    {{1, 51, 2},
     {{37, 1, 37, 6, 0},
      {37, 1, 38, 6, 1},
      {35, 5, 39, 30, 0},
      {40, 1, 41, 6, 1},
      {40, 1, 42, 1, 1},
      {44, 1, 45, 6, 1},
      {44, 1, 47, 6, 1},
      {44, 1, 49, 6, 1},
      {44, 1, 51, 6, 1},
      {44, 1, 52, 1, 1}}},
    {{2, 45, 0},
     {{36, 4, 40, 29, 0},
      {41, 4, 43, 29, 0},
      {41, 4, 44, 29, 0},
      {41, 4, 45, 29, 0},
      {52, 29, 53, 29, 0},
      {50, 29, 53, 29, 1},
      {49, 4, 53, 29, 0},
      {49, 29, 53, 29, 1},
      {47, 4, 53, 29, 1},
      {63, 1, 64, 6, 1},
      {60, 0, 61, 5, 1}}},
    {{2, 56, 0},
     {{38, 4, 40, 4, 1},
      {38, 4, 40, 29, 0},
      {38, 4, 41, 29, 0},
      {38, 4, 42, 4, 0},
      {38, 4, 43, 29, 1},
      {44, 3, 48, 28, 0},
      {44, 4, 48, 29, 0},
      {47, 4, 49, 29, 0},
      {47, 4, 50, 29, 0},
      {47, 4, 51, 29, 0},
      {52, 4, 54, 29, 0},
      {52, 4, 55, 29, 0},
      {52, 4, 56, 29, 0},
      {60, 4, 64, 29, 0}}},
    {{2, 46, 2},
     {{36, 1, 37, 6, 1},
      {41, 1, 42, 6, 1},
      {41, 1, 43, 1, 1},
      {50, 6, 51, 1, 0},
      {48, 6, 51, 1, 0},
      {47, 1, 51, 1, 1},
      {61, 2, 62, 7, 1}}},
    {{2, 51, 2},
     {{38, 0, 39, 5, 1},
      {41, 1, 42, 6, 1},
      {41, 1, 43, 1, 1},
      {38, 0, 43, 30, 1},
      {46, 1, 47, 6, 1},
      {46, 1, 48, 1, 1},
      {55, 6, 56, 1, 0},
      {53, 6, 56, 1, 0},
      {52, 1, 56, 1, 1}}},
};
enum { PUBLISHED = sizeof published / sizeof *published };

static bool all_hold(const struct published *p, const uint32_t w[80])
{
    for (size_t i = 0; i < 16 && p->conditions[i].step != 0; i++) {
        unsigned x = w[p->conditions[i].step] >> p->conditions[i].bit & 1;
        unsigned y = w[p->conditions[i].other] >> p->conditions[i].other_bit & 1;
        if ((x ^ y) != p->conditions[i].differ)
            return false;
    }
    return true;
}

static bool is_suspected(const struct sha1_suspects *s, size_t lane, struct sha1_vector v)
{
    for (unsigned f = 0; f < SHA1_FAMILIES; f++) {
        if (sha1_families[f].type == v.type && sha1_families[f].b == v.b)
            return (s->masks[f][lane] >> (v.k - sha1_families[f].k) & 1) != 0;
    }
    return false;
}

/* What fulfils all conditions is suspected: none more is asked for. */
static void conditions(void **state)
{
    static const uint8_t zero[SHA1_BLOCK];
    uint8_t blocks[SHA1_LANES * SHA1_BLOCK] = {0};
    uint32_t w[80];
    unsigned found[PUBLISHED] = {0};
    (void)state;
    for (unsigned round = 0; round < 1 << 18; round++) {
        struct sha1_suspects s;
        size_t lane = round % SHA1_LANES;
        uint32_t x = round * 0x9E3779B1U;
        for (unsigned i = 0; i < SHA1_BLOCK; i++, x = x * 1664525 + 1013904223)
            blocks[lane * SHA1_BLOCK + i] = (uint8_t)(x >> 23);
        difference(blocks + lane * SHA1_BLOCK, zero, w);
        sha1_suspect(blocks, &s);
        for (unsigned i = 0; i < PUBLISHED; i++) {
            if (!all_hold(&published[i], w))
                continue;
            assert_true(is_suspected(&s, lane, published[i].vector));
            found[i]++;
        }
    }
    for (unsigned i = 0; i < PUBLISHED; i++)
        assert_true(found[i] > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_digests),
        cmocka_unit_test(published_collisions),
        cmocka_unit_test(anywhere),
        cmocka_unit_test(one_bit_off),
        cmocka_unit_test(copies),
        cmocka_unit_test(lengths),
        cmocka_unit_test(no_false_alarm),
        cmocka_unit_test(siblings),
        cmocka_unit_test(known_mask),
        cmocka_unit_test(conditions),
    };
    return cmocka_run_group_tests_name("sha1", tests, NULL, NULL);
}
