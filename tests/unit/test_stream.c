/* source, join, tap, spool, sinks, pump: the plumbing. */
#include "unit.h"
#include "kit.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "stream/input.h"
#include "stream/join.h"
#include "stream/pump.h"
#include "stream/record.h"
#include "stream/sink.h"
#include "stream/spool.h"
#include "stream/tap.h"

static void looking_ahead_joins_views(void **state)
{
    (void)state;
    struct slice data = kit_data(10000), view;
    struct source *s = kit_pieces(data);
    for (size_t at = 0; at < data.len;) {
        size_t want = at * 7 % SOURCE_PEEK_MAX + 1;
        OK(source_fill(s, want, &view));
        assert_true(view.len >= want || view.len == data.len - at);
        assert_memory_equal(view.data, data.data + at, view.len);
        size_t n = want / 3 + 1 < view.len ? want / 3 + 1 : view.len;
        source_consume(s, n);
        at += n;
        assert_int_equal(s->offset, at);
    }
    OK(source_fill(s, 1, &view));
    assert_int_equal(view.len, 0);
    source_close(s);
}

static void exact_reads_fail_when_cut(void **state)
{
    (void)state;
    uint8_t four[4] = {9, 9, 9, 9};
    struct source *s = NULL;
    OK(input_from_memory(SLICE_TEXT("abcdef"), &s));
    OK(source_read_exact(s, four, 4));
    assert_memory_equal(four, "abcd", 4);
    FAILS(ERR_MALFORMED, source_read_exact(s, four, 4));
    assert_int_equal(four[0], 0);
    source_close(s);
    source_close(NULL);
}

static void failures_are_sticky(void **state)
{
    (void)state;
    size_t seen;
    FAILS(ERR_IO, kit_try(kit_failing(kit_data(1000), 500), &seen));
    assert_int_equal(seen, 500);
}

static void files_are_read(void **state)
{
    (void)state;
    char path[] = "/tmp/bulla-stream.XXXXXX";
    struct slice data = kit_data(600000);
    struct source *s = NULL;
    int fd = mkstemp(path);
    assert_int_equal(write(fd, data.data, data.len), data.len);
    close(fd);
    OK(input_from_file(path, &s));
    SAME(kit_read(s), data);
    unlink(path);
    FAILS(ERR_NO_INPUT, input_from_file(path, &s));
    OK(input_from_copy(SLICE_TEXT("copy"), &s));
    SAME(kit_read(s), SLICE_TEXT("copy"));
}

static err *make_late(void *context, struct source **out)
{
    (*(int *)context)++;
    return input_from_memory(SLICE_TEXT("late"), out);
}

static err *make_nothing(void *context, struct source **out)
{
    (void)context;
    (void)out;
    return NULL;
}

static err *make_failure(void *context, struct source **out)
{
    (void)context;
    (void)out;
    return err_new(ERR_FAILED, "no");
}

static void joined_parts_follow_one_another(void **state)
{
    (void)state;
    int made = 0;
    struct join *j = NULL;
    struct slice view;
    OK(join_new(&j));
    OK(join_add(j, kit_pieces(SLICE_TEXT("one "))));
    OK(join_add(j, kit_pieces(SLICE_EMPTY)));
    OK(join_add_later(j, make_nothing, NULL));
    OK(join_add_later(j, make_late, &made));
    OK(source_fill(join_source(j), 1, &view));
    assert_int_equal(made, 0);
    SAME(kit_read(join_source(j)), SLICE_TEXT("one late"));
    assert_int_equal(made, 1);

    size_t seen;
    OK(join_new(&j));
    OK(join_add(j, kit_pieces(SLICE_TEXT("x"))));
    OK(join_add_later(j, make_failure, NULL));
    FAILS(ERR_FAILED, kit_try(join_source(j), &seen));
}

