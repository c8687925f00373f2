/* renew.h - bringing a key up to date: its owner signs again what has become weak or ends
 * soon, and what the key lacks is added.
 *
 * Signed again is a self-signature whose hash is not accepted any more for new ones, and
 * one of which half of the time is over for which it, or the key, was to be valid: it is
 * then good for as long again.  User IDs that nobody has signed stay so, and what is revoked
 * stays revoked.  A subkey ends as it was to end where a newer one does all that it does.
 */
#ifndef PGP_RENEW_H
#define PGP_RENEW_H

#include "pgp/signer.h"

struct renew_params {
    struct signer_params keys;
    bool signing_only;          /* add no means to encrypt to it if it never had one */
    bool no_added_capabilities; /* nor announce what it does not announce yet */
    bool only_weak;             /* sign again what has a weak hash, and do nothing else */
    bool revoke_deprecated;     /* subkeys that are too weak, or of a kind that has had its day */
};

/* The key with all that is new; the same again if nothing is due.  The primary key must be
 * unlocked in any case, so that a job which lacks the password fails today, and not on the
 * day when something is due.  A new subkey gets the primary key's passphrase.  ERR_BAD_PRIMARY
 * where that is weak, revoked, absent or of a version whose signatures are not made;
 * ERR_UNSUPPORTED where it is not known, ERR_LOCKED, ERR_NO_CARD. */
MUST_USE err *renew_key(const struct cert *c, const struct renew_params *p, struct cert **out);

#endif
