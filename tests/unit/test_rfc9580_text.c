/* A.6 and A.7 of RFC 9580: the same signature over a text, as a cleartext signed
 * message and inline. */
#include "unit.h"
#include "kit.h"
#include "rfc9580.h"

#include "base/when.h"
#include "packet/body.h"
#include "packet/container.h"
#include "packet/onepass.h"
#include "packet/sig.h"
#include "stream/lines.h"
#include "stream/tap.h"

/* From the annotated dump [RFC9580 A.6] */
#define SALT    "76495f50218890f7f5e2ee3c1822514f70500f551d86e5c921e404e34a53fbac"
#define FPR     "cb186c4f0609a697e4d52dfa6c722b0c1f1e27c18a56708f6525ec27bad9acc9"
#define CREATED "2022-12-13T16:08:03Z"
#define HEAD    "06 01 1b 0a 00000029"
#define HASHED  "05 82 6398a363 22 21 06" FPR
#define LEFT16  "6936"
#define FIELDS                                                                                     \
    "27d06fb80aa8fc5bcb16e19631b280740f9ea6aed5e073ad00f9415a653c40e7"                             \
    "7a6ae77e692ba71d069a109fa24c58cfd8e316d0a06b34ad9acb8e5c5f521501"
#define DIGEST                                                                                     \
    "69365bf44a97af1f0844f1f6ab83fdf6b36f26692efaa621a8aac91c4e29ea07"                             \
    "e894cabc6e2f20eedfce6c03b89141a2cc7cbe245e6e7a5654addbec5000b89b"

static struct slice document(void)
{
    return unit_vector("rfc9580/A.6-document.txt");
}

static struct slice dearmored(struct source *s, enum armor_kind kind)
{
    enum armor_kind found;
    OK(armor_find(s, &found));
    assert_int_equal(found, kind);
    OK(armor_decode(s, found, ARMOR_ONE, &s));
    return kit_read(s);
}

/* [RFC9580 A.4], whose public part is that of A.3. */
static struct seckey signing_key(void)
{
    struct slice public = rfc9580_packets("A.3-v6-certificate.asc", ARMOR_PUBLIC_KEY);
    struct slice secret = rfc9580_packets("A.4-v6-secret-key.asc", ARMOR_PRIVATE_KEY);
    struct slice body = rfc9580_body(secret, 0, PACKET_SECRET_KEY);
    struct seckey k = rfc9580_seckey(body, PACKET_SECRET_KEY);
    SAME(k.public.body, rfc9580_body(public, 0, PACKET_PUBLIC_KEY));
    SAME(fingerprint_view(&k.public.fpr), unit_hex(FPR));
    return k;
}

static struct digest *started(struct slice salt)
{
    struct digest *d = NULL;
    OK(sig_digest_start(HASH_SHA512, salt, &d));
    return d;
}

/* The signature's fields are those of the dump; writing them makes its packet. */
static struct sig signature(struct slice body)
{
    struct sig s;
    struct buf *b = unit_keep();
    char at[WHEN_TEXT_SIZE];
    OK(sig_parse(body, &s));
    assert_null(s.flaw);
    assert_int_equal(s.version, 6);
    assert_int_equal(s.type, SIG_TEXT);
    assert_int_equal(s.pk_algo, PK_ED25519);
    assert_int_equal(s.hash_algo, HASH_SHA512);
    assert_true(s.has_created);
    when_text(s.created_at, at);
    assert_string_equal(at, CREATED);
    SAME(fingerprint_view(&s.issuer.fpr), unit_hex(FPR));
    SAME(s.signed_part, unit_hex(HEAD HASHED));
    SAME(s.hashed, unit_hex(HASHED));
    assert_int_equal(s.unhashed.len, 0);
    SAME(SLICE_OF(s.left16), unit_hex(LEFT16));
    SAME(s.salt, unit_hex(SALT));
    SAME(s.fields, unit_hex(FIELDS));
    SAME(body, unit_hex(HEAD HASHED "00000000" LEFT16 "20" SALT FIELDS));
    struct sig_draft draft = {s.version, s.type,     s.pk_algo, s.hash_algo,
                              s.hashed,  s.unhashed, s.salt};
    sig_write_signed_part(b, &draft);
    sig_write_rest(b, &draft, unit_hex(DIGEST), s.fields);
    SAME(buf_view(b), body);
    return s;
}

