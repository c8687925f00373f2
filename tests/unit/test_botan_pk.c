/* Botan's vectors for ECDSA, DSA, Ed448 and Elgamal. */
#include "botan.h"

#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>

#include "crypto/curve.h"
#include "crypto/digest.h"
#include "crypto/group.h"
#include "crypto/mpi.h"
#include "crypto/mpz.h"
#include "crypto/nonce.h"
#include "crypto/pk.h"

/* A number in Botan's notation: 0x before hexadecimal digits, else decimal. */
static void number_of(const struct record *r, const char *name, mpz_t out)
{
    AUTO(free) char *text = NULL;
    OK(mem_string_of(record_text(r, name), &text));
    assert_int_equal(mpz_set_str(out, text, 0), 0);
}

struct hashed {
    uint8_t hash; /* SHA-512 where only the digest is given: it does not matter */
    size_t len;
    uint8_t digest[DIGEST_MAX];
};

/* The digest to be signed; "Raw", also with a hash behind it, means the message
 * itself. */
static struct hashed hashed_of(struct record *r)
{
    static const struct {
        const char *name;
        uint8_t hash;
    } names[] = {
        {"SHA-1", HASH_SHA1},     {"SHA-224", HASH_SHA224}, {"SHA-256", HASH_SHA256},
        {"SHA-384", HASH_SHA384}, {"SHA-512", HASH_SHA512},
    };
    struct slice message = record_hex(r, "Msg");
    struct hashed h = {.hash = HASH_SHA512, .len = message.len};
    if (slice_starts_with(record_text(r, "Hash"), SLICE_TEXT("Raw"))) {
        assert_true(message.len <= sizeof h.digest);
        memcpy(h.digest, message.data, message.len);
        return h;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!record_is(r, "Hash", names[i].name))
            continue;
        h.hash = names[i].hash;
        h.len = algo_hash(h.hash)->digest_len;
        OK(digest_of(h.hash, message, h.digest));
        return h;
    }
    fail_msg("unknown hash");
    return h;
}

/* Verifies r || s over the digest, and again over another, which must fail. */
static bool verifies(uint8_t id, const struct buf *public, struct hashed h, struct slice sig)
{
    CLEANUP(buf_clear) struct buf fields = BUF_EMPTY(PK_FIELDS_MAX);
    mpi_write(&fields, slice_of(sig.data, sig.len / 2));
    mpi_write(&fields, slice_from(sig, sig.len / 2));
    bool good = pk_verify(id, buf_view(public), h.hash, slice_of(h.digest, h.len),
                          buf_view(&fields));
    h.digest[0] ^= 1;
    bool also = pk_verify(id, buf_view(public), h.hash, slice_of(h.digest, h.len),
                          buf_view(&fields));
    assert_false(also);
    return good;
}

/* ECDSA.  Also what makes such signatures, as far as it is ours: k comes from private key
 * and digest alone, and r is the x coordinate of k * G. */

/* [FIPS 186-4 D.1.2.3, D.1.2.4] */
static const struct group_parameters p256 = {
    .len = 32,
    .p = "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF",
    .a = "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC",
    .b = "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B",
    .n = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
    .x = "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296",
    .y = "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5",
};

static const struct group_parameters p384 = {
    .len = 48,
    .p = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
         "FFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFF",
    .a = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
         "FFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFC",
    .b = "B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE814112"
         "0314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF",
    .n = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
         "C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973",
    .x = "AA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B98"
         "59F741E082542A385502F25DBF55296C3A545E3872760AB7",
    .y = "3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147C"
         "E9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F",
};

/* A curve of ours in Botan's words; P-521, whose length is no whole number of limbs, is
 * for Nettle alone. */
struct known {
    const char *name;
    const struct curve *curve;
    const struct group_parameters *parameters;
};

/* Without a curve if we do not have it. */
static struct known known_of(const struct record *r)
{
    const struct known all[] = {
        {"secp256r1", &curve_p256, &p256},
        {"secp384r1", &curve_p384, &p384},
        {"secp521r1", &curve_p521, NULL},
        {"brainpool256r1", &curve_brainpool_p256, curve_brainpool_p256.parameters},
        {"brainpool384r1", &curve_brainpool_p384, curve_brainpool_p384.parameters},
        {"brainpool512r1", &curve_brainpool_p512, curve_brainpool_p512.parameters},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (record_is(r, "Group", all[i].name))
            return all[i];
    }
    return (struct known){0};
}

