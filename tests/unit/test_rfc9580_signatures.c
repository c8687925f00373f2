/* A.2 and A.3 of RFC 9580: the signatures' fields, what they hash, and that signing
 * makes them.  Those over a text are in test_rfc9580_text.c. */
#include "unit.h"
#include "kit.h"
#include "rfc9580.h"

#include "base/when.h"
#include "crypto/mpi.h"
#include "packet/sig.h"

static struct slice digest_by(uint8_t hash, struct slice octets)
{
    uint8_t *room = buf_extend(unit_keep(), DIGEST_MAX);
    OK(digest_of(hash, octets, room));
    return slice_of(room, algo_hash(hash)->digest_len);
}

/* A signature without flaws, which is also what writing its fields makes. */
static struct sig signature(struct slice body, struct slice digest)
{
    struct sig s;
    struct buf *b = unit_keep();
    OK(sig_parse(body, &s));
    assert_null(s.flaw);
    struct sig_draft draft = {s.version, s.type,     s.pk_algo, s.hash_algo,
                              s.hashed,  s.unhashed, s.salt};
    sig_write_signed_part(b, &draft);
    SAME(buf_view(b), s.signed_part);
    sig_write_rest(b, &draft, digest, s.fields);
    SAME(buf_view(b), body);
    return s;
}

static void was_created(const struct sig *s, const char *at)
{
    char text[WHEN_TEXT_SIZE];
    assert_true(s->has_created);
    when_text(s->created_at, text);
    assert_string_equal(text, at);
}

/* It verifies, and does not when a bit of anything is another. */
static void check_verifies(const struct sig *s, const struct pubkey *key, struct slice digest)
{
    assert_true(sig_verify_digest(s, key, digest));
    for (size_t bit = 0; bit < 8 * digest.len; bit += 61)
        assert_false(sig_verify_digest(s, key, unit_flipped(digest, bit)));
    struct sig changed = *s;
    for (size_t bit = 0; bit < 8 * s->fields.len; bit += 61) {
        changed.fields = unit_flipped(s->fields, bit);
        assert_false(sig_verify_digest(&changed, key, digest));
    }
    changed = *s;
    changed.left16[1] ^= 1;
    assert_false(sig_verify_digest(&changed, key, digest));
    struct pubkey other = *key;
    other.material = unit_flipped(key->material, 8 * (key->material.len - 1));
    assert_false(sig_verify_digest(s, &other, digest));
}

/* EdDSA takes no random numbers: signing makes the same signature. */
static void check_signs(const struct sig *s, const struct pubkey *key, struct slice secret_bytes,
                        struct slice digest)
{
    struct buf *b = unit_keep();
    struct world w = unit_world(0, 0);
    AUTO(secret_free) struct secret *secret = NULL;
    OK(secret_of(secret_bytes, &secret));
    OK(pk_sign(key->algo, key->material, secret, &w, s->hash_algo, digest, b));
    SAME(buf_view(b), s->fields);
}

/* [RFC9580 A.2] */

#define A2_M      "4f70656e504750040016080006050255f95f9504ff0000000c"
#define A2_DIGEST "f6220a3f757814f4c2176ffbb68b00249cd4ccdc059c4b34ad871f30b1740280"
#define A2_R      "56f90cca98e2102637bd983fdb16c131dfd27ed82bf4dde5606e0d756aed3366"
#define A2_S      "d09c4fa11527f038e0f57f2201d82f2ea2c9033265fa6ceb489e854bae61b404"
#define A2_PACKET                                                                                  \
    "88 5e 04 00 16 08 00 06  05 02 55 f9 5f 95 00 0a"                                             \
    "09 10 8c fd e1 21 97 96  5a 9a f6 22 00 ff 56 f9"                                             \
    "0c ca 98 e2 10 26 37 bd  98 3f db 16 c1 31 df d2"                                             \
    "7e d8 2b f4 dd e5 60 6e  0d 75 6a ed 33 66 01 00"                                             \
    "d0 9c 4f a1 15 27 f0 38  e0 f5 7f 22 01 d8 2f 2e"                                             \
    "a2 c9 03 32 65 fa 6c eb  48 9e 85 4b ae 61 b4 04"

static struct pubkey a1_key(void)
{
    const char *path = "A.1-v4-ed25519legacy-pubkey.asc";
    struct slice packets = rfc9580_packets(path, ARMOR_PUBLIC_KEY);
    return rfc9580_pubkey(rfc9580_body(packets, 0, PACKET_PUBLIC_KEY));
}

static struct sig a2_signature(void)
{
    const char *path = "A.2-v4-ed25519legacy-signature.asc";
    struct slice packets = rfc9580_packets(path, ARMOR_SIGNATURE);
    SAME(packets, unit_hex(A2_PACKET));
    return signature(rfc9580_packet(packets, 0, PACKET_SIGNATURE).body, unit_hex(A2_DIGEST));
}

