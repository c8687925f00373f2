/* A.12 of RFC 9580: SKESK version 4 with Argon2 before SEIPD version 1.  Every
 * derivation takes 2 GiB of memory and some seconds. */
#include "unit.h"
#include "kit.h"
#include "rfc9580.h"

#include "packet/body.h"
#include "packet/container.h"
#include "packet/skesk.h"
#include "stream/cfb.h"

struct message {
    const char *path;
    uint8_t cipher;
    const char *s2k, *esk; /* from the armor */
    const char *session_key;
};

/* [RFC9580 A.12.1] */
static const struct message a12_1 = {
    .path = "A.12.1-argon2-aes128-message.asc",
    .cipher = CIPHER_AES128,
    .s2k = "04 9c52f83c27f95e50d535440ecdff3136 01 04 15",
    .esk = "9e52fcad22cf3f956542cba794ef840b11",
    .session_key = "01FE16BBACFD1E7B78EF3B865187374F",
};

/* [RFC9580 A.12.2] */
static const struct message a12_2 = {
    .path = "A.12.2-argon2-aes192-message.asc",
    .cipher = CIPHER_AES192,
    .s2k = "04 e14cac4715345918a962dca347e143f8 01 04 15",
    .esk = "8732c9daf6b7146f3fa66a483ddfc7fe6768552e5504b2f017",
    .session_key = "27006DAE68E509022CE45A14E569E91001C2955AF8DFE194",
};

/* [RFC9580 A.12.3] */
static const struct message a12_3 = {
    .path = "A.12.3-argon2-aes256-message.asc",
    .cipher = CIPHER_AES256,
    .s2k = "04 b8789520206ff799c6882c4245a6627c 01 04 15",
    .esk = "9d9f65ecab5a81d0a59bd51a43f67a33fe6ba249521a91aeeb6dd899a5decc68fc",
    .session_key = "BBEDA55B9AAE63DAC45D4F49D89DACF4AF37FEFC13BAB2F1F8E18FB74580D8B0",
};

/* The bodies of the two packets; writing them makes the same message. */
static void bodies_of(const struct message *m, struct slice *skesk, struct slice *seipd)
{
    struct packet p;
    struct buf *b = unit_keep();
    struct slice packets = rfc9580_dearmored(m->path, ARMOR_MESSAGE);
    struct reader r = reader_init(packets, "packets");
    OK(packet_next(&r, &p));
    assert_int_equal(p.type, PACKET_SKESK);
    *skesk = p.body;
    OK(packet_next(&r, &p));
    assert_int_equal(p.type, PACKET_SEIPD);
    *seipd = p.body;
    OK(reader_end(&r));
    packet_write(b, PACKET_SKESK, *skesk);
    packet_write(b, PACKET_SEIPD, *seipd);
    SAME(buf_view(b), packets);
}

/* t, p and m are those of [RFC9580 A.12]. */
static struct skesk parsed(const struct message *m, struct slice body)
{
    struct skesk s;
    struct buf *b = unit_keep();
    struct reader r = reader_init(body, "session key packet");
    OK(skesk_parse(&r, &s));
    assert_int_equal(s.version, 4);
    assert_int_equal(s.cipher, m->cipher);
    assert_int_equal(s.s2k.type, S2K_ARGON2);
    assert_int_equal(s.s2k.passes, 1);
    assert_int_equal(s.s2k.lanes, 4);
    assert_int_equal(s.s2k.memory, 21);
    s2k_write(&s.s2k, b);
    SAME(buf_view(b), unit_hex(m->s2k));
    SAME(s.esk, unit_hex(m->esk));
    return s;
}

static void check_session_key(const struct message *m, struct slice body)
{
    uint8_t cipher = 0;
    AUTO(secret_free) struct secret *passphrase = NULL, *key = NULL;
    struct skesk s = parsed(m, body);
    OK(secret_of(SLICE_TEXT("password"), &passphrase));
    OK(skesk_unwrap(&s, passphrase, &s2k_default_limits, &cipher, &key));
    assert_int_equal(cipher, m->cipher);
    SAME(secret_view(key), unit_hex(m->session_key));
}

static struct cipher *session_cipher(const struct message *m)
{
    struct cipher *c = NULL;
    OK(cipher_new(m->cipher, unit_hex(m->session_key), &c));
    return c;
}

/* Literal data, which writing makes again. */
static void check_plain(struct slice plain)
{
    bool end;
    struct packet_header h;
    struct literal l;
    struct buf *b = unit_keep(), *packet = unit_keep();
    struct source *s = kit_pieces(plain), *body = NULL;
    OK(packet_read_header(s, &h, &end));
    assert_int_equal(h.type, PACKET_LITERAL);
    OK(body_read_new(s, &h, &body));
    OK(literal_read(body, &l));
    struct slice text = kit_read(body);
    SAME(text, SLICE_TEXT("Hello, world!"));
    SAME(text, unit_vector("rfc9580/hello-world.txt"));
    OK(packet_read_header(s, &h, &end));
    assert_true(end);
    source_close(s);
    literal_write(&l, b);
    buf_bytes(b, text);
    packet_write(packet, PACKET_LITERAL, buf_view(b));
    SAME(buf_view(packet), plain);
}

/* The random bytes with which the data was sealed. */
static err *prefix_random(void *context, void *dst, size_t len)
{
    const struct message *m = context;
    struct slice skesk, seipd;
    struct cfb cfb;
    AUTO(cipher_free) struct cipher *c = session_cipher(m);
    bodies_of(m, &skesk, &seipd);
    assert_int_equal(len, BLOCK_MAX);
    cfb_start(&cfb, c, NULL);
    cfb_open(&cfb, dst, seipd.data + 1, len);
    cfb_clear(&cfb);
    return NULL;
}

static void check_data(const struct message *m, struct slice body)
{
    struct message context = *m;
    const struct world w = {.context = &context, .random = prefix_random};
    struct encdata h;
    struct buf *b = unit_keep();
    size_t seen;
    struct source *s = kit_pieces(body);
    OK(encdata_read(s, PACKET_SEIPD, &h));
    assert_int_equal(h.kind, ENCDATA_MDC);
    OK(cfb_open_new(s, session_cipher(m), NULL, &s));
    struct slice plain = kit_read(s);
    check_plain(plain);
    encdata_write(&h, b);
    OK(cfb_seal_new(kit_pieces(plain), session_cipher(m), &w, NULL, &s));
    buf_bytes(b, kit_read(s));
    SAME(buf_view(b), body);
    for (size_t i = 1; i < b->len; i++) {
        b->data[i] ^= (uint8_t)(1 << i % 8);
        s = kit_pieces(slice_from(buf_view(b), 1));
        OK(cfb_open_new(s, session_cipher(m), NULL, &s));
        FAILS(ERR_INTEGRITY, kit_try(s, &seen));
        b->data[i] ^= (uint8_t)(1 << i % 8);
    }
}

static void check_message(const struct message *m)
{
    struct slice skesk, seipd;
    bodies_of(m, &skesk, &seipd);
    check_data(m, seipd);
    check_session_key(m, skesk);
}

static void a12_1_aes128(void **state)
{
    (void)state;
    check_message(&a12_1);
}

static void a12_2_aes192(void **state)
{
    (void)state;
    check_message(&a12_2);
}

static void a12_3_aes256(void **state)
{
    (void)state;
    check_message(&a12_3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a12_1_aes128),
        cmocka_unit_test(a12_2_aes192),
        cmocka_unit_test(a12_3_aes256),
    };
    return cmocka_run_group_tests_name("rfc9580 argon2", tests, NULL, NULL);
}