static void multiply_by_nettle(const mpz_t scalar, uint8_t *x, uint8_t *y, size_t len)
{
    struct ecc_scalar s;
    struct ecc_point p;
    MPZ(px);
    MPZ(py);
    ecc_scalar_init(&s, nettle_get_secp_521r1());
    ecc_point_init(&p, nettle_get_secp_521r1());
    assert_true(ecc_scalar_set(&s, scalar));
    ecc_point_mul_g(&p, &s);
    ecc_point_get(&p, px, py);
    ecc_scalar_clear(&s);
    ecc_point_clear(&p);
    mpz_to_bytes(px, x, len);
    mpz_to_bytes(py, y, len);
}

/* The coordinates of scalar * G. */
static void multiply(const struct known *k, const mpz_t scalar, uint8_t *x, uint8_t *y)
{
    struct group g;
    struct point p;
    uint8_t bytes[FIELD_LEN_MAX];
    const struct group_term term = {bytes, &g.base};
    if (k->parameters == NULL) {
        multiply_by_nettle(scalar, x, y, k->curve->field_len);
        return;
    }
    group_init(&g, k->parameters);
    mpz_to_bytes(scalar, bytes, k->parameters->len);
    group_sum(&g, &term, 1, &p);
    group_store(&g, &p, x, y);
}

/* oid, MPI of the point X * G. */
static void make_public(const struct known *k, const mpz_t x, struct buf *public)
{
    uint8_t point[POINT_MAX] = {0x04};
    const struct curve *c = k->curve;
    multiply(k, x, point + 1, point + 1 + c->field_len);
    buf_u8(public, (uint8_t)c->oid.len);
    buf_bytes(public, c->oid);
    mpi_write(public, slice_of(point, 1 + 2 * (size_t)c->field_len));
}

/* The first candidate below the order. */
static void derive_nonce(struct hashed h, const mpz_t scalar, const mpz_t order, size_t len,
                         mpz_t k)
{
    struct nonce nonce;
    uint8_t x[FIELD_LEN_MAX], e[FIELD_LEN_MAX], bytes[FIELD_LEN_MAX];
    mpz_from_bytes(k, slice_of(h.digest, h.len < len ? h.len : len));
    mpz_mod(k, k, order);
    mpz_to_bytes(k, e, len);
    mpz_to_bytes(scalar, x, len);
    OK(nonce_start(&nonce, h.hash, slice_of(x, len), slice_of(e, len), SLICE_EMPTY));
    do {
        OK(nonce_next(&nonce, bytes, len));
        mpz_from_bytes(k, slice_of(bytes, len));
    } while (mpz_sgn(k) == 0 || mpz_cmp(k, order) >= 0);
}

static bool same_nonce(const struct known *known, const mpz_t scalar, struct hashed h,
                       struct slice sig)
{
    const struct group_parameters *p = known->parameters;
    uint8_t x[FIELD_LEN_MAX], y[FIELD_LEN_MAX];
    MPZ(order);
    MPZ(k);
    MPZ(r);
    assert_int_equal(mpz_set_str(order, p->n, 16), 0);
    derive_nonce(h, scalar, order, p->len, k);
    multiply(known, k, x, y);
    mpz_from_bytes(k, slice_of(x, p->len));
    mpz_mod(k, k, order);
    mpz_from_bytes(r, slice_of(sig.data, p->len));
    return mpz_cmp(k, r) == 0;
}

/* How many cases have told their nonces. */
static size_t nonces;

static enum outcome check_ecdsa(struct record *r, int variant)
{
    MPZ(x);
    CLEANUP(buf_clear) struct buf public = BUF_EMPTY(PK_FIELDS_MAX);
    const struct known k = known_of(r);
    struct slice sig = record_hex(r, "Signature");
    (void)variant;
    if (k.curve == NULL)
        return SKIPPED;
    number_of(r, "X", x);
    make_public(&k, x, &public);
    struct hashed h = hashed_of(r);
    bool raw = slice_starts_with(record_text(r, "Hash"), SLICE_TEXT("Raw"));
    bool good = verifies(PK_ECDSA, &public, h, sig);
    if (k.parameters != NULL && !raw) {
        nonces++;
        assert_true(same_nonce(&k, x, h, sig));
    }
    if (h.len < k.curve->field_len && h.len < 64)
        return good ? WRONG : SKIPPED;
    return good ? ACCEPTED : WRONG;
}

/* Skipped: 35 of curves that we do not have; 39 with digests shorter than the
 * field, which must be refused [RFC9580 5.2.3.2]. */
static void ecdsa(void **state)
{
    (void)state;
    struct botan_file file = {
        .path = "botan-vectors/pubkey_ecdsa_rfc6979.vec", .last = "Signature", .keeps = true};
    botan_run(file, check_ecdsa, 0, (struct tally){.accepted = 30, .skipped = 74});
    assert_int_equal(nonces, 50);
}

