/* encrypt.h - making encrypted messages. */
#ifndef PGP_ENCRYPT_H
#define PGP_ENCRYPT_H

#include "base/pool.h"
#include "pgp/bind.h"
#include "pgp/sign.h"

struct recipient {
    const struct bound_cert *cert; /* borrowed while the message is made */
    bool hidden;                   /* do not name the key [RFC9580 5.1.8] */
};

enum encrypt_format {
    ENCRYPT_BY_RECIPIENTS, /* SEIPD v2 if every recipient announces it, else v1 */
    ENCRYPT_SEIPD1,
    ENCRYPT_SEIPD2,
};

/* What people call a format. */
struct encrypt_profile {
    const char *name;
    const char *aliases; /* separated by ", "; NULL: none */
    const char *summary;
    enum encrypt_format format;
};

/* Profiles in the order in which they are shown; ends with a NULL name.  The first is the
 * default. */
extern const struct encrypt_profile encrypt_profiles[];

/* By name or alias; NULL if there is none. */
const struct encrypt_profile *encrypt_profile_find(const char *name);

struct encrypt_params {
    const struct recipient *recipients;
    size_t n_recipients;
    struct secret *const *passphrases;
    size_t n_passphrases;
    uint32_t key_flags;             /* what the recipients' keys must be for; 0: FLAG_ENCRYPT */
    const struct sign_params *sign; /* NULL: not signed.  Its intended recipients, and whether it
                                       signs text, are set here. */
    bool text;                      /* as for sign_inline */
    enum encrypt_format format;
    uint8_t compression; /* a compression_id */
    bool armor;          /* text instead of packets */
    const struct world *world;
    struct pool *pool;
    struct secret **session_key; /* where a copy of the session key goes; NULL: nowhere */
};

/* What was chosen, to tell the user. */
struct encrypt_choice {
    uint8_t seipd_version, cipher, aead;
};

/* The message, as packets or armored.  Takes plain over, also on failure; signers, recipients
 * and pool are borrowed until the source is closed.  ERR_CANNOT_ENCRYPT names the
 * recipient and why. */
MUST_USE err *encrypt_message(struct source *plain, const struct encrypt_params *p,
                              struct encrypt_choice *choice, struct source **out);

#endif
