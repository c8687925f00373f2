/* edit.h - certificates and keys with something changed or added.
 *
 * The one that is given stays as it is; the result is a new one, owned by the caller.
 * Errors are those of signer_open_certifier, unless something else is said.
 */
#ifndef PGP_EDIT_H
#define PGP_EDIT_H

#include "pgp/issue.h"
#include "pgp/signer.h"

/* c with packets that belong to its components: each component (or a new one) with the
 * signatures that come to it. */
MUST_USE err *edit_add(const struct cert *c, struct slice packets, struct cert **out);

/* Is it to be left out? */
typedef bool edit_test(const void *context, const struct component *on, size_t sig);

/* c without the signatures for which drop(context, component, index) is true. */
MUST_USE err *edit_without(const struct cert *c, edit_test *drop, const void *context,
                           struct cert **out);

/* Without the signatures whose hash was not accepted any more when they were made; but
 * revocations stay.  For a copy of a key from elsewhere, before it comes to a key that is
 * renewed: what an attacker has made with SHA-1 must not be signed again. */
MUST_USE err *edit_without_weak(const struct cert *c, const struct policy *p, struct cert **out);

/* All secret parts that are here, or `only` that of one component of c, protected with
 * `passphrase`, or not at all where that is NULL.  ERR_LOCKED if one of them cannot be unlocked, ERR_UNSUPPORTED for what cannot be
 * written again. */
MUST_USE err *edit_passphrase(const struct cert *c, const struct signer_params *p,
                              const struct component *only, const struct secret *passphrase,
                              struct cert **out);

/* Without the secret part of the primary key, but with those of the subkeys: for a machine
 * that signs and decrypts, and must not be able to change the certificate.  ERR_UNSUPPORTED
 * but for version 4, ERR_NOT_FOUND if no subkey's secret part is here. */
MUST_USE err *edit_without_primary_secret(const struct cert *c, struct cert **out);

/* The primary key revoked, and the whole certificate with it [RFC9580 5.2.1.11].  A key
 * need not be good any more for that. */
MUST_USE err *edit_revoke(const struct cert *c, const struct signer_params *p,
                          enum revocation_reason reason, const char *words, struct cert **out);

/* Appends what will revoke the certificate as edit_revoke does, to be kept until then. */
MUST_USE err *edit_revocation_certificate(const struct cert *c, const struct signer_params *p,
                                          enum revocation_reason reason, const char *words,
                                          struct buf *packets);

struct edit_certify {
    const struct slice *user_ids; /* each exactly as it stands in the certificate */
    size_t n_user_ids;
    const struct signer *signers; /* each certifies all of them */
    size_t n_signers;
    bool also_unsigned;      /* those, too, that the owner has not signed, or not yet */
    struct slice subpackets; /* to be hashed: see certification.h */
    uint32_t at;             /* when they are made; 0: now */
    const struct policy *policy;
    const struct world *world;
};

/* User IDs certified by others [RFC9580 5.2.1.4].  ERR_NO_USER_ID if the certificate lacks
 * one of them. */
MUST_USE err *edit_certify(const struct cert *c, const struct edit_certify *p, struct cert **out);

/* What a signer has said about user IDs, taken back [RFC9580 5.2.1.13]; of p the signers'
 * first, the user IDs, subpackets and time count. */
MUST_USE err *edit_uncertify(const struct cert *c, const struct edit_certify *p,
                             enum revocation_reason reason, const char *words, struct cert **out);

#endif