static void nonces_of_hashes_that_are_not_sha2(void **state)
{
    (void)state;
    struct nonce n;
    static const uint8_t one[32] = {1};
    const uint8_t others[] = {0, HASH_MD5, HASH_SHA3_256, HASH_SHA3_512, 99};
    for (size_t i = 0; i < sizeof others; i++) {
        err *e = nonce_start(&n, others[i], SLICE_OF(one), SLICE_OF(one), SLICE_EMPTY);
        assert_int_equal(drop(e), ERR_UNSUPPORTED);
    }
}

/* DSA */

static enum outcome check_dsa(struct record *r, int variant)
{
    MPZ(p);
    MPZ(q);
    MPZ(g);
    MPZ(x);
    CLEANUP(buf_clear) struct buf public = BUF_EMPTY(PK_FIELDS_MAX);
    (void)variant;
    number_of(r, "P", p);
    number_of(r, "Q", q);
    number_of(r, "G", g);
    number_of(r, "X", x);
    mpz_to_mpi(p, &public);
    mpz_to_mpi(q, &public);
    mpz_to_mpi(g, &public);
    mpz_powm(x, g, x, p);
    mpz_to_mpi(x, &public);
    struct hashed h = hashed_of(r);
    bool good = verifies(PK_DSA, &public, h, record_hex(r, "Signature"));
    if (h.len * 8 < mpz_sizeinbase(q, 2))
        return good ? WRONG : SKIPPED;
    return good ? ACCEPTED : WRONG;
}

/* Skipped: 5 with digests shorter than q, which must be refused. */
static void dsa(void **state)
{
    (void)state;
    struct botan_file file = {
        .path = "botan-vectors/pubkey_dsa_rfc6979.vec", .last = "Signature", .keeps = true};
    botan_run(file, check_dsa, 0, (struct tally){.accepted = 16, .skipped = 5});
}

/* Ed448 */

static enum outcome check_ed448(struct record *r, int variant)
{
    struct slice message = record_hex(r, "Msg");
    (void)variant;
    if (!record_is(r, "section", "Pure"))
        return SKIPPED;
    bool good = pk_verify(PK_ED448, record_hex(r, "PublicKey"), HASH_SHA512, message,
                          record_hex(r, "Signature"));
    if (message.len < 64)
        return good ? WRONG : SKIPPED;
    return good ? ACCEPTED : REJECTED;
}

/* Skipped: 82 messages shorter than OpenPGP's digests, which must be refused; two
 * with a digest made first, which OpenPGP does not do. */
static void ed448(void **state)
{
    (void)state;
    struct botan_file file = {.path = "botan-vectors/pubkey_ed448.vec", .last = "Signature"};
    botan_run(file, check_ed448, 0, (struct tally){.accepted = 5, .skipped = 84});
}

/* Elgamal.  Two of the messages are session keys as OpenPGP has them; pk_unwrap must
 * refuse the others as they are.  But (c1, c2 * t / m) is a ciphertext of t if
 * (c1, c2) is one of m: every vector is also turned into one of a session key. */

/* The cipher, a key of 16 bytes, their sum. */
enum { SESSION_LEN = 1 + 16 + 2 };

struct elgamal {
    mpz_t p, c1, given; /* given: the second half as in the file */
    mpz_t c2;           /* the same, or another */
    size_t len;         /* bytes of p */
    struct buf public;
    struct secret *secret;
};

static void elgamal_clear(struct elgamal *k)
{
    mpz_clears(k->p, k->c1, k->c2, k->given, NULL);
    buf_clear(&k->public);
    secret_free(k->secret);
}

static void elgamal_load(struct elgamal *k, struct record *r)
{
    MPZ(g);
    MPZ(x);
    *k = (struct elgamal){.public = BUF_EMPTY(PK_FIELDS_MAX)};
    mpz_inits(k->p, k->c1, k->c2, k->given, NULL);
    number_of(r, "P", k->p);
    number_of(r, "G", g);
    number_of(r, "X", x);
    mpz_to_mpi(k->p, &k->public);
    mpz_to_mpi(g, &k->public);
    mpz_powm(g, g, x, k->p);
    mpz_to_mpi(g, &k->public);
    mpz_srcptr fields[] = {x};
    OK(mpz_to_secret_mpis(fields, 1, &k->secret));
    k->len = (mpz_sizeinbase(k->p, 2) + 7) / 8;
    struct slice c = record_hex(r, "Ciphertext");
    assert_int_equal(c.len, 2 * k->len);
    mpz_from_bytes(k->c1, slice_of(c.data, k->len));
    mpz_from_bytes(k->given, slice_from(c, k->len));
    mpz_set(k->c2, k->given);
}

