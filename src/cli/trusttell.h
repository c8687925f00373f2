/* trusttell.h - amounts, paths and what is wrong with them, in words and in JSON. */
#ifndef CLI_TRUSTTELL_H
#define CLI_TRUSTTELL_H

#include "cli/trusting.h"

/* "has expired": why something does not count, said of the certification; NULL if it does. */
const char *trusttell_fault(enum trust_fault f);

/* "expired", for JSON; NULL if it counts. */
const char *trusttell_fault_name(enum trust_fault f);

/* "the user ID is revoked": why nobody can authenticate it; NULL if somebody may. */
const char *trusttell_nobody(enum trust_fault f);

/* Members of the current JSON object: fingerprint, userid, amount, required, authenticated,
 * fault, gossip. */
void trusttell_put_amount(const struct trusting *x, const struct trusting_user *u,
                          const struct trust_answer *a);

/* The array "paths": each with its amount, root and certifications. */
void trusttell_put_paths(struct report *r, const struct trust_answer *a);

/* The members of a certification: issuer, subject, userid, depth, amount, created, expires,
 * scopes, fault. */
void trusttell_put_edge(struct report *r, const struct trust_edge *e);

/* A fingerprint in groups of four digits, as people compare it. */
void trusttell_groups(const struct fingerprint *fpr, char text[static 2 * FPR_TEXT_SIZE]);

/* The command that accepts the user ID, of several this one alone; the caller frees. */
MUST_USE err *trusttell_command(const struct trusting *x, const struct trusting_user *u,
                                char **out);

/* ERR_UNAUTHENTICATED with the amount that was reached, the fingerprint to compare, and the
 * command that accepts it. */
MUST_USE err *trusttell_miss(const struct trusting *x, const struct trusting_user *u,
                             const struct trust_answer *a);

#endif
