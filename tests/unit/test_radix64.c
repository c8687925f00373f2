/* radix64, base64, crc24: every form of the inner loops beside a slow one. */
#include "unit.h"

#include "stream/base64.h"
#include "stream/crc24.h"
#include "stream/radix64.h"

/* The forms that this processor can run. */
static size_t forms(const struct radix64 *out[static 2])
{
    out[0] = &radix64_portable;
    out[1] = radix64_avx2();
    return out[1] != NULL ? 2 : 1;
}

static uint64_t random_state = 1;

static uint32_t any(uint32_t below)
{
    random_state = random_state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(random_state >> 33) % below;
}

/* Memory that ends with its last byte, so that sanitizers see what goes further; the caller
 * frees. */
static uint8_t *exactly(size_t len)
{
    uint8_t *p = malloc(len + (len == 0));
    assert_non_null(p);
    return p;
}

static uint8_t *random_bytes(size_t len)
{
    uint8_t *p = exactly(len);
    for (size_t i = 0; i < len; i++)
        p[i] = (uint8_t)any(256);
    return p;
}

/* The C code of [RFC9580 6.1.1], with any start. */
static uint32_t slow_crc(uint32_t crc, struct slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        crc ^= (uint32_t)s.data[i] << 16;
        for (unsigned bit = 0; bit < 8; bit++) {
            crc <<= 1;
            if ((crc & 0x1000000) != 0)
                crc ^= 0x1864CFB;
        }
    }
    return crc;
}

static void crc24_is_the_one_of_the_rfc(void **state)
{
    (void)state;
    const struct radix64 *form[2];
    for (size_t n = forms(form); n-- > 0;) {
        assert_int_equal(form[n]->crc24(CRC24_INIT, SLICE_TEXT("123456789")), 0x21CF02);
        for (size_t len = 0; len < 700; len++) {
            AUTO(free) uint8_t *bytes = random_bytes(len + 16);
            struct slice s = slice_of(bytes + any(16), len);
            uint32_t start = len % 2 == 0 ? CRC24_INIT : any(1 << 24);
            size_t cut = any((uint32_t)len + 1);
            uint32_t first = form[n]->crc24(start, slice_of(s.data, cut));
            assert_int_equal(form[n]->crc24(start, s), slow_crc(start, s));
            assert_int_equal(form[n]->crc24(first, slice_from(s, cut)), slow_crc(start, s));
        }
    }
    assert_int_equal(crc24_update(CRC24_INIT, SLICE_TEXT("123456789")), 0x21CF02);
}

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Digit by digit; the text lives until the program ends. */
static struct slice slow_lines(struct slice s)
{
    struct buf *text = unit_keep();
    for (size_t bit = 0; bit < s.len * 8; bit += 6) {
        unsigned two = (unsigned)s.data[bit / 8] << 8;
        two |= bit / 8 + 1 < s.len ? s.data[bit / 8 + 1] : 0;
        buf_u8(text, (uint8_t)digits[two >> (10 - bit % 8) & 63]);
        if (text->len % BASE64_LINE_CHARS == BASE64_LINE_CHARS - 1)
            buf_u8(text, '\n');
    }
    size_t in_line = text->len % BASE64_LINE_CHARS;
    buf_fill(text, '=', (4 - in_line % 4) % 4);
    if (in_line > 0)
        buf_u8(text, '\n');
    return buf_view(text);
}

static void lines_are_written_digit_by_digit(void **state)
{
    (void)state;
    const struct radix64 *form[2];
    size_t n = forms(form);
    for (size_t len = 0; len < 500; len++) {
        AUTO(free) uint8_t *bytes = random_bytes(len);
        struct slice s = slice_of(bytes, len), expected = slow_lines(s);
        for (size_t i = 0; i < n; i++) {
            size_t full = len / BASE64_LINE_BYTES;
            AUTO(free) uint8_t *text = exactly(full * BASE64_LINE_CHARS);
            size_t lines = form[i]->encode(s, (char *)text);
            assert_true(lines <= full && lines + 1 >= full);
            SAME(slice_of(text, lines * BASE64_LINE_CHARS),
                 slice_of(expected.data, lines * BASE64_LINE_CHARS));
        }
        AUTO(free) uint8_t *text = exactly(expected.len);
        assert_int_equal(base64_encode_lines(s, (char *)text), expected.len);
        SAME(slice_of(text, expected.len), expected);
    }
}

/* What base64_decode says it does, character by character. */
struct slow {
    unsigned bits, n, padding;
    struct buf out;
};

static void slow_clear(struct slow *s)
{
    buf_clear(&s->out);
}

static bool slow_end(struct slow *s)
{
    unsigned unused = s->n == 2 ? 4 : 2;
    bool clean = (s->bits & ((1U << unused) - 1)) == 0;
    if (clean && s->n == 3)
        buf_u8(&s->out, (uint8_t)(s->bits >> 10));
    if (clean)
        buf_u8(&s->out, (uint8_t)(s->bits >> (s->n == 2 ? 4 : 2)));
    return clean;
}

static void slow_digit(struct slow *s, unsigned digit)
{
    s->bits = s->bits << 6 | digit;
    if (++s->n < 4)
        return;
    buf_u8(&s->out, (uint8_t)(s->bits >> 16));
    buf_u8(&s->out, (uint8_t)(s->bits >> 8));
    buf_u8(&s->out, (uint8_t)s->bits);
    s->bits = s->n = 0;
}

