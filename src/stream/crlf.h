/* crlf.h - text with CR LF at the ends of its lines, as text signatures and literal
 * text packets want it [RFC9580 5.2.1.2, 5.9]. */
#ifndef STREAM_CRLF_H
#define STREAM_CRLF_H

#include "stream/source.h"

/* Every LF without CR before it gets one.  Takes upstream over, also on failure. */
MUST_USE err *crlf_new(struct source *upstream, struct source **out);

#endif
