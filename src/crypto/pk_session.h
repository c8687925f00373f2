/* pk_session.h - the session key as a string of bytes, for the algorithms that
 * encrypt such strings: RSA, Elgamal, ECDH [RFC9580 5.1.3, 5.1.4, 11.5]. */
#ifndef CRYPTO_PK_SESSION_H
#define CRYPTO_PK_SESSION_H

#include "crypto/pk.h"

/* [cipher] key checksum */
MUST_USE err *pk_session_encode(const struct pk_session *s, struct secret **out);

/* The reverse, out of plain, which may have been made by anybody.  False if the
 * form, the checksum or (with a cipher) the length is wrong. */
MUST_USE err *pk_session_decode(struct slice plain, struct pk_session *s, bool *good);

#endif
