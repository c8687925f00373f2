#include "pgp/policy.h"

#include "base/when.h"
#include "crypto/algo.h"

/* When MD5 and short keys fell, whatever the date in a signature; see policy_as_of. */
enum {
    MD5_FELL = 1262304000,        /* 2010-01-01: a year after the forged CA certificate */
    SHORT_KEYS_FELL = 1388534400, /* 2014-01-01 [NIST SP 800-131A] */
    SHORT_KEY_BITS = 1024,
};

const struct policy policy_default = {
    .md5_until = INT64_MIN,
    .sha1_data_until = 1388534400,  /* 2014-01-01 [NIST SP 800-131A] */
    .sha1_certs_until = 1675209600, /* 2023-02-01: long after tools stopped making them */
    .rsa_bits_min = 2048,           /* [RFC9580 12.4] */
};

static int64_t in_force_at(int64_t limit, int64_t at)
{
    return limit <= at ? limit : INT64_MAX;
}

struct policy policy_as_of(int64_t at)
{
    struct policy p = policy_default;
    p.md5_until = at < MD5_FELL ? INT64_MAX : p.md5_until;
    p.sha1_data_until = in_force_at(p.sha1_data_until, at);
    p.sha1_certs_until = in_force_at(p.sha1_certs_until, at);
    p.rsa_bits_min = at < SHORT_KEYS_FELL ? SHORT_KEY_BITS : p.rsa_bits_min;
    return p;
}

/* Hashes */

static err *with_advice(err *e, enum policy_purpose purpose)
{
    if (purpose == POLICY_CERTS)
        return err_hint(e, "ask the key's owner to renew it with a current program, which makes "
                           "new signatures in it");
    return err_hint(e, "ask the signer for a new signature; if you have had it since before then, "
                       "--policy-as-of DATE judges as was usual at DATE");
}

static err *weak_hash(uint8_t hash, int64_t until, enum policy_purpose purpose)
{
    char limit[WHEN_TEXT_SIZE];
    when_date(until, limit);
    return with_advice(err_new(ERR_POLICY, "made with %s, which is not accepted since %s",
                               algo_hash_name(hash), limit),
                       purpose);
}

static err *check_md5(const struct policy *p, enum policy_purpose purpose, int64_t made_at)
{
    if (made_at < p->md5_until)
        return NULL;
    return with_advice(err_new(ERR_POLICY, "made with MD5, which is broken"), purpose);
}

err *policy_check_hash(const struct policy *p, uint8_t hash, enum policy_purpose purpose,
                       int64_t made_at)
{
    int64_t until = purpose == POLICY_DATA ? p->sha1_data_until : p->sha1_certs_until;
    if (hash == HASH_MD5)
        return check_md5(p, purpose, made_at);
    if ((hash == HASH_SHA1 || hash == HASH_RIPEMD160) && made_at >= until)
        return weak_hash(hash, until, purpose);
    if (!algo_hash_is_supported(hash))
        return err_new(ERR_POLICY, "made with hash algorithm %u, which is not supported", hash);
    return NULL;
}

bool policy_accepts_hash(const struct policy *p, uint8_t hash, enum policy_purpose purpose,
                         int64_t made_at)
{
    err *e = policy_check_hash(p, hash, purpose, made_at);
    bool accepted = e == NULL;
    err_free(e);
    return accepted;
}

/* Keys */

static err *too_weak(err *e)
{
    return err_hint(e, "ask its owner for a new key");
}

static err *check_kdf(const struct pubkey *key)
{
    if (key->version == 6 && !pk_has_proper_kdf(key->algo, key->material))
        return too_weak(
            err_new(ERR_POLICY, "a v6 ECDH key with a key derivation that is not of its curve"));
    if (!pk_has_strong_kdf(key->algo, key->material))
        return too_weak(
            err_new(ERR_POLICY, "an ECDH key whose key derivation is weak or not known"));
    return NULL;
}

err *policy_check_key(const struct policy *p, const struct pubkey *key)
{
    unsigned bits = pk_bits(key->algo, key->material);
    bool integers = key->algo <= PK_DSA;
    if (pk_find(key->algo) == NULL)
        return err_new(ERR_POLICY, "public-key algorithm %u is not supported", key->algo);
    if (integers && bits < p->rsa_bits_min)
        return too_weak(err_new(ERR_POLICY, "%s with %u bits is too weak; at least %u are needed",
                                pk_name(key->algo), bits, p->rsa_bits_min));
    if (bits == 0)
        return err_new(ERR_POLICY, "the key's curve is not supported, or the key is damaged");
    return check_kdf(key);
}

bool policy_accepts_key(const struct policy *p, const struct pubkey *key)
{
    err *e = policy_check_key(p, key);
    bool accepted = e == NULL;
    err_free(e);
    return accepted;
}
