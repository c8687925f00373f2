/* trustshare.h - what the files behind trust.h share. */
#ifndef KEYRING_TRUSTSHARE_H
#define KEYRING_TRUSTSHARE_H

#include "keyring/trustproblem.h"

struct trust {
    struct net net;
    struct scopes scopes;
    struct grow grow;
    struct trustproblem survey; /* for many questions, once all roads from the roots are known */
    bool surveyed;
    struct trust_certs roots;
    struct {
        struct trust_edge **items; /* edges with a fault that they have for one question */
        size_t n, capacity;
    } judged;
};

/* False if the certificate has no such user ID. */
bool trust_find_user(const struct net_node *x, struct slice user_id, size_t *out);

#endif
