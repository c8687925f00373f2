/* pump.h - the loop that moves bulk data from a source to a sink. */
#ifndef STREAM_PUMP_H
#define STREAM_PUMP_H

#include "stream/sink.h"
#include "stream/source.h"

/* Moves everything from s to k; neither commits nor closes.  ERR_INTERRUPTED. */
MUST_USE err *pump(struct source *s, struct sink *k);

#endif
