/* certifying.h - the frame of commands by which one's own key says something about the user
 * IDs of somebody else's certificate: finds and unlocks the key, finds the certificate, lets
 * the command make the new state, and stores it.
 *
 *     TRY(certifying_find(&x, who));
 *     ... fill x.picks, userpicks_choose ...
 *     TRY(certifying_unlock(&x));
 *     TRY(certifying_store(&x, apply, &context));
 *
 * The command has NEEDS_WRITE.  The key is unlocked before others are locked out; if the
 * certificate has changed in the meantime, the new state is made again from what it is now.
 */
#ifndef CLI_CERTIFYING_H
#define CLI_CERTIFYING_H

#include "cli/userpick.h"
#include "cli/app.h"
#include "pgp/certification.h"
#include "pgp/sigmaker.h"

struct certifying_opts {
    const char *signer;
    struct opt_list passphrase_files;
    bool all, dry_run;
};

#define OPT_CERTIFYING(type, field)                                                                \
    OPT_TEXT('u', "signer", type, field.signer, "WHO", "with this key of yours", OPT_KEY),         \
        OPT_FLAG('n', "dry-run", type, field.dry_run, "only show what would change"),              \
        OPT_LIST(0, "passphrase-file", type, field.passphrase_files, "F",                          \
                 "take the key's passphrase from F: a file, @FD:n or @ENV:NAME", OPT_INPUT)

struct certifying {
    struct app *app;
    const struct certifying_opts *opts;
    struct cert *own, *subject;
    bool is_local;          /* own is the local root */
    struct signer signer;   /* once unlocked */
    struct userpicks picks; /* of the subject */
    int64_t at;             /* when it is said: after all that the key has said before */
};

void certifying_clear(struct certifying *x);

/* The key and the certificate.  ERR_POLICY: they are the same. */
MUST_USE err *certifying_find(struct certifying *x, const char *who);

/* The certificate alone: the key is the local root, which certifying_use_local takes over. */
MUST_USE err *certifying_find_subject(struct certifying *x, const char *who);
MUST_USE err *certifying_use_local(struct certifying *x, struct cert *own);

/* ERR_CANNOT_CERTIFY, ERR_LOCKED, ERR_NOT_FOUND, ERR_NO_CARD. */
MUST_USE err *certifying_unlock(struct certifying *x);

/* Makes the new state of c, in which things are said at x.at; *out stays NULL where there
 * is nothing to say.  Called again if c has changed. */
typedef err *certifying_apply(void *context, const struct cert *c, struct cert **out);

/* Returns when what was said counts, a second later perhaps.  ERR_LIMIT: the certificate is
 * full of what others have said. */
MUST_USE err *certifying_store(struct certifying *x, certifying_apply *apply, void *context);

/* The component with this user ID in another state of the certificate.  ERR_NO_USER_ID. */
MUST_USE err *certifying_find_user(const struct cert *c, struct slice id,
                                   const struct component **out);

/* The members fingerprint, signer and dry_run of the report; and an element that tells about
 * one user ID. */
void certifying_put(const struct certifying *x);
void certifying_put_user(struct report *r, const struct userpick *p, const char *result,
                         const struct certification_terms *t);

/* Tells what else to do: others may need to get what is public. */
void certifying_remark(const struct certifying *x, bool changed, bool public);

#endif
