/* trustjudge.h - which of what is said counts, at the reference time.
 *
 * A statement counts if it is genuine and no older than it may be with its hash; if its issuer
 * and its subject were valid when it was made; if it has neither expired nor been taken back;
 * and if it is the newest of its issuer about the user ID that does so.  Two of the same second
 * count both.  What is genuine is verified when nothing else speaks against it.
 */
#ifndef KEYRING_TRUSTJUDGE_H
#define KEYRING_TRUSTJUDGE_H

#include "keyring/trustnet.h"

/* The statements about a node by one issuer: from `first` on, n of them. */
struct net_range {
    size_t first, n;
};
struct net_range net_by_issuer(const struct net_node *subject, int64_t key);

/* The range that starts at `first`. */
struct net_range net_range_at(const struct net_node *subject, size_t first);

/* Fills subject->edges of the range; issuer is one of the nodes with the range's number.
 * Statements that turn out to be by another of these are left as they are. */
MUST_USE err *net_judge(struct net *n, struct net_node *subject, struct net_range range,
                        struct net_node *issuer);

/* Verifies one whose fault may hide that it is not genuine. */
MUST_USE err *net_verify(struct net *n, struct net_node *subject, size_t statement,
                         struct net_node *issuer);

/* Is the user ID of this number not taken back at the reference time?  (Whether its owner has
 * signed it does not matter.) */
bool net_user_stands(const struct net *n, const struct net_node *x, size_t user);

/* Has the owner of the certificate signed it, so that it counts now? */
bool net_user_is_own(const struct net *n, const struct net_node *x, size_t user);

#endif
