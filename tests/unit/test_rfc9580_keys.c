/* The keys of RFC 9580, Appendix A: what stands in them, their fingerprints, and
 * how their secret parts open. */
#include "unit.h"
#include "kit.h"
#include "rfc9580.h"

#include <argon2.h>

#include "base/when.h"
#include "crypto/aead.h"
#include "crypto/kdf.h"
#include "crypto/mpi.h"

/* Each of the two salts of A.5 costs seconds and 2 GiB, and is needed twice: to
 * look at the derived key, and inside seckey_unlock.  This stands in front of
 * the library's function and remembers its last result. */
static struct {
    char passphrase[64];
    uint8_t salt[S2K_ARGON2_SALT], key[32];
} last;

int argon2id_hash_raw(const uint32_t passes, const uint32_t memory, const uint32_t lanes,
                      const void *passphrase, const size_t passphrase_len, const void *salt,
                      const size_t salt_len, void *key, const size_t key_len)
{
    /* Nothing else differs between the two keys. */
    assert_int_equal(passes, 1);
    assert_int_equal(memory, 1 << 21);
    assert_int_equal(lanes, 4);
    assert_int_equal(salt_len, sizeof last.salt);
    assert_int_equal(key_len, sizeof last.key);
    struct slice known = slice_of_string(last.passphrase);
    if (!slice_equal(known, slice_of(passphrase, passphrase_len)) ||
        memcmp(salt, last.salt, salt_len) != 0) {
        assert_true(passphrase_len < sizeof last.passphrase);
        memset(&last, 0, sizeof last);
        memcpy(last.passphrase, passphrase, passphrase_len);
        memcpy(last.salt, salt, salt_len);
        int code = argon2_hash(passes, memory, lanes, passphrase, passphrase_len, salt, salt_len,
                               last.key, key_len, NULL, 0, Argon2_id, ARGON2_VERSION_13);
        assert_int_equal(code, ARGON2_OK);
    }
    memcpy(key, last.key, key_len);
    return ARGON2_OK;
}

static struct seckey secret_key(struct slice packets, unsigned index, uint8_t type)
{
    return rfc9580_seckey(rfc9580_body(packets, index, type), type);
}

static void has_fingerprint(const struct pubkey *k, const char *fingerprint, const char *id)
{
    char text[FPR_TEXT_SIZE], id_text[KEY_ID_TEXT_SIZE];
    fingerprint_text(&k->fpr, text);
    key_id_text(&k->id, id_text);
    assert_string_equal(text, fingerprint);
    assert_string_equal(id_text, id);
    assert_int_equal(k->fpr.version, k->version);
    struct key_handle by_id = {.id = k->id}, by_fpr = key_handle_of(&k->fpr);
    assert_true(pubkey_matches(k, &by_id));
    assert_true(pubkey_matches(k, &by_fpr));
    by_fpr.fpr.bytes[k->fpr.len - 1] ^= 1;
    assert_false(pubkey_matches(k, &by_fpr));
}

static void was_created(const struct pubkey *k, const char *at)
{
    char text[WHEN_TEXT_SIZE];
    when_text(k->created_at, text);
    assert_string_equal(text, at);
}

/* [RFC9580 A.1] */

#define A1_ASC "A.1-v4-ed25519legacy-pubkey.asc"

static struct pubkey a1_key(void)
{
    struct slice packets = rfc9580_packets(A1_ASC, ARMOR_PUBLIC_KEY);
    rfc9580_count(packets, 1);
    return rfc9580_pubkey(rfc9580_body(packets, 0, PACKET_PUBLIC_KEY));
}

