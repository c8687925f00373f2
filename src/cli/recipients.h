/* recipients.h - whom a message is for: from names and files to keys. */
#ifndef CLI_RECIPIENTS_H
#define CLI_RECIPIENTS_H

#include "base/vec.h"
#include "cli/app.h"
#include "pgp/encrypt.h"

struct recipients {
    bool hide; /* the message does not tell them; set before they are added */
    struct cert_list certs;
    VEC(struct bound_cert *) bound;
    VEC(struct recipient) items;
};

void recipients_clear(struct recipients *r);

/* Adds a certificate, unless it is there; takes c over, also on failure. */
MUST_USE err *recipients_add(struct app *app, struct recipients *r, struct cert *c);

/* The format that a --profile (NULL: the default one) asks for.  ERR_PROFILE. */
MUST_USE err *recipients_format(const char *profile, enum encrypt_format *out);

/* Adds those that are named, whose certificates must be authenticated (authentic.h; `trust` is
 * the value of --trust, or NULL), and those in files.  Tells of others that claim the same
 * addresses. */
MUST_USE err *recipients_find(struct app *app, struct recipients *r, const struct opt_list *names,
                              const struct opt_list *files, const char *trust);

#endif
