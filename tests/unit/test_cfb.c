/* cfb: what is sealed opens again, whatever the sizes and threads; nothing that was touched does;
 * and what is sealed is what RFC 9580 says. */
#include "unit.h"
#include "kit.h"

#include "crypto/cipher.h"
#include "crypto/digest.h"
#include "stream/cfb.h"
#include "stream/input.h"

enum { MDC = 22 };

static struct cipher *test_cipher(uint8_t id)
{
    struct cipher *c = NULL;
    OK(cipher_new(id, kit_data(algo_cipher(id)->key_len), &c));
    return c;
}

static struct source *from_memory(struct slice s)
{
    struct source *source = NULL;
    OK(input_from_memory(s, &source));
    return source;
}

/* Takes plain over. */
static struct source *sealer(struct source *plain, uint8_t id, struct pool *pool)
{
    struct world w = unit_world(0, 1);
    struct source *s = NULL;
    OK(cfb_seal_new(plain, test_cipher(id), &w, pool, &s));
    return s;
}

static struct source *opener(struct source *sealed, uint8_t id, struct pool *pool)
{
    struct source *s = NULL;
    OK(cfb_open_new(sealed, test_cipher(id), pool, &s));
    return s;
}

static void seal_on(struct cfb *cfb, struct slice s, struct buf *out)
{
    cfb_seal(cfb, buf_extend(out, s.len), s.data, s.len);
}

/* The same in one piece [RFC9580 5.13.1]; `repeats`: the prefix does at its end. */
static struct slice sealed_with(struct slice plain, uint8_t id, bool repeats, const char *header)
{
    struct buf *all = unit_keep(), *out = unit_keep();
    struct world w = unit_world(0, 1);
    AUTO(cipher_free) struct cipher *c = test_cipher(id);
    size_t block = cipher_block_len(c);
    uint8_t sha1[DIGEST_MAX];
    struct cfb cfb;
    uint8_t *prefix = buf_extend(all, block + 2);
    OK(world_random(&w, prefix, block));
    memcpy(prefix + block, repeats ? prefix + block - 2 : prefix, 2);
    buf_bytes(all, plain);
    buf_bytes(all, slice_of((const uint8_t *)header, 2));
    OK(digest_of(HASH_SHA1, buf_view(all), sha1));
    buf_bytes(all, slice_of(sha1, MDC - 2));
    cfb_start(&cfb, c, NULL);
    seal_on(&cfb, buf_view(all), out);
    cfb_clear(&cfb);
    return buf_view(out);
}

static struct slice sealed_at_once(struct slice plain, uint8_t id)
{
    return sealed_with(plain, id, true, "\xD3\x14");
}

/* Around the ends of blocks and slots, with the prefix before and the code behind them. */
static const size_t sizes[] = {0,
                               1,
                               15,
                               16,
                               17,
                               CFB_SLOT - 18 - MDC - 1,
                               CFB_SLOT - 18 - MDC,
                               CFB_SLOT - 18 - MDC + 1,
                               CFB_SLOT - 18 - 1,
                               CFB_SLOT - 18,
                               CFB_SLOT - 18 + 1,
                               CFB_SLOT,
                               2 * CFB_SLOT - 18,
                               2 * CFB_SLOT + 5,
                               CFB_SLOTS *CFB_SLOT - 18 - MDC,
                               (2 * CFB_SLOTS + 1) * CFB_SLOT + 17};

static void round_trips(unsigned threads, uint8_t id)
{
    AUTO(pool_free) struct pool *pool = NULL;
    OK(pool_new(threads, &pool));
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct slice plain = kit_data(sizes[i]);
        struct slice sealed = kit_read(sealer(kit_pieces(plain), id, pool));
        SAME(sealed, sealed_at_once(plain, id));
        struct source *s = opener(kit_pieces(sealed), id, pool);
        assert_true(s->deferred);
        SAME(kit_read(s), plain);
        SAME(kit_read(opener(from_memory(sealed), id, pool)), plain);
    }
}

static void inline_round_trips(void **state)
{
    (void)state;
    round_trips(0, CIPHER_AES256);
    round_trips(0, CIPHER_CAST5);
}

static void round_trips_on_threads(void **state)
{
    (void)state;
    round_trips(1, CIPHER_AES256);
    round_trips(2, CIPHER_AES128);
    round_trips(8, CIPHER_AES192);
    round_trips(4, CIPHER_TWOFISH);
}

/* There is no pool: whoever used it would know. */
static void what_is_short_needs_no_pool(void **state)
{
    (void)state;
    struct slice plain = kit_data(CFB_SLOT - 18);
    struct slice sealed = kit_read(sealer(from_memory(plain), CIPHER_AES256, NULL));
    SAME(sealed, sealed_at_once(plain, CIPHER_AES256));
    SAME(kit_read(opener(from_memory(sealed), CIPHER_AES256, NULL)), plain);
}

