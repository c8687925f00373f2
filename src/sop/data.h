/* data.h - standard input and output of the stateless commands.
 *
 * What comes out is complete and good, or nothing comes out.
 */
#ifndef SOP_DATA_H
#define SOP_DATA_H

#include "cli/app.h"
#include "stream/armor.h"
#include "stream/sink.h"
#include "stream/source.h"

MUST_USE err *data_input(struct app *app, struct source **out);

/* The same for text: ERR_EXPECTED_TEXT where it is not UTF-8. */
MUST_USE err *data_input_text(struct app *app, struct source **out);

/* Standard output, which gets its bytes with the commit.  Until then they wait in memory,
 * beyond SPOOL_MEMORY in a nameless file. */
MUST_USE err *data_output(struct app *app, struct sink **out);

/* Reads s to its end, and only then writes it to standard output.  Takes s over, also on
 * failure. */
MUST_USE err *data_put(struct app *app, struct source *s);

MUST_USE err *data_put_bytes(struct app *app, struct slice bytes);

/* Writes packets, armored unless `no_armor`. */
MUST_USE err *data_put_packets(struct app *app, struct slice packets, enum armor_kind kind,
                               bool no_armor);

/* A result beside standard output, where an option names one.  ERR_EXISTS and what else
 * designator_create has; stays NULL where name is. */
MUST_USE err *data_aside(const char *name, bool owner_only, struct sink **out);

/* Writes all of it, and commits; k may be NULL. */
MUST_USE err *data_aside_put(struct sink *k, struct slice bytes);

#endif
