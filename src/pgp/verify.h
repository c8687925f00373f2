/* verify.h - what is to be thought of a signature over a document. */
#ifndef PGP_VERIFY_H
#define PGP_VERIFY_H

#include "base/pool.h"
#include "base/world.h"
#include "pgp/bind.h"
#include "pgp/finder.h"
#include "stream/source.h"
#include "stream/tap.h"

/* How far ahead of ours the clock of a signer may be. */
enum { CLOCK_SKEW_SECONDS = 300 };

enum verdict_status {
    VERDICT_GOOD,           /* right, by a key that was valid when it was made */
    VERDICT_BAD,            /* wrong: text or signature were changed */
    VERDICT_UNKNOWN_SIGNER, /* no certificate of the signer at hand */
    VERDICT_REJECTED,       /* right, but not acceptable: see the reason */
    VERDICT_UNUSABLE,       /* malformed, or of a kind that is not supported */
};

struct verdict {
    enum verdict_status status;
    struct key_handle issuer; /* as far as the signature tells */
    struct fingerprint key;   /* the key that made it; version 0 if unknown */
    struct fingerprint primary;
    char *user_id; /* of the signer, to show; owned, escaped; may be NULL */
    int64_t made_at;
    uint8_t type, hash_algo;
    err *reason; /* why it is not good; NULL if it is */
    err *remark; /* good, but: expired or revoked since; or NULL */
};

void verdict_clear(struct verdict *v);

/* Verdicts, owned by the list. */
struct verdict_list {
    struct verdict *items;
    size_t n, capacity;
};
void verdict_list_clear(struct verdict_list *l);

/* "good", "bad", "unknown-signer", "rejected", "unusable" */
const char *verdict_status_name(enum verdict_status s);

struct verify_params {
    const struct key_finder *finder;
    const struct policy *policy;
    const struct world *world;
    struct pool *pool; /* may be NULL: for several digests of one document */

    /* For a signature inside an encrypted message: the primary key it was
     * decrypted with, which it must have been meant for if it says for whom
     * [RFC9580 5.2.3.36]; version 0 otherwise. */
    struct fingerprint recipient;
    bool encrypted;
};

/* Judges s over a document that has been fed to d (behind the salt, before the
 * trailer).  d is left alone; for `literal` see sig_digest_trailer.  ERR_NO_MEMORY and errors of the finder only. */
MUST_USE err *verify_signature(const struct sig *s, const struct digest *d, struct slice literal,
                               const struct verify_params *p, struct verdict *out);

/* A verdict for a signature packet that cannot be judged; takes reason over. */
void verdict_unusable(struct verdict *out, err *reason);

/* Detached signatures, armored or not, over a document.  Both sources are
 * borrowed; the signatures are read first.  ERR_MALFORMED if there is no
 * signature at all. */
MUST_USE err *verify_detached(struct source *signatures, struct source *document,
                              const struct verify_params *p, struct verdict_list *out);

/* How many verdicts have this status. */
size_t verdict_count(const struct verdict_list *l, enum verdict_status s);

#endif
