#include "crypto/s2k.h"

#include <argon2.h>
#include <string.h>

#include "crypto/algo.h"
#include "crypto/digest.h"

const struct s2k_limits s2k_default_limits = {.argon2_kib = 1U << 21, .work_kib = 1ULL << 24};

/* Half the memory of RFC 9106's second recommendation and twice its passes, so
 * that opening a locked key stays within 64 MiB. */
enum { FRESH_PASSES = 6, FRESH_LANES = 4, FRESH_MEMORY = 15, FRESH_COUNT = 0xFF };

static err *parse_argon2(struct reader *r, struct s2k *s)
{
    struct slice salt = reader_bytes(r, S2K_ARGON2_SALT);
    if (salt.len > 0)
        memcpy(s->salt, salt.data, salt.len);
    s->passes = reader_u8(r);
    s->lanes = reader_u8(r);
    s->memory = reader_u8(r);
    return reader_check(r);
}

static err *parse_gnu(struct reader *r, struct s2k *s)
{
    s->hash = reader_u8(r);
    struct slice marker = reader_bytes(r, 3);
    s->gnu_mode = reader_u8(r);
    TRY(reader_check(r));
    if (!slice_equal(marker, SLICE_TEXT("GNU")))
        return err_new(ERR_UNSUPPORTED, "experimental string-to-key specifier");
    return NULL;
}

err *s2k_parse(struct reader *r, struct s2k *out)
{
    *out = (struct s2k){.type = reader_u8(r)};
    TRY(reader_check(r));
    if (out->type == S2K_ARGON2)
        return parse_argon2(r, out);
    if (out->type == S2K_GNU)
        return parse_gnu(r, out);
    if (out->type != S2K_SIMPLE && out->type != S2K_SALTED && out->type != S2K_ITERATED)
        return err_new(ERR_UNSUPPORTED, "string-to-key type %u is not supported", out->type);
    out->hash = reader_u8(r);
    if (out->type != S2K_SIMPLE) {
        struct slice salt = reader_bytes(r, S2K_SALT);
        if (salt.len > 0)
            memcpy(out->salt, salt.data, salt.len);
    }
    if (out->type == S2K_ITERATED)
        out->count = reader_u8(r);
    return reader_check(r);
}

void s2k_write(const struct s2k *s, struct buf *b)
{
    buf_u8(b, s->type);
    if (s->type == S2K_ARGON2) {
        buf_bytes(b, slice_of(s->salt, S2K_ARGON2_SALT));
        buf_u8(b, s->passes);
        buf_u8(b, s->lanes);
        buf_u8(b, s->memory);
        return;
    }
    buf_u8(b, s->hash);
    if (s->type == S2K_GNU) {
        buf_text(b, "GNU");
        buf_u8(b, s->gnu_mode);
        return;
    }
    if (s->type != S2K_SIMPLE)
        buf_bytes(b, slice_of(s->salt, S2K_SALT));
    if (s->type == S2K_ITERATED)
        buf_u8(b, s->count);
}

bool s2k_is_weak(const struct s2k *s)
{
    bool weak_hash = s->hash == HASH_MD5 || s->hash == HASH_SHA1 || s->hash == HASH_RIPEMD160;
    return s->type != S2K_ARGON2 && (s->type == S2K_SIMPLE || weak_hash);
}

uint32_t s2k_count(const struct s2k *s)
{
    return s->octets != 0 ? s->octets : (16U + (s->count & 15)) << ((s->count >> 4) + 6);
}

err *s2k_fresh(enum s2k_type type, const struct world *w, struct s2k *out)
{
    *out = (struct s2k){.type = (uint8_t)type};
    if (type == S2K_ARGON2) {
        out->passes = FRESH_PASSES;
        out->lanes = FRESH_LANES;
        out->memory = FRESH_MEMORY;
    } else {
        out->hash = HASH_SHA256;
        out->count = FRESH_COUNT;
    }
    return world_random(w, out->salt, type == S2K_ARGON2 ? S2K_ARGON2_SALT : S2K_SALT);
}

/* To hash a KiB takes about as long as eight passes of Argon2 over one. */
enum { HASH_WEIGHT = 8 };

uint64_t s2k_work_kib(const struct s2k *s)
{
    if (s->type == S2K_ARGON2)
        return s->memory > 31 ? UINT64_MAX : (uint64_t)s->passes << s->memory;
    return s->type == S2K_ITERATED ? s2k_count(s) / 1024 * HASH_WEIGHT : 1;
}

