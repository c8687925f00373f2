#include "pgp/sigmaker.h"

#include "crypto/algo.h"

enum { SUBPACKETS_MAX = 1 << 16 };

void signer_clear(struct signer *s)
{
    secret_free(s->secret);
    s->secret = NULL;
}

static uint8_t fastest_hash(const struct pubkey *key)
{
    if (pk_digest_min(key->algo, key->material) <= 32 && digest_sha256_is_fast())
        return HASH_SHA256;
    return HASH_SHA512;
}

static bool is_strong(const struct pubkey *key, uint8_t id)
{
    const struct hash_algo *hash = algo_hash(id);
    return hash != NULL && hash->status == ALGO_CURRENT &&
           hash->digest_len >= pk_digest_min(key->algo, key->material);
}

uint8_t sigmaker_hash(const struct signer *s)
{
    return s->hash != 0 ? s->hash : fastest_hash(s->key);
}

/* The order is no reason to be slow: whoever lists a hash can verify it. */
uint8_t sigmaker_preferred_hash(const struct pubkey *key, struct slice preferences)
{
    uint8_t first = 0, ours = fastest_hash(key);
    for (size_t i = 0; i < preferences.len; i++) {
        uint8_t hash = preferences.data[i];
        if (hash == ours)
            return 0;
        if (first == 0 && is_strong(key, hash))
            first = hash;
    }
    return first;
}

err *sigmaker_start(struct sigmaker *m, const struct signer *s, enum sig_type type,
                    const struct world *w)
{
    if (s->key->version != 4 && s->key->version != 6)
        return err_hint(err_new(ERR_UNSUPPORTED, "keys of version %u only decrypt and verify here",
                                s->key->version),
                        "sign with another key; make one with: bulla key generate");
    *m = (struct sigmaker){.signer = s, .type = (uint8_t)type};
    m->hashed = BUF_EMPTY(SUBPACKETS_MAX);
    m->hash_algo = sigmaker_hash(s);
    if (s->key->version == 6) {
        m->salt_len = algo_hash(m->hash_algo)->salt_len;
        TRY(world_random(w, m->salt, m->salt_len));
    }
    return sig_digest_start(m->hash_algo, slice_of(m->salt, m->salt_len), &m->digest);
}

static void write_hashed(const struct sigmaker *m, uint32_t created_at, struct buf *b)
{
    const struct pubkey *key = m->signer->key;
    subpacket_write_u32(b, SUB_CREATED, true, created_at);
    subpacket_write_fingerprint(b, SUB_ISSUER_FPR, false, &key->fpr);
    if (key->version == 4)
        subpacket_write(b, SUB_ISSUER, false, SLICE_OF(key->id.bytes));
    buf_bytes(b, buf_view(&m->hashed));
}

err *sigmaker_finish(struct sigmaker *m, const struct world *w, uint32_t created_at,
                     struct buf *out)
{
    CLEANUP(buf_clear) struct buf hashed = BUF_EMPTY(SUBPACKETS_MAX);
    CLEANUP(buf_clear) struct buf signed_part = BUF_EMPTY(SUBPACKETS_MAX + 16);
    CLEANUP(buf_clear) struct buf fields = BUF_EMPTY(PK_FIELDS_MAX);
    const struct pubkey *key = m->signer->key;
    uint8_t digest[DIGEST_MAX];
    struct sig_draft draft = {.version = key->version == 6 ? 6 : 4,
                              .type = m->type,
                              .pk_algo = key->algo,
                              .hash_algo = m->hash_algo,
                              .salt = slice_of(m->salt, m->salt_len)};
    TRY(buf_end(&m->hashed));
    write_hashed(m, created_at, &hashed);
    TRY(buf_end(&hashed));
    draft.hashed = buf_view(&hashed);
    sig_write_signed_part(&signed_part, &draft);
    TRY(buf_end(&signed_part));
    sig_digest_trailer_of(m->digest, draft.version, buf_view(&signed_part));
    struct slice d = digest_final(m->digest, digest);
    TRY(pk_sign(key->algo, key->material, m->signer->secret, w, m->hash_algo, d, &fields));
    buf_bytes(out, buf_view(&signed_part));
    sig_write_rest(out, &draft, d, buf_view(&fields));
    return buf_end(out);
}

void sigmaker_clear(struct sigmaker *m)
{
    digest_free(m->digest);
    m->digest = NULL;
    buf_clear(&m->hashed);
}
