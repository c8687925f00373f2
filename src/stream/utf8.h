/* utf8.h - lets text pass, and nothing else. */
#ifndef STREAM_UTF8_H
#define STREAM_UTF8_H

#include "stream/source.h"

/* ERR_EXPECTED_TEXT, with the place, where upstream is not well-formed UTF-8.  Takes
 * upstream over, also on failure. */
MUST_USE err *utf8_new(struct source *upstream, struct source **out);

#endif
