/* inlinesigned.h - what is signed inline, on standard input: a message, or a cleartext
 * signed text.  An encrypted message is neither, and a detached signature is not. */
#ifndef SOP_INLINESIGNED_H
#define SOP_INLINESIGNED_H

#include "cli/app.h"
#include "pgp/verify.h"
#include "stream/sink.h"

/* Reads all of it: the data goes to k, which is not committed, and what is to be thought
 * of the signatures to verdicts.  ERR_MALFORMED and ERR_NO_DATA for anything else. */
MUST_USE err *inlinesigned_verify(struct app *app, const struct key_finder *finder, struct sink *k,
                                  struct verdict_list *verdicts);

/* The same without judging: the signature packets are appended to signatures. */
MUST_USE err *inlinesigned_split(struct app *app, struct sink *k, struct buf *signatures);

#endif
