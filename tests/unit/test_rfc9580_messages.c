/* A.8 to A.11 of RFC 9580: session keys behind a passphrase, and data sealed with
 * OCB, EAX and GCM.  The session key of A.8 is in test_rfc9580_x25519.c, A.12 in
 * test_rfc9580_argon2.c. */
#include "unit.h"
#include "kit.h"
#include "rfc9580.h"

#include "crypto/kdf.h"
#include "packet/body.h"
#include "packet/container.h"
#include "packet/skesk.h"
#include "stream/chunks.h"

enum { KEY = 16, PLAIN = 37, PASSPHRASE_COUNT = 65011712 };

struct message {
    const char *path, *esk_path, *seipd_path;
    uint8_t mode;
    const char *session_key;

    /* Of the passphrase's packet. */
    const char *s2k, *derived, *info, *kek, *nonce, *esk, *tag;

    /* Of the data. */
    const char *salt, *ad, *message_key, *iv, *nonce0, *chunk, *chunk_tag;
    const char *padding, *nonce1, *final_ad, *final_tag;
};

/* The same in every message. */
#define LITERAL "cb 13 62 00 00 00 00 00 48 65 6c 6c 6f 2c 20 77 6f 72 6c 64 21"

/* [RFC9580 A.8] */
static const struct message a8 = {
    .path = "A.8-x25519-aead-ocb-message.asc",
    .esk_path = "A.8.1-pkesk6.hex",
    .seipd_path = "A.8.3-seipd2.hex",
    .mode = AEAD_OCB,
    .session_key = "dd 70 8f 6f a1 ed 65 11 4d 68 d2 34 3e 7c 2f 1d",
    .salt = "61 64 16 53 5b e0 b0 71 6d 60 e0 52 a5 6c 4c 40"
            "7f 9e b3 6b 0e fa fe 9a d0 a0 df 9b 03 3c 69 a2",
    .ad = "d2 02 07 02 06",
    .message_key = "45 12 f7 14 9d 86 33 41 52 7c 65 67 d5 bf fc 42",
    .iv = "5f af 32 50 21 2f f9",
    .nonce0 = "5f af 32 50 21 2f f9 00 00 00 00 00 00 00 00",
    .chunk = "1b a9 eb d2 c0 ec 95 bf 56 9d 25 c9 99 ee 4a 3d e1 70 58 f4"
             "0d fa 8b 4c 68 2b e3 fb bb d7 b2 7e b0 f5 9b b5 00",
    .chunk_tag = "5f 80 c7 c6 f4 03 88 c3 0a d4 06 ab 05 13 dc d6",
    .padding = "d5 0e c5 a2 93 07 29 91 62 81 47 d7 2c 8f 86 b7",
    .nonce1 = "5f af 32 50 21 2f f9 00 00 00 00 00 00 00 01",
    .final_ad = "d2 02 07 02 06 00 00 00 00 00 00 00 25",
    .final_tag = "f9 fd 73 76 56 28 6e 11 77 d0 0f 88 8a db 31 c4",
};

