/* pk_algos.h - every supported public-key algorithm; for pk.c and their own files. */
#ifndef CRYPTO_PK_ALGOS_H
#define CRYPTO_PK_ALGOS_H

#include "crypto/pk.h"

extern const struct pk_algo pk_rsa, pk_rsa_encrypt_only, pk_rsa_sign_only; /* pk_rsa.c */
extern const struct pk_algo pk_elgamal, pk_dsa;                            /* pk_legacy.c */
extern const struct pk_algo pk_ecdh, pk_ecdsa;                             /* pk_ec.c */
extern const struct pk_algo pk_eddsa_legacy, pk_ed25519, pk_ed448;         /* pk_eddsa.c */
extern const struct pk_algo pk_x25519, pk_x448;                            /* pk_xdh.c */

#endif
