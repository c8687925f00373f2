/* netshape.h - plans of webs of trust: random ones, and such as an attacker would make. */
#ifndef BENCH_NETSHAPE_H
#define BENCH_NETSHAPE_H

#include "netplan.h"

/* words: the name of a shape and its numbers, NULL at the end.  ERR_USAGE. */
err *net_shape(char *const *words, uint32_t seed, struct net *out);

/* The shapes, a line for each. */
extern const char net_shapes_help[];

#endif