/* [RFC9580 A.9] */
static const struct message a9 = {
    .path = "A.9-skesk6-aead-eax-message.asc",
    .esk_path = "A.9.1-skesk6.hex",
    .seipd_path = "A.9.3-seipd2.hex",
    .mode = AEAD_EAX,
    .session_key = "38 81 ba fe 98 54 12 45 9b 86 c3 6f 98 cb 9a 5e",
    .s2k = "03 08 a5 ae 57 9d 1f c5 d8 2b ff",
    .derived = "15 49 67 e5 90 aa 1f 92 3e 1c 0a c6 4c 88 f2 3d",
    .info = "c3 06 07 01",
    .kek = "2f ce 33 1f 39 dd 95 5c c4 1e 95 d8 70 c7 21 39",
    .nonce = "69 22 4f 91 99 93 b3 50 6f a3 b5 9a 6a 73 cf f8",
    .esk = "c5 ef c5 f4 1c 57 fb 54 e1 c2 26 81 5d 78 28 f5",
    .tag = "f9 2c 45 4e b6 5e be 00 ab 59 86 c6 8e 6e 7c 55",
    .salt = "9f f9 0e 3b 32 19 64 f3 a4 29 13 c8 dc c6 61 93"
            "25 01 52 27 ef b7 ea ea a4 9f 04 c2 e6 74 17 5d",
    .ad = "d2 02 07 01 06",
    .message_key = "b5 04 22 ac 1c 26 be 9d dd 83 1d 5b bb 36 b6 4f",
    .iv = "78 b8 33 f2 e9 4a 60 c0",
    .nonce0 = "78 b8 33 f2 e9 4a 60 c0 00 00 00 00 00 00 00 00",
    .chunk = "4a 3d 22 6e d6 af cb 9c a9 ac 12 2c 14 70 e1 1c 63 d4 c0 ab"
             "24 1c 6a 93 8a d4 8b f9 9a 5a 99 b9 0b ba 83 25 de",
    .chunk_tag = "61 04 75 40 25 8a b7 95 9a 95 ad 05 1d da 96 eb",
    .padding = "d5 0e ae 5b f0 cd 67 05 50 03 55 81 6c b0 c8 ff",
    .nonce1 = "78 b8 33 f2 e9 4a 60 c0 00 00 00 00 00 00 00 01",
    .final_ad = "d2 02 07 01 06 00 00 00 00 00 00 00 25",
    .final_tag = "15 43 1d fe f5 f5 e2 25 5c a7 82 61 54 6e 33 9a",
};

/* [RFC9580 A.10] */
static const struct message a10 = {
    .path = "A.10-skesk6-aead-ocb-message.asc",
    .esk_path = "A.10.1-skesk6.hex",
    .seipd_path = "A.10.3-seipd2.hex",
    .mode = AEAD_OCB,
    .session_key = "28 e7 9a b8 23 97 d3 c6 3d e2 4a c2 17 d7 b7 91",
    .s2k = "03 08 56 a2 98 d2 f5 e3 64 53 ff",
    .derived = "e8 0d e2 43 a3 62 d9 3b 9d c6 07 ed e9 6a 73 56",
    .info = "c3 06 07 02",
    .kek = "38 a9 b3 45 b5 68 0b b6 1b b6 5d 73 ee c7 ec d9",
    .nonce = "cf cc 5c 11 66 4e db 9d b4 25 90 d7 dc 46 b0",
    .esk = "72 41 b6 12 c3 81 2c ff fb ea 00 f2 34 7b 25 64",
    .tag = "11 23 f8 87 ae 60 d4 fd 61 4e 08 37 d8 19 d3 6c",
    .salt = "20 a6 61 f7 31 fc 9a 30 32 b5 62 33 26 02 7e 3a"
            "5d 8d b5 74 8e be ff 0b 0c 59 10 d0 9e cd d6 41",
    .ad = "d2 02 07 02 06",
    .message_key = "71 66 2a 11 ee 5b 4e 08 14 4e 6d e8 83 a0 09 99",
    .iv = "eb de 12 bb 57 0d cf",
    .nonce0 = "eb de 12 bb 57 0d cf 00 00 00 00 00 00 00 00",
    .chunk = "ff 9f d3 85 62 75 80 35 bc 49 75 4c e1 bf 3f ff a7 da d0 a3"
             "b8 10 4f 51 33 cf 42 a4 10 0a 83 ee f4 ca 1b 48 01",
    .chunk_tag = "a8 84 6b f4 2b cd a7 c8 ce 9d 65 e2 12 f3 01 cb",
    .padding = "d5 0e ae 6a a1 64 9b 56 aa 83 5b 26 13 90 2b d2",
    .nonce1 = "eb de 12 bb 57 0d cf 00 00 00 00 00 00 00 01",
    .final_ad = "d2 02 07 02 06 00 00 00 00 00 00 00 25",
    .final_tag = "cd 98 fd ca de 69 4a 87 7a d4 24 73 23 f6 e8 57",
};

