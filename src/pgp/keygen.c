#include "pgp/keygen.h"

#include "base/text.h"
#include "crypto/algo.h"
#include "crypto/curve.h"
#include "pgp/sigmaker.h"

enum { RSA_BITS = 3072, KEYSERVER_NO_MODIFY = 0x80 };

const struct keygen_profile keygen_profiles[] = {
    {"default", NULL, "v4, Ed25519 and X25519 in the form that every program reads", 4,
     PK_EDDSA_LEGACY, PK_ECDH, 0, CURVE_25519_LEGACY, FEATURE_SEIPD1 | FEATURE_SEIPD2},
    {"rfc9580", "performance", "v6, Ed25519 and X25519, for programs that know RFC 9580", 6,
     PK_ED25519, PK_X25519, 0, 0, FEATURE_SEIPD1 | FEATURE_SEIPD2},
    {"security", NULL, "v6, Ed448 and X448, stronger and slower", 6, PK_ED448, PK_X448, 0, 0,
     FEATURE_SEIPD1 | FEATURE_SEIPD2},
    {"compatibility", "rfc4880", "v4, RSA 3072, for old programs and devices", 4, PK_RSA, PK_RSA,
     RSA_BITS, RSA_BITS, FEATURE_SEIPD1},
    {NULL, NULL, NULL, 0, 0, 0, 0, 0, 0},
};

const struct keygen_profile *keygen_profile_find(const char *name)
{
    for (const struct keygen_profile *p = keygen_profiles; p->name != NULL; p++) {
        if (strcmp(p->name, name) == 0 || text_list_has(p->aliases, name))
            return p;
    }
    return NULL;
}

/* A key while it is being made: its public body and its secret fields. */
struct new_key {
    struct buf body;
    struct pubkey public;
    struct secret *secret;
};

static void new_key_clear(struct new_key *k)
{
    buf_clear(&k->body);
    secret_free(k->secret);
}

struct maker {
    const struct keygen_params *params;
    uint32_t now;
    struct new_key primary, subkey;
    struct signer signer; /* the primary key */
    struct buf packets;
};

static void maker_clear(struct maker *m)
{
    new_key_clear(&m->primary);
    new_key_clear(&m->subkey);
    buf_clear(&m->packets);
}

static err *make_key(const struct maker *m, uint8_t algo, unsigned variant, struct new_key *k)
{
    CLEANUP(buf_clear) struct buf material = BUF_EMPTY(PK_FIELDS_MAX);
    k->body = BUF_EMPTY(PK_FIELDS_MAX + 16);
    TRY(pk_generate(algo, variant, m->params->world, &material, &k->secret));
    pubkey_write(&k->body, m->params->profile->version, m->now, algo, buf_view(&material));
    TRY(buf_end(&k->body));
    struct reader r = reader_init(buf_view(&k->body), "new key");
    TRY(pubkey_parse(&r, &k->public));
    return reader_end(&r);
}

static err *write_key(struct maker *m, uint8_t type, const struct new_key *k)
{
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(2 * PK_FIELDS_MAX);
    TRY(seckey_write(&body, &k->public, type, k->secret, m->params->passphrase, m->params->world));
    packet_write(&m->packets, type, buf_view(&body));
    return NULL;
}

/* What the key can do and its owner prefers.  Uncompressed comes first: nobody
 * need guess [RFC9580 12.3.1]. */
static void write_preferences(const struct keygen_profile *p, struct buf *b)
{
    static const uint8_t ciphers[] = {CIPHER_AES256, CIPHER_AES192, CIPHER_AES128};
    static const uint8_t aead[] = {CIPHER_AES256, AEAD_OCB, CIPHER_AES128, AEAD_OCB};
    static const uint8_t hashes[] = {HASH_SHA512, HASH_SHA256, HASH_SHA384};
    static const uint8_t compression[] = {COMPRESSION_NONE, COMPRESSION_ZLIB, COMPRESSION_ZIP,
                                          COMPRESSION_BZIP2};
    subpacket_write(b, SUB_PREFERRED_CIPHERS, false, SLICE_OF(ciphers));
    if ((p->features & FEATURE_SEIPD2) != 0)
        subpacket_write(b, SUB_PREFERRED_AEAD, false, SLICE_OF(aead));
    subpacket_write(b, SUB_PREFERRED_HASHES, false, SLICE_OF(hashes));
    subpacket_write(b, SUB_PREFERRED_COMPRESSION, false, SLICE_OF(compression));
    subpacket_write_u8(b, SUB_FEATURES, false, p->features);
    subpacket_write_u8(b, SUB_KEYSERVER_PREFS, false, KEYSERVER_NO_MODIFY);
}

