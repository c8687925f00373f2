#include "pgp/target.h"

#include <string.h>

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

/* A part of what an id is made of, with its length: no two lists of parts look the same. */
static void add_part(struct digest *d, struct slice part)
{
    const uint64_t len = part.len;
    digest_update(d, slice_of(&len, sizeof len));
    digest_update(d, part);
}

/* All that the verdict depends on. */
static err *id_of(const struct target *t, const struct sig *s, const struct pubkey *key,
                  struct sigcache_id *out)
{
    const uint8_t kind = (uint8_t)(t->has_user | t->is_attribute << 1);
    const struct slice parts[] = {t->primary, t->subkey, t->user, key->body, s->body};
    AUTO(digest_free) struct digest *d = NULL;
    uint8_t digest[DIGEST_MAX];
    TRY(digest_new(HASH_SHA256, &d));
    digest_update(d, slice_of(&kind, 1));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        add_part(d, parts[i]);
    memcpy(out->bytes, digest_final(d, digest).data, SIGCACHE_ID);
    return NULL;
}

static err *verify_anew(const struct target *t, const struct sig *s, const struct pubkey *key,
                        bool *good)
{
    uint8_t digest[DIGEST_MAX];
    AUTO(digest_free) struct digest *d = NULL;
    TRY(sig_digest_start(s->hash_algo, s->salt, &d));
    target_digest(t, s->version, d);
    sig_digest_trailer(d, s, SLICE_EMPTY);
    *good = sig_verify_digest(s, key, digest_final(d, digest)) && !digest_saw_attack(d);
    return NULL;
}

err *target_verify(const struct target *t, const struct sig *s, const struct pubkey *key,
                   bool *good)
{
    struct sigcache_id id;
    *good = false;
    if (!sig_version_fits(s->version, key->version) || s->pk_algo != key->algo || s->flaw != NULL ||
        algo_hash(s->hash_algo) == NULL)
        return NULL;
    if (t->cache == NULL)
        return verify_anew(t, s, key, good);
    TRY(id_of(t, s, key, &id));
    if (sigcache_know(t->cache, &id, good))
        return NULL;
    TRY(verify_anew(t, s, key, good));
    sigcache_add(t->cache, &id, *good);
    return NULL;
}
