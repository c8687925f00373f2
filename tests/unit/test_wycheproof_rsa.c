/* Wycheproof's vectors for RSA with PKCS#1 v1.5: signatures and decryption. */
#include "json.h"

#include "crypto/digest.h"
#include "crypto/mpi.h"
#include "crypto/mpz.h"
#include "crypto/pk.h"

/* Signatures */

static enum outcome check_signature(struct record *r, int hash)
{
    CLEANUP(buf_clear) struct buf public = BUF_EMPTY(PK_FIELDS_MAX);
    CLEANUP(buf_clear) struct buf signature = BUF_EMPTY(PK_FIELDS_MAX);
    uint8_t digest[DIGEST_MAX];
    assert_true(record_is(r, "sha", hash == HASH_SHA256 ? "SHA-256" : "SHA-512"));
    mpi_write(&public, record_hex(r, "publicKey.modulus"));
    mpi_write(&public, record_hex(r, "publicKey.publicExponent"));
    mpi_write(&signature, record_hex(r, "sig"));
    OK(digest_of((uint8_t)hash, record_hex(r, "msg"), digest));
    bool good = pk_verify(PK_RSA, buf_view(&public), (uint8_t)hash,
                          slice_of(digest, algo_hash((uint8_t)hash)->digest_len),
                          buf_view(&signature));
    return good ? ACCEPTED : REJECTED;
}

/* Acceptable is one per file, where the NULL parameter of the hash algorithm is
 * missing: refused, since [RFC9580 5.2.3.1] gives the prefixes byte for byte. */
static void signatures_of_2048_bits(void **state)
{
    (void)state;
    json_run("wycheproof/rsa_signature_2048_sha256_test.json", check_signature, HASH_SHA256,
             (struct tally){.accepted = 9, .rejected = 250});
    json_run("wycheproof/rsa_signature_2048_sha512_test.json", check_signature, HASH_SHA512,
             (struct tally){.accepted = 8, .rejected = 251});
}

static void signatures_of_3072_bits(void **state)
{
    (void)state;
    json_run("wycheproof/rsa_signature_3072_sha256_test.json", check_signature, HASH_SHA256,
             (struct tally){.accepted = 8, .rejected = 251});
    json_run("wycheproof/rsa_signature_3072_sha512_test.json", check_signature, HASH_SHA512,
             (struct tally){.accepted = 8, .rejected = 252});
}

static void signatures_of_4096_bits(void **state)
{
    (void)state;
    json_run("wycheproof/rsa_signature_4096_sha256_test.json", check_signature, HASH_SHA256,
             (struct tally){.accepted = 7, .rejected = 251});
    json_run("wycheproof/rsa_signature_4096_sha512_test.json", check_signature, HASH_SHA512,
             (struct tally){.accepted = 7, .rejected = 252});
}

/* Decryption.  pk_unwrap wants a session key, and none of the messages is one: as
 * they are, it must refuse them all.  So each is tried once more with a session
 * key in place of the message and the padding left as it was: that must be
 * accepted where the padding is good, and only there. */

/* AES-128, a key of 16 bytes, their sum. */
enum { SESSION_LEN = 1 + 16 + 2 };
static const uint8_t session_bytes[SESSION_LEN] = {7, 0,  1,  2,  3,  4,  5,  6, 7,  8,
                                                   9, 10, 11, 12, 13, 14, 15, 0, 120};

struct key {
    mpz_t n, e, d;
    size_t len; /* bytes of n */
    struct buf public, secret;
};

static void key_clear(struct key *k)
{
    mpz_clears(k->n, k->e, k->d, NULL);
    buf_clear(&k->public);
    buf_clear(&k->secret);
}

/* As OpenPGP has it: p < q and u = 1/p mod q [RFC9580 5.5.5.1]. */
static void key_load(struct key *k, struct record *r)
{
    MPZ(p);
    MPZ(q);
    MPZ(u);
    *k = (struct key){.public = BUF_EMPTY(PK_FIELDS_MAX), .secret = BUF_EMPTY(PK_FIELDS_MAX)};
    mpz_inits(k->n, k->e, k->d, NULL);
    mpz_from_bytes(k->n, record_hex(r, "privateKey.modulus"));
    mpz_from_bytes(k->e, record_hex(r, "privateKey.publicExponent"));
    mpz_from_bytes(k->d, record_hex(r, "privateKey.privateExponent"));
    mpz_from_bytes(p, record_hex(r, "privateKey.prime1"));
    mpz_from_bytes(q, record_hex(r, "privateKey.prime2"));
    if (mpz_cmp(p, q) > 0)
        mpz_swap(p, q);
    assert_true(mpz_invert(u, p, q) != 0);
    k->len = (mpz_sizeinbase(k->n, 2) + 7) / 8;
    mpz_to_mpi(k->n, &k->public);
    mpz_to_mpi(k->e, &k->public);
    mpz_to_mpi(k->d, &k->secret);
    mpz_to_mpi(p, &k->secret);
    mpz_to_mpi(q, &k->secret);
    mpz_to_mpi(u, &k->secret);
}

