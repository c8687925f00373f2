/* fold.h - names in one form, whichever way they were written: for comparing and indexing,
 * not for showing.
 *
 * Case is folded character by character in the Latin, Greek, Cyrillic and Armenian
 * scripts, final sigma and long s included; nothing is expanded (the sharp s stays), and
 * characters are not composed.  Malformed UTF-8 stays as it is.
 */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include "base/buf.h"
#include "base/slice.h"

/* Appends text in lower case. */
void fold_text_to(struct buf *b, struct slice text);

/* Appends a domain in lower case, with labels in A-label form ("xn--...") turned into
 * letters [RFC5890 2.3.2.1, RFC3492]; one that is malformed stays. */
void fold_domain_to(struct buf *b, struct slice domain);

/* Appends an address folded, its domain in front: "example.org@alice".  The address has
 * an at sign. */
void fold_address_to(struct buf *b, struct slice address);

#endif