/* [RFC9580 A.11] */
static const struct message a11 = {
    .path = "A.11-skesk6-aead-gcm-message.asc",
    .esk_path = "A.11.1-skesk6.hex",
    .seipd_path = "A.11.3-seipd2.hex",
    .mode = AEAD_GCM,
    .session_key = "19 36 fc 85 68 98 02 74 bb 90 0d 83 19 36 0c 77",
    .s2k = "03 08 e9 d3 97 85 b2 07 00 08 ff",
    .derived = "25 02 81 71 5b ba 78 28 ef 71 ef 64 c4 78 47 53",
    .info = "c3 06 07 03",
    .kek = "7a 6f 9a b7 f9 9f 7e f8 db ef 84 1c 65 08 00 f5",
    .nonce = "b4 2e 7c 48 3e f4 88 44 57 cb 37 26",
    .esk = "b9 b3 db 9f f7 76 e5 f4 d9 a4 09 52 e2 44 72 98",
    .tag = "85 1a bf ff 75 26 df 2d d5 54 41 75 79 a7 79 9f",
    .salt = "fc b9 44 90 bc b9 8b bd c9 d1 06 c6 09 02 66 94"
            "0f 72 e8 9e dc 21 b5 59 6b 15 76 b1 01 ed 0f 9f",
    .ad = "d2 02 07 03 06",
    .message_key = "ea 14 38 80 3c b8 a4 77 40 ce 9b 54 c3 38 77 8d",
    .iv = "4d 2b dc 2b",
    .nonce0 = "4d 2b dc 2b 00 00 00 00 00 00 00 00",
    .chunk = "fc 6f c6 d6 5b bf d2 4d cd 07 90 96 6e 6d 1e 85 a3 00 53 78"
             "4c b1 d8 b6 a0 69 9e f1 21 55 a7 b2 ad 62 58 53 1b",
    .chunk_tag = "57 65 1f d7 77 79 12 fa 95 e3 5d 9b 40 21 6f 69",
    .padding = "d5 0e 1c e2 26 9a 9e dd ef 81 03 21 72 b7 ed 7c",
    .nonce1 = "4d 2b dc 2b 00 00 00 00 00 00 00 01",
    .final_ad = "d2 02 07 03 06 00 00 00 00 00 00 00 25",
    .final_tag = "a4 c2 48 db 28 ff 43 31 f1 63 29 07 39 9e 6f f9",
};

/* The armor holds the two packets of the dumps. */
static struct slice body_of(const struct message *m, unsigned index, uint8_t type)
{
    struct slice packets = rfc9580_packets(m->path, ARMOR_MESSAGE);
    SAME(packets, unit_joined(rfc9580_hex(m->esk_path), rfc9580_hex(m->seipd_path)));
    return rfc9580_body(packets, index, type);
}

/* SEIPD version 2 */

static struct slice plain_of(const struct message *m)
{
    return unit_joined(unit_hex(LITERAL), unit_hex(m->padding));
}

static void check_header(const struct message *m)
{
    struct encdata h;
    struct buf *b = unit_keep();
    uint8_t ad[ENCDATA_AD];
    struct slice body = body_of(m, 1, PACKET_SEIPD);
    struct source *s = kit_pieces(body);
    OK(encdata_read(s, PACKET_SEIPD, &h));
    assert_int_equal(h.kind, ENCDATA_AEAD);
    assert_int_equal(h.cipher, CIPHER_AES128);
    assert_int_equal(h.aead, m->mode);
    assert_int_equal(1 << (h.chunk_octet + 6), 1 << 12);
    SAME(SLICE_OF(h.salt), unit_hex(m->salt));
    encdata_ad(&h, ad);
    SAME(SLICE_OF(ad), unit_hex(m->ad));
    encdata_write(&h, b);
    buf_bytes(b, kit_read(s));
    SAME(buf_view(b), body);
}

static struct slice sealed_of(const struct message *m)
{
    struct slice chunks = unit_joined(unit_hex(m->chunk), unit_hex(m->chunk_tag));
    return unit_joined(chunks, unit_hex(m->final_tag));
}

static void check_derivation(const struct message *m)
{
    struct slice iv = unit_hex(m->iv);
    AUTO(secret_free) struct secret *derived = NULL;
    OK(kdf_hkdf(HASH_SHA256, unit_hex(m->session_key), unit_hex(m->salt), unit_hex(m->ad),
                KEY + iv.len, &derived));
    SAME(secret_view(derived), unit_joined(unit_hex(m->message_key), iv));
    SAME(unit_hex(m->nonce0), unit_joined(iv, unit_hex("0000000000000000")));
    SAME(unit_hex(m->nonce1), unit_joined(iv, unit_hex("0000000000000001")));
    SAME(unit_hex(m->final_ad), unit_joined(unit_hex(m->ad), unit_hex("0000000000000025")));
}

