/* chunks: what is sealed opens again, whatever the sizes and threads, and nothing that was
 * touched does. */
#include "unit.h"
#include "kit.h"

#include "stream/chunks.h"
#include "stream/input.h"

enum { CHUNK_OCTET = 4, CHUNK = 1 << (CHUNK_OCTET + 6) }; /* 1 KiB */

static struct pool *pool;

static struct chunks_params params_for(uint8_t mode, uint8_t octet)
{
    struct chunks_params p = {.size_octet = octet, .pool = pool};
    const uint8_t ad[CHUNKS_AD_MAX] = {0xD2, 2, CIPHER_AES256, mode, octet};
    memcpy(p.ad, ad, sizeof ad);
    memset(p.nonce, 0x5A, sizeof p.nonce);
    OK(aead_new(CIPHER_AES256, mode, kit_data(32), &p.aead));
    return p;
}

static struct slice seal_with(struct slice plain, uint8_t mode, uint8_t octet)
{
    struct chunks_params p = params_for(mode, octet);
    struct source *s = NULL;
    OK(chunks_seal(kit_pieces(plain), &p, &s));
    return kit_read(s);
}

static struct source *opener(struct source *sealed, uint8_t mode, uint8_t octet)
{
    struct chunks_params p = params_for(mode, octet);
    struct source *s = NULL;
    OK(chunks_open(sealed, &p, &s));
    return s;
}

static void round_trips(unsigned threads, uint8_t mode)
{
    static const size_t sizes[] = {0,
                                   1,
                                   CHUNK - 1,
                                   CHUNK,
                                   CHUNK + 1,
                                   2 * CHUNK,
                                   10 * CHUNK + 17,
                                   CHUNKS_BATCH - 1,
                                   CHUNKS_BATCH,
                                   CHUNKS_BATCH + 1,
                                   3 * CHUNKS_BATCH + 5};
    AUTO(pool_free) struct pool *p = NULL;
    OK(pool_new(threads, &p));
    pool = p;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct slice plain = kit_data(sizes[i]);
        struct slice sealed = seal_with(plain, mode, CHUNK_OCTET);
        size_t chunks = (sizes[i] + CHUNK - 1) / CHUNK;
        assert_int_equal(sealed.len, sizes[i] + (chunks + 1) * TAG_LEN);
        SAME(kit_read(opener(kit_pieces(sealed), mode, CHUNK_OCTET)), plain);
    }
}

/* LibrePGP's additional data: a chunk that stands at another's place does not fit. */

static struct slice indexed_seal(struct slice plain)
{
    struct chunks_params p = params_for(AEAD_OCB, CHUNK_OCTET);
    struct source *s = NULL;
    p.index_in_ad = true;
    OK(chunks_seal(kit_pieces(plain), &p, &s));
    return kit_read(s);
}

static struct source *indexed_opener(struct slice sealed, uint8_t octet)
{
    struct chunks_params p = params_for(AEAD_OCB, CHUNK_OCTET);
    struct source *s = NULL;
    p.index_in_ad = true;
    p.size_octet = octet;
    OK(chunks_open(kit_pieces(sealed), &p, &s));
    return s;
}

static void with_the_index_in_the_additional_data(void **state)
{
    (void)state;
    AUTO(pool_free) struct pool *p = NULL;
    OK(pool_new(2, &p));
    pool = p;
    size_t seen;
    struct slice plain = kit_data(10 * CHUNK + 17), sealed = indexed_seal(plain);
    SAME(kit_read(indexed_opener(sealed, CHUNK_OCTET)), plain);
    SAME(kit_read(indexed_opener(indexed_seal(SLICE_EMPTY), CHUNK_OCTET)), SLICE_EMPTY);
    FAILS(ERR_INTEGRITY, kit_try(opener(kit_pieces(sealed), AEAD_OCB, CHUNK_OCTET), &seen));
    FAILS(ERR_INTEGRITY,
          kit_try(indexed_opener(seal_with(plain, AEAD_OCB, CHUNK_OCTET), CHUNK_OCTET), &seen));
}

