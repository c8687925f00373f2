#include "crypto/curve.h"

static const struct curve *const curves[] = {
    &curve_p256,           &curve_p384,           &curve_p521,           &curve_25519_legacy,
    &curve_brainpool_p256, &curve_brainpool_p384, &curve_brainpool_p512, &curve_secp256k1,
};

const struct curve *curve_of(struct slice public)
{
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
        struct slice oid = curves[i]->oid;
        if (public.len > oid.len && public.data[0] == oid.len &&
            slice_equal(slice_of(public.data + 1, oid.len), oid))
            return curves[i];
    }
    return NULL;
}

const struct curve *curve_by_id(enum pk_curve id)
{
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
        if (curves[i]->id == id)
            return curves[i];
    }
    return NULL;
}
