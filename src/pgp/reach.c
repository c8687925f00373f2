#include "pgp/reach.h"

#include "crypto/curve.h"

/* What a primary key of an unknown algorithm has bound cannot be told. */
static bool is_in_use(const struct bound_cert *b, const struct bound *x)
{
    bool known = pk_find(cert_primary(b->cert)->algo) != NULL;
    if (x->component->kind == COMPONENT_PRIMARY)
        return true;
    if (x->component->kind != COMPONENT_SUBKEY || x->revocation != NULL)
        return false;
    if (x->expires_at != 0 && x->expires_at <= b->at)
        return false;
    return x->binding != NULL || !known;
}

static enum readers readers_of_curve(const struct pubkey *k)
{
    const struct curve *c = curve_of(k->material);
    if (c == NULL)
        return READERS_UNKNOWN;
    switch (c->id) {
    case CURVE_BRAINPOOL_P256:
    case CURVE_BRAINPOOL_P384:
    case CURVE_BRAINPOOL_P512:
        return READERS_BRAINPOOL;
    case CURVE_SECP256K1:
        return READERS_SECP256K1;
    case CURVE_448_LEGACY:
        return READERS_LIBREPGP;
    default:
        return READERS_ALL;
    }
}

static enum readers readers_of_algorithm(const struct pubkey *k)
{
    switch (k->algo) {
    case PK_RSA:
    case PK_RSA_ENCRYPT_ONLY:
    case PK_RSA_SIGN_ONLY:
        return READERS_ALL;
    case PK_ELGAMAL:
    case PK_DSA:
        return READERS_OLDER;
    case PK_ECDH:
    case PK_ECDSA:
        return readers_of_curve(k);
    case PK_EDDSA_LEGACY: /* only GnuPG writes Ed448 so */
        return pk_bits(k->algo, k->material) == 448 ? READERS_LIBREPGP : READERS_ALL;
    case PK_X25519:
    case PK_X448:
    case PK_ED25519:
    case PK_ED448:
        return READERS_RFC9580;
    default:
        return pk_is_post_quantum(k->algo) ? READERS_POST_QUANTUM : READERS_UNKNOWN;
    }
}

static enum readers readers_of(const struct pubkey *k)
{
    enum readers by_algorithm = readers_of_algorithm(k), by_version = READERS_ALL;
    if (k->version < 4)
        by_version = READERS_ANCIENT;
    else if (k->version > 4)
        by_version = k->version == 6 ? READERS_RFC9580 : READERS_LIBREPGP;
    return by_algorithm > by_version ? by_algorithm : by_version;
}

static void add_key(const struct bound *x, struct reach *r)
{
    const struct pubkey *k = &x->component->key;
    bool primary = x->component->kind == COMPONENT_PRIMARY;
    unsigned strength = pk_strength(k->algo, k->material);
    enum readers readers = readers_of(k);
    if (strength != 0 && (r->strength == 0 || strength < r->strength)) {
        r->strength = strength;
        r->weakest = x;
    }
    /* A subkey that a program does not know it passes over. */
    if (readers > r->readers && (primary || pk_find(k->algo) != NULL))
        r->readers = readers;
    if (pk_is_post_quantum(k->algo) && primary)
        r->quantum_safe_signatures = true;
    else if (pk_is_post_quantum(k->algo) && (x->key_flags & FLAG_SIGN) == 0)
        r->quantum_safe_encryption = true;
}

struct reach reach_of(const struct bound_cert *b)
{
    struct reach r = {.readers = READERS_ALL};
    for (size_t i = 0; i < b->n; i++) {
        if (is_in_use(b, &b->items[i]))
            add_key(&b->items[i], &r);
    }
    return r;
}
