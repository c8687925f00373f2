/* group.h - the points of an elliptic curve y^2 = x^3 + ax + b of prime order.
 *
 * The addition law is complete: one and the same computation adds any two points,
 * also equal and opposite ones and the neutral one, so nothing depends on what a secret
 * scalar makes of them [J. Renes, C. Costello, L. Batina: Complete addition formulas
 * for prime order elliptic curves, EUROCRYPT 2016].
 *
 * Only for files of this directory.  Nothing fails; what passes through stays in the
 * group until it is cleared.
 */
#ifndef CRYPTO_GROUP_H
#define CRYPTO_GROUP_H

#include "base/own.h"
#include "crypto/field.h"

/* Hexadecimal digits, 2 * len each: the prime; the coefficients; the order of the
 * base point, which is the number of all points; its coordinates. */
struct group_parameters {
    size_t len;
    const char *p, *a, *b, *n, *x, *y;
};

/* (x/z, y/z), or the neutral point where z = 0. */
struct point {
    struct residue x, y, z;
};

/* Intermediate results; see combine in group.c. */
struct group_work {
    struct residue xx, yy, zz, xy, xz, yz;
    struct residue azz, m, plus, minus, s, t, u, v;
};

struct group {
    struct field coordinates, scalars;
    struct residue a, b, b3; /* b3 = 3b */
    struct point base;
    struct group_work work;
};

void group_init(struct group *g, const struct group_parameters *parameters);

/* Wipes. */
void group_clear(struct group *g);

/* The point with these coordinates (len bytes each); false if it is not on the curve. */
bool group_load(struct group *g, const uint8_t *x, const uint8_t *y, struct point *out);

/* Its coordinates, len bytes each; zeros for the neutral point. */
void group_store(struct group *g, const struct point *p, uint8_t *x, uint8_t *y);

void group_add(struct group *g, const struct point *p, const struct point *q, struct point *out);

/* scalar * point; the scalar has len big-endian bytes. */
struct group_term {
    const uint8_t *scalar;
    const struct point *point;
};

/* The sum of one or two terms.  How long it takes depends on nothing but the group and
 * n. */
enum { GROUP_TERMS = 2 };
void group_sum(struct group *g, const struct group_term *terms, size_t n, struct point *out);

#endif
