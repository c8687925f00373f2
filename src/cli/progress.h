/* progress.h - how far a long job is: one line on standard error, if that is a
 * terminal, from the second second on.
 *
 * It is told by a stage right behind the input, or by who counts things.  The line goes
 * away when the input has ended, with the stage, or with tally_end.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <time.h>

#include "stream/source.h"

/* `verb` ("encrypting") must outlive the stage; total is in bytes, 0 if not known.
 * Takes upstream over, also on failure. */
MUST_USE err *progress_new(struct source *upstream, const char *verb, uint64_t total,
                           struct source **out);

struct meter {
    struct timespec start, last;
    bool shown;
};

/* Things done, one after the other: "checking certificates: 12 %, 123 of 1000". */
struct tally {
    const char *verb;
    bool visible;
    struct meter meter;
};

/* `verb` is borrowed; nothing is shown unless visible. */
void tally_start(struct tally *t, const char *verb, bool visible);

/* total is 0 if not known. */
void tally_step(struct tally *t, const char *what, uint64_t done, uint64_t total);

/* Before anything else is written, and in the end; goes on after it. */
void tally_end(struct tally *t);

/* Would anybody see it? */
bool progress_is_possible(void);

#endif