static void check_chunk(const struct message *m)
{
    AUTO(aead_free) struct aead *a = NULL;
    uint8_t out[PLAIN], tag[TAG_LEN];
    struct slice plain = plain_of(m), ad = unit_hex(m->ad), nonce = unit_hex(m->nonce0);
    OK(aead_new(CIPHER_AES128, m->mode, unit_hex(m->message_key), &a));
    assert_int_equal(aead_nonce_len(a), nonce.len);
    assert_int_equal(plain.len, PLAIN);
    assert_true(aead_open(a, nonce.data, ad, out, unit_hex(m->chunk), unit_hex(m->chunk_tag).data));
    SAME(SLICE_OF(out), plain);
    aead_seal(a, nonce.data, ad, out, plain, tag);
    SAME(SLICE_OF(out), unit_hex(m->chunk));
    SAME(SLICE_OF(tag), unit_hex(m->chunk_tag));
    nonce = unit_hex(m->nonce1);
    ad = unit_hex(m->final_ad);
    assert_true(aead_open(a, nonce.data, ad, out, SLICE_EMPTY, unit_hex(m->final_tag).data));
    aead_seal(a, nonce.data, ad, out, SLICE_EMPTY, tag);
    SAME(SLICE_OF(tag), unit_hex(m->final_tag));
}

typedef err *chunks_stage(struct source *, const struct chunks_params *, struct source **);

static struct source *stage(chunks_stage *make, const struct message *m, struct slice input,
                            struct pool *pool)
{
    struct source *s = NULL;
    struct slice iv = unit_hex(m->iv), ad = unit_hex(m->ad);
    struct chunks_params p = {.size_octet = 6, .pool = pool};
    memcpy(p.ad, ad.data, sizeof p.ad);
    memcpy(p.nonce, iv.data, iv.len);
    OK(aead_new(CIPHER_AES128, m->mode, unit_hex(m->message_key), &p.aead));
    OK(make(kit_pieces(input), &p, &s));
    return s;
}

static void check_stages(const struct message *m)
{
    AUTO(pool_free) struct pool *pool = NULL;
    size_t seen;
    struct slice body = body_of(m, 1, PACKET_SEIPD), sealed = sealed_of(m);
    OK(pool_new(1, &pool));
    SAME(slice_from(body, 4 + ENCDATA_SALT), sealed);
    SAME(kit_read(stage(chunks_open, m, sealed, pool)), plain_of(m));
    SAME(kit_read(stage(chunks_seal, m, plain_of(m), pool)), sealed);
    for (size_t bit = 0; bit < 8 * sealed.len; bit += 9)
        FAILS(ERR_INTEGRITY,
              kit_try(stage(chunks_open, m, unit_flipped(sealed, bit), pool), &seen));
}

/* Literal data and padding, which writing makes again. */
static void check_plain(const struct message *m)
{
    struct literal l;
    struct packet_header h;
    bool end;
    struct buf *b = unit_keep(), *packet = unit_keep(), *padding = unit_keep();
    struct source *s = kit_pieces(plain_of(m)), *body = NULL;
    OK(packet_read_header(s, &h, &end));
    assert_int_equal(h.type, PACKET_LITERAL);
    OK(body_read_new(s, &h, &body));
    OK(literal_read(body, &l));
    assert_int_equal(l.format, 'b');
    assert_int_equal(l.name_len, 0);
    assert_int_equal(l.date, 0);
    struct slice text = kit_read(body);
    SAME(text, SLICE_TEXT("Hello, world!"));
    SAME(text, unit_vector("rfc9580/hello-world.txt"));
    literal_write(&l, b);
    buf_bytes(b, text);
    packet_write(packet, PACKET_LITERAL, buf_view(b));
    SAME(buf_view(packet), unit_hex(LITERAL));
    OK(packet_read_header(s, &h, &end));
    assert_int_equal(h.type, PACKET_PADDING);
    OK(packet_read_body(s, &h, padding));
    SAME(buf_view(padding), slice_from(unit_hex(m->padding), 2));
    OK(packet_read_header(s, &h, &end));
    assert_true(end);
    source_close(s);
}

