/* keygen.h - new keys from a profile. */
#ifndef PGP_KEYGEN_H
#define PGP_KEYGEN_H

#include "base/world.h"
#include "pgp/cert.h"
#include "pgp/newkey.h"

struct keygen_profile {
    const char *name;
    const char *aliases; /* separated by ", "; NULL: none */
    const char *summary;
    uint8_t version;
    uint8_t primary_algo, subkey_algo;
    unsigned primary_variant, subkey_variant; /* bits or a pk_curve */
    uint8_t features;                         /* what the key announces */
};

/* Profiles in the order in which they are shown; ends with a NULL name.  The
 * first is the default. */
extern const struct keygen_profile keygen_profiles[];

/* By name or alias; NULL if there is none. */
const struct keygen_profile *keygen_profile_find(const char *name);

/* That which makes keys most like this one; NULL for a version that we do not make. */
const struct keygen_profile *keygen_profile_like(const struct pubkey *primary);

/* What its subkeys for encryption are. */
struct newkey_kind keygen_subkey_kind(const struct keygen_profile *p);

/* ERR_USAGE if a new user ID must not be this: empty, too long, not UTF-8. */
MUST_USE err *keygen_check_user_id(struct slice id);

/* Appends the subpackets that say what a key can do (enum feature) and its owner prefers. */
void keygen_write_preferences(uint8_t features, struct buf *b);

struct keygen_params {
    const struct keygen_profile *profile;
    const struct slice *user_ids; /* UTF-8, each used once; the first is the primary one */
    size_t n_user_ids;
    uint32_t expires_after; /* seconds; 0: never */
    bool signing_only;      /* without the subkey */
    bool only_local; /* for what is said to oneself: without the subkey, certifies only, and its
                      * signatures are local [RFC9580 5.2.3.19] */
    const struct secret *passphrase; /* NULL: unprotected */
    const struct world *world;
    struct buf *revocation; /* gets a revocation certificate of the key; NULL: none is made */
};

/* A primary key that certifies and signs, and a subkey for encryption unless
 * signing_only. */
MUST_USE err *keygen_make(const struct keygen_params *p, struct cert **out);

#endif
