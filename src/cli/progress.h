/* progress.h - how far a long job is: one line on standard error, if that is a
 * terminal, from the second second on.
 *
 * It is told by a stage right behind the input.  The line goes away when the input
 * has ended, or with the stage.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "stream/source.h"

/* `verb` ("encrypting") must outlive the stage; total is in bytes, 0 if not known.
 * Takes upstream over, also on failure. */
MUST_USE err *progress_new(struct source *upstream, const char *verb, uint64_t total,
                           struct source **out);

/* Would anybody see it? */
bool progress_is_possible(void);

#endif
