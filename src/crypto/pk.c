#include "crypto/pk.h"

#include <limits.h>
#include <stdio.h>

#include "base/mem.h"
#include "crypto/curve.h"
#include "crypto/mpz.h"
#include "crypto/pk_algos.h"

static const struct pk_algo *const algos[] = {
    &pk_rsa,   &pk_rsa_encrypt_only, &pk_rsa_sign_only, &pk_elgamal, &pk_dsa,     &pk_ecdh,
    &pk_ecdsa, &pk_eddsa_legacy,     &pk_x25519,        &pk_x448,    &pk_ed25519, &pk_ed448,
};

void pk_init(void)
{
    mpz_wipe_freed_memory();
}

const struct pk_algo *pk_find(uint8_t id)
{
    for (size_t i = 0; i < sizeof algos / sizeof *algos; i++) {
        if (algos[i]->id == id)
            return algos[i];
    }
    return NULL;
}

/* Against quantum computers, of which only the names are known here
 * [draft-ietf-openpgp-pqc; LibrePGP]. */
static const struct {
    uint8_t id;
    const char *name;
} post_quantum[] = {
    {8, "Kyber"},
    {30, "ML-DSA-65+Ed25519"},
    {31, "ML-DSA-87+Ed448"},
    {32, "SLH-DSA-SHAKE-128s"},
    {33, "SLH-DSA-SHAKE-128f"},
    {34, "SLH-DSA-SHAKE-256s"},
    {35, "ML-KEM-768+X25519"},
    {36, "ML-KEM-1024+X448"},
};

/* NULL where it is none of them. */
static const char *post_quantum_name(uint8_t id)
{
    for (size_t i = 0; i < sizeof post_quantum / sizeof *post_quantum; i++) {
        if (post_quantum[i].id == id)
            return post_quantum[i].name;
    }
    return NULL;
}

bool pk_is_post_quantum(uint8_t id)
{
    return post_quantum_name(id) != NULL;
}

const char *pk_name(uint8_t id)
{
    const struct pk_algo *a = pk_find(id);
    const char *name = a != NULL ? a->name : post_quantum_name(id);
    return name != NULL ? name : "unknown algorithm";
}

bool pk_can(uint8_t id, enum pk_use use)
{
    const struct pk_algo *a = pk_find(id);
    return a != NULL && (a->uses & use) != 0;
}

bool pk_can_sign(uint8_t id)
{
    const struct pk_algo *a = pk_find(id);
    return a != NULL && a->sign != NULL;
}

bool pk_can_encrypt(uint8_t id)
{
    const struct pk_algo *a = pk_find(id);
    return a != NULL && a->wrap != NULL;
}

size_t pk_digest_min(uint8_t id, struct slice public)
{
    unsigned bits = pk_bits(id, public);
    switch (id) {
    case PK_ECDSA:
        return bits > 384 ? 64 : (bits + 7) / 8;
    case PK_EDDSA_LEGACY:
    case PK_ED25519:
        return 32;
    case PK_ED448:
        return 64;
    default:
        return 0;
    }
}

unsigned pk_bits(uint8_t id, struct slice public)
{
    const struct pk_algo *a = pk_find(id);
    return a != NULL ? a->bits(public) : 0;
}

static void describe_curve(uint8_t id, struct slice public, char *text)
{
    char curve[CURVE_NAME_MAX];
    curve_name(public, curve);
    snprintf(text, PK_DESCRIPTION_MAX, "%s %s", pk_name(id), curve);
}

void pk_describe(uint8_t id, struct slice public, char text[static PK_DESCRIPTION_MAX])
{
    bool sized = id <= PK_DSA && pk_find(id) != NULL;
    if (id == PK_EDDSA_LEGACY && pk_bits(id, public) != 0)
        snprintf(text, PK_DESCRIPTION_MAX, "%s Ed%s", pk_name(id),
                 pk_bits(id, public) == 448 ? "448" : "25519");
    else if (id == PK_ECDH || id == PK_ECDSA || id == PK_EDDSA_LEGACY)
        describe_curve(id, public, text);
    else if (sized)
        snprintf(text, PK_DESCRIPTION_MAX, "%s %u", pk_name(id), pk_bits(id, public));
    else if (pk_find(id) != NULL || pk_is_post_quantum(id))
        snprintf(text, PK_DESCRIPTION_MAX, "%s", pk_name(id));
    else
        snprintf(text, PK_DESCRIPTION_MAX, "unknown algorithm %u", id);
}