static enum outcome unwraps(const struct elgamal *k, struct slice expected)
{
    assert_int_equal(expected.len, SESSION_LEN);
    CLEANUP(buf_clear) struct buf esk = BUF_EMPTY(PK_FIELDS_MAX);
    struct pk_session session = {.with_cipher = true};
    mpz_to_mpi(k->c1, &esk);
    mpz_to_mpi(k->c2, &esk);
    enum err_kind kind = drop(
        pk_unwrap(PK_ELGAMAL, buf_view(&k->public), k->secret, buf_view(&esk), &session));
    if (kind == ERR_CANNOT_DECRYPT)
        return session.key == NULL ? REJECTED : WRONG;
    bool good = kind == ERR_NONE && session.cipher == expected.data[0] &&
                slice_equal(secret_view(session.key), slice_of(expected.data + 1, 16));
    secret_free(session.key);
    return good ? ACCEPTED : WRONG;
}

/* 00 02, n bytes FF, 00, then `message`, which fills the rest of t; c2 becomes a
 * ciphertext of that. */
static void turn_into(struct elgamal *k, struct slice plain, struct slice message)
{
    MPZ(m);
    MPZ(t);
    CLEANUP(buf_clear) struct buf block = BUF_EMPTY(PK_FIELDS_MAX);
    buf_u8(&block, 0);
    buf_u8(&block, 2);
    buf_fill(&block, 0xFF, k->len - message.len - 3);
    buf_u8(&block, 0);
    buf_bytes(&block, message);
    OK(buf_end(&block));
    mpz_from_bytes(t, buf_view(&block));
    mpz_from_bytes(m, plain);
    assert_true(mpz_invert(m, m, k->p) != 0);
    mpz_mul(t, t, m);
    mpz_mul(t, t, k->given);
    mpz_mod(k->c2, t, k->p);
}

/* 02, padding, 00, and as much as a session key: these have it. */
static bool is_session(const struct elgamal *k, struct slice plain)
{
    return plain.len == k->len - 1 && plain.data[0] == 2 &&
           plain.data[plain.len - SESSION_LEN - 1] == 0;
}

/* With any one bit of its first or last byte changed, a session key is none: the
 * cipher wants another length, or the sum is wrong. */
static bool is_checked(struct elgamal *k, struct slice plain, struct slice session)
{
    uint8_t other[SESSION_LEN];
    bool any = false;
    for (size_t i = 0; i < 16; i++) {
        memcpy(other, session.data, SESSION_LEN);
        other[i % 2 == 0 ? 0 : SESSION_LEN - 1] ^= (uint8_t)(1 << i / 2);
        turn_into(k, plain, SLICE_OF(other));
        any |= unwraps(k, SLICE_OF(other)) != REJECTED;
    }
    return !any;
}

static enum outcome check_elgamal(struct record *r, int variant)
{
    /* No bit turns Blowfish into another cipher with a key of 16 bytes. */
    static const uint8_t made[SESSION_LEN] = {
        CIPHER_BLOWFISH, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 120};
    CLEANUP(elgamal_clear) struct elgamal k;
    struct slice plain = record_hex(r, "Msg");
    (void)variant;
    elgamal_load(&k, r);
    bool opens = is_session(&k, plain);
    struct slice session = opens ? slice_from(plain, plain.len - SESSION_LEN) : SLICE_OF(made);
    if (unwraps(&k, session) != (opens ? ACCEPTED : REJECTED))
        return WRONG;
    if (record_is(r, "section", "EME-PKCS1-v1_5"))
        return SKIPPED;
    turn_into(&k, plain, SLICE_OF(made));
    enum outcome outcome = unwraps(&k, SLICE_OF(made));
    return is_checked(&k, plain, SLICE_OF(made)) ? outcome : WRONG;
}

/* Skipped: one whose message is given without its padding, which it would take to
 * turn it into another. */
static void elgamal(void **state)
{
    (void)state;
    struct botan_file file = {.path = "botan-vectors/pubkey_elgamal_decrypt.vec",
                              .last = "Ciphertext"};
    botan_run(file, check_elgamal, 0, (struct tally){.accepted = 16, .skipped = 1});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ecdsa),   cmocka_unit_test(nonces_of_hashes_that_are_not_sha2),
        cmocka_unit_test(dsa),     cmocka_unit_test(ed448),
        cmocka_unit_test(elgamal),
    };
    return cmocka_run_group_tests_name("botan_pk", tests, NULL, NULL);
}
