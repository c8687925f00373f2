/* mpz.h - GMP integers: conversion from and to bytes, and wiping.
 *
 * Only for files of this directory.
 */
#ifndef CRYPTO_MPZ_H
#define CRYPTO_MPZ_H

#include <gmp.h>
#include <nettle/bignum.h>

#include "base/buf.h"
#include "base/own.h"
#include "base/secret.h"
#include "base/slice.h"

static inline void mpz_clear_own(mpz_t *x)
{
    mpz_clear(*x);
}

/* An integer that clears itself: MPZ(x); */
#define MPZ(name)                                                                                  \
    CLEANUP(mpz_clear_own) mpz_t name;                                                             \
    mpz_init(name)

/* Makes GMP wipe what it frees.  Called once, before any other use of GMP. */
void mpz_wipe_freed_memory(void);

void mpz_from_bytes(mpz_t x, struct slice bytes);

/* Appends x as an MPI. */
void mpz_to_mpi(const mpz_t x, struct buf *b);

/* x as exactly len bytes, which must suffice. */
void mpz_to_bytes(const mpz_t x, uint8_t *dst, size_t len);

/* a * b, and x mod m (m > 0), for secrets: how long they take depends on how many limbs
 * the numbers have, not on their values.  out may be one of the others. */
void mpz_sec_mul(mpz_t out, const mpz_t a, const mpz_t b);
void mpz_sec_mod(mpz_t out, const mpz_t x, const mpz_t m);

/* x as the MPIs of a secret key, one after the other. */
MUST_USE err *mpz_to_secret_mpis(const mpz_srcptr *x, size_t n, struct secret **out);

#endif