/* Size of the key up from which it is that strong; the curves' first. */
static const struct {
    unsigned curve_bits, modulus_bits, strength;
} strengths[] = {
    {510, 15360, 256}, {440, UINT_MAX, 224}, {380, 7680, 192},
    {250, 3072, 128},  {224, 2048, 112},     {160, 1024, 80},
};

unsigned pk_strength(uint8_t id, struct slice public)
{
    unsigned bits = pk_bits(id, public);
    if (bits == 0)
        return 0;
    for (size_t i = 0; i < sizeof strengths / sizeof *strengths; i++) {
        if (bits >= (id <= PK_DSA ? strengths[i].modulus_bits : strengths[i].curve_bits))
            return strengths[i].strength;
    }
    return 40;
}

static err *unsupported(uint8_t id, const char *what)
{
    return err_new(ERR_UNSUPPORTED, "%s (%u) cannot %s", pk_name(id), id, what);
}

/* Made again, with a public key that is computed again, for half of what verifying costs: a fault
 * would have to happen twice, in the same way. */
static err *repeat(const struct pk_algo *a, struct slice public, const struct secret *secret,
                   const struct world *w, uint8_t hash, struct slice digest, struct slice made,
                   bool *good)
{
    CLEANUP(buf_clear) struct buf again = BUF_EMPTY(PK_FIELDS_MAX);
    TRY(a->check(public, secret));
    TRY(a->sign(public, secret, w, hash, digest, &again));
    TRY(buf_end(&again));
    *good = slice_equal(buf_view(&again), made);
    return NULL;
}

err *pk_sign(uint8_t id, struct slice public, const struct secret *secret, const struct world *w,
             uint8_t hash, struct slice digest, struct buf *signature)
{
    const struct pk_algo *a = pk_find(id);
    size_t before = signature->len;
    err *e = NULL;
    bool good = false;
    if (a == NULL || a->sign == NULL)
        return unsupported(id, "sign");
    if (digest.len < pk_digest_min(id, public))
        return err_new(ERR_CANNOT_SIGN, "%s cannot sign a digest of %zu bytes", a->name,
                       digest.len);
    TRY(a->sign(public, secret, w, hash, digest, signature));
    TRY(buf_end(signature));
    struct slice made = slice_from(buf_view(signature), before);
    if (a->repeats)
        e = repeat(a, public, secret, w, hash, digest, made, &good);
    else
        good = a->verify(public, hash, digest, made);
    if (e == NULL && !good)
        e = err_new(ERR_CANNOT_SIGN, "%s: the signature just made is wrong", a->name);
    if (e != NULL) {
        mem_wipe(signature->data + before, made.len);
        signature->len = before;
    }
    return e;
}

bool pk_verify(uint8_t id, struct slice public, uint8_t hash, struct slice digest,
               struct slice signature)
{
    const struct pk_algo *a = pk_find(id);
    return a != NULL && a->verify != NULL && digest.len >= pk_digest_min(id, public) &&
           a->verify(public, hash, digest, signature);
}

err *pk_wrap(uint8_t id, struct slice public, const struct world *w,
             const struct pk_session *session, struct buf *esk)
{
    const struct pk_algo *a = pk_find(id);
    if (a == NULL || a->wrap == NULL)
        return unsupported(id, "encrypt");
    TRY(a->wrap(public, w, session, esk));
    return buf_end(esk);
}

err *pk_unwrap(uint8_t id, struct slice public, const struct secret *secret, struct slice esk,
               struct pk_session *session)
{
    const struct pk_algo *a = pk_find(id);
    if (a == NULL || a->unwrap == NULL)
        return unsupported(id, "decrypt");
    err *e = a->unwrap(public, secret, esk, session);
    if (e == NULL || err_kind_of(e) == ERR_NO_MEMORY)
        return e;
    err_free(e);
    return err_new(ERR_CANNOT_DECRYPT, "the session key does not open with this key");
}

err *pk_generate(uint8_t id, unsigned variant, const struct world *w, struct buf *public,
                 struct secret **secret)
{
    const struct pk_algo *a = pk_find(id);
    if (a == NULL || a->generate == NULL)
        return unsupported(id, "be generated");
    TRY(a->generate(variant, w, public, secret));
    return buf_end(public);
}

err *pk_check(uint8_t id, struct slice public, const struct secret *secret)
{
    const struct pk_algo *a = pk_find(id);
    return a == NULL ? unsupported(id, "be checked") : a->check(public, secret);
}
