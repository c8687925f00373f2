/* job.h - the inputs of a command, one after the other. */
#ifndef CLI_JOB_H
#define CLI_JOB_H

#include "cli/app.h"
#include "stream/source.h"

/* Opens an input whose reading may take long: a file, or standard input (NULL or "-").
 * Shows how far it is, unless people see nothing of it: `verb` is "encrypting". */
MUST_USE err *job_open(struct app *app, const char *name, const char *verb, struct source **out);

typedef err *job_file(void *context, const char *name);

/* Calls each(context, name) for every argument, or once with NULL (standard
 * input) if there are none.  The failure of one of several is reported, and the
 * others go on. */
MUST_USE err *job_each(struct app *app, const struct args *args, job_file *each, void *context);

#endif
