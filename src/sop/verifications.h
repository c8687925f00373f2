/* verifications.h - what the stateless commands say of signatures: a line for each good
 * one, in the form that the interface calls VERIFICATIONS.
 *
 *     TIME KEY PRIMARY-KEY mode:binary {"signers":["alice.cert"],"ext":{"hash":"SHA512"}}
 *
 * "ext" is ours: user ID, hash, and what there is to remark on a signature that is good.
 */
#ifndef SOP_VERIFICATIONS_H
#define SOP_VERIFICATIONS_H

#include "pgp/verify.h"
#include "sop/certs.h"

/* Bytes of all the lines. */
enum { VERIFICATIONS_MAX = 1 << 24 };

/* Appends the lines; none if no signature is good.  The origins of `certs` are the
 * signers. */
MUST_USE err *verifications_write(const struct verdict_list *l, const struct certs *certs,
                                  struct buf *out);

/* ERR_NO_SIGNATURE, with the best reason there is, unless one is good. */
MUST_USE err *verifications_require(const struct verdict_list *l);

#endif