/* Ends the digest, which must be the one listed, verifies, and signs anew. */
static void check_verifies(const struct sig *s, struct digest *d)
{
    struct seckey k = signing_key();
    struct world w = unit_world(0, 0);
    struct buf *b = unit_keep();
    AUTO(secret_free) struct secret *secret = NULL;
    uint8_t changed[DIGEST_MAX];
    sig_digest_trailer(d, s, SLICE_EMPTY);
    struct slice digest = rfc9580_final(d);
    SAME(digest, unit_hex(DIGEST));
    assert_true(pubkey_matches(&k.public, &s->issuer));
    assert_true(sig_verify_digest(s, &k.public, digest));
    memcpy(changed, digest.data, sizeof changed);
    changed[DIGEST_MAX - 1] ^= 1;
    assert_false(sig_verify_digest(s, &k.public, SLICE_OF(changed)));
    OK(secret_of(k.content, &secret));
    OK(pk_sign(PK_ED25519, k.public.material, secret, &w, HASH_SHA512, digest, b));
    SAME(buf_view(b), s->fields);
}

/* [RFC9580 A.6] */

/* The text of the cleartext message, as text and hashed, and its signature. */
static struct slice read_cleartext(struct tap_digest *digest, struct slice *packets)
{
    enum armor_kind kind;
    uint8_t blank;
    struct source *message = kit_pieces(unit_vector("rfc9580/A.6-cleartext-signed.asc"));
    struct source *s = NULL;
    OK(armor_find(message, &kind));
    assert_int_equal(kind, ARMOR_SIGNED_MESSAGE);
    OK(source_read_exact(message, &blank, 1)); /* no headers */
    assert_int_equal(blank, '\n');
    OK(lines_unescape(message, &s));
    OK(tap_new(s, digest, 1, NULL, &s));
    struct slice text = kit_read(s);
    *packets = dearmored(message, ARMOR_SIGNATURE);
    return text;
}

static void a6_hashed_octets(void **state)
{
    (void)state;
    uint8_t digest[DIGEST_MAX];
    struct buf *b = unit_keep(), *text = unit_keep();
    struct slice document_bytes = document();
    for (size_t i = 0; i < document_bytes.len; i++) {
        if (document_bytes.data[i] == '\n')
            buf_u8(text, '\r');
        buf_u8(text, document_bytes.data[i]);
    }
    buf_bytes(b, unit_hex(SALT));
    buf_bytes(b, buf_view(text));
    buf_bytes(b, unit_hex(HEAD HASHED "06 ff 00000031"));
    SAME(buf_view(b), rfc9580_hex("A.6-hashed.hex"));
    OK(digest_of(HASH_SHA512, rfc9580_hex("A.6-hashed.hex"), digest));
    SAME(SLICE_OF(digest), unit_hex(DIGEST));
}

static void a6_verifies(void **state)
{
    (void)state;
    struct slice packets;
    AUTO(digest_free) struct digest *d = started(unit_hex(SALT));
    struct tap_digest tap = {.digest = d, .text = true};
    SAME(read_cleartext(&tap, &packets), document());
    struct sig s = signature(rfc9580_body(packets, 0, PACKET_SIGNATURE));
    check_verifies(&s, d);
}

/* Escaping the text hashes the same octets and makes the same message. */
static void a6_is_written(void **state)
{
    (void)state;
    struct slice packets;
    struct buf *b = unit_keep();
    struct source *s = NULL;
    AUTO(digest_free) struct digest *d = started(unit_hex(SALT)), *ignored = started(SLICE_EMPTY);
    struct tap_digest tap = {.digest = ignored, .text = true};
    read_cleartext(&tap, &packets);
    tap = (struct tap_digest){.digest = d};
    buf_text(b, "-----BEGIN PGP SIGNED MESSAGE-----\n\n");
    OK(lines_escape(kit_pieces(document()), &tap, 1, &s));
    buf_bytes(b, kit_read(s));
    buf_bytes(b, rfc9580_armored(packets, ARMOR_SIGNATURE));
    SAME(buf_view(b), unit_vector("rfc9580/A.6-cleartext-signed.asc"));
    struct sig sig = signature(rfc9580_body(packets, 0, PACKET_SIGNATURE));
    check_verifies(&sig, d);
}

/* [RFC9580 A.7]: the signature of A.6 with its text. */

