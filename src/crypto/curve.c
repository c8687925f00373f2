#include "crypto/curve.h"

#include <stdio.h>

static const struct curve *const curves[] = {
    &curve_p256,           &curve_p384,           &curve_p521,
    &curve_25519_legacy,   &curve_brainpool_p256, &curve_brainpool_p384,
    &curve_brainpool_p512, &curve_secp256k1,      &curve_448_legacy,
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

/* One arc, behind others; the first stands for two.  False if there is no room. */
static bool put_arc(char *text, size_t *used, uint32_t arc)
{
    uint32_t top = arc < 80 ? arc / 40 : 2;
    size_t room = CURVE_NAME_MAX - *used;
    int n = *used == 0 ? snprintf(text, room, "%u.%u", top, arc - 40 * top)
                       : snprintf(text + *used, room, ".%u", arc);
    *used += (size_t)n;
    return (size_t)n < room;
}

/* Arcs are numbers in base 128, whose last digit has no top bit [X.690 8.19]. */
static bool put_oid(char *text, struct slice oid)
{
    uint32_t arc = 0;
    size_t used = 0;
    bool open = true;
    for (size_t i = 0; i < oid.len; i++) {
        if (arc >> 25 != 0)
            return false;
        arc = arc << 7 | (oid.data[i] & 0x7F);
        open = (oid.data[i] & 0x80) != 0;
        if (open)
            continue;
        if (!put_arc(text, &used, arc))
            return false;
        arc = 0;
    }
    return !open;
}

void curve_name(struct slice public, char text[static CURVE_NAME_MAX])
{
    const struct curve *c = curve_of(public);
    size_t len = public.len == 0 ? 0 : public.data[0];
    if (c != NULL)
        snprintf(text, CURVE_NAME_MAX, "%s", c->name);
    else if (public.len <= len || !put_oid(text, slice_of(public.data + 1, len)))
        snprintf(text, CURVE_NAME_MAX, "unknown curve");
}
