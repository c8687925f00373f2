/* mutate.h - touched and cut inputs, and everything that reads them. */
#ifndef TESTS_MUTATE_H
#define TESTS_MUTATE_H

#include "unit.h"
#include "keys.h"

#include "base/pool.h"
#include "pgp/verify.h"

/* What reads them, and what it may accept.  Nothing here keeps memory. */
struct mutate_case {
    struct slice original; /* as it is read */
    struct slice text;     /* the document, or what the message holds */
    struct slice packets;  /* the original without armor */
    struct key_ring ring;  /* for messages and signatures; set up with keys_ring */
    struct pool *pool;
    size_t accepted; /* how many changed inputs were as good as the original */
};
typedef void mutate_feed(struct mutate_case *c, struct slice bytes);

/* Turns one bit of every step-th byte over (another one each time), then cuts
 * the original before every step-th byte. */
void mutate(struct mutate_case *c, size_t step, mutate_feed *feed);

/* Readers of any input: armor, certificates and their validity, keys, messages,
 * signatures of all kinds, inspection.  Only that they end matters. */
void mutate_feed_all(struct mutate_case *c, struct slice bytes);

/* A certificate or key: what holds of it has been there before. */
void mutate_feed_cert(struct mutate_case *c, struct slice bytes);

/* A detached signature over c->text: if it is good, then all that it hashes, and
 * its value, are as they were. */
void mutate_feed_detached(struct mutate_case *c, struct slice bytes);

/* Cleartext signed: if it is good, the text is c->text. */
void mutate_feed_cleartext(struct mutate_case *c, struct slice bytes);

/* A message: where it is encrypted and opens, or signed and good, it holds
 * c->text. */
void mutate_feed_message(struct mutate_case *c, struct slice bytes);

#endif
