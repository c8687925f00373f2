/* Packet framing: headers, lengths, bodies in one piece, in parts and without an
 * end, both ways [RFC9580 4.2]. */
#include "unit.h"
#include "kit.h"

#include "packet/body.h"
#include "packet/packet.h"
#include "stream/input.h"

static const size_t sizes[] = {0, 1, 191, 192, 511, 512, 8383, 8384, 65535, 65536, 100000};
enum { N_SIZES = sizeof sizes / sizeof *sizes };

/* Headers */

struct header_case {
    const char *hex;
    uint8_t type;
    enum packet_length length;
    uint32_t len;
    bool legacy;
};

/* The lengths 100, 1723 and 100000 are those of [RFC9580 4.2.3]. */
static const struct header_case headers[] = {
    {"CD 00", PACKET_USER_ID, PACKET_FIXED, 0, false},
    {"CD 01", PACKET_USER_ID, PACKET_FIXED, 1, false},
    {"CB 64", PACKET_LITERAL, PACKET_FIXED, 100, false},
    {"C2 BF", PACKET_SIGNATURE, PACKET_FIXED, 191, false},
    {"C2 C0 00", PACKET_SIGNATURE, PACKET_FIXED, 192, false},
    {"CB C5 FB", PACKET_LITERAL, PACKET_FIXED, 1723, false},
    {"C2 DF FF", PACKET_SIGNATURE, PACKET_FIXED, 8383, false},
    {"C2 FF 000020C0", PACKET_SIGNATURE, PACKET_FIXED, 8384, false},
    {"CB FF 000186A0", PACKET_LITERAL, PACKET_FIXED, 100000, false},
    {"C2 FF FFFFFFFF", PACKET_SIGNATURE, PACKET_FIXED, UINT32_MAX, false},
    {"C2 FF 00000000", PACKET_SIGNATURE, PACKET_FIXED, 0, false}, /* longer than need be */
    {"FF 05", 63, PACKET_FIXED, 5, false},
    {"CB E0", PACKET_LITERAL, PACKET_PARTIAL, 1, false},
    {"CB E9", PACKET_LITERAL, PACKET_PARTIAL, 512, false},
    {"CB FE", PACKET_LITERAL, PACKET_PARTIAL, 1U << 30, false},
    {"84 00", PACKET_PKESK, PACKET_FIXED, 0, true},
    {"B4 FF", PACKET_USER_ID, PACKET_FIXED, 255, true},
    {"BC 01", 15, PACKET_FIXED, 1, true},
    {"89 0000", PACKET_SIGNATURE, PACKET_FIXED, 0, true},
    {"89 FFFF", PACKET_SIGNATURE, PACKET_FIXED, 65535, true},
    {"8A 00010000", PACKET_SIGNATURE, PACKET_FIXED, 65536, true},
    {"8A FFFFFFFF", PACKET_SIGNATURE, PACKET_FIXED, UINT32_MAX, true},
    {"AF", PACKET_LITERAL, PACKET_INDETERMINATE, 0, true},
};

static void check_header(const struct header_case *c, const struct packet_header *h)
{
    assert_int_equal(h->type, c->type);
    assert_int_equal(h->length, c->length);
    assert_int_equal(h->len, c->len);
    assert_int_equal(h->legacy, c->legacy);
    assert_int_equal(h->header_len, unit_hex(c->hex).len);
}