static void is_damaged(struct slice sealed, struct pool *pool)
{
    size_t seen;
    FAILS(ERR_INTEGRITY, kit_try(opener(from_memory(sealed), CIPHER_AES256, pool), &seen));
}

static void every_change_is_noticed(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf copy = BUF_EMPTY(SIZE_MAX);
    buf_bytes(&copy, sealed_at_once(kit_data(100), CIPHER_AES256));
    for (size_t i = 0; i < copy.len; i++) {
        copy.data[i] ^= (uint8_t)(1 << i % 8);
        is_damaged(buf_view(&copy), NULL);
        copy.data[i] ^= (uint8_t)(1 << i % 8);
        is_damaged(slice_of(copy.data, i), NULL);
    }
    buf_u8(&copy, 0);
    is_damaged(buf_view(&copy), NULL);
}

static void changes_of_long_messages_are_noticed(void **state)
{
    (void)state;
    AUTO(pool_free) struct pool *pool = NULL;
    CLEANUP(buf_clear) struct buf copy = BUF_EMPTY(SIZE_MAX);
    OK(pool_new(2, &pool));
    buf_bytes(&copy, sealed_at_once(kit_data(3 * CFB_SLOT), CIPHER_AES256));
    for (size_t i = 0; i < copy.len; i += CFB_SLOT / 4 + 1) {
        copy.data[i] ^= 0x10;
        is_damaged(buf_view(&copy), pool);
        copy.data[i] ^= 0x10;
    }
    for (size_t i = 0; i < 2 * MDC; i++) {
        is_damaged(slice_of(copy.data, copy.len - 1 - i), pool);
        is_damaged(slice_of(copy.data, 2 * CFB_SLOT + i), pool);
    }
    SAME(kit_read(opener(from_memory(buf_view(&copy)), CIPHER_AES256, pool)),
         kit_data(3 * CFB_SLOT));
}

static void the_code_has_its_header(void **state)
{
    (void)state;
    is_damaged(sealed_with(kit_data(100), CIPHER_AES256, true, "\xD3\x13"), NULL);
    is_damaged(sealed_with(kit_data(100), CIPHER_AES256, true, "\xD4\x14"), NULL);
}

/* It would tell an attacker something [RFC9580 13.4]. */
static void the_prefix_is_not_looked_at(void **state)
{
    (void)state;
    struct slice sealed = sealed_with(kit_data(100), CIPHER_AES256, false, "\xD3\x14");
    SAME(kit_read(opener(from_memory(sealed), CIPHER_AES256, NULL)), kit_data(100));
}

/* Every way of damage has the same words. */
static void damage_looks_alike(void **state)
{
    (void)state;
    static const size_t lens[] = {0, 17, 18, 39, 40, 139, 140};
    CLEANUP(buf_clear) struct buf copy = BUF_EMPTY(SIZE_MAX);
    buf_bytes(&copy, sealed_at_once(kit_data(100), CIPHER_AES256));
    copy.data[50] ^= 1;
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        size_t seen;
        struct source *s = opener(from_memory(slice_of(copy.data, lens[i])), CIPHER_AES256, NULL);
        AUTO(err_free) err *e = kit_try(s, &seen);
        AUTO(err_free) err *expected = cfb_damaged();
        char text[100], expected_text[100];
        assert_string_equal(err_text(e, text, sizeof text),
                            err_text(expected, expected_text, sizeof expected_text));
    }
}

static void errors_upstream_come_through(void **state)
{
    (void)state;
    static const size_t good[] = {0, 10, CFB_SLOT - 1, CFB_SLOT, 2 * CFB_SLOT + 100};
    AUTO(pool_free) struct pool *pool = NULL;
    size_t seen;
    OK(pool_new(2, &pool));
    struct slice sealed = sealed_at_once(kit_data(3 * CFB_SLOT), CIPHER_AES256);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        FAILS(ERR_IO, kit_try(sealer(kit_failing(sealed, good[i]), CIPHER_AES256, pool), &seen));
        FAILS(ERR_IO, kit_try(opener(kit_failing(sealed, good[i]), CIPHER_AES256, pool), &seen));
    }
}

static void look_and_close(struct source *s, size_t n)
{
    struct slice view;
    OK(source_fill(s, 1, &view));
    source_consume(s, n);
    source_close(s);
}

