/* armor, base64, lines, zip: text in and out, and bytes smaller. */
#include "unit.h"
#include "kit.h"

#include "crypto/algo.h"
#include "stream/armor.h"
#include "stream/input.h"
#include "stream/lines.h"
#include "stream/zip.h"

static struct slice armored(struct slice data, bool crc)
{
    struct source *s = NULL;
    OK(armor_encode(kit_pieces(data), ARMOR_MESSAGE, crc, &s));
    return kit_read(s);
}

static struct source *dearmoring(struct slice text, enum armor_blocks blocks)
{
    struct source *s = NULL;
    OK(armor_decode(kit_pieces(text), ARMOR_NONE, blocks, &s));
    return s;
}

static void armor_round_trips(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 3, 47, 48, 49, 96, 1000, 49151, 49152, 49153, 200000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct slice data = kit_data(sizes[i]);
        SAME(kit_read(dearmoring(armored(data, i % 2 == 0), ARMOR_ONE)), data);
    }
}

/* What comes in pieces is not written in pieces. */
static void armor_is_shown_in_large_blocks(void **state)
{
    (void)state;
    struct source *s = NULL;
    struct slice view;
    OK(armor_encode(kit_pieces(kit_data(200000)), ARMOR_MESSAGE, false, &s));
    for (size_t left = 200000 / 48 * 65; left > 0; left -= view.len < left ? view.len : left) {
        OK(source_fill(s, 1, &view));
        assert_true(view.len >= 1 << 16 || view.len >= left);
        source_consume(s, view.len);
    }
    source_close(s);
}

static void armor_looks_as_it_should(void **state)
{
    (void)state;
    SAME(armored(SLICE_TEXT("Hello"), true), SLICE_TEXT("-----BEGIN PGP MESSAGE-----\n\n"
                                                        "SGVsbG8=\n"
                                                        "=EHJM\n"
                                                        "-----END PGP MESSAGE-----\n"));
    static const uint8_t zeros[49];
    SAME(armored(SLICE_OF(zeros), false),
         SLICE_TEXT("-----BEGIN PGP MESSAGE-----\n\n"
                    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
                    "AA==\n"
                    "-----END PGP MESSAGE-----\n"));
}

static void armor_reads_what_the_world_writes(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "-----BEGIN PGP MESSAGE-----\r\n\r\nSGVsbG8=\r\n=EHJM\r\n-----END PGP MESSAGE-----\r\n",
        "-----BEGIN PGP MESSAGE-----\n\nSGVsbG8=\n-----END PGP MESSAGE-----",
        "-----BEGIN PGP MESSAGE-----\nA: b\n \t\r\v\f\nSGVsbG8=\n-----END PGP MESSAGE-----\n",
        "-----BEGIN PGP MESSAGE-----  \nComment: x\nVersion:\nodd\n \t\nSGVsbG8=\n=AAAA\n"
        "-----END PGP MESSAGE----- \nrest\n",
        "Some text\nbefore it\n\n-----BEGIN PGP MESSAGE-----\n\nS G V s \n\nbG8 = \n\n=EH\n\n"
        "-----END PGP MESSAGE-----\n",
        "\xEF\xBB\xBF-----BEGIN PGP MESSAGE-----\n\nSGVsbG8==EHJM\n-----END PGP MESSAGE-----\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        SAME(kit_read(dearmoring(slice_of_string(texts[i]), ARMOR_ONE)), SLICE_TEXT("Hello"));
}

static void armor_refuses_damage(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "-----BEGIN PGP MESSAGE-----\n",
        "-----BEGIN PGP MESSAGE-----\nSGVsbG8=\n-----END PGP MESSAGE-----\n",
        "-----BEGIN PGP MESSAGE-----\n\nSGVsbG8=\n",
        "-----BEGIN PGP MESSAGE-----\n\nSGVsbG8=\n-----END PGP SIGNATURE-----\n",
        "-----BEGIN PGP MESSAGE-----\n\nSGVsbG8=\n-----END PGP MESSAGE----\n",
        "-----BEGIN PGP MESSAGE-----\n\nSGVsbG8\n-----END PGP MESSAGE-----\n",
        "-----BEGIN PGP MESSAGE-----\n\nSGVsbG9=\n-----END PGP MESSAGE-----\n",
        "-----BEGIN PGP MESSAGE-----\n\nSGVsb\x83G8=\n-----END PGP MESSAGE-----\n",
        "-----BEGIN PGP MESSAGE-----\n\nSGVsbG8=xx\n-----END PGP MESSAGE-----\n",
        "-----BEGIN PGP MESSAGE-----\n\nSGVsbG8=\n=EHJM\nxx\n-----END PGP MESSAGE-----\n",
        ("-----BEGIN PGP MESSAGE-----\n\nSGVsbG8=\n-----END PGP MESSAGE-----\n"
         "-----BEGIN PGP MESSAGE-----\n\nSGVsbG8=\n-----END PGP MESSAGE-----\n"),
        "-----BEGIN PGP SIGNED MESSAGE-----\n\nx\n",
    };
    size_t seen;
    FAILS(ERR_NO_DATA, kit_try(dearmoring(SLICE_EMPTY, ARMOR_ONE), &seen));
    FAILS(ERR_NO_DATA, kit_try(dearmoring(SLICE_TEXT("nothing here"), ARMOR_ONE), &seen));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        FAILS(ERR_MALFORMED, kit_try(dearmoring(slice_of_string(texts[i]), ARMOR_ONE), &seen));
}

