/* sexp.h - S-expressions, as GnuPG's agent writes its keys: lists of strings and of lists.
 *
 *     (private-key (rsa (n #00C1#) (e #010001#)))        for people
 *     (11:private-key(3:rsa(1:n2:..)(1:e3:...)))         canonical: one way to write it
 *
 * Both forms are read, and brought into the canonical one, over which checksums are made
 * and in which lists are walked:
 *
 *     struct sexp x;
 *     while (sexp_next(&list, &x)) ...
 */
#ifndef KEYRING_SEXP_H
#define KEYRING_SEXP_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/reader.h"

/* Lists within lists. */
enum { SEXP_DEPTH_MAX = 16 };

/* Reads the list that comes next, and appends it in canonical form.  ERR_MALFORMED. */
MUST_USE err *sexp_read(struct reader *r, struct buf *out);

/* One element of a list. */
struct sexp {
    bool is_list;
    struct slice content; /* a string's bytes; what is between a list's parentheses */
    struct slice whole;   /* as it is written */
};

/* Takes the next element off a list (the content of one that sexp_read has made); false
 * at the end. */
bool sexp_next(struct slice *list, struct sexp *out);

/* The same if it is a string, or a list. */
bool sexp_next_string(struct slice *list, struct slice *out);
bool sexp_next_list(struct slice *list, struct sexp *out);

/* The first list in `list` that begins with this name; its content is what follows. */
bool sexp_find(struct slice list, const char *name, struct sexp *out);

/* "(name value)": the value; empty if there is none. */
struct slice sexp_value(struct slice list, const char *name);

#endif