static void headers_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        const struct header_case *c = &headers[i];
        struct slice bytes = unit_hex(c->hex);
        struct packet_header h;
        bool end;
        struct reader r = reader_init(unit_joined(bytes, SLICE_TEXT("body")), "header");
        OK(packet_parse_header(&r, &h));
        check_header(c, &h);
        assert_int_equal(reader_left(&r), 4);

        /* Behind something else that the reader has passed. */
        r = reader_init(unit_joined(SLICE_TEXT("something"), bytes), "header");
        reader_bytes(&r, 9);
        OK(packet_parse_header(&r, &h));
        check_header(c, &h);

        /* The second of a stream starts where the first has ended. */
        struct slice two = unit_joined(unit_hex("CA 03 504750"), bytes);
        AUTO(source_close) struct source *s = kit_pieces(two);
        OK(packet_read_header(s, &h, &end));
        source_consume(s, 0);
        AUTO(source_close) struct source *body = NULL;
        OK(body_read_new(s, &h, &body));
        OK(source_drain(body));
        OK(packet_read_header(s, &h, &end));
        assert_false(end);
        assert_int_equal(h.offset, 5);
        check_header(c, &h);
        OK(packet_read_header(s, &h, &end));
        assert_true(end);
    }
}

static void cut_headers_are_malformed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct slice bytes = unit_hex(headers[i].hex);
        for (size_t n = 1; n < bytes.len; n++) {
            struct packet_header h;
            bool end;
            struct reader r = reader_init(slice_of(bytes.data, n), "header");
            FAILS(ERR_MALFORMED, packet_parse_header(&r, &h));
            AUTO(source_close) struct source *s = kit_pieces(slice_of(bytes.data, n));
            FAILS(ERR_MALFORMED, packet_read_header(s, &h, &end));
        }
    }
}

/* A byte below 128 starts no packet, and type 0 must not be used
 * [RFC9580 4.2, 5]. */
static void what_is_no_packet_is_refused(void **state)
{
    (void)state;
    struct packet_header h;
    for (unsigned first = 0; first < 256; first++) {
        const uint8_t bytes[] = {(uint8_t)first, 0, 0, 0, 0, 0};
        struct reader r = reader_init(SLICE_OF(bytes), "header");
        unsigned type = first < 192 ? first >> 2 & 15 : first & 63;
        if (first < 128 || type == 0)
            FAILS(ERR_MALFORMED, packet_parse_header(&r, &h));
        else
            OK(packet_parse_header(&r, &h));
    }
}

/* Up to 39 an unknown type condemns all that it stands among [RFC9580 4.3]. */
static void types_are_told_apart(void **state)
{
    (void)state;
    for (unsigned type = 0; type < 64; type++) {
        uint8_t t = (uint8_t)type;
        bool data = type == 8 || type == 9 || type == 11 || type == 18 || type == 20;
        assert_int_equal(packet_is_critical(t), type < 40);
        assert_int_equal(packet_is_primary_key(t), type == 5 || type == 6);
        assert_int_equal(packet_is_subkey(t), type == 7 || type == 14);
        assert_int_equal(packet_is_secret(t), type == 5 || type == 7);
        assert_int_equal(packet_is_data(t), data);
    }
    assert_string_equal(packet_name(PACKET_USER_ATTRIBUTE), "User Attribute");
    assert_string_equal(packet_name(PACKET_PADDING), "Padding");
    assert_string_equal(packet_name(15), "Unknown");
    assert_string_equal(packet_name(255), "Unknown");
    assert_string_equal(packet_name(60), "Private or Experimental");
}

static void lengths_are_written_as_short_as_they_can_be(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 191, 192, 193, 447, 448, 8383, 8384, 65536, UINT32_MAX};
    static const size_t octets[] = {1, 1, 1, 2, 2, 2, 2, 2, 5, 5, 5};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        CLEANUP(buf_clear) struct buf b = BUF_EMPTY(16);
        packet_write_length(&b, lengths[i]);
        OK(buf_end(&b));
        assert_int_equal(b.len, octets[i]);
        struct reader r = reader_init(buf_view(&b), "length");
        assert_int_equal(packet_read_length(&r), lengths[i]);
        OK(reader_end(&r));
    }
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(16);
    packet_write_length(&b, (size_t)UINT32_MAX + 1);
    FAILS(ERR_LIMIT, buf_end(&b));
}

/* Bodies: reading */

