/* agentnative.h - a key that GnuPG's agent keeps as it was in the packet that it came in.
 *
 *     (openpgp-private-key (version "4") (algo DSA) (skey _ #..# _ #..# e #..#) (csum "0")
 *       (protection sha1 AES IV "3" SHA1 SALT "243"))
 *
 * It lasts until the key is used for the first time.
 */
#ifndef KEYRING_AGENTNATIVE_H
#define KEYRING_AGENTNATIVE_H

#include "crypto/s2k.h"
#include "keyring/sexp.h"
#include "packet/seckey.h"

enum { AGENTNATIVE_VALUES = 8 };

struct agentnative {
    uint8_t usage; /* SECKEY_PLAIN, SECKEY_CFB, SECKEY_CFB_SUM */
    uint8_t cipher;
    struct s2k s2k;
    struct slice iv;
    struct slice values[AGENTNATIVE_VALUES]; /* public parameters, then secret ones */
    size_t n;                                /* where it is protected, the last is all of these */
};

/* From what follows "openpgp-private-key".  ERR_MALFORMED, ERR_UNSUPPORTED (version, cipher,
 * hash). */
MUST_USE err *agentnative_parse(struct slice list, struct agentnative *out);

/* What stands behind the public part in the packet of a protected key. */
void agentnative_write(const struct agentnative *n, struct buf *body);

#endif