/* Any single bit, and any cut but that of the last line end, is noticed either
 * here or in the bytes. */
static void armor_changes_show(void **state)
{
    (void)state;
    struct slice data = kit_data(100), text = armored(data, false);
    CLEANUP(buf_clear) struct buf copy = BUF_EMPTY(SIZE_MAX);
    buf_bytes(&copy, text);
    for (size_t bit = 0; bit < text.len * 8; bit++) {
        size_t seen;
        copy.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        err *e = kit_try(dearmoring(buf_view(&copy), ARMOR_ONE), &seen);
        if (e == NULL)
            if (slice_equal(kit_read(dearmoring(buf_view(&copy), ARMOR_ONE)), data))
                fail_msg("bit %zu of %.*s", bit, (int)copy.len, (const char *)copy.data);
        err_free(e);
        copy.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    const size_t frame = sizeof "-----BEGIN PGP MESSAGE-----" - 1;
    for (size_t len = 0; len + 1 < text.len; len++) {
        size_t seen;
        FAILS(len < frame ? ERR_NO_DATA : ERR_MALFORMED,
              kit_try(dearmoring(slice_of(text.data, len), ARMOR_ONE), &seen));
    }
}

static void many_frames_are_one_keyring(void **state)
{
    (void)state;
    SAME(kit_read(dearmoring(SLICE_TEXT("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nSGVs\n"
                                        "-----END PGP PUBLIC KEY BLOCK-----\ntext\n"
                                        "-----BEGIN PGP PUBLIC KEY BLOCK-----\nA: b\n\nbG8=\n"
                                        "-----END PGP PUBLIC KEY BLOCK-----\n"),
                             ARMOR_MANY)),
         SLICE_TEXT("Hello"));
}

static void text_and_binary_are_told_apart(void **state)
{
    (void)state;
    struct source *s = NULL;
    OK(armor_open(kit_pieces(SLICE_TEXT("\xC0\x01x")), ARMOR_ONE, &s));
    SAME(kit_read(s), SLICE_TEXT("\xC0\x01x"));
    OK(armor_open(kit_pieces(armored(SLICE_TEXT("abc"), false)), ARMOR_ONE, &s));
    SAME(kit_read(s), SLICE_TEXT("abc"));
    OK(armor_open(kit_pieces(SLICE_EMPTY), ARMOR_ONE, &s));
    SAME(kit_read(s), SLICE_EMPTY);
}

/* lines */

static void check_lines(const char *text, const char *escaped, const char *hashed,
                        const char *unescaped)
{
    uint8_t seen[DIGEST_MAX], expected[DIGEST_MAX];
    struct tap_digest tap = {0};
    struct source *s = NULL;
    OK(digest_new(HASH_SHA256, &tap.digest));
    OK(lines_escape(kit_pieces(slice_of_string(text)), &tap, 1, &s));
    struct slice out = kit_read(s);
    SAME(out, slice_of_string(escaped));
    OK(digest_of(HASH_SHA256, slice_of_string(hashed), expected));
    SAME(digest_final(tap.digest, seen), slice_of(expected, 32));
    digest_free(tap.digest);

    CLEANUP(buf_clear) struct buf whole = BUF_EMPTY(SIZE_MAX);
    buf_bytes(&whole, out);
    buf_text(&whole, "-----BEGIN PGP SIGNATURE-----\nrest");
    struct source *upstream = kit_pieces(buf_view(&whole));
    OK(lines_unescape(upstream, &s));
    SAME(kit_read(s), slice_of_string(unescaped));
    SAME(kit_read(upstream), SLICE_TEXT("-----BEGIN PGP SIGNATURE-----\nrest"));
}

static void lines_both_ways(void **state)
{
    (void)state;
    check_lines("", "\n", "", "");
    check_lines("hello", "hello\n", "hello", "hello");
    check_lines("hello\n", "hello\n\n", "hello\r\n", "hello\n");
    check_lines("a \t\r\n\r\nb\t\n \n", "a\n\nb\n\n\n", "a\r\n\r\nb\r\n\r\n", "a\n\nb\n\n");
    check_lines("-x\n- y\nFrom me\na-b\n", "- -x\n- - y\n- From me\na-b\n\n",
                "-x\r\n- y\r\nFrom me\r\na-b\r\n", "-x\n- y\nFrom me\na-b\n");
    check_lines("-----BEGIN PGP SIGNATURE-----", "- -----BEGIN PGP SIGNATURE-----\n",
                "-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP SIGNATURE-----");
    check_lines("mid\rline  x", "mid\rline  x\n", "mid\rline  x", "mid\rline  x");
}

static void lines_of_any_length(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(SIZE_MAX);
    buf_fill(&text, 'x', 300000);
    buf_fill(&text, ' ', 60000);
    buf_text(&text, "y\n-\n");
    CLEANUP(buf_clear) struct buf expected = BUF_EMPTY(SIZE_MAX);
    buf_bytes(&expected, slice_of(text.data, text.len - 2));
    buf_text(&expected, "- -\n\n");
    struct source *s = NULL;
    OK(lines_escape(kit_pieces(buf_view(&text)), NULL, 0, &s));
    SAME(kit_read(s), buf_view(&expected));

    size_t seen;
    buf_fill(&text, ' ', LINES_BLANKS_MAX + 1);
    OK(lines_escape(kit_pieces(buf_view(&text)), NULL, 0, &s));
    FAILS(ERR_LIMIT, kit_try(s, &seen));
}

static void refuse_line(struct slice text)
{
    for (int in_pieces = 0; in_pieces < 2; in_pieces++) {
        size_t seen;
        struct source *s = NULL, *upstream = NULL;
        if (in_pieces)
            upstream = kit_pieces(text);
        else
            OK(input_from_memory(text, &upstream));
        OK(lines_unescape(upstream, &s));
        FAILS(ERR_MALFORMED, kit_try(s, &seen));
        source_close(upstream);
    }
}

/* What begins like the signature is none, however long the line. */
static void lines_refuse_what_is_not_escaped(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(SIZE_MAX);
    refuse_line(SLICE_TEXT("a\n-b\n-----BEGIN PGP SIGNATURE-----\n"));
    refuse_line(SLICE_TEXT("a\nb\n"));
    refuse_line(SLICE_TEXT("a\n-----BEGIN PGP SIGNATURE-----b\n-----BEGIN PGP SIGNATURE-----\n"));
    buf_text(&text, "a\n-----BEGIN PGP SIGNATURE-----");
    buf_fill(&text, 'b', 5000);
    buf_text(&text, "-----BEGIN PGP SIGNATURE-----\n-----BEGIN PGP SIGNATURE-----\n");
    refuse_line(buf_view(&text));
}

/* A frame's first line */

static void expect_frame(struct slice text, enum armor_kind kind)
{
    for (int in_pieces = 0; in_pieces < 2; in_pieces++) {
        AUTO(source_close) struct source *s = NULL;
        enum armor_kind found;
        if (in_pieces)
            s = kit_pieces(text);
        else
            OK(input_from_memory(text, &s));
        OK(armor_find(s, &found));
        assert_int_equal(found, kind);
    }
}

/* Wherever one's sight ends on a long line, no frame starts there. */
static void a_frame_starts_at_the_start_of_a_line(void **state)
{
    (void)state;
    for (size_t before = 4090; before < 4101; before++) {
        CLEANUP(buf_clear) struct buf text = BUF_EMPTY(SIZE_MAX);
        buf_fill(&text, 'x', before);
        buf_text(&text, "-----BEGIN PGP SIGNATURE-----\n");
        expect_frame(buf_view(&text), ARMOR_NONE);
        buf_text(&text, "-----BEGIN PGP MESSAGE-----\n");
        expect_frame(buf_view(&text), ARMOR_MESSAGE);
    }
}

/* zip */

static struct slice squeezable(size_t len)
{
    struct buf *b = unit_keep();
    for (size_t i = 0; i < len; i++)
        buf_u8(b, (uint8_t)((size_t) "abcdefgh"[i * i % 8] + i / 5000));
    return buf_view(b);
}

static void compression_round_trips(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 1000, 65536, 500000};
    for (uint8_t algorithm = COMPRESSION_ZIP; algorithm <= COMPRESSION_BZIP2; algorithm++) {
        for (size_t i = 0; i < 5; i++) {
            struct slice data = squeezable(sizes[i]);
            struct source *s = NULL;
            OK(zip_compress(kit_pieces(data), algorithm, 6, &s));
            struct slice small = kit_read(s);
            if (sizes[i] >= 1000)
                assert_true(small.len < data.len / 2);
            OK(zip_expand(kit_pieces(small), algorithm, NULL, &s));
            SAME(kit_read(s), data);
        }
    }
    struct source *s = NULL;
    FAILS(ERR_UNSUPPORTED, zip_expand(kit_pieces(SLICE_EMPTY), 4, NULL, &s));
    /* [RFC9580 9.4] "Implementations MUST implement uncompressed data." */
    OK(zip_expand(kit_pieces(SLICE_TEXT("as it is")), COMPRESSION_NONE, NULL, &s));
    SAME(kit_read(s), SLICE_TEXT("as it is"));
}

