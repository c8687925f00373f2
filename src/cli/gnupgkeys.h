/* gnupgkeys.h - the secret keys of a GnuPG home (private-keys-v1.d), and the certificates
 * that they belong to. */
#ifndef CLI_GNUPGKEYS_H
#define CLI_GNUPGKEYS_H

#include "cli/leftovers.h"
#include "keyring/agentkey.h"

struct gnupgkey {
    char *name; /* of the file */
    struct agentkey *key;
    bool used; /* a certificate has it */
};

struct gnupgkeys {
    struct app *app;
    struct leftovers *left; /* borrowed: what cannot be taken */
    VEC(struct gnupgkey) files;
    VEC(struct secret *) passphrases; /* that have fitted: each is asked for once */
};

/* Reads all files of the directory; an absent one has none. */
MUST_USE err *gnupgkeys_open(struct app *app, const char *directory, struct leftovers *left,
                             struct gnupgkeys *out);

/* The certificate with those secret parts that are here and not in the keyring yet, for which
 * passphrases are asked; NULL if there are none.  *n counts all that are here. */
MUST_USE err *gnupgkeys_take(struct gnupgkeys *g, const struct cert *c, struct cert **out,
                             size_t *n);

/* Notes the files that belong to no certificate. */
MUST_USE err *gnupgkeys_strays(struct gnupgkeys *g);

void gnupgkeys_clear(struct gnupgkeys *g);

#endif