static void a1_fields_and_fingerprint(void **state)
{
    (void)state;
    struct pubkey k = a1_key();
    assert_int_equal(k.version, 4);
    assert_int_equal(k.algo, PK_EDDSA_LEGACY);
    was_created(&k, "2014-08-19T14:28:27Z");
    has_fingerprint(&k, "C959BDBAFA32A2F89A153B678CFDE12197965A9A", "8CFDE12197965A9A");
    struct reader r = reader_init(k.material, "key material");
    struct slice oid = reader_bytes(&r, reader_u8(&r)), q = mpi_read(&r);
    OK(reader_end(&r));
    SAME(oid, unit_hex("2b06010401da470f01"));
    SAME(q, unit_hex("403f098994bdd916ed4053197934e4a87c80733a1280d62f8010992e43ee3b2406"));
    struct buf *b = unit_keep();
    buf_u8(b, (uint8_t)oid.len);
    buf_bytes(b, oid);
    mpi_write(b, q);
    SAME(buf_view(b), k.material);
}

/* The dump shows the packet in the legacy format, the armor in the current one. */
static void a1_legacy_framing(void **state)
{
    (void)state;
    struct slice dump = unit_hex("98 33 04 53 f3 5f 0b 16  09 2b 06 01 04 01 da 47"
                                 "0f 01 01 07 40 3f 09 89  94 bd d9 16 ed 40 53 19"
                                 "79 34 e4 a8 7c 80 73 3a  12 80 d6 2f 80 10 99 2e"
                                 "43 ee 3b 24 06");
    struct packet p;
    struct packet_header h;
    struct reader r = reader_init(dump, "packet");
    struct source *s = kit_pieces(dump);
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(64);
    bool end;
    OK(packet_next(&r, &p));
    OK(reader_end(&r));
    assert_int_equal(p.type, PACKET_PUBLIC_KEY);
    SAME(p.body, a1_key().body);
    OK(packet_read_header(s, &h, &end));
    assert_false(end);
    assert_true(h.legacy);
    assert_int_equal(h.type, PACKET_PUBLIC_KEY);
    assert_int_equal(h.header_len, 2);
    OK(packet_read_body(s, &h, &body));
    SAME(buf_view(&body), a1_key().body);
    OK(packet_read_header(s, &h, &end));
    assert_true(end);
    source_close(s);
}

static void a1_seed_gives_the_public_key(void **state)
{
    (void)state;
    AUTO(free) char *digits = NULL;
    CLEANUP(buf_clear) struct buf mpi = BUF_EMPTY(64);
    OK(mem_string_of(unit_vector("rfc9580/A.1-secret-seed.hex"), &digits));
    struct slice seed = unit_hex(digits);
    SAME(seed, unit_hex("1a8b1ff05ded48e18bf50166c664ab023ea70003d78d9e41f5758a91d850f8d2"));
    mpi_write(&mpi, seed);
    OK(buf_end(&mpi));
    AUTO(secret_free) struct secret *good = unit_secret(buf_view(&mpi));
    AUTO(secret_free) struct secret *bad = unit_secret(unit_flipped(buf_view(&mpi), 200));
    struct slice material = a1_key().material;
    OK(pk_check(PK_EDDSA_LEGACY, material, good));
    FAILS(ERR_MALFORMED, pk_check(PK_EDDSA_LEGACY, material, bad));
    FAILS(ERR_MALFORMED, pk_check(PK_EDDSA_LEGACY, unit_flipped(material, 300), good));
}

/* [RFC9580 A.3] */

#define A3_PRIMARY "CB186C4F0609A697E4D52DFA6C722B0C1F1E27C18A56708F6525EC27BAD9ACC9"
#define A3_SUBKEY  "12C83F1E706F6308FE151A417743A1F033790E93E9978488D1DB378DA9930885"

static struct slice a3_packets(void)
{
    return rfc9580_packets("A.3-v6-certificate.asc", ARMOR_PUBLIC_KEY);
}

