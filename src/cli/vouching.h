/* vouching.h - what certifying somebody else's user IDs is, whoever signs: which can be
 * certified, how far that goes, the question to the user, and the certifications.
 *
 *     TRY(vouching_read_terms(&x, &opts));
 *     ... certifying_find...
 *     TRY(vouching_find_users(&x));
 *     ... userpicks_choose, vouching_confirm, certifying_unlock...
 *     TRY(vouching_store(&x));
 */
#ifndef CLI_VOUCHING_H
#define CLI_VOUCHING_H

#include "cli/certifying.h"
#include "pgp/certification.h"

struct vouching_opts {
    const char *depth, *amount, *expires;
    struct opt_list domains;
};

#define OPT_VOUCHING(type, field)                                                                  \
    OPT_TEXT(0, "expires", type, field.expires, "WHEN",                                            \
             "until when it counts: 2y, a date, or never (the default)", OPT_ANY),                 \
        OPT_TEXT(0, "amount", type, field.amount, "N",                                             \
                 "how far you rely on it: 1 to 120, which is the default and means completely",    \
                 OPT_ANY)

/* What has become of what is said about a user ID. */
enum vouching_outcome { VOUCHED_NEW, VOUCHED_CHANGED, VOUCHED_ALREADY };

struct vouching {
    struct certifying common;
    const struct vouching_opts *opts;
    struct certification_terms terms;
    enum vouching_outcome *outcomes; /* for each of the picks, once it is stored */
};

void vouching_clear(struct vouching *x);

/* ERR_USAGE, ERR_INCOMPLETE. */
MUST_USE err *vouching_read_terms(struct vouching *x, const struct vouching_opts *o);

/* The picks: all user IDs of the subject; one that does not count must not be certified.
 * ERR_POLICY: the certificate does not. */
MUST_USE err *vouching_find_users(struct vouching *x);

/* Names can be claimed by anybody: only a whole fingerprint says which certificate is meant.
 * Where `who` is another name, the question (made by the function; the caller frees) is asked at
 * the terminal.  ERR_USAGE: there is none; ERR_INTERRUPTED. */
MUST_USE err *vouching_confirm(const struct vouching *x, const char *who, bool yes,
                               err *(*question)(const struct vouching *x, char **out));

/* The chosen user IDs certified, but for those of which the same is said already. */
MUST_USE err *vouching_store(struct vouching *x);

/* Has anything been said that was not said before? */
bool vouching_has_changed(const struct vouching *x);

/* The member result of the report. */
const char *vouching_outcome_name(enum vouching_outcome o);

#endif
