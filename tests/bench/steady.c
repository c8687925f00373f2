#include "steady.h"

#include <string.h>

#include "crypto/algo.h"
#include "crypto/digest.h"

enum { BLOCK = 32 };

err *steady_random(void *context, void *dst, size_t len)
{
    struct steady *s = context;
    uint8_t *at = dst;
    while (len > 0) {
        uint8_t block[DIGEST_MAX];
        size_t n = len < BLOCK ? len : BLOCK;
        TRY(digest_of(HASH_SHA256, slice_of(s->words, s->n * sizeof *s->words), block));
        s->words[s->n - 1]++;
        memcpy(at, block, n);
        at += n;
        len -= n;
    }
    return NULL;
}
