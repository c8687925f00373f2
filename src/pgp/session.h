/* session.h - finding the session key of an encrypted message.
 *
 * The encrypted session key packets are collected first; when the encrypted data
 * begins, those of the fitting version are tried: secret keys before passphrases,
 * unprotected keys before protected ones [RFC9580 10.3.2.1].
 */
#ifndef PGP_SESSION_H
#define PGP_SESSION_H

#include "crypto/s2k.h"
#include "packet/container.h"
#include "packet/pkesk.h"
#include "packet/skesk.h"
#include "pgp/finder.h"

enum {
    ESKS_MAX = 4096,          /* packets in one message */
    ESK_PACKET_MAX = 1 << 16, /* bytes of one */
};

struct esk {
    struct buf body;
    bool is_public_key;
    struct pkesk pk;
    struct skesk sk;
};

struct esk_list {
    struct esk *items;
    size_t n, capacity;
    size_t n_unusable; /* further packets: malformed, or of kinds that are not supported */
    err *flaw;         /* of the first of them that is malformed; owned; or NULL */
    err *unsupported;  /* of the first of them that is not supported; likewise */
};

void esk_list_clear(struct esk_list *l);

/* Takes the body of a packet of this type; its buffer is emptied.  One that cannot be
 * used is only counted, since it may be for somebody else [RFC9580 4.3].  ERR_LIMIT. */
MUST_USE err *esk_list_add(struct esk_list *l, uint8_t packet_type, struct buf *body);

struct session {
    struct secret *key; /* owned */
    uint8_t cipher;
    bool by_passphrase;
    struct fingerprint key_fpr; /* of the key that opened it; version 0: none */
    struct fingerprint primary_fpr;
};

void session_clear(struct session *s);

struct session_params {
    const struct key_finder *finder;
    const struct session *known; /* a session key to use instead of looking for one: key and,
                                    where the data does not name it, cipher; borrowed,
                                    NULL: none */
    const struct s2k_limits *limits;
    const struct policy *policy;
    int64_t now;
    struct slice start; /* the first bytes of CFB's ciphertext, to tell a wrong
                           passphrase from a damaged message; may be empty */
};

/* ERR_CANNOT_DECRYPT (no key, wrong passphrase), ERR_LOCKED (a key that would fit
 * needs a passphrase), both with hints; or what is wrong with the only packet that would
 * do.  A passphrase is tried as long as the work that this takes is within the limits. */
MUST_USE err *session_find(struct esk_list *esks, const struct encdata *data,
                           const struct session_params *p, struct session *out);

#endif
