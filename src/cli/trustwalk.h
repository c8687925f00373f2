/* trustwalk.h - gathers a part of the network for a picture. */
#ifndef CLI_TRUSTWALK_H
#define CLI_TRUSTWALK_H

#include "cli/picture.h"
#include "cli/trusting.h"

struct trustwalk {
    struct trusting *trusting;   /* borrowed */
    struct picture *picture;     /* borrowed: what is gathered */
    const struct slice *of_user; /* borrowed: scopes are judged for this user ID; or NULL */
    bool backwards;              /* also along what is said about a certificate */
    bool only_introducers;       /* only along what lets others certify */
    bool only_onwards;           /* not to what is as near as that where it starts */
};

/* Adds what is at most so many steps away from the first n certificates of the picture. */
MUST_USE err *trustwalk_go(struct trustwalk *w, size_t n, unsigned hops);

/* Adds what the certificates of the picture say about one another. */
MUST_USE err *trustwalk_join(struct trustwalk *w);

/* Finds out how much reaches each certificate of the picture that is not judged yet, and calls
 * it by the user ID that most reaches. */
MUST_USE err *trustwalk_judge(struct trustwalk *w);

#endif
