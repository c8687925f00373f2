/* mutate.h - inputs touched and cut, fed to the readers of feed.h; and what may be
 * accepted of those that were changed. */
#ifndef TESTS_MUTATE_H
#define TESTS_MUTATE_H

#include "feed.h"

struct mutate_case {
    struct slice original; /* as it is read */
    struct slice text;     /* the document, or what the message holds */
    struct slice packets;  /* the original without armor */
    struct feed feed;      /* its document is set where one is needed */
    size_t accepted;       /* how many changed inputs were as good as the original */
};
typedef void mutate_feed(struct mutate_case *c, struct slice bytes);

/* Turns one bit of every step-th byte over (another one each time), then cuts
 * the original before every step-th byte. */
void mutate(struct mutate_case *c, size_t step, mutate_feed *feed);

/* Every reader.  Only that they end matters. */
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
