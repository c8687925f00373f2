/* message.h - reading an OpenPGP message: encrypted, compressed, signed, in any
 * nesting that the grammar allows [RFC9580 10.3].
 *
 *     TRY(message_open(packets, &params, &m));      all headers have been read
 *     pump(message_body(m), sink);                  the literal data
 *     TRY(message_finish(m));                       what follows it: signatures
 *     ... message_info(m)->verdicts ...
 *     sink_commit(sink);                            only now
 *
 * What comes out of the body may be used only after message_finish where the body
 * is deferred, and is worth only what the verdicts say.
 */
#ifndef PGP_MESSAGE_H
#define PGP_MESSAGE_H

#include "base/pool.h"
#include "packet/container.h"
#include "pgp/session.h"
#include "pgp/verify.h"

enum {
    MESSAGE_DEPTH_MAX = 16,     /* containers inside one another */
    MESSAGE_PACKETS_MAX = 8192, /* before the literal data */
};

struct message_params {
    const struct key_finder *finder;
    const struct policy *policy;
    const struct s2k_limits *limits;
    const struct session *session; /* a session key to use; borrowed, NULL: find one */
    struct pool *pool;             /* may be NULL if only_signed */
    const struct world *world;
    bool allow_legacy;  /* open data without protection against changes, too */
    bool any_expansion; /* compressed data may become any amount of text */
    bool only_signed;   /* refuse encrypted messages, before any key is asked for; take
                           signatures without data */
};

struct message_info {
    bool encrypted, compressed;
    bool detached;          /* signatures and nothing else: message_set_document comes next */
    struct encdata encdata; /* if encrypted */
    uint8_t cipher;         /* if encrypted */
    bool by_passphrase;
    struct fingerprint key_fpr, primary_fpr; /* that it was decrypted with */
    struct literal literal;
    size_t n_signatures;
    struct verdict_list verdicts; /* after message_finish */
};

struct message;

/* Reads up to the literal data.  Takes packets (already dearmored) over, also on
 * failure. */
MUST_USE err *message_open(struct source *packets, const struct message_params *p,
                           struct message **out);

/* Makes document, which is borrowed, the body of a message that is only signatures. */
MUST_USE err *message_set_document(struct message *m, struct source *document);

/* The literal data; borrowed. */
struct source *message_body(struct message *m);

/* To be called when the body has ended, and also when it has failed: an error of
 * a deferred message that turns out to be damaged is then told as such.
 * body_error is taken over. */
MUST_USE err *message_finish(struct message *m, err *body_error);

const struct message_info *message_info(const struct message *m);

/* What the message was encrypted with; borrowed, NULL: it was not. */
const struct session *message_session(const struct message *m);

/* Appends the signature packets, after message_finish. */
MUST_USE err *message_write_signatures(const struct message *m, struct buf *out);

/* Hands the verdicts of message_finish over. */
void message_take_verdicts(struct message *m, struct verdict_list *out);

/* NULL is allowed. */
void message_close(struct message *m);
AUTO_DEFINE(message_close, struct message *)

#endif