/* Ways to frame a body. */
enum framing { NEW, NEW_LONG, LEGACY_1, LEGACY_2, LEGACY_4, LEGACY_END, PARTS, N_FRAMINGS };

/* Parts of 512 bytes, then of 1, 2 and 4, and what is left. */
static void frame_parts(struct buf *b, struct slice body)
{
    static const uint8_t parts[] = {9, 0, 1, 2, 16};
    buf_u8(b, 0xC0 | PACKET_LITERAL);
    for (size_t i = 0; body.len >= 512 + 7 && i < sizeof parts; i++) {
        size_t n = (size_t)1 << parts[i];
        if (n > body.len)
            break;
        buf_u8(b, (uint8_t)(224 + parts[i]));
        buf_bytes(b, slice_of(body.data, n));
        body = slice_from(body, n);
    }
    packet_write_length(b, body.len);
    buf_bytes(b, body);
}

/* Empty where the body is too long for the framing. */
static struct slice framed(struct slice body, enum framing how)
{
    static const size_t most[] = {
        [LEGACY_1] = 255,
        [LEGACY_2] = 65535,
        [N_FRAMINGS] = 0,
    };
    struct buf *b = unit_keep();
    if (most[how] != 0 && body.len > most[how])
        return SLICE_EMPTY;
    if (how == PARTS) {
        frame_parts(b, body);
        return buf_view(b);
    }
    if (how >= LEGACY_1)
        buf_u8(b, (uint8_t)(0x80 | PACKET_LITERAL << 2 | (how - LEGACY_1)));
    if (how == NEW)
        packet_write_header(b, PACKET_LITERAL, body.len);
    if (how == NEW_LONG)
        buf_bytes(b, unit_hex("CB FF"));
    if (how == NEW_LONG || how == LEGACY_4)
        buf_u32(b, (uint32_t)body.len);
    if (how == LEGACY_1)
        buf_u8(b, (uint8_t)body.len);
    if (how == LEGACY_2)
        buf_u16(b, (uint16_t)body.len);
    buf_bytes(b, body);
    return buf_view(b);
}

/* The body of the first packet, and that reading goes on behind it. */
static void check_reads(struct slice packet, struct slice body, bool to_end)
{
    struct packet_header h;
    bool end;
    struct source *part = NULL;
    struct slice all = to_end ? packet : unit_joined(packet, unit_hex("CA 03 504750"));
    AUTO(source_close) struct source *s = kit_pieces(all);
    OK(packet_read_header(s, &h, &end));
    assert_int_equal(h.type, PACKET_LITERAL);
    OK(body_read_new(s, &h, &part));
    SAME(kit_read(part), body);
    assert_int_equal(s->offset, packet.len);
    OK(packet_read_header(s, &h, &end));
    assert_int_equal(end, to_end);
    if (!to_end)
        assert_int_equal(h.type, PACKET_MARKER);
}

/* The same at once. */
static void check_reads_at_once(struct slice packet, struct slice body)
{
    struct packet_header h;
    bool end;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(100000), small = BUF_EMPTY(99999);
    AUTO(source_close) struct source *s = kit_pieces(packet), *again = kit_pieces(packet);
    OK(packet_read_header(s, &h, &end));
    OK(packet_read_body(s, &h, &b));
    SAME(buf_view(&b), body);
    if (body.len <= small.max)
        return;
    OK(packet_read_header(again, &h, &end));
    FAILS(ERR_LIMIT, packet_read_body(again, &h, &small));
}

static void bodies_are_read_in_every_framing(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SIZES; i++) {
        struct slice body = kit_data(sizes[i]);
        for (int how = NEW; how < N_FRAMINGS; how++) {
            struct slice packet = framed(body, (enum framing)how);
            if (packet.len == 0)
                continue;
            check_reads(packet, body, how == LEGACY_END);
            check_reads_at_once(packet, body);
        }
    }
}