static void check_text_digest(const char *text, const char *canonical)
{
    uint8_t seen[DIGEST_MAX], expected[DIGEST_MAX];
    struct tap_digest taps[2] = {{.text = true}, {.text = false}};
    struct source *s = NULL;
    OK(digest_new(HASH_SHA256, &taps[0].digest));
    OK(digest_new(HASH_SHA256, &taps[1].digest));
    OK(tap_new(kit_pieces(slice_of_string(text)), taps, 2, NULL, &s));
    SAME(kit_read(s), slice_of_string(text));
    OK(digest_of(HASH_SHA256, slice_of_string(canonical), expected));
    SAME(digest_final(taps[0].digest, seen), slice_of(expected, 32));
    OK(digest_of(HASH_SHA256, slice_of_string(text), expected));
    SAME(digest_final(taps[1].digest, seen), slice_of(expected, 32));
    digest_free(taps[0].digest);
    digest_free(taps[1].digest);
}

static void taps_hash_binary_and_text(void **state)
{
    (void)state;
    check_text_digest("", "");
    check_text_digest("a\nb\r\nc\n\n", "a\r\nb\r\nc\r\n\r\n");
    check_text_digest("a\r\r\nb\rc\r", "a\r\r\nb\rc\r");
    char text[2001] = {0}, canonical[3001] = {0};
    size_t n = 0;
    for (size_t i = 0; i < 2000; i++) {
        text[i] = i % 5 == 3 ? '\r' : i % 5 == 4 || i % 7 == 0 ? '\n' : 'x';
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))
            canonical[n++] = '\r';
        canonical[n++] = text[i];
    }
    check_text_digest(text, canonical);
}

static void check_loose(const char *text, const char *canonical)
{
    uint8_t seen[DIGEST_MAX], expected[DIGEST_MAX];
    struct tap_digest tap = {.text = true};
    struct source *s = NULL;
    OK(digest_new(HASH_SHA256, &tap.digest));
    OK(digest_new(HASH_SHA256, &tap.loose));
    OK(tap_new(kit_pieces(slice_of_string(text)), &tap, 1, NULL, &s));
    SAME(kit_read(s), slice_of_string(text));
    OK(digest_of(HASH_SHA256, slice_of_string(canonical), expected));
    SAME(digest_final(tap.loose, seen), slice_of(expected, 32));
    digest_free(tap.digest);
    digest_free(tap.loose);
}

static void taps_hash_text_as_gnupg_does(void **state)
{
    (void)state;
    check_loose("", "");
    check_loose("a\nb\r\nc\n\n", "a\r\nb\r\nc\r\n\r\n");
    check_loose("a\r\r\n\rb\rc\r", "a\r\n\rb\rc");
    check_loose("\r\r", "");
    check_loose("a\r\rb\r\r\r\n", "a\r\rb\r\n");
}

enum { MANY = 5, BLOCK = 1 << 18 };

/* With so many threads: each digest is that of all, and the bytes pass as they are. */
static void check_beside(unsigned threads, struct slice data)
{
    static const uint8_t hashes[MANY] = {HASH_SHA256, HASH_SHA512, HASH_SHA1, HASH_SHA256,
                                         HASH_SHA384};
    uint8_t seen[DIGEST_MAX], expected[DIGEST_MAX];
    AUTO(pool_free) struct pool *pool = NULL;
    struct tap_digest taps[MANY] = {{.text = false}};
    struct source *s = NULL;
    OK(pool_new(threads, &pool));
    for (size_t i = 0; i < MANY; i++)
        OK(digest_new(hashes[i], &taps[i].digest));
    taps[3].text = true;
    OK(tap_new(kit_pieces(data), taps, MANY, pool, &s));
    SAME(kit_read(s), data);
    for (size_t i = 0; i < MANY; i++) {
        struct tap_digest alone = {.text = taps[i].text};
        OK(digest_new(hashes[i], &alone.digest));
        tap_update(&alone, data);
        struct slice wanted = digest_final(alone.digest, expected);
        SAME(digest_final(taps[i].digest, seen), wanted);
        digest_free(alone.digest);
        digest_free(taps[i].digest);
    }
}

