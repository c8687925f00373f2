/* finder.h - how this layer asks for keys and passphrases.
 *
 * The keyring, files named on the command line and the stateless interface each
 * implement it.  Every function may be NULL: then there is nothing to be had.
 */
#ifndef PGP_FINDER_H
#define PGP_FINDER_H

#include "base/secret.h"
#include "base/vec.h"
#include "pgp/cert.h"

/* Certificates, owned by the list. */
struct cert_list {
    struct cert **items;
    size_t n, capacity;
};

static inline void cert_list_clear(struct cert_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        cert_free(l->items[i]);
    vec_free(l);
}

enum passphrase_purpose { PASSPHRASE_FOR_KEY, PASSPHRASE_FOR_MESSAGE };

struct passphrase_request {
    enum passphrase_purpose purpose;
    const struct cert *cert;  /* for a key: whose */
    const struct pubkey *key; /* for a key */
    unsigned attempt;         /* 0, then 1 more each time the last one was wrong */
};

struct s2k_limits;

struct key_finder {
    void *context;

    /* Adds every certificate that has a key with this handle. */
    err *(*certs)(void *context, const struct key_handle *h, struct cert_list *out);

    /* The same with secret parts; an empty handle means all that there are. */
    err *(*secrets)(void *context, const struct key_handle *h, struct cert_list *out);

    /* A passphrase to try; *out stays NULL when there is none (any more). */
    err *(*passphrase)(void *context, const struct passphrase_request *request,
                       struct secret **out);

    /* Not for callers: unlock_key's own way, unless somebody who keeps keys open for other
     * messages does what it does. */
    err *(*unlock)(void *context, const struct cert *c, const struct component *key,
                   const struct s2k_limits *limits, struct secret **out);

    /* The hint where a secret key is missing. */
    const char *secrets_hint;

    /* The hint where a passphrase is missing: how the user can give one. */
    const char *passphrase_hint;
};

/* Adds that hint to e. */
static inline err *finder_hint(const struct key_finder *f, err *e)
{
    return f->passphrase_hint == NULL ? e : err_hint(e, "%s", f->passphrase_hint);
}

#endif