/* The material is that of [RFC9580 A.3.1]. */
static void a3_fields_and_fingerprints(void **state)
{
    (void)state;
    struct slice packets = a3_packets();
    rfc9580_count(packets, 4);
    struct pubkey primary = rfc9580_pubkey(rfc9580_body(packets, 0, PACKET_PUBLIC_KEY));
    rfc9580_body(packets, 1, PACKET_SIGNATURE);
    struct pubkey subkey = rfc9580_pubkey(rfc9580_body(packets, 2, PACKET_PUBLIC_SUBKEY));
    rfc9580_body(packets, 3, PACKET_SIGNATURE);
    assert_true(primary.version == 6 && subkey.version == 6);
    assert_int_equal(primary.algo, PK_ED25519);
    assert_int_equal(subkey.algo, PK_X25519);
    was_created(&primary, "2022-11-30T16:08:03Z");
    was_created(&subkey, "2022-11-30T16:08:03Z");
    has_fingerprint(&primary, A3_PRIMARY, "CB186C4F0609A697");
    has_fingerprint(&subkey, A3_SUBKEY, "12C83F1E706F6308");
    SAME(primary.material, unit_hex("f94da7bb48d60a61e567706a6587d033"
                                    "1999bb9d891a08242ead84543df895a3"));
    SAME(subkey.material, unit_hex("8693248367f9e5015db922f8f48095dd"
                                   "a784987f2d5985b12fbad16caf5e4435"));
}

/* [RFC9580 A.4] */

static struct slice a4_packets(void)
{
    return rfc9580_packets("A.4-v6-secret-key.asc", ARMOR_PRIVATE_KEY);
}

/* The secret fields of an unprotected key; writing them makes the same packet. */
static struct secret *plain_fields(const struct seckey *k, struct slice body)
{
    struct secret *fields = NULL;
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(256);
    assert_true(k->state == SECKEY_UNPROTECTED && k->usage == SECKEY_PLAIN);
    OK(seckey_unlock(k, NULL, &s2k_default_limits, &fields));
    SAME(secret_view(fields), k->content);
    OK(seckey_write(&b, &k->public, k->packet_type, fields, NULL, NULL));
    SAME(buf_view(&b), body);
    return fields;
}

static struct secret *a4_fields(unsigned index, uint8_t type)
{
    struct seckey k = secret_key(a4_packets(), index, type);
    return plain_fields(&k, rfc9580_body(a4_packets(), index, type));
}

/* The public parts and the signatures are those of A.3. */
static void check_belongs(struct slice packets)
{
    rfc9580_count(packets, 4);
    struct seckey primary = secret_key(packets, 0, PACKET_SECRET_KEY);
    struct seckey subkey = secret_key(packets, 2, PACKET_SECRET_SUBKEY);
    SAME(primary.public.body, rfc9580_body(a3_packets(), 0, PACKET_PUBLIC_KEY));
    SAME(subkey.public.body, rfc9580_body(a3_packets(), 2, PACKET_PUBLIC_SUBKEY));
    has_fingerprint(&primary.public, A3_PRIMARY, "CB186C4F0609A697");
    has_fingerprint(&subkey.public, A3_SUBKEY, "12C83F1E706F6308");
    for (unsigned i = 1; i < 4; i += 2)
        SAME(rfc9580_body(packets, i, PACKET_SIGNATURE),
             rfc9580_body(a3_packets(), i, PACKET_SIGNATURE));
}

static void a4_belongs_to_the_certificate(void **state)
{
    (void)state;
    check_belongs(a4_packets());
}

static void a4_unlocks_without_passphrase(void **state)
{
    (void)state;
    AUTO(secret_free) struct secret *sign = a4_fields(0, PACKET_SECRET_KEY);
    AUTO(secret_free) struct secret *decrypt = a4_fields(2, PACKET_SECRET_SUBKEY);
    struct slice primary = secret_key(a4_packets(), 0, PACKET_SECRET_KEY).public.material;
    struct slice subkey = secret_key(a4_packets(), 2, PACKET_SECRET_SUBKEY).public.material;
    OK(pk_check(PK_ED25519, primary, sign));
    OK(pk_check(PK_X25519, subkey, decrypt));
    /* The only one that the text repeats [RFC9580 A.8.2]. */
    SAME(secret_view(decrypt), unit_hex("4d600a4f794d44775c57a26e0feefed5"
                                        "58e9afffd6ad0d582d57fb2ba2dcedb8"));
}

