/* record.h - a stage that keeps what has been consumed until it is dropped.
 *
 * For whoever shows which bytes a field is made of, while other stages read them.
 * Memory: what is not dropped, and a view of upstream.
 */
#ifndef STREAM_RECORD_H
#define STREAM_RECORD_H

#include "stream/source.h"

/* Takes upstream over, also on failure. */
MUST_USE err *record_new(struct source *upstream, struct source **out);

/* What has been consumed of s, which record_new made, and not been dropped.  Valid until
 * the next call on s. */
struct slice record_view(struct source *s);
void record_drop(struct source *s);

#endif
