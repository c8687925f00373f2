/* fingerprint.h - fingerprints and key IDs [RFC9580 5.5.4]. */
#ifndef PACKET_FINGERPRINT_H
#define PACKET_FINGERPRINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

enum {
    KEY_ID_LEN = 8,
    FPR_V3_LEN = 16,
    FPR_V4_LEN = 20,
    FPR_V6_LEN = 32, /* also v5 [LibrePGP] */
    FPR_MAX = 32,
};
enum { FPR_TEXT_SIZE = 2 * FPR_MAX + 1, KEY_ID_TEXT_SIZE = 2 * KEY_ID_LEN + 1 };

struct fingerprint {
    uint8_t version; /* of the key; 0: none */
    uint8_t len;
    uint8_t bytes[FPR_MAX];
};

struct key_id {
    uint8_t bytes[KEY_ID_LEN]; /* all zero: a hidden recipient [RFC9580 5.1.8] */
};

/* What names a key in a packet: its fingerprint if that is known, else its key
 * ID. */
struct key_handle {
    struct fingerprint fpr; /* version 0 if not known */
    struct key_id id;
};

/* Bytes in a fingerprint of this key version; 0 if unknown. */
size_t fingerprint_len(uint8_t version);

/* False if the length does not fit the version. */
bool fingerprint_from(uint8_t version, struct slice bytes, struct fingerprint *out);

struct slice fingerprint_view(const struct fingerprint *f);
bool fingerprint_equal(const struct fingerprint *a, const struct fingerprint *b);

/* The key ID in a fingerprint: the last octets of v4, the first of v5 and v6. */
struct key_id fingerprint_key_id(const struct fingerprint *f);

/* Upper-case hexadecimal. */
void fingerprint_text(const struct fingerprint *f, char text[static FPR_TEXT_SIZE]);
void key_id_text(const struct key_id *id, char text[static KEY_ID_TEXT_SIZE]);

bool key_id_equal(const struct key_id *a, const struct key_id *b);
bool key_id_is_zero(const struct key_id *id);

struct key_handle key_handle_of(const struct fingerprint *f);

/* The handle names no key: a hidden recipient, or an issuer that is not told. */
bool key_handle_is_empty(const struct key_handle *h);

/* Could the handle mean the key with this fingerprint and key ID? */
bool key_handle_matches(const struct key_handle *h, const struct fingerprint *f,
                        const struct key_id *id);

/* The fingerprint if known, else the key ID. */
void key_handle_text(const struct key_handle *h, char text[static FPR_TEXT_SIZE]);

#endif
