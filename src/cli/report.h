/* report.h - what a command tells: lines for people, or one JSON object.
 *
 * A command says both, side by side:
 *
 *     report_say(r, "Good signature by %s", who);      shown as text only
 *     report_string(r, "status", "good");              in JSON only
 *
 * Text goes out at once, with what could disturb a terminal escaped; JSON is
 * gathered and written as one object when the command ends, with an "error" member
 * if it failed.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "packet/fingerprint.h"

enum {
    REPORT_DEPTH_MAX = 64,
    REPORT_MAX = 1 << 28, /* bytes of the JSON object */
};

struct report {
    bool json, quiet;
    FILE *text; /* where lines for people go */
    struct buf object;
    struct buf held, held_text; /* remarks and lines that wait, escaped */
    bool holding, needs_comma;
    bool is_part;                /* warnings wait, too */
    char open[REPORT_DEPTH_MAX]; /* closing brackets of what is open, the object's own first */
    size_t depth;
};

/* Writes one line, escaped. */
void report_line(FILE *f, const char *text);

void report_init(struct report *r, bool json, bool quiet);
void report_clear(struct report *r);

/* A line for people, on standard output (results) or standard error (remarks and
 * warnings); --quiet drops remarks. */
void report_say(struct report *r, const char *format, ...) PRINTF_LIKE(2, 3);
void report_remark(struct report *r, const char *format, ...) PRINTF_LIKE(2, 3);
void report_warning(struct report *r, const char *format, ...) PRINTF_LIKE(2, 3);

/* Does anybody see remarks?  What is costly to put into words may be left out if not. */
bool report_shows_remarks(const struct report *r);

/* Lines of text that was escaped by whoever made it, and may have colours. */
void report_drawing(struct report *r, struct slice lines);

/* From report_hold on lines and remarks wait until report_release (after which they wait
 * again): what is done only when it is committed must not be told before.  Those that nobody
 * releases are never told. */
void report_hold(struct report *r);
void report_release(struct report *r);

/* A report of one thing among several, which another thread may write: an object of its own (an
 * element of the current array of r in JSON), and lines that all wait. */
void report_part_init(struct report *part, const struct report *r);

/* Adds it to r, with its error (NULL: none) in JSON, and clears it.  Lines go out at once, remarks
 * and warnings under a line with the title. */
void report_part_end(struct report *part, struct report *r, const char *title, const err *e);

/* Members of the current object, or (name NULL) elements of the current array. */
void report_object(struct report *r, const char *name);
void report_array(struct report *r, const char *name);
void report_end_object(struct report *r);
void report_end_array(struct report *r);
void report_string(struct report *r, const char *name, const char *value);
void report_bytes(struct report *r, const char *name, struct slice text);
void report_fingerprint(struct report *r, const char *name,
                        const struct fingerprint *f); /* or a key ID; null for none */
void report_number(struct report *r, const char *name, int64_t value);
void report_fraction(struct report *r, const char *name, double value);
void report_bool(struct report *r, const char *name, bool value);
void report_time(struct report *r, const char *name, int64_t at);

/* The member "error" of the current object: code, name, message, hint. */
void report_error(struct report *r, const err *e);

/* Closes what is open, adds the error, if there is one, and writes the object to f.
 * Returns e, or the error that the object has become too large. */
MUST_USE err *report_finish(struct report *r, err *e, FILE *f);

#endif
