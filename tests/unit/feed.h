/* feed.h - everything that reads bytes of strangers, fed with any bytes at all.
 *
 * The mutation tests and the fuzzers share these.  A reader must end, keep no memory,
 * and give the same however its input comes in pieces; what must hold of anything that
 * it accepts is asserted here.  What only holds of a certain input (nothing changed is
 * taken for the original) is mutate.h's.
 */
#ifndef TESTS_FEED_H
#define TESTS_FEED_H

#include "unit.h"
#include "keys.h"

#include "base/pool.h"
#include "pgp/bind.h"
#include "stream/source.h"

struct feed {
    struct key_ring ring;  /* for messages and signatures; set up with keys_ring */
    struct slice document; /* what detached signatures are about */
    struct pool *pool;
    bool allow_legacy; /* messages without protection against changes, too */
    bool in_pieces;    /* input comes a few bytes at a time */
};

/* What a reader has accepted. */
struct feed_result {
    struct buf text; /* the signed or encrypted text, up to a limit */
    bool whole;      /* it was read to its good end */
    bool encrypted;
    size_t n_good; /* signatures */
};
void feed_result_clear(struct feed_result *r);

/* Appends the bytes in armor, or as they are; false if they cannot be read to the end. */
bool feed_dearmor(const struct feed *f, struct slice bytes, struct buf *out);

/* Dearmored, armored again, dearmored again. */
void feed_armor(const struct feed *f, struct slice bytes);

/* Packets, by header and body; then each in memory, described. */
void feed_packets(const struct feed *f, struct slice bytes);

/* Certificates and keys: parsed, judged, written, parsed again, merged.  Each is shown
 * to `seen`, which may be NULL. */
typedef void feed_cert_seen(void *context, const struct bound_cert *b);
void feed_certs(const struct feed *f, struct slice bytes, feed_cert_seen *seen, void *context);

/* The same for the certificates in a keybox. */
void feed_keybox(const struct feed *f, struct slice bytes);

/* The text of a backup. */
void feed_backup(const struct feed *f, struct slice bytes);

/* A key of GnuPG's agent, for each key of the ring. */
void feed_agentkey(const struct feed *f, struct slice bytes);

/* Detached signatures over f->document; the number of good ones. */
size_t feed_detached(const struct feed *f, struct slice bytes);

/* Both start with an empty result, which the caller clears. */
void feed_cleartext(const struct feed *f, struct slice bytes, struct feed_result *out);
void feed_message(const struct feed *f, struct slice bytes, struct feed_result *out);

/* A string-to-key specifier: written as it was read, and used if it is cheap. */
void feed_s2k(const struct feed *f, struct slice bytes);

/* The words of a command line, each ending with a zero byte. */
void feed_options(const struct feed *f, struct slice bytes);

/* A regular expression, and behind a zero byte a text for it. */
void feed_regex(const struct feed *f, struct slice bytes);

/* All of these but the files of GnuPG, backups and the last three. */
void feed_all(const struct feed *f, struct slice bytes);

#endif
