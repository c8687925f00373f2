/* signertrust.h - how certain it is whose a good signature is: in a line, in JSON, and for those
 * who want nothing but certainty. */
#ifndef CLI_SIGNERTRUST_H
#define CLI_SIGNERTRUST_H

#include "cli/authentic.h"
#include "pgp/verify.h"

/* Who must have signed, if anybody in particular: their certificates' primary fingerprints. */
struct wanted_signer {
    struct fingerprint fpr;
    bool is_exact; /* named by the whole fingerprint, or by a file: an authorisation */
};
struct wanted_signers {
    struct wanted_signer *items;
    size_t n, capacity;
};
void wanted_signers_clear(struct wanted_signers *w);
MUST_USE err *wanted_signers_add(struct wanted_signers *w, const struct cert *c, bool is_exact);

/* Did one of those wanted make it?  True where nobody is wanted. */
bool wanted_signers_made(const struct wanted_signers *w, const struct verdict *v);

/* What is asked of the signers of a document, and what came out. */
struct signertrust {
    struct authentic *authentic;         /* borrowed */
    const struct wanted_signers *wanted; /* borrowed */
    bool advise;                         /* tell what accepts a signer: no error will */
    bool sure;                           /* it is certain for one of the good signatures */
    err *miss;                           /* why not for the first of the others; owned */
};
void signertrust_clear(struct signertrust *t);

/* What is known of one signer. */
struct signer_standing {
    enum signer_asked { SIGNER_NOT_ASKED, SIGNER_NAMED, SIGNER_ASKED } asked;
    struct authentic_user user;
    char *name; /* the user ID that is authenticated best, escaped; owned, or NULL */
};
void signer_standing_clear(struct signer_standing *s);

/* Of a verdict, for which the network is asked if it is good and nobody has named the signer. */
MUST_USE err *signertrust_judge(struct signertrust *t, const struct verdict *v,
                                struct signer_standing *out);

/* A line under the one about the signature: "  authenticated: 120 of 120, ...". */
MUST_USE err *signertrust_say(struct report *r, struct signertrust *t, const struct verdict *v,
                              const struct signer_standing *s);

/* Members of the signature's JSON object. */
void signertrust_put(struct report *r, const struct signer_standing *s);

/* ERR_UNAUTHENTICATED unless it is certain for one of the signatures that were judged. */
MUST_USE err *signertrust_require(struct signertrust *t);

#endif
