/* output.h - where results go: names, standard output, and what is in the way. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "cli/app.h"
#include "stream/sink.h"
#include "stream/source.h"

/* "-" or NULL: standard input or output. */
bool output_is_standard(const char *name);

/* Opens a file or standard input. */
MUST_USE err *input_open(const char *name, struct source **out);

/* A file that does not make its reader wait; pipes and terminals do. */
bool input_is_regular(const char *name);

/* Whoever reads it may have to wait for somebody: a pipe, a terminal, standard input. */
bool input_may_wait(const char *name);

/* The size of a file; 0 if it is not known. */
uint64_t input_size(const char *name);

/* What to call it in messages. */
const char *input_title(const char *name);

/* Says of which input e tells; not where e names a file that cannot be read or written
 * itself.  NULL passes through. */
MUST_USE err *input_error(err *e, const char *name);

/* To be called before anything can fail: where results will go, the name from -o or else
 * (if standard_else) standard output. */
void output_expect(struct app *app, const char *given, bool standard_else);

/* The name of a result beside its input: input + suffix, or NULL (standard
 * output) where the input is standard input.  `given` (from -o) comes first.  The
 * caller frees. */
MUST_USE err *output_name(const char *given, const char *input, const char *suffix, char **out);

/* input without one of these endings (ending with NULL).  ERR_USAGE if it has
 * none of them. */
MUST_USE err *output_name_without(const char *given, const char *input, const char *const *suffixes,
                                  char **out);

/* Opens name (NULL: standard output) for a result.  ERR_EXISTS unless replace. */
MUST_USE err *output_open(struct app *app, const char *name, bool replace, struct sink **out);

/* The same for secrets: mode 0600, on disk before it has its name. */
MUST_USE err *output_open_private(struct app *app, const char *name, bool replace,
                                  struct sink **out);

/* Should bytes become text because a person would look at them? */
bool output_wants_text(const char *name);

/* Writes a whole small result. */
MUST_USE err *output_write_all(struct sink *k, struct slice s);

#endif
