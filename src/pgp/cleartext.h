/* cleartext.h - verifying cleartext signed messages [RFC9580 7].
 *
 * The hash and its salt stand behind the text, so the text waits (in memory, then
 * in a nameless file) until the signatures have been read.
 */
#ifndef PGP_CLEARTEXT_H
#define PGP_CLEARTEXT_H

#include "pgp/verify.h"
#include "stream/spool.h"

enum { CLEARTEXT_HEADERS_MAX = 64 };

/* Reads one header ("Hash: SHA512") of a cleartext signed message, without blanks at its
 * end; the empty line stands in front of the text.  ERR_MALFORMED where no line ends. */
MUST_USE err *cleartext_read_header(struct source *s, struct buf *line);

/* Reads from behind the line "-----BEGIN PGP SIGNED MESSAGE-----" of s, which is
 * borrowed, to its end.  The signed text goes to `text`, with LF between lines;
 * show it only as far as the verdicts allow. */
MUST_USE err *cleartext_verify(struct source *s, const struct verify_params *p, struct spool *text,
                               struct verdict_list *out);

/* The same without judging: the signature packets are appended to signatures. */
MUST_USE err *cleartext_split(struct source *s, struct spool *text, struct buf *signatures);

#endif