static enum outcome unwraps(const struct key *k, struct slice ciphertext)
{
    CLEANUP(buf_clear) struct buf esk = BUF_EMPTY(PK_FIELDS_MAX);
    AUTO(secret_free) struct secret *secret = NULL;
    struct pk_session session = {.with_cipher = true};
    OK(secret_of(buf_view(&k->secret), &secret));
    mpi_write(&esk, ciphertext);
    enum err_kind kind = drop(
        pk_unwrap(PK_RSA, buf_view(&k->public), secret, buf_view(&esk), &session));
    if (kind == ERR_CANNOT_DECRYPT)
        return session.key == NULL ? REJECTED : WRONG;
    bool good = kind == ERR_NONE && session.cipher == session_bytes[0] &&
                slice_equal(secret_view(session.key), slice_of(session_bytes + 1, 16));
    secret_free(session.key);
    return good ? ACCEPTED : WRONG;
}

/* Decrypts to block, exchanges the message of len bytes at its end for a session
 * key, and encrypts again.  The padding before it loses bytes or gains bytes FF
 * at its end; the byte between it and the message is kept, whatever it is. */
static void graft(const struct key *k, struct slice ciphertext, size_t len, uint8_t *block)
{
    MPZ(c);
    mpz_from_bytes(c, ciphertext);
    mpz_powm(c, c, k->d, k->n);
    mpz_to_bytes(c, block, k->len);
    size_t from = k->len - len - 1, to = k->len - SESSION_LEN - 1;
    uint8_t between = block[from];
    if (from < to)
        memset(block + from, 0xFF, to - from);
    block[to] = between;
    memcpy(block + to + 1, session_bytes, SESSION_LEN);
    mpz_from_bytes(c, slice_of(block, k->len));
    mpz_powm(c, c, k->e, k->n);
    mpz_to_bytes(c, block, k->len);
}

static enum outcome check_decryption(struct record *r, int variant)
{
    CLEANUP(key_clear) struct key k;
    struct slice message = record_hex(r, "msg"), ciphertext = record_hex(r, "ct");
    uint8_t block[4096 / 8];
    (void)variant;
    key_load(&k, r);
    assert_true(k.len <= sizeof block);
    OK(buf_end(&k.secret));
    if (unwraps(&k, ciphertext) != REJECTED)
        return WRONG;
    /* What is no ciphertext at all cannot be grafted; and behind a padding that is
     * too short stands a message too long to be a session key. */
    if (ciphertext.len != k.len || message.len > k.len - 2 - 8 - 1)
        return REJECTED;
    graft(&k, ciphertext, message.len, block);
    return unwraps(&k, slice_of(block, k.len));
}

static void decryption_with_2048_bits(void **state)
{
    (void)state;
    json_run("wycheproof/rsa_pkcs1_2048_test.json", check_decryption, 0,
             (struct tally){.accepted = 42, .rejected = 25});
}

static void decryption_with_3072_bits(void **state)
{
    (void)state;
    json_run("wycheproof/rsa_pkcs1_3072_test.json", check_decryption, 0,
             (struct tally){.accepted = 41, .rejected = 26});
}

static void decryption_with_4096_bits(void **state)
{
    (void)state;
    json_run("wycheproof/rsa_pkcs1_4096_test.json", check_decryption, 0,
             (struct tally){.accepted = 41, .rejected = 26});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_of_2048_bits),   cmocka_unit_test(signatures_of_3072_bits),
        cmocka_unit_test(signatures_of_4096_bits),   cmocka_unit_test(decryption_with_2048_bits),
        cmocka_unit_test(decryption_with_3072_bits), cmocka_unit_test(decryption_with_4096_bits),
    };
    return cmocka_run_group_tests_name("wycheproof_rsa", tests, NULL, NULL);
}
