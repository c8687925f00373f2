/* Botan's vectors for ECDSA, DSA, Ed448 and Elgamal. */
#include "botan.h"

#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>

#include "crypto/curve.h"
#include "crypto/digest.h"
#include "crypto/mpi.h"
#include "crypto/mpz.h"
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

/* ECDSA */

/* oid, MPI of the point X * G. */
static void make_public(const struct curve *c, const struct ecc_curve *ecc, const mpz_t x,
                        struct buf *public)
{
    uint8_t point[POINT_MAX] = {0x04};
    struct ecc_scalar s;
    struct ecc_point p;
    MPZ(px);
    MPZ(py);
    ecc_scalar_init(&s, ecc);
    ecc_point_init(&p, ecc);
    assert_true(ecc_scalar_set(&s, x));
    ecc_point_mul_g(&p, &s);
    ecc_point_get(&p, px, py);
    ecc_scalar_clear(&s);
    ecc_point_clear(&p);
    mpz_to_bytes(px, point + 1, c->field_len);
    mpz_to_bytes(py, point + 1 + c->field_len, c->field_len);
    buf_u8(public, (uint8_t)c->oid.len);
    buf_bytes(public, c->oid);
    mpi_write(public, slice_of(point, 1 + 2 * (size_t)c->field_len));
}

/* The curve of a case; NULL if we do not have it. */
static const struct curve *group_of(const struct record *r, const struct ecc_curve **ecc)
{
    if (record_is(r, "Group", "secp256r1")) {
        *ecc = nettle_get_secp_256r1();
        return curve_by_id(CURVE_P256);
    }
    if (record_is(r, "Group", "secp384r1")) {
        *ecc = nettle_get_secp_384r1();
        return curve_by_id(CURVE_P384);
    }
    *ecc = nettle_get_secp_521r1();
    return record_is(r, "Group", "secp521r1") ? curve_by_id(CURVE_P521) : NULL;
}

static enum outcome check_ecdsa(struct record *r, int variant)
{
    MPZ(x);
    CLEANUP(buf_clear) struct buf public = BUF_EMPTY(PK_FIELDS_MAX);
    const struct ecc_curve *ecc = NULL;
    const struct curve *c = group_of(r, &ecc);
    (void)variant;
    if (c == NULL)
        return SKIPPED;
    number_of(r, "X", x);
    make_public(c, ecc, x, &public);
    struct hashed h = hashed_of(r);
    bool good = verifies(PK_ECDSA, &public, h, record_hex(r, "Signature"));
    if (h.len < c->field_len && h.len < 64)
        return good ? WRONG : SKIPPED;
    return good ? ACCEPTED : WRONG;
}

/* Skipped: 65 of curves that we do not have; 21 with digests shorter than the
 * field, which must be refused [RFC9580 5.2.3.2]. */
static void ecdsa(void **state)
{
    (void)state;
    struct botan_file file = {
        .path = "botan-vectors/pubkey_ecdsa_rfc6979.vec", .last = "Signature", .keeps = true};
    botan_run(file, check_ecdsa, 0, (struct tally){.accepted = 18, .skipped = 86});
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
        cmocka_unit_test(ecdsa),
        cmocka_unit_test(dsa),
        cmocka_unit_test(ed448),
        cmocka_unit_test(elgamal),
    };
    return cmocka_run_group_tests_name("botan_pk", tests, NULL, NULL);
}
