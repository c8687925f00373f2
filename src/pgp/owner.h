/* owner.h - the owner of a key at work: the primary key unlocked, and what it signs about
 * its own certificate.
 *
 * Packets are gathered in `packets`: first signatures on the primary key, then each other
 * component with the signatures that come to it, as edit_add takes them.
 */
#ifndef PGP_OWNER_H
#define PGP_OWNER_H

#include "pgp/issue.h"
#include "pgp/newkey.h"
#include "pgp/signer.h"

enum { OWNER_SUBPACKETS_MAX = 1 << 16 };

struct owner {
    struct signer_params params;
    struct policy policy;      /* what the certificate is read by: see owner_open */
    const struct cert *cert;   /* borrowed */
    struct bound_cert *seen;   /* the certificate at that time, by that policy */
    int64_t now;               /* when signatures are made */
    struct signer primary;     /* borrows from the certificate that owner_open was given */
    struct secret *passphrase; /* of the primary key; NULL: none */
    struct buf packets;        /* what comes to the certificate */
};

/* Reads the certificate for `now` and unlocks its primary key.  There the owner's old SHA-1
 * signatures hold, whenever they were made: who has the key in hand has made them; MD5 is
 * never believed.  ERR_BAD_PRIMARY where the primary key is weak, revoked, absent, or of a
 * version or algorithm whose signatures are not made any more; ERR_UNSUPPORTED where it is
 * not known, ERR_LOCKED, ERR_NO_CARD. */
MUST_USE err *owner_open(const struct cert *c, const struct signer_params *p, int64_t now,
                         struct owner *out);
void owner_clear(struct owner *o);

/* Reads another state of the same certificate (borrowed) in place of the one so far. */
MUST_USE err *owner_read(struct owner *o, const struct cert *c);

/* Is it of a kind that we know?  What is not may be newer than we are, and must not be
 * taken for too weak. */
bool owner_knows(const struct pubkey *key);

/* Does this signature speak for the whole certificate [RFC9580 5.2.3.10]?  In v4 any with
 * such information does. */
bool owner_speaks_for_key(const struct owner *o, const struct sig *s);

/* Is it a subkey that is bound to the key and not revoked, though it may be expired? */
bool owner_owns(const struct bound *x);

/* Is it strong enough for the policy? */
bool owner_finds_strong(const struct owner *o, const struct pubkey *key);

/* Is there a newer subkey that is strong and does all that this one does?  That is or becomes
 * valid, and this one ends as it was to end. */
bool owner_has_newer(const struct owner *o, const struct bound *subkey);

/* Appends the hashed subpackets of an earlier signature, but for those that are always
 * written anew (time, issuer, embedded signatures) and the types in `except`, which ends
 * with 0. */
void owner_copy(const struct sig *s, const uint8_t *except, struct buf *subpackets);

/* Appends the packet of a signature on a component (whose packet the caller has written)
 * with these subpackets. */
MUST_USE err *owner_sign(struct owner *o, enum sig_type type, const struct component *on,
                         const struct buf *subpackets);

/* A direct key signature where nothing that holds speaks for the key: its flags as they are,
 * these features (enum feature) and our preferences; expires_after as in its subpacket, 0:
 * never. */
MUST_USE err *owner_sign_direct(struct owner *o, uint8_t features, uint32_t expires_after);

/* Appends a packet that revokes the component. */
MUST_USE err *owner_revoke(struct owner *o, const struct component *on,
                           enum revocation_reason reason, const char *words);

/* Appends to subpackets the word of a subkey that it belongs to the primary key
 * [RFC9580 5.2.1.8]; `secret` is that of the subkey. */
MUST_USE err *owner_confirm(struct owner *o, const struct pubkey *subkey,
                            const struct secret *secret, struct buf *subpackets);

/* Appends the subkey and a new binding signature with these subpackets and, where it signs,
 * its word: made again where its secret part is here, otherwise that of its binding so far.
 * ERR_LOCKED. */
MUST_USE err *owner_bind_again(struct owner *o, const struct bound *subkey, struct buf *subpackets);

/* A new subkey of a kind, under the passphrase of the primary key. */
MUST_USE err *owner_add_subkey(struct owner *o, const struct newkey_kind *kind, uint8_t key_flags,
                               uint32_t expires_after);

#endif
