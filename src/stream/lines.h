/* lines.h - the lines of the cleartext signature framework [RFC9580 7].
 *
 * Signed is the canonical text: lines without blanks at their ends, CR LF between
 * them, none behind the last.  Text is split at LF; a CR before it belongs to
 * the line end.
 */
#ifndef STREAM_LINES_H
#define STREAM_LINES_H

#include "stream/source.h"
#include "stream/tap.h"

/* Blanks in a row that may be the end of a line. */
enum { LINES_BLANKS_MAX = 1 << 16 };

/* Text in, dash-escaped lines out, each with an LF.  The digests see the
 * canonical text.  Takes upstream over, also on failure; borrows the digests,
 * whose `text` must be false. */
MUST_USE err *lines_escape(struct source *upstream, struct tap_digest *digests, size_t n,
                           struct source **out);

/* Dash-escaped lines in, up to a line "-----BEGIN PGP SIGNATURE-----" (which
 * stays in upstream); canonical text out, but with LF between the lines.
 * ERR_MALFORMED if another line starts with a dash, or if upstream ends.
 * upstream is borrowed. */
MUST_USE err *lines_unescape(struct source *upstream, struct source **out);

#endif
