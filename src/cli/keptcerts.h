/* keptcerts.h - certificates that were found, while a command works on many files, which have the
 * same few signers and recipients.
 *
 * One thread at a time looks for an answer or adds one; what it has been given stays as it is
 * until kept_certs_clear, and may be copied by all.
 */
#ifndef CLI_KEPTCERTS_H
#define CLI_KEPTCERTS_H

#include "pgp/finder.h"

enum {
    KEPT_CERTS_MAX = 64,          /* answers */
    KEPT_CERTS_BYTES = 256 << 10, /* of an answer's certificates: no more are kept */
};

struct kept_certs {
    struct kept_answer {
        struct key_handle handle;
        bool secret;
        struct cert_list certs;
    } items[KEPT_CERTS_MAX];
    size_t n;
};

void kept_certs_clear(struct kept_certs *k);

/* The answer to a key_finder's question (with secret parts where `secret`); NULL if there is none. */
const struct cert_list *kept_certs_find(const struct kept_certs *k, const struct key_handle *h,
                                        bool secret);

/* Takes the certificates over and returns the answer, if it can be kept; else NULL. */
const struct cert_list *kept_certs_keep(struct kept_certs *k, const struct key_handle *h,
                                        bool secret, struct cert_list *certs);

/* Adds copies, with all that they have. */
MUST_USE err *kept_certs_copy(const struct cert_list *from, struct cert_list *out);

#endif
