/* certs.h - the certificates and keys that the stateless commands work with: from files,
 * descriptors, variables and standard input, never from the keyring.
 *
 * One input may hold several.  What is of a version that nobody knows yet is passed over;
 * an input that is malformed, or has nothing else, is refused.
 */
#ifndef SOP_CERTS_H
#define SOP_CERTS_H

#include "cli/app.h"
#include "pgp/finder.h"
#include "sop/passwords.h"
#include "stream/source.h"

/* The two do not stand for one another. */
enum certs_kind {
    WANT_CERTS, /* what the interface calls CERTS */
    WANT_KEYS,  /* KEYS */
};

struct certs {
    struct cert_list list;
    VEC(const char *) origins; /* for each, what the input was called; borrowed */
    err *passed_over;          /* the first that was, and why; owned, or NULL */

    /* Where signers are looked for instead of here; borrowed, NULL: here. */
    const struct certs *signers;

    /* What opens secret keys, and messages; borrowed, NULL: nothing. */
    const struct passwords *key_passwords, *message_passwords;
    const char *password_hint; /* how to give one for a key; NULL: with the usual option */
};
void certs_clear(struct certs *c);

/* Adds all that an input has; takes it over, also on failure.  `origin` is borrowed.
 * ERR_MALFORMED, ERR_NO_DATA, also where it is of the other kind. */
MUST_USE err *certs_add(struct certs *c, enum certs_kind kind, struct source *input,
                        const char *origin);

/* Adds those of the inputs that names[0 .. n-1] designate. */
MUST_USE err *certs_load(struct certs *c, enum certs_kind kind, const char *const *names, size_t n);

/* Adds those on standard input. */
MUST_USE err *certs_read(struct certs *c, enum certs_kind kind);

/* Appends all as packets (enum cert_write_flags). */
MUST_USE err *certs_write(const struct certs *c, unsigned flags, struct buf *out);

/* Writes all to standard output, armored unless `no_armor`: as keys with CERT_SECRET,
 * else as certificates. */
MUST_USE err *certs_put(struct app *app, const struct certs *c, unsigned flags, bool no_armor);

/* Puts another one, which it takes over, in the place of one of them. */
void certs_replace(struct certs *c, size_t at, struct cert *by);

/* Adds to each what others know of the same certificate; what is not among these, from
 * `others`, is left out. */
MUST_USE err *certs_merge(struct certs *c, const struct certs *others);

/* Lets designated revokers among `others` speak, too (pgp/revoker.h). */
MUST_USE err *certs_attach_revokers(struct certs *c, struct certs *others);

/* Makes one of those that are the same certificate. */
MUST_USE err *certs_unite(struct certs *c);

/* Finds among these.  Valid as long as c. */
struct key_finder certs_finder(struct certs *c);

#endif
