/* batch.h - the files of a command: several at a time, each on a thread, told in their order.
 *
 * What is the same for all files (recipients, signers, options) is prepared before and only read
 * by the work.  Each file is a task of its own; its work may use freely
 *
 *     its app, whose report is the file's own, and which has no keyring;
 *     whatever it makes itself, and the pool.
 *
 * What belongs to one thread at a time (the keyring, the web of trust, passphrases) it reaches
 * through task_finder, or between task_enter and task_leave.
 *
 * Lines, JSON and errors of the files come in the order of the arguments, each whole, when the
 * file is done: so that nothing depends on the number of threads.  Outputs get their names in
 * that order, too, and several at a time, when all of them are on the disk: waiting for it is
 * what small files cost most.  No thread is more than BATCH_WINDOW files ahead of the oldest
 * that is not done, fewer where a process may have few files open.  Twice as many files are at
 * work as there are processors, each with the buffers that it has when it is alone.
 *
 * Only the thread that has called asks questions at the terminal, in the order of the files: a
 * file that needs an answer is given up, and begun again when it is its turn.  Where an input is
 * no regular file, whose reader may have to wait, that thread alone does everything, file by
 * file.
 */
#ifndef CLI_BATCH_H
#define CLI_BATCH_H

#include "cli/app.h"
#include "stream/sink.h"

enum { BATCH_WINDOW = 256 };

struct batch;

struct task {
    struct app *app;
    const char *input;               /* NULL or "-": standard input */
    struct batch *batch;             /* NULL: it is the only one */
    struct fs_output *output;        /* complete, but without its name; owned */
    const struct key_finder *finder; /* behind task_finder; borrowed */
    bool asks, put_off;              /* it may ask at the terminal; it would have had to */
};

/* Works on one file.  Errors name the file. */
typedef err *task_work(void *context, struct task *t);

/* Calls work for every argument, or once for standard input if there are none; the report gets
 * an object for each in the array "files".  The failure of one of several is reported, and the
 * others go on.  `verb` says what goes on: "signing". */
MUST_USE err *batch_run(struct app *app, const struct args *args, const char *verb, task_work *work,
                        void *context);

/* The last thing that a work does with its output: it is committed when it is told of. */
MUST_USE err *task_commit(struct task *t, struct sink *k);

/* inner (which must outlive the work), for this task. */
struct key_finder task_finder(struct task *t, const struct key_finder *inner);

/* Between them one thread is alone. */
void task_enter(struct task *t);
void task_leave(struct task *t);

#endif
