/* mpi.h - multiprecision integers on the wire [RFC9580 3.2]. */
#ifndef CRYPTO_MPI_H
#define CRYPTO_MPI_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/reader.h"
#include "base/secret.h"
#include "base/slice.h"

/* Bits of the longest integer that is read (RSA of 16384 bits). */
enum { MPI_BITS_MAX = 16384 };

/* The bytes of the next integer, without its length and leading zeros.  A length that
 * does not start at the most significant bit that is set fails the reader, except that it
 * may count whole octets, as old programs do (x/crypto for Go in session keys and
 * signatures, GnuPG 2.4 in secret keys): not where the reader is canonical, as it must
 * be for v6 keys, signatures and session keys.  So no single bit of a length can be
 * changed without being noticed. */
struct slice mpi_read(struct reader *r);

/* Writes big-endian bytes as an integer, leading zeros stripped. */
void mpi_write(struct buf *b, struct slice bytes);

/* The same as a secret of its own. */
MUST_USE err *mpi_of_secret(struct slice bytes, struct secret **out);

/* The number of significant bits. */
size_t mpi_bits(struct slice bytes);

/* Copies bytes to the end of dst, zeros before them; false if they are longer
 * than dst_len [RFC9580 11.3.1]. */
bool mpi_pad(struct slice bytes, uint8_t *dst, size_t dst_len);

#endif