static void a2_fields(void **state)
{
    (void)state;
    struct sig s = a2_signature();
    char issuer[FPR_TEXT_SIZE];
    assert_int_equal(s.version, 4);
    assert_int_equal(s.type, SIG_BINARY);
    assert_int_equal(s.pk_algo, PK_EDDSA_LEGACY);
    assert_int_equal(s.hash_algo, HASH_SHA256);
    was_created(&s, "2015-09-16T12:24:53Z");
    key_handle_text(&s.issuer, issuer);
    assert_string_equal(issuer, "8CFDE12197965A9A");
    SAME(SLICE_OF(s.left16), unit_hex("f622"));
    struct reader fields = reader_init(s.fields, "signature");
    SAME(mpi_read(&fields), unit_hex(A2_R));
    SAME(mpi_read(&fields), unit_hex(A2_S));
    OK(reader_end(&fields));
}

/* The packet is in the legacy format; a new one differs in its first octet. */
static void a2_framing(void **state)
{
    (void)state;
    struct buf *b = unit_keep();
    struct slice dump = unit_hex(A2_PACKET);
    packet_write(b, PACKET_SIGNATURE, a2_signature().body);
    assert_int_equal(b->data[0], 0xC2);
    SAME(slice_from(buf_view(b), 1), slice_from(dump, 1));
}

static void a2_verifies(void **state)
{
    (void)state;
    struct sig s = a2_signature();
    struct pubkey key = a1_key();
    struct buf *m = unit_keep(), *seed = unit_keep();
    AUTO(digest_free) struct digest *d = NULL;
    OK(sig_digest_start(s.hash_algo, s.salt, &d));
    digest_update(d, unit_vector("rfc9580/A.2-document.txt"));
    sig_digest_trailer(d, &s, SLICE_EMPTY);
    struct slice digest = rfc9580_final(d);
    SAME(digest, unit_hex(A2_DIGEST));
    SAME(digest_by(HASH_SHA256, unit_hex(A2_M)), unit_hex(A2_DIGEST));
    buf_bytes(m, unit_vector("rfc9580/A.2-document.txt"));
    buf_bytes(m, s.signed_part);
    buf_bytes(m, unit_hex("04 ff 0000000c"));
    SAME(buf_view(m), unit_hex(A2_M));
    assert_true(pubkey_matches(&key, &s.issuer));
    check_verifies(&s, &key, digest);
    mpi_write(seed, rfc9580_hex("A.1-secret-seed.hex"));
    check_signs(&s, &key, buf_view(seed), digest);
}

/* [RFC9580 A.3] */

#define A3_FPR "cb186c4f0609a697e4d52dfa6c722b0c1f1e27c18a56708f6525ec27bad9acc9"

static struct slice a3_packets(void)
{
    return rfc9580_packets("A.3-v6-certificate.asc", ARMOR_PUBLIC_KEY);
}

static struct pubkey a3_primary(void)
{
    return rfc9580_pubkey(rfc9580_body(a3_packets(), 0, PACKET_PUBLIC_KEY));
}

/* [RFC9580 A.4] */
static struct slice a4_secret(void)
{
    struct slice packets = rfc9580_packets("A.4-v6-secret-key.asc", ARMOR_PRIVATE_KEY);
    struct slice body = rfc9580_body(packets, 0, PACKET_SECRET_KEY);
    return rfc9580_seckey(body, PACKET_SECRET_KEY).content;
}

struct expected_subpacket {
    uint8_t type;
    bool critical;
    const char *body;
};

/* The hashed area has these subpackets and no others; writing them makes it. */
static void check_hashed(const struct sig *s, const struct expected_subpacket *expected, size_t n)
{
    struct buf *b = unit_keep();
    struct reader r = reader_init(s->hashed, "hashed subpackets");
    for (size_t i = 0; i < n; i++) {
        struct subpacket p = subpacket_next(&r), found;
        assert_int_equal(p.type, expected[i].type);
        assert_int_equal(p.critical, expected[i].critical);
        SAME(p.body, unit_hex(expected[i].body));
        assert_true(sig_find(s, p.type, &found));
        SAME(found.body, p.body);
        subpacket_write(b, p.type, p.critical, p.body);
    }
    OK(reader_end(&r));
    SAME(buf_view(b), s->hashed);
    assert_int_equal(s->unhashed.len, 0);
}

