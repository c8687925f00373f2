/* curve.h - elliptic curves of ECDSA and ECDH [RFC9580 9.2].
 *
 * A curve is a const struct beside its code.  Points are in the curve's wire
 * format without the MPI length: 04 || x || y or 40 || native [RFC9580 11.2], and for
 * X448, which only GnuPG puts here, native as it is.
 * Scalars are bytes without leading zeros, as in secret keys: big-endian, but for X448.
 */
#ifndef CRYPTO_CURVE_H
#define CRYPTO_CURVE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/secret.h"
#include "base/world.h"

/* What pk_generate takes for ECDH and ECDSA. */
enum pk_curve {
    CURVE_P256,
    CURVE_P384,
    CURVE_P521,
    CURVE_25519_LEGACY,
    CURVE_BRAINPOOL_P256,
    CURVE_BRAINPOOL_P384,
    CURVE_BRAINPOOL_P512,
    CURVE_SECP256K1,  /* read and used; no command makes one */
    CURVE_448_LEGACY, /* likewise */
};

enum { POINT_MAX = 1 + 2 * 66, SHARED_MAX = 66 };

struct curve {
    enum pk_curve id;
    const char *name;
    struct slice oid; /* [RFC9580 9.2, Table 19] */
    unsigned bits;
    uint8_t field_len; /* fsize: bytes of a coordinate or scalar */
    uint8_t kdf_hash;  /* [RFC9580 11.5.1, Table 30] */
    uint8_t kek_cipher;
    bool legacy;            /* not for v6 keys [RFC9580 9.2] */
    const void *parameters; /* for the functions below */

    err *(*generate)(const struct curve *c, const struct world *w, struct buf *point,
                     struct secret **scalar);

    /* ERR_MALFORMED unless point = scalar * G. */
    err *(*check)(const struct curve *c, struct slice point, struct slice scalar);

    /* The x coordinate (or native point) of scalar * point, field_len bytes.
     * ERR_MALFORMED for points that are not on the curve or of small order. */
    err *(*shared)(const struct curve *c, struct slice point, struct slice scalar,
                   struct secret **out);

    /* ECDSA over a digest; r and s appended as two MPIs.  NULL: no ECDSA. */
    err *(*sign)(const struct curve *c, struct slice scalar, const struct world *w,
                 struct slice digest, struct buf *signature);
    bool (*verify)(const struct curve *c, struct slice point, struct slice digest, struct slice r,
                   struct slice s);
};

/* The curve whose length-prefixed object identifier starts the fields of a key;
 * NULL if it is not supported. */
const struct curve *curve_of(struct slice public);

const struct curve *curve_by_id(enum pk_curve id);

/* "NIST P-256"; the numbers of the object identifier, "1.3.36.3.3.2.8.1.1.9", if it is not
 * supported; "unknown curve" if it is damaged or too long. */
enum { CURVE_NAME_MAX = 40 };
void curve_name(struct slice public, char text[static CURVE_NAME_MAX]);

extern const struct curve curve_p256, curve_p384, curve_p521; /* curve_nist.c */
extern const struct curve curve_25519_legacy;                 /* curve_25519.c */
extern const struct curve curve_448_legacy;                   /* curve_448.c */

/* curve_gmp.c */
extern const struct curve curve_brainpool_p256, curve_brainpool_p384, curve_brainpool_p512;
extern const struct curve curve_secp256k1;

#endif
