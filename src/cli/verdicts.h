/* verdicts.h - telling what signatures are worth, and what follows from it. */
#ifndef CLI_VERDICTS_H
#define CLI_VERDICTS_H

#include "cli/app.h"
#include "cli/signertrust.h"

/* Lines on standard error, and the member "signatures" in JSON; where t is not NULL with how
 * certain the signers are, which it keeps. */
MUST_USE err *verdicts_report(struct report *r, const struct verdict_list *l,
                              struct signertrust *t);

/* ERR_NO_SIGNATURE unless there is a good signature (by one of those wanted). */
MUST_USE err *verdicts_require(const struct verdict_list *l, const struct wanted_signers *w);

/* For messages whose text is wanted even if nobody is known to have signed it:
 * ERR_NO_SIGNATURE only if a signature is bad and none is good. */
MUST_USE err *verdicts_refuse_bad(const struct verdict_list *l);

#endif
