/* signing.h - the keys of a stateless command that sign, unlocked. */
#ifndef SOP_SIGNING_H
#define SOP_SIGNING_H

#include "pgp/sign.h"
#include "sop/certs.h"

struct signing_keys {
    struct signer items[SIGNERS_MAX];
    size_t n;
};

/* One for each of the keys, which must outlive them.  ERR_CANNOT_SIGN, ERR_LOCKED. */
MUST_USE err *signing_keys_open(struct app *app, struct certs *keys, struct signing_keys *out);

void signing_keys_clear(struct signing_keys *s);

#endif
