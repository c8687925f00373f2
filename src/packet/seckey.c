#include "packet/seckey.h"

#include "base/mem.h"
#include "crypto/aead.h"
#include "crypto/algo.h"
#include "crypto/cipher.h"
#include "crypto/ct.h"
#include "crypto/digest.h"
#include "crypto/kdf.h"
#include "packet/packet.h"

enum { SHA1_LEN = 20, SUM_LEN = 2 };

/* Parsing. */

static err *parse_s2k(struct reader *r, struct seckey *k)
{
    uint8_t len = 0;
    if (k->public.version == 6) {
        reader_mark(r, "S2K length");
        len = reader_u8(r);
    }
    reader_mark(r, "S2K");
    if (k->public.version != 6)
        return s2k_parse(r, &k->s2k);
    struct reader sub = reader_sub(r, len, "S2K specifier");
    TRY(s2k_parse(&sub, &k->s2k));
    return reader_end(&sub);
}

/* [RFC9580 3.7.2.1]: what v6 keys may not have, and Argon2 only with AEAD. */
static err *check_forms(const struct seckey *k)
{
    bool weak = k->usage != SECKEY_AEAD && k->usage != SECKEY_CFB;
    if (k->public.version == 6 && weak)
        return err_new(ERR_MALFORMED, "a v6 key protected in a way that is for v4 only");
    if (k->usage != SECKEY_AEAD && k->s2k.type == S2K_ARGON2)
        return err_new(ERR_MALFORMED, "a key protected with Argon2, but not with AEAD");
    if (k->public.version == 6 && s2k_is_weak(&k->s2k))
        return err_new(ERR_MALFORMED, "a v6 key protected without a salt or with a weak hash");
    return NULL;
}

/* The fields between the usage octet and the secret. */
static err *parse_protection(struct reader *r, struct seckey *k)
{
    if (k->usage >= SECKEY_AEAD) {
        reader_mark(r, "cipher");
        k->cipher = reader_u8(r);
    } else {
        k->cipher = k->usage;
        k->s2k = (struct s2k){.type = S2K_SIMPLE, .hash = HASH_MD5};
    }
    if (k->usage == SECKEY_AEAD) {
        reader_mark(r, "AEAD mode");
        k->aead = reader_u8(r);
    }
    if (k->usage >= SECKEY_AEAD)
        TRY(parse_s2k(r, k));
    TRY(check_forms(k));
    if (k->s2k.type == S2K_GNU) {
        k->state = SECKEY_ABSENT;
        return NULL;
    }
    const struct cipher_algo *cipher = algo_cipher(k->cipher);
    const struct aead_algo *aead = algo_aead(k->aead);
    if (k->public.version == 5 && k->usage == SECKEY_AEAD)
        return err_new(ERR_UNSUPPORTED, "a v5 key protected with AEAD");
    if (cipher == NULL || (k->usage == SECKEY_AEAD && aead == NULL))
        return err_new(ERR_UNSUPPORTED, "a key protected with an unknown cipher");
    reader_mark(r, k->usage == SECKEY_AEAD ? "nonce" : "IV");
    k->iv = reader_bytes(r, k->usage == SECKEY_AEAD ? aead->nonce_len : cipher->block_len);
    return NULL;
}

/* What comes before the secret, with its length in front in newer versions. */
static err *parse_protected(struct reader *r, struct seckey *k)
{
    struct reader *fields = r, sub;
    k->state = SECKEY_PROTECTED;
    if (k->public.version > 4) {
        reader_mark(r, "protection length");
        uint8_t len = reader_u8(r);
        sub = reader_sub(r, len, "key protection");
        fields = &sub;
    }
    err *e = parse_protection(fields, k);
    if (err_kind_of(e) == ERR_UNSUPPORTED) {
        /* Kept as it is, but there is no way to unlock it. */
        err_free(e);
        k->state = SECKEY_ABSENT;
        reader_mark(r, "unknown protection");
        reader_rest(fields);
        e = NULL;
    }
    TRY(e);
    return fields == r || k->state == SECKEY_ABSENT ? NULL : reader_end(fields);
}

static const char *content_label(const struct seckey *k)
{
    return k->usage == SECKEY_PLAIN ? "secret key material" : "protected key material";
}

/* Version 5 has both lengths in any case; the checksum of what is not protected is not
 * counted [LibrePGP]. */

static err *parse_no_protection(struct reader *r)
{
    reader_mark(r, "protection length");
    uint8_t len = reader_u8(r);
    TRY(reader_check(r));
    return len == 0 ? NULL : err_new(ERR_MALFORMED, "a protection for a key without one");
}

