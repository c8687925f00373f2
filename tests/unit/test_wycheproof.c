/* Wycheproof's vectors for key wrap, HKDF, ECDH, X25519, ECDSA and EdDSA.  EAX and
 * GCM are in test_vectors_aead.c, RSA is in test_wycheproof_rsa.c, X448 in
 * test_wycheproof_x448.c. */
#include "json.h"

#include <gmp.h>

#include "crypto/curve.h"
#include "crypto/digest.h"
#include "crypto/kdf.h"
#include "crypto/mpi.h"
#include "crypto/pk.h"

/* Key wrap */

static enum outcome unwraps(const struct secret *kek, struct slice wrapped, struct slice plain)
{
    AUTO(secret_free) struct secret *out = NULL;
    enum err_kind kind = drop(kdf_unwrap(kek, wrapped, &out));
    if (kind == ERR_CANNOT_DECRYPT)
        return REJECTED;
    return kind == ERR_NONE && slice_equal(secret_view(out), plain) ? ACCEPTED : WRONG;
}

static bool wraps(const struct secret *kek, struct slice plain, struct slice wrapped)
{
    CLEANUP(buf_clear) struct buf out = BUF_EMPTY(SIZE_MAX);
    enum err_kind kind = drop(kdf_wrap(kek, plain, buf_extend(&out, plain.len + 8)));
    return kind == ERR_NONE && slice_equal(buf_view(&out), wrapped);
}

static enum outcome check_wrap(struct record *r, int variant)
{
    AUTO(secret_free) struct secret *kek = NULL;
    struct slice plain = record_hex(r, "msg"), wrapped = record_hex(r, "ct");
    (void)variant;
    OK(secret_of(record_hex(r, "key"), &kek));
    enum outcome outcome = unwraps(kek, wrapped, plain);
    /* What is wrapped must be two blocks or more; also in the cases that are not
     * valid for that very reason. */
    bool can_wrap = plain.len >= 16 && plain.len % 8 == 0;
    if (!can_wrap)
        assert_int_equal(drop(kdf_wrap(kek, plain, NULL)), ERR_BUG);
    return outcome == ACCEPTED && !wraps(kek, plain, wrapped) ? WRONG : outcome;
}

/* Acceptable are the three that wrap a single block, which [RFC3394] does not
 * allow: refused. */
static void key_wrap(void **state)
{
    (void)state;
    json_run("wycheproof/aes_wrap_test.json", check_wrap, 0,
             (struct tally){.accepted = 36, .rejected = 129});
}

/* HKDF */

static enum outcome check_hkdf(struct record *r, int hash)
{
    AUTO(secret_free) struct secret *out = NULL;
    size_t len = record_number(r, "size");
    if (len > 255 * (size_t)algo_hash((uint8_t)hash)->digest_len)
        return SKIPPED;
    OK(kdf_hkdf((uint8_t)hash, record_hex(r, "ikm"), record_hex(r, "salt"), record_hex(r, "info"),
                len, &out));
    return slice_equal(secret_view(out), record_hex(r, "okm")) ? ACCEPTED : WRONG;
}

/* Skipped: lengths beyond 255 digests; no caller asks for more than a few bytes. */
static void hkdf(void **state)
{
    (void)state;
    json_run("wycheproof/hkdf_sha256_test.json", check_hkdf, HASH_SHA256,
             (struct tally){.accepted = 83, .skipped = 3});
    json_run("wycheproof/hkdf_sha512_test.json", check_hkdf, HASH_SHA512,
             (struct tally){.accepted = 80, .skipped = 3});
}

/* Elliptic curves */

static enum outcome shares(enum pk_curve id, struct slice point, struct slice scalar,
                           struct slice shared)
{
    AUTO(secret_free) struct secret *out = NULL;
    const struct curve *c = curve_by_id(id);
    struct slice stripped = slice_from(scalar, scalar.len - (mpi_bits(scalar) + 7) / 8);
    enum err_kind kind = drop(c->shared(c, point, stripped, &out));
    if (kind == ERR_MALFORMED)
        return out == NULL ? REJECTED : WRONG;
    return kind == ERR_NONE && slice_equal(secret_view(out), shared) ? ACCEPTED : WRONG;
}

