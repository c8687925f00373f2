/* sshkey.h - public keys as OpenSSH writes them: "ssh-ed25519 AAAA..."
 * (RFC 4253 6.6, RFC 5656 3.1, RFC 8709 4). */
#ifndef PGP_SSHKEY_H
#define PGP_SSHKEY_H

#include "packet/pubkey.h"

/* Appends name and digits, without a comment or an end of line.  ERR_UNSUPPORTED for keys that
 * OpenSSH does not know. */
MUST_USE err *sshkey_write(const struct pubkey *k, struct buf *line);

#endif
