#include "pgp/keygen.h"

#include "base/text.h"
#include "crypto/algo.h"
#include "crypto/curve.h"
#include "pgp/issue.h"
#include "pgp/newkey.h"

enum { RSA_BITS = 3072, KEYSERVER_NO_MODIFY = 0x80, SUBPACKETS_MAX = 1 << 12 };

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

const struct keygen_profile *keygen_profile_like(const struct pubkey *primary)
{
    const struct keygen_profile *like = NULL;
    for (const struct keygen_profile *p = keygen_profiles; p->name != NULL; p++) {
        if (p->version == primary->version && p->primary_algo == primary->algo)
            return p;
        if (p->version == primary->version && like == NULL)
            like = p;
    }
    return like;
}

struct newkey_kind keygen_subkey_kind(const struct keygen_profile *p)
{
    return (struct newkey_kind){p->version, p->subkey_algo, p->subkey_variant};
}

struct maker {
    const struct keygen_params *params;
    uint32_t now;
    struct newkey primary, subkey;
    struct signer signer; /* the primary key */
    struct buf packets;
};

static void maker_clear(struct maker *m)
{
    newkey_clear(&m->primary);
    newkey_clear(&m->subkey);
    buf_clear(&m->packets);
}

/* What the key can do and its owner prefers.  Uncompressed comes first: nobody
 * need guess [RFC9580 12.3.1]. */
void keygen_write_preferences(uint8_t features, struct buf *b)
{
    static const uint8_t ciphers[] = {CIPHER_AES256, CIPHER_AES192, CIPHER_AES128};
    static const uint8_t aead[] = {CIPHER_AES256, AEAD_OCB, CIPHER_AES128, AEAD_OCB};
    static const uint8_t hashes[] = {HASH_SHA512, HASH_SHA256, HASH_SHA384};
    static const uint8_t compression[] = {COMPRESSION_NONE, COMPRESSION_ZLIB, COMPRESSION_ZIP,
                                          COMPRESSION_BZIP2};
    subpacket_write(b, SUB_PREFERRED_CIPHERS, false, SLICE_OF(ciphers));
    if ((features & FEATURE_SEIPD2) != 0)
        subpacket_write(b, SUB_PREFERRED_AEAD, false, SLICE_OF(aead));
    subpacket_write(b, SUB_PREFERRED_HASHES, false, SLICE_OF(hashes));
    subpacket_write(b, SUB_PREFERRED_COMPRESSION, false, SLICE_OF(compression));
    subpacket_write_u8(b, SUB_FEATURES, false, features);
}

static void write_key_info(const struct maker *m, struct buf *b)
{
    bool local = m->params->only_local;
    subpacket_write_u8(b, SUB_KEY_FLAGS, true, local ? FLAG_CERTIFY : FLAG_CERTIFY | FLAG_SIGN);
    if (m->params->expires_after != 0)
        subpacket_write_u32(b, SUB_KEY_EXPIRES, true, m->params->expires_after);
    keygen_write_preferences(m->params->profile->features, b);
    subpacket_write_u8(b, SUB_KEYSERVER_PREFS, false, KEYSERVER_NO_MODIFY);
}

/* Which signature carries the information about the key: in v6 the direct key
 * signature, in v4 that of each user ID [RFC9580 5.2.3.10]. */
static bool info_on_users(const struct maker *m)
{
    return m->params->profile->version == 4 && m->params->n_user_ids > 0;
}

/* A signature of the new primary key over a target. */
static err *sign(struct maker *m, enum sig_type type, const struct target *t,
                 struct buf *subpackets)
{
    if (m->params->only_local)
        subpacket_write_u8(subpackets, SUB_EXPORTABLE, true, 0);
    TRY(buf_end(subpackets));
    const struct issue i = {.signer = &m->signer,
                            .type = type,
                            .target = *t,
                            .subpackets = buf_view(subpackets),
                            .world = m->params->world,
                            .at = m->now};
    return issue_packet(&i, &m->packets);
}