static err *check_argon2(const struct s2k *s, const struct s2k_limits *limits)
{
    /* [RFC9580 3.7.1.4] */
    if (s->passes == 0 || s->lanes == 0 || s->memory > 31 || 1ULL << s->memory < 8ULL * s->lanes)
        return err_new(ERR_MALFORMED, "impossible Argon2 parameters t=%u p=%u m=2^%u KiB",
                       s->passes, s->lanes, s->memory);
    if (1ULL << s->memory > limits->argon2_kib)
        return err_hint(err_new(ERR_LIMIT, "the passphrase asks for %llu MiB of memory; %u allowed",
                                (1ULL << s->memory) / 1024, limits->argon2_kib / 1024),
                        "bulla decrypt --max-passphrase-memory SIZE allows more; use it only if "
                        "you trust the sender");
    return NULL;
}

static err *check_work(const struct s2k *s, const struct s2k_limits *limits)
{
    if (s2k_work_kib(s) <= limits->work_kib)
        return NULL;
    if (s->type != S2K_ARGON2)
        return err_new(ERR_LIMIT, "the passphrase asks for more work than is allowed");
    return err_new(ERR_LIMIT,
                   "the passphrase asks for %u passes over %llu MiB of memory, more "
                   "work than is allowed",
                   s->passes, (1ULL << s->memory) / 1024);
}

static err *derive_argon2(const struct s2k *s, struct slice passphrase, struct secret *key)
{
    int code = argon2id_hash_raw(s->passes, (uint32_t)1 << s->memory, s->lanes, passphrase.data,
                                 passphrase.len, s->salt, S2K_ARGON2_SALT, secret_data(key),
                                 secret_len(key));
    if (code == ARGON2_MEMORY_ALLOCATION_ERROR)
        return err_no_memory();
    return code == ARGON2_OK ? NULL : err_new(ERR_FAILED, "Argon2: %s", argon2_error_message(code));
}

/* Hashes `count` bytes of salt || passphrase, salt || passphrase, ...; many
 * copies per call, since a call costs as much as a few hundred bytes. */
static err *hash_repeated(struct digest *d, struct slice unit, size_t count)
{
    size_t copies = unit.len == 0 || unit.len >= 4096 ? 1 : 4096 / unit.len;
    AUTO(secret_free) struct secret *block = NULL;
    TRY(secret_new(copies * unit.len, &block));
    for (size_t i = 0; i < copies && unit.len > 0; i++)
        memcpy(secret_data(block) + i * unit.len, unit.data, unit.len);
    while (count > 0 && unit.len > 0) {
        size_t n = count < secret_len(block) ? count : secret_len(block);
        digest_update(d, slice_of(secret_view(block).data, n));
        count -= n;
    }
    return NULL;
}

/* One digest's worth of key after the other, each preloaded with one more zero
 * byte than the last [RFC9580 3.7.1.1]. */
static err *derive_hashed(const struct s2k *s, struct slice unit, struct secret *key)
{
    AUTO(digest_free) struct digest *d = NULL;
    AUTO(secret_free) struct secret *part = NULL;
    static const uint8_t zeros[CIPHER_KEY_MAX];
    size_t count = unit.len;
    if (s->type == S2K_ITERATED && s2k_count(s) > count)
        count = s2k_count(s);
    TRY(digest_new(s->hash, &d));
    TRY(secret_new(DIGEST_MAX, &part));
    size_t done = 0;
    for (size_t preload = 0; done < secret_len(key); preload++) {
        digest_update(d, slice_of(zeros, preload));
        TRY(hash_repeated(d, unit, count));
        size_t n = digest_final(d, secret_data(part)).len;
        n = n < secret_len(key) - done ? n : secret_len(key) - done;
        memcpy(secret_data(key) + done, secret_data(part), n);
        done += n;
    }
    return NULL;
}

static err *derive_salted(const struct s2k *s, struct slice passphrase, struct secret *key)
{
    AUTO(secret_free) struct secret *unit = NULL;
    size_t salt_len = s->type == S2K_SIMPLE ? 0 : S2K_SALT;
    TRY(secret_new(salt_len + passphrase.len, &unit));
    memcpy(secret_data(unit), s->salt, salt_len);
    if (passphrase.len > 0)
        memcpy(secret_data(unit) + salt_len, passphrase.data, passphrase.len);
    return derive_hashed(s, secret_view(unit), key);
}

err *s2k_derive(const struct s2k *s, const struct secret *passphrase, size_t len,
                const struct s2k_limits *limits, struct secret **out)
{
    AUTO(secret_free) struct secret *key = NULL;
    if (s->type == S2K_GNU)
        return err_new(ERR_UNSUPPORTED, "this key has no passphrase");
    if (len > CIPHER_KEY_MAX)
        return err_new(ERR_BUG, "a passphrase key of %zu bytes", len);
    if (s->type == S2K_ARGON2)
        TRY(check_argon2(s, limits));
    TRY(check_work(s, limits));
    TRY(secret_new(len, &key));
    if (s->type == S2K_ARGON2)
        TRY(derive_argon2(s, secret_view(passphrase), key));
    else
        TRY(derive_salted(s, secret_view(passphrase), key));
    *out = TAKE(key);
    return NULL;
}