/* A secret part that is not of the public one is refused. */
static void a4_changed_secret_is_refused(void **state)
{
    (void)state;
    struct secret *fields = NULL;
    struct seckey k = secret_key(a4_packets(), 0, PACKET_SECRET_KEY);
    k.content = unit_flipped(k.content, 77);
    FAILS(ERR_MALFORMED, seckey_unlock(&k, NULL, &s2k_default_limits, &fields));
    assert_null(fields);
}

/* [RFC9580 A.5] */

struct locked {
    unsigned index;
    uint8_t type;
    const char *s2k, *nonce; /* from the armor */
    const char *derived, *key, *ad;
};

/* [RFC9580 A.5.1] */
static const struct locked a5_primary = {
    .index = 0,
    .type = PACKET_SECRET_KEY,
    .s2k = "04 5d6fd71c9e096d1eb6917b6e6e1eecae 01 04 15",
    .nonce = "b4a8a9274fabe632f875a706592021",
    .derived = "832bd2662a5c2b251ee3fc82aec349a766ca539015880133002e5a21960b3bcf",
    .key = "9e37cb26787f37e18db172795c4c297550d39ac82511d9af4c8706db6a77fd51",
    .ad = "c50663877fe31b00000020f94da7bb48d60a61e567706a6587d0331999bb9d89"
          "1a08242ead84543df895a3",
};

/* [RFC9580 A.5.2] */
static const struct locked a5_subkey = {
    .index = 2,
    .type = PACKET_SECRET_SUBKEY,
    .s2k = "04 0e61846829da869abe0ea61545dc14cc 01 04 15",
    .nonce = "2e13ca9ff4e724fb1c2eb1df860209",
    .derived = "f74a6ce873a089ef13a3da9ac059777bb22340d15eaa6c9dc0f8ef09035c67cd",
    .key = "3c60cb63285f62f4c3de49835786f011cf6f4c069f61232cd7013ff5fd31e603",
    .ad = "c70663877fe319000000208693248367f9e5015db922f8f48095dda784987f2d"
          "5985b12fbad16caf5e4435",
};

static struct slice a5_packets(void)
{
    return rfc9580_packets("A.5-v6-secret-key-locked.asc", ARMOR_PRIVATE_KEY);
}

static struct secret *a5_passphrase(void)
{
    return unit_secret(SLICE_TEXT("correct horse battery staple"));
}

static void a5_belongs_to_the_certificate(void **state)
{
    (void)state;
    check_belongs(a5_packets());
}

static void check_protection(const struct seckey *k, const struct locked *l)
{
    struct buf *b = unit_keep();
    assert_true(k->state == SECKEY_PROTECTED && k->usage == SECKEY_AEAD);
    assert_true(k->cipher == CIPHER_AES256 && k->aead == AEAD_OCB);
    assert_int_equal(k->s2k.type, S2K_ARGON2);
    assert_int_equal(k->s2k.passes, 1);
    assert_int_equal(k->s2k.lanes, 4);
    assert_int_equal(k->s2k.memory, 21);
    s2k_write(&k->s2k, b);
    SAME(buf_view(b), unit_hex(l->s2k));
    SAME(k->iv, unit_hex(l->nonce));
    assert_int_equal(k->content.len, 32 + TAG_LEN);
}

/* Opens and seals the content with what the text lists. */
static void check_sealing(const struct seckey *k, const struct locked *l, struct slice fields)
{
    AUTO(aead_free) struct aead *a = NULL;
    uint8_t opened[32], sealed[32 + TAG_LEN];
    struct slice content = k->content, ad = unit_hex(l->ad);
    OK(aead_new(CIPHER_AES256, AEAD_OCB, unit_hex(l->key), &a));
    assert_int_equal(aead_nonce_len(a), k->iv.len);
    assert_true(aead_open(a, k->iv.data, ad, opened, slice_of(content.data, sizeof opened),
                          content.data + sizeof opened));
    SAME(SLICE_OF(opened), fields);
    aead_seal(a, k->iv.data, ad, sealed, fields, sealed + sizeof opened);
    SAME(SLICE_OF(sealed), content);
}

