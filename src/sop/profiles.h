/* profiles.h - which stateless commands have profiles, and which. */
#ifndef SOP_PROFILES_H
#define SOP_PROFILES_H

#include "base/buf.h"
#include "base/err.h"

/* Appends a line for each profile of a command.  ERR_PROFILE if it has none. */
MUST_USE err *profiles_list(const char *command, struct buf *out);

/* The error for a profile that there is not. */
MUST_USE err *profiles_unknown(const char *command, const char *name);

#endif