static err *parse_counted_content(struct reader *r, struct seckey *k)
{
    reader_mark(r, "secret length");
    uint32_t len = reader_u32(r);
    reader_mark(r, content_label(k));
    k->content = reader_bytes(r, k->usage == SECKEY_PLAIN ? (size_t)len + SUM_LEN : len);
    return reader_end(r);
}

err *seckey_parse(struct reader *r, uint8_t packet_type, struct seckey *out)
{
    *out = (struct seckey){.packet_type = packet_type};
    TRY(pubkey_parse(r, &out->public));
    reader_mark(r, "S2K usage");
    out->usage = reader_u8(r);
    if (out->usage != SECKEY_PLAIN && !reader_failed(r))
        TRY(parse_protected(r, out));
    else if (out->public.version == 5)
        TRY(parse_no_protection(r));
    if (out->public.version == 5)
        return parse_counted_content(r, out);
    reader_mark(r, content_label(out));
    out->content = reader_rest(r);
    return reader_end(r);
}

bool seckey_is_on_card(const struct seckey *k)
{
    return k->state == SECKEY_ABSENT && k->s2k.type == S2K_GNU && k->s2k.gnu_mode == S2K_GNU_CARD;
}

/* Unlocking. */

static err *wrong_passphrase(void)
{
    return err_new(ERR_LOCKED, "wrong passphrase");
}

static uint16_t sum_of(struct slice s)
{
    uint16_t sum = 0;
    for (size_t i = 0; i < s.len; i++)
        sum = (uint16_t)(sum + s.data[i]);
    return sum;
}

static bool sum_fits(struct slice fields, struct slice sum)
{
    uint16_t expected = sum_of(fields);
    uint8_t bytes[SUM_LEN] = {(uint8_t)(expected >> 8), (uint8_t)expected};
    return ct_equal(sum, SLICE_OF(bytes));
}

static err *open_plain(const struct seckey *k, struct secret **out)
{
    size_t guard = k->public.version == 6 ? 0 : SUM_LEN;
    if (k->content.len < guard)
        return err_new(ERR_MALFORMED, "the secret key is cut short");
    struct slice fields = slice_of(k->content.data, k->content.len - guard);
    if (guard > 0 && !sum_fits(fields, slice_from(k->content, fields.len)))
        return err_new(ERR_MALFORMED, "the secret key is damaged: wrong checksum");
    return secret_of(fields, out);
}

/* Additional data and key derivation info begin alike: packet type and, for the
 * data, the public part [RFC9580 5.5.3]. */
static err *aead_key(const struct seckey *k, const struct secret *from_passphrase,
                     struct aead **out)
{
    const uint8_t info[4] = {(uint8_t)(0xC0 | k->packet_type), k->public.version, k->cipher,
                             k->aead};
    AUTO(secret_free) struct secret *key = NULL;
    TRY(kdf_hkdf(HASH_SHA256, secret_view(from_passphrase), SLICE_EMPTY, SLICE_OF(info),
                 secret_len(from_passphrase), &key));
    return aead_new(k->cipher, k->aead, secret_view(key), out);
}

static err *aead_data(const struct seckey *k, struct buf *ad)
{
    buf_u8(ad, 0xC0 | k->packet_type);
    buf_bytes(ad, k->public.body);
    return buf_end(ad);
}

static err *open_aead(const struct seckey *k, const struct secret *key, struct secret **out)
{
    AUTO(aead_free) struct aead *a = NULL;
    AUTO(secret_free) struct secret *fields = NULL;
    CLEANUP(buf_clear) struct buf ad = BUF_EMPTY(PK_FIELDS_MAX);
    if (k->content.len < TAG_LEN)
        return err_new(ERR_MALFORMED, "the secret key is cut short");
    struct slice sealed = slice_of(k->content.data, k->content.len - TAG_LEN);
    TRY(aead_key(k, key, &a));
    TRY(aead_data(k, &ad));
    TRY(secret_new(sealed.len, &fields));
    if (!aead_open(a, k->iv.data, buf_view(&ad), secret_data(fields), sealed,
                   sealed.data + sealed.len))
        return wrong_passphrase();
    *out = TAKE(fields);
    return NULL;
}

/* In v3 keys only the bytes of the integers are encrypted, each with the CFB
 * register set anew from the ciphertext before it, and the checksum is clear. */
