/* target.h - what the signatures in a certificate sign [RFC9580 5.2.4]. */
#ifndef PGP_TARGET_H
#define PGP_TARGET_H

#include "packet/sig.h"
#include "pgp/sigcache.h"

/* The primary key, and what stands with it: nothing, a subkey or a user ID. */
struct target {
    struct slice primary; /* public body of the primary key */
    struct slice subkey;  /* public body; empty if there is none */
    struct slice user;    /* user ID or attribute */
    bool has_user, is_attribute;
    struct sigcache *cache; /* from before; or NULL */
};

/* Feeds the target to a digest, between salt and trailer. */
void target_digest(const struct target *t, uint8_t sig_version, struct digest *d);

/* True if s is a signature over the target by the key, and the target shows no sign of a
 * collision attack.  Looks at mathematics only, not at times or policy.  ERR_NO_MEMORY. */
MUST_USE err *target_verify(const struct target *t, const struct sig *s, const struct pubkey *key,
                            bool *good);

#endif
