/* autocrypt.h - the certificate in the header of a mail [Autocrypt level 1, "The Autocrypt
 * Header"].
 *
 * A header names an address (addr), may ask for encryption (prefer-encrypt), and holds a
 * certificate (keydata), whose user ID is mere decoration.  It counts for nothing where it
 * has an attribute that is not known and does not start with '_', where the mail is from
 * another address, or where a second header of the mail would count, too.
 */
#ifndef PGP_AUTOCRYPT_H
#define PGP_AUTOCRYPT_H

#include "pgp/cert.h"

/* Bytes of the headers of one mail. */
enum { AUTOCRYPT_HEADERS_MAX = 1 << 20 };

/* Could a text that starts like this be a mail, or a lone header? */
bool autocrypt_may_start(struct slice text);

/* Bytes up to and with the empty line that ends the headers; 0: it is not there. */
size_t autocrypt_headers_len(struct slice text);

/* The certificate of the Autocrypt header among these headers, owned by the caller; or in
 * *bad, owned likewise, why none counts; neither where there is no such header.
 * ERR_NO_MEMORY. */
MUST_USE err *autocrypt_find(struct slice headers, struct cert **out, err **bad);

#endif