/* A good point must be refused once it calls itself hybrid, 06 x y. */
static enum outcome check_ecdh(struct record *r, int curve)
{
    uint8_t hybrid[POINT_MAX] = {0};
    struct slice point = record_hex(r, "public"), scalar = record_hex(r, "private");
    struct slice shared = record_hex(r, "shared");
    enum outcome outcome = shares((enum pk_curve)curve, point, scalar, shared);
    assert_true(point.len <= sizeof hybrid);
    memcpy(hybrid, point.data, point.len);
    hybrid[0] = 0x06;
    struct slice other = slice_of(hybrid, point.len);
    return shares((enum pk_curve)curve, other, scalar, shared) == REJECTED ? outcome : WRONG;
}

/* Acceptable is one compressed point per curve: refused, since OpenPGP has no such
 * format [RFC9580 11.2]. */
static void ecdh(void **state)
{
    (void)state;
    json_run("wycheproof/ecdh_secp256r1_ecpoint_test.json", check_ecdh, CURVE_P256,
             (struct tally){.accepted = 330, .rejected = 25});
    json_run("wycheproof/ecdh_secp384r1_ecpoint_test.json", check_ecdh, CURVE_P384,
             (struct tally){.accepted = 771, .rejected = 19});
    json_run("wycheproof/ecdh_secp521r1_ecpoint_test.json", check_ecdh, CURVE_P521,
             (struct tally){.accepted = 632, .rejected = 29});
}

static enum outcome check_x25519(struct record *r, int curve)
{
    static const uint8_t zero[32];
    uint8_t point[1 + 32] = {0x40}, scalar[32];
    struct slice public = record_hex(r, "public"), private = record_hex(r, "private");
    struct slice shared = record_hex(r, "shared");
    assert_true(public.len == 32 && private.len == 32);
    memcpy(point + 1, public.data, 32);
    for (size_t i = 0; i < 32; i++)
        scalar[i] = private.data[31 - i];
    enum outcome outcome = shares((enum pk_curve)curve, SLICE_OF(point), SLICE_OF(scalar), shared);
    bool refused = outcome == REJECTED, top_bit = public.data[31] >= 0x80;
    return refused == (top_bit || slice_equal(shared, SLICE_OF(zero))) ? outcome : WRONG;
}

/* Acceptable are 254: points of small order, of which 31 make a shared secret of
 * zero and must be refused [RFC7748 6.1]; points of the twist or above the prime,
 * which must be computed with; and points with the top bit set, which we refuse,
 * so that nobody can change a bit of a message unnoticed. */
static void x25519(void **state)
{
    (void)state;
    json_run("wycheproof/x25519_test.json", check_x25519, CURVE_25519_LEGACY,
             (struct tally){.accepted = 478, .rejected = 40});
}

/* Signatures */

static uint8_t hash_of(const struct record *r)
{
    if (record_is(r, "sha", "SHA-256"))
        return HASH_SHA256;
    if (record_is(r, "sha", "SHA-384"))
        return HASH_SHA384;
    assert_true(record_is(r, "sha", "SHA-512"));
    return HASH_SHA512;
}

/* Both halves of fixed length as MPIs. */
static void put_halves(struct buf *b, struct slice s)
{
    mpi_write(b, slice_of(s.data, s.len / 2));
    mpi_write(b, slice_from(s, s.len / 2));
}

