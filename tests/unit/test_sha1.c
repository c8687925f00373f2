/* SHA-1 on guard against collision attacks: the published collisions are noticed,
 * nothing else is, and the digest is that of SHA-1. */
#include "unit.h"

#include <nettle/sha1.h>

#include "crypto/digest.h"
#include "crypto/sha1_suspect.h"

/* The first 320 bytes of the two files of [Stevens, Bursztein, Karpman, Albertini, Markov,
 * "The first collision for full SHA-1", CRYPTO 2017]: what they share, and the two blocks
 * in which each differs. */
#define SHATTERED                                                                                  \
    "255044462d312e330a25e2e3cfd30a0a0a312030206f626a0a3c3c2f57696474682032203020522f486569676874" \
    "2033203020522f547970652034203020522f537562747970652035203020522f46696c7465722036203020522f43" \
    "6f6c6f7253706163652037203020522f4c656e6774682038203020522f42697473506572436f6d706f6e656e7420" \
    "383e3e0a73747265616d0affd8fffe00245348412d3120697320646561642121212121852fec092339759c39b1a1" \
    "c63c4c97e1fffe01"
#define SHATTERED_1                                                                                \
    "7f46dc93a6b67e013b029aaa1db2560b45ca67d688c7f84b8c4c791fe02b3df614f86db1690901c56b45c1530afe" \
    "dfb76038e972722fe7ad728f0e4904e046c230570fe9d41398abe12ef5bc942be33542a4802d98b5d70f2a332ec3" \
    "7fac3514e74ddc0f2cc1a874cd0c78305a21566461309789606bd0bf3f98cda8044629a1"
#define SHATTERED_2                                                                                \
    "7346dc9166b67e118f029ab621b2560ff9ca67cca8c7f85ba84c79030c2b3de218f86db3a90901d5df45c14f26fe" \
    "dfb3dc38e96ac22fe7bd728f0e45bce046d23c570feb141398bb552ef5a0a82be331fea48037b8b5d71f0e332edf" \
    "93ac3500eb4ddc0decc1a864790c782c76215660dd309791d06bd0af3f98cda4bc4629b1"

/* The two messages of [Leurent, Peyrin, "SHA-1 is a Shambles", USENIX Security 2020]. */
#define SHAMBLES_1                                                                                 \
    "99040d047fe81780012000ff4b65792069732070617274206f66206120636f6c6c6973696f6e2120497427732061" \
    "20747261702179c61af0afcc054515d9274e7307624b1dc7fb23988bb8de8b575dba7b9eab31c1674b6d974378a8" \
    "27732ff5851c76a2e60772b5a47ce1eac40bb993c12d8c70e24a4f8d5fcdedc1b32c9cf19e31af2429759d42e4df" \
    "db31719f587623ee552939b6dcdc459fca53553b70f87ede30a247ea3af6c759a2f20b320d760db64ff479084fd3" \
    "ccb3cdd48362d96a9c430617caff6c36c637e53fde28417f626fec54ed7943a46e5f5730f2bb38fb1df6e0090010" \
    "d00e24ad78bf92641993608e8d158a789f34c46fe1e6027f35a4cbfb827076c50eca0e8b7cca69bb2c2b790259f9" \
    "bf9570dd8d4437a3115faff7c3cac09ad25266055c27104755178eaeff825a2caa2acfb5de64ce7641dc59a541a9" \
    "fc9c756756e2e23dc713c8c24c9790aa6b0e38a7f55f14452a1ca2850ddd9562fd9a18ad42496aa97008f74672f6" \
    "8ef461eb88b09933d626b4f918749cc027fddd6c425fc4216835d0134d15285bab2cb784a4f7cbb4fb514d4bf0f6" \
    "237cf00a9e9f132b9a066e6fd17f6c42987478586ff651af96747fb426b9872b9a88e4063f59bb334cc00650f83a" \
    "80c42751b71974d300fc2819a2e8f1e32c1b51cb18e6bfc4db9baef675d4aaf5b1574a047f8f6dd2ec153a934122" \
    "93974d928f88ced9363cfef97ce2e742bf34c96b8ef3875676fea5cca8e5f7dea0bab2413d4de00ee71ee01f162b" \
    "db6d1eafd925e6aebaae6a354ef17cf205a404fbdb12fc454d41fdd95cf2459664a2ad032d1da60a73264075d7f1" \
    "e0d6c1403ae7a0d861df3fe5707188dd5e07d1589b9f8b6630553f8fc352b3e0c27da80bddba4c64020d"
#define SHAMBLES_2                                                                                 \
    "99030d047fe81780011800ff50726163746963616c205348412d312063686f73656e2d70726566697820636f6c6c" \
    "6973696f6e211d276c6ba661e1040e1f7d767f076249ddc7fb332c8bb8c2b7575dbec79eab2be1674b7db34378b4" \
    "cb732fe1891c76a0260772a5107ce1f6e80bb9977d2d8c68524a4f9d5fcdedcd0b2c9ce19231af26e9759d5250df" \
    "db2d4d9f58729fee553319b6dccc619fca4fb93b70ec72de30a087ea3ae67359a2ee27320d72b1b64fecc9084fc3" \
    "ccb3cdd83b62d97a904306150aff6c267237e523e228417bde6fec4ecd7943b44a5f572c1ebb38ef11f6e00bc010" \
    "d01e90ad78a3be641997dc8e8d0d3a789f24c46fe1eaba7f35b4c7fb8272b6c50edaba8b7cd655bb2c2fc50259e3" \
    "9f9570cda94437bffd5fafe3cfcac09812526615e827105b79178eaa43825a341a2acfa5de64ce7af9dc59b54da9" \
    "fc9eb56756f2563dc70ff4c24c932caa6b1418a7f54f30452a004e850dc99962fd98d8ad4259dea97014db4672f2" \
    "32f461f338b09923d626b4f5a0749cd02bfddd6e825fc431dc35d00f7115285f172cb79e84f7cba4df514d571cf6" \
    "2368fc0a9e9dd32b9a16da6fd16340429870c4586feee1af96647fb426b53f2b9a98e8063f5b7b334cd0b250f826" \
    "bcc427550b1974c920fc280986e8f1ffc01b51df14e6bfc61b9baee6c1d4aae99d574a00c38f6dca5c153a834122" \
    "939bf5928f98c2d9363e3ef97cf25342bf28f56b8ef73b5676e485cca8f5d3dea0a65e413d59ec0ee71c201f163b" \
    "6f6d1eb3f525e6aa06ae6a2dfef17ce205a404f76312fc554141fddb9cf24586d0a2ad1f111da60ecf26406ff7f1" \
    "e0c6e5403afb4cd861cb33e5707348dd5e1765589b83a7663051838fc34a03e0c26da80bddb6f464021d"

static struct slice collision(unsigned i)
{
    static const char *const all[] = {SHATTERED SHATTERED_1, SHATTERED SHATTERED_2, SHAMBLES_1,
                                      SHAMBLES_2};
    return unit_hex(all[i]);
}

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
