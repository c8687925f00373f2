/* check.h - is the keyring what it should be, and making it so again.
 *
 * Looked at are the databases themselves, every certificate, the index of each, and
 * every secret key.  Memory does not grow with their number.  What a certificate's
 * bytes say is what counts: the index is made again from them.
 */
#ifndef KEYRING_CHECK_H
#define KEYRING_CHECK_H

#include "keyring/keyring.h"

enum keyring_trouble {
    TROUBLE_DAMAGE,     /* what is stored is not what was stored */
    TROUBLE_LEFTOVER,   /* a secret key whose certificate is not here */
    TROUBLE_PERMISSION, /* others may do what they should not */
};

struct keyring_problem {
    enum keyring_trouble kind;
    struct slice fpr; /* of the certificate; empty: it is about the whole */
    const char *what;
    bool fixed;
};

/* How the check goes on is told by these; both may return an error to stop it. */
struct keyring_checker {
    void *context;
    err *(*problem)(void *context, const struct keyring_problem *p);
    err *(*step)(void *context, const char *what, uint64_t done, uint64_t total);
};

struct keyring_counts {
    uint64_t certs, secrets; /* looked at; a secret key has one for each of its keys */
};

/* Looks at everything as it is at one moment.  With `fix`, within the transaction of
 * the keyring, index and names are made again from the certificates, and certificates that
 * cannot be read are removed; secret keys are never. */
MUST_USE err *keyring_check(struct keyring *k, bool fix, const struct keyring_checker *checker,
                            struct keyring_counts *out);

/* Looks at whom the files of a home belong to, and who may write to them, or (`secret`:
 * there are secret keys) read them. */
MUST_USE err *keyring_check_files(const char *home, bool secret, bool fix,
                                  const struct keyring_checker *checker);

#endif
