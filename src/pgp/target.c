#include "pgp/target.h"

void target_digest(const struct target *t, uint8_t sig_version, struct digest *d)
{
    sig_digest_key(d, sig_version, t->primary);
    if (t->subkey.len > 0)
        sig_digest_key(d, sig_version, t->subkey);
    if (t->has_user && t->is_attribute)
        sig_digest_user_attribute(d, sig_version, t->user);
    else if (t->has_user)
        sig_digest_user_id(d, sig_version, t->user);
}

err *target_verify(const struct target *t, const struct sig *s, const struct pubkey *key,
                   bool *good)
{
    uint8_t digest[DIGEST_MAX];
    AUTO(digest_free) struct digest *d = NULL;
    *good = false;
    if (!sig_version_fits(s->version, key->version) || s->pk_algo != key->algo || s->flaw != NULL ||
        algo_hash(s->hash_algo) == NULL)
        return NULL;
    TRY(sig_digest_start(s->hash_algo, s->salt, &d));
    target_digest(t, s->version, d);
    sig_digest_trailer(d, s, SLICE_EMPTY);
    *good = sig_verify_digest(s, key, digest_final(d, digest)) && !digest_saw_attack(d);
    return NULL;
}