static void write_key_info(const struct maker *m, struct buf *b)
{
    subpacket_write_u8(b, SUB_KEY_FLAGS, true, FLAG_CERTIFY | FLAG_SIGN);
    if (m->params->expires_after != 0)
        subpacket_write_u32(b, SUB_KEY_EXPIRES, true, m->params->expires_after);
    write_preferences(m->params->profile, b);
}

/* Which signature carries the information about the key: in v6 the direct key
 * signature, in v4 that of each user ID [RFC9580 5.2.3.10]. */
static bool info_on_users(const struct maker *m)
{
    return m->params->profile->version == 4 && m->params->n_user_ids > 0;
}

static err *finish_signature(struct maker *m, struct sigmaker *s)
{
    CLEANUP(buf_clear) struct buf body = BUF_EMPTY(1 << 18);
    TRY(sigmaker_finish(s, m->params->world, m->now, &body));
    packet_write(&m->packets, PACKET_SIGNATURE, buf_view(&body));
    return NULL;
}

static err *sign_direct(struct maker *m)
{
    CLEANUP(sigmaker_clear) struct sigmaker s = {0};
    const struct target t = {.primary = m->primary.public.body};
    TRY(sigmaker_start(&s, &m->signer, SIG_DIRECT_KEY, m->params->world));
    target_digest(&t, m->primary.public.version, s.digest);
    write_key_info(m, &s.hashed);
    return finish_signature(m, &s);
}

static err *sign_user_id(struct maker *m, struct slice id, bool primary)
{
    CLEANUP(sigmaker_clear) struct sigmaker s = {0};
    const struct target t = {.primary = m->primary.public.body, .user = id, .has_user = true};
    TRY(sigmaker_start(&s, &m->signer, SIG_CERT_POSITIVE, m->params->world));
    target_digest(&t, m->primary.public.version, s.digest);
    if (info_on_users(m))
        write_key_info(m, &s.hashed);
    if (primary)
        subpacket_write_u8(&s.hashed, SUB_PRIMARY_USER_ID, false, 1);
    packet_write(&m->packets, PACKET_USER_ID, id);
    return finish_signature(m, &s);
}

static err *sign_subkey(struct maker *m)
{
    CLEANUP(sigmaker_clear) struct sigmaker s = {0};
    const struct target t = {.primary = m->primary.public.body, .subkey = m->subkey.public.body};
    TRY(sigmaker_start(&s, &m->signer, SIG_SUBKEY_BINDING, m->params->world));
    target_digest(&t, m->primary.public.version, s.digest);
    subpacket_write_u8(&s.hashed, SUB_KEY_FLAGS, true, FLAG_ENCRYPT);
    if (m->params->expires_after != 0)
        subpacket_write_u32(&s.hashed, SUB_KEY_EXPIRES, true, m->params->expires_after);
    return finish_signature(m, &s);
}

static err *check_user_ids(const struct keygen_params *p)
{
    for (size_t i = 0; i < p->n_user_ids; i++) {
        if (p->user_ids[i].len == 0)
            return err_new(ERR_USAGE, "the user ID is empty");
        if (!text_is_utf8(p->user_ids[i]))
            return err_new(ERR_USAGE, "the user ID is not UTF-8");
        if (p->user_ids[i].len > 2048)
            return err_new(ERR_USAGE, "the user ID is longer than 2048 bytes");
    }
    return NULL;
}

static bool is_repeated(const struct keygen_params *p, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (slice_equal(p->user_ids[k], p->user_ids[i]))
            return true;
    }
    return false;
}

static err *add_user_ids(struct maker *m)
{
    for (size_t i = 0; i < m->params->n_user_ids; i++) {
        if (!is_repeated(m->params, i))
            TRY(sign_user_id(m, m->params->user_ids[i], i == 0));
    }
    return NULL;
}

static err *add_subkey(struct maker *m)
{
    const struct keygen_profile *p = m->params->profile;
    if (m->params->signing_only)
        return NULL;
    TRY(make_key(m, p->subkey_algo, p->subkey_variant, &m->subkey));
    TRY(write_key(m, PACKET_SECRET_SUBKEY, &m->subkey));
    return sign_subkey(m);
}

err *keygen_make(const struct keygen_params *p, struct cert **out)
{
    CLEANUP(maker_clear) struct maker m = {.params = p, .now = (uint32_t)world_now(p->world)};
    const struct keygen_profile *profile = p->profile;
    m.packets = BUF_EMPTY(CERT_MAX);
    TRY(check_user_ids(p));
    TRY(make_key(&m, profile->primary_algo, profile->primary_variant, &m.primary));
    m.signer = (struct signer){.key = &m.primary.public, .secret = m.primary.secret};
    TRY(write_key(&m, PACKET_SECRET_KEY, &m.primary));
    if (!info_on_users(&m))
        TRY(sign_direct(&m));
    TRY(add_user_ids(&m));
    TRY(add_subkey(&m));
    TRY(buf_end(&m.packets));
    return cert_parse(buf_view(&m.packets), out);
}
