/* keybox.h - the certificates in a keybox, the file format of GnuPG's pubring.kbx.
 *
 * A keybox is a row of blobs, each of which begins with its length.  A blob for OpenPGP
 * says where in it the packets of a certificate are; all else there (indices, flags, a
 * checksum) only makes GnuPG faster, and is not looked at.  Blobs for X.509, deleted and
 * ephemeral ones are passed over.  One that cannot be read never costs the others.
 */
#ifndef KEYRING_KEYBOX_H
#define KEYRING_KEYBOX_H

#include "pgp/cert.h"
#include "stream/source.h"

struct keybox;

/* Do these first KEYBOX_START bytes (or fewer: then no) of a file begin a keybox? */
enum { KEYBOX_START = 12 };
bool keybox_is(struct slice start);

/* Takes input over, also on failure.  ERR_MALFORMED if it is no keybox. */
MUST_USE err *keybox_open(struct source *input, struct keybox **out);

/* As certfile_next: the next certificate, owned by the caller; NULL at the end.  One that
 * cannot be read gives *bad instead (owned by the caller, names the number of its blob);
 * reading goes on behind it.  An error means that the rest cannot be read. */
MUST_USE err *keybox_next(struct keybox *k, struct cert **out, err **bad);

/* How many certificates for X.509 have been passed over. */
size_t keybox_n_x509(const struct keybox *k);

/* NULL is allowed. */
void keybox_close(struct keybox *k);
AUTO_DEFINE(keybox_close, struct keybox *)

#endif
