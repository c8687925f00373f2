#include "pgp/policy.h"

#include "base/when.h"
#include "crypto/algo.h"

const struct policy policy_default = {
    .sha1_data_until = 1547856000,  /* 2019-01-19: before chosen-prefix collisions */
    .sha1_certs_until = 1675209600, /* 2023-02-01: long after tools stopped making them */
    .rsa_bits_min = 2048,           /* [RFC9580 12.4] */
};

static err *weak_hash(uint8_t hash, int64_t until, int64_t made_at)
{
    char made[WHEN_TEXT_SIZE], limit[WHEN_TEXT_SIZE];
    when_date(made_at, made);
    when_date(until, limit);
    return err_new(ERR_POLICY, "made on %s with %s, which is not accepted since %s", made,
                   algo_hash_name(hash), limit);
}

err *policy_check_hash(const struct policy *p, uint8_t hash, enum policy_purpose purpose,
                       int64_t made_at)
{
    int64_t until = purpose == POLICY_DATA ? p->sha1_data_until : p->sha1_certs_until;
    if (hash == HASH_MD5)
        return err_new(ERR_POLICY, "made with MD5, which is broken");
    if ((hash == HASH_SHA1 || hash == HASH_RIPEMD160) && made_at >= until)
        return weak_hash(hash, until, made_at);
    if (!algo_hash_is_supported(hash))
        return err_new(ERR_POLICY, "made with hash algorithm %u, which is not supported", hash);
    return NULL;
}

err *policy_check_key(const struct policy *p, const struct pubkey *key)
{
    unsigned bits = pk_bits(key->algo, key->material);
    bool integers = key->algo <= PK_DSA;
    if (pk_find(key->algo) == NULL)
        return err_new(ERR_POLICY, "public-key algorithm %u is not supported", key->algo);
    if (integers && bits < p->rsa_bits_min)
        return err_new(ERR_POLICY, "%s with %u bits is too weak; at least %u are needed",
                       pk_name(key->algo), bits, p->rsa_bits_min);
    if (bits == 0)
        return err_new(ERR_POLICY, "the key's curve is not supported, or the key is damaged");
    if (key->version == 6 && !pk_has_proper_kdf(key->algo, key->material))
        return err_new(ERR_POLICY, "a v6 ECDH key with a key derivation that is not of its curve");
    return NULL;
}