/* A layer more is no way around it: what goes into the outermost counts. */
static void compressed_data_expands_within_a_budget(void **state)
{
    (void)state;
    for (uint8_t algorithm = COMPRESSION_ZIP; algorithm <= COMPRESSION_BZIP2; algorithm++) {
        struct zip_budget enough = {.free = 3000}, none = {.free = 2999, .factor = 1};
        struct zip_budget twice = none;
        struct source *s = NULL;
        size_t seen;
        OK(zip_compress(kit_pieces(squeezable(3000)), algorithm, 6, &s));
        struct slice once = kit_read(s);
        OK(zip_compress(kit_pieces(once), algorithm, 6, &s));
        struct slice again = kit_read(s);
        OK(zip_expand(kit_pieces(once), algorithm, &enough, &s));
        OK(kit_try(s, &seen));
        OK(zip_expand(kit_pieces(once), algorithm, &none, &s));
        FAILS(ERR_LIMIT, kit_try(s, &seen));
        OK(zip_expand(kit_pieces(again), algorithm, &twice, &s));
        OK(zip_expand(s, algorithm, &twice, &s));
        FAILS(ERR_LIMIT, kit_try(s, &seen));
        assert_int_equal(twice.in, again.len);
    }
}

static void compressed_damage_is_noticed(void **state)
{
    (void)state;
    struct slice data = squeezable(3000);
    for (uint8_t algorithm = COMPRESSION_ZIP; algorithm <= COMPRESSION_BZIP2; algorithm++) {
        struct source *s = NULL;
        size_t seen;
        OK(zip_compress(kit_pieces(data), algorithm, 6, &s));
        struct slice small = kit_read(s);
        for (size_t len = 0; len < small.len; len++) {
            OK(zip_expand(kit_pieces(slice_of(small.data, len)), algorithm, NULL, &s));
            FAILS(ERR_MALFORMED, kit_try(s, &seen));
        }
    }
}

