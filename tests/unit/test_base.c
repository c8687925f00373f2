/* err, reader, buf, text, when, secret, vec: the small tools everything uses. */
#include "unit.h"

#include "base/mem.h"
#include "base/reader.h"
#include "base/vec.h"
#include "base/when.h"

static err *fail_deep(void)
{
    return err_hint(err_new(ERR_INTEGRITY, "chunk %d", 7), "get the file again");
}

static err *fail_outer(void)
{
    err *e = fail_deep();
    return err_wrap(e, "report.pgp");
}

static void errors_carry_context_kind_and_hint(void **state)
{
    (void)state;
    char text[64];
    err *e = err_hint(fail_outer(), "not this hint");
    assert_int_equal(err_kind_of(e), ERR_INTEGRITY);
    assert_string_equal(err_text(e, text, sizeof text), "report.pgp: chunk 7");
    assert_string_equal(err_hint_of(e), "get the file again");
    assert_string_equal(err_text(e, text, 8), "report.");
    err_free(e);
    assert_null(err_wrap(NULL, "nothing"));
    assert_int_equal(err_kind_of(NULL), ERR_NONE);
    assert_int_equal(err_kind_of(err_no_memory()), ERR_NO_MEMORY);
    assert_string_equal(err_text(err_no_memory(), text, sizeof text), "out of memory");
    err_free(err_no_memory());
}

static void errors_are_copied(void **state)
{
    (void)state;
    char text[64];
    err *e = err_hint(err_wrap(err_new(ERR_POLICY, "expired"), "subkey"), "ask the owner");
    err *copy = err_copy(e);
    err_free(e);
    assert_int_equal(err_kind_of(copy), ERR_POLICY);
    assert_string_equal(err_text(copy, text, sizeof text), "subkey: expired");
    assert_string_equal(err_hint_of(copy), "ask the owner");
    err_free(copy);
    copy = err_copy(err_no_memory());
    assert_int_equal(err_kind_of(copy), ERR_NO_MEMORY);
    err_free(copy);
    assert_null(err_copy(NULL));
}

/* The clock stands still; random numbers do not. */
static void a_world_at_another_time(void **state)
{
    (void)state;
    const int64_t at = 1234567890;
    const struct world w = world_fixed(&at);
    uint8_t a[16], b[16];
    assert_int_equal(world_now(&w), at);
    OK(world_random(&w, a, sizeof a));
    OK(world_random(&w, b, sizeof b));
    assert_memory_not_equal(a, b, sizeof a);
}

static void reader_reads_big_endian_and_ends(void **state)
{
    (void)state;
    struct reader r = reader_init(unit_hex("01 0203 04050607 08090A0B0C0D0E0F AA BB"), "test");
    assert_int_equal(reader_u8(&r), 1);
    assert_int_equal(reader_u16(&r), 0x0203);
    assert_int_equal(reader_u32(&r), 0x04050607);
    assert_true(reader_u64(&r) == 0x08090A0B0C0D0E0F);
    assert_int_equal(reader_peek(&r), 0xAA);
    FAILS(ERR_MALFORMED, reader_end(&r));
    SAME(reader_bytes(&r, 2), unit_hex("AABB"));
    OK(reader_end(&r));
}

static void reader_is_sticky(void **state)
{
    (void)state;
    struct reader r = reader_init(unit_hex("0102"), "test");
    assert_int_equal(reader_u32(&r), 0);
    assert_int_equal(reader_u8(&r), 0); /* although a byte is there */
    assert_int_equal(reader_left(&r), 0);
    assert_int_equal(reader_bytes(&r, 1).len, 0);
    FAILS(ERR_MALFORMED, reader_end(&r));
    struct reader outer = reader_init(unit_hex("010203"), "outer");
    struct reader inner = reader_sub(&outer, 2, "inner");
    assert_int_equal(reader_u16(&inner), 0x0102);
    OK(reader_end(&inner));
    assert_int_equal(reader_u8(&outer), 3);
    inner = reader_sub(&outer, 1, "inner");
    FAILS(ERR_MALFORMED, reader_check(&inner));
}

