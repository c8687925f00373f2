/* signatures.h - the signatures of one document while its bytes go by.
 *
 * Each comes from a one-pass packet before the data (its signature follows
 * behind), or is there as a whole.  Signatures that hash the same way share a
 * digest.
 */
#ifndef PGP_SIGNATURES_H
#define PGP_SIGNATURES_H

#include "packet/container.h"
#include "packet/onepass.h"
#include "pgp/verify.h"

enum {
    SIGNATURES_MAX = 64, /* on one document */
    SIGNATURE_PACKET_MAX = 1 << 20,
};

struct pending {
    struct buf body;     /* of the one-pass or signature packet */
    struct buf sig_body; /* of the signature that belongs to the one-pass packet */
    struct onepass onepass;
    struct sig sig;
    bool has_onepass, has_sig;
    err *unusable; /* why it cannot be judged; or NULL */
    size_t tap;    /* index of its digest */
    bool has_tap;
    unsigned level; /* of nesting in the message */
};

struct signatures {
    struct pending items[SIGNATURES_MAX];
    size_t n;
    struct tap_digest taps[SIGNATURES_MAX]; /* digests are owned */
    struct slice salts[SIGNATURES_MAX];     /* with which each digest started */
    size_t n_taps;
    struct buf literal; /* what v5 signs of the literal data packet, if there is one */
};

void signatures_clear(struct signatures *s);

/* Takes the body of a one-pass packet; its buffer is emptied. */
MUST_USE err *signatures_add_onepass(struct signatures *s, struct buf *body, unsigned level);

/* Takes the body of a signature packet that stands before the data. */
MUST_USE err *signatures_add(struct signatures *s, struct buf *body, unsigned level);

/* Takes the body of a signature packet behind the data: it belongs to the last
 * one-pass packet of this level that has none yet [RFC9580 5.4].  ERR_MALFORMED
 * if there is no such packet. */
MUST_USE err *signatures_close(struct signatures *s, struct buf *body, unsigned level);

/* One-pass packets of this level that still lack their signatures. */
size_t signatures_open(const struct signatures *s, unsigned level);

/* Reads signature packets to the end of the stream, which may be armored. */
MUST_USE err *signatures_read(struct signatures *s, struct source *stream);

/* A stage that feeds the digests; upstream is borrowed. */
MUST_USE err *signatures_tap(struct signatures *s, struct source *upstream, struct pool *pool,
                             struct source **out);

/* Feeds the digests directly. */
void signatures_update(struct signatures *s, struct slice data);

/* The document is in a literal data packet with these fields. */
MUST_USE err *signatures_set_literal(struct signatures *s, const struct literal *l);

/* Appends the signature packets as they stand, in the order in which they were added. */
MUST_USE err *signatures_write(const struct signatures *s, struct buf *out);

/* Judges all, in the order in which they were added. */
MUST_USE err *signatures_judge(struct signatures *s, const struct verify_params *p,
                               struct verdict_list *out);

#endif
