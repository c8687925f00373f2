/* backend.h - which libraries do the mathematics. */
#ifndef CRYPTO_BACKEND_H
#define CRYPTO_BACKEND_H

#include "base/buf.h"

/* Appends "Nettle 3.10" and a line end: as it runs, not as it was built with. */
void backend_version(struct buf *out);

/* Appends that line, and one for each other library. */
void backend_versions(struct buf *out);

#endif
