/* sign.h - signing documents: detached, inline, and as cleartext. */
#ifndef PGP_SIGN_H
#define PGP_SIGN_H

#include "base/pool.h"
#include "pgp/sigmaker.h"
#include "stream/source.h"

enum { SIGNERS_MAX = 16 };

struct sign_params {
    const struct signer *signers;       /* borrowed until the source is closed */
    size_t n_signers;                   /* 1 to SIGNERS_MAX */
    bool text;                          /* sign with line ends as CR LF */
    const struct fingerprint *intended; /* primary keys of recipients; copied */
    size_t n_intended;
    const struct world *world;
    struct pool *pool; /* may be NULL: hashing beside other work; borrowed likewise */
};

/* Reads document (borrowed) to its end; appends signature packets to out. */
MUST_USE err *sign_detached(struct source *document, const struct sign_params *p, struct buf *out);

/* The document as literal data between one-pass and signature packets; as text
 * (ERR_EXPECTED_TEXT where it is not UTF-8) with CR LF at line ends.  Takes document
 * over, also on failure. */
MUST_USE err *sign_inline(struct source *document, const struct sign_params *p,
                          struct source **out);

/* A cleartext signed message [RFC9580 7]; ERR_EXPECTED_TEXT where document is not UTF-8.
 * Takes document over, also on failure. */
MUST_USE err *sign_cleartext(struct source *document, const struct sign_params *p,
                             struct source **out);

/* A literal data packet around document, which it takes over, also on failure.  As text
 * like sign_inline. */
MUST_USE err *sign_nothing(struct source *document, bool text, struct source **out);

#endif