static err *open_cfb_v3(const struct seckey *k, const struct cipher *c, struct secret *fields)
{
    struct reader r = reader_init(k->content, "v3 secret key");
    uint8_t *out = secret_data(fields);
    size_t block = cipher_block_len(c), done = 0;
    struct slice iv = k->iv;
    for (int i = 0; i < 4; i++) {
        struct cfb cfb;
        size_t bits = reader_u16(&r), len = (bits + 7) / 8;
        struct slice sealed = reader_bytes(&r, len);
        TRY(reader_check(&r));
        if (iv.len < block)
            return err_new(ERR_MALFORMED, "the secret key is cut short");
        out[done] = (uint8_t)(bits >> 8);
        out[done + 1] = (uint8_t)bits;
        cfb_start(&cfb, c, iv.data + iv.len - block);
        cfb_open(&cfb, out + done + 2, sealed.data, len);
        cfb_clear(&cfb);
        iv = sealed;
        done += 2 + len;
    }
    struct slice sum = reader_bytes(&r, SUM_LEN);
    TRY(reader_end(&r));
    memcpy(out + done, sum.data, SUM_LEN);
    return NULL;
}

static err *open_cfb(const struct seckey *k, const struct secret *key, struct secret **out)
{
    AUTO(cipher_free) struct cipher *c = NULL;
    AUTO(secret_free) struct secret *fields = NULL;
    uint8_t sha1[DIGEST_MAX];
    struct cfb cfb;
    size_t guard = k->usage == SECKEY_CFB ? SHA1_LEN : SUM_LEN;
    if (k->content.len < guard)
        return err_new(ERR_MALFORMED, "the secret key is cut short");
    TRY(cipher_new(k->cipher, secret_view(key), &c));
    TRY(secret_new(k->content.len, &fields));
    if (k->public.version < 4) {
        TRY(open_cfb_v3(k, c, fields));
    } else {
        cfb_start(&cfb, c, k->iv.data);
        cfb_open(&cfb, secret_data(fields), k->content.data, k->content.len);
        cfb_clear(&cfb);
    }
    struct slice plain = slice_of(secret_data(fields), k->content.len - guard);
    struct slice given = slice_of(secret_data(fields) + plain.len, guard);
    TRY(digest_of(HASH_SHA1, plain, sha1));
    bool fits = guard == SHA1_LEN ? ct_equal(given, slice_of(sha1, SHA1_LEN))
                                  : sum_fits(plain, given);
    if (!fits)
        return wrong_passphrase();
    secret_truncate(fields, plain.len);
    *out = TAKE(fields);
    return NULL;
}

static err *open_protected(const struct seckey *k, const struct secret *passphrase,
                           const struct s2k_limits *limits, struct secret **out)
{
    const struct cipher_algo *cipher = algo_cipher(k->cipher);
    AUTO(secret_free) struct secret *key = NULL;
    if (passphrase == NULL)
        return err_new(ERR_LOCKED, "the key is protected by a passphrase");
    if (cipher == NULL || cipher->status == ALGO_UNSUPPORTED)
        return err_new(ERR_UNSUPPORTED, "the key is protected with %s, which is not supported",
                       algo_cipher_name(k->cipher));
    TRY(s2k_derive(&k->s2k, passphrase, cipher->key_len, limits, &key));
    return k->usage == SECKEY_AEAD ? open_aead(k, key, out) : open_cfb(k, key, out);
}

/* All bytes must be fields, and fields of this key: a secret part exchanged by
 * an attacker would give itself away when used [RFC9580 5.5.3, 13.7]. */
static err *check_fields(const struct seckey *k, const struct secret *fields)
{
    const struct pk_algo *algo = pk_find(k->public.algo);
    struct reader r = reader_init(secret_view(fields), "secret key");
    if (algo == NULL)
        return err_new(ERR_UNSUPPORTED, "keys of algorithm %u are not supported", k->public.algo);
    r.canonical = k->public.version == 6; /* [RFC9580 3.2] */
    algo->skip_secret(&r);
    TRY(reader_end(&r));
    return pk_check(k->public.algo, k->public.material, fields);
}

err *seckey_unlock(const struct seckey *k, const struct secret *passphrase,
                   const struct s2k_limits *limits, struct secret **out)
{
    AUTO(secret_free) struct secret *fields = NULL;
    if (k->state == SECKEY_ABSENT)
        return err_new(ERR_UNSUPPORTED, "the secret part of the key is not here");
    if (k->state == SECKEY_UNPROTECTED)
        TRY(open_plain(k, &fields));
    else
        TRY(open_protected(k, passphrase, limits, &fields));
    TRY(check_fields(k, fields));
    *out = TAKE(fields);
    return NULL;
}

/* Writing. */