static enum base64_stop slow_decode(struct slow *s, struct slice text, size_t *used)
{
    for (*used = 0; *used < text.len; (*used)++) {
        char c = (char)text.data[*used];
        const char *digit = c == 0 ? NULL : strchr(digits, c);
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
            continue;
        if (c == '=' && s->n >= 2 && s->n + ++s->padding < 4)
            continue;
        if (c == '=' && s->n >= 2) {
            (*used)++;
            return slow_end(s) ? BASE64_PADDED : BASE64_FOREIGN;
        }
        if (digit == NULL || s->padding > 0)
            return BASE64_FOREIGN;
        slow_digit(s, (unsigned)(digit - digits));
    }
    return BASE64_MORE;
}

/* Both decode the text in pieces up to `most` long, and agree at each. */
static void decode_beside(struct slice text, size_t most)
{
    struct base64 state = {0};
    CLEANUP(slow_clear) struct slow slow = {.out = BUF_EMPTY(SIZE_MAX)};
    enum base64_stop stop = BASE64_MORE;
    while (text.len > 0 && stop == BASE64_MORE) {
        size_t len = 1 + any((uint32_t)most), used, expected_used, made, before = slow.out.len;
        len = len < text.len ? len : text.len;
        AUTO(free) uint8_t *piece = exactly(len);
        AUTO(free) uint8_t *out = exactly((len + 3) / 4 * 3 + 3);
        memcpy(piece, text.data, len);
        stop = base64_decode(&state, slice_of(piece, len), &used, out, &made);
        assert_int_equal(stop, slow_decode(&slow, slice_of(piece, len), &expected_used));
        assert_int_equal(used, expected_used);
        SAME(slice_of(out, made), slice_from(buf_view(&slow.out), before));
        text = slice_from(text, len);
    }
}

/* `len` bytes as lines that are `width` digits long, and end so. */
static struct slice text_of(size_t len, size_t width, const char *end)
{
    AUTO(free) uint8_t *bytes = random_bytes(len);
    struct slice lines = slow_lines(slice_of(bytes, len));
    struct buf *text = unit_keep();
    for (size_t i = 0, n = 0; i < lines.len; i++) {
        if (lines.data[i] == '\n')
            continue;
        buf_u8(text, lines.data[i]);
        if (++n % width == 0)
            buf_text(text, end);
    }
    return buf_view(text);
}

static void lines_of_any_kind_are_decoded(void **state)
{
    (void)state;
    static const char *const ends[] = {"\n", "\r\n", "\n\n", " \t\r\n", ""};
    static const size_t widths[] = {1, 3, 4, 31, 32, 60, 63, 64, 65, 76, 128, 1000};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        for (size_t j = 0; j < sizeof widths / sizeof *widths; j++) {
            for (size_t len = 990; len < 994; len++) {
                struct slice text = text_of(len, widths[j], ends[i]);
                decode_beside(text, text.len);
                decode_beside(text, 200);
                decode_beside(text, 5);
            }
        }
    }
}

/* Each form stops at what it does not know, and has written what is before it. */
static void stops_in_time(const struct radix64 *form, struct slice text)
{
    size_t made, expected_used;
    CLEANUP(slow_clear) struct slow slow = {.out = BUF_EMPTY(SIZE_MAX)};
    AUTO(free) uint8_t *copy = exactly(text.len);
    AUTO(free) uint8_t *out = exactly(text.len / 4 * 3 + text.len % 4 * 3 / 4);
    memcpy(copy, text.data, text.len);
    size_t used = form->decode(slice_of(copy, text.len), out, &made);
    assert_true(used <= text.len);
    assert_int_equal(slow_decode(&slow, slice_of(text.data, used), &expected_used), BASE64_MORE);
    assert_int_equal(expected_used, used);
    assert_int_equal(slow.n + slow.padding, 0);
    SAME(slice_of(out, made), buf_view(&slow.out));
}

/* Every byte at every place of a line. */
static void damage_is_seen_at_every_place(void **state)
{
    (void)state;
    const struct radix64 *form[2];
    size_t n = forms(form);
    struct slice clean = text_of(BASE64_LINE_BYTES * 5, 64, "\n");
    AUTO(free) uint8_t *text = exactly(clean.len);
    memcpy(text, clean.data, clean.len);
    for (size_t at = BASE64_LINE_CHARS * 2; at <= BASE64_LINE_CHARS * 3; at++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            text[at] = (uint8_t)byte;
            decode_beside(slice_of(text, clean.len), clean.len);
            for (size_t i = 0; i < n; i++)
                stops_in_time(form[i], slice_of(text, clean.len));
        }
        text[at] = clean.data[at];
    }
}

static void ends_at_any_length_are_left(void **state)
{
    (void)state;
    const struct radix64 *form[2];
    struct slice text = text_of(400, 64, "\n");
    for (size_t n = forms(form); n-- > 0;) {
        for (size_t start = 0; start < 70; start++)
            for (size_t len = 0; len + start <= text.len; len++)
                stops_in_time(form[n], slice_of(text.data + start, len));
    }
}

/* Otherwise nothing would show that the slow path does all the work. */
static void most_of_a_text_is_done_at_once(void **state)
{
    (void)state;
    struct slice text = text_of(BASE64_LINE_BYTES * 100, 64, "\n");
    AUTO(free) uint8_t *out = exactly(text.len);
    size_t made;
    const struct radix64 *best = radix64_best();
    if (best == &radix64_portable)
        skip();
    assert_in_range(best->decode(text, out, &made), text.len - BASE64_LINE_CHARS, text.len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc24_is_the_one_of_the_rfc),
        cmocka_unit_test(lines_are_written_digit_by_digit),
        cmocka_unit_test(lines_of_any_kind_are_decoded),
        cmocka_unit_test(damage_is_seen_at_every_place),
        cmocka_unit_test(ends_at_any_length_are_left),
        cmocka_unit_test(most_of_a_text_is_done_at_once),
    };
    return cmocka_run_group_tests_name("radix64", tests, NULL, NULL);
}