static err *sign_direct(struct maker *m)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(SUBPACKETS_MAX);
    const struct target t = {.primary = m->primary.public.body};
    write_key_info(m, &subpackets);
    return sign(m, SIG_DIRECT_KEY, &t, &subpackets);
}

static err *sign_user_id(struct maker *m, struct slice id, bool primary)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(SUBPACKETS_MAX);
    const struct target t = {.primary = m->primary.public.body, .user = id, .has_user = true};
    if (info_on_users(m))
        write_key_info(m, &subpackets);
    if (primary)
        subpacket_write_u8(&subpackets, SUB_PRIMARY_USER_ID, false, 1);
    packet_write(&m->packets, PACKET_USER_ID, id);
    return sign(m, SIG_CERT_POSITIVE, &t, &subpackets);
}

static err *sign_subkey(struct maker *m)
{
    CLEANUP(buf_clear) struct buf subpackets = BUF_EMPTY(SUBPACKETS_MAX);
    const struct target t = {.primary = m->primary.public.body, .subkey = m->subkey.public.body};
    subpacket_write_u8(&subpackets, SUB_KEY_FLAGS, true, FLAG_ENCRYPT);
    if (m->params->expires_after != 0)
        subpacket_write_u32(&subpackets, SUB_KEY_EXPIRES, true, m->params->expires_after);
    return sign(m, SIG_SUBKEY_BINDING, &t, &subpackets);
}

err *keygen_check_user_id(struct slice id)
{
    if (id.len == 0)
        return err_new(ERR_USAGE, "the user ID is empty");
    if (!text_is_utf8(id))
        return err_new(ERR_USAGE, "the user ID is not UTF-8");
    if (id.len > 2048)
        return err_new(ERR_USAGE, "the user ID is longer than 2048 bytes");
    return NULL;
}

static err *check_user_ids(const struct keygen_params *p)
{
    for (size_t i = 0; i < p->n_user_ids; i++)
        TRY(keygen_check_user_id(p->user_ids[i]));
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

static err *write_key(struct maker *m, uint8_t type, const struct newkey *k)
{
    return newkey_write(k, type, m->params->passphrase, m->params->world, &m->packets);
}

static err *add_subkey(struct maker *m)
{
    const struct keygen_profile *p = m->params->profile;
    if (m->params->signing_only || m->params->only_local)
        return NULL;
    const struct newkey_kind kind = keygen_subkey_kind(p);
    TRY(newkey_make(&kind, m->now, m->params->world, &m->subkey));
    TRY(write_key(m, PACKET_SECRET_SUBKEY, &m->subkey));
    return sign_subkey(m);
}

/* For the day on which the key is lost, or its passphrase: why that will be, nobody knows
 * yet. */
static err *make_revocation(const struct maker *m)
{
    const struct issue i = {.signer = &m->signer,
                            .target = {.primary = m->primary.public.body},
                            .world = m->params->world,
                            .at = m->now};
    if (m->params->revocation == NULL)
        return NULL;
    return issue_revocation_certificate(&i, REVOKED_NO_REASON, "", m->params->revocation);
}

err *keygen_make(const struct keygen_params *p, struct cert **out)
{
    CLEANUP(maker_clear) struct maker m = {.params = p, .now = (uint32_t)world_now(p->world)};
    const struct keygen_profile *profile = p->profile;
    m.packets = BUF_EMPTY(CERT_MAX);
    TRY(check_user_ids(p));
    const struct newkey_kind kind = {profile->version, profile->primary_algo,
                                     profile->primary_variant};
    TRY(newkey_make(&kind, m.now, p->world, &m.primary));
    m.signer = (struct signer){.key = &m.primary.public, .secret = m.primary.secret};
    TRY(write_key(&m, PACKET_SECRET_KEY, &m.primary));
    if (!info_on_users(&m))
        TRY(sign_direct(&m));
    TRY(add_user_ids(&m));
    TRY(add_subkey(&m));
    TRY(make_revocation(&m));
    TRY(buf_end(&m.packets));
    return cert_parse(buf_view(&m.packets), out);
}
