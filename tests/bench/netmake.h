/* netmake.h - real certificates from a plan. */
#ifndef BENCH_NETMAKE_H
#define BENCH_NETMAKE_H

#include "netplan.h"

/* Writes a keyring of the certificates of a sorted plan, and notes their fingerprints there.
 * The same plan and seed give the same bytes: version 4, Ed25519, no subkeys. */
err *net_make(struct net *n, uint32_t seed, FILE *to);

#endif
