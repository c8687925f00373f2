/* signing.h - the keys of a stateless command that sign or certify, unlocked. */
#ifndef SOP_SIGNING_H
#define SOP_SIGNING_H

#include "pgp/sign.h"
#include "pgp/signer.h"
#include "sop/certs.h"

struct signing_keys {
    struct signer items[SIGNERS_MAX];
    size_t n;
};

/* One for each of the keys, which must outlive them.  ERR_CANNOT_SIGN, ERR_LOCKED. */
MUST_USE err *signing_keys_open(struct app *app, struct certs *keys, struct signing_keys *out);

/* The same with the primary keys, to certify.  ERR_CANNOT_CERTIFY, ERR_LOCKED. */
MUST_USE err *signing_keys_open_certifiers(struct app *app, struct certs *keys,
                                           struct signing_keys *out);

/* What the library needs to unlock the keys that the finder (borrowed) finds. */
struct signer_params signing_params(const struct app *app, const struct key_finder *finder);

void signing_keys_clear(struct signing_keys *s);

#endif