static void check_locked(const struct locked *l)
{
    static const uint8_t aes256_ocb[] = {6, 9, 2};
    struct seckey k = secret_key(a5_packets(), l->index, l->type);
    AUTO(secret_free) struct secret *passphrase = a5_passphrase();
    AUTO(secret_free) struct secret *plain = a4_fields(l->index, l->type);
    AUTO(secret_free) struct secret *derived = NULL, *key = NULL, *fields = NULL;
    struct buf *info = unit_keep();
    check_protection(&k, l);
    OK(s2k_derive(&k.s2k, passphrase, 32, &s2k_default_limits, &derived));
    SAME(secret_view(derived), unit_hex(l->derived));
    buf_u8(info, 0xC0 | l->type);
    buf_bytes(info, SLICE_OF(aes256_ocb));
    OK(kdf_hkdf(HASH_SHA256, secret_view(derived), SLICE_EMPTY, buf_view(info), 32, &key));
    SAME(secret_view(key), unit_hex(l->key));
    check_sealing(&k, l, secret_view(plain));
    OK(seckey_unlock(&k, passphrase, &s2k_default_limits, &fields));
    SAME(secret_view(fields), secret_view(plain));
}

/* The public part is additional data, and so is the type of the packet. */
static void check_swapped(const struct locked *l)
{
    struct secret *fields = NULL;
    AUTO(secret_free) struct secret *passphrase = a5_passphrase();
    struct seckey k = secret_key(a5_packets(), l->index, l->type);
    k.content = unit_flipped(k.content, 8);
    FAILS(ERR_LOCKED, seckey_unlock(&k, passphrase, &s2k_default_limits, &fields));
    k = secret_key(a5_packets(), l->index, l->type);
    k.packet_type ^= PACKET_SECRET_KEY ^ PACKET_SECRET_SUBKEY;
    FAILS(ERR_LOCKED, seckey_unlock(&k, passphrase, &s2k_default_limits, &fields));
    k = secret_key(a5_packets(), l->index, l->type);
    k.public.body = unit_flipped(k.public.body, 15);
    FAILS(ERR_LOCKED, seckey_unlock(&k, passphrase, &s2k_default_limits, &fields));
    assert_null(fields);
}

static void a5_primary_key_unlocks(void **state)
{
    (void)state;
    check_locked(&a5_primary);
    check_swapped(&a5_primary);
}

static void a5_subkey_unlocks(void **state)
{
    (void)state;
    check_locked(&a5_subkey);
    check_swapped(&a5_subkey);
}

static void a5_stays_locked(void **state)
{
    (void)state;
    struct secret *fields = NULL;
    struct seckey k = secret_key(a5_packets(), 2, PACKET_SECRET_SUBKEY);
    AUTO(secret_free) struct secret *right = a5_passphrase();
    AUTO(secret_free) struct secret *wrong = unit_secret(
        SLICE_TEXT("correct horse battery stable"));
    struct s2k_limits half = s2k_default_limits;
    half.argon2_kib /= 2;
    FAILS(ERR_LOCKED, seckey_unlock(&k, NULL, &s2k_default_limits, &fields));
    FAILS(ERR_LIMIT, seckey_unlock(&k, right, &half, &fields));
    FAILS(ERR_LOCKED, seckey_unlock(&k, wrong, &s2k_default_limits, &fields));
    assert_null(fields);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a1_fields_and_fingerprint),
        cmocka_unit_test(a1_legacy_framing),
        cmocka_unit_test(a1_seed_gives_the_public_key),
        cmocka_unit_test(a3_fields_and_fingerprints),
        cmocka_unit_test(a4_belongs_to_the_certificate),
        cmocka_unit_test(a4_unlocks_without_passphrase),
        cmocka_unit_test(a4_changed_secret_is_refused),
        cmocka_unit_test(a5_belongs_to_the_certificate),
        cmocka_unit_test(a5_primary_key_unlocks),
        cmocka_unit_test(a5_subkey_unlocks),
        cmocka_unit_test(a5_stays_locked),
    };
    return cmocka_run_group_tests_name("rfc9580 keys", tests, NULL, NULL);
}
