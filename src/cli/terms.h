/* terms.h - how far a certification goes, for people and in JSON. */
#ifndef CLI_TERMS_H
#define CLI_TERMS_H

#include "cli/app.h"
#include "pgp/certification.h"

/* Appends "may certify others in example.org, amount 60 of 120, local, until 2027-01-31";
 * nothing where it says only whose the certificate is, to everybody, for ever. */
void terms_words(const struct certification_terms *t, struct buf *out);

/* The members local, expires, depth, amount, scopes. */
void terms_put(struct report *r, const struct certification_terms *t);

#endif
