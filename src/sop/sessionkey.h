/* sessionkey.h - session keys as text: the cipher's number, a colon, hexadecimal digits.
 *
 *     9:FCA4BEAF687F48059CACC14FB019125CD57392BAB7037C707835925CBF9F7BCD
 *
 * Where the encrypted data names the cipher itself (SEIPD version 2), the number counts
 * for nothing.
 */
#ifndef SOP_SESSIONKEY_H
#define SOP_SESSIONKEY_H

#include "cli/opt.h"
#include "pgp/session.h"
#include "stream/sink.h"

/* Only with cipher and key; owned by the list. */
struct session_keys {
    struct session *items;
    size_t n, capacity;
};
void session_keys_clear(struct session_keys *l);

/* Reads one from each of the inputs.  ERR_NO_INPUT, ERR_BAD_DESIGNATOR, ERR_AMBIGUOUS_INPUT,
 * ERR_MALFORMED. */
MUST_USE err *session_keys_read(const struct opt_list *names, struct session_keys *out);

/* Writes one to k, and commits; k may be NULL. */
MUST_USE err *session_key_put(struct sink *k, uint8_t cipher, const struct secret *key);

#endif