static void taps_hash_beside_the_rest(void **state)
{
    static const size_t lens[] = {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 9 * BLOCK, 10 * BLOCK + 7};
    static const unsigned threads[] = {0, 1, 2, 8};
    (void)state;
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        for (size_t k = 0; k < sizeof threads / sizeof *threads; k++)
            check_beside(threads[k], kit_data(lens[i]));
    }
}

/* Digests are the caller's again. */
static void taps_that_are_closed_early_are_done(void **state)
{
    struct slice data = kit_data(3 * BLOCK), view;
    struct tap_digest tap = {.text = false};
    AUTO(pool_free) struct pool *pool = NULL;
    struct source *s = NULL;
    uint8_t seen[DIGEST_MAX], expected[DIGEST_MAX];
    size_t done = 0;
    (void)state;
    OK(pool_new(2, &pool));
    OK(digest_new(HASH_SHA512, &tap.digest));
    OK(tap_new(kit_pieces(data), &tap, 1, pool, &s));
    while (done < 2 * BLOCK + 100) {
        OK(source_fill(s, 1, &view));
        source_consume(s, view.len);
        done += view.len;
    }
    source_close(s);
    OK(digest_of(HASH_SHA512, slice_of(data.data, done), expected));
    SAME(digest_final(tap.digest, seen), slice_of(expected, 64));
    digest_free(tap.digest);
}

/* The digest of what the tap has seen by now. */
static void check_seen(const struct tap_digest *tap, struct slice expected)
{
    uint8_t seen[DIGEST_MAX], wanted[DIGEST_MAX];
    AUTO(digest_free) struct digest *copy = NULL;
    OK(digest_copy(tap->digest, &copy));
    OK(digest_of(HASH_SHA256, expected, wanted));
    SAME(digest_final(copy, seen), slice_of(wanted, 32));
}

/* What is looked at within a view is not hashed; over its end, it is, but once. */
static void taps_see_what_is_consumed(void **state)
{
    (void)state;
    struct slice data = kit_data(5000), view;
    struct tap_digest tap = {.text = false};
    size_t done = 0;
    struct source *s = NULL;
    OK(digest_new(HASH_SHA256, &tap.digest));
    OK(tap_new(kit_pieces(data), &tap, 1, NULL, &s));
    for (; done < 1000; done++) {
        OK(source_fill(s, 1, &view));
        source_consume(s, 1);
        check_seen(&tap, slice_of(data.data, done + 1));
    }
    OK(source_fill(s, 1, &view));
    check_seen(&tap, slice_of(data.data, done));
    OK(source_fill(s, 300, &view));
    check_seen(&tap, slice_of(data.data, done + 300));
    while (done < data.len) {
        OK(source_fill(s, 1 + done % 400, &view));
        size_t n = 1 + done % 90 < view.len ? 1 + done % 90 : view.len;
        SAME(slice_of(view.data, n), slice_of(data.data + done, n));
        source_consume(s, n);
        done += n;
    }
    check_seen(&tap, data);
    source_close(s);
    digest_free(tap.digest);
}

/* A look ahead over the end of a view is not yet consumed. */
static void records_keep_what_is_consumed(void **state)
{
    (void)state;
    struct slice data = kit_data(1000), view;
    AUTO(source_close) struct source *s = NULL;
    OK(record_new(kit_pieces(data), &s));
    assert_int_equal(record_view(s).len, 0);
    for (size_t at = 0, n = 1; at < data.len; at += n, n = n % 90 + 1) {
        n = n < data.len - at ? n : data.len - at;
        OK(source_fill(s, 400, &view));
        source_consume(s, n);
        SAME(record_view(s), slice_of(data.data + at, n));
        record_drop(s);
    }
    assert_int_equal(record_view(s).len, 0);
    struct source *failing = NULL;
    size_t seen;
    OK(record_new(kit_failing(data, 10), &failing));
    FAILS(ERR_IO, kit_try(failing, &seen));
    assert_int_equal(seen, 10);
}

