/* netplan.h - a web of trust on paper: what gennet makes certificates from, and what netbrute
 * answers from.
 *
 * As text it is a line for each thing; what a line numbers is counted from 0, in the order of
 * lines.  A time is in Unix seconds; below a million it is days from NET_START.
 *
 *     cert CREATED VALID-FOR                 seconds; 0: for ever
 *     user CERT SELF-SIGNED-AT NAME...       a user ID; 0: not self-signed
 *     sig ISSUER SUBJECT USER TYPE AT VALID-FOR DEPTH AMOUNT REASON HASH [REGEX...]
 *                                            USER is that of the subject's, counted from 0, or
 *                                            "-"; TYPE is hexadecimal; DEPTH and AMOUNT may be
 *                                            "-"; REASON counts for revocations; an ISSUER
 *                                            below 0 is a key that does not exist
 *     root CERT AMOUNT
 *     target CERT USER                       one to ask about
 *     at TIME                                a time to ask about
 *     fpr CERT HEX                           what has come of it
 */
#ifndef BENCH_NETPLAN_H
#define BENCH_NETPLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/vec.h"
#include "packet/fingerprint.h"

enum { NET_START = 1577836800 /* 2020-01-01 */, NET_DAY = 86400 };

struct net_cert {
    uint32_t created, valid_for;
    struct fingerprint fpr; /* version 0: not known yet */
};

struct net_user {
    int32_t cert;
    uint32_t serial, self_at;
    char *name;
};

struct net_sig {
    int32_t issuer, subject, user; /* user -1: the key itself */
    uint32_t serial, at, valid_for;
    uint8_t type, depth, amount, reason, hash;
    bool has_trust;
    bool is_forged;     /* as text: HASH is 255 */
    const char *scopes; /* separated by blanks; NULL: none */
};

struct net_pair {
    int32_t cert, value;
};

struct net {
    VEC(struct net_cert) certs;
    VEC(struct net_user) users;
    VEC(struct net_sig) sigs;
    VEC(struct net_pair) roots, targets;
    VEC(uint32_t) times;
};

err *net_add_cert(struct net *n, uint32_t created, uint32_t valid_for);
err *net_add_user(struct net *n, int32_t cert, uint32_t self_at, const char *name);
/* scopes are copied. */
err *net_add_sig(struct net *n, const struct net_sig *sig);
err *net_add_root(struct net *n, int32_t cert, int32_t amount);
err *net_add_target(struct net *n, int32_t cert, int32_t user);
err *net_add_time(struct net *n, uint32_t at);

/* The user ID with this number of a certificate; NULL if there is none. */
const struct net_user *net_user(const struct net *n, int32_t cert, int32_t user);

/* Those of one certificate and the signatures on it come together, in order. */
void net_sort(struct net *n);

err *net_read(struct net *n, FILE *from);
void net_print(const struct net *n, FILE *to);
void net_clear(struct net *n);

#endif
