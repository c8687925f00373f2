/* seckey.h - secret key and secret subkey packets [RFC9580 5.5.3].
 *
 * A packet is parsed without its passphrase; seckey_unlock gives the secret
 * fields, seckey_write makes a new packet from them.  Slices are borrowed from
 * the bytes that were parsed.
 */
#ifndef PACKET_SECKEY_H
#define PACKET_SECKEY_H

#include "crypto/s2k.h"
#include "packet/pubkey.h"

/* The S2K usage octet [RFC9580 3.7.2.1]; other values are ciphers. */
enum seckey_usage {
    SECKEY_PLAIN = 0,
    SECKEY_AEAD = 253,
    SECKEY_CFB = 254,
    SECKEY_CFB_SUM = 255, /* MalleableCFB */
};

enum seckey_state {
    SECKEY_UNPROTECTED,
    SECKEY_PROTECTED,
    SECKEY_ABSENT, /* GnuPG's dummies, cards, unknown protections */
};

struct seckey {
    struct pubkey public;
    uint8_t packet_type; /* PACKET_SECRET_KEY or PACKET_SECRET_SUBKEY */
    uint8_t usage;
    enum seckey_state state;
    uint8_t cipher, aead;
    struct s2k s2k;
    struct slice iv;      /* or nonce */
    struct slice content; /* protected or plain, with what guards it */
};

/* Reads the whole packet body.  Protections that are not known make the key
 * SECKEY_ABSENT.  ERR_MALFORMED, ERR_UNSUPPORTED (key version). */
MUST_USE err *seckey_parse(struct reader *r, uint8_t packet_type, struct seckey *out);

/* Is the secret part on a card, as GnuPG notes it? */
bool seckey_is_on_card(const struct seckey *k);

/* The secret fields, checked to belong to the public ones.  passphrase may be
 * NULL for an unprotected key.  ERR_LOCKED for a wrong passphrase (or damage,
 * which looks the same), ERR_MALFORMED, ERR_UNSUPPORTED, ERR_LIMIT. */
MUST_USE err *seckey_unlock(const struct seckey *k, const struct secret *passphrase,
                            const struct s2k_limits *limits, struct secret **out);

/* Writes a packet body: the public part, then `secret` protected with passphrase
 * in the strongest form that old programs read, too (v4, v5: CFB with SHA-1, v6:
 * AEAD with Argon2), or unprotected where passphrase is NULL. */
MUST_USE err *seckey_write(struct buf *b, const struct pubkey *public, uint8_t packet_type,
                           const struct secret *secret, const struct secret *passphrase,
                           const struct world *w);

/* Writes a packet body that says that the secret part is elsewhere, as GnuPG does: for v4
 * keys, no other version has a form for that. */
void seckey_write_absent(struct buf *b, const struct pubkey *public);

#endif