static enum outcome check_ecdsa(struct record *r, int curve)
{
    const struct curve *c = curve_by_id((enum pk_curve)curve);
    CLEANUP(buf_clear) struct buf public = BUF_EMPTY(PK_FIELDS_MAX);
    CLEANUP(buf_clear) struct buf signature = BUF_EMPTY(PK_FIELDS_MAX);
    struct slice sig = record_hex(r, "sig");
    uint8_t digest[DIGEST_MAX], hash = hash_of(r);
    /* Not r and s in their fixed lengths, which do not exist in OpenPGP. */
    if (sig.len != 2 * (size_t)c->field_len)
        return REJECTED;
    if (curve <= CURVE_P521 && record_is(r, "comment", "point duplication during verification"))
        return SKIPPED;
    buf_u8(&public, (uint8_t)c->oid.len);
    buf_bytes(&public, c->oid);
    mpi_write(&public, record_hex(r, "publicKey.uncompressed"));
    put_halves(&signature, sig);
    OK(digest_of(hash, record_hex(r, "msg"), digest));
    bool good = pk_verify(PK_ECDSA, buf_view(&public), hash,
                          slice_of(digest, algo_hash(hash)->digest_len), buf_view(&signature));
    return good ? ACCEPTED : REJECTED;
}

/* Among the rejected are signatures of wrong length, which pk_verify never sees:
 * 21, 19 and 14.
 *
 * Skipped: one valid signature per NIST curve, made such that verification has to add a
 * point to itself.  Nettle 3.8 refuses it; nobody comes by one by chance. */
static void ecdsa(void **state)
{
    (void)state;
    json_run("wycheproof/ecdsa_secp256r1_sha256_p1363_test.json", check_ecdsa, CURVE_P256,
             (struct tally){.accepted = 172, .rejected = 89, .skipped = 1});
    json_run("wycheproof/ecdsa_secp384r1_sha384_p1363_test.json", check_ecdsa, CURVE_P384,
             (struct tally){.accepted = 192, .rejected = 87, .skipped = 1});
    json_run("wycheproof/ecdsa_secp521r1_sha512_p1363_test.json", check_ecdsa, CURVE_P521,
             (struct tally){.accepted = 230, .rejected = 87, .skipped = 1});
}

/* Signatures of wrong length: 17, 16 and 18. */
static void ecdsa_brainpool(void **state)
{
    (void)state;
    json_run("wycheproof/ecdsa_brainpoolP256r1_sha256_p1363_test.json", check_ecdsa,
             CURVE_BRAINPOOL_P256, (struct tally){.accepted = 175, .rejected = 86});
    json_run("wycheproof/ecdsa_brainpoolP384r1_sha384_p1363_test.json", check_ecdsa,
             CURVE_BRAINPOOL_P384, (struct tally){.accepted = 206, .rejected = 86});
    json_run("wycheproof/ecdsa_brainpoolP512r1_sha512_p1363_test.json", check_ecdsa,
             CURVE_BRAINPOOL_P512, (struct tally){.accepted = 251, .rejected = 86});
}

/* The same Ed25519 signature as EdDSALegacy. */
static bool verifies_as_legacy(struct slice public, struct slice message, struct slice sig)
{
    static const uint8_t head[] = {9,    0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA,
                                   0x47, 0x0F, 0x01, 0x01, 0x07, 0x40};
    CLEANUP(buf_clear) struct buf fields = BUF_EMPTY(PK_FIELDS_MAX);
    CLEANUP(buf_clear) struct buf signature = BUF_EMPTY(PK_FIELDS_MAX);
    buf_bytes(&fields, SLICE_OF(head));
    buf_bytes(&fields, public);
    put_halves(&signature, sig);
    return pk_verify(PK_EDDSA_LEGACY, buf_view(&fields), HASH_SHA512, message,
                     buf_view(&signature));
}

/* S + L in place of S: the same signature once more, if S is not held against the
 * order of the group [RFC8032 5.1.7, 5.2.7]. */