/* [RFC9580 4.2.3] */
static void the_example_in_parts_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        size_t len;
    } parts[] = {{"CB EF", 32768}, {"E1", 2}, {"E0", 1}, {"F0", 65536}, {"C5 DD", 1693}};
    struct buf *b = unit_keep();
    struct slice body = kit_data(100000);
    size_t at = 0;
    for (size_t i = 0; i < 5; i++) {
        buf_bytes(b, unit_hex(parts[i].header));
        buf_bytes(b, slice_of(body.data + at, parts[i].len));
        at += parts[i].len;
    }
    assert_int_equal(at, 100000);
    check_reads(buf_view(b), body, false);
}

/* Every prefix: an error, not an end; indeterminate lengths cannot tell. */
static void cut_bodies_are_noticed(void **state)
{
    (void)state;
    struct slice body = kit_data(700);
    for (int how = NEW; how < N_FRAMINGS; how++) {
        struct slice packet = framed(body, (enum framing)how);
        for (size_t n = 1; packet.len > 0 && n < packet.len; n++) {
            struct packet_header h;
            bool end;
            size_t seen;
            struct source *part = NULL;
            AUTO(source_close) struct source *s = kit_pieces(slice_of(packet.data, n));
            err *e = packet_read_header(s, &h, &end);
            if (e != NULL) {
                FAILS(ERR_MALFORMED, e);
                assert_true(n < 6);
                continue;
            }
            OK(body_read_new(s, &h, &part));
            if (how == LEGACY_END)
                OK(kit_try(part, &seen));
            else
                FAILS(ERR_INTEGRITY, kit_try(part, &seen));
            assert_true(seen < 700 || (how == PARTS && seen == 700));
        }
    }
}

/* Only data may come in parts or without a length [RFC9580 4.2.1.4]. */
static void other_packets_have_definite_lengths(void **state)
{
    (void)state;
    struct slice body = kit_data(512);
    for (unsigned type = 1; type < 64; type++) {
        struct buf *parts = unit_keep(), *open = unit_keep();
        buf_u8(parts, (uint8_t)(0xC0 | type));
        buf_u8(parts, 224 + 9);
        buf_bytes(parts, body);
        buf_u8(parts, 0);
        buf_u8(open, (uint8_t)(0x83 | type << 2));
        buf_bytes(open, body);
        struct buf *const both[] = {parts, type < 16 ? open : parts};
        for (int i = 0; i < 2; i++) {
            struct packet_header h;
            bool end;
            CLEANUP(buf_clear) struct buf b = BUF_EMPTY(1000);
            AUTO(source_close) struct source *s = kit_pieces(buf_view(both[i]));
            OK(packet_read_header(s, &h, &end));
            if (packet_is_data((uint8_t)type))
                OK(packet_read_body(s, &h, &b));
            else
                FAILS(ERR_MALFORMED, packet_read_body(s, &h, &b));
            assert_int_equal(b.len, packet_is_data((uint8_t)type) ? 512 : 0);
        }
    }
}

static void packets_are_walked_in_memory(void **state)
{
    (void)state;
    struct packet p;
    struct slice bytes = unit_hex("CD 02 4142  B4 01 43  C2 00");
    struct reader r = reader_init(bytes, "packets");
    OK(packet_next(&r, &p));
    SAME(p.body, SLICE_TEXT("AB"));
    SAME(p.whole, unit_hex("CD 02 4142"));
    OK(packet_next(&r, &p));
    assert_int_equal(p.type, PACKET_USER_ID);
    SAME(p.whole, unit_hex("B4 01 43"));
    OK(packet_next(&r, &p));
    assert_int_equal(p.body.len, 0);
    OK(reader_end(&r));
    static const char *const bad[] = {"CD 03 4142", "CB E1 4142 00", "C0 01 41", "CD", "02 4142"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        r = reader_init(unit_hex(bad[i]), "packets");
        FAILS(ERR_MALFORMED, packet_next(&r, &p));
    }
}

