/* sig.h - signature packets [RFC9580 5.2]: fields, and what they hash.
 *
 * Versions 3, 4, 6 and LibrePGP's 5 are read; 4 and 6 are written.  Slices are borrowed from
 * the bytes that were parsed.
 */
#ifndef PACKET_SIG_H
#define PACKET_SIG_H

#include "base/buf.h"
#include "base/reader.h"
#include "crypto/digest.h"
#include "packet/fingerprint.h"
#include "packet/pubkey.h"
#include "packet/subpacket.h"

enum sig_type {
    SIG_BINARY = 0x00,
    SIG_TEXT = 0x01,
    SIG_STANDALONE = 0x02,
    SIG_CERT_GENERIC = 0x10,
    SIG_CERT_PERSONA = 0x11,
    SIG_CERT_CASUAL = 0x12,
    SIG_CERT_POSITIVE = 0x13,
    SIG_SUBKEY_BINDING = 0x18,
    SIG_PRIMARY_BINDING = 0x19,
    SIG_DIRECT_KEY = 0x1F,
    SIG_KEY_REVOCATION = 0x20,
    SIG_SUBKEY_REVOCATION = 0x28,
    SIG_CERT_REVOCATION = 0x30,
    SIG_TIMESTAMP = 0x40,
    SIG_THIRD_PARTY = 0x50,
};

/* Key flags [RFC9580 5.2.3.29]: first octet low, second octet above it. */
enum key_flag {
    FLAG_CERTIFY = 0x01,
    FLAG_SIGN = 0x02,
    FLAG_ENCRYPT_COMMS = 0x04,
    FLAG_ENCRYPT_STORAGE = 0x08,
    FLAG_SPLIT = 0x10,
    FLAG_AUTHENTICATE = 0x20,
    FLAG_SHARED = 0x80,
    FLAG_ENCRYPT = FLAG_ENCRYPT_COMMS | FLAG_ENCRYPT_STORAGE,
};

/* Features [RFC9580 5.2.3.32] */
enum feature { FEATURE_SEIPD1 = 0x01, FEATURE_SEIPD2 = 0x08 };

struct sig {
    uint8_t version, type, pk_algo, hash_algo;
    struct slice body;             /* the whole packet body */
    struct slice signed_part;      /* of the body: version to the end of the hashed area */
    struct slice hashed, unhashed; /* subpacket areas */
    uint8_t left16[2];             /* of the digest */
    struct slice salt;             /* v6 */
    struct slice fields;           /* algorithm-specific */

    /* From the hashed area; of several the last counts [RFC9580 5.2.3.9]. */
    bool has_created, has_key_flags, has_features, has_key_expiry;
    uint32_t created_at;    /* Unix seconds */
    uint32_t expires_after; /* seconds; 0: never */
    uint32_t key_expires_after;
    uint32_t key_flags, features;
    bool local, primary_uid, irrevocable;

    /* From the hashed area, else from the other one: there it is only a hint whom to
     * ask, since anybody can have changed it. */
    struct key_handle issuer;
    bool issuer_is_hashed;

    /* Why the signature can never be valid; NULL if there is no reason. */
    const char *flaw;
};

/* ERR_MALFORMED, ERR_UNSUPPORTED (version).  What breaks only a rule (an unknown
 * critical subpacket, a wrong salt length) parses and has a flaw. */
MUST_USE err *sig_parse(struct slice body, struct sig *out);

/* The same, noting fields for inspection. */
MUST_USE err *sig_parse_from(struct reader *r, struct sig *out);

/* The last subpacket of this type in the hashed area; false if there is none. */
bool sig_find(const struct sig *s, uint8_t type, struct subpacket *out);

/* A further one, for types that may repeat: start with *cursor = 0. */
bool sig_next(const struct sig *s, uint8_t type, size_t *cursor, struct subpacket *out);

/* A further key that is said to have made s, as s->issuer is: of the hashed area if that
 * names any.  Start with *cursor = 0.  One key may come more than once. */
bool sig_next_issuer(const struct sig *s, size_t *cursor, struct key_handle *out);

/* A further embedded signature, of the hashed or the unhashed area: it speaks for
 * itself [RFC9580 5.2.3.34].  Start with *cursor = 0. */
bool sig_next_embedded(const struct sig *s, size_t *cursor, struct subpacket *out);

/* "binary document", "positive certification", ... */
const char *sig_type_name(uint8_t type);
bool sig_is_certification(uint8_t type);
bool sig_is_revocation(uint8_t type);

/* Why something was revoked [RFC9580 5.2.3.31, Table 10]. */
enum revocation_reason {
    REVOKED_NO_REASON = 0, /* hard: taken for compromised */
    REVOKED_SUPERSEDED = 1,
    REVOKED_COMPROMISED = 2,
    REVOKED_RETIRED = 3,
    REVOKED_USER_ID = 32,
};

/* "superseded", ...; NULL for a number that is none of them. */
const char *sig_revocation_reason_name(uint8_t reason);

/* Can keys of this version make such signatures?  Each of versions 5 and 6 keeps to
 * itself [RFC9580 10.3.2.2]. */
bool sig_version_fits(uint8_t sig_version, uint8_t key_version);

/* 0: never. */
int64_t sig_expires_at(const struct sig *s);

/* Hashing [RFC9580 5.2.4].  A digest starts with the salt (v6), then takes what
 * is signed, then the trailer; sig_digest_start makes it.  The v6 salt may come
 * from a one-pass packet before the signature is known.  `literal` is what v5 also signs
 * of a document: the fields of the literal data packet before the data, six zeros for a
 * detached signature, 't' and five zeros in a cleartext signed text [LibrePGP].
 * Other signatures do not look at it. */
MUST_USE err *sig_digest_start(uint8_t hash_algo, struct slice salt, struct digest **out);
void sig_digest_key(struct digest *d, uint8_t sig_version, struct slice key_body);
void sig_digest_user_id(struct digest *d, uint8_t sig_version, struct slice id);
void sig_digest_user_attribute(struct digest *d, uint8_t sig_version, struct slice attribute);
void sig_digest_trailer(struct digest *d, const struct sig *s, struct slice literal);

/* Compares left16 and verifies the fields with the key.  The digest is complete
 * with its trailer. */
MUST_USE bool sig_verify_digest(const struct sig *s, const struct pubkey *key, struct slice digest);

/* Writing: a body from its parts. */
struct sig_draft {
    uint8_t version, type, pk_algo, hash_algo;
    struct slice hashed, unhashed; /* subpacket areas */
    struct slice salt;
};

/* Writes version to the end of the hashed area: what the trailer covers. */
void sig_write_signed_part(struct buf *b, const struct sig_draft *d);

/* Writes the rest: unhashed area, left16, salt, fields. */
void sig_write_rest(struct buf *b, const struct sig_draft *d, struct slice digest,
                    struct slice fields);

/* The trailer for a signed part that is not in a struct sig yet. */
void sig_digest_trailer_of(struct digest *d, uint8_t version, struct slice signed_part);

#endif
