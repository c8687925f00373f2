/* life.h - since when, and until when, a certificate and its user IDs are valid.
 *
 * What a certificate says of itself changes whenever its owner signs it anew.  A life is the
 * list of these states in the order of time; with it, the certificate can be judged at any time
 * without verifying anything again.
 */
#ifndef PGP_LIFE_H
#define PGP_LIFE_H

#include "base/vec.h"
#include "pgp/bind.h"

/* What holds from one moment until the next state, for the primary key or for a user ID. */
struct life_state {
    int64_t from;
    bool ok;            /* signed by its owner, and no weaker than is allowed */
    bool hard;          /* of the primary key: it may have been stolen at any time */
    int64_t revoked_at; /* 0: is not */
    int64_t expires_at; /* of the primary key; 0: never */
};

struct life {
    VEC(struct life_state) states;
};
void life_clear(struct life *l);

/* The life of a component: the primary key or a user ID. */
struct life_list {
    struct life *items; /* one for each component of the certificate; others have none */
    size_t n;
    size_t shown; /* the user ID to show for the certificate, as a component; 0: none is good */
};
void life_list_clear(struct life_list *l);

/* Of a certificate that was signed anew more often than that, the latest states only. */
enum { LIFE_STATES_MAX = 500 };

/* ERR_NO_MEMORY. */
MUST_USE err *life_of_cert(const struct cert *c, const struct policy *p, struct life_list *out);

/* The state at that time; NULL before the first. */
const struct life_state *life_at(const struct life_state *states, size_t n, int64_t at);

/* Is it valid at a time in the past, as the state of a later time tells it? */
bool life_is_valid(const struct life_state *s, int64_t at);

#endif