static void buf_writes_lengths_and_limits(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(300);
    buf_u8(&b, 1);
    size_t mark = buf_open(&b, 2);
    buf_u32(&b, 0x01020304);
    buf_bytes(&b, SLICE_TEXT("ab"));
    buf_close(&b, mark, 2);
    OK(buf_end(&b));
    SAME(buf_view(&b), unit_hex("01 0006 01020304 6162"));
    mark = buf_open(&b, 1);
    buf_fill(&b, 0, 256);
    buf_close(&b, mark, 1);
    FAILS(ERR_LIMIT, buf_end(&b));
    buf_u8(&b, 9); /* does nothing */
    FAILS(ERR_LIMIT, buf_end(&b));
    buf_reset(&b);
    assert_null(buf_extend(&b, 301));
    FAILS(ERR_LIMIT, buf_end(&b));
}

static void hexadecimal_both_ways(void **state)
{
    (void)state;
    char text[9];
    uint8_t out[4];
    text_hex(unit_hex("00ff10AB"), text);
    assert_string_equal(text, "00FF10AB");
    assert_true(text_unhex("0x00Ff 10ab", out, 4));
    SAME(SLICE_OF(out), unit_hex("00FF10AB"));
    assert_false(text_unhex("00FF10", out, 4));
    assert_false(text_unhex("00FF10ABCD", out, 4));
    assert_false(text_unhex("00FF10A", out, 4));
    assert_false(text_unhex("00FG10AB", out, 4));
    assert_int_equal(text_hex_digits("0xABCD EF12"), 8);
    assert_int_equal(text_hex_digits("alice"), 0);
}

static void utf8_is_checked(void **state)
{
    (void)state;
    assert_true(text_is_utf8(SLICE_TEXT("gr\xC3\xBC\xC3\x9F \xF0\x9F\x94\x91")));
    assert_false(text_is_utf8(SLICE_TEXT("\xC0\x80")));         /* overlong */
    assert_false(text_is_utf8(SLICE_TEXT("\xED\xA0\x80")));     /* surrogate */
    assert_false(text_is_utf8(SLICE_TEXT("\xF4\x90\x80\x80"))); /* too large */
    assert_false(text_is_utf8(SLICE_TEXT("\xE2\x82")));         /* cut */
}

static void untrusted_text_is_escaped(void **state)
{
    (void)state;
    AUTO(free) char *text = NULL;
    OK(text_escape(SLICE_TEXT("a\x1B[31m\n\xE2\x80\xAE\xFF\xC3\xA9"), &text));
    assert_string_equal(text, "a\\x1B[31m\\x0A\\xE2\\x80\\xAE\\xFF\xC3\xA9");
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(100);
    text_json_to(&b, SLICE_TEXT("\"\\\n\x01\xFF\xC3\xA9"));
    SAME(buf_view(&b), SLICE_TEXT("\"\\\"\\\\\\n\\u0001\\ufffd\xC3\xA9\""));
}

static void email_is_found_in_user_ids(void **state)
{
    (void)state;
    SAME(text_email_of(SLICE_TEXT("Alice <a@b.c>")), SLICE_TEXT("a@b.c"));
    SAME(text_email_of(SLICE_TEXT("a@b.c")), SLICE_TEXT("a@b.c"));
    SAME(text_email_of(SLICE_TEXT("X <y> <a@b.c>")), SLICE_TEXT("a@b.c"));
    SAME(text_email_of(SLICE_TEXT("Alice")), SLICE_EMPTY);
    SAME(text_email_of(SLICE_TEXT("Alice <a@b.c")), SLICE_EMPTY);
    SAME(text_email_of(SLICE_TEXT("Alice a@b.c")), SLICE_EMPTY);
    SAME(text_email_of(SLICE_TEXT("<@>")), SLICE_EMPTY);
}

