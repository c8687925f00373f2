/* mode.h - the values of --as. */
#ifndef SOP_MODE_H
#define SOP_MODE_H

#include "base/err.h"

enum mode { MODE_BINARY, MODE_TEXT, MODE_CLEARSIGNED };

/* NULL is binary.  ERR_UNKNOWN_OPTION for other words, and for modes beyond `last`. */
MUST_USE err *mode_parse(const char *as, enum mode last, enum mode *out);

#endif
