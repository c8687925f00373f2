#include "rfc9580.h"

#include "kit.h"

static struct slice vector(const char *file)
{
    AUTO(free) char *path = NULL;
    OK(mem_printf(&path, "rfc9580/%s", file));
    return unit_vector(path);
}

struct slice rfc9580_hex(const char *file)
{
    AUTO(free) char *digits = NULL;
    OK(mem_string_of(vector(file), &digits));
    return unit_hex(digits);
}

struct slice rfc9580_armored(struct slice packets, enum armor_kind kind)
{
    struct source *s = NULL;
    OK(armor_encode(kit_pieces(packets), kind, false, &s));
    return kit_read(s);
}

struct slice rfc9580_dearmored(const char *file, enum armor_kind kind)
{
    enum armor_kind found;
    struct source *s = kit_pieces(vector(file));
    OK(armor_find(s, &found));
    assert_int_equal(found, kind);
    OK(armor_decode(s, found, ARMOR_ONE, &s));
    return kit_read(s);
}

struct slice rfc9580_packets(const char *file, enum armor_kind kind)
{
    struct slice packets = rfc9580_dearmored(file, kind);
    SAME(rfc9580_armored(packets, kind), vector(file));
    return packets;
}

struct packet rfc9580_packet(struct slice packets, unsigned index, uint8_t type)
{
    struct packet p;
    struct reader r = reader_init(packets, "packets");
    for (unsigned i = 0; i <= index; i++)
        OK(packet_next(&r, &p));
    assert_int_equal(p.type, type);
    return p;
}

struct slice rfc9580_body(struct slice packets, unsigned index, uint8_t type)
{
    struct buf *b = unit_keep();
    struct packet p = rfc9580_packet(packets, index, type);
    packet_write(b, p.type, p.body);
    SAME(buf_view(b), p.whole);
    return p.body;
}

void rfc9580_count(struct slice packets, unsigned n)
{
    struct packet p;
    struct reader r = reader_init(packets, "packets");
    for (unsigned i = 0; i < n; i++)
        OK(packet_next(&r, &p));
    OK(reader_end(&r));
}

struct pubkey rfc9580_pubkey(struct slice body)
{
    struct pubkey k;
    struct buf *b = unit_keep();
    struct reader r = reader_init(body, "public key packet");
    OK(pubkey_parse(&r, &k));
    OK(reader_end(&r));
    SAME(k.body, body);
    pubkey_write(b, k.version, k.created_at, k.algo, k.material);
    SAME(buf_view(b), body);
    return k;
}

struct seckey rfc9580_seckey(struct slice body, uint8_t type)
{
    struct seckey k;
    struct reader r = reader_init(body, "secret key packet");
    OK(seckey_parse(&r, type, &k));
    assert_int_equal(k.packet_type, type);
    return k;
}

struct slice rfc9580_final(struct digest *d)
{
    uint8_t *room = buf_extend(unit_keep(), DIGEST_MAX);
    return digest_final(d, room);
}