static void times_are_read_and_shown(void **state)
{
    (void)state;
    char text[WHEN_TEXT_SIZE];
    int64_t at;
    when_text(1795440493, text);
    assert_string_equal(text, "2026-11-23T13:28:13Z");
    OK(when_parse("2026-11-23T13:28:13Z", &at));
    assert_int_equal(at, 1795440493);
    OK(when_parse("20261123T132813Z", &at));
    assert_int_equal(at, 1795440493);
    OK(when_parse("@1795440493", &at));
    assert_int_equal(at, 1795440493);
    OK(when_parse("2026-11-23T15:28:13.987654321+02:00", &at));
    assert_int_equal(at, 1795440493);
    OK(when_parse("20261123T132813.5Z", &at));
    assert_int_equal(at, 1795440493);
    FAILS(ERR_USAGE, when_parse("2026-11-23T13:28:13.Z", &at));
    FAILS(ERR_USAGE, when_parse("2026-11-23T13:28:13.5", &at));
    FAILS(ERR_USAGE, when_parse("2026-11-23.5", &at));
    FAILS(ERR_USAGE, when_parse("2026-02-31", &at));
    FAILS(ERR_USAGE, when_parse("yesterday", &at));
}

static void ends_are_durations_or_dates(void **state)
{
    (void)state;
    uint32_t seconds;
    OK(when_parse_end("2y", 0, &seconds));
    assert_int_equal(seconds, 63115200);
    OK(when_parse_end("90d", 0, &seconds));
    assert_int_equal(seconds, 7776000);
    OK(when_parse_end("never", 0, &seconds));
    assert_int_equal(seconds, 0);
    OK(when_parse_end("1970-01-03", 86400, &seconds));
    assert_int_equal(seconds, 86400);
    FAILS(ERR_USAGE, when_parse_end("1970-01-03", 86400 * 3, &seconds));
    FAILS(ERR_USAGE, when_parse_end("0d", 0, &seconds));
    FAILS(ERR_USAGE, when_parse_end("2 years", 0, &seconds));
    FAILS(ERR_USAGE, when_parse_end("200y", 0, &seconds));
    FAILS(ERR_USAGE, when_parse_end("99999999999d", 0, &seconds));
}

static void secrets_of_every_size(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 63, 64, 65, 4096, 100000};
    struct secret *kept[7];
    for (size_t i = 0; i < 7; i++) {
        OK(secret_new(sizes[i], &kept[i]));
        memset(secret_data(kept[i]), (int)i + 1, sizes[i]);
    }
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(secret_len(kept[i]), sizes[i]);
        for (size_t k = 0; k < sizes[i]; k++)
            assert_int_equal(secret_view(kept[i]).data[k], i + 1);
        secret_free(kept[i]);
    }
    /* More than the arena holds, many times over. */
    for (int round = 0; round < 1000; round++) {
        struct secret *s = NULL;
        OK(secret_new(64 * 100, &s));
        assert_int_equal(secret_data(s)[0], 0); /* wiped by its former owner */
        memset(secret_data(s), 0xAA, 64 * 100);
        secret_truncate(s, 10);
        assert_int_equal(secret_len(s), 10);
        secret_free(s);
    }
    secret_free(NULL);
}

static void blocks_begin_as_pages_do(void **state)
{
    (void)state;
    static const size_t lens[] = {0, 1, 63, 64, 65, 1 << 18};
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        uint8_t *block = mem_block(lens[i]);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % 64, 0);
        memset(block, 1, lens[i]);
        free(block);
    }
    assert_null(mem_block(SIZE_MAX));
}

static void vectors_grow(void **state)
{
    (void)state;
    VEC(int) numbers = {0};
    for (int i = 0; i < 1000; i++)
        OK(VEC_PUSH(&numbers, i));
    assert_int_equal(numbers.n, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers.items[i], i);
    vec_free(&numbers);
    assert_null(numbers.items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_carry_context_kind_and_hint),
        cmocka_unit_test(errors_are_copied),
        cmocka_unit_test(a_world_at_another_time),
        cmocka_unit_test(reader_reads_big_endian_and_ends),
        cmocka_unit_test(reader_is_sticky),
        cmocka_unit_test(buf_writes_lengths_and_limits),
        cmocka_unit_test(hexadecimal_both_ways),
        cmocka_unit_test(utf8_is_checked),
        cmocka_unit_test(untrusted_text_is_escaped),
        cmocka_unit_test(email_is_found_in_user_ids),
        cmocka_unit_test(times_are_read_and_shown),
        cmocka_unit_test(ends_are_durations_or_dates),
        cmocka_unit_test(secrets_of_every_size),
        cmocka_unit_test(blocks_begin_as_pages_do),
        cmocka_unit_test(vectors_grow),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
