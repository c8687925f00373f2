/* index.h - by what names a certificate is found: the rows of the tables beside it.
 *
 * A row says only where to look; whoever finds a certificate by it looks whether it has
 * what he wants.
 */
#ifndef KEYRING_INDEX_H
#define KEYRING_INDEX_H

#include "keyring/db.h"
#include "pgp/cert.h"

/* A row that a certificate has: of `key` a number and whether it is a subkey's, of `signer` a
 * number and whether it delegates, of the others a name. */
struct index_row {
    enum index_table { INDEX_KEY, INDEX_SIGNER, INDEX_ADDRESS, INDEX_USERID } table;
    int64_t number;
    bool flag;
    struct slice name;
};

/* Calls visit for each of them, some more than once; stops at its first error. */
typedef err *index_visit(void *context, const struct index_row *row);
MUST_USE err *index_each(const struct cert *c, index_visit *visit, void *context);

/* Adds what is not there yet. */
MUST_USE err *index_add(struct db *d, int64_t id, const struct cert *c);
MUST_USE err *index_remove(struct db *d, int64_t id, const struct cert *c);

/* Makes the index of all certificates, in tables that are empty. */
MUST_USE err *index_all(struct db *d);

/* The same, in the place of what is there. */
MUST_USE err *index_rebuild(struct db *d);

/* Where a key is found by its key ID or its fingerprint: key.id in schema.sql. */
int64_t index_number(struct slice name);

/* Is this signature one of somebody else's about a certificate with this primary key? */
bool index_is_by_other(const struct pubkey *primary, const struct cert_sig *s);

#endif
