/* authentic.h - is it certain whose certificate this is?  Of names that the user gives, and of
 * signers, by what the roots say (keyring/trust.h).
 *
 * The whole fingerprint of a primary key is an authorisation in itself: for it the network is not
 * even opened.
 */
#ifndef CLI_AUTHENTIC_H
#define CLI_AUTHENTIC_H

#include "cli/claims.h"
#include "cli/trusting.h"
#include "cli/who.h"

#define OPT_TRUST(type, field)                                                                     \
    OPT_WORD(0, "trust", type, field, "HOW",                                                       \
             "web: it must be certain whose key it is (the default); always: take every name as "  \
             "it is",                                                                              \
             "web always")

struct authentic {
    struct app *app;
    bool always;          /* nothing is asked, everything is believed */
    struct trusting net;  /* without its network until somebody asks */
    struct claims claims; /* that authentic_cert has come across */
};

/* how is the value of --trust, or NULL.  Tells if nothing is checked.  ERR_USAGE. */
MUST_USE err *authentic_open(struct app *app, const char *how, struct authentic *out);

void authentic_clear(struct authentic *a);

/* Closes the network until it is asked again: others may want to write to the keyring. */
void authentic_rest(struct authentic *a);

/* The one user ID of a certificate that is authenticated best. */
struct authentic_user {
    struct slice user_id; /* borrowed until authentic_rest; empty: it has none */
    struct trust_answer answer;
};
void authentic_user_clear(struct authentic_user *u);
bool authentic_is_sure(const struct authentic_user *u);

/* Among those that `who` means (NULL: among all); of several that are equal, `preferred`. */
MUST_USE err *authentic_find_user(struct authentic *a, const struct fingerprint *fpr,
                                  const char *who, struct slice preferred,
                                  struct authentic_user *out);

/* ERR_UNAUTHENTICATED: how far it is from being certain, and what settles it. */
MUST_USE err *authentic_miss(struct authentic *a, const struct fingerprint *fpr,
                             const struct authentic_user *u);

/* Adds to the claims of a those of `suspects` that are true: the certificate is valid and not
 * authenticated for the address, and another one is. */
MUST_USE err *authentic_sift(struct authentic *a, const struct claims *suspects);

/* The certificate that `who` means, as who_cert, which must be authenticated:
 * ERR_UNAUTHENTICATED.  Of several with an e-mail address that one is meant, if it is the only
 * one; the others become claims.  One that is not valid comes out where it is to be used:
 * nothing can be done with it, and whoever tries says why. */
MUST_USE err *authentic_cert(struct authentic *a, const char *who, enum who_for purpose,
                             struct cert **out);

#endif
