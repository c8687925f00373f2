/* when.h - points in time and durations as text; all times are UTC.
 *
 * A time is Unix seconds in an int64_t.  OpenPGP's own times are 32 bits wide
 * and end in 2106 [RFC9580 3.5].
 */
#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include <stdint.h>

#include "base/err.h"

#define WHEN_TEXT_SIZE sizeof("2026-11-23T13:28:13Z")

/* "2026-11-23T13:28:13Z" */
void when_text(int64_t at, char text[static WHEN_TEXT_SIZE]);

/* "2026-11-23" */
void when_date(int64_t at, char text[static WHEN_TEXT_SIZE]);

/* Reads 2026-11-23, 2026-11-23T13:28:13Z, 20261123T132813Z or @SECONDS; +02:00 may
 * stand for Z, and fractions of a second before it.  ERR_USAGE otherwise. */
MUST_USE err *when_parse(const char *text, int64_t *out);

/* Reads a length of time: 30d, 6w, 18m, 2y, 12h, 90s; ERR_USAGE otherwise.  A
 * month is 30.4 days and a year 365.25, to the second. */
MUST_USE err *when_parse_duration(const char *text, int64_t *out);

/* Reads when something ends, in seconds after `now`: a duration, a date in the
 * future, or "never", which is 0. */
MUST_USE err *when_parse_end(const char *text, int64_t now, uint32_t *seconds);

#endif