/* Larger chunks than are allowed: what is less than one of the largest allowed opens. */
static void in_a_part_of_a_huge_chunk(void **state)
{
    (void)state;
    AUTO(pool_free) struct pool *p = NULL;
    OK(pool_new(2, &p));
    pool = p;
    size_t seen;
    struct slice one = indexed_seal(kit_data(100));
    SAME(kit_read(indexed_opener(one, CHUNKS_OCTET_MAX + 20)), kit_data(100));
    struct slice long_one = kit_data(((size_t)1 << (CHUNKS_OCTET_MAX + 6)) + 3 * TAG_LEN);
    FAILS(ERR_LIMIT, kit_try(indexed_opener(long_one, CHUNKS_OCTET_MAX + 1), &seen));
    assert_int_equal(seen, 0);
}

static void ocb_inline(void **state)
{
    (void)state;
    round_trips(0, AEAD_OCB);
}

static void ocb_on_threads(void **state)
{
    (void)state;
    round_trips(4, AEAD_OCB);
}

static void eax_and_gcm(void **state)
{
    (void)state;
    round_trips(1, AEAD_EAX);
    round_trips(4, AEAD_GCM);
}

static void threads_do_not_change_the_result(void **state)
{
    (void)state;
    static const unsigned threads[] = {0, 1, 2, 8};
    struct slice plain = kit_data(20 * CHUNKS_BATCH + 3), first = SLICE_EMPTY;
    for (size_t i = 0; i < 4; i++) {
        AUTO(pool_free) struct pool *p = NULL;
        OK(pool_new(threads[i], &p));
        pool = p;
        struct slice sealed = seal_with(plain, AEAD_OCB, 12);
        if (i == 0)
            first = sealed;
        SAME(sealed, first);
    }
}

static void every_chunk_size(void **state)
{
    (void)state;
    AUTO(pool_free) struct pool *p = NULL;
    OK(pool_new(2, &p));
    pool = p;
    struct slice plain = kit_data(100000), large = kit_data((9 << 20) + 1);
    for (uint8_t octet = 0; octet <= CHUNKS_OCTET_MAX; octet++) {
        struct slice data = octet < 10 ? plain : large;
        struct slice sealed = seal_with(data, AEAD_OCB, octet);
        struct source *s = NULL;
        OK(input_from_memory(sealed, &s));
        SAME(kit_read(opener(s, AEAD_OCB, octet)), data);
    }
    struct chunks_params bad = params_for(AEAD_OCB, CHUNKS_OCTET_MAX + 1);
    struct source *s = NULL;
    FAILS(ERR_MALFORMED, chunks_open(kit_pieces(plain), &bad, &s));
}

/* A message of one batch shows nothing at all if anything is wrong. */
static void small_messages_show_nothing_when_touched(void **state)
{
    (void)state;
    AUTO(pool_free) struct pool *p = NULL;
    OK(pool_new(1, &p));
    pool = p;
    struct slice sealed = seal_with(kit_data(2 * CHUNK + 100), AEAD_OCB, CHUNK_OCTET);
    CLEANUP(buf_clear) struct buf copy = BUF_EMPTY(SIZE_MAX);
    buf_bytes(&copy, sealed);
    size_t seen;
    for (size_t i = 0; i < sealed.len; i++) {
        copy.data[i] ^= (uint8_t)(1 << i % 8);
        struct source *s = opener(kit_pieces(buf_view(&copy)), AEAD_OCB, CHUNK_OCTET);
        FAILS(ERR_INTEGRITY, kit_try(s, &seen));
        assert_int_equal(seen, 0);
        copy.data[i] ^= (uint8_t)(1 << i % 8);
    }
    for (size_t len = 0; len < sealed.len; len++) {
        struct source *s = opener(kit_pieces(slice_of(sealed.data, len)), AEAD_OCB, CHUNK_OCTET);
        FAILS(ERR_INTEGRITY, kit_try(s, &seen));
        assert_int_equal(seen, 0);
    }
    buf_u8(&copy, 0);
    struct source *s = opener(kit_pieces(buf_view(&copy)), AEAD_OCB, CHUNK_OCTET);
    FAILS(ERR_INTEGRITY, kit_try(s, &seen));
}

