/* gnupgcerts.h - the certificates in a file of GnuPG, whatever its format: keybox, packets
 * one after the other (pubring.gpg, secring.gpg), or the database of its daemon keyboxd.
 */
#ifndef KEYRING_GNUPGCERTS_H
#define KEYRING_GNUPGCERTS_H

#include "pgp/cert.h"
#include "stream/source.h"

struct gnupgcerts;

/* The file as a source, which is taken over, also on failure, and by its name, for a
 * database. */
MUST_USE err *gnupgcerts_open(struct source *input, const char *path, struct gnupgcerts **out);

/* As certfile_next. */
MUST_USE err *gnupgcerts_next(struct gnupgcerts *g, struct cert **out, err **bad);

/* How many certificates for X.509 have been passed over. */
size_t gnupgcerts_n_x509(const struct gnupgcerts *g);

/* NULL is allowed. */
void gnupgcerts_close(struct gnupgcerts *g);
AUTO_DEFINE(gnupgcerts_close, struct gnupgcerts *)

#endif
