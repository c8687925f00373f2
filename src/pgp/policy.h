/* policy.h - what is strong enough, for what, and since when: the one place.
 *
 * Algorithms fade.  Against SHA-1 only collisions are known: a forger needs a signer
 * who signs today what he has prepared, so that what honest signers made before then
 * stays good [RFC9580 9.5], and a self-signature, whose text the forger does not
 * choose, stays good for longer.  MD5 and short keys are broken altogether: there the
 * date in a signature proves nothing, since a forger writes that, too.
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

/* Dates are the first second at which a new signature of the kind is refused. */
struct policy {
    int64_t md5_until;
    int64_t sha1_data_until; /* RIPEMD-160, too */
    int64_t sha1_certs_until;
    unsigned rsa_bits_min; /* also for DSA and Elgamal primes */
};

extern const struct policy policy_default;

/* The policy as it would have been at a time in the past: without what was only found
 * to be weak after it.  For who knows that a signature has been in safe hands since. */
struct policy policy_as_of(int64_t at);

/* ERR_POLICY, with the reason and what to do, if a signature made then with this hash
 * may not be relied on. */
MUST_USE err *policy_check_hash(const struct policy *p, uint8_t hash, enum policy_purpose purpose,
                                int64_t made_at);

/* The same, where the reason does not matter. */
bool policy_accepts_hash(const struct policy *p, uint8_t hash, enum policy_purpose purpose,
                         int64_t made_at);

/* ERR_POLICY if the key is too weak to be used at all, or must not be: an ECDH key with
 * a weak key derivation, or a v6 one with another than its curve's [RFC9580 11.4,
 * 11.5.1].  What was encrypted to it can be decrypted all the same. */
MUST_USE err *policy_check_key(const struct policy *p, const struct pubkey *key);

/* The same, where the reason does not matter. */
bool policy_accepts_key(const struct policy *p, const struct pubkey *key);

#endif
