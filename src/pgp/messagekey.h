/* messagekey.h - from the session key to what seals and opens chunks: the message key and
 * the first nonce [RFC9580 5.13.2] [LibrePGP].
 */
#ifndef PGP_MESSAGEKEY_H
#define PGP_MESSAGEKEY_H

#include "base/secret.h"
#include "packet/container.h"
#include "stream/chunks.h"

/* Of encrypted data of kind AEAD or OCB.  Borrows pool; out->aead is to be given to
 * chunks_seal or chunks_open.  ERR_UNSUPPORTED (cipher, mode); key is of the cipher's
 * length. */
MUST_USE err *message_key(const struct encdata *d, const struct secret *key, struct pool *pool,
                          struct chunks_params *out);

#endif
