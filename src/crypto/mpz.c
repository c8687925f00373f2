#include "crypto/mpz.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/mpi.h"

/* GMP offers no way to report a failed allocation. */
static void *allocate(size_t size)
{
    void *p = malloc(size);
    if (p == NULL)
        abort();
    return p;
}

static void release(void *p, size_t size)
{
    mem_free_wiped(p, size);
}

static void *reallocate(void *p, size_t old_size, size_t new_size)
{
    void *moved = allocate(new_size);
    memcpy(moved, p, old_size < new_size ? old_size : new_size);
    release(p, old_size);
    return moved;
}

void mpz_wipe_freed_memory(void)
{
    mp_set_memory_functions(allocate, reallocate, release);
}

void mpz_from_bytes(mpz_t x, struct slice bytes)
{
    nettle_mpz_set_str_256_u(x, bytes.len, bytes.data);
}

void mpz_to_bytes(const mpz_t x, uint8_t *dst, size_t len)
{
    nettle_mpz_get_str_256(len, dst, x);
}

/* The scratch space of mpn_sec_ functions, wiped when freed. */
struct scratch {
    size_t len;
    mp_limb_t *limbs;
};

static struct scratch scratch_of(mp_size_t limbs)
{
    size_t len = (size_t)limbs * sizeof(mp_limb_t);
    return (struct scratch){len, allocate(len)};
}

static void scratch_clear(struct scratch *s)
{
    release(s->limbs, s->len);
}

void mpz_sec_mul(mpz_t out, const mpz_t a, const mpz_t b)
{
    if (mpz_size(a) < mpz_size(b)) {
        mpz_sec_mul(out, b, a);
        return;
    }
    mp_size_t an = (mp_size_t)mpz_size(a), bn = (mp_size_t)mpz_size(b);
    if (bn == 0) {
        mpz_set_ui(out, 0);
        return;
    }
    MPZ(product);
    CLEANUP(scratch_clear) struct scratch s = scratch_of(mpn_sec_mul_itch(an, bn));
    mpn_sec_mul(mpz_limbs_write(product, an + bn), mpz_limbs_read(a), an, mpz_limbs_read(b), bn,
                s.limbs);
    mpz_limbs_finish(product, an + bn);
    mpz_swap(out, product);
}

void mpz_sec_mod(mpz_t out, const mpz_t x, const mpz_t m)
{
    mp_size_t xn = (mp_size_t)mpz_size(x), mn = (mp_size_t)mpz_size(m);
    if (xn < mn || mn == 0) {
        mpz_set(out, x);
        return;
    }
    MPZ(rest);
    CLEANUP(scratch_clear) struct scratch s = scratch_of(mpn_sec_div_r_itch(xn, mn));
    mp_limb_t *limbs = mpz_limbs_write(rest, xn);
    mpn_copyi(limbs, mpz_limbs_read(x), xn);
    mpn_sec_div_r(limbs, xn, mpz_limbs_read(m), mn, s.limbs);
    mpz_limbs_finish(rest, mn);
    mpz_swap(out, rest);
}

static size_t bits_of(const mpz_t x)
{
    return mpz_sgn(x) == 0 ? 0 : mpz_sizeinbase(x, 2);
}

void mpz_to_mpi(const mpz_t x, struct buf *b)
{
    size_t bits = bits_of(x);
    buf_u16(b, (uint16_t)bits);
    uint8_t *room = buf_extend(b, (bits + 7) / 8);
    if (room != NULL)
        mpz_to_bytes(x, room, (bits + 7) / 8);
}

err *mpz_to_secret_mpis(const mpz_srcptr *x, size_t n, struct secret **out)
{
    size_t len = 0;
    for (size_t i = 0; i < n; i++)
        len += 2 + (bits_of(x[i]) + 7) / 8;
    TRY(secret_new(len, out));
    uint8_t *p = secret_data(*out);
    for (size_t i = 0; i < n; i++) {
        size_t bits = bits_of(x[i]), bytes = (bits + 7) / 8;
        p[0] = (uint8_t)(bits >> 8);
        p[1] = (uint8_t)bits;
        mpz_to_bytes(x[i], p + 2, bytes);
        p += 2 + bytes;
    }
    return NULL;
}
