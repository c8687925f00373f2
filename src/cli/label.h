/* label.h - names of people, and other untrusted text, where there is little room.
 *
 * What comes out is well-formed UTF-8 that cannot disturb a terminal (text_escape_to), and
 * is cut between characters.
 */
#ifndef CLI_LABEL_H
#define CLI_LABEL_H

#include "base/buf.h"
#include "base/slice.h"

/* How many columns of a terminal the text takes: none for what stands on another
 * character, two for the wide ones of East Asia. */
size_t label_columns(struct slice text);

/* Appends text in at most `columns`; of longer ones the beginning and the end, with dots
 * between them ("..." or one character for that). */
void label_cut(struct slice text, size_t columns, const char *dots, struct buf *out);

/* Appends a user ID in at most `columns`: whole if it fits, else without what stands in
 * parentheses, else with its name cut, else its address alone. */
void label_user(struct slice user_id, size_t columns, const char *dots, struct buf *out);

/* The name in a user ID: what stands in front of the address and of the first parenthesis. */
struct slice label_name_of(struct slice user_id);

#endif
