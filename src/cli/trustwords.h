/* trustwords.h - what one certificate says about another, in words: to be read, or to stand
 * beside a line. */
#ifndef CLI_TRUSTWORDS_H
#define CLI_TRUSTWORDS_H

#include "base/buf.h"
#include "keyring/trust.h"

/* Appends why it does not count, in as few words as fit beside a line: "expired 2026-01-31". */
void trustwords_reason(const struct trust_edge *e, struct buf *out);

/* Appends what it says: "certifies, amount 60 of 120, until 2027-01-31", "certifies; may
 * certify others in example.org". */
void trustwords_sentence(const struct trust_edge *e, struct buf *out);

/* Appends how far it goes, as short as possible: "depth 2, in example.org, until
 * 2027-01-31"; nothing where there is no limit.  The amount is not in it, the depth where
 * `depth`. */
void trustwords_limits(const struct trust_edge *e, bool depth, struct buf *out);

/* Appends the options of bulla cert certify that say as much and no more, each with a blank
 * before it; not when it ends.  False where no options do: a scope is of another form. */
bool trustwords_options(const struct trust_edge *e, struct buf *out);

#endif
