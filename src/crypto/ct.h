/* ct.h - comparisons that take the same time whatever the bytes are. */
#ifndef CRYPTO_CT_H
#define CRYPTO_CT_H

#include <stdbool.h>

#include "base/slice.h"

/* Equal bytes; the lengths may show, the content does not. */
bool ct_equal(struct slice a, struct slice b);

#endif
