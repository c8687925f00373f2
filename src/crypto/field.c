#include "crypto/field.h"

#include "base/mem.h"
#include "crypto/ct.h"

_Static_assert(GMP_NAIL_BITS == 0, "limbs are whole words");

enum { LIMB_BYTES = sizeof(mp_limb_t) };

static void limbs_of(struct slice bytes, mp_limb_t *limbs)
{
    for (size_t i = 0; i < bytes.len; i++) {
        size_t place = bytes.len - 1 - i;
        limbs[place / LIMB_BYTES] |= (mp_limb_t)bytes.data[i] << 8 * (place % LIMB_BYTES);
    }
}

/* Newton's iteration: what is right to k bits becomes right to 2k.  An odd number is
 * its own inverse modulo 8. */
static mp_limb_t inverse_of(mp_limb_t odd)
{
    mp_limb_t x = odd;
    for (int bits = 3; bits < GMP_NUMB_BITS; bits *= 2)
        x *= 2 - odd * x;
    return x;
}

void field_init(struct field *f, struct slice modulus)
{
    *f = (struct field){.len = modulus.len, .n = (mp_size_t)(modulus.len / LIMB_BYTES)};
    limbs_of(modulus, f->m.limbs);
    f->inverse = -inverse_of(f->m.limbs[0]);
    mpn_neg(f->one.limbs, f->m.limbs, f->n); /* 2^(8 * len) - m */
    f->unit = f->one;
    for (size_t i = 0; i < 8 * f->len; i++)
        field_add(f, &f->unit, &f->unit, &f->unit);
}

void field_clear(struct field *f)
{
    mem_wipe(f, sizeof *f);
}

/* Subtracts the modulus from carry * 2^(8 * len) + a if that does not make it
 * negative: exactly then, both or none of subtraction and carry overflow. */
static void reduce_once(const struct field *f, mp_limb_t carry, mp_limb_t *a)
{
    mp_limb_t borrow = mpn_sub_n(a, a, f->m.limbs, f->n);
    mpn_cnd_add_n(borrow ^ carry, a, a, f->m.limbs, f->n);
}

void field_reduce(struct field *f, const uint8_t *bytes, struct residue *out)
{
    struct residue plain = {0};
    limbs_of(slice_of(bytes, f->len), plain.limbs);
    reduce_once(f, 0, plain.limbs);
    field_mul(f, &plain, &f->unit, &plain);
    *out = plain;
    mem_wipe(&plain, sizeof plain);
}

bool field_load(struct field *f, const uint8_t *bytes, struct residue *out)
{
    *out = (struct residue){0};
    limbs_of(slice_of(bytes, f->len), out->limbs);
    bool below = mpn_sub_n(f->scratch, out->limbs, f->m.limbs, f->n) != 0;
    if (below)
        field_mul(f, out, &f->unit, out);
    else
        *out = (struct residue){0};
    return below;
}

void field_store(struct field *f, const struct residue *a, uint8_t *bytes)
{
    static const struct residue integer_one = {{1}};
    struct residue plain = {0};
    field_mul(f, a, &integer_one, &plain);
    for (size_t i = 0; i < f->len; i++)
        bytes[f->len - 1 - i] = (uint8_t)(plain.limbs[i / LIMB_BYTES] >> 8 * (i % LIMB_BYTES));
    mem_wipe(&plain, sizeof plain);
}

void field_add(struct field *f, const struct residue *a, const struct residue *b,
               struct residue *out)
{
    mp_limb_t carry = mpn_add_n(out->limbs, a->limbs, b->limbs, f->n);
    reduce_once(f, carry, out->limbs);
}

void field_sub(struct field *f, const struct residue *a, const struct residue *b,
               struct residue *out)
{
    mp_limb_t borrow = mpn_sub_n(out->limbs, a->limbs, b->limbs, f->n);
    mpn_cnd_add_n(borrow, out->limbs, out->limbs, f->m.limbs, f->n);
}

/* Montgomery's product a * b / 2^(8 * len).  A multiple of the modulus clears the
 * lowest limb, n times over; what is carried out of each place is kept in the limb that
 * has just become zero. */
void field_mul(struct field *f, const struct residue *a, const struct residue *b,
               struct residue *out)
{
    mp_limb_t *product = f->scratch;
    if (a == b)
        mpn_sec_sqr(product, a->limbs, f->n, f->silent);
    else
        mpn_sec_mul(product, a->limbs, f->n, b->limbs, f->n, f->silent);
    for (mp_size_t i = 0; i < f->n; i++)
        product[i] = mpn_addmul_1(product + i, f->m.limbs, f->n, product[i] * f->inverse);
    mp_limb_t carry = mpn_add_n(out->limbs, product, product + f->n, f->n);
    reduce_once(f, carry, out->limbs);
}

/* a^(m - 2) [Fermat]: the exponent is no secret. */
void field_invert(struct field *f, const struct residue *a, struct residue *out)
{
    struct residue power = f->one, base = *a;
    mp_limb_t exponent[FIELD_LIMBS];
    mpn_sub_1(exponent, f->m.limbs, f->n, 2);
    for (size_t i = 8 * f->len; i-- > 0;) {
        field_mul(f, &power, &power, &power);
        if ((exponent[i / GMP_NUMB_BITS] >> i % GMP_NUMB_BITS & 1) != 0)
            field_mul(f, &power, &base, &power);
    }
    *out = power;
    mem_wipe(&power, sizeof power);
    mem_wipe(&base, sizeof base);
}

bool field_is_zero(const struct residue *a)
{
    static const struct residue zero;
    return field_equal(a, &zero);
}

bool field_equal(const struct residue *a, const struct residue *b)
{
    return ct_equal(SLICE_OF(a->limbs), SLICE_OF(b->limbs));
}