static void check_data(const struct message *m)
{
    check_header(m);
    check_derivation(m);
    check_chunk(m);
    check_stages(m);
    check_plain(m);
}

/* Version 6 packets for a passphrase */

static void check_skesk_fields(const struct message *m, struct skesk *out)
{
    struct buf *s2k = unit_keep();
    struct reader r = reader_init(body_of(m, 0, PACKET_SKESK), "session key packet");
    OK(skesk_parse(&r, out));
    assert_int_equal(out->version, 6);
    assert_int_equal(out->cipher, CIPHER_AES128);
    assert_int_equal(out->aead, m->mode);
    assert_int_equal(out->s2k.type, S2K_ITERATED);
    assert_int_equal(out->s2k.hash, HASH_SHA256);
    assert_int_equal(s2k_count(&out->s2k), PASSPHRASE_COUNT);
    s2k_write(&out->s2k, s2k);
    SAME(buf_view(s2k), unit_hex(m->s2k));
    SAME(out->iv, unit_hex(m->nonce));
    SAME(out->esk, unit_hex(m->esk));
    SAME(out->tag, unit_hex(m->tag));
}

/* Derived key, key encryption key, session key, and back. */
static void check_skesk_steps(const struct message *m, const struct skesk *s)
{
    AUTO(secret_free) struct secret *passphrase = unit_secret(SLICE_TEXT("password"));
    AUTO(secret_free) struct secret *derived = NULL, *kek = NULL;
    AUTO(aead_free) struct aead *a = NULL;
    struct slice info = unit_hex(m->info), nonce = unit_hex(m->nonce);
    uint8_t out[KEY], tag[TAG_LEN];
    OK(s2k_derive(&s->s2k, passphrase, KEY, &s2k_default_limits, &derived));
    SAME(secret_view(derived), unit_hex(m->derived));
    OK(kdf_hkdf(HASH_SHA256, secret_view(derived), SLICE_EMPTY, info, KEY, &kek));
    SAME(secret_view(kek), unit_hex(m->kek));
    OK(aead_new(CIPHER_AES128, m->mode, secret_view(kek), &a));
    assert_int_equal(aead_nonce_len(a), nonce.len);
    assert_true(aead_open(a, nonce.data, info, out, unit_hex(m->esk), unit_hex(m->tag).data));
    SAME(SLICE_OF(out), unit_hex(m->session_key));
    aead_seal(a, nonce.data, info, out, unit_hex(m->session_key), tag);
    SAME(SLICE_OF(out), unit_hex(m->esk));
    SAME(SLICE_OF(tag), unit_hex(m->tag));
}

static void check_skesk(const struct message *m)
{
    struct skesk s;
    uint8_t cipher = 0;
    struct secret *none = NULL;
    AUTO(secret_free) struct secret *right = unit_secret(SLICE_TEXT("password"));
    AUTO(secret_free) struct secret *wrong = unit_secret(SLICE_TEXT("Password"));
    AUTO(secret_free) struct secret *key = NULL;
    check_skesk_fields(m, &s);
    check_skesk_steps(m, &s);
    OK(skesk_unwrap(&s, right, &s2k_default_limits, &cipher, &key));
    SAME(secret_view(key), unit_hex(m->session_key));
    FAILS(ERR_CANNOT_DECRYPT, skesk_unwrap(&s, wrong, &s2k_default_limits, &cipher, &none));
    assert_null(none);
}

static void a8_data(void **state)
{
    (void)state;
    check_data(&a8);
}

static void a9_eax(void **state)
{
    (void)state;
    check_skesk(&a9);
    check_data(&a9);
}

static void a10_ocb(void **state)
{
    (void)state;
    check_skesk(&a10);
    check_data(&a10);
}

static void a11_gcm(void **state)
{
    (void)state;
    check_skesk(&a11);
    check_data(&a11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a8_data),
        cmocka_unit_test(a9_eax),
        cmocka_unit_test(a10_ocb),
        cmocka_unit_test(a11_gcm),
    };
    return cmocka_run_group_tests_name("rfc9580 messages", tests, NULL, NULL);
}