static void closed_while_the_pool_works(void **state)
{
    (void)state;
    AUTO(pool_free) struct pool *pool = NULL;
    OK(pool_new(2, &pool));
    struct slice sealed = sealed_at_once(kit_data(2 * CFB_SLOTS * CFB_SLOT), CIPHER_AES256);
    for (size_t n = 0; n <= 100; n += 50) {
        look_and_close(sealer(from_memory(sealed), CIPHER_AES256, pool), n);
        look_and_close(opener(from_memory(sealed), CIPHER_AES256, pool), n);
    }
}

/* The mode itself, in place and in pieces. */
static void in_pieces_and_in_place(void **state)
{
    (void)state;
    static const uint8_t ciphers[] = {CIPHER_3DES,        CIPHER_BLOWFISH,   CIPHER_AES128,
                                      CIPHER_AES192,      CIPHER_AES256,     CIPHER_TWOFISH,
                                      CIPHER_CAMELLIA128, CIPHER_CAMELLIA256};
    struct slice plain = kit_data(20000);
    for (size_t i = 0; i < sizeof ciphers / sizeof *ciphers; i++) {
        AUTO(cipher_free) struct cipher *c = test_cipher(ciphers[i]);
        struct buf *whole = unit_keep(), *pieces = unit_keep();
        struct cfb cfb;
        cfb_start(&cfb, c, NULL);
        seal_on(&cfb, plain, whole);
        buf_bytes(pieces, plain);
        cfb_start(&cfb, c, NULL);
        for (size_t at = 0, n; at < plain.len; at += n) {
            n = at * 7 % 5000 + 1 < plain.len - at ? at * 7 % 5000 + 1 : plain.len - at;
            cfb_seal(&cfb, pieces->data + at, pieces->data + at, n);
        }
        SAME(buf_view(pieces), buf_view(whole));
        cfb_start(&cfb, c, NULL);
        for (size_t at = 0, n; at < plain.len; at += n) {
            n = at * 11 % 6000 + 1 < plain.len - at ? at * 11 % 6000 + 1 : plain.len - at;
            cfb_open(&cfb, pieces->data + at, pieces->data + at, n);
        }
        SAME(buf_view(pieces), plain);
    }
}

/* Symmetrically Encrypted Data [RFC9580 5.7]: a random block with its last two octets once
 * more, then the data with the first block_len octets behind the second as the vector. */
static struct slice unprotected(struct slice plain, uint8_t id)
{
    struct buf *b = unit_keep();
    AUTO(cipher_free) struct cipher *c = test_cipher(id);
    size_t block = cipher_block_len(c);
    uint8_t prefix[BLOCK_MAX + 2];
    struct cfb cfb;
    memcpy(prefix, kit_data(block).data, block);
    memcpy(prefix + block, prefix + block - 2, 2);
    cfb_start(&cfb, c, NULL);
    seal_on(&cfb, slice_of(prefix, block + 2), b);
    cfb_start(&cfb, c, b->data + 2);
    seal_on(&cfb, plain, b);
    return buf_view(b);
}

static struct source *unprotected_opener(struct source *sealed, uint8_t id, struct pool *pool)
{
    struct source *s = NULL;
    OK(cfb_open_unprotected(sealed, test_cipher(id), pool, &s));
    return s;
}

static void without_protection(void **state)
{
    (void)state;
    static const uint8_t ciphers[] = {CIPHER_AES256, CIPHER_CAST5};
    static const size_t lens[] = {0, 1, 17, CFB_SLOT - 1, CFB_SLOT, CFB_SLOT + 1, 10 * CFB_SLOT};
    AUTO(pool_free) struct pool *pool = NULL;
    size_t seen;
    OK(pool_new(1, &pool));
    for (size_t c = 0; c < 2; c++) {
        for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
            struct slice plain = kit_data(lens[i]), sealed = unprotected(plain, ciphers[c]);
            SAME(kit_read(unprotected_opener(kit_pieces(sealed), ciphers[c], pool)), plain);
        }
    }
    struct source *s = unprotected_opener(kit_pieces(kit_data(17)), CIPHER_AES256, pool);
    FAILS(ERR_MALFORMED, kit_try(s, &seen));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inline_round_trips),
        cmocka_unit_test(round_trips_on_threads),
        cmocka_unit_test(what_is_short_needs_no_pool),
        cmocka_unit_test(every_change_is_noticed),
        cmocka_unit_test(changes_of_long_messages_are_noticed),
        cmocka_unit_test(the_code_has_its_header),
        cmocka_unit_test(the_prefix_is_not_looked_at),
        cmocka_unit_test(damage_looks_alike),
        cmocka_unit_test(errors_upstream_come_through),
        cmocka_unit_test(closed_while_the_pool_works),
        cmocka_unit_test(in_pieces_and_in_place),
        cmocka_unit_test(without_protection),
    };
    return cmocka_run_group_tests_name("cfb", tests, NULL, NULL);
}