/* Bodies: writing */

/* Walks the length headers; the first part must not be short, the last one not
 * be partial.  Returns the number of parts. */
static unsigned check_parts(struct slice packet, size_t total)
{
    unsigned n = 0;
    size_t len = 0;
    struct reader r = reader_init(slice_from(packet, 1), "parts");
    assert_int_equal(packet.data[0], 0xC0 | PACKET_LITERAL);
    for (bool last = false; !last; n++) {
        uint8_t octet = reader_peek(&r);
        last = octet < 224 || octet == 255;
        size_t part = last ? packet_read_length(&r) : (size_t)1 << (reader_u8(&r) & 31);
        assert_true(last || n > 0 || part >= 512);
        len += reader_bytes(&r, part).len;
    }
    OK(reader_end(&r));
    assert_int_equal(len, total);
    return n;
}

static void bodies_are_written_and_read_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SIZES; i++) {
        struct slice body = kit_data(sizes[i]);
        struct source *s = NULL, *whole = NULL;
        OK(body_write_new(kit_pieces(body), PACKET_LITERAL, &s));
        struct slice packet = kit_read(s);
        assert_int_equal(check_parts(packet, body.len) > 1, body.len >= 512);
        check_reads(packet, body, false);
        /* Where upstream shows everything at once, too. */
        OK(input_from_memory(body, &whole));
        OK(body_write_new(whole, PACKET_LITERAL, &s));
        packet = kit_read(s);
        check_parts(packet, body.len);
        check_reads(packet, body, false);
    }
}

/* With what stands before it, no multiple of three. */
static void padded_bodies_are_of_the_right_length(void **state)
{
    (void)state;
    for (size_t size = 500; size < 1100; size += size == 515 ? 500 : 1) {
        for (uint64_t before = 0; before < 3; before++) {
            struct slice body = kit_data(size);
            struct source *s = NULL;
            OK(body_write_padded(kit_pieces(body), PACKET_LITERAL, before, &s));
            struct slice packet = kit_read(s);
            bool in_parts = check_parts(packet, size) > 1;
            assert_true(in_parts || size <= 512);
            check_reads(packet, body, false);
            if (in_parts)
                assert_int_not_equal((packet.len + before) % 3, 0);
        }
    }
}

static void failures_of_upstream_go_through(void **state)
{
    (void)state;
    size_t seen;
    struct packet_header h = {.length = PACKET_FIXED, .len = 5000};
    struct source *s = NULL, *failing = kit_failing(kit_data(5000), 3000);
    OK(body_write_new(failing, PACKET_LITERAL, &s));
    FAILS(ERR_IO, kit_try(s, &seen));
    assert_true(seen < 3000);
    failing = kit_failing(kit_data(5000), 3000);
    OK(body_read_new(failing, &h, &s));
    FAILS(ERR_IO, kit_try(s, &seen));
    assert_int_equal(seen, 3000);
    source_close(failing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_read),
        cmocka_unit_test(cut_headers_are_malformed),
        cmocka_unit_test(what_is_no_packet_is_refused),
        cmocka_unit_test(types_are_told_apart),
        cmocka_unit_test(lengths_are_written_as_short_as_they_can_be),
        cmocka_unit_test(bodies_are_read_in_every_framing),
        cmocka_unit_test(the_example_in_parts_is_read),
        cmocka_unit_test(cut_bodies_are_noticed),
        cmocka_unit_test(other_packets_have_definite_lengths),
        cmocka_unit_test(packets_are_walked_in_memory),
        cmocka_unit_test(bodies_are_written_and_read_again),
        cmocka_unit_test(padded_bodies_are_of_the_right_length),
        cmocka_unit_test(failures_of_upstream_go_through),
    };
    return cmocka_run_group_tests_name("packet", tests, NULL, NULL);
}