static void spools_remember(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, SPOOL_MEMORY, SPOOL_MEMORY + 1};
    for (size_t i = 0; i < 4; i++) {
        AUTO(spool_free) struct spool *spool = NULL;
        struct source *s = NULL;
        struct slice data = kit_data(sizes[i]);
        OK(spool_new("/tmp", &spool));
        OK(spool_write(spool, slice_of(data.data, sizes[i] / 2)));
        OK(spool_write(spool, slice_from(data, sizes[i] / 2)));
        assert_int_equal(spool_len(spool), sizes[i]);
        for (int again = 0; again < 2; again++) {
            OK(spool_source(spool, &s));
            SAME(kit_read(s), data);
        }
        CLEANUP(buf_clear) struct buf part = BUF_EMPTY(SIZE_MAX);
        OK(spool_read(spool, sizes[i] / 3, sizes[i] / 3, &part));
        SAME(buf_view(&part), slice_of(data.data + sizes[i] / 3, sizes[i] / 3));
    }
    AUTO(spool_free) struct spool *nowhere = NULL;
    OK(spool_new("/no/such/place", &nowhere));
    FAILS(ERR_OUTPUT, spool_write(nowhere, kit_data(SPOOL_MEMORY + 1)));
}

static void held_output_appears_at_commit(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    struct sink *k = NULL;
    OK(sink_to_buf(&b, &k));
    OK(sink_hold(k, "/tmp", &k));
    OK(sink_write(k, kit_data(SPOOL_MEMORY)));
    OK(sink_write(k, SLICE_TEXT("more")));
    assert_int_equal(b.len, 0);
    OK(sink_commit(k));
    assert_int_equal(b.len, SPOOL_MEMORY + 4);
    sink_close(k);
    buf_reset(&b);

    OK(sink_to_buf(&b, &k));
    OK(sink_hold(k, "/tmp", &k));
    OK(sink_write(k, SLICE_TEXT("never")));
    sink_close(k);
    assert_int_equal(b.len, 0);
}

static void held_output_without_file_flows_on(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    struct sink *k = NULL;
    OK(sink_to_buf(&b, &k));
    OK(sink_hold(k, NULL, &k));
    OK(sink_write(k, kit_data(SPOOL_MEMORY)));
    assert_int_equal(b.len, 0);
    OK(sink_write(k, SLICE_TEXT("more")));
    assert_int_equal(b.len, SPOOL_MEMORY + 4);
    OK(sink_write(k, SLICE_TEXT("!")));
    OK(sink_commit(k));
    assert_int_equal(b.len, SPOOL_MEMORY + 5);
    sink_close(k);
}

static void pumping_moves_everything(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(SIZE_MAX);
    struct slice data = kit_data(5000);
    struct sink *k = NULL;
    struct source *s = kit_pieces(data);
    OK(sink_to_buf(&b, &k));
    OK(pump(s, k));
    OK(sink_commit(k));
    sink_close(k);
    source_close(s);
    SAME(buf_view(&b), data);

    s = kit_pieces(data);
    OK(sink_to_nowhere(&k));
    interrupt_flag = 1;
    FAILS(ERR_INTERRUPTED, pump(s, k));
    interrupt_flag = 0;
    sink_close(k);
    source_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looking_ahead_joins_views),
        cmocka_unit_test(exact_reads_fail_when_cut),
        cmocka_unit_test(failures_are_sticky),
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(joined_parts_follow_one_another),
        cmocka_unit_test(taps_hash_binary_and_text),
        cmocka_unit_test(taps_hash_text_as_gnupg_does),
        cmocka_unit_test(taps_see_what_is_consumed),
        cmocka_unit_test(taps_hash_beside_the_rest),
        cmocka_unit_test(taps_that_are_closed_early_are_done),
        cmocka_unit_test(records_keep_what_is_consumed),
        cmocka_unit_test(spools_remember),
        cmocka_unit_test(held_output_appears_at_commit),
        cmocka_unit_test(held_output_without_file_flows_on),
        cmocka_unit_test(pumping_moves_everything),
    };
    return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
