#include "keyring/agentseal.h"

#include "base/mem.h"
#include "crypto/cipher.h"
#include "crypto/ct.h"
#include "crypto/digest.h"
#include "crypto/ocb.h"

enum { SHA1_LEN = 20, PLAIN_MAX = 1 << 17 };

struct mode {
    const char *name;
    uint8_t cipher;
    size_t iv_len;
    bool ocb;
};

static const struct mode modes[] = {
    {"openpgp-s2k3-ocb-aes", CIPHER_AES128, OCB_SHORT_NONCE, true},
    {"openpgp-s2k3-sha1-aes-cbc", CIPHER_AES128, BLOCK_MAX, false},
    {"openpgp-s2k3-sha1-aes256-cbc", CIPHER_AES256, BLOCK_MAX, false},
};

struct fields {
    const struct mode *mode;
    struct s2k s2k;
    struct slice iv, sealed;
};

static const struct mode *find_mode(struct slice name)
{
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (slice_equal(name, slice_of_string(modes[i].name)))
            return &modes[i];
    }
    return NULL;
}

bool agentseal_is_known(const struct agentseal *s)
{
    struct slice rest = s->protection, name;
    return sexp_next_string(&rest, &name) && find_mode(name) != NULL;
}

/* Decimal; below 256 it is the coded count of a packet, as old agents have it. */
static bool read_count(struct slice text, struct s2k *s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || n > UINT32_MAX)
            return false;
        n = n * 10 + (uint64_t)(text.data[i] - '0');
    }
    if (n <= UINT8_MAX)
        s->count = (uint8_t)n;
    else
        s->octets = (uint32_t)n;
    return n > 0 && n <= UINT32_MAX;
}

/* "(sha1 SALT COUNT)" */
static bool read_s2k(struct slice list, struct s2k *s)
{
    struct slice hash, salt, count;
    if (!sexp_next_string(&list, &hash) || !sexp_next_string(&list, &salt) ||
        !sexp_next_string(&list, &count))
        return false;
    *s = (struct s2k){.type = S2K_ITERATED, .hash = HASH_SHA1};
    if (!slice_equal(hash, SLICE_TEXT("sha1")) || salt.len != S2K_SALT)
        return false;
    memcpy(s->salt, salt.data, S2K_SALT);
    return read_count(count, s);
}

/* "MODE ((sha1 SALT COUNT) IV) SEALED" */
static bool read_fields(struct slice protection, struct fields *f)
{
    struct slice name;
    struct sexp parameters, s2k;
    if (!sexp_next_string(&protection, &name) || !sexp_next_list(&protection, &parameters) ||
        !sexp_next_string(&protection, &f->sealed) || protection.len > 0)
        return false;
    f->mode = find_mode(name);
    return f->mode != NULL && sexp_next_list(&parameters.content, &s2k) &&
           sexp_next_string(&parameters.content, &f->iv) && read_s2k(s2k.content, &f->s2k) &&
           f->iv.len == f->mode->iv_len;
}

static err *wrong_passphrase(void)
{
    return err_new(ERR_LOCKED, "wrong passphrase");
}

static err *open_ocb(const struct agentseal *s, const struct fields *f, const struct cipher *c,
                     struct secret **out)
{
    CLEANUP(buf_clear) struct buf ad = BUF_EMPTY(SIZE_MAX);
    AUTO(secret_free) struct secret *plain = NULL;
    uint8_t tag[OCB_BLOCK];
    struct ocb ocb;
    if (f->sealed.len < sizeof tag)
        return err_new(ERR_MALFORMED, "a protected key that is cut short");
    size_t len = f->sealed.len - sizeof tag;
    buf_bytes(&ad, s->before);
    buf_bytes(&ad, s->after);
    TRY(buf_end(&ad));
    TRY(secret_new(len, &plain));
    ocb_init(&ocb, c);
    ocb_open_short(&ocb, f->iv.data, buf_view(&ad), secret_data(plain),
                   slice_of(f->sealed.data, len), tag);
    mem_wipe(&ocb, sizeof ocb);
    if (!ct_equal(SLICE_OF(tag), slice_from(f->sealed, len)))
        return wrong_passphrase();
    *out = TAKE(plain);
    return NULL;
}

static err *open_cbc(const struct fields *f, const struct cipher *c, struct secret **out)
{
    AUTO(secret_free) struct secret *plain = NULL;
    if (f->sealed.len == 0 || f->sealed.len % BLOCK_MAX != 0)
        return err_new(ERR_MALFORMED, "a protected key that is cut short");
    TRY(secret_new(f->sealed.len, &plain));
    cbc_open(c, f->iv.data, secret_data(plain), f->sealed.data, f->sealed.len);
    *out = TAKE(plain);
    return NULL;
}

/* Is it that of the list as it was before the parameters were sealed? */
static err *check_digest(const struct agentseal *s, struct slice params, struct slice given,
                         bool *good)
{
    AUTO(digest_free) struct digest *d = NULL;
    uint8_t sha1[DIGEST_MAX];
    TRY(digest_new(HASH_SHA1, &d));
    digest_update(d, s->before);
    digest_update(d, params);
    digest_update(d, s->after);
    *good = ct_equal(digest_final(d, sha1), given);
    return NULL;
}

/* "(PARAMETERS (hash sha1 DIGEST))", the latter in the older mode only. */
static err *take_params(const struct agentseal *s, const struct mode *mode, struct slice list,
                        struct secret **out)
{
    struct sexp params, hash;
    struct slice name, given;
    bool good = mode->ocb;
    if (!sexp_next_list(&list, &params))
        return wrong_passphrase();
    if (!mode->ocb && sexp_find(list, "hash", &hash) && sexp_next_string(&hash.content, &name) &&
        sexp_next_string(&hash.content, &given) && slice_equal(name, SLICE_TEXT("sha1")))
        TRY(check_digest(s, params.content, given, &good));
    return good ? secret_of(params.content, out) : wrong_passphrase();
}

/* The older mode pads with anything at all. */
static err *parse_plain(const struct agentseal *s, const struct mode *mode,
                        const struct secret *plain, struct secret **out)
{
    CLEANUP(buf_clear) struct buf list = BUF_EMPTY(PLAIN_MAX);
    struct reader r = reader_init(secret_view(plain), "key");
    struct slice all;
    struct sexp x;
    err *e = sexp_read(&r, &list);
    if (err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    bool good = e == NULL;
    err_free(e);
    all = buf_view(&list);
    if (!good || !sexp_next_list(&all, &x))
        return wrong_passphrase();
    return take_params(s, mode, x.content, out);
}

err *agentseal_open(const struct agentseal *s, const struct secret *passphrase,
                    const struct s2k_limits *limits, struct secret **out)
{
    AUTO(secret_free) struct secret *key = NULL, *plain = NULL;
    AUTO(cipher_free) struct cipher *c = NULL;
    struct fields f;
    if (!agentseal_is_known(s))
        return err_new(ERR_UNSUPPORTED, "a key protected in an unknown way");
    if (!read_fields(s->protection, &f))
        return err_new(ERR_MALFORMED, "a protected key whose protection is damaged");
    TRY(s2k_derive(&f.s2k, passphrase, algo_cipher(f.mode->cipher)->key_len, limits, &key));
    TRY(cipher_new(f.mode->cipher, secret_view(key), &c));
    TRY(f.mode->ocb ? open_ocb(s, &f, c, &plain) : open_cbc(&f, c, &plain));
    return parse_plain(s, f.mode, plain, out);
}