static void check_v6(const struct sig *s, uint8_t type, const char *salt)
{
    char issuer[FPR_TEXT_SIZE];
    struct pubkey key = a3_primary();
    assert_int_equal(s->version, 6);
    assert_int_equal(s->type, type);
    assert_int_equal(s->pk_algo, PK_ED25519);
    assert_int_equal(s->hash_algo, HASH_SHA512);
    SAME(s->salt, unit_hex(salt));
    SAME(fingerprint_view(&s->issuer.fpr), unit_hex(A3_FPR));
    fingerprint_text(&key.fpr, issuer);
    SAME(unit_hex(issuer), unit_hex(A3_FPR));
    assert_true(pubkey_matches(&key, &s->issuer));
}

/* The digest of a self-signature over the primary key and perhaps a subkey. */
static struct slice self_digest(struct slice body, bool with_subkey)
{
    struct sig s;
    AUTO(digest_free) struct digest *d = NULL;
    OK(sig_parse(body, &s));
    OK(sig_digest_start(s.hash_algo, s.salt, &d));
    sig_digest_key(d, s.version, rfc9580_body(a3_packets(), 0, PACKET_PUBLIC_KEY));
    if (with_subkey)
        sig_digest_key(d, s.version, rfc9580_body(a3_packets(), 2, PACKET_PUBLIC_SUBKEY));
    sig_digest_trailer(d, &s, SLICE_EMPTY);
    return rfc9580_final(d);
}

static void check_self_signature(const struct sig *s, struct slice digest, const char *hashed,
                                 const char *left16)
{
    struct pubkey key = a3_primary();
    SAME(digest, digest_by(HASH_SHA512, rfc9580_hex(hashed)));
    SAME(slice_of(digest.data, 2), unit_hex(left16));
    SAME(SLICE_OF(s->left16), unit_hex(left16));
    check_verifies(s, &key, digest);
    check_signs(s, &key, a4_secret(), digest);
}

/* [RFC9580 A.3.1] */
static void a3_direct_key_signature(void **state)
{
    (void)state;
    static const struct expected_subpacket subpackets[] = {
        {SUB_CREATED, true, "63877fe3"},
        {SUB_PREFERRED_CIPHERS, false, "0907"},
        {SUB_PREFERRED_HASHES, false, "0a0e080c"},
        {SUB_PREFERRED_COMPRESSION, false, "00"},
        {SUB_KEY_FLAGS, true, "03"},
        {SUB_FEATURES, false, "09"},
        {SUB_ISSUER_FPR, false, "06" A3_FPR},
        {SUB_PREFERRED_AEAD, false, "09020702"},
    };
    struct slice body = rfc9580_body(a3_packets(), 1, PACKET_SIGNATURE);
    struct slice digest = self_digest(body, false);
    struct sig s = signature(body, digest);
    check_v6(&s, SIG_DIRECT_KEY,
             "103e2d7d227ec0e6d7ce4471db36bfc9"
             "7083253690271498a7ef0576c07faae1");
    was_created(&s, "2022-11-30T16:08:03Z");
    assert_true(s.has_key_flags && s.has_features);
    assert_int_equal(s.key_flags, FLAG_CERTIFY | FLAG_SIGN);
    assert_int_equal(s.features, FEATURE_SEIPD1 | FEATURE_SEIPD2);
    check_hashed(&s, subpackets, sizeof subpackets / sizeof *subpackets);
    check_self_signature(&s, digest, "A.3.1-direct-key-sig-hashed.hex", "ad28");
}

/* [RFC9580 A.3.1] */
static void a3_subkey_binding(void **state)
{
    (void)state;
    static const struct expected_subpacket subpackets[] = {
        {SUB_CREATED, true, "63877fe3"},
        {SUB_KEY_FLAGS, true, "0c"},
        {SUB_ISSUER_FPR, false, "06" A3_FPR},
    };
    struct slice body = rfc9580_body(a3_packets(), 3, PACKET_SIGNATURE);
    struct slice digest = self_digest(body, true);
    struct sig s = signature(body, digest);
    check_v6(&s, SIG_SUBKEY_BINDING,
             "a6e9186d9d5935fc8fe56314cdb52748"
             "6a5a5120f9b762a235a729f039010a56");
    was_created(&s, "2022-11-30T16:08:03Z");
    assert_true(s.has_key_flags && !s.has_features);
    assert_int_equal(s.key_flags, FLAG_ENCRYPT_COMMS | FLAG_ENCRYPT_STORAGE);
    check_hashed(&s, subpackets, sizeof subpackets / sizeof *subpackets);
    check_self_signature(&s, digest, "A.3.1-subkey-binding-sig-hashed.hex", "0401");
    /* It is about both keys. */
    struct pubkey key = a3_primary();
    assert_false(sig_verify_digest(&s, &key, self_digest(body, false)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a2_fields),         cmocka_unit_test(a2_framing),
        cmocka_unit_test(a2_verifies),       cmocka_unit_test(a3_direct_key_signature),
        cmocka_unit_test(a3_subkey_binding),
    };
    return cmocka_run_group_tests_name("rfc9580 signatures", tests, NULL, NULL);
}
