/* trustchange.h - two looks at the network, and what differs. */
#ifndef CLI_TRUSTCHANGE_H
#define CLI_TRUSTCHANGE_H

#include "cli/trusttell.h"

/* What reaches a user ID. */
struct trustchange_entry {
    struct fingerprint fpr;
    char *user_id; /* owned */
    size_t len;
    unsigned amount; /* at most what is asked for */
};

/* All that is reached at all, in the order of fingerprints and user IDs. */
struct trustchange_side {
    struct trustchange_entry *items;
    size_t n, capacity;
};

/* Opens the network with o, asks about all user IDs, and closes it. */
MUST_USE err *trustchange_look(const struct trusting *x, const struct trust_opts *o,
                               struct trustchange_side *out);
void trustchange_side_clear(struct trustchange_side *s);

/* A line and an element of the array "changes" for each that differs; how many. */
MUST_USE err *trustchange_tell(const struct trusting *x, const struct trustchange_side *before,
                               const struct trustchange_side *after);

#endif