/* Version 5 counts what comes before the secret, and the secret but for a checksum. */
static void write_plain(struct buf *b, const struct pubkey *public, const struct secret *secret)
{
    buf_u8(b, SECKEY_PLAIN);
    if (public->version == 5) {
        buf_u8(b, 0);
        buf_u32(b, (uint32_t)secret_len(secret));
    }
    buf_bytes(b, secret_view(secret));
    if (public->version != 6)
        buf_u16(b, sum_of(secret_view(secret)));
}

static void write_cfb_protection(struct buf *b, const struct seckey *k)
{
    bool counted = k->public.version == 5;
    size_t all = counted ? buf_open(b, 1) : 0;
    buf_u8(b, k->cipher);
    s2k_write(&k->s2k, b);
    buf_bytes(b, k->iv);
    if (counted)
        buf_close(b, all, 1);
}

static err *write_cfb(struct buf *b, struct seckey *k, const struct secret *secret,
                      const struct secret *key)
{
    AUTO(cipher_free) struct cipher *c = NULL;
    uint8_t sha1[DIGEST_MAX];
    struct cfb cfb;
    struct slice fields = secret_view(secret);
    TRY(digest_of(HASH_SHA1, fields, sha1));
    TRY(cipher_new(k->cipher, secret_view(key), &c));
    buf_u8(b, SECKEY_CFB);
    write_cfb_protection(b, k);
    if (k->public.version == 5)
        buf_u32(b, (uint32_t)(fields.len + SHA1_LEN));
    uint8_t *room = buf_extend(b, fields.len + SHA1_LEN);
    if (room == NULL)
        return buf_end(b);
    cfb_start(&cfb, c, k->iv.data);
    cfb_seal(&cfb, room, fields.data, fields.len);
    cfb_seal(&cfb, room + fields.len, sha1, SHA1_LEN);
    cfb_clear(&cfb);
    mem_wipe(sha1, sizeof sha1);
    return NULL;
}

static err *write_aead(struct buf *b, struct seckey *k, const struct secret *secret,
                       const struct secret *key)
{
    AUTO(aead_free) struct aead *a = NULL;
    CLEANUP(buf_clear) struct buf ad = BUF_EMPTY(PK_FIELDS_MAX);
    struct slice fields = secret_view(secret);
    TRY(aead_key(k, key, &a));
    TRY(aead_data(k, &ad));
    buf_u8(b, SECKEY_AEAD);
    size_t all = buf_open(b, 1);
    buf_u8(b, k->cipher);
    buf_u8(b, k->aead);
    size_t specifier = buf_open(b, 1);
    s2k_write(&k->s2k, b);
    buf_close(b, specifier, 1);
    buf_bytes(b, k->iv);
    buf_close(b, all, 1);
    uint8_t *room = buf_extend(b, fields.len + TAG_LEN);
    if (room != NULL)
        aead_seal(a, k->iv.data, buf_view(&ad), room, fields, room + fields.len);
    return buf_end(b);
}

err *seckey_write(struct buf *b, const struct pubkey *public, uint8_t packet_type,
                  const struct secret *secret, const struct secret *passphrase,
                  const struct world *w)
{
    uint8_t iv[NONCE_MAX];
    AUTO(secret_free) struct secret *key = NULL;
    struct seckey k = {.public = *public, .packet_type = packet_type, .cipher = CIPHER_AES256};
    bool with_aead = public->version == 6;
    k.aead = with_aead ? AEAD_OCB : AEAD_NONE;
    buf_bytes(b, public->body);
    if (passphrase == NULL) {
        write_plain(b, public, secret);
        return buf_end(b);
    }
    TRY(world_random(w, iv, sizeof iv));
    k.iv = slice_of(iv, with_aead ? algo_aead(AEAD_OCB)->nonce_len : BLOCK_MAX);
    TRY(s2k_fresh(with_aead ? S2K_ARGON2 : S2K_ITERATED, w, &k.s2k));
    TRY(s2k_derive(&k.s2k, passphrase, CIPHER_KEY_MAX, &s2k_default_limits, &key));
    TRY(with_aead ? write_aead(b, &k, secret, key) : write_cfb(b, &k, secret, key));
    return buf_end(b);
}

void seckey_write_absent(struct buf *b, const struct pubkey *public)
{
    const struct s2k elsewhere = {.type = S2K_GNU, .gnu_mode = S2K_GNU_DUMMY};
    buf_bytes(b, public->body);
    buf_u8(b, SECKEY_CFB_SUM);
    buf_u8(b, CIPHER_PLAINTEXT);
    s2k_write(&elsewhere, b);
}
