/* agentkey.h - a secret key as GnuPG's agent keeps it, in private-keys-v1.d/KEYGRIP.key.
 *
 * The file is an S-expression with the parameters of the key, public ones in the clear;
 * alone, or as the value "Key" of a list of names and values.  It becomes a secret key
 * packet for a public key that is known: what names and dates the key, and what it is
 * for, is not in the file.
 */
#ifndef KEYRING_AGENTKEY_H
#define KEYRING_AGENTKEY_H

#include "base/own.h"
#include "base/world.h"
#include "crypto/s2k.h"
#include "packet/pubkey.h"

enum { AGENTKEY_FILE_MAX = 1 << 20 };

enum agentkey_form {
    AGENTKEY_OPEN,    /* not protected */
    AGENTKEY_SEALED,  /* by a passphrase, in the agent's own way */
    AGENTKEY_OPENPGP, /* by a passphrase, as it was in the packet that it came in */
    AGENTKEY_CARD,    /* the secret is on a card */
    AGENTKEY_OTHER,   /* elsewhere, or protected in a way that is not known */
};

struct agentkey;

/* ERR_MALFORMED. */
MUST_USE err *agentkey_parse(struct slice file, struct agentkey **out);

/* NULL is allowed. */
void agentkey_free(struct agentkey *k);
AUTO_DEFINE(agentkey_free, struct agentkey *)

enum agentkey_form agentkey_form(const struct agentkey *k);

/* Has it the public parameters of this key?  (Its secret ones are checked by
 * agentkey_write.) */
bool agentkey_is_of(const struct agentkey *k, const struct pubkey *public);

/* Writes the body of a secret key packet: AGENTKEY_SEALED is opened with the passphrase,
 * which protects it in our own strongest form then; AGENTKEY_OPENPGP stays as it is, and
 * AGENTKEY_CARD becomes the note that GnuPG writes.  ERR_LOCKED for a wrong passphrase or
 * none, ERR_MALFORMED (also if the secret is not that of the public key),
 * ERR_UNSUPPORTED, ERR_LIMIT. */
MUST_USE err *agentkey_write(const struct agentkey *k, const struct pubkey *public,
                             uint8_t packet_type, const struct secret *passphrase,
                             const struct s2k_limits *limits, const struct world *w,
                             struct buf *body);

#endif
