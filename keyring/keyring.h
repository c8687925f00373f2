/* keyring.h - certificates and secret keys in the user's home: the public face.
 *
 * Both are in keyring.db, so that a command's changes are one transaction: all of it
 * or nothing.  What is committed stays; any number of processes may read and write.
 * A keyring belongs to one thread.
 */
#ifndef KEYRING_KEYRING_H
#define KEYRING_KEYRING_H

#include "base/own.h"
#include "pgp/cert.h"
#include "pgp/finder.h"

enum keyring_mode {
    KEYRING_READ,  /* an absent keyring is an empty one */
    KEYRING_WRITE, /* is created if need be */
};

struct keyring;

/* ERR_POLICY (others may write to the directory: then they decide whose certificates
 * are in it), ERR_IO, ERR_BUSY, ... */
MUST_USE err *keyring_open(const char *home, enum keyring_mode mode, struct keyring **out);

/* An empty one in memory, which leaves nothing behind.  It shares what `other` (NULL: nobody)
 * knows about signatures. */
MUST_USE err *keyring_open_memory(const struct keyring *other, struct keyring **out);

/* Rolls back what is not committed.  NULL is allowed. */
void keyring_close(struct keyring *k);
AUTO_DEFINE(keyring_close, struct keyring *)

/* All changes belong to one transaction. */
MUST_USE err *keyring_begin(struct keyring *k);
MUST_USE err *keyring_commit(struct keyring *k);

/* Reads everything as it is at one moment until keyring_end_read, whatever others write
 * meanwhile. */
MUST_USE err *keyring_begin_read(struct keyring *k);
void keyring_end_read(struct keyring *k);

enum keyring_put { KEYRING_NEW, KEYRING_CHANGED, KEYRING_UNCHANGED };

/* Stores the public part of a certificate, merged with what is there.  Local
 * signatures are left out [RFC9580 5.2.3.19]. */
MUST_USE err *keyring_put_cert(struct keyring *k, const struct cert *c, enum keyring_put *out);

/* The same, with local signatures: one's own, or those of a home that is taken over. */
MUST_USE err *keyring_put_local(struct keyring *k, const struct cert *c, enum keyring_put *out);

/* How many signatures, and components that nobody speaks for, were left out when the last
 * certificate was stored, since others had flooded it (pgp/prune.h). */
size_t keyring_left_out(const struct keyring *k);

/* Stores the certificate and its secret parts, merged with what is there. */
MUST_USE err *keyring_put_key(struct keyring *k, const struct cert *c, enum keyring_put *out);

/* Stores what its owner has made of a key that is here: the certificate merged, with local
 * signatures, and the secret parts in place of those that are here.  Keys of which c has no
 * secret part keep theirs. */
MUST_USE err *keyring_replace_key(struct keyring *k, const struct cert *c);

/* The certificate with this primary fingerprint; NULL if there is none.  With
 * secret parts where `secret`, as far as there are any. */
MUST_USE err *keyring_get(struct keyring *k, const struct fingerprint *fpr, bool secret,
                          struct cert **out);

/* What a user may call a certificate by. */
enum keyring_name {
    KEYRING_FPR,    /* of any of its keys */
    KEYRING_KEY_ID, /* likewise */
    KEYRING_EMAIL,  /* the whole address of a user ID; a name before it does not matter */
    KEYRING_DOMAIN, /* @ and the whole domain of an address */
    KEYRING_PART,   /* any part of a user ID */
};
enum keyring_name keyring_name_kind(const char *who);

/* Does a name of the last three kinds fit the user ID?  Both are folded (base/fold.h).
 * ERR_NO_MEMORY, ERR_LIMIT. */
MUST_USE err *keyring_name_fits(const char *who, struct slice user_id, bool *out);

/* Every certificate that has something of this name, whether it is valid or not; a local root
 * (localroot.h) only of the first two kinds.  Only
 * those with secret parts (and with them) where `secret`. */
MUST_USE err *keyring_find(struct keyring *k, const char *who, bool secret, struct cert_list *out);

/* Has another certificate the e-mail address of this user ID, too, whether it is valid or not?
 * Costs one look into the index. */
MUST_USE err *keyring_shares_address(struct keyring *k, struct slice user_id, bool *out);

/* All of one's own keys but for local roots. */
MUST_USE err *keyring_find_keys(struct keyring *k, struct cert_list *out);

/* Calls visit for every certificate (or every one with secret parts, with them) but for local
 * roots; it is freed afterwards.  Stops at the first error. */
typedef err *keyring_visit(void *context, const struct cert *c);
MUST_USE err *keyring_each(struct keyring *k, bool secret, keyring_visit *visit, void *context);

/* Removes the certificate and its secret parts, or only the latter.  *found tells
 * whether there was anything. */
MUST_USE err *keyring_delete(struct keyring *k, const struct fingerprint *fpr, bool secret_only,
                             bool *found);

/* The parts of a key_finder that a keyring can fill in; context is the keyring. */
err *keyring_find_certs(void *context, const struct key_handle *h, struct cert_list *out);
err *keyring_find_secrets(void *context, const struct key_handle *h, struct cert_list *out);

#endif