static struct slice a7_packets(void)
{
    return rfc9580_packets("A.7-inline-signed.asc", ARMOR_MESSAGE);
}

static struct slice next_body(struct source *s, uint8_t type)
{
    struct packet_header h;
    bool end;
    struct buf *b = unit_keep();
    OK(packet_read_header(s, &h, &end));
    assert_false(end);
    assert_int_equal(h.type, type);
    OK(packet_read_body(s, &h, b));
    return buf_view(b);
}

static struct onepass next_onepass(struct source *s)
{
    struct onepass p;
    struct buf *b = unit_keep();
    struct slice body = next_body(s, PACKET_ONE_PASS);
    struct reader r = reader_init(body, "one-pass signature packet");
    OK(onepass_parse(&r, &p));
    onepass_write(&p, b);
    SAME(buf_view(b), body);
    return p;
}

/* The data, which the digest sees, behind the header of literal data. */
static struct slice next_literal(struct source *s, struct literal *l, struct tap_digest *digest)
{
    struct packet_header h;
    bool end;
    struct source *body = NULL;
    OK(packet_read_header(s, &h, &end));
    assert_false(end);
    assert_int_equal(h.type, PACKET_LITERAL);
    OK(body_read_new(s, &h, &body));
    OK(literal_read(body, l));
    OK(tap_new(body, digest, 1, NULL, &body));
    return kit_read(body);
}

static void check_onepass(const struct onepass *p)
{
    struct seckey k = signing_key();
    assert_int_equal(p->version, 6);
    assert_int_equal(p->type, SIG_TEXT);
    assert_int_equal(p->hash_algo, HASH_SHA512);
    assert_int_equal(p->pk_algo, PK_ED25519);
    SAME(p->salt, unit_hex(SALT));
    SAME(fingerprint_view(&p->issuer.fpr), unit_hex(FPR));
    assert_true(pubkey_matches(&k.public, &p->issuer));
    assert_true(p->last);
}

static void a7_verifies_in_one_pass(void **state)
{
    (void)state;
    bool end;
    struct packet_header h;
    struct literal literal;
    struct source *s = kit_pieces(a7_packets());
    struct onepass p = next_onepass(s);
    check_onepass(&p);
    AUTO(digest_free) struct digest *d = started(p.salt);
    struct tap_digest tap = {.digest = d, .text = true};
    SAME(next_literal(s, &literal, &tap), document());
    assert_int_equal(literal.format, 'u');
    assert_int_equal(literal.name_len, 0);
    assert_int_equal(literal.date, 0);
    struct sig sig = signature(next_body(s, PACKET_SIGNATURE));
    check_verifies(&sig, d);
    OK(packet_read_header(s, &h, &end));
    assert_true(end);
    source_close(s);
}

/* The signature is that of A.6 to the last octet, and writing the three packets
 * makes the same message. */
static void a7_is_written(void **state)
{
    (void)state;
    struct slice packets, body = rfc9580_body(a7_packets(), 2, PACKET_SIGNATURE);
    struct source *s = kit_pieces(a7_packets());
    struct onepass p = next_onepass(s);
    struct literal literal = {.format = 'u'};
    struct buf *onepass = unit_keep(), *content = unit_keep(), *b = unit_keep();
    AUTO(digest_free) struct digest *d = started(SLICE_EMPTY);
    source_close(s);
    struct tap_digest tap = {.digest = d, .text = true};
    read_cleartext(&tap, &packets);
    SAME(body, rfc9580_body(packets, 0, PACKET_SIGNATURE));
    onepass_write(&p, onepass);
    packet_write(b, PACKET_ONE_PASS, buf_view(onepass));
    literal_write(&literal, content);
    buf_bytes(content, document());
    OK(body_write_new(kit_pieces(buf_view(content)), PACKET_LITERAL, &s));
    buf_bytes(b, kit_read(s));
    packet_write(b, PACKET_SIGNATURE, body);
    SAME(buf_view(b), a7_packets());
    SAME(rfc9580_armored(buf_view(b), ARMOR_MESSAGE), unit_vector("rfc9580/A.7-inline-signed.asc"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a6_hashed_octets), cmocka_unit_test(a6_verifies),
        cmocka_unit_test(a6_is_written),    cmocka_unit_test(a7_verifies_in_one_pass),
        cmocka_unit_test(a7_is_written),
    };
    return cmocka_run_group_tests_name("rfc9580 text", tests, NULL, NULL);
}
