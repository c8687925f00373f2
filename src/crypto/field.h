/* field.h - integers modulo a prime of a fixed length, for secrets.
 *
 * How long a function takes depends on the modulus alone, never on the residues.
 * They are in Montgomery's form, x * 2^(8 * len) mod m, and reduced.  Outputs may be
 * one of the inputs.  The modulus fills its bytes, which are a whole number of limbs:
 * its highest bit is set, so that what is as long is at most one subtraction above it.
 *
 * Only for files of this directory.  Neither allocates nor fails; what passes through
 * stays in the field until it is cleared.
 */
#ifndef CRYPTO_FIELD_H
#define CRYPTO_FIELD_H

#include <gmp.h>
#include <stdbool.h>

#include "base/slice.h"

enum { FIELD_LEN_MAX = 512 / 8, FIELD_LIMBS = FIELD_LEN_MAX / sizeof(mp_limb_t) };

/* At least what mpn_sec_mul_itch and mpn_sec_sqr_itch ask for. */
enum { FIELD_SILENT_LIMBS = 2 * FIELD_LIMBS };

/* The limbs above those of the modulus are zero: field_load and field_reduce set them,
 * the others leave them alone. */
struct residue {
    mp_limb_t limbs[FIELD_LIMBS];
};

struct field {
    size_t len;          /* bytes of the modulus */
    mp_size_t n;         /* limbs of it */
    mp_limb_t inverse;   /* -1/m modulo 2^(bits of a limb) */
    struct residue m;    /* the modulus itself */
    struct residue one;  /* 1 */
    struct residue unit; /* 2^(8 * len): what turns numbers into residues */
    mp_limb_t scratch[2 * FIELD_LIMBS];
    mp_limb_t silent[FIELD_SILENT_LIMBS];
};

/* An odd modulus as big-endian bytes. */
void field_init(struct field *f, struct slice modulus);

/* Wipes. */
void field_clear(struct field *f);

/* From len big-endian bytes.  False, and zero, if they are not below the modulus. */
bool field_load(struct field *f, const uint8_t *bytes, struct residue *out);

/* The same, modulo the modulus. */
void field_reduce(struct field *f, const uint8_t *bytes, struct residue *out);

/* To len big-endian bytes. */
void field_store(struct field *f, const struct residue *a, uint8_t *bytes);

void field_add(struct field *f, const struct residue *a, const struct residue *b,
               struct residue *out);
void field_sub(struct field *f, const struct residue *a, const struct residue *b,
               struct residue *out);
void field_mul(struct field *f, const struct residue *a, const struct residue *b,
               struct residue *out);

/* 1/a; 0 of 0. */
void field_invert(struct field *f, const struct residue *a, struct residue *out);

bool field_is_zero(const struct residue *a);
bool field_equal(const struct residue *a, const struct residue *b);

#endif
