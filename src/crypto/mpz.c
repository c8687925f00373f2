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