/* What comes out of a long message before the damage is whole batches, and the
 * last of them stays back. */
static void long_messages_hold_back_a_batch(void **state)
{
    (void)state;
    AUTO(pool_free) struct pool *p = NULL;
    OK(pool_new(2, &p));
    pool = p;
    enum { BATCH = CHUNKS_BATCH, BATCH_SEALED = BATCH + BATCH / CHUNK * TAG_LEN };
    struct slice sealed = seal_with(kit_data(40 * BATCH), AEAD_OCB, CHUNK_OCTET);
    size_t seen;
    /* Cut behind the third batch. */
    struct source *s = NULL;
    OK(input_from_memory(slice_of(sealed.data, 3 * BATCH_SEALED), &s));
    FAILS(ERR_INTEGRITY, kit_try(opener(s, AEAD_OCB, CHUNK_OCTET), &seen));
    assert_int_equal(seen, BATCH);
    /* Touched in the 30th. */
    CLEANUP(buf_clear) struct buf copy = BUF_EMPTY(SIZE_MAX);
    buf_bytes(&copy, sealed);
    copy.data[29 * BATCH_SEALED + 5] ^= 1;
    OK(input_from_memory(buf_view(&copy), &s));
    FAILS(ERR_INTEGRITY, kit_try(opener(s, AEAD_OCB, CHUNK_OCTET), &seen));
    assert_int_equal(seen, 28 * BATCH);
    /* Two chunks exchanged. */
    memcpy(copy.data, sealed.data, sealed.len);
    memcpy(copy.data, sealed.data + CHUNK + TAG_LEN, CHUNK + TAG_LEN);
    memcpy(copy.data + CHUNK + TAG_LEN, sealed.data, CHUNK + TAG_LEN);
    OK(input_from_memory(buf_view(&copy), &s));
    FAILS(ERR_INTEGRITY, kit_try(opener(s, AEAD_OCB, CHUNK_OCTET), &seen));
    assert_int_equal(seen, 0);
}

static void errors_upstream_come_through(void **state)
{
    (void)state;
    AUTO(pool_free) struct pool *p = NULL;
    OK(pool_new(2, &p));
    pool = p;
    size_t seen;
    struct source *s = NULL;
    struct chunks_params params = params_for(AEAD_OCB, CHUNK_OCTET);
    OK(chunks_seal(kit_failing(kit_data(5 * CHUNKS_BATCH), 4 * CHUNKS_BATCH), &params, &s));
    FAILS(ERR_IO, kit_try(s, &seen));
    struct slice sealed = seal_with(kit_data(5 * CHUNKS_BATCH), AEAD_OCB, CHUNK_OCTET);
    FAILS(ERR_IO,
          kit_try(opener(kit_failing(sealed, 3 * CHUNKS_BATCH), AEAD_OCB, CHUNK_OCTET), &seen));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ocb_inline),
        cmocka_unit_test(ocb_on_threads),
        cmocka_unit_test(eax_and_gcm),
        cmocka_unit_test(threads_do_not_change_the_result),
        cmocka_unit_test(every_chunk_size),
        cmocka_unit_test(small_messages_show_nothing_when_touched),
        cmocka_unit_test(long_messages_hold_back_a_batch),
        cmocka_unit_test(errors_upstream_come_through),
        cmocka_unit_test(with_the_index_in_the_additional_data),
        cmocka_unit_test(in_a_part_of_a_huge_chunk),
    };
    return cmocka_run_group_tests_name("chunks", tests, NULL, NULL);
}
