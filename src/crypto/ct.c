#include "crypto/ct.h"

#include <nettle/memops.h>

bool ct_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memeql_sec(a.data, b.data, a.len) != 0);
}
