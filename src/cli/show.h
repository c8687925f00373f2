/* show.h - certificates for people and in JSON. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "cli/app.h"
#include "pgp/bind.h"

/* One line, and one element of the current JSON array. */
MUST_USE err *show_row(struct app *app, const struct cert *c);

/* All there is to know: lines, and members of the current JSON object. */
MUST_USE err *show_cert(struct app *app, const struct cert *c);

/* "subkey 0123...", "user ID Alice <alice@example.org>" (escaped); the caller frees. */
MUST_USE err *show_component_name(const struct component *x, char **out);

/* What a key may do (enum key_flag): "certify, sign", and the array "flags". */
enum { SHOW_FLAGS_MAX = 128 };
void show_flags_text(uint32_t flags, char text[static SHOW_FLAGS_MAX]);
void show_flags(struct report *r, uint32_t flags);

#endif