static void malleate(uint8_t id, struct slice sig, uint8_t *out)
{
    const char *order = id == PK_ED25519
                            ? "1000000000000000000000000000000014DEF9DEA2F79CD65812631A5CF5D3ED"
                            : "3FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
                              "7CCA23E9C44EDB49AED63690216CC2728DC58F552378C292AB5844F3";
    size_t half = sig.len / 2, written = 0;
    mpz_t s, l;
    mpz_init_set_str(l, order, 16);
    mpz_init(s);
    mpz_import(s, half, -1, 1, 0, 0, sig.data + half);
    mpz_add(s, s, l);
    memset(out + half, 0, half);
    memcpy(out, sig.data, half);
    assert_true((mpz_sizeinbase(s, 2) + 7) / 8 <= half);
    mpz_export(out + half, &written, -1, 1, 0, 0, s);
    mpz_clears(s, l, NULL);
}

/* That a good signature is no longer good once its S, one of its bits, or a bit of
 * the message is another. */
static bool is_the_only_one(uint8_t id, struct slice public, struct slice message, struct slice sig)
{
    uint8_t altered[128];
    CLEANUP(buf_clear) struct buf text = BUF_EMPTY(SIZE_MAX);
    assert_true(sig.len <= sizeof altered);
    malleate(id, sig, altered);
    bool any = pk_verify(id, public, HASH_SHA512, message, slice_of(altered, sig.len));
    for (size_t i = 0; i < sig.len; i++) {
        memcpy(altered, sig.data, sig.len);
        altered[i] ^= (uint8_t)(1 << i % 8);
        any |= pk_verify(id, public, HASH_SHA512, message, slice_of(altered, sig.len));
    }
    buf_bytes(&text, message);
    text.data[message.len - 1] ^= 1;
    return !any && !pk_verify(id, public, HASH_SHA512, buf_view(&text), sig);
}

/* A message too short for a digest of OpenPGP, which is what EdDSA signs here, is
 * refused [RFC9580 5.2.3.4, 5.2.3.5].  What is wrong with a bad signature lies in
 * the signature, so it must be bad for a longer message, too. */
static enum outcome check_short(uint8_t id, struct record *r, struct slice message, size_t len)
{
    CLEANUP(buf_clear) struct buf longer = BUF_EMPTY(SIZE_MAX);
    struct slice public = record_hex(r, "publicKey.pk"), sig = record_hex(r, "sig");
    buf_bytes(&longer, message);
    buf_fill(&longer, 0, len - message.len);
    if (pk_verify(id, public, HASH_SHA512, message, sig) ||
        pk_verify(id, public, HASH_SHA512, buf_view(&longer), sig))
        return WRONG;
    return record_is(r, "result", "valid") ? SKIPPED : REJECTED;
}

static enum outcome check_eddsa(struct record *r, int id)
{
    struct slice public = record_hex(r, "publicKey.pk"), message = record_hex(r, "msg");
    struct slice sig = record_hex(r, "sig");
    size_t digest_min = id == PK_ED25519 ? 32 : 64;
    if (message.len < digest_min)
        return check_short((uint8_t)id, r, message, digest_min);
    bool good = pk_verify((uint8_t)id, public, HASH_SHA512, message, sig);
    if (good && !is_the_only_one((uint8_t)id, public, message, sig))
        return WRONG;
    if (id == PK_ED25519 && good != verifies_as_legacy(public, message, sig))
        return WRONG;
    return good ? ACCEPTED : REJECTED;
}

/* Skipped: good signatures over messages that are too short. */
static void ed25519(void **state)
{
    (void)state;
    json_run("wycheproof/ed25519_test.json", check_eddsa, PK_ED25519,
             (struct tally){.accepted = 15, .rejected = 63, .skipped = 73});
}

static void ed448(void **state)
{
    (void)state;
    json_run("wycheproof/ed448_test.json", check_eddsa, PK_ED448,
             (struct tally){.accepted = 5, .rejected = 70, .skipped = 12});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_wrap), cmocka_unit_test(hkdf),
        cmocka_unit_test(ecdh),     cmocka_unit_test(x25519),
        cmocka_unit_test(ecdsa),    cmocka_unit_test(ed25519),
        cmocka_unit_test(ed448),    cmocka_unit_test(ecdsa_brainpool),
    };
    return cmocka_run_group_tests_name("wycheproof", tests, NULL, NULL);
}