/* As padding: no data, but read, with what goes wrong there. */
static void bytes_behind_compressed_data_are_passed_over(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 10, 100000};
    struct slice data = squeezable(3000);
    for (uint8_t algorithm = COMPRESSION_ZIP; algorithm <= COMPRESSION_BZIP2; algorithm++) {
        struct source *s = NULL;
        size_t seen;
        OK(zip_compress(kit_pieces(data), algorithm, 6, &s));
        struct slice small = kit_read(s);
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            CLEANUP(buf_clear) struct buf longer = BUF_EMPTY(SIZE_MAX);
            buf_bytes(&longer, small);
            buf_fill(&longer, 0xA5, sizes[i]);
            OK(zip_expand(kit_pieces(buf_view(&longer)), algorithm, NULL, &s));
            SAME(kit_read(s), data);
            OK(zip_expand(kit_failing(buf_view(&longer), longer.len - 1), algorithm, NULL, &s));
            FAILS(ERR_IO, kit_try(s, &seen));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(armor_round_trips),
        cmocka_unit_test(armor_is_shown_in_large_blocks),
        cmocka_unit_test(armor_looks_as_it_should),
        cmocka_unit_test(armor_reads_what_the_world_writes),
        cmocka_unit_test(armor_refuses_damage),
        cmocka_unit_test(armor_changes_show),
        cmocka_unit_test(many_frames_are_one_keyring),
        cmocka_unit_test(text_and_binary_are_told_apart),
        cmocka_unit_test(lines_both_ways),
        cmocka_unit_test(lines_of_any_length),
        cmocka_unit_test(lines_refuse_what_is_not_escaped),
        cmocka_unit_test(a_frame_starts_at_the_start_of_a_line),
        cmocka_unit_test(compression_round_trips),
        cmocka_unit_test(compressed_data_expands_within_a_budget),
        cmocka_unit_test(compressed_damage_is_noticed),
        cmocka_unit_test(bytes_behind_compressed_data_are_passed_over),
    };
    return cmocka_run_group_tests_name("text stages", tests, NULL, NULL);
}
