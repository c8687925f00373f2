/* trustrows.h - user IDs with the amounts that reach them: for check, identify, lookup. */
#ifndef CLI_TRUSTROWS_H
#define CLI_TRUSTROWS_H

#include "cli/trusttell.h"

struct trustrow {
    struct trusting_user user;
    struct trust_answer answer;
};
struct trustrows {
    struct trustrow *items;
    size_t n, capacity;
};

/* Asks the network about each of the user IDs. */
MUST_USE err *trustrows_ask(struct trusting *x, const struct trusting_users *users,
                            struct trustrows *out);
void trustrows_clear(struct trustrows *rows);

/* The largest amount first, otherwise as they were. */
void trustrows_sort(struct trustrows *rows);

/* The one with the largest amount, the first of them; NULL: there are none. */
const struct trustrow *trustrows_best(const struct trustrows *rows);

/* A line "82 of 120  FINGERPRINT  USER ID". */
MUST_USE err *trustrows_say(const struct trusting *x, const struct trustrow *row);

/* Lines, and the array "bindings", with paths where `paths`. */
MUST_USE err *trustrows_tell(const struct trusting *x, const struct trustrows *rows, bool paths);

/* NULL if one is authenticated, else what is missing to the best one; `who` is what was asked
 * about. */
MUST_USE err *trustrows_verdict(const struct trusting *x, const struct trustrows *rows,
                                const char *who);

#endif
