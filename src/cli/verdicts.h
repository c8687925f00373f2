/* verdicts.h - telling what signatures are worth, and what follows from it. */
#ifndef CLI_VERDICTS_H
#define CLI_VERDICTS_H

#include "cli/app.h"
#include "pgp/verify.h"

/* Lines on standard error, and the member "signatures" in JSON. */
MUST_USE err *verdicts_report(struct app *app, const struct verdict_list *l);

/* Who must have signed, if anybody in particular: their certificates' primary
 * fingerprints. */
struct wanted_signers {
    struct fingerprint *items;
    size_t n, capacity;
};
void wanted_signers_clear(struct wanted_signers *w);
MUST_USE err *wanted_signers_add(struct wanted_signers *w, const struct cert *c);

/* ERR_NO_SIGNATURE unless there is a good signature (by one of those wanted). */
MUST_USE err *verdicts_require(const struct verdict_list *l, const struct wanted_signers *w);

/* For messages whose text is wanted even if nobody is known to have signed it:
 * ERR_NO_SIGNATURE only if a signature is bad and none is good. */
MUST_USE err *verdicts_refuse_bad(const struct verdict_list *l);

#endif
