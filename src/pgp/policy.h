/* policy.h - what is strong enough, for what, and since when: the one place.
 *
 * Algorithms fade: a signature is judged by when it was made.  A collision found
 * today needs a signer who signs it today, so old signatures by honest signers
 * stay good after their hash has fallen [RFC9580 9.5].
 */
#ifndef PGP_POLICY_H
#define PGP_POLICY_H

#include "base/err.h"
#include "packet/pubkey.h"

/* What a signature is for. */
enum policy_purpose {
    POLICY_DATA,  /* documents, whose content an attacker may choose */
    POLICY_CERTS, /* bindings and certifications */
};

/* Shown with `bulla version` and in doc/; dates are the first day on which a new
 * signature of the kind is refused. */
struct policy {
    int64_t sha1_data_until;
    int64_t sha1_certs_until;
    unsigned rsa_bits_min; /* also for DSA and Elgamal primes */
};

extern const struct policy policy_default;

/* ERR_POLICY, with the reason, if a signature made then with this hash may not be
 * relied on. */
MUST_USE err *policy_check_hash(const struct policy *p, uint8_t hash, enum policy_purpose purpose,
                                int64_t made_at);

/* ERR_POLICY if the key is too weak to be used at all, or must not be: a v6 ECDH key
 * with other parameters than its curve's [RFC9580 11.5.1].  What was encrypted to it
 * can be decrypted all the same. */
MUST_USE err *policy_check_key(const struct policy *p, const struct pubkey *key);

#endif
