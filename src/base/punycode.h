/* punycode.h - letters of internationalised domain names in ASCII [RFC3492]. */
#ifndef BASE_PUNYCODE_H
#define BASE_PUNYCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/* Characters that a label of at most 63 octets can stand for. */
enum { PUNYCODE_MAX = 63 };

/* Decodes what stands behind "xn--" into *n characters; false if it is malformed. */
bool punycode_decode(struct slice text, uint32_t out[static PUNYCODE_MAX], size_t *n);

#endif
