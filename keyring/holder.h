/* holder.h - who is writing to a database at this moment, for telling those who wait. */
#ifndef KEYRING_HOLDER_H
#define KEYRING_HOLDER_H

#include "base/err.h"

/* "process 1234 (bulla)", which the caller frees; NULL where that cannot be known: nobody
 * is, or the system does not tell.  ERR_NO_MEMORY. */
MUST_USE err *holder_of(const char *path, char **out);

#endif
