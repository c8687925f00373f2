/* progress.h - how far a long job is: one line on standard error, if that is a
 * terminal, from the second second on.
 *
 * It is told by a stage right behind the input, or by who counts things.  The line goes
 * away when the input has ended, with the stage, or with tally_end.  Of inputs that are read
 * at the same time one line tells.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <pthread.h>
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

/* Many inputs: "signing: 12 of 1000 files, 345 MB, 200 MB/s".  Any thread may tell. */
struct progress_sum {
    pthread_mutex_t mutex; /* for what follows, and held while other lines are printed */
    const char *verb;
    size_t n, total; /* files done; of so many */
    uint64_t bytes;
    bool visible, paused;
    struct meter meter;
};

/* `verb` is borrowed; nothing is shown unless visible. */
void progress_sum_start(struct progress_sum *s, const char *verb, size_t total, bool visible);
void progress_sum_end(struct progress_sum *s);

/* A stage that adds what it reads to s, which must outlive it.  Takes upstream over, also on
 * failure. */
MUST_USE err *progress_join(struct source *upstream, struct progress_sum *s, struct source **out);

/* Around other lines on the terminal, after which n files more are done. */
void progress_sum_hide(struct progress_sum *s);
void progress_sum_go_on(struct progress_sum *s, size_t n);

/* While there is a question on the terminal. */
void progress_sum_pause(struct progress_sum *s, bool paused);

/* Would anybody see it? */
bool progress_is_possible(void);

#endif
