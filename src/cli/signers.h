/* signers.h - the keys to sign with, found and unlocked. */
#ifndef CLI_SIGNERS_H
#define CLI_SIGNERS_H

#include "cli/app.h"
#include "pgp/sign.h"

struct signers {
    struct cert *certs[SIGNERS_MAX];
    struct signer items[SIGNERS_MAX];
    size_t n;
};

/* Those of the list, or one's own key if it is empty.  ERR_CANNOT_SIGN says why a
 * key cannot; ERR_LOCKED, ERR_NOT_FOUND, ERR_AMBIGUOUS. */
MUST_USE err *signers_open(struct app *app, const struct opt_list *who, struct signers *out);

void signers_clear(struct signers *s);

#endif
